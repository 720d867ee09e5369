"""What does the collector say of itself, and what does it keep from whoever watches closely?"""

from typing import Any

import pytest

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
