"""Do the parts of a change add up, and does each say what it is by?"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fernbereit_server.outlook import NothingPublishedError, Outlook, outlook_of_store
from fernbereit_server.outlook.changed import Cause, causes_of
from fernbereit_server.publication.changes import PublishedChange, change_cells
from fernbereit_server.resilience.change import ChangeCounts, Part
from outlook_world import FLEET, TODAY, fresh_store, organisation, page, store_organisation, store_page
from small_fleet import NOW

MONTH = timedelta(days=30)
FEWER = {**FLEET, ("Rathaus", "Bauamt"): {"ready_direct": 15, "not_ready": 28}}
WHY = ChangeCounts(
    parts=Counter({Part("gained", "new"): 12, Part("lost", "time:certificate"): 8}),
    ready_then=55,
    ready_now=70,
    size=107,
)


def outlook(folder: Path, **changed: object) -> Outlook:
    """Look at two published days; the organisation may have been imported anew in between."""
    engine, settings = fresh_store(folder)
    store_organisation(engine, organisation(), TODAY - 2 * MONTH)
    store_page(engine, page(FEWER, TODAY - MONTH))
    if changed:
        store_organisation(engine, organisation(**changed), TODAY - MONTH / 2)
    today = page(FLEET)
    cells = change_cells(30, WHY, ["certificate"], 5)
    store_page(engine, replace(today, cells=(*today.cells, *cells)))
    return outlook_of_store(engine, settings, lambda: NOW)


@pytest.mark.parametrize("changed", [{}, {"gateways": [{"name": "VPN Rathaus", "sessions": 5}]}])
def test_people_add_up(tmp_path: Path, changed: Mapping[str, object]) -> None:
    """By the organisation and by devices together are all of the difference, at both ends of the range."""
    found = outlook(tmp_path, **changed).change(30)

    for end in ("low", "high"):
        parts = getattr(found.people_by_organisation, end) + getattr(found.people_by_devices, end)
        assert parts == pytest.approx(getattr(found.able_now, end) - getattr(found.able_then, end))
    assert found.ratio_by_organisation is not None
    assert found.ratio_by_devices is not None
    assert found.ratio_then is not None
    assert found.ratio_now is not None
    assert found.ratio_by_organisation.low + found.ratio_by_devices.low == pytest.approx(
        found.ratio_now.low - found.ratio_then.low
    )


def test_an_organisation_that_stayed_has_no_part(tmp_path: Path) -> None:
    """All of it is by devices."""
    found = outlook(tmp_path).change(30)

    assert (found.people_by_organisation.low, found.people_by_organisation.high) == (0, 0)
    assert found.people_by_devices.low > 0


def test_a_smaller_gateway_is_told_apart_from_the_devices(tmp_path: Path) -> None:
    """Fewer sessions cost people, though more devices are ready."""
    found = outlook(tmp_path, gateways=[{"name": "VPN Rathaus", "sessions": 5}]).change(30)

    assert found.people_by_organisation.low < 0
    assert found.ready_now > found.ready_then


def test_causes_and_the_rest_add_up_to_the_ready_devices(tmp_path: Path) -> None:
    """What rounding leaves over is told, not hidden."""
    found = outlook(tmp_path).change(30)

    assert found.causes == (
        Cause(direction="gained", cause="new", devices=10, checks={}),
        Cause(direction="lost", cause="time", devices=10, checks={"certificate": 10}),
    )
    assert found.rest == found.ready_now - found.ready_then - 10 + 10


def test_a_window_without_published_causes_has_none(tmp_path: Path) -> None:
    """Sixty days back is compared with the last page before, and nothing was published before that."""
    with pytest.raises(NothingPublishedError):
        outlook(tmp_path).change(90)
    assert outlook(tmp_path / "other").change(29).causes is None


def test_no_check_is_shown_as_more_than_its_cause() -> None:
    """Twice 8 are published as 10 and 10, their sum of 16 as 15."""
    parts = {Part("lost", "facts:firewall"): 10, Part("lost", "facts:disk"): 10}
    change = PublishedChange(days=7, size=100, parts=parts, sums={Part("lost", "facts"): 15})

    assert causes_of(change) == (
        Cause(direction="lost", cause="facts", devices=20, checks={"firewall": 10, "disk": 10}),
    )


def test_where_sums_are_withheld_checks_are_added_up() -> None:
    """Nothing else is known then."""
    parts = {Part("lost", "facts:firewall"): 10, Part("lost", "facts:disk"): 5, Part("gained", "new"): 5}
    change = PublishedChange(days=7, size=100, parts=parts, sums=None)

    assert [(one.cause, one.devices) for one in causes_of(change)] == [("facts", 15), ("new", 5)]
