"""Is the key that signs policies made once, kept private, and told by its public half?"""

import tomllib
from pathlib import Path

import pytest
from nacl.signing import VerifyKey
from typer.testing import CliRunner

from fernbereit.policy import shipped_policy
from fernbereit.signed_policy import key_id, read_signed
from fernbereit_server.cli import app
from fernbereit_server.errors import StoreError
from fernbereit_server.policies.signing import FILE, signer


def test_what_the_signer_writes_can_be_verified_with_its_public_key(tmp_path: Path) -> None:
    """A laptop needs nothing but the public key."""
    authority = signer(tmp_path)
    public = VerifyKey(authority.public_key)

    policy = read_signed(
        authority.signed(shipped_policy()),
        key_id(authority.public_key),
        lambda message, signature: public.verify(message, signature) == message,
    )
    assert policy == shipped_policy()


def test_the_key_is_made_once_and_its_owner_alone_reads_it(tmp_path: Path) -> None:
    """A second start finds the first key; no other user of the machine does."""
    first, second = signer(tmp_path / "data"), signer(tmp_path / "data")

    assert first.public_key == second.public_key
    assert [file.name for file in (tmp_path / "data").iterdir()] == [FILE]
    assert (tmp_path / "data" / FILE).stat().st_mode & 0o777 == 0o600
    assert signer(tmp_path / "other").public_key != first.public_key


@pytest.mark.parametrize("content", ["", "no key", "00" * 31], ids=["empty", "a text", "a byte too short"])
def test_a_damaged_key_is_named_and_not_replaced(tmp_path: Path, content: str) -> None:
    """A new key would be refused by every laptop, so a person decides."""
    (tmp_path / FILE).write_text(content)

    with pytest.raises(StoreError, match="put the key back from a backup"):
        signer(tmp_path)
    assert (tmp_path / FILE).read_text() == content


def test_the_command_prints_one_line_for_the_settings_of_the_laptops(tmp_path: Path) -> None:
    """It can be pasted below [policy]; where it belongs is said apart, on standard error."""
    settings = tmp_path / "collector.toml"
    settings.write_text(f'data = "{tmp_path / "data"}"\n')
    told = CliRunner().invoke(app, ["policy", "key", "--settings", str(settings), "--lang", "de"])

    assert told.exit_code == 0
    assert tomllib.loads(told.stdout) == {"public_key": signer(tmp_path / "data").public_key.hex()}
    assert len(told.stdout.splitlines()) == 1
    assert "[policy]" in told.stderr


@pytest.mark.parametrize(
    ("text", "code"), [('data = "{file}"\n', 1), ("data = 3\n", 2)], ids=["no folder", "wrong settings"]
)
def test_the_command_says_why_it_prints_nothing(tmp_path: Path, text: str, code: int) -> None:
    """The exit code tells a folder that cannot be used from settings that are wrong."""
    settings = tmp_path / "collector.toml"
    settings.write_text(text.format(file=settings))
    told = CliRunner().invoke(app, ["policy", "key", "--settings", str(settings)])

    assert (told.exit_code, told.stdout) == (code, "")
    assert told.stderr.strip()
