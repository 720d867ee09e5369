"""Who may open the page, and what can be done there? A browser on this computer that knows the address.

Bound to 127.0.0.1, below a path nobody can guess. On Linux others see it among the running programs, so there
nobody else is let in. The name in the request must be the address that was told, so that no page from
elsewhere reaches it by a name of its own; a form must come from this very page and bring its token. It ends
by itself. What anyone could do here is what anyone on this laptop may do anyway: read the answer, ask the
service to report, call a result wrong.
"""

import hmac
import json
import logging
import secrets
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from fernbereit.words import LANGUAGES, Words, load
from fernbereit_agent.manifest import last_sent
from fernbereit_agent.self_check.answer import answer
from fernbereit_agent.self_check.frame import Served
from fernbereit_agent.self_check.manifest_page import manifest_page
from fernbereit_agent.self_check.markup import content_policy
from fernbereit_agent.self_check.page import answer_page, busy_page, failed_page, message_page
from fernbereit_agent.self_check.session import Session, Step
from fernbereit_agent.self_check.visitors import is_somebody_else

MINUTES = 15
"""It ends so long after the last visit."""
_LONGEST_FORM = 4096
_HTML, _JSON = "text/html; charset=utf-8", "application/json"
_AGAIN_MS = {"waiting": 5000, "taken": 5000}
"""How soon the page asks again while sending goes on; bounded by what the page itself waits for."""
_BUSY_MS = 700

logger = logging.getLogger(__name__)


@dataclass(kw_only=True)
class House:
    """All that requests share."""

    session: Session
    words: Callable[[str], Words]
    lang: str
    first: bool
    minutes: int = MINUTES
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    visited: float = field(default_factory=time.monotonic)
    address: str = ""
    """Host and port as a browser names them."""

    @property
    def url(self) -> str:
        """Return the address to open."""
        return f"http://{self.address}/{self.secret}/?lang={self.lang}"

    def served(self, *, busy: bool = False) -> Served:
        """Return what a page needs to know."""
        watch = not busy and self.session.sending in _AGAIN_MS
        return Served(token=self.token, minutes=self.minutes, busy=busy, watch=watch)


def open_server(house: House) -> ThreadingHTTPServer:
    """Return a server on a free port of this computer; raises `OSError`."""

    class Handler(_Handler):
        rooms = house

    server = _Server(("127.0.0.1", 0), Handler)
    house.address = f"127.0.0.1:{server.server_address[1]}"
    return server


def serve(server: ThreadingHTTPServer, house: House) -> None:
    """Answer until nobody has come for so many minutes."""
    server.timeout = 5.0
    while time.monotonic() - house.visited < house.minutes * 60:
        server.handle_request()


class _Server(ThreadingHTTPServer):
    """Lets nobody in but whoever started it, and is silent about browsers that hang up."""

    daemon_threads = True

    def verify_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: Any
    ) -> bool:
        """Tell whether to answer at all."""
        return super().verify_request(request, client_address) and not is_somebody_else(
            client_address[1], self.server_port
        )

    def handle_error(self, *_about: Any) -> None:
        """Say what nobody thought of."""
        accident = sys.exception()
        if not isinstance(accident, OSError):
            logger.error("a request failed", exc_info=accident)


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    rooms: House
    timeout = 10
    server_version, sys_version = "Fernbereit", ""

    def do_GET(self) -> None:
        """Show a page or tell how far it is."""
        place, query = self._admitted()
        if place is None:
            return
        lang = query.get("lang", self.rooms.lang)
        words = self.rooms.words(lang if lang in LANGUAGES else self.rooms.lang)
        if place == "":
            self._send(HTTPStatus.OK, self._page(words))
        elif place == "manifest":
            sent = last_sent(self.rooms.session.found.settings.data)
            self._send(HTTPStatus.OK, manifest_page(words, sent, self.rooms.served()))
        elif place == "progress":
            self._send(HTTPStatus.OK, json.dumps(self._progress(words)), _JSON)
        else:
            self._refuse(HTTPStatus.NOT_FOUND, words)

    def do_POST(self) -> None:
        """Do what a button says, then show the page again."""
        place, query = self._admitted()
        if place is None:
            return
        words = self.rooms.words(query.get("lang", "") if query.get("lang") in LANGUAGES else self.rooms.lang)
        form = self._form()
        if form is None:
            self._refuse(HTTPStatus.FORBIDDEN, words)
            return
        if place == "check":
            self.rooms.session.start(send=True)
        elif place == "contest" and form.get("do") in {"contest", "withdraw"}:
            done = self.rooms.session.contest(form.get("check", ""), withdraw=form["do"] == "withdraw")
            if done != "done":
                told = words(f"self_check.contest.{done}")
                self._send(HTTPStatus.CONFLICT, message_page(words, told, self.rooms.served()))
                return
        else:
            self._refuse(HTTPStatus.NOT_FOUND, words)
            return
        anchor = f"#check-{form['check']}" if place == "contest" else ""
        self._send(HTTPStatus.SEE_OTHER, "", location=f"/{self.rooms.secret}/?lang={words.lang}{anchor}")

    def _page(self, words: Words) -> str:
        session = self.rooms.session
        step = session.step
        if step is not None:
            return busy_page(words, self.rooms.served(busy=True), _told(step, words), step.done, step.of or 1)
        checked = session.checked
        if checked is None:
            return failed_page(words, self.rooms.served())
        said = words(f"self_check.send.{session.sending}")
        told = answer(checked, words)
        return answer_page(told, words, first=self.rooms.first, served=self.rooms.served(), said=said)

    def _progress(self, words: Words) -> dict[str, Any]:
        session = self.rooms.session
        step, sending = session.step, session.sending
        if step is not None:
            return {
                "busy": True,
                "text": _told(step, words),
                "done": step.done,
                "of": step.of or 1,
                "again": _BUSY_MS,
            }
        return {
            "busy": False,
            "text": words(f"self_check.send.{sending}"),
            "again": _AGAIN_MS.get(sending, 0),
        }

    def _admitted(self) -> tuple[str | None, dict[str, str]]:
        """Return place and query of a request for this page; answer any other one with a refusal."""
        words, rooms = self.rooms.words(self.rooms.lang), self.rooms
        if self.headers.get("Host") != rooms.address:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST, words)
            return None, {}
        path, _, query = self.path.partition("?")
        secret, slash, place = path.removeprefix("/").partition("/")
        if not slash or not hmac.compare_digest(secret.encode(), rooms.secret.encode()):
            self._refuse(HTTPStatus.NOT_FOUND, words)
            return None, {}
        if place != "progress" or rooms.session.step is not None:  # a page left open asks by itself
            rooms.visited = time.monotonic()
        return place, _fields(query)

    def _form(self) -> dict[str, str] | None:
        """Return the fields of a form of this very page, else None."""
        origin = self.headers.get("Origin")
        site = self.headers.get("Sec-Fetch-Site", "same-origin")
        length = self.headers.get("Content-Length", "")
        if origin != f"http://{self.rooms.address}" or site != "same-origin":
            return None
        if self.headers.get_content_type() != "application/x-www-form-urlencoded":
            return None
        if not length.isdecimal() or int(length) > _LONGEST_FORM:
            return None
        form = _fields(self.rfile.read(int(length)).decode("ascii", "replace"))
        return (
            form if hmac.compare_digest(form.get("token", "").encode(), self.rooms.token.encode()) else None
        )

    def _refuse(self, status: HTTPStatus, words: Words) -> None:
        self._send(status, message_page(words, words("self_check.serve.refused")))

    def _send(self, status: HTTPStatus, text: str, kind: str = _HTML, *, location: str | None = None) -> None:
        body = text.encode()
        self.send_response(status)
        if location is not None:
            self.send_header("Location", location)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", f"{content_policy()}; frame-ancestors 'none'"),
            ("Cache-Control", "no-store"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Referrer-Policy", "same-origin"),
            ("X-Content-Type-Options", "nosniff"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the library
        """Keep no log of visits."""


def _told(step: Step, words: Words) -> str:
    if not step.section:
        return words("self_check.busy.wait")
    section = load(words.lang)(f"section.{step.section}")
    return words("self_check.busy.step", n=step.done + 1, of=step.of, section=section)


def _fields(text: str) -> dict[str, str]:
    try:
        return {name: values[0] for name, values in parse_qs(text, max_num_fields=8).items()}
    except ValueError:
        return {}
