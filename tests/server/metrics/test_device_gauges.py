"""Is nothing told of one device that its visibility keeps back, and does every number keep its word?"""

from dataclasses import replace

import pytest

from fernbereit.facts import SECTIONS
from fernbereit.facts.readiness import Verdict
from fernbereit.field import Visibility, declaration
from fernbereit.policy import shipped_policy
from fernbereit.readiness import Result, compile_policy
from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.judging.judged import Compliance, Judged
from fernbereit_server.metrics.catalogue import TRAITS
from fernbereit_server.metrics.device_gauges import STATES, DeviceGauge, device_gauges
from small_fleet import device_id, two_units

POLICY = NOTHING_DECIDED.policy
GAUGES = {gauge.name.removeprefix("fernbereit_device_"): gauge for gauge in device_gauges(POLICY)}


def told(gauge: str, **judged: object) -> list[tuple[str, str]]:
    """Return the rows of a device that encrypts its disk and is judged so."""
    device = two_units().devices[device_id(1)]
    device.judged = Judged(
        **{
            "policy_version": POLICY.policy.version,
            "verdict": Verdict.READY,
            "compliance": Compliance.COMPLIANT,
            "outdated": False,
            "results": (Result.PASS,) * len(POLICY.judged),
            "counted": (Result.FAIL,) * len(POLICY.counted),
            **judged,  # type: ignore[arg-type]
        }
    )
    return list(GAUGES[gauge].of(device))


@pytest.mark.parametrize("gauge", GAUGES.values(), ids=GAUGES)
def test_only_what_may_be_seen_of_one_device_is_told(gauge: DeviceGauge) -> None:
    """Zone, tunnel, round trips, Wi-Fi: each is declared as counted and so cannot be among them."""
    for path in gauge.facts:
        section, _, field = path.partition(".")
        model = SECTIONS[section]
        name = field.partition("[")[0].partition(".")[0]

        assert declaration(model.model_fields[name])[2] is Visibility.DEVICE, path


def test_every_check_of_the_shipped_policy_that_is_only_counted_is_left_out() -> None:
    """Such as the quality of the Wi-Fi."""
    shown = {tail for tail, _ in told("check")}

    assert shown == {f',check="{check.id}"' for check in POLICY.judged}
    assert POLICY.counted


def test_the_states_of_a_fact_are_the_words_of_its_trait() -> None:
    """A new word of a fact must get a number of its own, behind the others."""
    words = {trait.name: set(trait.words) for trait in TRAITS}

    assert {state.trait.name: set(state.words) for state in STATES} == {
        state.trait.name: words[state.trait.name] for state in STATES
    }


def test_numbers_are_those_that_dashboards_and_alerts_were_made_with() -> None:
    """Once given out, a number keeps its meaning; only new ones are added."""
    helps = {name: gauge.help for name, gauge in GAUGES.items()}

    assert helps["verdict"] == "Verdict of the collector: 0 unknown, 1 not_ready, 2 limited, 3 ready."
    assert helps["check"] == "Result of one check: 0 unknown, 1 fail, 2 not_applicable, 3 waived, 4 pass."
    assert helps["compliance"].endswith("0 unknown, 1 non_compliant, 2 in_grace, 3 compliant.")
    assert helps["encryption"].endswith(
        "0 unknown, 1 encrypted, 2 partly, 3 suspended, 4 not_encrypted, 5 third_party, 6 other."
    )
    assert helps["secure_boot"].endswith("0 unknown, 1 on, 2 off, 3 unsupported, 4 other.")


def test_a_judgement_becomes_numbers() -> None:
    """As the help says."""
    assert told("verdict") == [("", "3")]
    assert told("verdict", verdict=Verdict.UNKNOWN) == [("", "0")]
    assert told("compliance", compliance=Compliance.IN_GRACE) == [("", "2")]
    assert {number for _, number in told("check")} == {"4"}
    assert told("encryption") == [("", "1")]


def test_facts_that_are_too_old_look_like_facts_nobody_knows() -> None:
    """Else the day on which a laptop has been off for a fortnight would be read off its compliance."""
    outdated = told("compliance", compliance=Compliance.OUTDATED)

    assert outdated == told("compliance", compliance=Compliance.NOT_EVALUATED) == [("", "0")]


def test_a_judgement_under_another_policy_is_not_told() -> None:
    """Its results stand in another order."""
    another = POLICY.policy.version + 1

    assert told("verdict", policy_version=another) == [("", "0")]
    assert {number for _, number in told("check", policy_version=another)} == {"0"}


def test_a_check_is_named_by_the_policy_alone() -> None:
    """A policy with one check makes one line of checks a device."""
    shipped = shipped_policy()
    one = compile_policy(shipped.model_copy(update={"checks": shipped.checks[:1]}))
    gauge = next(gauge for gauge in device_gauges(one) if gauge.name == "fernbereit_device_check")

    rows = list(gauge.of(replace(two_units().devices[device_id(1)])))

    assert rows == [(f',check="{shipped.checks[0].id}"', "0")]
