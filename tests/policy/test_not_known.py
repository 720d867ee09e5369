"""Does a check that is not known name the value that is missing, and how that came?"""

from collections.abc import Mapping

import pytest

from fernbereit.not_known import Gap, gap, missing
from fernbereit.readiness import CompiledPolicy, Look, Result, compile_policy, evaluate
from fernbereit.record import Outcome, Reason
from judged_laptops import TODAY
from policy_world import check, looks_with, policy_of

FIREWALL = check("firewall", "firewall.enabled", {"const": True})
LOCKED = check(
    "locked", "screen_lock.asks_password", {"const": True}, applies={"screen_lock.enabled": {"const": True}}
)


def compiled(*checks: dict[str, object]) -> CompiledPolicy:
    return compile_policy(policy_of(*checks))


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        pytest.param({}, Gap.NEVER, id="no look"),
        pytest.param({"firewall": Look(outcome=Outcome.TIMEOUT)}, Gap.LATER, id="took too long"),
        pytest.param({"firewall": Look(outcome=Outcome.FAILED)}, Gap.LATER, id="failed"),
        pytest.param({"firewall": Look(outcome=Outcome.OTHER)}, Gap.LATER, id="a word of later"),
        pytest.param({"firewall": Look(outcome=Outcome.DENIED)}, Gap.DENIED, id="no right"),
        pytest.param({"firewall": Look(outcome=Outcome.UNSUPPORTED)}, Gap.UNSUPPORTED, id="no way"),
        pytest.param({"firewall": Look(outcome=Outcome.ABSENT)}, Gap.ABSENT, id="no such thing"),
        pytest.param({"firewall": Look(outcome=Outcome.OK, facts={})}, Gap.SILENT, id="not told"),
    ],
)
def test_the_end_of_the_look_says_why(looks: Mapping[str, Look], expected: Gap) -> None:
    """Each of them makes the check unknown, and each becomes known in another way."""
    policy = compiled(FIREWALL)
    assert evaluate(policy, looks, TODAY).results == (Result.UNKNOWN,)

    why = missing(policy, policy.judged[0], looks)

    assert (why.fact, why.decides, why.gap) == ("firewall.enabled", False, expected)


def test_a_condition_without_a_value_is_named_in_place_of_the_check() -> None:
    """What the check asks about is known here; whether it applies is not."""
    policy = compiled(FIREWALL, LOCKED)
    looks = looks_with({"firewall.enabled": True, "screen_lock.asks_password": False})
    assert evaluate(policy, looks, TODAY).results[1] is Result.UNKNOWN

    why = missing(policy, policy.judged[1], looks)

    assert (why.fact, why.decides, why.gap) == ("screen_lock.enabled", True, Gap.SILENT)


def test_a_condition_that_holds_leaves_the_value_of_the_check_itself() -> None:
    """The reason of the look goes with it."""
    policy = compiled(LOCKED)
    looks = looks_with({"screen_lock.enabled": True})
    assert missing(policy, policy.judged[0], looks).fact == "screen_lock.asks_password"

    denied = {"screen_lock": Look(outcome=Outcome.DENIED, reason=Reason.ACCESS_DENIED)}
    why = missing(policy, policy.judged[0], denied)
    assert (why.decides, why.outcome, why.reason) == (True, Outcome.DENIED, Reason.ACCESS_DENIED)


@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_every_end_of_a_look_has_a_word(outcome: Outcome | None) -> None:
    """Also those of newer versions."""
    assert gap(outcome) in Gap
