"""What do the readers of Windows do when a port answers something no machine should answer?"""

from itertools import islice
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import write
from fernbereit_agent import recording
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.host import System
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.probes import PROBES
from fernbereit_agent.recorded import RecordedHost

LAPTOPS = [recording.read_laptop(file.parent) for file in sorted(write.LAPTOPS.glob("windows-*/laptop.json"))]
REFUSALS = st.sampled_from(["absent", "denied", "timeout", "failed", "unsupported"]).map(
    lambda no: {"no": no}
)
blocks = st.lists(st.binary(max_size=1400).map(lambda each: {"hex": each.hex()}), max_size=3)
values = (
    st.integers(-(2**40), 2**40)
    | st.text(max_size=20)
    | st.binary(max_size=20).map(lambda b: {"hex": b.hex()})
)
cells = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=20)


def read_all(laptop: RecordedLaptop) -> dict[str, str]:
    """Run every reader of Windows; anything but facts and a `ProbeError` is let through."""
    answers = {}
    for probe in PROBES:
        try:
            answers[probe.section] = repr(
                probe.readers[System.WINDOWS](RecordedHost(laptop), laptop.settings)
            )
        except ProbeError as error:
            answers[probe.section] = type(error).__name__
    return answers


def changed(laptop: RecordedLaptop, part: str, number: int, answer: Any) -> RecordedLaptop:
    """Return the laptop with one answer of one port replaced."""
    windows = laptop.windows.model_dump(mode="json")
    found = windows[part]
    if not found:
        return laptop
    key = next(islice(found, number % len(found), None))
    if part == "registry" and isinstance(found[key], dict) and "no" not in found[key] and found[key]:
        name = next(islice(found[key], number % len(found[key]), None))
        found[key] = {**found[key], name: answer}
    else:
        found[key] = answer
    return RecordedLaptop.model_validate({**laptop.model_dump(), "windows": windows})


@settings(deadline=None, max_examples=150)
@given(laptop=st.sampled_from(LAPTOPS), number=st.integers(0, 2**16), data=st.data())
def test_no_answer_of_a_port_makes_a_reader_fail_by_accident(
    laptop: RecordedLaptop, number: int, data: st.DataObject
) -> None:
    """Random bytes, values of another type, negative numbers and refusals of every kind."""
    rows = st.lists(
        st.dictionaries(
            st.sampled_from(["displayName", "productState", "DeviceId", "HealthStatus", "MediaType"]), cells
        ),
        max_size=3,
    )
    part = data.draw(st.sampled_from(["blocks", "numbers", "registry", "wmi"]))
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "blocks": blocks | REFUSALS,
        "numbers": st.integers(-(2**40), 2**40) | REFUSALS,
        "registry": values | REFUSALS,
        "wmi": rows | REFUSALS,
    }
    answer = data.draw(kinds[part])
    answers = read_all(_safely(laptop, part, number, answer))

    assert answers.keys() == {probe.section for probe in PROBES}


def _safely(laptop: RecordedLaptop, part: str, number: int, answer: Any) -> RecordedLaptop:
    """Return the laptop changed, or as it was where the answer has no place: a key is no value."""
    try:
        return changed(laptop, part, number, answer)
    except ValueError:
        return laptop


def test_what_is_denied_is_never_off_or_missing() -> None:
    """With every port closed no section says no."""
    laptop = recording.read_laptop(write.LAPTOPS / "windows-everything-denied")
    told = read_all(laptop)

    assert [section for section, answer in told.items() if "False" in answer or "NOT_" in answer] == []
    assert {"Denied"} == {told[each] for each in ("management", "remote_access", "network", "firewall")}
