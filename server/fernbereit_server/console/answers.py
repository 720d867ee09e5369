"""How does the console answer? With a page, or by sending the reader on; both remember what was chosen."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from fernbereit_server.console.choice import COOKIE_SECONDS, Choice, choose
from fernbereit_server.console.pages import message
from fernbereit_server.console.rendering import frame, render
from fernbereit_server.console.wording import words

NO_STORE: Final = {"Cache-Control": "no-store"}
"""For pages that tell of single devices: nothing of them stays in a browser or a proxy."""

ASK_AGAIN: Final = {"Cache-Control": "no-cache"}

VARY: Final = {"Vary": "Accept-Language, Cookie"}

_PLACES: Final = {
    "": "overview",
    "devices": "devices",
    "about": "about",
    **dict.fromkeys(("resilience", "drill", "plan", "blockers", "trend", "goals"), "resilience"),
}
"""Which entry of the menu the first word of an address belongs to."""


def choice_of(request: Request) -> Choice:
    """Return the language and theme this reader wants."""
    return choose(request.query_params, request.cookies, request.headers.get("accept-language", ""))


def page(
    request: Request,
    template: str,
    view: object,
    *,
    headers: Mapping[str, str],
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    """Answer with one page."""
    choice = choice_of(request)
    # Links lead to the very address that was asked for, whatever is escaped in it.
    # Two slashes at its beginning would lead to another machine.
    asked = f"/{quote(request.scope['raw_path'], safe='/%').lstrip('/')}"
    here = request.scope["path"].split("/")[1]
    surroundings = frame(choice, _PLACES.get(here, ""), here, asked, request.query_params)
    html = render(template, surroundings, view)
    return _remembering(HTMLResponse(html, status_code=status, headers={**VARY, **headers}), choice)


def no_such_page(request: Request) -> Response:
    """Answer somebody whose address leads nowhere."""
    view = message.no_such_page(words(choice_of(request).language))
    return page(request, "message.html", view, status=HTTPStatus.NOT_FOUND, headers=NO_STORE)


def send_on(request: Request, address: str) -> Response:
    """Answer with another address of the console."""
    answer = RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER, headers=NO_STORE)
    return _remembering(answer, choice_of(request))


def _remembering(response: Response, choice: Choice) -> Response:
    """Keep language and theme for a year where this very address chose them; scripts cannot read them."""
    for name, value in choice.remember:
        response.set_cookie(name, value, max_age=COOKIE_SECONDS, httponly=True, samesite="strict")
    return response
