"""What does a page say that has nothing to show?"""

from dataclasses import dataclass
from datetime import date

from fernbereit.words import Words
from fernbereit_server.console.formatting import day
from fernbereit_server.outlook import (
    NoOrganisationError,
    NoPlanError,
    NoSuchScenarioError,
    NothingPublishedError,
    OutlookError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """Where to go on."""

    href: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A title, a sentence, and where to go on."""

    title: str
    text: str
    links: tuple[LinkView, ...]


def missing_device(words: Words) -> Message:
    """Say that there is no such device."""
    return _message("missing", words)


def no_such_page(words: Words) -> Message:
    """Say that nothing is at this address."""
    return _message("nowhere", words)


def store_away(words: Words) -> Message:
    """Say that the database cannot be reached."""
    return _message("away", words)


def foreign_form(words: Words) -> Message:
    """Say that nothing was changed, since another page asked for it."""
    return _message("foreign", words)


def no_outlook(error: OutlookError, words: Words) -> Message:
    """Say what is missing for an answer, and what is to be done first.

    The first page about resilience is a way on only where it has an answer itself.
    """
    overview = LinkView(href="/", text=words("layout.overview"))
    links = (LinkView(href="/resilience", text=words("layout.resilience")), overview)
    match error:
        case NoOrganisationError():
            text, links = words("no_outlook.organisation"), (overview, _devices(words))
        case NoPlanError():
            text = words("no_outlook.plan")
        case NoSuchScenarioError(near=None):
            text = words("no_outlook.scenario", name=error.name)
        case NoSuchScenarioError():
            text = words("no_outlook.scenario.near", name=error.name, near=error.near or "")
        case NothingPublishedError(first=date() as first):
            text = words("no_outlook.before", day=day(first, words))
        case _:
            text, links = words("no_outlook.published"), (overview, _devices(words))
    return Message(title=words("no_outlook.title"), text=text, links=links)


def _message(key: str, words: Words) -> Message:
    return Message(
        title=words(f"{key}.title"),
        text=words(f"{key}.text"),
        links=(_devices(words), LinkView(href="/", text=words("layout.overview"))),
    )


def _devices(words: Words) -> LinkView:
    return LinkView(href="/devices", text=words("layout.devices"))
