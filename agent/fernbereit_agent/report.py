"""Which sections go into the next record? Those that changed since they were last said.

For all others the record only says how old the latest look is.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fernbereit.record import Observation, Record, Sections
from fernbereit.tolerance import OpenModel


@dataclass(frozen=True, slots=True)
class Look:
    """One observation and when it was made, in seconds of the clock that counts sleep."""

    seen: Observation[OpenModel]
    at: float


@dataclass(frozen=True, slots=True)
class Said:
    """A record and the fingerprints of the sections it carries."""

    record: Record
    digests: Mapping[str, bytes]


def fingerprint(seen: Observation[OpenModel]) -> bytes:
    """Return 16 bytes that change with outcome, reason and facts, not with age."""
    text = seen.model_dump_json(exclude={"observed_age_s"}, exclude_none=True)
    return hashlib.sha256(text.encode()).digest()[:16]


def make_record(looks: Mapping[str, Look], said: Mapping[str, bytes], now: float) -> Said:
    """Build the next record from the latest look at every section and what was said before.

    With nothing said before the record is complete.
    """
    digests = {name: fingerprint(look.seen) for name, look in looks.items()}
    changed = {name: digest for name, digest in digests.items() if said.get(name) != digest}
    ages = {name: round(max(0.0, now - look.at), 1) for name, look in looks.items()}
    sections: dict[str, Any] = {
        name: looks[name].seen.model_copy(update={"observed_age_s": ages[name]}) for name in changed
    }
    record = Record(
        sections=Sections.model_construct(**sections),
        unchanged={name: age for name, age in ages.items() if name not in changed},
        complete=len(changed) == len(looks),
    )
    return Said(record, changed)
