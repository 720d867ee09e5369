"""How many devices of each group say which word, and who said what? One tick's exact numbers.

Whoever was drawn by lot is counted with the words of another device, and remembered as drawn.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from fernbereit_server.metrics.family import UNKNOWN, Family
from fernbereit_server.publication.answers import Answers, Said
from fernbereit_server.publication.census import Census
from fernbereit_server.publication.groups import WHOLE_FLEET, Group, Place
from fernbereit_server.publication.movement import DRAWN, Memory, Words, spelled
from fernbereit_server.publication.rounding import Row
from fernbereit_server.stalls import AT_A_TIME, let_go, tally


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is counted at one tick: by family the word of everyone who differs, by group who is counted.

    `latest` is what everybody says by name; who was drawn says nothing of its own.
    """

    words: dict[str, list[str]]
    counted: dict[Group, list[int]]
    latest: Memory

    def let_go(self) -> None:
        """Forget what was counted, but for `latest`; to be called when nothing is to be counted any more."""
        let_go(self.words, self.counted)

    def rows(self, family: Family) -> dict[Group, Row]:
        """Return the counts of a family in the order of its words; by unit, or for the fleet only."""
        word = self.words[family.key].__getitem__
        if family.level == "fleet":
            everybody = list(chain.from_iterable(self.counted.values()))
            return {WHOLE_FLEET: _row(family, tally(map(word, everybody)))} if everybody else {}
        return {group: _row(family, tally(map(word, who))) for group, who in self.counted.items()}


def count(
    everything: Iterable[Family], census: Census, groups: Mapping[Place, Group], answers: Answers
) -> Sheet:
    """Ask everybody that differs for the word of every family that is counted."""
    counted, drawn = census.counted(groups)
    place = {one: number for number, one in enumerate(census.seen)}
    for _, one in counted:
        place.setdefault(one, len(place))
    seen = list(place)
    said = Said(seen, answers)
    words = {family.key: said.words(family) for family in everything if not family.is_summed}
    who: dict[Group, list[int]] = defaultdict(list)
    for (group, one), count in counted.items():
        who[group] += [place[one]] * count
    spoken = _spoken(words, len(seen))
    nothing: Words = DRAWN * len(words)
    latest: dict[Group, dict[str, Words]] = defaultdict(dict)
    for name, one in census.members.items():
        if one.place in groups:
            told = nothing if name in drawn else spoken[place[one]]
            latest[groups[one.place]][name] = latest[WHOLE_FLEET][name] = told
    let_go(counted, place, seen, spoken)
    return Sheet(words, dict(sorted(who.items())), Memory(tuple(words), dict(latest)))


def _spoken(words: Mapping[str, list[str]], number: int) -> list[Words]:
    """Return what each of so many says of every family, in their order."""
    spoken: list[Words] = []
    for begin in range(0, number, AT_A_TIME):
        columns = [spelled(said[begin : begin + AT_A_TIME]) for said in words.values()]
        spoken += ["".join(told) for told in zip(*columns, strict=True)]
    return spoken


def _row(family: Family, words: Counter[str]) -> Row:
    """Order counts; a word that the family does not list is unknown, or the rest, but not lost."""
    if not family.words:
        return (words.total(),)
    strange = sum(count for word, count in words.items() if word not in family.words)
    if family.leaves_rest:
        return (*(words[word] for word in family.words), strange)
    return tuple(words[word] + (strange if word == UNKNOWN else 0) for word in family.words)


def summed_up(rows: Iterable[Row]) -> Row:
    """Add rows of equal length."""
    return tuple(sum(column) for column in zip(*rows, strict=True))
