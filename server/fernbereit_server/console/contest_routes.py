"""How does the service desk say that a result is wrong? By a form on the page of the device."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from fernbereit_server.console.answers import send_on
from fernbereit_server.console.device_routes import store_away
from fernbereit_server.console.forms import of_this_page, refused, small_form
from fernbereit_server.console.pages.devices import device_address
from fernbereit_server.desk import Desk, DeskError


def contest_router(desk: Desk) -> APIRouter:
    """Return the one address of the console that changes something."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.post("/contest/{ref}")
    async def contest(request: Request, ref: str) -> Response:
        if not of_this_page(request):
            return refused(request)
        form = await small_form(request)
        check, wrong = form.get("check", ""), form.get("do") == "contest"
        try:
            done = await run_in_threadpool(desk.contest, ref, check, wrong=wrong)
        except DeskError:
            done = False
        except SQLAlchemyError:
            return store_away(request)
        address = device_address(ref)
        return send_on(request, f"{address}#check-{check}" if done else address)

    return router
