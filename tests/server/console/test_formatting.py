"""Are values written as German and English readers expect?"""

from collections.abc import Callable
from datetime import date

import pytest

from fernbereit_server.console import formatting
from fernbereit_server.console.status import encryption_look, freshness_look, outcome_look, reading_look
from fernbereit_server.console.wording import words

DE, EN = words("de"), words("en")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (formatting.number(1234.5, DE, 1), "1.234,5"),
        (formatting.number(1234.5, EN, 1), "1,234.5"),
        (formatting.percent(0.125, DE), "12 %"),
        (formatting.share(20, 20, DE), "über 95 %"),
        (formatting.share(25, 20, DE), "über 95 %"),
        (formatting.share(0, 20, DE), "unter 5 %"),
        (formatting.share(195, 200, EN), "over 95%"),
        (formatting.share(5, 200, EN), "under 5%"),
        (formatting.share(190, 200, EN), "95%"),
        (formatting.share(10, 200, DE), "5 %"),
        (formatting.day(date(2026, 3, 5), DE), "05.03.2026"),
        (formatting.day(date(2026, 3, 5), EN), "5 Mar 2026"),
        (formatting.month(date(2026, 3, 1), DE), "März 2026"),
        (formatting.days_ago(0, DE), "heute"),
        (formatting.days_ago(1, DE), "gestern"),
        (formatting.days_ago(1200, DE), "vor 1.200 Tagen"),
        (formatting.dated(date(2026, 3, 6), date(2026, 3, 5), DE), "06.03.2026 (morgen)"),
        (formatting.dated(date(2026, 3, 15), date(2026, 3, 5), EN), "15 Mar 2026 (in 10 days)"),
        (formatting.duration(1, DE), "1 Sekunde"),
        (formatting.duration(300, DE), "5 Minuten"),
        (formatting.duration(9000, DE), "2,5 Stunden"),
        (formatting.size(512 * 2**20, DE), "512 MiB"),
        (formatting.size(int(15.75 * 2**30), DE), "15,8 GiB"),
        (formatting.lasted(10, DE), "gerade eben"),
        (formatting.lasted(60, DE), "vor einer Minute"),
        (formatting.lasted(4 * 3600, DE), "vor 4 Stunden"),
        (formatting.lasted(3 * 86_400, EN), "3 days ago"),
    ],
)
def test_a_value_reads_well(written: str, expected: str) -> None:
    """Separators, units, plurals and days of both languages."""
    assert written.replace("\u00a0", " ") == expected.replace("\u00a0", " ")


@pytest.mark.parametrize("look", [freshness_look, reading_look, outcome_look, encryption_look])
@pytest.mark.parametrize("word", ["unknown", "other", "never", "silent", "denied", "failed", "timeout", ""])
def test_what_is_not_known_never_looks_good_or_bad(look: Callable[[str], str], word: str) -> None:
    """Grey, whoever asks and whatever the word."""
    assert look(word) == "unknown"
