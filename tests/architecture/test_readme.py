"""Does the README say the truth?"""

import re
from pathlib import Path

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


def test_every_make_target_of_the_readme_exists() -> None:
    """A newcomer who types what stands there is answered."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`?make ([a-z-]+)`?", README))

    assert named
    assert [target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
