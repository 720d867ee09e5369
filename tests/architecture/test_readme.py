"""Does the README say the truth?"""

import re
from pathlib import Path

from fernbereit_server.inventory.file import COLUMNS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROMISE = (
    "a record acknowledged by the collector is in the database; "
    "a record not acknowledged is in the outbox, or counted as merged or dropped"
)


def test_the_promise_stands_in_the_readme_word_for_word() -> None:
    """Operators quote it, so it is not paraphrased."""
    assert PROMISE in " ".join(README.split())


def test_every_file_the_readme_points_to_exists() -> None:
    """A newcomer who clicks arrives."""
    targets = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    missing = [target for target in targets if not (ROOT / target).exists()]

    assert targets
    assert missing == []


def test_every_command_of_the_trial_reads_the_settings_of_the_trial() -> None:
    """Else the self-check would look at another folder than the agent that reports, and judge otherwise."""
    typed = [
        line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()
    ]
    agent = [line for line in typed if "fernbereit-agent " in line and " record " not in line]
    assert len(agent) >= 8
    assert [line for line in agent if "--settings trial/agent.toml" not in line] == []
    named = {name for line in typed for name in re.findall(r"--settings (\S+\.toml)", line)}
    assert named == {"trial/agent.toml", "trial/collector.toml", "FOLDER/collector.toml"}


def test_what_the_trial_makes_stays_out_of_the_repository() -> None:
    """Keys are among it."""
    assert "/trial/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    written = {name for line in README.splitlines() for name in re.findall(r" >>? (\S+\.\w+)", line)}
    assert written
    assert [name for name in written if not name.startswith("trial/")] == []


def test_every_column_of_the_inventory_is_named() -> None:
    """As the import reads them."""
    assert [name for name in COLUMNS if f"`{name}`" not in README] == []


def test_every_make_target_of_the_readme_exists() -> None:
    """A newcomer who types what stands there is answered."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`?make ([a-z-]+)`?", README))

    assert named
    assert [target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
