"""Does the helper do its one thing, without a network?"""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fernbereit.facts.storage import Storage, StorageHealth
from fernbereit_agent.privileged import facts_file, facts_linux, facts_macos
from namespaces import need_namespaces
from realparts import need

IN_A_MACHINE_OF_ITS_OWN = """
set -eu
mount -t tmpfs tmpfs /var/lib
mount -t tmpfs tmpfs /sys/block
mkdir -p /sys/block/sda /sys/block/nvme0n1 /sys/block/sdb /sys/block/loop0
echo 0 > /sys/block/sda/removable; echo 0 > /sys/block/nvme0n1/removable; echo 1 > /sys/block/sdb/removable
mount -t tmpfs tmpfs /usr/sbin
cat > /usr/sbin/smartctl <<'END'
#!/bin/sh
echo "$@" >> /var/lib/asked
echo '{"smart_status": {"passed": false}}'
exit 8
END
chmod +x /usr/sbin/smartctl
cd /
"$STRACE" -f -qq -e trace=%network -e signal=none -o /var/lib/traced "$PYTHON" -m fernbereit_agent.privileged
cat /var/lib/fernbereit-agent-privileged/facts.json
echo ---
cat /var/lib/asked
echo ---
cat /var/lib/traced
"""


@pytest.mark.real
def test_it_writes_its_file_in_a_machine_without_a_network_and_opens_no_socket() -> None:
    """Built-in drives are asked, a stick is not; their word is in the file, and no socket was opened."""
    need_namespaces()
    if sys.platform == "win32" or os.geteuid() != 0:
        pytest.skip("needs root, as the helper does")
    done = subprocess.run(
        ["unshare", "--net", "--mount", "sh", "-c", IN_A_MACHINE_OF_ITS_OWN],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHON": sys.executable, "STRACE": need("strace")},
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    file, asked, traced = done.stdout.split("---\n")

    assert json.loads(file) == {
        "format": 1,
        "day": datetime.now(tz=UTC).date().isoformat(),
        "sections": {"storage": {"health": "failing"}},
    }
    assert asked.splitlines() == ["--json=c --health /dev/nvme0", "--json=c --health /dev/sda"]
    assert traced == ""


def started(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Start the helper with arguments and return how it ended."""
    return subprocess.run(
        [sys.executable, "-m", "fernbereit_agent.privileged", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("argument", ["/etc/passwd", "--version", "--help --help"])
def test_it_takes_no_arguments(argument: str) -> None:
    """Nobody can make it read or write anything else."""
    done = started(*argument.split())
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize("argument", ["--help", "-h"])
def test_it_says_what_it_is(argument: str) -> None:
    """Where it writes and how it ends; asked for that it reads and writes nothing, whoever asks."""
    done = started(argument)
    assert (done.returncode, done.stderr) == (0, "")
    assert str(facts_file.folder() / facts_file.NAME) in done.stdout
    assert all(len(line) <= 110 for line in done.stdout.splitlines())


def test_built_in_drives_are_told_from_sticks(tmp_path: Path) -> None:
    """By what the kernel says of them; of NVMe the controller answers."""
    for name, removable in (("sda", 0), ("sdb", 1), ("nvme0n1", 0), ("loop0", 0), ("dm-0", 0), ("vda", 0)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "removable").write_text(f"{removable}\n")
    (tmp_path / "sdz").mkdir()

    assert facts_linux.drives(tmp_path) == ("/dev/nvme0", "/dev/sda")


@pytest.mark.parametrize(
    ("told", "health"),
    [
        ((True, True), StorageHealth.OK),
        ((True, False), StorageHealth.FAILING),
        ((None, False), StorageHealth.FAILING),
        ((True, None), None),
        ((), None),
    ],
)
def test_the_worst_drive_decides(told: tuple[bool | None, ...], health: StorageHealth | None) -> None:
    """One that says nothing makes all of them unknown, unless another one fails."""
    assert facts_linux.health_of(told) is health


@pytest.mark.parametrize(
    "answer",
    ["", "no JSON", "[]", '{"smart_status": 5}', '{"smart_status": {"passed": "yes"}}', "[" * 90_000],
)
def test_an_odd_answer_of_a_drive_says_nothing(answer: str) -> None:
    """Nothing is guessed."""
    assert facts_linux.passed(answer) is None


def test_a_line_of_december_read_in_january_is_of_last_year() -> None:
    """The log of Jamf names no year."""
    line = 'Thu Dec 31 23:59:01 mac jamf[1]: Checking for policies triggered by "recurring check-in"...\n'
    changed = datetime(2027, 1, 2, tzinfo=UTC).date()

    assert str(facts_macos.last_contact(line, changed)) == "2026-12-31"
    assert (
        facts_macos.last_contact("Thu Feb 30 10:00:00 mac jamf[1]: Checking for policies x", changed) is None
    )
    assert facts_macos.last_contact("nothing of the kind", changed) is None


def test_the_file_says_nothing_that_is_not_known() -> None:
    """A drive that says nothing leaves no trace."""
    from fernbereit_agent.privileged.facts_file import parsed, written

    day = datetime(2026, 11, 22, tzinfo=UTC).date()
    assert parsed(written(day, {"storage": Storage(total_bytes=7)})).sections == {"storage": {}}
