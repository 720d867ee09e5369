"""A laptop that says something nobody ever said, in every place where it may say a text."""

import json
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from fernbereit.delivery import Envelope, RecordLine
from fernbereit.record import RecordError, decode_record

LAPTOPS = Path(__file__).parent / "laptops"
EPOCH = "00000000-0000-4000-8000-000000000002"
Place = tuple[str | int, ...]
_FORMS = ('Über "alles"\n{hostile="%d"} 1\n# EOF\\', 'Ä"%d"} 1 \\', "hostile_%d", "%d.0")
"""From the worst to what fits narrow places; each place gets the worst it lets pass."""


def said() -> dict[str, Any]:
    """Return one record with every section, of each the observation of a recorded laptop with most texts."""
    sections: dict[str, Any] = {}
    for file in sorted(LAPTOPS.glob("*/expected.json")):
        for name, seen in json.loads(file.read_text(encoding="utf-8")).items():
            if name not in sections or len(list(texts(seen))) > len(list(texts(sections[name]))):
                sections[name] = {"observed_age_s": 0.0, **seen}
    sections["readiness"]["facts"]["contested"] = ["encryption", "camera"]
    return {"sections": sections, "unchanged": {}, "complete": True}


def texts(value: Any, place: Place = ()) -> Iterator[Place]:
    """Yield the place of every text."""
    if isinstance(value, str):
        yield place
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts(inner, (*place, key))


class Hostile:
    """Makes records; `texts` counts the distinct hostile ones."""

    def __init__(self) -> None:
        self._template = said()
        self._numbers = count()
        self.texts = 0
        self._forms: dict[Place, str] = {}
        for place in texts(self._template):
            for form in reversed(_FORMS):
                before = self._forms.get(place)
                self._forms[place] = form
                if not self._is_taken(self.record([place])) and before is not None:
                    self._forms[place] = before
        open_places = [place for place in self._forms if self._is_taken(self.record([place]))]
        self.outcomes = tuple(place for place in open_places if place[-1] in {"outcome", "reason"})
        """How a section was read; one that was not has no facts."""
        self.open = tuple(place for place in open_places if place not in self.outcomes)
        """Where texts are taken in."""
        self.closed = tuple(place for place in self._forms if place not in open_places)
        """Where only dates and the like are."""
        self.texts = 0

    def record(self, places: Sequence[Place], *, names: bool = False) -> bytes:
        """Return a record with a new text in each of these places, and with `names` in names of fields."""
        record = json.loads(json.dumps(self._template))
        for *way, last in places:
            inner = record
            for key in way:
                inner = inner[key]
            inner[last] = self._text(self._forms[(*way, last)])
        if names:
            record["sections"][self._text()] = {"outcome": self._text(), "observed_age_s": 0}
            record["sections"]["machine"]["facts"][self._text()] = self._text()
            record["unchanged"][self._text()] = 1.0
        return json.dumps(record).encode()

    def envelopes(self, device_id: str, number: int, each: int = 10) -> Iterator[bytes]:
        """Yield envelopes of one device until it said about so many texts."""
        seq, closed = 0, 0
        while self.texts < number:
            lines = []
            for turn in range(each):
                seq += 1
                if turn == 0 and self.closed:
                    body = self.record([self.closed[closed % len(self.closed)]])
                    closed += 1
                elif turn == 1:
                    body = self.record(self.outcomes, names=True)
                else:
                    body = self.record(self.open)
                lines.append(RecordLine(seq, seq - 1, 0, body))
            yield Envelope(
                device_id=device_id,
                epoch=EPOCH,
                oldest=1,
                records=tuple(lines),
                merged_total=0,
                dropped_total=0,
            ).encode()

    def _text(self, form: str = _FORMS[0]) -> str:
        self.texts += 1
        return form % next(self._numbers)

    @staticmethod
    def _is_taken(body: bytes) -> bool:
        try:
            decode_record(body)
        except RecordError:
            return False
        return True
