"""How do sentences fit into a terminal? Broken between words; what goes on is indented with its beginning."""

import shutil
import textwrap
from collections.abc import Iterable

import typer

_ENDLESS = 1_000_000
_STEP = 2


def show(lines: Iterable[str]) -> None:
    """Print lines as wide as the terminal is; into a file or a pipe they are not broken."""
    columns = shutil.get_terminal_size((_ENDLESS, 24)).columns
    for line in lines:
        typer.echo(broken(line, columns))


def broken(line: str, columns: int) -> str:
    """Break one line between words.

    >>> broken("  one two three", 10).splitlines()
    ['  one two', '    three']
    """
    indent = len(line) - len(line.lstrip(" ")) + _STEP
    return textwrap.fill(
        line,
        columns,
        subsequent_indent=" " * indent,
        drop_whitespace=True,
        break_long_words=False,
        break_on_hyphens=False,
    )
