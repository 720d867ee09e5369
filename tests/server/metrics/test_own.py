"""What does the collector say of itself, and what does it keep from whoever watches closely?"""

from collections import Counter
from typing import Any

import pytest

from fernbereit_server.ingest.handlers import Word
from fernbereit_server.ingest.tally import Tally
from fernbereit_server.metrics.own import STEP, Vitals, own_metrics

VITALS = Vitals(queue_depth=0, paused=False, connected=True, generation="")


def samples(tally: Tally) -> dict[tuple[str, str], float]:
    """Return every sample by name and label value."""
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for metric in own_metrics(tally, VITALS, None)
        for sample in metric.samples
    }


def tally(*, reports: int, **counts: Any) -> Tally:
    """Return the counts after so many ordinary reports."""
    told = Tally(records_applied=reports, acks_sent=reports, commits=reports, **counts)
    told.commit_seconds = 0.01 * reports
    told.messages["applied"] = reports
    return told


@pytest.mark.parametrize("reports", [0, STEP - 2])
def test_one_more_report_of_a_laptop_moves_nothing(reports: int) -> None:
    """Whoever polls a trial of three laptops must not see when one is switched on."""
    assert samples(tally(reports=reports)) == samples(tally(reports=reports + 1))


def test_traffic_is_seen_in_steps() -> None:
    """A rate over a fleet is as good as exact."""
    seen = samples(tally(reports=2 * STEP + 7))

    assert seen["fernbereit_collector_messages_total", "applied"] == 2 * STEP
    assert seen["fernbereit_collector_commit_seconds_sum", ""] == pytest.approx(0.02 * STEP)


def test_a_fault_is_seen_at_once() -> None:
    """The first failed transaction is worth an alert."""
    told = tally(reports=1, commits_failed=1)
    told.messages["wrong_lane"] = 1

    assert samples(told)["fernbereit_collector_commits_failed_total", ""] == 1
    assert samples(told)["fernbereit_collector_messages_total", "wrong_lane"] == 1


@pytest.mark.parametrize(
    "name",
    ["records_future_dated", "observations_inconsistent", "unknown_values", "unknown_fields"],
)
def test_a_fault_one_laptop_repeats_is_seen_once(name: str) -> None:
    """A clock that is ahead is so in every report: counted singly, it tells when that laptop is on."""
    shown = [
        samples(tally(reports=0, **{name: count}))[f"fernbereit_collector_{name}_total", ""]
        for count in (0, 1, 2, STEP - 1, STEP, STEP + 1)
    ]

    assert shown == [0, 1, 1, 1, STEP, STEP]


@pytest.mark.parametrize("word", [word for word in Word if word not in {"applied", "duplicate", "gap"}])
def test_a_laptop_that_is_turned_away_again_and_again_moves_nothing(word: str) -> None:
    """Such as one in quarantine, which everybody at the desk knows by name."""
    first, second = (Tally(messages=Counter({word: count})) for count in (1, 2))

    assert samples(first)["fernbereit_collector_messages_total", word] == 1
    assert samples(first) == samples(second)


def test_reasons_move_in_steps_as_well() -> None:
    """One agent that sends what nobody can read does so with every report."""
    first, second = (Tally(undecodable=Counter(size=count), refused=Counter(facts=count)) for count in (1, 2))

    assert samples(first) == samples(second)
    assert samples(first)["fernbereit_collector_undecodable_total", "size"] == 1


def test_policies_that_were_sent_are_traffic_and_those_that_failed_a_fault() -> None:
    """Each one sent says that its laptop has just reported."""
    shown = samples(tally(reports=0, policies_sent=STEP + 1, policies_failed=1))

    assert shown["fernbereit_collector_policies_sent_total", ""] == STEP
    assert shown["fernbereit_collector_policies_failed_total", ""] == 1
