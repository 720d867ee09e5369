"""How does the answer read on a terminal? At most 80 columns; symbols and words, colour where it is seen."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from fernbereit.words import Words
from fernbereit_agent.self_check.answer import Answer, Point, Works
from fernbereit_agent.self_check.wording import ABOUT, about_sentences, commands, further, how_many

WIDTH = 80
_SYMBOLS = {"good": "✓", "warning": "!", "critical": "✗", "unknown": "?"}
_COLOURS = {"good": "34;1", "warning": "33;1", "critical": "31;1", "unknown": "2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pen:
    colour: bool

    def symbol(self, look: str) -> str:
        symbol = _SYMBOLS[look]
        return f"\x1b[{_COLOURS[look]}m{symbol}\x1b[0m" if self.colour else symbol

    def bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.colour else text


def as_text(told: Answer, words: Words, *, first: bool, colour: bool) -> str:
    """Return the answer; with `first` it begins with what this is about."""
    pen = _Pen(colour=colour)
    lines = [pen.bold(words("self_check.title")), ""]
    lines += [f"  {pen.symbol(told.look)} {pen.bold(told.sentence)}"]
    lines += [line for sentence in told.because for line in _wrapped(sentence, "    ")]
    lines += ["", *_head(told, words)]
    if first:
        lines += ["", pen.bold(words(ABOUT)), *_wrapped(" ".join(about_sentences(told, words)), "  ")]
    lines += ["", pen.bold(words("self_check.label.works"))]
    lines += [_works(works, words, pen) for works in told.works]
    lines += ["", pen.bold(words("self_check.label.points")), *_points(told, words, pen)]
    if told.open:
        lines += ["", pen.bold(words("self_check.label.open"))]
        lines += _wrapped(words("self_check.label.open_why"), "  ")
        lines += [line for one in told.open for line in _hung(f"{one.title}: {one.why}", "  ? ", "    ")]
    if told.notes:
        lines += ["", pen.bold(words("self_check.label.notes"))]
        lines += [line for note in told.notes for line in _wrapped(note, "  ")]
    lines.append("")
    for label, command in commands(told, words):
        lines += [*_wrapped(label, "  "), f"    {command}"]
    return "\n".join(lines) + "\n"


def _head(told: Answer, words: Words) -> Iterator[str]:
    rows = (
        ("self_check.label.device_code", told.device_code or words("self_check.label.no_code")),
        ("self_check.label.checked_on", told.checked_on),
        ("self_check.label.policy", told.policy),
        ("self_check.label.help", told.contact or words("self_check.label.help_none")),
    )
    yield from _table([(words(label), text) for label, text in rows], "  ")


def _works(works: Works, words: Words, pen: _Pen) -> str:
    symbol = " " if works.look == "neutral" else pen.symbol(works.look)
    return f"  {symbol} {works.name}: {how_many((works,), words)}"


def _points(told: Answer, words: Words, pen: _Pen) -> Iterator[str]:
    if not told.points:
        yield f"  {words('self_check.label.no_points')}"
        return
    yield from _wrapped(words("self_check.label.read_out"), "  ")
    for number, point in enumerate(told.points, 1):
        yield ""
        yield from _point(number, point, words, pen)
    if told.further:
        yield ""
        yield from _wrapped(f"{further(told, words)}:", "  ")
        for point in told.further:
            yield from _hung(f"{pen.symbol(_look(point))} {point.title}", f"      {point.code}  ", " " * 16)


def _look(point: Point) -> str:
    return "critical" if point.result == "fail" else "unknown"


def _point(number: int, point: Point, words: Words, pen: _Pen) -> Iterator[str]:
    state = words(f"self_check.label.{point.result}")
    if point.essential:
        state += f", {words('self_check.label.essential')}"
    yield f"  {number:2}. {pen.bold(point.code)}  {pen.symbol(_look(point))} {state}"
    yield from (pen.bold(line) for line in _wrapped(point.title, "      "))
    rows = [
        ("self_check.label.seen", f"{point.field}: {point.seen}"),
        ("self_check.label.expected", point.expected),
        ("self_check.label.remedy", point.remedy),
        ("self_check.label.whom", point.whom),
    ]
    yield from _table([(words(label), text) for label, text in rows], "      ")
    if point.contested:
        yield from _wrapped(words("self_check.label.contested"), "      ")


def _table(rows: list[tuple[str, str]], indent: str) -> Iterator[str]:
    width = max(len(label) for label, _ in rows) + 2
    for label, text in rows:
        yield from _hung(text, f"{indent}{label + ':':<{width}}", indent + " " * width)


def _wrapped(text: str, indent: str) -> list[str]:
    return _hung(text, indent, indent)


def _hung(text: str, first: str, then: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False
    )  # IT-Betreuung and --html stay in one piece
