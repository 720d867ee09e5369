"""What is wrong in a file somebody brought, and what would be right?"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong.

    `word` is a key of the commands' catalogue (`file.fault.<word>`), `kind` what was expected as
    `file.kind.<kind>`, `suggestion` the known word that comes nearest.
    """

    line: int
    field: str
    word: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    kind: str = ""
    example: str = ""
    suggestion: str = ""


class FaultyFileError(Exception):
    """The file cannot be used; `faults` are all there are, in the order of lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.line, fault.field)))
