"""How does a judgement become a row, and a row a judgement? And which facts is a laptop judged by?

One row a laptop, overwritten; transitions by day. A judgement that only says the same on a later day is not
written again: `judged_on` is the last day on which something in it changed.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, Row, delete, select

from fernbereit import crash
from fernbereit.facts.readiness import Verdict
from fernbereit.policy import Policy, shipped_policy
from fernbereit.readiness import Look, Result, compile_policy
from fernbereit.record import Outcome, Reason
from fernbereit_server.judging.judge import Ruling
from fernbereit_server.judging.judged import Compliance
from fernbereit_server.judging.judgement import Cause, CheckState, Judgement, Stood, Transition
from fernbereit_server.judging.rulebook import Rulebook, rulebook
from fernbereit_server.store import schema
from fernbereit_server.store.upsert import upsert
from fernbereit_server.store.writes import changed_by_people

_PAGE = 2000
_SETTLED = frozenset({Result.PASS, Result.NOT_APPLICABLE})
_OUTCOMES = {word.value: word for word in Outcome}
_REASONS: Mapping[str | None, Reason] = {word.value: word for word in Reason}


def read_looks(
    connection: Connection, device_ids: Collection[str], sections: Collection[str], today: date
) -> dict[str, dict[str, Look]]:
    """Read the latest looks at some devices, by device and section; facts are plain JSON values."""
    table = schema.sections.c
    wanted = select(
        table.device_id, table.section, table.outcome, table.reason, table.observed_on, table.facts
    )
    looks: dict[str, dict[str, Look]] = {device_id: {} for device_id in device_ids}
    chosen = wanted.where(table.device_id.in_(device_ids), table.section.in_(sections))
    for device_id, section, outcome, reason, observed_on, facts in connection.execute(chosen).all():
        looks[device_id][section] = Look(
            outcome=_OUTCOMES.get(outcome, Outcome.FAILED),
            reason=_REASONS.get(reason),
            facts=None if facts is None else from_json(facts),
            age_days=max(0, (today - observed_on).days),
        )
    return looks


def read_judgements(connection: Connection, device_ids: Collection[str]) -> dict[str, Judgement]:
    """Read the judgements of some devices; one that was never judged is left out."""
    table = schema.judgements
    rows = connection.execute(select(table).where(table.c.device_id.in_(device_ids)))
    return {row.device_id: _judgement(row) for row in rows}


def read_all_judgements(connection: Connection) -> Iterator[tuple[str, Judgement]]:
    """Read every judgement, a page at a time, by device."""
    table, after = schema.judgements, ""
    while True:
        wanted = select(table).where(table.c.device_id > after).order_by(table.c.device_id).limit(_PAGE)
        rows = connection.execute(wanted).all()
        if not rows:
            return
        yield from ((row.device_id, _judgement(row)) for row in rows)
        after = rows[-1].device_id


def read_transitions(connection: Connection, device_ids: Collection[str], since: date) -> list[Transition]:
    """Read what changed of some devices since a day, in the order of days."""
    table = schema.transitions
    chosen = select(table).where(table.c.device_id.in_(device_ids), table.c.day >= since)
    return [
        Transition(
            device_id=row.device_id,
            day=row.day,
            subject=row.subject,
            before=row.before,
            after=row.after,
            cause=Cause(row.cause),
        )
        for row in connection.execute(chosen.order_by(table.c.day, table.c.device_id, table.c.subject))
    ]


def read_policy(connection: Connection, version: int) -> Rulebook | None:
    """Return a policy of before; None if it was shipped with another version of the program."""
    table = schema.policies.c
    body = connection.scalar(select(table.body).where(table.version == version))
    if body is not None:
        return rulebook(compile_policy(Policy.model_validate_json(body)))
    return rulebook(compile_policy(shipped_policy())) if shipped_policy().version == version else None


def news(rulings: Mapping[str, Ruling], before: Mapping[str, Judgement]) -> dict[str, Ruling]:
    """Return the rulings that say something else than `before`, which alone have to be written."""
    return {name: one for name, one in rulings.items() if _is_new(one.judgement, before.get(name))}


def write_rulings(connection: Connection, rulings: Mapping[str, Ruling]) -> None:
    """Write judgements, and the day's transitions in the place of those it had so far."""
    devices = schema.devices.c.device_id
    there = select(devices).where(devices.in_(rulings)).order_by(devices)
    # The sweep may erase one: what it has begun to erase is waited for, and it waits for what is found here.
    kept = connection.scalars(there.with_for_update(read=True, key_share=True)).all()
    upsert(connection, schema.judgements, [_row(name, rulings[name].judgement) for name in kept])
    crash.point("judging.half_written")
    table = schema.transitions.c
    today = min((rulings[name].judgement.judged_on for name in kept), default=date.max)
    # Later days are those of a clock that was ahead.
    connection.execute(delete(schema.transitions).where(table.device_id.in_(kept), table.day >= today))
    upsert(connection, schema.transitions, [_of(one) for name in kept for one in rulings[name].transitions])
    _settle_contests(connection, {name: rulings[name].judgement for name in kept})


def _settle_contests(connection: Connection, judgements: Mapping[str, Judgement]) -> None:
    """Forget what the desk called wrong about checks that are now fulfilled or no longer asked."""
    table = schema.contests.c
    called = select(table.device_id, table.check_id).where(table.device_id.in_(judgements))
    for device_id, check in connection.execute(called).all():
        state = judgements[device_id].checks.get(check)
        if state is None or state.result in _SETTLED:
            over = table.device_id == device_id, table.check_id == check
            connection.execute(delete(schema.contests).where(*over))
            changed_by_people(connection)


def _is_new(judgement: Judgement, before: Judgement | None) -> bool:
    if before is None:
        return True
    return replace(before, judged_on=judgement.judged_on, begun=judgement.begun) != judgement


def _row(device_id: str, judgement: Judgement) -> tuple[Any, ...]:
    begun = judgement.begun
    return (
        device_id,
        judgement.policy_version,
        judgement.judged_on.isoformat(),
        judgement.verdict.value,
        judgement.verdict_since.isoformat(),
        judgement.compliance.value,
        judgement.compliance_since.isoformat(),
        round(judgement.low * 1000),
        round(judgement.high * 1000),
        round(judgement.coverage * 1000),
        judgement.outdated,
        judgement.ready_until.isoformat() if judgement.ready_until else None,
        _json({name: _written(state) for name, state in judgement.checks.items()}),
        None if begun is None else _json(_begun_written(begun, judgement.checks)),
    )


def _of(one: Transition) -> tuple[Any, ...]:
    return one.device_id, one.day.isoformat(), one.subject, one.before, one.after, one.cause.value


def _begun_written(begun: Stood, checks: Mapping[str, CheckState]) -> Mapping[str, Any]:
    names: Iterable[str] = {**begun.checks, **checks}
    pairs = ((name, begun.checks.get(name), checks.get(name)) for name in names)
    differing = {name: state for name, state, now in pairs if state != now}
    return {
        "policy_version": begun.policy_version,
        "judged_on": begun.judged_on.isoformat(),
        "verdict": [begun.verdict.value, begun.verdict_since.isoformat()],
        "compliance": [begun.compliance.value, begun.compliance_since.isoformat()],
        "outdated": begun.outdated,
        "checks": {name: state and _written(state) for name, state in differing.items()},
    }


def _written(state: CheckState) -> Sequence[str | None]:
    failed_on = state.first_failed_on
    return state.result.value, state.since.isoformat(), failed_on.isoformat() if failed_on else None


def _judgement(row: Row[Any]) -> Judgement:
    checks = {name: _state(*state) for name, state in from_json(row.checks).items()}
    return Judgement(
        policy_version=row.policy_version,
        judged_on=row.judged_on,
        verdict=Verdict(row.verdict),
        verdict_since=row.verdict_since_on,
        compliance=Compliance(row.compliance),
        compliance_since=row.compliance_since_on,
        outdated=row.outdated,
        checks=checks,
        low=row.low_permille / 1000,
        high=row.high_permille / 1000,
        coverage=row.coverage_permille / 1000,
        ready_until=row.ready_until_on,
        begun=None if row.begun is None else _begun(from_json(row.begun), checks),
    )


def _begun(read: Mapping[str, Any], checks: Mapping[str, CheckState]) -> Stood:
    differing = {name: _state(*state) if state else None for name, state in read["checks"].items()}
    return Stood(
        policy_version=read["policy_version"],
        judged_on=date.fromisoformat(read["judged_on"]),
        verdict=Verdict(read["verdict"][0]),
        verdict_since=date.fromisoformat(read["verdict"][1]),
        compliance=Compliance(read["compliance"][0]),
        compliance_since=date.fromisoformat(read["compliance"][1]),
        outdated=read["outdated"],
        checks={name: state for name, state in {**checks, **differing}.items() if state is not None},
    )


@lru_cache(maxsize=10_000)
def _state(result: str, since: str, failed_on: str | None) -> CheckState:
    """Return a state of a check; many laptops share one."""
    return CheckState(
        result=Result(result),
        since=date.fromisoformat(since),
        first_failed_on=date.fromisoformat(failed_on) if failed_on else None,
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
