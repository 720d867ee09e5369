"""Which complete messages lie beside the tests? They are never changed; new ones are added."""

from pathlib import Path

FOLDER = Path(__file__).parent / "wire" / "messages"


def names(kind: str) -> list[str]:
    """Return the names of the messages of `v1` or `future`."""
    return sorted(path.stem for path in (FOLDER / kind).glob("*.envelope"))


def message(kind: str, name: str) -> bytes:
    """Return the bytes of one message."""
    return (FOLDER / kind / f"{name}.envelope").read_bytes()
