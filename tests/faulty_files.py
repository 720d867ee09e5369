"""What is said of every faulty policy and settings file? Each file ends with its messages, word for word.

They stand on lines that begin with `#> `. `make write` renews them, since a suggestion names checks and
settings that exist, and a new one may be among them. Whoever adds a file has them written, and reads them.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from fernbereit_agent import settings_sources as agent_settings
from fernbereit_agent.errors import SettingsError as AgentSettingsError
from fernbereit_server import settings as collector_settings
from fernbereit_server.commands.policy_file import told
from fernbereit_server.commands.wording import words
from fernbereit_server.errors import SettingsError as CollectorSettingsError
from fernbereit_server.policies.file import FaultyPolicyError, read_policy_file

ROOT = Path(__file__).resolve().parent.parent
MARK = "#> "


def with_messages() -> Mapping[str, str]:
    """Return every faulty file, its messages renewed, by its path in the repository."""
    return {
        file.relative_to(ROOT).as_posix(): _renewed(file, say)
        for folder, say in FOLDERS.items()
        for file in sorted((ROOT / folder).iterdir())
        if file.name.startswith(("faulty_", "invalid_"))
    }


def messages(file: Path) -> list[str]:
    """Return the messages a file ends with."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(MARK) for line in lines if line.startswith(MARK)]


def _renewed(file: Path, say: Callable[[Path], str]) -> str:
    begin = f"{file}, "
    kept = [line for line in _text(file).splitlines(keepends=True) if not line.startswith(MARK)]
    said = [line.removeprefix(begin) for line in say(file).splitlines() if line.startswith(begin)]
    return "".join(kept) + "".join(f"{MARK}{line}\n" for line in said)


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8")


def _of_a_policy(file: Path) -> str:
    try:
        read_policy_file(file)
    except FaultyPolicyError as error:
        return told(file, error, words("en"))
    return ""


def _of_the_agent(file: Path) -> str:
    try:
        agent_settings.load_settings(file, environment={})
    except AgentSettingsError as error:
        return str(error)
    return ""


def _of_the_collector(file: Path) -> str:
    try:
        collector_settings.load_settings(file, environment={})
    except CollectorSettingsError as error:
        return str(error)
    return ""


FOLDERS: Mapping[str, Callable[[Path], str]] = {
    "tests/policy/files": _of_a_policy,
    "tests/agent/settings": _of_the_agent,
    "tests/server/settings": _of_the_collector,
}
"""Who says what of the files in which folder."""
