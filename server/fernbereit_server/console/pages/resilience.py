"""If the office closes tomorrow: how many can work, what is the bottleneck, and where does it lead?"""

from dataclasses import dataclass

from fernbereit.words import Words
from fernbereit_server.console.pages.course import Course, course
from fernbereit_server.console.pages.drill import Answer, ServiceView, answer, counted, services
from fernbereit_server.console.pages.headroom import HeadroomView, headroom
from fernbereit_server.outlook.answers import Drilled, HeadroomOutlook, Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class ResilienceView:
    """The first page leadership opens."""

    counted: str
    answer: Answer
    services: tuple[ServiceView, ...]
    headroom: HeadroomView
    course: Course | None


def resilience(drilled: Drilled, sessions: HeadroomOutlook, trend: Trend, own: Words) -> ResilienceView:
    """Lay out the answer for the closed office."""
    return ResilienceView(
        counted=counted(drilled, own),
        answer=answer(drilled.result, own),
        services=services(drilled.result, own),
        headroom=headroom(sessions, own),
        course=course(trend.points, own),
    )
