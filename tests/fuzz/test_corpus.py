"""Do the parsers of foreign bytes take what once made one fail, and what they were fed to begin with?"""

from pathlib import Path

import pytest

from fuzz.targets import TARGETS, Target

CORPUS = Path(__file__).parent / "corpus"
each_target = pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])


@each_target
def test_every_file_of_the_corpus_is_taken_or_refused(target: Target) -> None:
    """None raises anything but what the parser promises."""
    files = sorted(path for path in (CORPUS / target.name).iterdir() if path.is_file())

    assert files
    for file in files:
        target.feed(file.read_bytes())


@each_target
def test_no_bytes_and_strange_bytes_are_taken_or_refused(target: Target) -> None:
    """Nothing, a zero, no text, what nests deeply, and a number with more digits than Python reads."""
    for data in (b"", b"\0", b"\xff\xfe\xff", b"[" * 5000, b"{" * 5000, b"1" * 5000, b"\x80" * 300):
        target.feed(data)


def test_every_folder_of_the_corpus_belongs_to_a_target() -> None:
    """A target that is renamed takes its corpus along."""
    assert {folder.name for folder in CORPUS.iterdir()} == {target.name for target in TARGETS}
