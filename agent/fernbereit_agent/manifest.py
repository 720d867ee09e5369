"""What does this program know of its owner? Every field that can leave the laptop, and what left it last.

Local and offline: made from the declarations in `fernbereit.facts` and from one file of the data folder,
which holds the exact bytes of the last envelope. `page` writes the same tables for the documentation.
"""

import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from fernbereit.fields import FieldEntry, fields
from fernbereit.words import Words, load
from fernbereit_agent import sent_copy
from fernbereit_agent.owner import LAST_SENT

ENVELOPE = (
    "envelope.device_id",
    "envelope.epoch",
    "envelope.seq",
    "envelope.age",
    "envelope.totals",
    "envelope.outcome",
    "envelope.complete",
)
"""What travels beside the fields, so that the manifest leaves nothing out."""

NEVER = (
    "never.user_names",
    "never.email",
    "never.wifi_names",
    "never.public_ip",
    "never.location",
    "never.app_usage",
    "never.processes",
    "never.urls",
    "never.content",
    "never.activity_times",
    "never.recovery_keys",
)
_LISTS = (("manifest.envelope", ENVELOPE), ("manifest.never", NEVER))
_WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSent:
    """The last envelope, or the catalogue key of the sentence that says why there is none to show."""

    path: Path
    text: str | None = None
    older: bool = False
    """Whether something was sent since that could not be kept."""
    missing: str | None = None


def last_sent(data: Path) -> LastSent:
    """Read what was sent last from the data folder; bytes that are no text are shown as replacements."""
    path = data / LAST_SENT
    try:
        copy = sent_copy.read(data)
        return LastSent(path=copy.path, text=copy.content.decode("utf-8", "replace"), older=copy.older)
    except (FileNotFoundError, NotADirectoryError):
        return LastSent(path=path, missing="manifest.nothing_sent")
    except OSError:
        return LastSent(path=path, missing="manifest.unreadable")


def as_text(lang: str, sent: LastSent) -> str:
    """Return the manifest for a terminal."""
    words = load(lang)
    lines = [words("manifest.title"), "", words("manifest.intro", count=len(fields()))]
    for section, entries in _by_section():
        lines += ["", words(f"section.{section}").upper()]
        for entry in entries:
            lines.append(f"  {words.label(entry)}  ({entry.section}.{entry.path})")
            for said in (words.why(entry), " · ".join(_declared(words, entry))):
                lines += textwrap.wrap(said, _WIDTH, initial_indent="    ", subsequent_indent="    ")
    for title, keys in _LISTS:
        lines += ["", words(title).upper(), *(f"  - {words(key)}" for key in keys)]
    lines += ["", words("manifest.last_sent").upper(), _sent_text(words, sent)]
    return "\n".join(lines) + "\n"


def as_json(lang: str, sent: LastSent) -> str:
    """Return the manifest for a script: `fields`, `envelope`, `never`, `last_sent` as text or null."""
    words = load(lang)
    listed = [
        {
            "field": f"{entry.section}.{entry.path}",
            "label": words.label(entry),
            "why": words.why(entry),
            "purpose": entry.purpose.value,
            "retention": entry.retention.value,
            "visibility": entry.visibility.value,
        }
        for entry in fields()
    ]
    told = {
        "fields": listed,
        "envelope": [words(key) for key in ENVELOPE],
        "never": [words(key) for key in NEVER],
        "last_sent": sent.text,
        "last_sent_is_older": sent.older,
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def page(lang: str) -> str:
    """Return the manifest's tables as Markdown, one table a section."""
    words = load(lang)
    head = [words(f"manifest.{name}") for name in ("field", "why", "purpose", "retention", "visibility")]
    lines = [f"## {words('manifest.title')}", "", words("manifest.intro", count=len(fields()))]
    lines += ["", words("manifest.generated")]
    for section, entries in _by_section():
        lines += ["", f"### {words(f'section.{section}')}", "", _row(head), _row(["---"] * len(head))]
        lines += [_row([words.label(entry), words.why(entry), *_declared(words, entry)]) for entry in entries]
    for title, keys in _LISTS:
        lines += ["", f"### {words(title)}", "", *(f"* {words(key)}" for key in keys)]
    return "\n".join(lines) + "\n"


def document() -> str:
    """Return the page of the documentation: German first, then English."""
    return f"# Datenfelder · Fields\n\n{page('de')}\n{page('en')}"


def _by_section() -> Iterator[tuple[str, Iterator[FieldEntry]]]:
    yield from groupby(fields(), key=lambda entry: entry.section)


def _declared(words: Words, entry: FieldEntry) -> tuple[str, str, str]:
    return (
        words(f"purpose.{entry.purpose}"),
        words(f"retention.{entry.retention}"),
        words(f"visibility.{entry.visibility}"),
    )


def _sent_text(words: Words, sent: LastSent) -> str:
    if sent.text is not None:
        return f"  {words('manifest.older')}\n{sent.text}" if sent.older else sent.text
    return f"  {words(sent.missing or 'manifest.nothing_sent', path=sent.path)}"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
