"""Which addresses of the console tell of groups only? Overview, what is shown, the console's own files."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from fernbereit.words import load
from fernbereit_server.console.answers import ASK_AGAIN, choice_of, page
from fernbereit_server.console.figures import Figures
from fernbereit_server.console.pages import about, overview
from fernbereit_server.console.rendering import ASSETS, asset
from fernbereit_server.console.wording import words


def public_router(figures: Callable[[], Figures], now: Callable[[], datetime]) -> APIRouter:
    """Return the routes that show published cells; `now` is in the authority's time zone."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.get("/")
    def show_overview(request: Request) -> Response:
        language = choice_of(request).language
        view = overview.overview(figures(), words(language), load(language), now())
        return page(request, "overview.html", view, headers=ASK_AGAIN)

    @router.get("/about")
    def show_about(request: Request) -> Response:
        language = choice_of(request).language
        view = about.about(figures().k, words(language), load(language))
        return page(request, "about.html", view, headers=ASK_AGAIN)

    @router.get("/static/{name}")
    def show_asset(name: str) -> Response:
        if name not in ASSETS:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        kept = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
        return Response(asset(name), media_type=ASSETS[name], headers=kept)

    return router
