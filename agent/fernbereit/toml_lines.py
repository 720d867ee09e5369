"""On which line does a key of a TOML file stand? `tomllib` does not say."""

import re

Path = tuple[str | int, ...]
"""Tables and key from the outside in; a number counts the blocks of an array of tables from 0."""

_TABLE = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\"' ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_.\-\"' ]+?)\s*=")


def key_lines(text: str) -> dict[Path, int]:
    r"""Return the line (from 1) on which each table and key of a TOML text is written.

    >>> key_lines('a = 1\n[b]\nc = 2')
    {('a',): 1, ('b',): 2, ('b', 'c'): 3}
    """
    lines: dict[Path, int] = {}
    table: Path = ()
    counts: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            table = tuple(_words(header[2]))
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                lines.setdefault(table, number)
                table = (*table, counts[table])
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_words(key[1])), number)
    return lines


def _words(dotted: str) -> list[str]:
    return [word.strip().strip("\"'") for word in dotted.split(".")]
