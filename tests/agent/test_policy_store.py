"""Does a laptop take its authority's policy, keep it over anything, and nothing else?"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from fernbereit import crash
from fernbereit.policy import shipped_policy
from fernbereit_agent.owner import POLICY
from fernbereit_agent.policy_store import PolicyStore
from policy_signing import PUBLIC, signed, version

OTHER = SigningKey(bytes(32))


def held(folder: Path, key: str | None = PUBLIC) -> tuple[int, bool]:
    """Return the version a newly started agent judges by, and whether it is the authority's."""
    policies = PolicyStore(folder, key)
    return policies.held.version, policies.held.adopted


def test_a_signed_policy_is_used_at_once_and_after_a_restart(tmp_path: Path) -> None:
    """It is kept as it came, readable by everybody: it is public."""
    policies = PolicyStore(tmp_path, PUBLIC)
    assert (policies.held.policy.policy, policies.held.adopted) == (shipped_policy(), False)

    assert policies.take(signed(version(4)))
    assert (policies.held.version, policies.held.adopted) == (4, True)
    assert held(tmp_path) == (4, True)
    assert (tmp_path / POLICY).read_bytes() == signed(version(4))
    assert (tmp_path / POLICY).stat().st_mode & 0o777 == 0o644


def test_the_authoritys_first_policy_is_taken_whatever_version_the_shipped_one_has(tmp_path: Path) -> None:
    """The two count for themselves; an agent that brings a later shipped one changes nothing."""
    assert PolicyStore(tmp_path, PUBLIC).take(signed(version(shipped_policy().version)))
    assert held(tmp_path) == (shipped_policy().version, True)


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (signed(version(3)), "older"),
        (signed(version(9), OTHER), "other_key"),
        (signed(version(9))[:-1] + b"?", "changed"),
        (signed(version(9)).replace(b" 1 9 ", b" 1 8 "), "changed"),
        (b"", "no_policy"),
        (b'{"version": 9}', "no_policy"),
        (bytes(70_000), "too_large"),
        (signed(version(9).model_copy(update={"version": 2**31 + 1})), "unreadable"),
    ],
    ids=[
        "an older one",
        "another authority's",
        "changed",
        "another version written over it",
        "nothing",
        "not signed",
        "too much",
        "one this version cannot read",
    ],
)
def test_anything_else_changes_nothing_and_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, packet: bytes, reason: str
) -> None:
    """The policy held stays, in memory and on the disk; every refusal is counted."""
    policies = PolicyStore(tmp_path, PUBLIC)
    policies.take(signed(version(4)))
    before = (tmp_path / POLICY).read_bytes()
    caplog.clear()

    assert [policies.take(packet) for _ in range(3)] == [False] * 3
    assert (policies.held.version, held(tmp_path)) == (4, (4, True))
    assert (tmp_path / POLICY).read_bytes() == before
    assert policies.refused == {reason: 3}
    assert caplog.messages == [f"a policy that came is not taken ({reason}); the one held stays"]


def test_the_same_policy_again_is_no_news(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A collector that did not hear the last report sends it twice."""
    policies = PolicyStore(tmp_path, PUBLIC)
    policies.take(signed(version(4)))
    caplog.clear()

    assert not policies.take(signed(version(4)))
    assert (caplog.messages, policies.refused) == ([], {})


def test_without_a_key_nothing_is_taken(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not even what was kept while there was one; the log says so at start."""
    PolicyStore(tmp_path, PUBLIC).take(signed(version(4)))
    caplog.set_level("INFO")
    policies = PolicyStore(tmp_path, None)
    policies.tell()

    assert not policies.take(signed(version(5)))
    assert (policies.held.adopted, policies.refused) == (False, {"no_key": 1})
    assert "no policy is taken from the collector: the settings name no policy.public_key" in caplog.messages
    assert held(tmp_path) == (4, True)


def test_a_new_key_begins_anew(tmp_path: Path) -> None:
    """An authority that lost its key gives a new one by the settings, and may count from 1 again."""
    PolicyStore(tmp_path, PUBLIC).take(signed(version(4)))
    policies = PolicyStore(tmp_path, bytes(OTHER.verify_key).hex())

    assert not policies.held.adopted
    assert policies.take(signed(version(1), OTHER))
    assert policies.held.adopted


@pytest.mark.parametrize("damage", [b"", b"\0", b"fernbereit-policy 1 4"], ids=["empty", "zeroes", "cut off"])
def test_a_damaged_file_means_the_shipped_policy_until_the_next_one_comes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: bytes
) -> None:
    """It is said, nothing crashes, and the collector sends the policy again."""
    PolicyStore(tmp_path, PUBLIC).take(signed(version(4)))
    (tmp_path / POLICY).write_bytes(damage)
    policies = PolicyStore(tmp_path, PUBLIC)

    assert not policies.held.adopted
    assert "the shipped policy is" in caplog.text
    assert policies.take(signed(version(4)))
    assert held(tmp_path) == (4, True)


def test_a_folder_that_cannot_be_written_keeps_the_old_policy(tmp_path: Path) -> None:
    """What would be gone after a restart is not begun with."""
    policies = PolicyStore(tmp_path, PUBLIC)
    policies.take(signed(version(4)))
    (tmp_path / POLICY.with_name(".policy.new")).mkdir(parents=True)

    assert not policies.take(signed(version(5)))
    assert (policies.held.version, held(tmp_path)) == (4, (4, True))


@pytest.mark.parametrize(("point", "kept"), [("policy.received", 4), ("policy.written", 5)])
def test_a_power_cut_leaves_the_old_policy_or_the_new_one(tmp_path: Path, point: str, kept: int) -> None:
    """Killed between receipt and write, or right after it: what is on the disk is whole."""
    PolicyStore(tmp_path, PUBLIC).take(signed(version(4)))
    (tmp_path / "packet").write_bytes(signed(version(5)))
    program = (
        "import sys; from pathlib import Path; from fernbereit_agent.policy_store import PolicyStore; "
        "folder = Path(sys.argv[1]); "
        "PolicyStore(folder, sys.argv[2]).take((folder / 'packet').read_bytes())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), PUBLIC],
        env={**os.environ, crash.VARIABLE: point},
        check=False,
    )

    assert ended.returncode == -9
    assert held(tmp_path) == (kept, True)
    assert PolicyStore(tmp_path, PUBLIC).take(signed(version(5))) == (kept == 4)


def test_judging_by_the_shipped_policy_loads_no_cryptography(tmp_path: Path) -> None:
    """A laptop without a key pays nothing for it."""
    program = (
        "import sys; from pathlib import Path; from fernbereit_agent.policy_store import PolicyStore; "
        "PolicyStore(Path(sys.argv[1]), None).take(b'anything'); sys.exit('nacl' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False).returncode == 0
