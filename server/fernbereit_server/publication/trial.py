"""What of a dry run may everybody see? Joint counts of the whole fleet, rounded like every published row."""

from collections import Counter
from collections.abc import Iterable

from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import Result
from fernbereit_server.judging.judged import Compliance
from fernbereit_server.judging.trial import NOT_THERE, Moves, Tally
from fernbereit_server.publication.rounding import round_row, rounded


def published(tally: Tally, k: int) -> Tally | None:
    """Return the counts rounded to multiples of k; None where fewer than k devices are counted.

    Every pair of words is rounded, also those nobody says, and sums are made of the rounded counts, so that
    no two published figures can be played against each other.
    """
    if tally.devices < k:
        return None
    results = (*(word.value for word in Result), NOT_THERE)
    return Tally(
        devices=rounded(tally.devices, tally.devices, k),
        verdicts=_rounded(tally.verdicts, [word.value for word in Verdict], k),
        compliances=_rounded(tally.compliances, [word.value for word in Compliance], k),
        checks={name: _rounded(moves, results, k) for name, moves in tally.checks.items()},
    )


def _rounded(moves: Moves, words: Iterable[str], k: int) -> Moves:
    words = tuple(words)
    pairs = [(before, after) for before in words for after in words]
    if sum(moves.values()) < k:
        return Counter()
    row = round_row([moves[pair] for pair in pairs], k)
    return Counter({pair: count for pair, count in zip(pairs, row, strict=True) if count})
