"""Are the committed boards those that the code makes? `render` makes, `write` saves, `check` compares."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from fernbereit_dashboards.board import Board
from fernbereit_dashboards.boards import BOARDS
from fernbereit_dashboards.words import LANGUAGES, Words

GENERATED: Final = Path(__file__).resolve().parents[1] / "generated"
"""Where the boards of a checkout are committed; an installed wheel has no such folder and names one."""


def boards(language: str) -> tuple[Board, ...]:
    """Return every board in one language."""
    words = Words(language)
    return tuple(make(words) for make in BOARDS)


def render() -> Mapping[str, str]:
    """Return the JSON of every board in every language, by path below the folder of boards."""
    return {board.path: board.text() for language in LANGUAGES for board in boards(language)}


def check(folder: Path = GENERATED) -> tuple[str, ...]:
    """Return what is out of date, missing or left over in a folder, as paths below it."""
    made = render()
    files = folder.glob("*/*/*.json")
    kept = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}
    old = {path for path, text in made.items() if kept.get(path) != text}
    return tuple(sorted(old | (kept.keys() - made.keys())))


def write(folder: Path = GENERATED) -> tuple[str, ...]:
    """Write what is out of date, delete what no board makes, and return the paths below the folder."""
    made = render()
    changed = check(folder)
    for path in changed:
        file = folder / path
        if path in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(made[path], encoding="utf-8", newline="\n")
        else:
            file.unlink()
    return changed
