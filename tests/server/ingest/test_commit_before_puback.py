"""Is a report on the disk before the broker, and before the laptop, hears that it arrived?

Read from the system calls of a real collector: the write-ahead log is flushed between the PUBLISH that came
in and the PUBACK and the answer that went out.
"""

import re
import sys
from pathlib import Path

import pytest

from collecting import radio
from mosquitto import mosquitto
from processes import Program, running, wait_for
from realparts import need
from sending import Laptop

pytestmark = [pytest.mark.real, pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")]

_PUBACK_OUT = r'"\x40\x02'


def test_the_log_is_flushed_before_anybody_is_told(tmp_path: Path) -> None:
    """fdatasync of the write-ahead log, then PUBACK, then the answer."""
    strace = need("strace")
    trace = tmp_path / "trace"
    laptop = Laptop()
    laptop.write()
    with mosquitto(tmp_path) as broker:
        settings = tmp_path / "collector.toml"
        settings.write_text(
            f'data = "{tmp_path / "data"}"\n[http]\nport = {broker.port - 1}\n'
            f"[broker]\nembedded = false\nport = {broker.port}\n"
        )
        calls = "trace=fdatasync,fsync,recvfrom,recv,sendto,send,write,writev"
        command = [strace, "-f", "-y", "-xx", "-s", "200", "-e", calls, "-o", str(trace), sys.executable]
        command += ["-m", "fernbereit_server", "serve", "--settings", str(settings)]
        collector = Program("collector", command, tmp_path)
        with running(collector), radio(broker.port, laptop) as talk:
            wait_for("a collector", lambda: "connected to the broker" in collector.tail(), 60)
            talk.report(laptop)
            talk.answer()
    events = told(trace.read_text(errors="replace").splitlines(), laptop)

    assert [event for at, event in enumerate(events) if event not in events[:at]] == [
        "received",
        "flushed",
        "acknowledged",
        "answered",
    ]


def told(lines: list[str], laptop: Laptop) -> list[str]:
    """Return what happened to the laptop's report, in order."""
    topic_up = hexadecimal(laptop.topic)
    topic_down = hexadecimal(f"down/{laptop.device_id}/ack")
    events: list[str] = []
    for line in lines:
        if topic_up in line and "recv" in line:
            events.append("received")
        elif "received" not in events:
            continue
        elif re.search(r"f(data)?sync\(", line) and hexadecimal("-wal") in line:
            events.append("flushed")
        elif "send" in line and topic_down in line:
            events.append("answered")
        elif "send" in line and _PUBACK_OUT in line:
            events.append("acknowledged")
    return events


def hexadecimal(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())
