"""Does every target get an honest result before the section's deadline, however slow all of them are?"""

from collections.abc import Callable

import pytest

from fernbereit.facts.targets import TargetFailure, TargetResult
from fernbereit_agent.errors import TimedOut
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes import targets, targets_linux
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.settings import ProbeSettings, TargetSettings

DEADLINE_S = targets.PROBE.deadline.total_seconds()
FAMILIES = ("2001:db8::7", "198.51.100.7")


class SlowNetwork(RecordedHost):
    """A network on whose clock every step takes what it takes; nobody sleeps."""

    def __init__(self, *, resolve_s: float = 0.01, answers: Callable[[str, int], bool], tls: bool) -> None:
        super().__init__(RecordedLaptop(provenance="constructed", note="slow", today="2026-11-21"))
        self.now_s, self.connections = 1_000.0, 0
        self._resolve_s, self._answers, self._tls = resolve_s, answers, tls

    def monotonic(self) -> float:
        """Return the seconds of this network's clock."""
        return self.now_s

    def resolve(self, name: str) -> tuple[tuple[str, ...], float]:
        """Name both families, or hang as a resolver without servers does."""
        self.now_s += self._resolve_s
        if self._resolve_s > 5:
            raise TimedOut(detail=name)
        return FAMILIES, self._resolve_s * 1000

    def connect(self, address: str, port: int, timeout_s: float) -> float:
        """Take 20 ms, or swallow the packet until the time is up."""
        self.connections += 1
        if self._answers(address, self.connections):
            self.now_s += 0.02
            return 20.0
        self.now_s += timeout_s
        raise TimeoutError(address, port)

    def tls_handshake(self, address: str, port: int, server_name: str, timeout_s: float) -> float:
        """Take 30 ms, or hang in both of its steps."""
        if self._tls:
            self.now_s += 0.03
            return 30.0
        self.now_s += 2 * timeout_s
        raise TimeoutError(address, port, server_name)


def _look(network: SlowNetwork, *, count: int = 16, samples: int = 20) -> tuple[float, list[TargetResult]]:
    """Return the seconds the look took on the network's clock, and the results."""
    wanted = tuple(
        TargetSettings(name=f"t{number}", host=f"t{number}.example", samples=samples)
        for number in range(count)
    )
    began = network.monotonic()
    facts = targets_linux.read(network, ProbeSettings(targets=wanted))
    results = list(facts.results or ())
    assert [result.name for result in results] == [target.name for target in wanted]
    return network.monotonic() - began, results


def test_sixteen_targets_that_swallow_everything_are_each_told() -> None:
    """On both families: sixteen times no answer, not a section without one."""
    took_s, results = _look(SlowNetwork(answers=lambda _address, _number: False, tls=True))
    assert took_s < DEADLINE_S
    assert {(each.reachable, each.failure, each.loss_ratio) for each in results} == {
        (False, TargetFailure.TIMEOUT, 1.0)
    }


def test_targets_that_answer_only_now_and_then_are_sampled_less() -> None:
    """Each is reached and has its loss; nobody waits for twenty samples that do not come."""
    network = SlowNetwork(answers=lambda _address, number: number % 3 == 1, tls=True)
    took_s, results = _look(network)
    assert took_s < DEADLINE_S
    assert [each.reachable for each in results].count(True) > 1
    assert all(each.loss_ratio for each in results)


def test_targets_that_hang_in_the_handshake_are_each_told() -> None:
    """The connection was made, and was measured."""
    took_s, results = _look(SlowNetwork(answers=lambda _address, _number: True, tls=False))
    assert took_s < DEADLINE_S
    assert {(each.reachable, each.failure, each.connect_ms) for each in results} == {
        (False, TargetFailure.TLS, 20.0)
    }


def test_a_silent_first_family_costs_no_target_its_result() -> None:
    """Sixteen are reached by the second one."""
    took_s, results = _look(SlowNetwork(answers=lambda address, _number: ":" not in address, tls=True))
    assert took_s < DEADLINE_S
    assert [each.reachable for each in results] == [True] * 16


def test_where_the_resolver_hangs_what_was_not_tried_is_not_known() -> None:
    """Neither reachable nor unreachable is guessed for a target whose turn never came."""
    took_s, results = _look(SlowNetwork(resolve_s=29.0, answers=lambda _address, _number: True, tls=True))
    assert took_s < DEADLINE_S
    tried = [each for each in results if each.failure is TargetFailure.DNS]
    assert {each.reachable for each in tried} == {False}
    assert {(each.reachable, each.failure) for each in results if each not in tried} == {(None, None)}


@pytest.mark.parametrize("count", [1, 16], ids=["one target", "sixteen targets"])
def test_a_network_that_answers_is_sampled_as_often_as_asked(count: int) -> None:
    """The budget takes nothing away where there is time."""
    network = SlowNetwork(answers=lambda _address, _number: True, tls=True)
    _, results = _look(network, count=count, samples=7)
    assert network.connections == 7 * count
    assert {(each.reachable, each.loss_ratio) for each in results} == {(True, 0.0)}
