"""Who may ask, and what may a browser do with the answer?

Only loopback names are answered, so that a web page elsewhere cannot point a name of its own at this machine
and read everything (DNS rebinding). Every answer says that nothing may be loaded from elsewhere, that its
type is its type, and that it is not to be kept; so does one that failed, and it says nothing else. HEAD is
answered like GET; the server leaves the body out.
"""

import logging
import traceback
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fernbereit_server.api.problems import problem
from fernbereit_server.settings import is_loopback

_log = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Set on every answer that does not say otherwise itself."""


class Guard:
    """Refuses foreign host names, adds `HEADERS`, and is the fence of everything that answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if is_loopback(host_name(Headers(scope=scope).get("host", ""))):
            asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
            try:
                await self._app(asked, receive, send_guarded)
            except Exception as error:
                # Neither the error's text nor the address is told: both may quote a device.
                last = traceback.extract_tb(error.__traceback__)[-1]
                _log.error("no answer: %s in %s, line %s", type(error).__name__, last.filename, last.lineno)
                if begun:
                    raise
                failed = problem(
                    HTTPStatus.INTERNAL_SERVER_ERROR,
                    "The collector could not answer.",
                    "Tell whoever looks after it; its log says where it failed.",
                )
                await failed(scope, receive, send_guarded)
            return
        refusal = problem(
            HTTPStatus.MISDIRECTED_REQUEST,
            "This collector answers to names of this machine only.",
            "Ask for 127.0.0.1 or localhost; other machines reach it once identity and roles are built.",
        )
        await refusal(scope, receive, send_guarded)


def host_name(host: str) -> str:
    """Return the name of a Host header without its port.

    >>> host_name("localhost:8740"), host_name("[::1]:8740")
    ('localhost', '::1')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()
