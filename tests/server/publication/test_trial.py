"""Does a published dry run tell of groups, and of nobody alone?"""

from collections import Counter

from fernbereit_server.judging.trial import Tally
from fernbereit_server.publication.trial import published


def tally(**moves: int) -> Tally:
    """Return counts of verdicts; `ready_limited=3` are three devices that move."""
    verdicts: Counter[tuple[str, str]] = Counter()
    for name, count in moves.items():
        before, after = name.split("__")
        verdicts[before, after] = count
    return Tally(
        devices=verdicts.total(),
        verdicts=verdicts,
        compliances=Counter({("compliant", "compliant"): verdicts.total()}),
        checks={"camera": Counter({("pass", "fail"): 7, ("pass", "pass"): verdicts.total() - 7})},
    )


def test_fewer_than_k_devices_are_not_counted() -> None:
    """There is nothing to say of them."""
    assert published(tally(ready__ready=4), 5) is None


def test_all_counts_are_multiples_of_k() -> None:
    """Of verdicts, compliance and checks; the fleet is rounded too."""
    shown = published(tally(ready__ready=93, ready__limited=8, unknown__unknown=1), 5)

    assert shown is not None
    assert shown.devices == 100
    counts = [*shown.verdicts.values(), *shown.compliances.values(), *shown.checks["camera"].values()]
    assert counts
    assert all(count % 5 == 0 for count in counts)
    assert shown.verdicts["ready", "limited"] == 10


def test_one_device_that_moves_is_not_seen() -> None:
    """Whoever tries policy after policy learns nothing of it from a rounded page."""
    still = published(tally(ready__ready=52), 5)
    moved = published(tally(ready__ready=51, ready__limited=1), 5)

    assert still == moved


def test_that_all_devices_move_is_not_certain() -> None:
    """A fleet in which one does not is published alike."""
    assert published(tally(ready__limited=50), 5) == published(tally(ready__limited=49, ready__ready=1), 5)
