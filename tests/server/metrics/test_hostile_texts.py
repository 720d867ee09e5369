"""Does anything a laptop says make a series? However many different texts it sends."""

import pytest

from fernbereit import topics
from hostile import Hostile
from listening import Listening
from small_fleet import device_id

CUTS = 200


@pytest.mark.parametrize(
    "number",
    [3_000, pytest.param(100_000, marks=[pytest.mark.slow, pytest.mark.timeout(240)])],
    ids=["three thousand", "a hundred thousand"],
)
def test_no_text_of_a_laptop_makes_a_series(number: int) -> None:
    """In every place of a record that takes a text, in names of fields and sections, and as topic."""
    collector, hostile = Listening(), Hostile()
    name = device_id(1)
    messages = hostile.envelopes(name, number)
    for payload in [next(messages) for _ in range(5)]:
        collector.hear(topics.report(name), payload)
        collector.hear("fernbereit/1/up/00/hostile", payload)
        for cut in range(CUTS):  # each reason there is for not reading an envelope makes its series once
            collector.hear(topics.report(name), payload[:cut])
    before = collector.series()

    for place, payload in enumerate(messages):
        collector.hear(topics.report(name), payload)
        collector.hear(f"fernbereit/1/up/{place}/hostile", payload)
        collector.hear(topics.report(name), payload[: place % CUTS])

    assert hostile.texts >= number
    assert collector.tally.records_applied > number / 100
    assert sorted(collector.series()) == sorted(before)
    assert not [one for one in before if "hostile" in one or "Ü" in one]
