"""How is the whole fleet counted beside its units, without undoing what rounding hides?

A total is the sum of its units, so unit rows and total together say more than either. Most totals are
harmless; a few touch the edge of what the unit rows allow (nine units of five published as 5 each, a tenth
as 0, the total as 25: then nobody in the tenth says the word). Such a total is replaced.

**What holds.** Let P be the published unit rows and p a total row; `hides` says whether for every unit and
word there is a fleet that rounds to P and p in which somebody in the unit says the word. It depends on P and
p alone. The total published is the rounded sum if it hides, else the rounded sum of the likely rows of P,
which depends on P alone; if that does not hide either, then P never gets a total, whatever the fleet. So
every published pair hides, and every fleet that rounds to the pair is published as it. QED
"""

from collections.abc import Sequence

from fernbereit_server.publication.rounding import Row, fits, likely, rounded, span

Spans = list[tuple[int, int]]


def round_total(groups: Sequence[Row], rows: Sequence[Row], k: int) -> Row | None:
    """Publish the sum of `groups` (exact counts, published as `rows`), or None if it must be withheld."""
    usual = [likely(row, sum(group), k) for group, row in zip(groups, rows, strict=True)]
    sizes = [sum(group) for group in groups]
    fallback = _rounded_sum(usual, k)
    if not hides(usual, sizes, rows, fallback, k):
        return None
    counted = [
        group if fits(group, row, k) else stand_in
        for group, row, stand_in in zip(groups, rows, usual, strict=True)
    ]
    total = _rounded_sum(counted, k)
    return total if hides(counted, sizes, rows, total, k) else fallback


def hides(fleet: Sequence[Row], sizes: Sequence[int], rows: Sequence[Row], total: Row, k: int) -> bool:
    """Tell whether every word may be said by somebody in every unit; `fleet` rounds to `rows` and `total`.

    Starting from the fleet, one device more says the word in its unit if a chain of moves brings everything
    else back within what was published: a path in the residual network of a transport problem.
    """
    words = range(len(total))
    spans = [[span(value, size, k) for value in row] for size, row in zip(sizes, rows, strict=True)]
    sums = [sum(group[word] for group in fleet) for word in words]
    reached = _closure(_moves(fleet, spans, sums, [span(value, sum(sizes), k) for value in total]))
    for group, limits in zip(fleet, spans, strict=True):
        givers = [word for word in words if group[word] > limits[word][0]]
        for word in words:
            if group[word] == 0 and not any(giver in reached[word] for giver in givers):
                return False
    return True


def _rounded_sum(groups: Sequence[Row], k: int) -> Row:
    sums = [sum(column) for column in zip(*groups, strict=True)]
    size = sum(sums)
    return tuple(rounded(count, size, k) for count in sums)


def _moves(fleet: Sequence[Row], spans: Sequence[Spans], sums: Sequence[int], total: Spans) -> list[set[int]]:
    """Where can a device too many of a word go? To another word, or into the slack of the totals (last)."""
    words = range(len(total))
    slack = len(total)
    moves: list[set[int]] = [set() for _ in range(slack + 1)]
    for word in words:
        if sums[word] < total[word][1]:
            moves[word].add(slack)
        if sums[word] > total[word][0]:
            moves[slack].add(word)
    for group, limits in zip(fleet, spans, strict=True):
        takers = {word for word in words if group[word] < limits[word][1]}
        for word in words:
            if group[word] > limits[word][0]:
                moves[word] |= takers
    return moves


def _closure(moves: Sequence[set[int]]) -> list[set[int]]:
    reached: list[set[int]] = []
    for start in range(len(moves)):
        seen, ahead = {start}, [start]
        while ahead:
            new = moves[ahead.pop()] - seen
            seen |= new
            ahead.extend(new)
        reached.append(seen)
    return reached
