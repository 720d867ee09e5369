"""Does every query of a board get an answer from a real Prometheus that scraped what a collector exposes?"""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from everything_published import UNITS, count, exposition
from fernbereit_dashboards.queries import fleet, units
from fernbereit_dashboards.subjects import ENCRYPTION, TO_PUT_RIGHT
from fernbereit_server.metrics.exposition import TEXT
from processes import wait_for
from prometheus import Prometheus, board_queries, chosen, scraping

pytestmark = pytest.mark.real
QUERIES = board_queries("en")


class Exposed(BaseHTTPRequestHandler):
    """A page that never changes."""

    def do_GET(self) -> None:
        """Serve the exposition, whatever the path."""
        self.send_response(200)
        self.send_header("Content-Type", TEXT)
        self.end_headers()
        self.wfile.write(exposition())

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Run a Prometheus that scraped the page often enough for rates."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Exposed)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        with scraping(tmp_path_factory.mktemp("prometheus"), f"127.0.0.1:{server.server_port}") as running:
            wait_for("a second scrape", lambda: running.query("count_over_time(up[1m]) >= 2"))
            yield running
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("title", "expr"), QUERIES, ids=[title for title, _ in QUERIES])
def test_every_query_of_the_board_returns_data(asked: Prometheus, title: str, expr: str) -> None:
    """No panel is empty for a collector that publishes everything."""
    assert asked.query(expr), title


def test_a_word_of_the_fleet_comes_back_with_its_count(asked: Prometheus) -> None:
    """Largest first; the count is that of the fleet, not the sum of the units beside it."""
    answer = asked.query(chosen(fleet.words(ENCRYPTION)))

    counts = {labels["encryption"]: value for labels, value in answer}
    assert counts == {word: count(6, place) for place, word in enumerate(ENCRYPTION.family.words)}
    assert [value for _, value in answer] == sorted(counts.values(), reverse=True)


def test_units_add_up_their_own_words_by_group(asked: Prometheus) -> None:
    """Good, to do and unknown of one unit are the sums of their words."""
    answer = asked.query(chosen(units.groups(ENCRYPTION)))
    place = {word: at for at, word in enumerate(ENCRYPTION.family.words)}
    expected = {
        (unit, group): sum(count(factor, place[word]) for word in words)
        for _, unit, factor in UNITS
        for group, words in ENCRYPTION.groups.items()
    }

    assert {(labels["unit"], labels["group"]): value for labels, value in answer} == expected


def test_open_points_of_a_unit_are_the_sum_of_its_columns(asked: Prometheus) -> None:
    """The number that orders the table is the one that can be checked beside it."""
    answer = {
        (labels["unit"], labels["point"]): value
        for labels, value in asked.query(chosen(units.to_put_right(TO_PUT_RIGHT)))
    }

    for _, unit, _ in UNITS:
        assert answer[unit, "all"] == sum(answer[unit, subject.label] for subject in TO_PUT_RIGHT)
        assert answer[unit, "all"] > 0


def test_a_withheld_total_is_replaced_by_the_sum_of_the_units(asked: Prometheus) -> None:
    """Where the fleet's count is not published, the panel shows what is."""
    expr = fleet.words(ENCRYPTION).replace(ENCRYPTION.family.fleet_name, "fernbereit_withheld")
    counts = {labels["encryption"]: value for labels, value in asked.query(chosen(expr))}

    assert counts == {word: count(6, place) for place, word in enumerate(ENCRYPTION.family.words)}


def test_a_wrong_query_fails_with_the_words_of_prometheus(asked: Prometheus) -> None:
    """A broken expression is told apart from one without data."""
    with pytest.raises(AssertionError, match="parse error"):
        asked.query("sum(")
