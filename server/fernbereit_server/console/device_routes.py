"""Which addresses of the console tell of single devices? The search and the page of one; nothing is kept."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from fernbereit.words import load
from fernbereit_server.console.answers import NO_STORE, choice_of, page, send_on
from fernbereit_server.console.pages import device, devices, message
from fernbereit_server.console.wording import words
from fernbereit_server.desk import Desk, DeskError, DeviceDetail


def device_router(desk: Desk, now: Callable[[], datetime]) -> APIRouter:
    """Return the routes that ask the desk; `now` is in the authority's time zone."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.get("/devices")
    def search_devices(request: Request) -> Response:
        query = devices.read_query(request.query_params)
        try:
            hit = _hit(desk, query.text) if query.text_only else None
            if hit is not None:
                return send_on(request, devices.device_address(hit.ref))
            found = desk.search(
                query.text,
                unit=query.unit or None,
                freshness=query.freshness,
                verdict=query.verdict,
                blocker=query.blocker or None,
                limit=devices.PER_PAGE,
                after=query.after or None,
            )
            view = devices.devices(query, found, desk.units(), words(choice_of(request).language))
        except DeskError:
            return send_on(request, query.address())
        except SQLAlchemyError:
            return store_away(request)
        return page(request, "devices.html", view, headers=NO_STORE)

    router.add_api_route("/devices/", _without_slash)

    @router.get("/devices/{ref:path}")
    def show_device(request: Request, ref: str) -> Response:
        language = choice_of(request).language
        try:
            detail = desk.open(ref)
        except DeskError:
            return send_on(request, devices.Query(text=ref).address())
        except SQLAlchemyError:
            return store_away(request)
        if detail is None:
            view = message.missing_device(words(language))
            return page(request, "message.html", view, status=HTTPStatus.NOT_FOUND, headers=NO_STORE)
        if ref != detail.ref:
            return send_on(request, devices.device_address(detail.ref))
        shown = device.device(detail, words(language), load(language), now().date())
        return page(request, "device.html", shown, headers=NO_STORE)

    return router


def _without_slash(request: Request) -> Response:
    return send_on(request, devices.read_query(request.query_params).address())


def _hit(desk: Desk, text: str) -> DeviceDetail | None:
    """Return the one device that is meant by a whole code, label or serial number, if there is just one."""
    try:
        return desk.open(text)
    except DeskError:
        return None


def store_away(request: Request) -> Response:
    """Answer while the database cannot be reached."""
    view = message.store_away(words(choice_of(request).language))
    return page(request, "message.html", view, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=NO_STORE)
