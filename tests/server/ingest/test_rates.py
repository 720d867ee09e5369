"""How often may one device report, and what do buckets cost?"""

from fernbereit_server.ingest.rates import Buckets


def test_a_burst_is_heard_and_then_the_rate() -> None:
    """Sixty at once, then one a second."""
    buckets = Buckets(rate_per_s=1, burst=60)

    assert sum(buckets.take("d", 1000.0) for _ in range(100)) == 60
    assert sum(buckets.take("d", 1000.0 + second) for second in range(1, 31)) == 30


def test_a_quiet_device_costs_nothing() -> None:
    """A bucket that is full again is forgotten."""
    buckets = Buckets(rate_per_s=1, burst=60)
    for number in range(100):
        buckets.take(f"d{number}", 1000.0)
    buckets.take("late", 1100.0)

    assert len(buckets) == 1


def test_a_clock_that_is_set_back_silences_nobody_for_long() -> None:
    """A bucket emptied in the future is not waited for."""
    buckets = Buckets(rate_per_s=1, burst=1)
    buckets.take("d", 1_000_000.0)

    assert buckets.take("d", 1000.0)
