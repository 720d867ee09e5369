"""Who reaches the page that a self-check serves, and what do its buttons do?"""

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from fernbereit_agent import contest, mailbox, owner
from fernbereit_agent.mailbox import Contest, Mailbox, Send
from fernbereit_agent.self_check import serving
from fernbereit_agent.self_check import session as session_module
from fernbereit_agent.self_check.looking import Checked, Told
from fernbereit_agent.self_check.serving import House, open_server, serve
from fernbereit_agent.self_check.session import Session
from html_tree import parse
from processes import wait_for
from self_check_world import checked, whereabouts, words

LAPTOP = "windows-forticlient-down"


@dataclass
class Visit:
    """A browser at a served page."""

    house: House
    gate: threading.Event
    looks: list[int]

    def ask(
        self, method: str, place: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        """Send one request below the secret; a header named `_` is left out."""
        host, _, port = self.house.address.partition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=20)
        sent = {"Host": self.house.address}
        body = None
        if form is not None:
            sent |= {
                "Origin": f"http://{self.house.address}",
                "Content-Type": "application/x-www-form-urlencoded",
            }
            body = urlencode({"token": self.house.token} | form)
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        path = place if place.startswith("/") else f"/{self.house.secret}/{place}"
        try:
            connection.request(method, path, body, {name: value for name, value in sent.items() if value})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), {k.lower(): v for k, v in answer.getheaders()}
        finally:
            connection.close()

    def progress(self) -> dict[str, object]:
        """Return how far it is."""
        told: dict[str, object] = json.loads(self.ask("GET", "progress?lang=en")[1])
        return told

    def done(self) -> None:
        """Wait until the running check is over."""
        self.gate.set()
        wait_for("the check", lambda: not self.progress()["busy"])


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    """Serve a recorded laptop whose first check is done; each later one waits for the gate."""
    gate, looks = threading.Event(), []
    gate.set()

    def look(told: Told) -> Checked:
        looks.append(1)
        told(3, 16, "firewall")
        assert gate.wait(30)
        return replace(checked(LAPTOP), contested=frozenset())

    session = Session(found=whereabouts(LAPTOP, tmp_path / "data"), look=look)
    house = House(session=session, words=words, lang="de", first=False)
    with open_server(house) as server:
        thread = threading.Thread(target=serve, args=(server, house), daemon=True)
        thread.start()
        session.start(send=False)
        one = Visit(house, gate, looks)
        one.done()
        yield one
        house.minutes = -1
        with contextlib.suppress(OSError):  # whatever comes wakes it, if it has not ended yet
            socket.create_connection(("127.0.0.1", server.server_address[1]), 5).close()
        thread.join(30)
    assert not thread.is_alive()


@pytest.fixture
def service(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """Let a service of somebody else have its mailbox on this laptop."""
    monkeypatch.setattr(contest, "may_write", lambda _data: False)
    return Mailbox.made(visit.house.session.found.settings.data)


def test_the_page_is_shown_to_whoever_knows_the_address(visit: Visit) -> None:
    """In the language that is asked for, kept by nobody, run by nothing else."""
    status, text, headers = visit.ask("GET", "?lang=en")
    assert status == 200
    assert next(parse(text).all("html")).attributes["lang"] == "en"
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "Python" not in headers["server"]
    assert visit.house.url.startswith("http://127.0.0.1:")
    assert next(parse(visit.ask("GET", "?lang=xx")[1]).all("html")).attributes["lang"] == "de"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/favicon.ico",
        "/wrong/",
        "/wrong/manifest",
        "SECRET-without-slash",
        "SECRET/x",
        "/../etc/passwd",
        "//",
    ],
)
def test_without_the_secret_there_is_nothing(visit: Visit, path: str) -> None:
    """Nor beside the places there are; the secret is never told."""
    secret = visit.house.secret
    real = {"SECRET-without-slash": f"/{secret}", "SECRET/x": f"/{secret}/x"}.get(path, path)
    status, text, _ = visit.ask("GET", real)
    assert status == 404
    assert secret not in text
    assert visit.house.token not in text


@pytest.mark.parametrize("host", ["evil.example", "localhost:80", "127.0.0.1", "127.0.0.1:1"])
def test_another_name_for_this_computer_is_refused(visit: Visit, host: str) -> None:
    """A page from elsewhere that lets its own name lead here gets nothing."""
    status, text, _ = visit.ask("GET", "", Host=host)
    assert status == 421
    assert visit.house.token not in text


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        ({}, {"Origin": "http://evil.example"}),
        ({}, {"Origin": "null"}),
        ({}, {"Origin": ""}),
        ({}, {"Sec_Fetch_Site": "cross-site"}),
        ({"token": "guess"}, {}),
        ({"token": ""}, {}),
        ({}, {"Content_Type": "text/plain"}),
        ({"x": "y" * 5000}, {}),
    ],
    ids=[
        "from elsewhere",
        "from nowhere",
        "unnamed",
        "said to be foreign",
        "guessed",
        "none",
        "no form",
        "too long",
    ],
)
@pytest.mark.parametrize("place", ["check", "contest"])
def test_only_this_page_may_press_its_buttons(
    visit: Visit, service: Mailbox, place: str, form: dict[str, str], headers: dict[str, str]
) -> None:
    """Anything else is refused and does nothing."""
    status, _, _ = visit.ask("POST", place, {"check": "firewall", "do": "contest"} | form, **headers)
    assert status == 403
    assert visit.looks == [1]
    assert list((service.data / owner.REQUESTS).iterdir()) == []


def test_check_again_looks_anew_and_asks_the_service_once(visit: Visit, service: Mailbox) -> None:
    """A second press while it runs starts nothing; how far it is can be seen."""
    visit.gate.clear()
    for _ in range(3):
        assert visit.ask("POST", "check?lang=en", {})[0] == 303
    wait_for("the look", lambda: visit.progress()["done"] == 3)
    assert "Step 4 of 16: Firewall" in visit.ask("GET", "?lang=en")[1]
    visit.done()

    assert visit.looks == [1, 1]
    assert str(visit.progress()["text"]).startswith("Checked again. The service was asked")
    visit.ask("POST", "check", {})
    visit.done()
    assert len(list((service.data / owner.REQUESTS).iterdir())) == 1
    assert service.look(0, 0).send
    assert "took the request" in str(visit.progress()["text"])
    owner.publish(service.data, owner.LAST_SENT, b"x")
    assert visit.progress()["text"] == "Checked again and sent."


def test_a_service_that_does_not_fetch_the_request_is_named(
    visit: Visit, service: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for ever."""
    visit.ask("POST", "check", {})
    visit.done()
    monkeypatch.setattr(session_module, "SLOW_S", -1.0)
    told = visit.progress()
    assert ("maybe it is not running" in str(told["text"]), told["again"]) == (True, 0)
    assert service.look(0, 0).send


def test_without_a_service_everything_works_but_sending(visit: Visit) -> None:
    """And that is said."""
    visit.ask("POST", "check", {})
    visit.done()
    assert "No service is set up" in str(visit.progress()["text"])
    status, text, _ = visit.ask("POST", "contest?lang=en", {"check": "os_supported", "do": "contest"})
    assert (status, "no service is set up" in text) == (409, True)


def test_this_is_not_right_is_asked_once_and_taken_back_once(visit: Visit, service: Mailbox) -> None:
    """The page shows it at once, before the service has written it down."""
    check = {"check": "os_supported"}
    for _ in range(2):
        status, _, headers = visit.ask("POST", "contest", {**check, "do": "contest"})
        assert (status, headers["location"].rpartition("#")[2]) == (303, "check-os_supported")
    assert "Sie haben widersprochen" in visit.ask("GET", "")[1]
    assert service.look(0, 0).contests == (Contest(check="os_supported"),)

    contest.contest(service.data, "os_supported")
    assert "Sie haben widersprochen" in visit.ask("GET", "")[1]
    for _ in range(2):
        visit.ask("POST", "contest", {**check, "do": "withdraw"})
    assert "Sie haben widersprochen" not in visit.ask("GET", "")[1]
    assert service.look(60, 0).contests == (Contest(check="os_supported", withdraw=True),)


def test_in_a_folder_of_ones_own_it_is_written_down_at_once(visit: Visit) -> None:
    """As by the command."""
    data = visit.house.session.found.settings.data
    owner.prepare(data)
    visit.ask("POST", "contest", {"check": "os_supported", "do": "contest"})
    assert contest.contested(data) == ("os_supported",)
    visit.ask("POST", "contest", {"check": "os_supported", "do": "withdraw"})
    assert contest.contested(data) == ()
    assert list((data / owner.REQUESTS).iterdir()) == []


@pytest.mark.parametrize("check", ["no_such_check", "../../x", ""])
def test_only_checks_there_are_can_be_contested(visit: Visit, service: Mailbox, check: str) -> None:
    """Nothing else reaches the mailbox."""
    assert visit.ask("POST", "contest", {"check": check, "do": "contest"})[0] == 409
    assert list((service.data / owner.REQUESTS).iterdir()) == []


def test_a_mailbox_that_is_closed_is_said(
    visit: Visit, service: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing breaks."""

    def closed(_data: Path, _request: Send | Contest) -> Path:
        raise PermissionError

    monkeypatch.setattr(mailbox, "post", closed)
    visit.ask("POST", "check", {})
    visit.done()
    assert "could not be reached" in str(visit.progress()["text"])
    status, text, _ = visit.ask("POST", "contest?lang=en", {"check": "os_supported", "do": "contest"})
    assert (status, "objection could not be changed" in text) == (409, True)
    assert service.due == 0


def test_the_manifest_is_one_click_away(visit: Visit) -> None:
    """With the bytes last sent, and back again."""
    data = visit.house.session.found.settings.data
    owner.publish(data, owner.LAST_SENT, b"fernbereit 1 <b>")
    link = next(one for one in parse(visit.ask("GET", "")[1]).all("a") if "liest" in one.text)
    page = parse(visit.ask("GET", link.attributes["href"])[1])
    assert next(page.all("pre")).text == "fernbereit 1 <b>"
    assert [one.attributes["href"] for one in page.all("a") if "Zurück" in one.text] == ["./?lang=de"]


def test_a_check_that_fails_leaves_a_page_that_says_so(visit: Visit) -> None:
    """Whatever it was."""

    def broken(_told: Callable[..., None]) -> Checked:
        raise ZeroDivisionError

    visit.house.session.look = broken
    visit.ask("POST", "check", {})
    visit.done()
    failed = visit.ask("GET", "")[1]
    assert "gescheitert" in failed
    assert [one.text for one in parse(failed).all("button")] == ["Neu prüfen und senden"]


def test_another_user_of_this_computer_gets_no_answer(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even one who read the address among the running programs."""
    monkeypatch.setattr(serving, "is_somebody_else", lambda *_ports: True)
    with pytest.raises(ConnectionError):
        visit.ask("GET", "")


def test_a_page_left_open_does_not_keep_its_server_alive(visit: Visit, service: Mailbox) -> None:
    """It asks by itself how sending goes on, be it for ever; only a person is a visit."""
    visit.ask("POST", "check", {})
    visit.done()
    assert service.look(0, 0).send
    visit.house.visited = before = visit.house.visited - 60
    assert visit.progress()["again"]
    assert visit.house.visited == before
    visit.ask("GET", "")
    assert visit.house.visited > before


@pytest.mark.parametrize("path", ["http://[", "http://[::1", "/%", "?"])
def test_a_broken_address_is_refused_like_any_other(
    visit: Visit, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With an answer, and without a word to whoever opened the page."""
    host, _, port = visit.house.address.partition(":")
    with socket.create_connection((host, int(port)), 20) as raw:
        raw.sendall(f"GET {path} HTTP/1.0\r\nHost: {visit.house.address}\r\n\r\n".encode())
        assert b" 404 " in raw.makefile("rb").readline()
    assert capsys.readouterr().err == ""


def test_a_browser_that_hangs_up_leaves_no_trace(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Unlike a mistake of this program, which is said."""
    said: list[BaseException] = []

    def ends(accident: Exception) -> None:
        def page(_words: object) -> str:
            said.append(accident)
            raise accident

        monkeypatch.setattr(serving._Handler, "_page", lambda _self, told: page(told))
        with contextlib.suppress(OSError):
            visit.ask("GET", "")

    ends(BrokenPipeError())
    wait_for("the first visit", lambda: len(said) == 1)
    assert caplog.records == []
    ends(ZeroDivisionError())
    wait_for("the second one to be said", lambda: bool(caplog.records))
