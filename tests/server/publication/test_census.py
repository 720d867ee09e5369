"""Which word does a device say?"""

from datetime import timedelta

import pytest

from fernbereit.record import Outcome
from fernbereit_server.publication.answers import reading
from fernbereit_server.publication.census import published_freshness
from small_fleet import NOW


@pytest.mark.parametrize(
    ("age", "word"),
    [
        (timedelta(minutes=1), "recent"),
        (timedelta(hours=23), "recent"),
        (timedelta(hours=25), "stale"),
        (timedelta(days=15), "silent"),
        (None, "never"),
    ],
    ids=["a minute ago", "within a day", "over a day", "over two weeks", "never"],
)
def test_freshness_is_told_by_the_day_only(age: timedelta | None, word: str) -> None:
    """A minute ago and yesterday evening are the same word: nobody is seen at work."""
    last = (NOW - age).timestamp() if age else None

    assert published_freshness(last, NOW, 900) == word


@pytest.mark.parametrize(
    ("outcomes", "word"),
    [
        ([], "unknown"),
        ([Outcome.OK, Outcome.ABSENT, Outcome.UNSUPPORTED], "complete"),
        ([Outcome.OK, Outcome.DENIED], "partial"),
        ([Outcome.OK, Outcome.OTHER], "partial"),
        ([Outcome.DENIED, Outcome.FAILED], "none"),
        ([Outcome.ABSENT], "none"),
    ],
    ids=[
        "nothing was ever read",
        "what is not there counts as read",
        "one section was denied",
        "an outcome from a newer agent is no success",
        "nothing could be read",
        "something absent alone says nothing",
    ],
)
def test_a_device_is_read_completely_partly_or_not(outcomes: list[Outcome], word: str) -> None:
    """Unknown is never complete."""
    assert reading(outcomes) == word
