"""What is in force, as the store has it?"""

import json
from dataclasses import fields
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, select

from fernbereit.policy import Policy
from fernbereit.readiness import CompiledPolicy, compile_policy
from fernbereit_server.decisions.model import NOTHING_DECIDED, Decisions, DrillDay, Goal, Measure, Waiver
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.store import reads, schema

T = TypeVar("T", Waiver, Measure)


def read_decisions(connection: Connection) -> Decisions:
    """Read everything in force; goals, measures and waivers that have ended are kept and read too."""
    policy, adopted_on = _policy(connection)
    organisation = _organisation(connection, None)
    return Decisions(
        version=reads.version(connection),
        policy=policy,
        policy_adopted_on=adopted_on,
        organisation=organisation[0] if organisation else None,
        organisation_on=organisation[1] if organisation else None,
        waivers=_all(connection, schema.waivers, Waiver),
        contested=_contested(connection),
        goals=tuple(_goal(row) for row in _rows(connection, schema.goals)),
        measures=_all(connection, schema.measures, Measure),
        drill_days=tuple(_drill_day(row) for row in _rows(connection, schema.drill_days)),
    )


def organisation_as_of(connection: Connection, day: date) -> Organisation | None:
    """Return the organisation that was in force at the end of `day`."""
    found = _organisation(connection, day)
    return found[0] if found else None


def policy_days(connection: Connection) -> list[tuple[int, date]]:
    """Return version and day of every policy that was adopted, oldest first."""
    table = schema.policies.c
    rows = connection.execute(select(table.version, table.adopted_on).order_by(table.version))
    return [(version, day) for version, day in rows]


def read_drill_day(connection: Connection, drill_day_id: int) -> DrillDay | None:
    """Return one drill day as the store has it now."""
    table = schema.drill_days
    row = connection.execute(select(table).where(table.c.id == drill_day_id)).first()
    return None if row is None else _drill_day(row)


def _policy(connection: Connection) -> tuple[CompiledPolicy, date | None]:
    table = schema.policies
    row = connection.execute(select(table).order_by(table.c.version.desc()).limit(1)).first()
    if row is None:
        return NOTHING_DECIDED.policy, None
    return _compiled(row.body), row.adopted_on


@lru_cache(maxsize=4)
def _compiled(body: str) -> CompiledPolicy:
    return compile_policy(Policy.model_validate_json(body))


def _organisation(connection: Connection, day: date | None) -> tuple[Organisation, date] | None:
    table = schema.organisations
    wanted = select(table).order_by(table.c.id.desc()).limit(1)
    if day is not None:
        wanted = wanted.where(table.c.imported_on <= day)
    row = connection.execute(wanted).first()
    return (Organisation.model_validate_json(row.body), row.imported_on) if row else None


def _rows(connection: Connection, table: Table) -> list[Row[Any]]:
    return list(connection.execute(select(table).order_by(table.c.id)))


def _all(connection: Connection, table: Table, kind: type[T]) -> tuple[T, ...]:
    names = [field.name for field in fields(kind)]
    return tuple(kind(**{name: getattr(row, name) for name in names}) for row in _rows(connection, table))


def _goal(row: Row[Any]) -> Goal:
    return Goal(
        id=row.id,
        unit=row.unit,
        scenario=row.scenario,
        target=row.target_permille / 1000,
        due_on=row.due_on,
        set_on=row.set_on,
        ended_on=row.ended_on,
    )


def _drill_day(row: Row[Any]) -> DrillDay:
    return DrillDay(
        id=row.id,
        scenario=row.scenario,
        held_on=row.held_on,
        announced_on=row.announced_on,
        predicted=json.loads(row.predicted),
        measured=json.loads(row.measured) if row.measured is not None else None,
        closed_on=row.closed_on,
    )


def _contested(connection: Connection) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    table = schema.contests.c
    for device_id, check in connection.execute(select(table.device_id, table.check_id)):
        found.setdefault(device_id, set()).add(check)
    return {device_id: frozenset(checks) for device_id, checks in found.items()}
