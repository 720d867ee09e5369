"""Which one thing would make a device ready?"""

from collections.abc import Mapping

import pytest

from fernbereit.readiness import Result
from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.publication.last_step import LastSteps

POLICY = NOTHING_DECIDED.policy
STEPS = LastSteps(POLICY)
LIGHT = (
    "memory",
    "battery_health",
    "storage_health",
    "microphone",
    "speakers",
    "camera",
    "tpm",
    "screen_lock",
)
HEAVY = ("malware_protection", "firewall", "os_updated")


def results(said: Mapping[str, Result]) -> tuple[Result, ...]:
    return tuple(said.get(check.id, Result.PASS) for check in POLICY.judged)


@pytest.mark.parametrize(
    ("failing", "check", "fix"),
    [
        (("disk_encryption",), "disk_encryption", "settings"),
        (("vpn_client",), "vpn_client", "vpn_licence"),
        (("portable",), "portable", "laptop"),
        (("portable", "disk_encryption"), None, "several"),
        (("disk_encryption", "camera"), "disk_encryption", "settings"),
    ],
    ids=[
        "one setting",
        "one licence",
        "another device",
        "two essential checks are two steps",
        "a failure that does not matter is left",
    ],
)
def test_an_essential_failure_is_the_last_step_if_it_is_alone(
    failing: tuple[str, ...], check: str | None, fix: str
) -> None:
    """What would be ready if it passed."""
    step = STEPS.of(results(dict.fromkeys(failing, Result.FAIL)))

    assert (step.check, step.fix) == (check, fix)


def test_an_unknown_essential_check_leaves_more_than_one_step() -> None:
    """Nobody knows whether the step would do."""
    said = results({"disk_encryption": Result.FAIL, "portable": Result.UNKNOWN})

    assert STEPS.of(said).fix == "several"


def test_what_costs_nothing_comes_first() -> None:
    """Just short of ready, where a new battery or a setting would do: the setting is named."""
    bought = [check for check in POLICY.judged if check.cost_item and not check.essential]
    settings = [check for check in POLICY.judged if not check.cost_item and not check.essential]
    settings.sort(key=lambda check: -check.weight)
    failing = [*bought, settings[0]]

    step = STEPS.of(results({check.id: Result.FAIL for check in failing}))

    assert step.fix == "settings"
    assert step.check in {check.id for check in settings}
