"""How is one answer for Prometheus put together, raw or compressed? From pieces that are compressed once.

What changes seldom is compressed when it changes, and a scrape only hands it out. Each piece is deflated by
itself up to a whole byte (RFC 1951), so pieces in any order are one stream; what a gzip member has at its
end, the CRC of everything and its size (RFC 1952), follows from those of the pieces. Members one after the
other would need no sums, and Prometheus takes them; but curl fails on the second, and other clients leave it
out without a word.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

FAST, SMALL = 1, 6
"""Levels of compression: while somebody waits, and once for many scrapes."""
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK = b"\x03\x00"
_POLYNOMIAL = 0xEDB88320
_ONE = 1 << 31


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines deflated; `shift` is what appending them does to the CRC of what stands before."""

    deflated: bytes
    size: int
    crc: int
    shift: int


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines, raw and deflated."""

    raw: bytes
    piece: Piece


def squeeze(raw: bytes, level: int = SMALL) -> Piece:
    """Deflate some lines."""
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = deflate.compress(raw) + deflate.flush(zlib.Z_SYNC_FLUSH) if raw else b""
    return Piece(deflated, len(raw), zlib.crc32(raw), _shift(len(raw)))


def unsqueeze(piece: Piece) -> bytes:
    """Return the lines of a piece."""
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(piece.deflated)


def part(raw: bytes, level: int = SMALL) -> Part:
    """Keep some lines as they are, and deflated."""
    return Part(raw, squeeze(raw, level))


class Member:
    """One gzip member, made piece by piece: the beginning, each `piece`, the end."""

    def __init__(self) -> None:
        self._crc, self._size = 0, 0

    def begin(self) -> bytes:
        """Return what comes first."""
        return _HEAD

    def piece(self, piece: Piece) -> bytes:
        """Return the next bytes."""
        self._crc = _times(piece.shift, self._crc) ^ piece.crc
        self._size += piece.size
        return piece.deflated

    def end(self) -> bytes:
        """Return what comes last."""
        return b"".join(
            (
                _LAST_BLOCK,
                self._crc.to_bytes(4, "little"),
                (self._size & 0xFFFFFFFF).to_bytes(4, "little"),
            )
        )


def gzipped(pieces: Iterable[Piece]) -> bytes:
    """Return pieces as a gzip member."""
    member = Member()
    return b"".join((member.begin(), *map(member.piece, pieces), member.end()))


def takes_gzip(accept_encoding: str | None) -> bool:
    """Tell whether an Accept-Encoding header allows for gzip.

    >>> takes_gzip("gzip"), takes_gzip("br, gzip;q=0"), takes_gzip(None)
    (True, False, False)
    """
    for offer in (accept_encoding or "").split(","):
        coding, *parameters = (one.strip().replace(" ", "") for one in offer.split(";"))
        if coding.lower() in {"gzip", "*"}:
            return not any(one.startswith("q=") and not one[2:].strip("0.") for one in parameters)
    return False


def _times(a: int, b: int) -> int:
    """Multiply two polynomials modulo that of CRC-32, lowest power in the highest bit, as zlib holds them."""
    product = 0
    while a:
        if a & _ONE:
            product ^= b
        a = a << 1 & 0xFFFFFFFF
        b = b >> 1 ^ _POLYNOMIAL if b & 1 else b >> 1
    return product


@cache
def _power_of_two(exponent: int) -> int:
    """Return x to the power of 2**exponent."""
    if exponent == 0:
        return _ONE >> 1
    root = _power_of_two(exponent - 1)
    return _times(root, root)


def _shift(size: int) -> int:
    """Return x to the power of 8 * size: what so many bytes more do to a CRC (zlib's `crc32_combine_gen`)."""
    product, bit = _ONE, 3
    while size:
        if size & 1:
            product = _times(_power_of_two(bit), product)
        size >>= 1
        bit += 1
    return product
