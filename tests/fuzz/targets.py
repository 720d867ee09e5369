"""Which parsers read what a stranger wrote, and what must hold whatever it is? One entry a parser.

A target takes any bytes and returns; whatever it raises is a finding. What a parser may raise is expected
here by name. `python tests/fuzz` feeds them with bytes that coverage chooses, tests/fuzz/test_corpus.py with
what is kept in tests/fuzz/corpus.
"""

import contextlib
import socket
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from fernbereit import echo, topics
from fernbereit.delivery import EnvelopeError, decode, decode_ack
from fernbereit.record import RecordError, decode_record
from fernbereit.signed_policy import SignedPolicyError, read_head, read_signed
from fernbereit_agent import mailbox, proxy_tunnel, stun, wire
from fernbereit_agent.errors import ProbeError, SettingsError
from fernbereit_agent.privileged import facts_file
from fernbereit_agent.settings_sources import load_settings as agent_settings
from fernbereit_server.backups import archive
from fernbereit_server.errors import BackupError
from fernbereit_server.errors import SettingsError as ServerSettingsError
from fernbereit_server.ingest.days import Days
from fernbereit_server.ingest.handlers import decide
from fernbereit_server.ingest.opening import NOTHING_SAID, open_record
from fernbereit_server.inventory import file as inventory
from fernbereit_server.organisation import file as organisation
from fernbereit_server.organisation.faults import FaultyFileError
from fernbereit_server.policies import file as policies
from fernbereit_server.resilience import counts
from fuzz.probe_tables import BLOCKS, PARTS, TEXTS

DEVICE, EPOCH = "4f6e1d0a-8c35-4b7e-9a42-d1c0b5e6f7a8", "0d9c8b7a-6f5e-4d3c-8b2a-190f8e7d6c5b"
TOKEN, TRANSACTION = bytes(range(16)), bytes(range(12))
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY_ID, SIGNATURE = "0123456789abcdef", "5a" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One parser; `feed` raises for a finding only."""

    name: str
    feed: Callable[[bytes], None]
    words: tuple[bytes, ...] = ()
    """What its language is made of: the fuzzer puts them in here and there."""


def _envelope(data: bytes) -> None:
    try:
        envelope = decode(data)
    except EnvelopeError:
        return
    assert decode(envelope.encode()) == envelope


def _topic(data: bytes) -> None:
    text = data.decode(errors="replace")
    report, down = topics.parse_report(text), topics.parse_down(text)
    assert report is None or (topics.is_device_id(report.device_id) and down is None)
    assert down is None or text in {topics.ack(down.device_id), topics.policy(down.device_id)}


def _ack(data: bytes) -> None:
    ack = decode_ack(data)
    assert ack is None or decode_ack(ack.encode()) == ack


def _record(data: bytes) -> None:
    """Hold that the quick way refuses what the long way refuses, and nothing else."""
    refused = []
    for read in (decode_record, lambda body: open_record(body, NOTHING_SAID)):
        try:
            read(data)
        except RecordError:
            refused.append(read)
    assert len(refused) in {0, 2}


def _intake(data: bytes) -> None:
    """Whatever a known laptop sends ends in a decision, and an answer names its epoch."""
    days = Days(NOW, ZoneInfo("Europe/Berlin"))
    body = f"fernbereit 1 {DEVICE} {EPOCH} 1 1 1 0 0\n1 0 0 ".encode() + data
    for payload in (data, body):
        decision = decide(DEVICE, payload, standing=None, days=days, now_s=NOW.timestamp(), generation=EPOCH)
        assert decision.ack is None or decision.ack.mark >= 0


def _signed_policy(data: bytes) -> None:
    with contextlib.suppress(SignedPolicyError):
        read_head(data)
    head = f"fernbereit-policy 1 1 {KEY_ID} {SIGNATURE}\n".encode()
    for written in (data, head + data, head + zlib.compress(data, 1)):
        with contextlib.suppress(SignedPolicyError):
            read_signed(written, KEY_ID, lambda _message, _signature: True)


def _echo(data: bytes) -> None:
    answer = echo.answer(data)
    assert answer is None or len(answer) == len(data)
    number = echo.answered(data, TOKEN)
    assert number is None or data == echo.answer(echo.question(number, TOKEN))


def _stun(data: bytes) -> None:
    assert not stun.answers(data, TRANSACTION) or data[8:20] == TRANSACTION


def _page(data: bytes) -> None:
    page = wire.read_page(data, "start.example")
    assert page is None or 100 <= page.status <= 599


class _Proxy:
    """A socket on which a proxy said these bytes, some at a time."""

    def __init__(self, data: bytes) -> None:
        self._left = data

    def settimeout(self, _seconds: float) -> None:
        """Nothing is waited for."""

    def recv(self, size: int) -> bytes:
        piece, self._left = self._left[: min(size, 700)], self._left[min(size, 700) :]
        return piece


def _proxy_answer(data: bytes) -> None:
    with contextlib.suppress(proxy_tunnel.ProxyError):
        proxy_tunnel._read_answer(cast("socket.socket", _Proxy(data)), time.monotonic() + 60)


def _mailbox(data: bytes) -> None:
    assert len(list(mailbox._understood(data[: mailbox.LONGEST]))) <= 1


def _facts_file(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        facts_file.parsed(data).facts()


_scratch = tempfile.TemporaryDirectory(prefix="fernbereit-fuzz-")


def _file(data: bytes, name: str) -> Path:
    file = Path(_scratch.name) / name
    file.write_bytes(data)
    return file


def _backup(data: bytes) -> None:
    with tempfile.TemporaryDirectory(dir=_scratch.name) as into:
        with contextlib.suppress(BackupError):
            archive.extract(_file(data, "backup"), Path(into))
        assert all(name.is_file() or name.name == "keys" for name in Path(into).rglob("*"))


def _inventory(data: bytes) -> None:
    with contextlib.suppress(inventory.FaultyFileError):
        inventory.parse(data, bytes(16))


def _organisation(data: bytes) -> None:
    for name in ("organisation.yaml", "organisation.csv"):
        with contextlib.suppress(FaultyFileError):
            organisation.read_organisation(_file(data, name))


def _fleet(data: bytes) -> None:
    with contextlib.suppress(FaultyFileError):
        counts.read_counts(data, ["Bauamt", "Finanzen"], ["pool"])


def _policy_file(data: bytes) -> None:
    with contextlib.suppress(policies.FaultyPolicyError):
        policies.read_policy_file(_file(data, "policy.yaml"))


def _settings(data: bytes) -> None:
    from fernbereit_server.settings import load_settings

    file = _file(data, "settings.toml")
    with contextlib.suppress(ServerSettingsError):
        load_settings(file, environment={})
    with contextlib.suppress(SettingsError):
        agent_settings(file, environment={})


def _each(parsers: Iterable[tuple[str, Callable[[Any], object]]], value: Any) -> None:
    """Feed every parser of a table, and name the one that raises what it may not."""
    for name, parse in parsers:
        try:
            parse(value)
        except ProbeError:
            continue
        except Exception as error:
            error.add_note(f"the parser of the table: {name}")
            raise


def _probe_texts(data: bytes) -> None:
    _each(TEXTS, data.decode(errors="replace"))


def _probe_parts(data: bytes) -> None:
    import json

    try:
        part = json.loads(data)
    except (ValueError, RecursionError):
        return
    if isinstance(part, dict):
        _each(PARTS, part)


def _probe_blocks(data: bytes) -> None:
    _each(BLOCKS, data)


TARGETS: tuple[Target, ...] = (
    Target(name="envelope", feed=_envelope, words=(b"fernbereit 1 ", DEVICE.encode(), b"\n1 0 0 ")),
    Target(
        name="topic", feed=_topic, words=(b"fernbereit/1/up/", b"fernbereit/1/down/", b"/report", b"/ack")
    ),
    Target(name="ack", feed=_ack, words=(b'"epoch":', b'"mark":', b'"generation":', b'"refused":')),
    Target(
        name="record", feed=_record, words=(b'"sections":', b'"outcome":"ok"', b'"facts":', b'"unchanged":')
    ),
    Target(name="intake", feed=_intake, words=(b'{"sections":', b'"machine":', b'"observed_age_s":')),
    Target(name="signed_policy", feed=_signed_policy, words=(b"fernbereit-policy 1 1 ", b'"checks":')),
    Target(name="echo", feed=_echo, words=(echo.QUESTION, echo.ANSWER, TOKEN)),
    Target(name="stun", feed=_stun, words=(b"\x01\x01", stun.COOKIE, TRANSACTION, b"\x80\x28")),
    Target(name="page", feed=_page, words=(b"HTTP/1.1 200 OK\r\n", b"Location: http://", b"\r\n\r\n")),
    Target(name="proxy_answer", feed=_proxy_answer, words=(b"HTTP/1.1 200 ", b"HTTP/1.0 407 ", b"\r\n\r\n")),
    Target(
        name="mailbox", feed=_mailbox, words=(b'{"ask":"send"}', b'"contest"', b'"check":', b'"withdraw":')
    ),
    Target(name="facts_file", feed=_facts_file, words=(b'"format":1', b'"day":"2026-11-22"', b'"sections":')),
    Target(name="backup", feed=_backup, words=(b"backup.json", b"store.sqlite3", b"ustar\x0000")),
    Target(name="inventory", feed=_inventory, words=(b"serial,label,unit\n", b"Seriennummer;", b"kind")),
    Target(
        name="organisation",
        feed=_organisation,
        words=(b"units:\n", b"- name: ", b"headcount: ", b"gateways:"),
    ),
    Target(
        name="fleet", feed=_fleet, words=(b"unit,path,verdict,kind,count\n", b"Bauamt,vpn,ready,personal,5\n")
    ),
    Target(name="policy_file", feed=_policy_file, words=(b"extends: ", b"checks:\n", b"expect:", b"fact: ")),
    Target(
        name="settings",
        feed=_settings,
        words=(b"[broker]\n", b"port = ", b"data = ", b"[[probes.targets]]\n"),
    ),
    Target(name="probe_texts", feed=_probe_texts, words=(b"<plist>", b'{"value":', b"<key>", b"dev wlan0")),
    Target(name="probe_parts", feed=_probe_parts, words=(b'{"_name":', b'"_items":', b'"state":')),
    Target(name="probe_blocks", feed=_probe_blocks, words=(b"\x00\x00", b"\xff\xff\xff\xff", b"\x01\x1b")),
)
"""Every parser of foreign bytes, on both sides; a new one joins here and brings a first corpus file."""
