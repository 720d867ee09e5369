"""How does a laptop ask the collector's reflector for an echo? Datagrams of one size, both ways.

    FBecho1?  number (2 bytes)  token (16 bytes)  zeros up to 64 bytes      from the laptop
    FBecho1!  the same                                                      back

An answer is as long as its question, so that nobody can use the reflector to multiply traffic, and begins
otherwise, so that two reflectors never answer each other. The token is random and made for each series: it
tells a late answer from a forged one, and says nothing of the laptop.
"""

QUESTION, ANSWER = b"FBecho1?", b"FBecho1!"
SIZE = 64
TOKEN_BYTES = 16
_HEAD = len(QUESTION) + 2


def question(number: int, token: bytes) -> bytes:
    """Return the datagram of one question; `number` is below 65,536.

    >>> len(question(3, bytes(16)))
    64
    """
    return (QUESTION + number.to_bytes(2, "big") + token).ljust(SIZE, b"\0")


def answer(datagram: bytes) -> bytes | None:
    """Return the answer to a question; None for everything else, which gets none.

    >>> answer(b"FBecho1?") is None, answer(question(3, bytes(16)))[:8]
    (True, b'FBecho1!')
    """
    if len(datagram) != SIZE or not datagram.startswith(QUESTION) or any(datagram[_HEAD + TOKEN_BYTES :]):
        return None
    return ANSWER + datagram[len(ANSWER) :]


def answered(datagram: bytes, token: bytes) -> int | None:
    """Return the number of the question that a datagram answers; None if it answers none of this series.

    >>> token, other = b"t" * 16, bytes(16)
    >>> answered(answer(question(3, token)), token), answered(answer(question(3, token)), other)
    (3, None)
    """
    number = datagram[len(ANSWER) : _HEAD]
    expected = (ANSWER + number + token).ljust(SIZE, b"\0")
    return int.from_bytes(number, "big") if len(number) == 2 and datagram == expected else None
