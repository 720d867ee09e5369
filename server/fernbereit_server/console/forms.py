"""May this form change something? Only one that a page of this console sent."""

from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from fastapi.responses import Response

from fernbereit_server.console.answers import NO_STORE, choice_of, page
from fernbereit_server.console.pages import message
from fernbereit_server.console.wording import words

MOST: Final = 2048
"""Bytes of a form; every form of ours is far smaller."""
FIELDS: Final = 8


def of_this_page(request: Request) -> bool:
    """Tell whether a browser sent this from a page of this very address.

    Every browser of today says in `Sec-Fetch-Site` where a request comes from, and in `Origin` for a form; a
    page elsewhere can change neither. A program without both is no browser, so nobody tricked it.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def small_form(request: Request) -> dict[str, str]:
    """Read the fields of a form; empty for one that is too long or no form of ours."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST:
            return {}
    try:
        return dict(parse_qsl(body.decode(), max_num_fields=FIELDS))
    except ValueError:
        return {}


def refused(request: Request) -> Response:
    """Answer a form that another page sent."""
    view = message.foreign_form(words(choice_of(request).language))
    return page(request, "message.html", view, status=HTTPStatus.FORBIDDEN, headers=NO_STORE)
