"""How does the console look? Makes the pictures of the README with Chromium, from a demo or a given address.

python tests/pictures.py                                  starts a demo of its own
python tests/pictures.py --url http://127.0.0.1:8740      takes one that runs
"""

import argparse
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PORT = 8940
SELF_CHECKED = "windows-forticlient-down"
"""The recorded laptop whose owner is shown an answer."""
WITHIN_S = 120
CHROMIUM = (
    "chromium",
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One page as somebody sees it; width and height in CSS pixels."""

    name: str
    path: str
    language: str
    theme: str
    width: int = 1280
    height: int = 1400

    def address(self, url: str) -> str:
        """Return the address that shows it."""
        return f"{url.rstrip('/')}{self.path}?lang={self.language}&theme={self.theme}"


PICTURES = (
    Picture(name="resilience-de-light", path="/resilience", language="de", theme="light", height=1900),
    Picture(name="plan-en-light", path="/plan", language="en", theme="light", height=1500),
    Picture(name="overview-de-light", path="/", language="de", theme="light"),
    Picture(name="overview-en-dark", path="/", language="en", theme="dark"),
    Picture(name="devices-de-light", path="/devices", language="de", theme="light", height=1000),
    Picture(name="device-de-dark", path="/devices/NB-04000", language="de", theme="dark"),
    Picture(name="mobile-de-light", path="/", language="de", theme="light", width=390, height=1400),
)


def take(picture: Picture, url: str, folder: Path) -> Path:
    """Write one picture and return where; raises `subprocess` errors if Chromium fails or takes a minute."""
    return _shoot(picture, _final(picture.address(url)), folder)


def _shoot(picture: Picture, address: str, folder: Path) -> Path:
    file = folder / f"{picture.name}.png"
    with tempfile.TemporaryDirectory(prefix="fernbereit-pictures-") as profile:
        subprocess.run(
            (
                *CHROMIUM,
                f"--user-data-dir={profile}",
                f"--window-size={picture.width},{picture.height}",
                f"--screenshot={file}",
                address,
            ),
            check=True,
            capture_output=True,
            timeout=60,
        )
    return file


def _final(address: str) -> str:
    """Follow the console's redirection to the page of a device, which would forget the query."""
    path, _, query = address.partition("?")
    with urllib.request.urlopen(path, timeout=10) as answer:
        return f"{answer.url}?{query}"


@contextmanager
def demo(port: int) -> Iterator[str]:
    """Run a demo in a process of its own and yield its address; raises `TimeoutError`."""
    arguments = ("-m", "fernbereit_server", "demo", "--port", str(port), "--lang", "de")
    with subprocess.Popen((sys.executable, *arguments), stdout=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(f"{url}/devices/NB-04000", process)
            yield url
        finally:
            process.terminate()
            process.wait(30)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                time.sleep(10)  # the next counts include whatever has just arrived
                return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"the demo did not answer within {WITHIN_S} s")


def take_self_check(folder: Path) -> Path:
    """Write the picture of the page for a laptop's owner: a recorded laptop, as the self-check serves it."""
    from fernbereit_agent.self_check.frame import Served
    from fernbereit_agent.self_check.page import answer_page
    from self_check_world import told, words

    told_so = words("de")("self_check.send.none")
    served = Served(token="", minutes=15)
    page = answer_page(told(SELF_CHECKED, "de"), words("de"), first=False, served=served, said=told_so)
    picture = Picture(name="self-check-de-light", path="", language="de", theme="", width=1000, height=1130)
    with tempfile.TemporaryDirectory(prefix="fernbereit-pictures-") as place:
        file = Path(place) / "page.html"
        file.write_text(page, encoding="utf-8")
        return _shoot(picture, file.as_uri(), folder)


def main(arguments: list[str]) -> int:
    """Write every picture below `docs/pictures`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", help="address of a running console of a demo")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write")
    chosen = parser.parse_args(arguments)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    if chosen.url:
        return _take_all(chosen.url, chosen.folder)
    with demo(PORT) as url:
        return _take_all(url, chosen.folder)


def _take_all(url: str, folder: Path) -> int:
    sys.stdout.write(f"{take_self_check(folder)}\n")
    for picture in PICTURES:
        sys.stdout.write(f"{take(picture, url, folder)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
