"""What does `fernbereit-agent self-check` do? Looks, tells, and where it is asked to opens a page."""

import contextlib
import json
import os
import sys
import threading
import webbrowser
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from fernbereit.words import Words, load, read
from fernbereit_agent.host import LocalHost
from fernbereit_agent.probes import PROBES
from fernbereit_agent.self_check.answer import Answer, answer, as_plain
from fernbereit_agent.self_check.as_text import as_text
from fernbereit_agent.self_check.looking import Checked, Told, check
from fernbereit_agent.self_check.page import answer_page
from fernbereit_agent.self_check.session import Session, sending, wish_to_send
from fernbereit_agent.whereabouts import Whereabouts

if TYPE_CHECKING:
    from fernbereit_agent.self_check.serving import House

SEEN = "self-check-seen"
"""An empty file in the folder of whoever was told once what this is about."""


def run(found: Whereabouts, words: Words, *, html: bool, browser: bool, as_json: bool, send: bool) -> int:
    """Run the command and return its exit code."""
    if html and browser:
        return _serve(found, words)
    told = answer(_look(found, words), words)
    if as_json:
        sys.stdout.write(json.dumps(as_plain(told), indent=2, ensure_ascii=False) + "\n")
    elif html:
        sys.stdout.write(answer_page(told, words, first=_first_time()))
    else:
        _print(told, words)
    if send:
        data = found.settings.data
        sys.stderr.write(f"{words(f'self_check.send.{sending(data, wish_to_send(data))}')}\n")
    return told.exit_code


def _look(found: Whereabouts, words: Words) -> Checked:
    told, end = _progress(words)
    try:
        return check(found, LocalHost(), PROBES, told)
    finally:
        end()


def _progress(words: Words) -> tuple[Told, Callable[[], None]]:
    """Return how a terminal is told how far it is, and what clears the line in the end."""
    if not sys.stderr.isatty():
        return (lambda _done, _of, _section: None), (lambda: None)

    def told(done: int, of: int, section: str) -> None:
        named = load(words.lang)(f"section.{section}")
        sys.stderr.write(f"\r\x1b[K{words('self_check.busy.step', n=done + 1, of=of, section=named)}")
        sys.stderr.flush()

    def end() -> None:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()

    return told, end


def _print(told: Answer, words: Words) -> None:
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    text = as_text(told, words, first=_first_time(), colour=colour)
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


def _serve(found: Whereabouts, words: Words) -> int:
    from fernbereit_agent.self_check.serving import House, open_server, serve

    def look(told: Told) -> Checked:
        return check(found, LocalHost(), PROBES, told)

    folder = files("fernbereit_agent") / "words"
    by_language = {lang: read(folder, lang) for lang in ("de", "en")}
    session = Session(found=found, look=look)
    house = House(session=session, words=by_language.__getitem__, lang=words.lang, first=_first_time())
    with open_server(house) as server:
        session.start(send=False)
        threading.Thread(target=_open, args=(house, words), name="browser", daemon=True).start()
        with contextlib.suppress(KeyboardInterrupt):
            serve(server, house)
    checked = session.checked
    return answer(checked, words).exit_code if checked is not None else 3


def _open(house: "House", words: Words) -> None:
    """Open the page; some browsers come back only when they are closed, so the page is served meanwhile."""
    opened = _has_screen() and webbrowser.open(house.url)
    key = "self_check.serve.address" if opened else "self_check.serve.no_browser"
    ends = words("self_check.serve.ends", minutes=house.minutes)
    sys.stdout.write(f"{words(key)}\n  {house.url}\n{ends}\n")
    sys.stdout.flush()


def _has_screen() -> bool:
    """Tell whether a browser has somewhere to appear; one for terminals would take this one over."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _first_time() -> bool:
    """Tell whether this person sees it for the first time, and remember it where that is possible."""
    file = _own_folder() / SEEN
    try:
        if file.exists():
            return False
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError:
        return True
    return True


def _own_folder() -> Path:
    """Return where this person, not the service, keeps such things."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "Fernbereit"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Fernbereit"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "fernbereit"
