"""Do the parsers of foreign bytes take what once made one fail, and what they were fed to begin with?"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from fuzz.targets import TARGETS, Target

CORPUS = Path(__file__).parent / "corpus"
STRANGE = {
    "nothing": b"",
    "zero": b"\0",
    "no text": b"\xff\xfe\xff",
    "lists": b"[" * 3000,
    "objects": b"{" * 3000,
    "digits": b"1" * 5000,
    "halves": b"\x80" * 300,
}
each_target = pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])


def findings(target: Target, inputs: Mapping[str, bytes]) -> dict[str, str]:
    """Return what was raised, by the name of the input."""
    found = {}
    for name, data in inputs.items():
        try:
            target.feed(data)
        except Exception as error:  # noqa: BLE001 - whatever comes out is a finding
            found[name] = repr(error)
    return found


@each_target
def test_every_file_of_the_corpus_is_taken_or_refused(target: Target) -> None:
    """None raises anything but what the parser promises."""
    files = {path.name: path.read_bytes() for path in (CORPUS / target.name).iterdir()}

    assert files
    assert findings(target, files) == {}


@each_target
def test_no_bytes_and_strange_bytes_are_taken_or_refused(target: Target) -> None:
    """Nothing, a zero, no text, what nests deeply, and a number with more digits than Python reads."""
    assert findings(target, STRANGE) == {}


def test_what_a_parser_raises_is_a_finding() -> None:
    """Said with the name of the input."""

    def ascii_only(data: bytes) -> None:
        data.decode("ascii")

    broken = Target(name="broken", feed=ascii_only)

    assert list(findings(broken, {"right": b"a", "wrong": b"\xff"})) == ["wrong"]


def test_every_folder_of_the_corpus_belongs_to_a_target() -> None:
    """A target that is renamed takes its corpus along."""
    assert {folder.name for folder in CORPUS.iterdir()} == {target.name for target in TARGETS}
