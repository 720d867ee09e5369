"""What do several records in a row say together? The newest observation of every section.

Works on JSON, so that records written by another version of the agent keep what this one does not know.
"""

import json
from collections.abc import Iterable
from typing import Any


def merge(records: Iterable[tuple[bytes, int]]) -> bytes:
    """Merge `(body, age in milliseconds)` pairs, oldest first, into one body as old as the last.

    Ages inside are moved to the age of the last record. A look that found nothing changed makes the
    observation it confirms younger. Raises `ValueError` for a body that is no record.
    """
    read = [(_object(body), age_ms) for body, age_ms in records]
    last_age_ms = read[-1][1]
    sections: dict[str, Any] = {}
    unchanged: dict[str, float] = {}
    complete = False
    for record, age_ms in read:
        older_s = max(0, age_ms - last_age_ms) / 1000
        complete = complete or bool(record.get("complete"))
        for name, seen in _object_in(record, "sections").items():
            sections[name] = {**seen, "observed_age_s": round(seen.get("observed_age_s", 0.0) + older_s, 1)}
            unchanged.pop(name, None)
        for name, age_s in _object_in(record, "unchanged").items():
            moved = round(age_s + older_s, 1)
            if name in sections:
                sections[name] = {**sections[name], "observed_age_s": moved}
            else:
                unchanged[name] = moved
    return _body({"sections": sections, "unchanged": unchanged, "complete": complete})


def split(body: bytes, sections: Iterable[str]) -> dict[str, bytes]:
    """Return one record for each of `sections`; raises `ValueError` for a body that is no record."""
    carried = _object_in(_object(body), "sections")
    return {
        name: _body({"sections": {name: carried[name]}, "unchanged": {}, "complete": False})
        for name in sections
        if name in carried
    }


def _body(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _object(body: bytes) -> dict[str, Any]:
    read = json.loads(body)
    if not isinstance(read, dict):
        raise ValueError("not a record")  # noqa: TRY004 - one error for every unreadable body
    return read


def _object_in(record: dict[str, Any], key: str) -> dict[str, Any]:
    value = record.get(key, {})
    if not isinstance(value, dict):
        raise ValueError("not a record")  # noqa: TRY004
    return value
