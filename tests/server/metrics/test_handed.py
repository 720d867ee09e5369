"""Is what is put together from compressed pieces what was compressed?"""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fernbereit_server.metrics.handed import gzipped, squeeze, takes_gzip, unsqueeze

PIECES = st.lists(st.binary(max_size=300), max_size=6)


@given(PIECES)
def test_pieces_are_one_gzip_member(pieces: list[bytes]) -> None:
    """The standard library checks CRC and size of everything, and nothing is left behind the member."""
    packed = gzipped(map(squeeze, pieces))
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)

    assert reader.decompress(packed) == b"".join(pieces)
    assert (reader.eof, reader.unused_data) == (True, b"")


def test_many_large_pieces_are_one_member() -> None:
    """Sizes beyond what a generator likes to make."""
    pieces = [bytes([number]) * (number * 70_001) for number in range(40)]

    assert gzip.decompress(gzipped(map(squeeze, pieces))) == b"".join(pieces)


@given(st.binary(max_size=2000))
def test_a_piece_is_read_back(raw: bytes) -> None:
    """For whoever asks for plain text."""
    assert unsqueeze(squeeze(raw)) == raw


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("*", True),
        ("gzip; q=0", False),
        ("gzip;q=0.000, *", False),
        ("identity", False),
    ],
    ids=["nothing said", "empty", "gzip", "gzip last", "anything", "never gzip", "never gzip, else", "plain"],
)
def test_nobody_gets_gzip_who_does_not_take_it(accepted: str | None, taken: bool) -> None:  # noqa: FBT001
    """As RFC 9110 has it."""
    assert takes_gzip(accepted) is taken
