"""Which topic carries what, in both directions?

    fernbereit/1/up/<lane>/<device_id>/report    laptop to collector, QoS 1, never retained
    fernbereit/1/down/<device_id>/ack            collector to laptop
    fernbereit/1/down/<device_id>/policy         collector to laptop, reserved for the signed policy

There is no presence topic and no last will: when a laptop is on is nobody's business.
"""

import hashlib
import re
from typing import NamedTuple

LANES = 16
ALL_REPORTS = "fernbereit/1/up/+/+/report"

_DEVICE_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_REPORT = re.compile(rf"fernbereit/1/up/([0-9][0-9])/({_DEVICE_ID})/report")
_DOWN = re.compile(rf"fernbereit/1/down/({_DEVICE_ID})/(ack|policy)")
_ID = re.compile(_DEVICE_ID)


class ReportTopic(NamedTuple):
    """Where a report was published."""

    lane: int
    device_id: str


class DownTopic(NamedTuple):
    """Where an answer was published; `kind` is `ack` or `policy`."""

    device_id: str
    kind: str


def is_device_id(text: str) -> bool:
    """Tell whether `text` is a lower-case UUID in the usual notation."""
    return _ID.fullmatch(text) is not None


def lane_of(device_id: str) -> int:
    """Return the lane 0-15 of a device: the first byte of SHA-256(device_id) modulo 16."""
    return hashlib.sha256(device_id.encode()).digest()[0] % LANES


def report(device_id: str) -> str:
    """Return the topic a device reports on."""
    return f"fernbereit/1/up/{lane_of(device_id):02d}/{device_id}/report"


def ack(device_id: str) -> str:
    """Return the topic a device is answered on."""
    return f"fernbereit/1/down/{device_id}/ack"


def policy(device_id: str) -> str:
    """Return the topic reserved for a device's signed policy."""
    return f"fernbereit/1/down/{device_id}/policy"


def parse_report(topic: str) -> ReportTopic | None:
    """Read a report topic, or return None for any other; the lane is as written, not as computed.

    >>> parse_report("fernbereit/1/up/03/11111111-2222-3333-4444-555555555555/report").lane
    3
    >>> parse_report("$SYS/broker/clients") is None
    True
    """
    found = _REPORT.fullmatch(topic)
    return ReportTopic(int(found[1]), found[2]) if found else None


def parse_down(topic: str) -> DownTopic | None:
    """Read an answer topic, or return None for any other."""
    found = _DOWN.fullmatch(topic)
    return DownTopic(found[1], found[2]) if found else None
