"""Is nobody judged in vain, and everybody as if they were judged after every report?"""

import asyncio
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fernbereit.facts.battery import Battery
from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionState
from fernbereit.facts.network import Network
from fernbereit.facts.operating_system import OperatingSystem
from fernbereit.policy import Policy
from fernbereit.tolerance import OpenModel
from fernbereit_server.decisions import Waiver, writing
from fernbereit_server.device import Device
from fernbereit_server.store import database
from fernbereit_server.store.changes import InventoryRow
from fernbereit_server.store.writes import change_inventory
from judged_laptops import TODAY
from judged_store import Office, device_id
from judging_world import CAMERA_CHECK, ENCRYPTION, SUPPORT_CHECK, UPDATE_CHECK
from policy_world import check, policy_of

LAPTOPS = 3
HEALTH = check("health", "battery.health_ratio", {"minimum": 0.5}, grace_days=2)
WIFI = check("wifi", "network.wifi_quality_ratio", {"minimum": 0.5}, weight=0)
RESTART = check(
    "restart",
    "operating_system.restart_pending",
    {"const": False},
    applies={"disk_encryption.state": {"const": "encrypted"}},
)
POLICIES = (
    (14, (ENCRYPTION, UPDATE_CHECK, HEALTH)),
    (14, (ENCRYPTION, SUPPORT_CHECK, WIFI, RESTART)),
    (3, (UPDATE_CHECK, {**HEALTH, "essential": True}, CAMERA_CHECK)),
    (30, (UPDATE_CHECK, {**HEALTH, "expect": {"minimum": 0.8}}, RESTART)),
)

days = st.integers(-60, 60).map(lambda number: TODAY + timedelta(days=number))
said: Mapping[str, st.SearchStrategy[OpenModel]] = {
    "battery": st.builds(Battery, health_ratio=st.sampled_from([None, 0.1, 0.4, 0.6, 0.7, 0.9])),
    "network": st.builds(Network, wifi_quality_ratio=st.sampled_from([None, 0.1, 0.2, 0.8, 0.9])),
    "disk_encryption": st.builds(DiskEncryption, state=st.sampled_from(EncryptionState)),
    "operating_system": st.builds(
        OperatingSystem,
        restart_pending=st.booleans(),
        last_update_on=st.none() | days,
        support_ends_on=st.none() | days,
    ),
}
laptops = st.integers(0, LAPTOPS - 1)
ages = st.sampled_from([0, 0, 0, 1, 3, 4, 14, 15, 40])
facts = st.fixed_dictionaries({}, optional={name: st.none() | one for name, one in said.items()})
steps = st.lists(
    st.one_of(
        st.tuples(st.just("report"), laptops, facts, ages),
        st.tuples(st.just("report"), laptops, facts, ages),
        st.tuples(st.just("look_again"), laptops),
        st.tuples(st.just("wait"), st.sampled_from([1, 1, 2, 5, 16])),
        st.tuples(st.just("adopt"), st.integers(0, len(POLICIES) - 1)),
        st.tuples(st.just("waive"), st.sampled_from([0, 1, None]), st.sampled_from(["encryption", "health"])),
        st.tuples(st.just("status"), laptops, st.sampled_from(["active", "retired", "quarantined"])),
        st.tuples(st.just("move"), laptops),
        st.tuples(st.just("restart")),
    ),
    min_size=4,
    max_size=14,
)


def held(authority: "Authority") -> list[Device]:
    devices = authority.office.fleet.devices
    return [devices[name] for name in sorted(devices)]


class Authority:
    """An office to which things happen; `thorough` has everybody judged after each of them."""

    def __init__(self, file: Path, *, thorough: bool) -> None:
        shutil.copy(template(file.parent), file)
        self.office, self.thorough = Office(database.open_engine(f"sqlite:///{file}")), thorough
        self.version = 1
        self.judged: list[int] = []

    def do(self, step: tuple[Any, ...]) -> None:
        getattr(self, f"_{step[0]}")(*step[1:])
        office = self.office
        if self.thorough:
            office.fleet.changed.update(office.fleet.devices)
        asyncio.run(office.judge._look_around()) if office.judge._seen is not None else None
        self.judged.append(office.judge.due)
        office.tick()

    def found(self) -> tuple[object, ...]:
        """Return rows, transitions and what is held but for what is only counted, which has time."""
        office = self.office
        held = {
            name: device.judged and replace(device.judged, counted=())
            for name, device in office.fleet.devices.items()
        }
        return office.judgements(), office.transitions(), held

    def _report(self, number: int, facts: Mapping[str, OpenModel | None], age: int) -> None:
        self.office.report(number, facts, seen_days_ago=age)

    def _look_again(self, number: int) -> None:
        if device_id(number) in self.office.fleet.devices:
            self.office.look_again(number)

    def _wait(self, number: int) -> None:
        self.office.today += timedelta(days=number)
        self.office.look()

    def _adopt(self, number: int) -> None:
        self.version += 1
        most, checks = POLICIES[number]
        changed = {"version": self.version, "facts_max_age_days": most, "setup_grace_days": 1}
        policy: Policy = policy_of(*checks, ready_at=0.5).model_copy(update=changed)
        with database.writing(self.office.engine) as connection:
            writing.adopt_policy(connection, policy, self.office.today)
        self.office.look()

    def _waive(self, number: int | None, check_id: str) -> None:
        granted = Waiver(
            id=0,
            device_id=None if number is None else device_id(number),
            unit="Bauamt" if number is None else None,
            check_id=check_id,
            reason="Tausch ist bestellt",
            approver="Informationssicherheit",
            granted_on=self.office.today,
            expires_on=self.office.today + timedelta(days=2),
        )
        with database.writing(self.office.engine) as connection:
            writing.grant_waiver(connection, granted)
        self.office.look()

    def _status(self, number: int, status: str) -> None:
        with database.writing(self.office.engine) as connection:
            writing.set_status(connection, device_id(number), status, self.office.today)
        self.office.look()

    def _move(self, number: int) -> None:
        row = InventoryRow(id=1, serial_hash=f"{number:064x}", label="NB-1", unit="Bauamt")
        with database.writing(self.office.engine) as connection:
            change_inventory(connection, written=[row], removed=[])
        self.office.look()

    def _restart(self) -> None:
        self.office.start()


@cache
def template(folder: Path) -> Path:
    file = folder / "template.sqlite3"
    engine = database.open_engine(f"sqlite:///{file}")
    database.upgrade(engine)
    database.generation(engine, date.min)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    engine.dispose()
    return file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for the stores of all examples."""
    return tmp_path_factory.mktemp(uuid.uuid4().hex)


_numbers = count()


@pytest.mark.slow
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_whatever_happens_judgements_are_those_of_judging_everybody(
    folder: Path, happened: list[tuple[Any, ...]]
) -> None:
    """After each report, day, policy, waiver, status, move and restart: rows, transitions, what is held."""
    authorities = [
        Authority(folder / f"{next(_numbers)}.sqlite3", thorough=thorough) for thorough in (False, True)
    ]
    for step in [("adopt", 0), *happened]:
        for one in authorities:
            one.do(step)
        short, thorough = (one.found() for one in authorities)
        assert short == thorough, step
    for one in authorities:
        one.office.judge._beside_at = 0.0
        one.office.tick()
        one.office.engine.dispose()
    quick, slow = ([one.judged for one in held(authority)] for authority in authorities)
    assert quick == slow


def test_who_answers_as_before_a_restart_is_not_judged(folder: Path) -> None:
    """What the store says was judged at the start, and is what answers are compared with."""
    office = Authority(folder / f"{next(_numbers)}.sqlite3", thorough=False)
    office.do(("adopt", 0))
    office.do(("report", 0, {"battery": Battery(health_ratio=0.9)}, 0))
    office.do(("restart",))
    office.do(("report", 0, {"battery": Battery(health_ratio=0.8)}, 0))

    assert office.judged[-1] == 0


def test_who_answers_the_same_is_not_judged(folder: Path) -> None:
    """Another number on the same side of its limit, another day of the same facts: nobody is due."""
    office = Authority(folder / f"{next(_numbers)}.sqlite3", thorough=False)
    updated = OperatingSystem(last_update_on=TODAY)
    earlier = OperatingSystem(last_update_on=TODAY - timedelta(days=1))
    office.do(("adopt", 0))
    for step, due in (
        (("report", 0, {"battery": Battery(health_ratio=0.9), "operating_system": updated}, 0), 1),
        (("report", 0, {"battery": Battery(health_ratio=0.8), "operating_system": updated}, 0), 0),
        (("report", 0, {"battery": Battery(health_ratio=0.7), "network": Network(proxy=True)}, 0), 0),
        (("report", 0, {"operating_system": updated}, 3), 0),
        (("look_again", 0), 0),
        (("report", 0, {"operating_system": earlier}, 0), 1),
        (("report", 0, {"battery": Battery(health_ratio=0.4)}, 0), 1),
        (("report", 0, {"battery": None}, 0), 1),
        (("report", 0, {"battery": None}, 15), 1),
        (("wait", 1), 1),
    ):
        office.do(step)
        assert office.judged[-1] == due, step
