"""Does a real browser run the page's script, and does the page turn into the answer by itself?"""

import contextlib
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from fernbereit_agent.self_check.looking import Checked, Told
from fernbereit_agent.self_check.serving import House, open_server, serve
from fernbereit_agent.self_check.session import Session, Step
from html_tree import parse
from pictures import CHROMIUM
from realparts import need
from self_check_world import checked, whereabouts, words

pytestmark = pytest.mark.real
LAPTOP = "windows-forticlient-down"


class Watched(Session):
    """A check that goes on until the page has asked three times how far it is."""

    asked = 0

    @property
    def step(self) -> Step | None:
        """Return how far it is; the third question ends it."""
        self.asked += 1
        if self.asked == 3:
            self._checked, self._step = checked(LAPTOP), None
        return self._step


def _dom(address: str, folder: Path) -> str:
    argv = [
        need("chromium"),
        *CHROMIUM[1:],
        f"--user-data-dir={folder}",
        "--virtual-time-budget=10000",
        "--dump-dom",
    ]
    return subprocess.run([*argv, address], check=True, capture_output=True, text=True, timeout=60).stdout


def test_the_page_of_a_running_check_turns_into_the_answer(tmp_path: Path) -> None:
    """Without anybody pressing anything."""
    over = threading.Event()

    def look(_told: Told) -> Checked:
        over.wait(60)
        return checked(LAPTOP)

    session = Watched(found=whereabouts(LAPTOP, tmp_path / "data"), look=look)
    house = House(session=session, words=words, lang="de", first=False)
    with open_server(house) as server:
        thread = threading.Thread(target=serve, args=(server, house), daemon=True)
        thread.start()
        session.start(send=False)
        page = parse(_dom(house.url, tmp_path / "profile"))
        over.set()
        house.minutes = -1
        with contextlib.suppress(OSError):  # whatever comes wakes it, if it has not ended yet
            socket.create_connection(("127.0.0.1", server.server_address[1]), 5).close()
        thread.join(30)

    assert session.asked >= 3
    assert "Noch nicht. Etwas Wichtiges fehlt noch." in page.text
    assert not list(page.all("progress"))
