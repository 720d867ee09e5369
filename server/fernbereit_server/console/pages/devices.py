"""Which devices are there? A search and its result, one page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args
from urllib.parse import quote, urlencode

from fernbereit.words import Words
from fernbereit_server.console.pages.people import kind_of, unit_of
from fernbereit_server.console.status import Status, freshness_look, verdict_look
from fernbereit_server.console.wording import pick
from fernbereit_server.desk import MAX_TEXT, VERDICTS, DevicePage, DeviceRow, VerdictWord
from fernbereit_server.publication.census import PublishedFreshness

FRESHNESS: Final[tuple[PublishedFreshness, ...]] = get_args(PublishedFreshness)
MAX_POSITION: Final = 1024
PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for; empty text means everything."""

    text: str = ""
    unit: str = ""
    freshness: PublishedFreshness | None = None
    verdict: VerdictWord | None = None
    blocker: str = ""
    after: str = ""

    @property
    def text_only(self) -> bool:
        """Return whether one device may be meant: a text, and nothing that narrows a list."""
        return bool(self.text) and not (
            self.unit or self.freshness or self.verdict or self.blocker or self.after
        )

    def address(self, **changed: str) -> str:
        """Return the address of this search with some parts changed, leaving out what is empty."""
        parts = {
            "q": self.text,
            "unit": self.unit,
            "freshness": self.freshness or "",
            "verdict": self.verdict or "",
            "blocker": self.blocker,
            **changed,
        }
        query = urlencode({name: value for name, value in parts.items() if value})
        return f"/devices?{query}" if query else "/devices"


def read_query(parameters: Mapping[str, str]) -> Query:
    """Read a search from an address; what is too long or not known is cut or left out."""
    asked = parameters.get("freshness")
    return Query(
        text=parameters.get("q", "").strip()[:MAX_TEXT],
        unit=parameters.get("unit", "")[:MAX_TEXT],
        freshness=next((word for word in FRESHNESS if word == asked), None),
        verdict=next((word for word in VERDICTS if word == parameters.get("verdict")), None),
        blocker=parameters.get("blocker", "")[:MAX_TEXT],
        after=parameters.get("after", "")[:MAX_POSITION],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One entry of a selection."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One device; `name` is its label, or its code where it has none; `address` is that of its page."""

    address: str
    code: str
    name: str
    unit: str
    kind: str
    verdict: Status
    report: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesView:
    """The whole page; `onward` and `back` are addresses or empty."""

    text: str
    units: tuple[Option, ...]
    freshness: tuple[Option, ...]
    verdicts: tuple[Option, ...]
    blocker: str
    heading: str
    rows: tuple[RowView, ...]
    onward: str
    back: str


def devices(query: Query, found: DevicePage, units: Sequence[str], words: Words) -> DevicesView:
    """Lay out a search; `units` are those that can be chosen."""
    searching = query != Query(after=query.after)
    return DevicesView(
        text=query.text,
        units=(
            Option(value="", text=words("search.all_units"), chosen=not query.unit),
            *(Option(value=unit, text=unit_of(unit, words), chosen=unit == query.unit) for unit in units),
        ),
        freshness=(
            Option(value="", text=words("search.all_freshness"), chosen=not query.freshness),
            *(
                Option(value=word, text=pick(words, "report", word), chosen=word == query.freshness)
                for word in FRESHNESS
            ),
        ),
        verdicts=(
            Option(value="", text=words("search.all_verdicts"), chosen=not query.verdict),
            *(
                Option(value=word, text=words(f"verdict.{word}"), chosen=word == query.verdict)
                for word in VERDICTS
            ),
        ),
        blocker=query.blocker,
        heading=words("devices.found" if searching else "devices.every"),
        rows=tuple(_row(row, words) for row in found.rows),
        onward=query.address(after=found.next) if found.next else "",
        back=query.address() if query.after else "",
    )


def device_address(ref: str) -> str:
    """Return the address of a device's page, in which neither serial number nor id stands."""
    return f"/devices/{quote(ref, safe='')}"


def _row(row: DeviceRow, words: Words) -> RowView:
    return RowView(
        address=device_address(row.ref),
        code=row.code or "",
        name=row.label or row.ref,
        unit=unit_of(row.unit, words),
        kind=kind_of(row.kind, words),
        verdict=Status(word=pick(words, "verdict", row.verdict), look=verdict_look(row.verdict)),
        report=Status(word=pick(words, "report", row.freshness), look=freshness_look(row.freshness)),
    )
