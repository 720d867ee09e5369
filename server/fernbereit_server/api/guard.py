"""Who may ask, and what may a browser do with the answer?

Only loopback names are answered, so that a web page elsewhere cannot point a name of its own at this machine
and read everything (DNS rebinding). Every answer says that nothing may be loaded from elsewhere, that its
type is its type, and that it is not to be kept. HEAD is answered like GET; the server leaves the body out.
"""

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fernbereit_server.api.problems import problem
from fernbereit_server.settings import is_loopback

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
    """Refuses foreign host names and adds `HEADERS`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if is_loopback(host_name(Headers(scope=scope).get("host", ""))):
            asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
            await self._app(asked, receive, send_guarded)
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
