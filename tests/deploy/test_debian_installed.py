"""Does the agent's Debian package live through the life of a laptop? Debian, broker, collector are real."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from booted_debian import Debian, booted_debian
from collecting import collecting, settings_for
from fernbereit_server.collector import Collector
from fernbereit_server.store import schema
from mosquitto import Mosquitto, mosquitto
from packaged import debian_package
from processes import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.real]

SERVICE, DATA, SETTINGS = "fernbereit-agent", "/var/lib/fernbereit-agent", "/etc/fernbereit/agent.toml"
OWNER = "nobody"
"""Whoever works on the laptop: an account without any rights."""
HOUSEKEEPING = (
    *("/var/lib/dpkg/", "/var/cache/", "/var/log/", "/var/lib/systemd/catalog/", "/var/lib/systemd/timers/"),
    *(
        "/etc/passwd",
        "/etc/group",
        "/etc/shadow",
        "/etc/gshadow",
        "/etc/subuid",
        "/etc/subgid",
        "/etc/.pwd.lock",
    ),
    *("/usr/share/applications/mimeinfo.cache", "/usr/share/icons/hicolor/icon-theme.cache"),
)
"""What dpkg and the tools for accounts and menus write about every package."""
CHANGING = {"agent", "network", "targets", "storage", "readiness"}


class Laptop:
    """A Debian with the agent, told to report to the broker of the test."""

    def __init__(self, debian: Debian, port: int) -> None:
        self.debian = debian
        pace = {"interval_s": 1, "start_spread_s": 0, "drain_s": 0.1}
        pace |= {"resend_s": 1, "resend_max_s": 2, "reconnect_s": 0.2, "reconnect_max_s": 1}
        report = "".join(f"report.{name} = {value}\n" for name, value in pace.items())
        self.write("/etc/fernbereit/agent.managed.toml", f"broker.port = {port}\n{report}")
        debian.run("rm", "-f", "/usr/sbin/policy-rc.d")  # an image of a container forbids to start services

    def write(self, file: str, text: str) -> None:
        """Write a file as an admin does."""
        self.debian.run("sh", "-c", 'mkdir -p "${0%/*}" && printf %s "$1" > "$0"', file, text)

    def dpkg(self, *arguments: str) -> str:
        """Run dpkg without anybody to answer its questions."""
        return self.debian.run("dpkg", "--force-confold", *arguments)

    def runs(self) -> bool:
        """Tell whether the service runs."""
        return self.debian.succeeds("systemctl", "is-active", SERVICE)

    def log(self) -> str:
        """Return what the service said."""
        return self.debian.run("journalctl", "--unit", SERVICE, "--no-pager", "--lines=30")

    def status(self) -> dict[str, str]:
        """Return what the kernel tells of the running service."""
        pid = self.debian.run("systemctl", "show", "--property=MainPID", "--value", SERVICE).strip()
        lines = self.debian.run("cat", f"/proc/{pid}/status").splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


@contextmanager
def reporting(folder: Path, data: Path) -> Iterator[tuple[Collector, Mosquitto]]:
    """Yield a collector on a real broker."""
    with mosquitto(folder) as broker, collecting(settings_for(data, broker.port)) as collector:
        yield collector, broker


def sections(collector: Collector, device_id: str) -> dict[str, Any]:
    """Return what the database holds of a device: outcome and facts by section."""
    table = schema.sections
    with collector.engine.connect() as connection:
        rows = connection.execute(select(table).where(table.c.device_id == device_id)).mappings().all()
    return {row["section"]: (row["outcome"], json.loads(row["facts"] or "null")) for row in rows}


def mark(collector: Collector, device_id: str) -> int:
    """Return up to which record everything is in the database; nothing of it was merged or dropped."""
    table = schema.marks
    with collector.engine.connect() as connection:
        row = connection.execute(select(table).where(table.c.device_id == device_id)).one()
    assert (row.applied_count, row.merged_total, row.dropped_total) == (row.mark, 0, 0)
    return int(row.mark)


def epoch(collector: Collector, device_id: str) -> str:
    """Return the life of which outbox the device is in."""
    table = schema.marks
    with collector.engine.connect() as connection:
        row = connection.execute(select(table).where(table.c.device_id == device_id)).one()
    return str(row.epoch)


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """Return a folder with the package, and the same agent as a later version."""
    folder, unpacked = tmp_path / "packages", tmp_path / "unpacked"
    folder.mkdir()
    (folder / "first.deb").write_bytes(debian_package().read_bytes())
    dpkg_deb("--raw-extract", folder / "first.deb", unpacked)
    control = unpacked / "DEBIAN" / "control"
    control.write_text(re.sub(r"^(Version: .*)$", r"\1+later", control.read_text(), flags=re.MULTILINE))
    dpkg_deb("--root-owner-group", "-Znone", "--build", unpacked, folder / "later.deb")
    return folder


def dpkg_deb(*arguments: str | Path) -> None:
    """Unpack or pack."""
    subprocess.run(["dpkg-deb", *arguments], check=True, capture_output=True)


def test_installed_reporting_upgraded_removed_and_gone(tmp_path: Path, packages: Path) -> None:
    """The record is committed, identity and outbox outlive upgrade and removal, purge leaves nothing."""
    with (
        reporting(tmp_path, tmp_path / "data") as (collector, broker),
        booted_debian(tmp_path, packages) as debian,
    ):
        laptop = Laptop(debian, broker.port)
        before = debian.changed()

        laptop.dpkg("--install", "/packages/first.deb")
        wait_for("a record in the database", lambda: len(collector.fleet.devices) == 1)
        (device_id,) = collector.fleet.devices
        assert debian.run("cat", f"{DATA}/device_id").strip() == device_id
        the_service_is_confined(laptop)
        it_sees_what_the_owner_sees(laptop, sections(collector, device_id))
        the_owner_reads_what_is_the_owner_s(laptop)

        outbox = epoch(collector, device_id)
        debian.run("sh", "-c", f"echo '# a note of the admin' >> {SETTINGS}")
        broker.kill()
        wait_for("records that wait", lambda: "connection" in laptop.log())
        laptop.dpkg("--install", "/packages/later.deb")
        assert "+later" in debian.run("dpkg-query", "--show", SERVICE)
        assert "a note of the admin" in debian.run("cat", SETTINGS)
        assert laptop.runs()
        held = mark(collector, device_id)
        broker.start()
        wait_for("all records after the upgrade", lambda: mark(collector, device_id) > held + 1)

        laptop.dpkg("--remove", SERVICE)
        assert not laptop.runs()
        assert not debian.succeeds("test", "-e", "/usr/bin/fernbereit-agent")
        assert debian.run("cat", f"{DATA}/device_id").strip() == device_id
        laptop.dpkg("--install", "/packages/first.deb")
        held = mark(collector, device_id)
        wait_for("a record after the return", lambda: mark(collector, device_id) > held)
        assert list(collector.fleet.devices) == [device_id]
        assert epoch(collector, device_id) == outbox

        laptop.dpkg("--purge", SERVICE)
        laptop.dpkg("--purge", SERVICE)
        assert {file for file in debian.changed() - before if not file.startswith(HOUSEKEEPING)} == set()
        assert not debian.succeeds("getent", "passwd", SERVICE)
        assert not debian.succeeds("getent", "group", SERVICE)


def the_service_is_confined(laptop: Laptop) -> None:
    """Ask the kernel, not the unit: its own account, no capability, no new rights, filtered system calls."""
    told = laptop.status()
    account = laptop.debian.run("id", "--user", SERVICE).strip()

    assert set(told["Uid"].split()) == {account}
    assert {int(told[rights], 16) for rights in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
    assert (told["NoNewPrivs"], told["Seccomp"]) == ("1", "2")
    assert not laptop.debian.succeeds("systemctl", "is-enabled", "fernbereit-agent-privileged.timer")


def it_sees_what_the_owner_sees(laptop: Laptop, reported: dict[str, Any]) -> None:
    """Compare its record with what `once --print` prints outside of its walls, which hide nothing."""
    laptop.write("/tmp/owner.toml", "")
    command = (SERVICE, "once", "--print", "--settings", "/tmp/owner.toml", "--data", "/tmp/owner")
    printed = json.loads(laptop.debian.run(*command, user=OWNER))
    unwalled = {name: (told["outcome"], told.get("facts")) for name, told in printed["sections"].items()}

    assert {name: told[0] for name, told in reported.items()} == {
        name: told[0] for name, told in unwalled.items()
    }
    assert {name: reported[name] for name in reported if name not in CHANGING} == {
        name: unwalled[name] for name in unwalled if name not in CHANGING
    }


def the_owner_reads_what_is_the_owner_s(laptop: Laptop) -> None:
    """Page, manifest and what was sent last are open to everybody; settings, identity and outbox are not."""
    debian = laptop.debian

    assert "<html" in debian.run("sh", "-c", "fernbereit-agent self-check --html || true", user=OWNER)
    assert '"sections"' in debian.run("cat", f"{DATA}/owner/last-sent", user=OWNER)
    assert "fernbereit-agent manifest" not in debian.run(SERVICE, "manifest", user=OWNER)
    assert '"machine"' in debian.run(SERVICE, "once", "--print", user=OWNER)
    for closed in (SETTINGS, f"{DATA}/device_id"):
        debian.run("cat", closed, user=OWNER, fails=True)
    debian.run("ls", DATA, user=OWNER, fails=True)
    debian.run("ls", f"{DATA}/owner/requests", user=OWNER, fails=True)
    debian.run("sh", "-c", f'echo \'{{"ask":"send"}}\' > {DATA}/owner/requests/now.json', user=OWNER)


def test_wrong_settings_are_told_once(tmp_path: Path, packages: Path) -> None:
    """An admin's mistake is one line in the log, no broken package, no service that starts over and over."""
    with booted_debian(tmp_path, packages) as debian:
        laptop = Laptop(debian, 1)
        laptop.write("/etc/fernbereit/agent.managed.toml", "broker.prot = 1883\n")
        laptop.dpkg("--install", "/packages/first.deb")
        wait_for("the service to give up", lambda: "prot" in laptop.log())
        wait_for("the service to end", lambda: not laptop.runs())

        shown = debian.run("systemctl", "show", "--property=NRestarts,ExecMainStatus", SERVICE)
        assert set(shown.split()) == {"NRestarts=0", "ExecMainStatus=2"}
