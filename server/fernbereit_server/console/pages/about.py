"""What is shown here, what is counted only, and what is never read at all?"""

from dataclasses import dataclass

from fernbereit.facts import SECTIONS
from fernbereit.field import Visibility
from fernbereit.fields import fields
from fernbereit.words import Words
from fernbereit_server.console.formatting import number
from fernbereit_server.console.status import Status
from fernbereit_server.store.retention import TRANSITION_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedSection:
    """The labels of one section that are never shown for one device."""

    title: str
    labels: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The page; generated from the declarations of the fields, so that it agrees with the program."""

    rule: str
    judged_kept: str
    counted: tuple[CountedSection, ...]
    never: tuple[str, ...]
    looks: tuple[Status, ...]


def about(k: int, words: Words, shared: Words) -> About:
    """Lay out the page for groups of at least `k`."""
    hidden = tuple(entry for entry in fields() if entry.visibility is Visibility.COUNTED)
    return About(
        rule=words("overview.rule", k=number(k, words)),
        judged_kept=words("about.judged.kept", days=number(TRANSITION_DAYS, words)),
        counted=tuple(
            CountedSection(
                title=shared(f"section.{section}"),
                labels=", ".join(shared.label(entry) for entry in hidden if entry.section == section),
            )
            for section in SECTIONS
            if any(entry.section == section for entry in hidden)
        ),
        never=tuple(text for key, text in shared.texts.items() if key.startswith("never.")),
        looks=tuple(
            Status(word=words(f"look.{look}"), look=look)
            for look in ("good", "warning", "critical", "unknown")
        ),
    )
