"""Are exact counts that are kept change by change those of a count of everything?"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from exact_recount import kept, recounted
from fernbereit.delivery import Mark
from fernbereit.facts.conferencing import Conferencing
from fernbereit.facts.disk_encryption import DiskEncryption, EncryptionState
from fernbereit.facts.machine import Machine
from fernbereit.facts.operating_system import OperatingSystem, Platform
from fernbereit.facts.readiness import Readiness, Verdict
from fernbereit.facts.remote_access import RemoteAccess, VpnClient
from fernbereit.readiness import CompiledPolicy, Result, compile_policy
from fernbereit.record import Outcome
from fernbereit.tolerance import OpenModel
from fernbereit_server.decisions import NOTHING_DECIDED, Decisions
from fernbereit_server.fleet import Fleet
from fernbereit_server.judging.judged import Compliance, Judged
from fernbereit_server.judging.lifecycle import tell_twins
from fernbereit_server.metrics import exact
from fernbereit_server.metrics.exact import Exact
from fernbereit_server.store.changes import Change, InventoryRow, SectionChange, Standing
from policy_world import check, policy_of
from small_fleet import TODAY, device_id, hash_of, put, two_units

CHECKS = (
    check("encryption", "disk_encryption.state", {"const": "encrypted"}, essential=True),
    check("camera", "conferencing.camera", {"const": True}),
)
POLICIES = (
    NOTHING_DECIDED.policy,
    compile_policy(policy_of(*CHECKS).model_copy(update={"version": 2})),
)
NUMBERS = st.integers(0, 7)
FACTS: Mapping[str, tuple[OpenModel, ...]] = {
    "machine": tuple(Machine(serial_hash=hash_of(number)) for number in range(4)),
    "disk_encryption": tuple(DiskEncryption(state=state) for state in EncryptionState),
    "operating_system": (
        OperatingSystem(platform=Platform.LINUX, support_ends_on=TODAY),
        OperatingSystem(platform=Platform.WINDOWS),
    ),
    "remote_access": (RemoteAccess(clients=()), RemoteAccess(clients=(VpnClient.OPENVPN,))),
    "conferencing": (Conferencing(camera=True, microphone=True), Conferencing(camera=False)),
    "readiness": (Readiness(direct=True), Readiness(contested=("encryption", "camera"))),
}
SAID = st.sampled_from([(section, facts) for section, some in FACTS.items() for facts in some])
ROWS = st.builds(
    InventoryRow,
    id=st.integers(0, 9),
    serial_hash=st.sampled_from([None, *(hash_of(number) for number in range(4))]),
    unit=st.sampled_from([None, "Bauamt", "Sozialamt"]),
    site=st.sampled_from([None, "Nord"]),
    kind=st.sampled_from(["personal", "shared", "stock"]),
)
STATUSES = st.sampled_from(["active", "quarantined", "retired", "revoked"])


@st.composite
def judged(draw: st.DrawFn) -> Judged:
    """Draw what a laptop may be judged as, under one of the policies."""
    policy = draw(st.sampled_from(POLICIES))
    results = st.lists(st.sampled_from(Result), min_size=len(policy.judged), max_size=len(policy.judged))
    return Judged(
        policy_version=policy.policy.version,
        verdict=draw(st.sampled_from(Verdict)),
        compliance=draw(st.sampled_from(Compliance)),
        outdated=draw(st.booleans()),
        results=tuple(draw(results)),
        counted=(Result.UNKNOWN,) * len(policy.counted),
        ready_until=draw(st.sampled_from([None, TODAY, TODAY + timedelta(days=31)])),
    )


class Counting(RuleBasedStateMachine):
    """Whatever happens to a fleet, in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.fleet = two_units()
        self.decisions = NOTHING_DECIDED
        self.today: date = TODAY
        self.exact = Exact(self.fleet, decisions=lambda: self.decisions, today=lambda: self.today)

    @rule(number=NUMBERS, said=SAID, outcome=st.sampled_from(Outcome), status=STATUSES)
    def reports(self, number: int, said: tuple[str, OpenModel], outcome: Outcome, status: str) -> None:
        section, facts = said
        seen = SectionChange(
            outcome=outcome, reason=None, observed_on=TODAY, facts=facts if outcome is Outcome.OK else None
        )
        after = Standing(status=status, mark=Mark(device_id(number), 1))
        name = device_id(number)
        self.fleet.apply(
            Change(device_id=name, before=None, after=after, day=TODAY, sections={section: seen})
        )

    @rule(number=NUMBERS, said=SAID, status=STATUSES)
    def is_loaded_anew(self, number: int, said: tuple[str, OpenModel], status: str) -> None:
        put(self.fleet, number, dict([said]), status=status)

    @rule(numbers=st.lists(NUMBERS))
    def goes(self, numbers: list[int]) -> None:
        self.fleet.replace((), [device_id(number) for number in numbers])

    @rule(number=NUMBERS, status=STATUSES)
    def gets_a_status(self, number: int, status: str) -> None:
        self.fleet.set_statuses({device_id(number): status}, before=self.fleet.not_active())

    @rule(number=NUMBERS, ruling=judged())
    def is_judged(self, number: int, ruling: Judged) -> None:
        if device := self.fleet.devices.get(device_id(number)):
            self.fleet.set_judged(device, ruling)

    @rule(number=NUMBERS, twin=st.sampled_from(["replaced", "conflict"]))
    def has_a_twin(self, number: int, twin: str) -> None:
        found = {device_id(number): twin}
        self.fleet.touch(tell_twins(self.fleet.devices.values(), found))  # type: ignore[arg-type]

    @rule(rows=st.lists(ROWS, unique_by=lambda row: row.id))
    def inventory_changes(self, rows: list[InventoryRow]) -> None:
        self.fleet.set_inventory(rows)

    @rule(policy=st.sampled_from(POLICIES))
    def policy_is_adopted(self, policy: CompiledPolicy) -> None:
        self.decisions = replace(self.decisions, policy=policy)

    @rule(number=NUMBERS, checks=st.sets(st.sampled_from(["encryption", "camera", "firewall"])))
    def the_desk_contests(self, number: int, checks: set[str]) -> None:
        self.decisions = replace(self.decisions, contested={device_id(number): frozenset(checks)})

    @rule()
    def a_day_passes(self) -> None:
        self.today += timedelta(days=1)

    @rule()
    def store_is_read_anew(self) -> None:
        self.fleet.take(two_units("Ordnungsamt"))

    @invariant()
    def what_is_kept_is_a_count_of_everything(self) -> None:
        assert kept(self.exact.settled()) == recounted(self.fleet, self.decisions, self.today)


TestAnySequence = Counting.TestCase
TestAnySequence.settings = settings(
    max_examples=40, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)


def counting(fleet: Fleet, decisions: Decisions = NOTHING_DECIDED) -> Exact:
    return Exact(fleet, decisions=lambda: decisions, today=lambda: TODAY)


def test_a_device_that_went_leaves_nothing_behind() -> None:
    """Neither a place nor a word, and its row of the inventory is again one that was never seen."""
    fleet = two_units()
    counts = counting(fleet)
    before = kept(counts.settled())

    put(fleet, 40, {"disk_encryption": DiskEncryption(state=EncryptionState.ENCRYPTED)})
    counts.settled()
    fleet.replace((), [device_id(40)])

    assert kept(counts.settled()) == before


def test_more_words_than_are_remembered_are_counted_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered is bounded; forgetting changes no count."""
    monkeypatch.setattr(exact, "_MOST", 2)
    fleet = two_units()
    counts = counting(fleet)
    counts.settled()

    put(fleet, 1, {"conferencing": Conferencing(camera=False)})

    assert kept(counts.settled()) == recounted(fleet, NOTHING_DECIDED, TODAY)


def test_beyond_what_is_remembered_one_is_forgotten_for_each_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """To let go of everything at once holds up reports, and has everybody asked anew."""
    counts = counting(fleet := two_units())
    counts.settled()
    known = set(counts._words.known)
    monkeypatch.setattr(exact, "_MOST", len(known))

    put(fleet, 1, {"conferencing": Conferencing(camera=False)})
    counts.settled()

    now = set(counts._words.known)
    assert len(now) == len(known)
    assert 0 < len(now - known) == len(known - now) < len(known)


def test_counting_lets_others_have_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fleet that was just loaded is not counted in one go."""
    monkeypatch.setattr(exact, "TURN_S", 0.0)
    counts = counting(two_units())

    async def turns() -> int:
        task = asyncio.create_task(counts.keep_up())
        taken = 0
        while not task.done():
            await asyncio.sleep(0)
            taken += 1
        return taken

    assert asyncio.run(turns()) > 20
    assert kept(counts.settled()) == recounted(two_units(), NOTHING_DECIDED, TODAY)
