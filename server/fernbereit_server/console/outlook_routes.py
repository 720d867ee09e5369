"""Which addresses of the console tell what would happen if the office closed? Published numbers only."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from fernbereit.words import Words
from fernbereit_server.console.answers import ASK_AGAIN, NO_STORE, choice_of, page
from fernbereit_server.console.pages import aims, blockers, drill, history, message, plan, resilience
from fernbereit_server.console.wording import words
from fernbereit_server.outlook import OFFICE_CLOSED, NothingPublishedError, Outlook, OutlookError
from fernbereit_server.outlook.changed import Changed
from fernbereit_server.resilience.change import WINDOWS

View = Callable[[Words], object]


def outlook_router(outlook: Outlook) -> APIRouter:
    """Return the pages about resilience; they are computed in the thread of whoever asks."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.get("/resilience")
    def show_resilience(request: Request) -> Response:
        return shown(
            request,
            "resilience.html",
            lambda own: resilience.resilience(outlook.drill(), outlook.headroom(), outlook.trend(), own),
        )

    @router.get("/drill")
    def show_drill(request: Request) -> Response:
        asked = request.query_params.get("scenario", "")[:200] or OFFICE_CLOSED
        as_of = _day(request.query_params.get("as_of", ""))
        return shown(
            request,
            "drill.html",
            lambda own: drill.drill(
                outlook.drill(asked, as_of),
                outlook.scenarios(),
                own,
                as_of=as_of.isoformat() if as_of else "",
            ),
        )

    @router.get("/plan")
    def show_plan(request: Request) -> Response:
        query = plan.read_query(dict(request.query_params))
        return shown(
            request,
            "plan.html",
            lambda own: plan.plan(outlook.plan(query.wish, query.scenario), query, outlook.scenarios(), own),
        )

    @router.get("/blockers")
    def show_blockers(request: Request) -> Response:
        return shown(
            request,
            "blockers.html",
            lambda own: blockers.blockers(outlook.blockers(), outlook.cliffs(), own),
        )

    @router.get("/trend")
    def show_history(request: Request) -> Response:
        days = _window(request.query_params.get("days", ""))
        return shown(
            request,
            "history.html",
            lambda own: history.history(
                outlook.trend(), _changed(outlook, days), _titles(outlook, own), days=days, own=own
            ),
        )

    @router.get("/goals")
    def show_goals(request: Request) -> Response:
        return shown(
            request,
            "goals.html",
            lambda own: aims.aims(outlook.goals(), outlook.measures(), outlook.drill_days(), own),
        )

    return router


def shown(request: Request, template: str, view: View) -> Response:
    """Answer with a page, or with what is missing for it and the next step."""
    own = words(choice_of(request).language)
    try:
        return page(request, template, view(own), headers=ASK_AGAIN)
    except OutlookError as error:
        told = message.no_outlook(error, own)
        return page(request, "message.html", told, status=HTTPStatus.NOT_FOUND, headers=NO_STORE)
    except SQLAlchemyError:
        told = message.store_away(own)
        return page(request, "message.html", told, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=NO_STORE)


def _window(text: str) -> int:
    """Read a window of days; anything else asks for a month."""
    return int(text) if text in {str(days) for days in WINDOWS} else history.MONTH


def _changed(outlook: Outlook, days: int) -> Changed | None:
    """Return what changed, or None where nothing was published so many days ago."""
    try:
        return outlook.change(days)
    except NothingPublishedError:
        return None


def _titles(outlook: Outlook, own: Words) -> dict[str, str]:
    try:
        return {one.check: one.title[own.lang] for one in outlook.blockers().checks}
    except NothingPublishedError:
        return {}


def _day(text: str) -> date | None:
    """Read a day; anything else asks for today."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
