"""Can what contests a result be tricked: by names, raw forms, strange references, links?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
import pytest

from console_house import House
from fernbereit.code import device_code
from fernbereit_server.decisions import read_decisions
from served import Client

OURS = {"sec-fetch-site": "same-origin"}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A device with a check that is not fulfilled, and the console that shows it."""

    house: House
    code: str
    check: str

    def post(
        self, form: Mapping[str, str] | bytes | None = None, headers: Mapping[str, str] = OURS, ref: str = ""
    ) -> httpx.Response:
        """Send a form to the page of the device."""
        sent = {"check": self.check, "do": "contest"} if form is None else form
        how = {"content": sent} if isinstance(sent, bytes) else {"data": sent}
        path = f"/contest/{ref or self.code}"
        return Client(self.house.app).request("POST", path, headers=dict(headers), **how)

    def contested(self) -> set[str]:
        """Return what the store says the desk contests."""
        with self.house.collector.engine.connect() as connection:
            found = read_decisions(connection).contested
        return {check for name, checks in found.items() if device_code(name) == self.code for check in checks}


@pytest.fixture(scope="module")
def desk(house: House) -> Desk:
    """Return the first device on whose page something can be called wrong."""
    for device_id in sorted(house.collector.fleet.devices):
        code = device_code(device_id)
        found = re.search(r'name="check" value="([a-z_]+)"', house.get(f"/devices/{code}").text)
        if found is not None:
            return Desk(house=house, code=code, check=found[1])
    raise AssertionError


def test_a_name_that_points_at_this_machine_changes_nothing(desk: Desk) -> None:
    """DNS rebinding: for the browser it is the same origin."""
    strange = {"host": "anderswo.example:8740", "origin": "http://anderswo.example:8740", **OURS}
    assert desk.post(headers=strange).status_code == 421
    assert desk.contested() == set()


@pytest.mark.parametrize(
    "form",
    [
        b"",
        b"check=&do=contest",
        b"check=%3Cscript%3E&do=contest",
        b"\xff\xfe=\x00",
        b"a=1&" * 9 + b"do=contest",
        b"do=contest&check=" + b"x" * 100_000,
    ],
    ids=["empty", "no check", "a script", "no text", "many fields", "far too long"],
)
def test_a_form_that_is_none_of_ours_changes_nothing(desk: Desk, form: bytes) -> None:
    """The reader is sent back to the device, and nothing of the form stands in the address."""
    answer = desk.post(form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/devices/{desk.code}")
    assert desk.contested() == set()


@pytest.mark.parametrize("ref", ["ZZZZZZ", "..", "%2e%2e%5c", "%5C%5Canderswo.example", "%0d%0aX-A:1", "%00"])
def test_a_strange_name_leads_nowhere_else(desk: Desk, ref: str) -> None:
    """To no other machine, and into no header."""
    answer = desk.post(ref=ref)
    assert answer.status_code in {303, 404, 405}
    assert answer.headers.get("location", "/devices/").startswith("/devices/")
    assert "x-a" not in answer.headers


def test_reading_an_address_never_contests(desk: Desk) -> None:
    """A link or a picture is not a form."""
    path = f"/contest/{desk.code}?check={desk.check}&do=contest"
    assert desk.house.get(path).status_code in {404, 405}
    assert desk.contested() == set()
