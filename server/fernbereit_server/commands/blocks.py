"""How does a short document read as text and as a page? Markdown and HTML from the same blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `to_tick` ones are open points for a pen."""

    texts: tuple[str, ...]
    to_tick: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first column names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Items | Grid

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;"
    "background:#fff}table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #767676;"
    "padding:.3rem .6rem;text-align:left;vertical-align:top}"
)


def as_markdown(title: str, blocks: Sequence[Block]) -> str:
    """Write a document as Markdown that reads well as plain text too."""
    return "\n\n".join([f"# {_plain(title)}", *map(_markdown, blocks)]) + "\n"


def as_html(title: str, blocks: Sequence[Block], language: str) -> str:
    """Write a document as one page without scripts and without anything from elsewhere."""
    body = "\n".join([f"<h1>{escape(title)}</h1>", *map(_html, blocks)])
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _markdown(block: Block) -> str:
    if isinstance(block, Heading):
        return f"## {_plain(block.text)}"
    if isinstance(block, Paragraph):
        return _plain(block.text)
    if isinstance(block, Items):
        mark = "- [ ] " if block.to_tick else "- "
        return "\n".join(mark + _plain(text) for text in block.texts)
    widths = [max(map(len, column)) for column in zip(*_cells(block), strict=True)]
    lines = [_row(row, widths) for row in _cells(block)]
    return "\n".join([lines[0], _row(tuple("-" * width for width in widths), widths), *lines[1:]])


def _cells(grid: Grid) -> list[tuple[str, ...]]:
    return [tuple(_plain(text).replace("|", "/") for text in row) for row in (grid.columns, *grid.rows)]


def _row(row: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |"


def _plain(text: str) -> str:
    """Keep what comes from files from looking like marks of ours."""
    for mark in "\\`*[]<":
        text = text.replace(mark, f"\\{mark}")
    return text


def _html(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h2>{escape(block.text)}</h2>"
    if isinstance(block, Paragraph):
        return f"<p>{escape(block.text)}</p>"
    if isinstance(block, Items):
        box = "\N{BALLOT BOX} " if block.to_tick else ""
        return "<ul>" + "".join(f"<li>{box}{escape(text)}</li>" for text in block.texts) + "</ul>"
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in block.columns)
    rows = (
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(text)}</td>" for text in row[1:])
        + "</tr>"
        for row in block.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
