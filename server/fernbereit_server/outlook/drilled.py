"""How is a drill over the collected fleet told: what was counted, when, and what must be known of it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fernbereit_server.organisation.model import Organisation
from fernbereit_server.outlook.answers import Drilled, Source
from fernbereit_server.outlook.collected import Collected
from fernbereit_server.outlook.published import Grouped
from fernbereit_server.publication.groups import Group as Place
from fernbereit_server.publication.people import telling_services
from fernbereit_server.resilience.counts import Counts
from fernbereit_server.resilience.drill import drill
from fernbereit_server.resilience.headroom import headroom
from fernbereit_server.resilience.result import DrillResult, Note
from fernbereit_server.resilience.scenario import Scenario

_NAMED = 8


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An authority and its devices as one source shows them; `written` is the authority's own file.

    `organisation` has units together that are published together, named by `members`; for exact numbers it is
    what was written. `rounded_to` is None for exact numbers.
    """

    source: Source
    written: Organisation
    organisation: Organisation
    counts: Counts
    members: Mapping[str, tuple[str, ...]]
    places: Mapping[str, Place]
    strangers: tuple[str, ...]
    day: date
    organisation_on: date | None
    rounded_to: int | None


def seen_published(
    written: Organisation, grouped: Grouped, *, day: date, organisation_on: date | None, k: int
) -> Seen:
    """Return what the published cells of a day show."""
    return Seen(
        source="published",
        written=written,
        organisation=grouped.organisation,
        counts=grouped.counts,
        members=grouped.members,
        places=grouped.places,
        strangers=grouped.strangers,
        day=day,
        organisation_on=organisation_on,
        rounded_to=k,
    )


def seen_exactly(
    written: Organisation, collected: Collected, *, day: date, organisation_on: date | None
) -> Seen:
    """Return what the fleet itself shows, to operations only."""
    return Seen(
        source="exact",
        written=written,
        organisation=written,
        counts=collected.counts,
        members={},
        places={},
        strangers=collected.strangers,
        day=day,
        organisation_on=organisation_on,
        rounded_to=None,
    )


def drilled(seen: Seen, scenario: Scenario) -> Drilled:
    """Answer a scenario, with the notes that belong to the source."""
    result = drill(seen.organisation, seen.counts, scenario)
    return Drilled(
        result=_told(result, seen),
        source=seen.source,
        as_of=seen.day,
        asked_for=None,
        organisation_on=seen.organisation_on,
        rounded_to=seen.rounded_to,
        devices=seen.counts.total(),
        members=seen.members,
        places=seen.places,
        headroom=headroom(seen.organisation, seen.counts, scenario),
    )


def _told(result: DrillResult, seen: Seen) -> DrillResult:
    """Add what a reader must know; of published numbers, leave out services of too few people."""
    notes: list[Note] = []
    services = result.services
    if seen.rounded_to is not None:
        k = seen.rounded_to
        telling = telling_services(seen.written, k)
        services = tuple(service for service in services if service.name in telling)
        notes.append(Note(word="rounded", values={"number": k}))
        if seen.members:
            notes.append(Note(word="together", values={"number": sum(map(len, seen.members.values()))}))
        if left_out := len(result.services) - len(services):
            notes.append(Note(word="small_services", values={"number": left_out, "smallest": k}))
    if seen.organisation_on is not None and seen.organisation_on > seen.day:
        notes.append(Note(word="organisation_later", values={"day": seen.organisation_on.isoformat()}))
    if seen.strangers:
        notes.append(Note(word="strangers", values=_listed(seen.strangers)))
    return replace(result, services=services, notes=(*result.notes, *notes))


def _listed(names: Sequence[str]) -> dict[str, object]:
    more = ["..."] if len(names) > _NAMED else []
    return {"number": len(names), "names": ", ".join([*names[:_NAMED], *more])}
