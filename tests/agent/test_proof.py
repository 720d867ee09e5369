"""Is work from outside told to be proven only where it was, for 30 days, and nothing about where one is?"""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from fernbereit.client_tables import ClientTables, VpnClientRow
from fernbereit.facts.network import Network, Zone
from fernbereit.facts.remote_access import RemoteAccess, VpnClient
from fernbereit.facts.targets import TargetResult, Targets
from fernbereit.record import Outcome, Reason, observation_of
from fernbereit.tolerance import OpenModel
from fernbereit_agent import proof
from fernbereit_agent.proof import REMEMBERED, TOGETHER_S, Proof, after, answers
from fernbereit_agent.report import Look
from fernbereit_agent.settings import ProbeSettings, TargetSettings

TODAY = date(2026, 3, 10)
NOW = 5_000.0
NOTHING = Proof()


def settings(*paths: str) -> ProbeSettings:
    """Return settings with one essential target a path, and one that is not essential."""
    essential = [
        TargetSettings.model_validate({"name": f"t{n}", "host": "t.example", "essential": True, "path": path})
        for n, path in enumerate(paths)
    ]
    return ProbeSettings(targets=(*essential, TargetSettings(name="news", host="news.example")))


def look(facts: OpenModel | None, at: float = NOW) -> Look:
    """Return a look that went well, or timed out."""
    outcome = Outcome.OK if facts is not None else Outcome.TIMEOUT
    reason = None if facts is not None else Reason.DEADLINE
    return Look(observation_of(type(facts or Network()))(outcome=outcome, reason=reason, facts=facts), at)


def looks(
    zone: Zone | None,
    reached: Iterable[bool | None] = (True,),
    *,
    tunnel: bool | None = True,
    client: bool = True,
    network_at: float = NOW,
    targets_at: float = NOW,
) -> dict[str, Look]:
    """Return what a laptop saw: its zone, and which essential targets it reached, through a tunnel or not."""
    results = tuple(
        TargetResult(name=f"t{n}", reachable=yes, essential=True, through_tunnel=tunnel)
        for n, yes in enumerate(reached)
    )
    clients = (VpnClient.WIREGUARD,) if client else ()
    return {
        "network": look(Network(zone=zone), network_at),
        "targets": look(Targets(results=results), targets_at),
        "remote_access": look(RemoteAccess(clients=clients)),
    }


def told(
    seen: dict[str, Look], of: ProbeSettings, before: Proof = NOTHING
) -> tuple[bool | None, bool | None]:
    """Return `proven` and `direct` after these looks."""
    return answers(after(before, seen, of, now=NOW, today=TODAY), seen, of)


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        (looks(Zone.REMOTE), (True, False)),
        (looks(Zone.REMOTE, tunnel=False), (True, True)),
        (looks(Zone.REMOTE, tunnel=None), (True, False)),
        (looks(Zone.OFFICE, tunnel=False), (False, False)),
        (looks(None, tunnel=False), (False, False)),
        (looks(Zone.REMOTE, (False,)), (False, False)),
        (looks(Zone.REMOTE, (None,)), (False, False)),
        (looks(Zone.REMOTE, ()), (False, False)),
        (looks(None, client=False), (None, None)),
        (looks(Zone.OFFICE, client=False), (None, None)),
        (looks(Zone.REMOTE, client=False), (True, None)),
        (looks(Zone.REMOTE, targets_at=NOW - TOGETHER_S - 1), (False, False)),
        (looks(Zone.REMOTE, network_at=NOW - TOGETHER_S - 1), (False, False)),
        ({**looks(Zone.REMOTE), "targets": look(None)}, (False, False)),
        ({**looks(Zone.REMOTE), "network": look(None)}, (False, False)),
        ({}, (None, None)),
    ],
    ids=[
        "from outside through a tunnel",
        "from outside past the tunnel",
        "from outside, and nobody knows whether through a tunnel",
        "in the office",
        "nobody knows where",
        "not reached",
        "not tried",
        "not in the results",
        "no tunnel could ever be up",
        "no tunnel could ever be up, in the office",
        "a tunnel of an unknown client is up",
        "the targets were looked at long ago",
        "the network was looked at long before, perhaps elsewhere",
        "the targets could not be looked at",
        "the network could not be looked at",
        "nothing was looked at",
    ],
)
def test_only_all_essential_targets_reached_from_outside_prove_it(
    seen: dict[str, Look], wanted: tuple[bool | None, bool | None]
) -> None:
    """Both answers, after one round of looks at a laptop that remembers nothing."""
    assert told(seen, settings("internal")) == wanted


def test_every_essential_target_counts_and_no_other() -> None:
    """One of two is not enough."""
    two = settings("internal", "cloud")

    assert told(looks(Zone.REMOTE, (True, False)), two) == (False, False)
    assert told(looks(Zone.REMOTE, (True, True)), two) == (True, False)


BOX = (VpnClient.GENUCARD,)


def behind_a_box(
    zone: Zone | None, reached: Iterable[bool] = (True,), clients: tuple[VpnClient, ...] = BOX
) -> dict[str, Look]:
    """Return what a laptop sees whose tunnel begins outside of it: nobody knows which way is a tunnel."""
    return {**looks(zone, reached, tunnel=None), "remote_access": look(RemoteAccess(clients=clients))}


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        pytest.param(behind_a_box(None), (True, False), id="reached, and the beacon is silent"),
        pytest.param(behind_a_box(Zone.OFFICE), (False, False), id="in the office"),
        pytest.param(behind_a_box(None, (False,)), (False, False), id="not reached"),
        pytest.param(
            behind_a_box(None, clients=(*BOX, VpnClient.WIREGUARD)),
            (False, False),
            id="beside a client whose tunnel would show",
        ),
        pytest.param(
            {**behind_a_box(None), "network": look(None)},
            (False, False),
            id="the network could not be looked at",
        ),
    ],
)
def test_a_hidden_tunnel_is_proven_by_targets_while_the_beacon_is_silent(
    seen: dict[str, Look], wanted: tuple[bool, bool]
) -> None:
    """The only sign of the office is a beacon that no tunnel reaches; never is that taken for direct."""
    with_beacon = settings("internal").model_copy(update={"beacon": "news"})

    assert told(seen, with_beacon) == wanted


@pytest.mark.parametrize("zone", [Zone.OFFICE, None], ids=["office", "unknown"])
def test_without_a_beacon_a_hidden_tunnel_is_neither_proven_nor_not(zone: Zone | None) -> None:
    """Nothing could ever say that the laptop is outside."""
    assert told(behind_a_box(zone), settings("internal")) == (None, None)


@pytest.mark.parametrize("own_interface", [False, True], ids=["a box", "a program"])
def test_a_client_that_only_the_policy_names_hides_its_tunnel_if_the_policy_says_so(
    *, own_interface: bool
) -> None:
    """It counts as `other`, but which one it is decides."""
    row = VpnClientRow.model_validate(
        {"name": "box", "windows": {"services": ["BoxSvc"]}, "own_interface": own_interface}, strict=False
    )
    tables = ClientTables(vpn=(row,))
    seen = behind_a_box(None)
    seen["remote_access"] = look(RemoteAccess(clients=(VpnClient.OTHER,), other_clients=("box",)))
    with_beacon = settings("internal").model_copy(update={"beacon": "news"})

    assert told(seen, with_beacon.with_clients(tables)) == (not own_interface, False)
    unproven = (False, False) if own_interface else (None, None)
    assert told(seen, settings("internal").with_clients(tables)) == unproven


def test_without_essential_targets_nothing_is_told() -> None:
    """Nobody knows what one has to reach, be it proven before or not."""
    before = Proof(proven_on=TODAY, direct_on=TODAY)

    assert told(looks(Zone.REMOTE, ()), settings(), before) == (None, None)


@pytest.mark.parametrize("zone", [Zone.OFFICE, None, Zone.REMOTE], ids=["office", "unknown", "remote"])
def test_what_is_declared_to_be_reached_from_anywhere_is_direct_wherever_it_was_reached(
    zone: Zone | None,
) -> None:
    """It needs no tunnel; but that one can work from outside is proven outside only."""
    cloud = settings("cloud", "cloud")
    seen = looks(zone, (True, True), tunnel=False)

    assert told(seen, cloud) == (zone is Zone.REMOTE, True)
    assert told(looks(zone, (True, True), tunnel=False, client=False), cloud)[1] is True
    assert told(looks(zone, (True, True), tunnel=True), cloud)[1] is False


@pytest.mark.parametrize("remembered", [False, True], ids=["never proven", "proven last week"])
def test_the_answers_do_not_tell_where_the_laptop_is(*, remembered: bool) -> None:
    """Looks that prove nothing give the same answers in the office, outside and anywhere."""
    day = TODAY - timedelta(days=7) if remembered else None
    before = Proof(proven_on=day, direct_on=day)
    unreached = [
        looks(zone, (False,), tunnel=tunnel) for zone in (*Zone, None) for tunnel in (True, False, None)
    ]

    assert len({told(seen, settings("internal"), before) for seen in unreached}) == 1


def test_it_is_remembered_for_thirty_days_and_not_one_more() -> None:
    """A laptop that stays in the office is proven no longer then."""
    before = Proof(proven_on=TODAY - REMEMBERED, direct_on=TODAY - REMEMBERED - timedelta(days=1))
    kept = after(before, looks(Zone.OFFICE), settings("internal"), now=NOW, today=TODAY)

    assert kept == Proof(proven_on=TODAY - REMEMBERED)


@pytest.mark.parametrize("years", [1, 10, 70])
def test_a_clock_that_jumped_does_not_make_it_true_for_ever(years: int) -> None:
    """A day that lies ahead is forgotten, so that it does not come true when the clock gets there."""
    ahead = TODAY + timedelta(days=365 * years)
    jumped = after(Proof(), looks(Zone.REMOTE, tunnel=False), settings("internal"), now=NOW, today=ahead)
    back = after(jumped, {}, settings("internal"), now=NOW, today=TODAY)

    assert jumped == Proof(proven_on=ahead, direct_on=ahead)
    assert back == Proof()
    assert after(Proof(proven_on=TODAY), {}, settings("internal"), now=NOW, today=ahead) == Proof()


def test_a_journey_to_the_west_does_not_unprove_it() -> None:
    """There it is still yesterday."""
    assert Proof(proven_on=TODAY + timedelta(days=1)).kept(TODAY).proven_on is not None
    assert Proof(proven_on=TODAY + timedelta(days=2)).kept(TODAY).proven_on is None


def test_only_days_are_kept_and_no_file_where_there_is_none(tmp_path: Path) -> None:
    """Read by its owner alone; forgotten means gone."""
    proof.write(tmp_path, Proof(proven_on=TODAY))
    file = tmp_path / proof.FILE
    assert file.read_text() == '{"proven_on": "2026-03-10"}'
    assert file.stat().st_mode & 0o077 == 0
    assert proof.read(tmp_path) == Proof(proven_on=TODAY)
    proof.write(tmp_path, Proof())

    assert list(tmp_path.iterdir()) == []
    assert proof.read(tmp_path) == Proof()


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"[]", b"7", b'{"proven_on": 7}', b'{"proven_on": "never"}', b'{"seen_at": "2026-03-10"}'],
    ids=str,
)
def test_a_damaged_file_remembers_nothing(tmp_path: Path, content: bytes) -> None:
    """It is written anew when there is something to remember."""
    (tmp_path / proof.FILE).write_bytes(content)

    assert proof.read(tmp_path) == Proof()
