"""Do bars and the trend draw what the numbers say?"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fernbereit_server.console.figures import Month, months
from fernbereit_server.console.pages.bars import bar
from fernbereit_server.console.pages.trend import nice_top, trend
from fernbereit_server.console.wording import words
from fernbereit_server.store.published import PublishedCell

COUNTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=8)


@given(COUNTS, st.integers(1, 80_000))
def test_pieces_of_a_bar_lie_side_by_side_within_it(counts: list[int], whole: int) -> None:
    """No overlap, no gap, never beyond the end, whatever rounding did to the sum."""
    pieces = bar([("good", count) for count in counts], whole)
    end = 0.0
    for piece in pieces:
        assert float(piece.x) == pytest.approx(end, abs=1e-3)
        end = float(piece.x) + float(piece.width)
    assert end <= 100.001


def test_what_rounding_took_stays_empty() -> None:
    """Fifteen of twenty fill three quarters."""
    (piece,) = bar([("good", 15), ("warning", 0)], 20)
    assert (piece.x, piece.width) == ("0", "75")


@given(st.integers(0, 10**7))
def test_a_scale_ends_above_the_highest_value_in_four_whole_steps(highest: int) -> None:
    """Ticks are whole numbers, and at least a third of the height is used."""
    top = nice_top(highest)
    assert top >= highest
    assert top % 4 == 0
    assert top <= max(4, 3 * highest)


def test_one_month_is_no_trend() -> None:
    """There is nothing to compare with."""
    assert trend((Month(month=date(2026, 11, 1), recent=5, base=10),), words("de")) is None


def test_a_trend_says_its_first_and_last_share_in_words() -> None:
    """The description of the drawing stands on its own."""
    shown = trend(
        [
            Month(month=date(2026, 10, 1), recent=50, base=100),
            Month(month=date(2026, 11, 1), recent=90, base=100),
        ],
        words("de"),
    )
    assert shown is not None
    assert "50\u00a0% im Oktober 2026" in shown.text
    assert "90\u00a0% im November 2026" in shown.text
    assert shown.ticks == ("100", "75", "50", "25", "0")
    assert shown.recent == "M0 50L100 10"


def test_a_month_is_its_last_published_day() -> None:
    """Earlier days of the month are passed over."""
    first = date(2026, 10, 1)
    cells = {
        day: PublishedCell(day=day, family="f", site="", unit="", word="recent", count=count, base=100)
        for count in range(0, 45, 5)
        for day in [first + timedelta(days=count)]
    }
    assert months(cells) == (
        Month(month=first, recent=30, base=100),
        Month(month=date(2026, 11, 1), recent=40, base=100),
    )
