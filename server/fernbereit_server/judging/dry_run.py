"""What would another policy change, by today's facts of every laptop? Reads the store, never writes."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from fernbereit.policy import Policy
from fernbereit.readiness import compile_policy
from fernbereit_server.decisions import read_decisions
from fernbereit_server.fleet import Device, Fleet
from fernbereit_server.judging.judge import Laptop
from fernbereit_server.judging.judgement import Cause
from fernbereit_server.judging.lifecycle import STOCK, counts_in, twins
from fernbereit_server.judging.rows import read_judgements, read_looks
from fernbereit_server.judging.rulebook import rulebook
from fernbereit_server.judging.trial import Tally, Trial
from fernbereit_server.judging.waived import waived_on
from fernbereit_server.policies.difference import PolicyDifference, difference
from fernbereit_server.store import reads, schema

DAYS = 90
"""How far back transitions are kept."""
_PAGE = 500
_OF_THEMSELVES = (Cause.FACTS.value, Cause.TIME.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossings:
    """How often laptops went from one result of a check to another, and how many laptops did."""

    times: int
    devices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """The policy in force, what differs, today's laptops under both, and the past of the changed checks."""

    in_force: Policy
    differs: PolicyDifference
    tally: Tally
    crossings: dict[str, Crossings]
    """By check of the policy in force; by its results, since facts of before are not kept."""


def dry_run(
    connection: Connection, policy: Policy, today: date, zone: ZoneInfo, on_device: Callable[[], object]
) -> DryRun:
    """Judge every laptop that counts by the policy in force and by `policy`."""
    decisions = read_decisions(connection)
    in_force = decisions.policy.policy
    differs = difference(in_force, policy)
    now, then = rulebook(decisions.policy), rulebook(compile_policy(policy))
    trial = Trial(now, then, differs.results)
    waived = waived_on(today, decisions.waivers)
    fleet = _fleet(connection, today, zone)
    counting = sorted(filter(counts_in, fleet.devices.values()), key=lambda device: device.device_id)
    for start in range(0, len(counting), _PAGE):
        page = counting[start : start + _PAGE]
        ids = [device.device_id for device in page]
        looks = read_looks(connection, ids, now.sections | then.sections, today)
        before = read_judgements(connection, ids)
        for device in page:
            name = device.device_id
            laptop = Laptop(
                device_id=name,
                first_seen_on=device.first_seen_on,
                waived=waived.of(name, device.unit),
                aside=_aside(device),
            )
            trial.add(laptop, looks[name], today, before.get(name))
            on_device()
    trial.add_unseen(sum(row.kind != STOCK for row in fleet.missing_inventory))
    return DryRun(
        in_force=in_force,
        differs=differs,
        tally=trial.tally(),
        crossings=_crossings(connection, differs.crossed, today - timedelta(days=DAYS)),
    )


def _aside(device: Device) -> Cause | None:
    return Cause.FACTS if device.twin == "conflict" else None


def _fleet(connection: Connection, today: date, zone: ZoneInfo) -> Fleet:
    fleet = Fleet()
    fleet.set_inventory(reads.inventory_rows(connection))
    for row in reads.load_fleet(connection, facts_of={"machine"}):
        fleet.place(row)
    for name, twin in twins(fleet.devices.values(), today, zone).items():
        fleet.devices[name].twin = twin
    return fleet


def _crossings(connection: Connection, checks: Collection[str], since: date) -> dict[str, Crossings]:
    """Count what happened of itself; what a policy, a waiver or a person changed says nothing of flapping."""
    table = schema.transitions.c
    rows = connection.execute(
        select(table.subject, func.count(), func.count(table.device_id.distinct()))
        .where(table.subject.in_(checks), table.day >= since, table.cause.in_(_OF_THEMSELVES))
        .group_by(table.subject)
    )
    found = {subject: Crossings(times=times, devices=devices) for subject, times, devices in rows}
    return {name: found.get(name, Crossings(times=0, devices=0)) for name in checks}
