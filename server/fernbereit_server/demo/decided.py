"""What has Musterstadt decided so far? An organisation, a drill day, a measure, goals, a waiver.

The story: on a drill day fewer people could work than wanted, for the tunnels were used up. More licences
were bought and are in force, and two goals are set. All of it goes in by the door that the commands use, with
the days on which it would have been decided; predictions are computed from what was published then.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random

from sqlalchemy import Engine

from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import Result
from fernbereit_server.decisions import Decisions, DrillDay, Goal, Measure, Waiver, read_decisions
from fernbereit_server.decisions import writing as decide
from fernbereit_server.demo.authority import Authority
from fernbereit_server.demo.chronicle import Chronicle
from fernbereit_server.demo.history import Snapshot, past_days, published_day
from fernbereit_server.demo.organisation import TUNNELS_BEFORE, organisation_of
from fernbereit_server.metrics.families.readiness import CAPABILITY
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.outlook.published import Grouped, capability, grouped
from fernbereit_server.publication.drill_count import IN_THE_OFFICE, Heard, count
from fernbereit_server.resilience.drill import drill
from fernbereit_server.resilience.drill_day import prediction
from fernbereit_server.resilience.result import DrillResult
from fernbereit_server.resilience.scenario import SCENARIOS
from fernbereit_server.store.database import writing
from fernbereit_server.store.published import read_days

DRILL_DAYS_AGO, MEASURE_DAYS_AGO, LICENCES_DAYS_AGO = 75, 60, 20
_OFFICE_CLOSED = SCENARIOS[0]
_TOOK_PART = 0.9
"""Part of the people able to work on the drill day who did."""
_CONTESTED_BY_DESK = "battery_health"


@dataclass(frozen=True, kw_only=True, slots=True)
class Town:
    """Musterstadt before and after the measure."""

    before: Organisation
    now: Organisation


def drill_day_of(today: date) -> date:
    """Return the day on which working from home was tried."""
    return published_day(today, DRILL_DAYS_AGO)


def town_of(authority: Authority) -> Town:
    """Return both organisations of an authority."""
    return Town(before=organisation_of(authority, tunnels=TUNNELS_BEFORE), now=organisation_of(authority))


def in_force(engine: Engine) -> Decisions:
    """Return what people decided, as the store has it."""
    with engine.connect() as connection:
        return read_decisions(connection)


def import_organisations(engine: Engine, town: Town, today: date) -> None:
    """Put the organisation in force: with its past in a new store, else only if it is another one now."""
    known = in_force(engine).organisation
    with writing(engine) as connection:
        if known is None:
            decide.import_organisation(connection, town.before, past_days(today)[0])
            decide.import_organisation(connection, town.now, published_day(today, LICENCES_DAYS_AGO))
        elif known != town.now:
            decide.import_organisation(connection, town.now, today)


def decide_the_rest(
    engine: Engine,
    town: Town,
    drill_day: Snapshot | None,
    *,
    contested: Collection[str],
    today: date,
    k: int,
) -> None:
    """Write goals, the measure, the drill day, a waiver and what the desk contests, once a store."""
    known = in_force(engine)
    if known.goals or known.drill_days or known.measures:
        return
    with writing(engine) as connection:
        for goal in _goals(today):
            decide.set_goal(connection, goal)
        decide.adopt_measure(connection, _measure(engine, town, today, k))
        held_on = drill_day_of(today)
        seen = _seen(engine, town.before, held_on, k)
        if seen is not None and drill_day is not None:
            decide.announce_drill_day(connection, _drill_day(seen, drill_day, held_on, k))
        decide.grant_waiver(connection, _waiver(today))
        for device_id in contested:
            decide.contest(connection, device_id, _CONTESTED_BY_DESK, today)


def contested_by_desk(chronicles: Iterable[Chronicle]) -> list[str]:
    """Return two laptops of which the desk says that their battery is better than they report."""
    weak = (
        one.device.device_id
        for one in chronicles
        if one.ruling and one.ruling.judgement.checks[_CONTESTED_BY_DESK].result is Result.FAIL
    )
    return list(islice(weak, 2))


def _goals(today: date) -> tuple[Goal, ...]:
    return (
        Goal(
            id=0,
            unit=None,
            scenario=_OFFICE_CLOSED.key,
            target=0.65,
            set_on=published_day(today, MEASURE_DAYS_AGO),
            due_on=today + timedelta(days=180),
        ),
        Goal(
            id=0,
            unit="Sozialamt",
            scenario=_OFFICE_CLOSED.key,
            target=0.60,
            set_on=published_day(today, LICENCES_DAYS_AGO),
            due_on=today + timedelta(days=90),
        ),
    )


def _measure(engine: Engine, town: Town, today: date, k: int) -> Measure:
    decided_on = published_day(today, MEASURE_DAYS_AGO)
    more = town.now.licence_pools[0].sessions - town.before.licence_pools[0].sessions
    price = town.now.prices["vpn_session"]
    found = [_seen(engine, one, decided_on, k) for one in (town.before, town.now)]
    able = [_drilled(seen).able.low if seen else 0.0 for seen in found]
    return Measure(
        id=0,
        title="Weitere VPN-Lizenzen",
        item="vpn_session",
        unit=None,
        number=more,
        euro=round(more * price.euro),
        it_hours=round(more * price.it_hours),
        decided_on=decided_on,
        scenario=_OFFICE_CLOSED.key,
        predicted=max(0, round(able[1] - able[0])),
    )


def _drill_day(seen: Grouped, fleet: Snapshot, held_on: date, k: int) -> DrillDay:
    result = _drilled(seen)
    return DrillDay(
        id=0,
        scenario=_OFFICE_CLOSED.key,
        held_on=held_on,
        announced_on=held_on - timedelta(days=14),
        predicted=prediction(result, held_on, seen.members),
        measured=count(
            fleet.devices, fleet.never_seen, _heard(result, fleet), k=k, lot=b"a past that never was"
        ),
        closed_on=held_on + timedelta(days=1),
    )


def _heard(result: DrillResult, fleet: Snapshot) -> Heard:
    """Have most of those able work from outside, and most of the others report from the office."""
    rng = Random(result.organisation)
    home = [device for device in fleet.devices if device.kind not in IN_THE_OFFICE]
    ready = [d.device_id for d in home if d.judged and d.judged.verdict is Verdict.READY]
    rng.shuffle(ready)
    able = (result.able.low + result.able.high) / 2
    working = frozenset(ready[: round(able * _TOOK_PART)])
    others = {device.device_id for device in home if rng.random() < _TOOK_PART}
    return Heard(heard=frozenset(others | working), working=working)


def _waiver(today: date) -> Waiver:
    return Waiver(
        id=0,
        device_id=None,
        unit="Bürgeramt",
        check_id="battery_health",
        reason="Ersatzakkus sind bestellt; die Geräte werden bis dahin am Netzteil betrieben.",
        approver="Informationssicherheitsbeauftragte",
        granted_on=today,
        expires_on=today + timedelta(days=60),
    )


def _seen(engine: Engine, organisation: Organisation, day: date, k: int) -> Grouped | None:
    """Return the authority and its devices as they were published on a day; None where nothing was."""
    groups = capability(read_days(engine, CAPABILITY.key, [day]).get(day, ()))
    return grouped(organisation, groups, k) if groups else None


def _drilled(seen: Grouped) -> DrillResult:
    return drill(seen.organisation, seen.counts, _OFFICE_CLOSED)
