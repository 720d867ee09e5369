"""When may published counts move? Once k devices of the group have changed, whoever they are and however.

Somebody may know that since yesterday one laptop of a unit changed, and which one. If its unit's numbers
moved, he would know how. So the counts of a family and group stay until k devices or more say another word
of the family than when they last moved, arrived or left (`Memory.changed`). Whether they do so is all that
counts, not what they say: that numbers move tells nothing beyond what whoever knows who changed knows
already. And if the published counts would move so far that every one of them must have changed to the same
word, they stay as well (`moved`).

A device that was drawn by lot counts as unchanged, since its own words are not counted. `cells` needs that:
so the numbers move alike in a world in which another one was drawn.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from threading import Lock
from typing import NamedTuple

from fernbereit_server.publication.groups import Group
from fernbereit_server.publication.rounding import Row, span
from fernbereit_server.stalls import let_go

Words = str
"""What one device says of each family, one character a word: a tuple of 130 words is eight times as large."""
NOBODY, DRAWN = "\0", "\1"
"""Said of each family by who was not there, and by who was drawn."""
_letters: dict[str, str] = {}
_one_at_a_time = Lock()


def spelled(words: Sequence[str]) -> list[str]:
    """Return the character of each word; a word keeps its own as long as the collector runs."""
    with _one_at_a_time:
        letters = {word: _letters.setdefault(word, chr(len(_letters) + 2)) for word in set(words)}
    return [letters[word] for word in words]


class Held(NamedTuple):
    """The exact and the published counts of one family and group, in the order of its words.

    `shown` is empty where a total had to be withheld. A rest that has no cell comes last.
    """

    family: str
    site: str
    unit: str
    row: Row
    shown: Row


def moved(new: Held, old: Held | None, k: int, changed: int) -> Held:
    """Return the new counts of a group if they may be published already, else those of before."""
    if old is None or len(old.row) != len(new.row):
        return new
    return new if changed >= k and not _explained_by_all(old, new, k, changed) else old


def _explained_by_all(old: Held, new: Held, k: int, changed: int) -> bool:
    for before, now in zip(old.shown, new.shown, strict=False):
        least, most = span(before, sum(old.row), k)
        now_least, now_most = span(now, sum(new.row), k)
        if max(now_least - most, least - now_most) >= changed:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Memory:
    """What each device of each group said when the numbers last moved, family by family.

    `columns` are keys of families, `words` by group and name in their order, `NOBODY` for who was not there.
    Held in memory only: after a start the numbers wait for k changes from then on.
    """

    columns: tuple[str, ...] = ()
    words: Mapping[Group, dict[str, Words]] = field(default_factory=dict)

    def changed(self, now: "Memory") -> dict[Group, dict[str, int]]:
        """Return how many devices of each group changed what they say of each family; both have one order."""
        return {
            group: self._of_group(self.words[group], words)
            for group, words in now.words.items()
            if group in self.words
        }

    def _of_group(self, before: Mapping[str, Words], now: Mapping[str, Words]) -> dict[str, int]:
        nothing: Words = NOBODY * len(self.columns)
        counts = [0] * len(self.columns)
        for name in _names(before, now):
            old, new = before.get(name, nothing), now.get(name, nothing)
            if old != new:
                for place, (said, says) in enumerate(zip(old, new, strict=True)):
                    if said != says and (NOBODY in {said, says} or DRAWN not in {said, says}):
                        counts[place] += 1
        return dict(zip(self.columns, counts, strict=True))

    def updated(self, now: "Memory", moves: Mapping[Group, Collection[str]]) -> "Memory":
        """Return what to remember after the counts of some families moved; groups that are gone go."""
        words: dict[Group, dict[str, Words]] = {}
        for group, latest in now.words.items():
            before = self.words.get(group)
            going = {place for place, key in enumerate(self.columns) if key in moves.get(group, ())}
            if before is None or len(going) == len(self.columns):
                words[group] = latest
            elif going:
                words[group] = self._mixed(before, latest, going)
            else:
                words[group] = before
        return Memory(now.columns, words)

    def _mixed(
        self, before: Mapping[str, Words], now: Mapping[str, Words], going: set[int]
    ) -> dict[str, Words]:
        nothing: Words = NOBODY * len(self.columns)
        once: dict[Words, Words] = {}
        mixed: dict[str, Words] = {}
        for name in _names(before, now):
            old, new = before.get(name, nothing), now.get(name, nothing)
            if old != new:
                old = "".join(new[place] if place in going else said for place, said in enumerate(old))
                old = once.setdefault(old, old)
            if old != nothing:
                mixed[name] = old
        return mixed

    def let_go(self, *kept: "Memory") -> None:
        """Forget everything that is in none of `kept`."""
        held = {id(words) for memory in kept for words in memory.words.values()}
        let_go(*(words for words in self.words.values() if id(words) not in held))

    def in_order(self, columns: tuple[str, ...]) -> "Memory":
        """Return the same for families in another order; nobody has said anything of a new one."""
        if columns == self.columns:
            return self
        places = [self.columns.index(key) if key in self.columns else -1 for key in columns]
        return Memory(
            columns,
            {
                group: {
                    name: "".join(said[place] if place >= 0 else NOBODY for place in places)
                    for name, said in words.items()
                }
                for group, words in self.words.items()
            },
        )


def _names(before: Mapping[str, Words], now: Mapping[str, Words]) -> Iterator[str]:
    """Return who was there or is: one after the other, since a union of 100,000 is one long call."""
    return chain(before, (name for name in now if name not in before))
