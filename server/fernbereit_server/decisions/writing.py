"""How does a decision of people get into the store? Each one lets a running collector know."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from fernbereit.policy import Policy, as_json
from fernbereit_server.decisions.model import DrillDay, Goal, Measure, Waiver
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.store import schema
from fernbereit_server.store.writes import changed_by_people


def adopt_policy(connection: Connection, policy: Policy, today: date) -> None:
    """Put a policy in force; the caller has made sure that its version is above every earlier one."""
    body = json.dumps(as_json(policy), ensure_ascii=False, separators=(",", ":"))
    row = {"version": policy.version, "adopted_on": today, "body": body}
    connection.execute(insert(schema.policies), row)
    changed_by_people(connection)


def import_organisation(connection: Connection, organisation: Organisation, today: date) -> int:
    """Put an organisation in force and return its number; the earlier ones stay, to look back."""
    body = organisation.model_dump_json(exclude_unset=True)
    return _add(connection, schema.organisations, {"imported_on": today, "body": body})


def grant_waiver(connection: Connection, waiver: Waiver) -> int:
    """Write a waiver and return its id; the id it came with says nothing."""
    return _add(connection, schema.waivers, _without_id(waiver))


def end_waiver(connection: Connection, waiver_id: int, today: date) -> bool:
    """End a waiver before its time; False if there is none that could be ended."""
    return _end(connection, schema.waivers, waiver_id, today)


def contest(connection: Connection, device_id: str, check_id: str, today: date) -> None:
    """Note that the desk calls a check's result on one device wrong; once is enough."""
    withdraw_contest(connection, device_id, check_id)
    row = {"device_id": device_id, "check_id": check_id, "contested_on": today}
    connection.execute(insert(schema.contests), row)


def withdraw_contest(connection: Connection, device_id: str, check_id: str) -> None:
    """Forget that the desk called a check's result on one device wrong."""
    table = schema.contests
    connection.execute(delete(table).where(table.c.device_id == device_id, table.c.check_id == check_id))
    changed_by_people(connection)


def set_goal(connection: Connection, goal: Goal) -> int:
    """Write a goal and return its id."""
    row = _without_id(goal)
    row["target_permille"] = round(row.pop("target") * 1000)
    return _add(connection, schema.goals, row)


def end_goal(connection: Connection, goal_id: int, today: date) -> bool:
    """Give a goal up; False if there is none that could be."""
    return _end(connection, schema.goals, goal_id, today)


def adopt_measure(connection: Connection, measure: Measure) -> int:
    """Write a measure and return its id."""
    return _add(connection, schema.measures, _without_id(measure))


def end_measure(connection: Connection, measure_id: int, today: date) -> bool:
    """End a measure; False if there is none that could be."""
    return _end(connection, schema.measures, measure_id, today)


def announce_drill_day(connection: Connection, drill_day: DrillDay) -> int:
    """Write an announced drill day and return its id."""
    return _add(connection, schema.drill_days, {**_without_id(drill_day), **_written(drill_day)})


def change_drill_day(connection: Connection, drill_day: DrillDay) -> None:
    """Overwrite what was predicted and measured, and the day it was closed."""
    table = schema.drill_days
    values = {**_written(drill_day), "closed_on": drill_day.closed_on}
    connection.execute(update(table).where(table.c.id == drill_day.id).values(values))
    changed_by_people(connection)


def set_status(
    connection: Connection, device_id: str, status: str, today: date, reason: str | None = None
) -> None:
    """Retire a device, take it back, or end its quarantine; the sweep erases what was retired for long."""
    table = schema.devices
    values = {"status": status, "status_on": today, "status_reason": reason}
    connection.execute(update(table).where(table.c.device_id == device_id).values(values))
    changed_by_people(connection)


def _written(drill_day: DrillDay) -> Mapping[str, str | None]:
    measured = drill_day.measured
    return {
        "predicted": json.dumps(drill_day.predicted, ensure_ascii=False),
        "measured": json.dumps(measured, ensure_ascii=False) if measured is not None else None,
    }


def _without_id(decided: Waiver | Goal | Measure | DrillDay) -> dict[str, Any]:
    row = asdict(decided)
    del row["id"]
    return row


def _add(connection: Connection, table: Table, row: Mapping[str, Any]) -> int:
    number: int = connection.execute(insert(table).values(row).returning(table.c.id)).scalar_one()
    changed_by_people(connection)
    return number


def _end(connection: Connection, table: Table, number: int, today: date) -> bool:
    wanted = (table.c.id == number) & table.c.ended_on.is_(None)
    if connection.execute(select(table.c.id).where(wanted)).first() is None:
        return False
    connection.execute(update(table).where(wanted).values(ended_on=today))
    changed_by_people(connection)
    return True
