"""What does a drill look like as a picture? SVG, the bars of the terminal, readable without colour.

Able is solid blue (Okabe and Ito's, told apart by people who are colour-blind), unknown is hatched grey, the
rest is empty with an outline; every bar has its figures beside it in text, and a description of its own.
"""

from collections.abc import Iterator
from html import escape

from fernbereit.words import Words
from fernbereit_server.resilience import telling as told
from fernbereit_server.resilience.result import DrillResult, UnitResult

_WIDTH, _LEFT, _BAR, _ROW, _TOP = 1000, 260, 400, 34, 120
_INK, _SOFT, _ABLE, _HATCH, _PAPER = "#16212c", "#4a5866", "#0072b2", "#6b6b6b", "#ffffff"
_LETTERS = 32


def picture(result: DrillResult, say: Words) -> str:
    """Return the picture as one SVG document; it refers to nothing outside itself."""
    height = _TOP + _ROW * len(result.units) + 70
    return "\n".join(
        (
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
                f'height="{height}" role="img" aria-labelledby="title desc" lang="{say.lang}" '
                'font-family="system-ui, sans-serif">'
            ),
            *_parts(result, say, height),
            "</svg>\n",
        )
    )


def _parts(result: DrillResult, say: Words, height: int) -> Iterator[str]:
    title = result.title[say.lang]
    if result.organisation:
        title = f"{result.organisation}: {title}"
    binds = say("drill.binds", binding=told.binding(result.binding, told.words(say.lang)))
    units = (_sentence(unit, say) for unit in result.units)
    described = " ".join([told.headline(result, told.words(say.lang)), binds, *units])
    yield f'<title id="title">{escape(title)}</title>'
    yield f'<desc id="desc">{escape(described)}</desc>'
    yield (
        '<defs><pattern id="unknown" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="#e4e4e4"/>'
        f'<rect width="2" height="6" fill="{_HATCH}"/></pattern></defs>'
    )
    yield f'<rect width="{_WIDTH}" height="{height}" fill="{_PAPER}"/>'
    yield _text(20, 36, title, size=22, weight=650)
    yield _text(20, 64, told.headline(result, told.words(say.lang)))
    yield _text(20, 88, binds, colour=_SOFT)
    for place, unit in enumerate(result.units):
        yield from _bar(unit, say, _TOP + place * _ROW)
    yield from _legend(say, height - 34)


def _bar(unit: UnitResult, say: Words, top: int) -> Iterator[str]:
    name = unit.name if len(unit.name) <= _LETTERS else unit.name[: _LETTERS - 1] + "…"
    yield f"<g><title>{escape(_sentence(unit, say))}</title>"
    yield _text(_LEFT - 12, top + 16, name, anchor="end")
    if unit.leaves and unit.ratio:
        low, high = (min(1.0, share) * _BAR for share in (unit.ratio.low, unit.ratio.high))
        yield _box(_LEFT, top, low, _ABLE)
        yield _box(_LEFT + low, top, high - low, "url(#unknown)")
    if unit.leaves:
        yield (f'<rect x="{_LEFT}" y="{top}" width="{_BAR}" height="22" fill="none" stroke="{_SOFT}"/>')
        of = told.able_of(unit, told.words(say.lang))
        yield _text(_LEFT + _BAR + 12, top + 16, f"{of}, {told.share(unit.ratio, told.words(say.lang))}")
    else:
        yield _text(_LEFT, top + 16, told.words(say.lang)("drill.kind.stays"), colour=_SOFT)
    yield "</g>"


def _sentence(unit: UnitResult, say: Words) -> str:
    stops = told.binding(unit.binding, told.words(say.lang))
    if not unit.leaves:
        return f"{unit.name}: {stops}."
    of = told.able_of(unit, told.words(say.lang))
    return f"{unit.name}: {of}, {told.share(unit.ratio, told.words(say.lang))}; {stops}."


def _legend(say: Words, top: int) -> Iterator[str]:
    looks = (("able", _ABLE), ("unknown", "url(#unknown)"), ("not_able", "none"))
    for place, (word, fill) in enumerate(looks):
        left = _LEFT + place * 190
        yield f'<rect x="{left}" y="{top}" width="16" height="16" fill="{fill}" stroke="{_SOFT}"/>'
        yield _text(left + 24, top + 13, say(f"drill.legend.{word}"))


def _box(left: float, top: int, width: float, fill: str) -> str:
    return f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="22" fill="{fill}"/>'


def _text(
    left: float,
    top: float,
    text: str,
    *,
    size: int = 15,
    weight: int = 400,
    colour: str = _INK,
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{left}" y="{top}" font-size="{size}" font-weight="{weight}" fill="{colour}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )
