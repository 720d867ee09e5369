"""Which devices does a text mean, and in which order are they listed?"""

import base64
import json
from collections.abc import Callable

from fernbereit.code import device_code, read_code
from fernbereit.keyed_hash import host_name_hash, serial_hash
from fernbereit.topics import is_device_id
from fernbereit_server.fleet import Device
from fernbereit_server.store.changes import InventoryRow

MAX_TEXT = 128

Entry = Device | InventoryRow
"""A device, or a row of the inventory whose device never reported."""
SortKey = tuple[str, str]


class DeskError(ValueError):
    """The question cannot be answered as it was put; `str()` says what to do instead."""


def matching(text: str, key: Callable[[], bytes]) -> Callable[[Entry], bool]:
    """Return a test for part of a label or a whole name; an empty text matches everything."""
    if not text.strip():
        return lambda _: True
    part = text.strip().casefold()
    is_named = named(text, key)
    return lambda entry: part in (label_of(entry) or "").casefold() or is_named(entry)


def named(text: str, key: Callable[[], bytes]) -> Callable[[Entry], bool]:
    """Return a test for a whole name: label, id, code, serial number or host name (hashed under `key()`)."""
    whole = text.strip()[:MAX_TEXT]
    label, device_id, code = whole.casefold(), whole.lower(), read_code(whole)
    if not whole:
        return lambda _: False
    if is_device_id(device_id):
        return lambda entry: isinstance(entry, Device) and entry.device_id == device_id
    secret = key()
    serial, host = serial_hash(whole, secret), host_name_hash(whole, secret)

    def is_named(entry: Entry) -> bool:
        if (label_of(entry) or "").casefold() == label:
            return True
        if serial is not None and _hex(entry.serial_hash) == serial:
            return True
        if host is not None and _hex(entry.host_name_hash) == host:
            return True
        return code is not None and isinstance(entry, Device) and device_code(entry.device_id) == code

    return is_named


def label_of(entry: Entry) -> str | None:
    """Return the label; a row of the inventory that has none is named by its number, so that it opens."""
    if isinstance(entry, InventoryRow):
        return entry.label or f"inventory-{entry.id}"
    return entry.label or None


def sort_key(entry: Entry) -> SortKey:
    """Order by label, or by code where there is none; two of the same name stay apart."""
    if isinstance(entry, Device):
        return (label_of(entry) or device_code(entry.device_id)).casefold(), entry.device_id
    return (label_of(entry) or "").casefold(), f"inventory {entry.id:012d}"


def write_position(key: SortKey) -> str:
    """Write where a page ended, to be read by `read_position`."""
    return base64.urlsafe_b64encode(json.dumps([*key], ensure_ascii=False).encode()).decode().rstrip("=")


def read_position(after: str | None) -> SortKey:
    """Return where a list goes on, its beginning for None; raises `DeskError` for a strange text."""
    if not after:
        return "", ""
    try:
        first, second = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (ValueError, TypeError, RecursionError):
        raise DeskError("`after` must be the `next` of an earlier page; start again without it") from None
    if not isinstance(first, str) or not isinstance(second, str):
        raise DeskError("`after` must be the `next` of an earlier page; start again without it")
    return first, second


def _hex(stored: bytes | str | None) -> str | None:
    return stored.hex() if isinstance(stored, bytes) else stored
