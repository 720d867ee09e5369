"""Does a board ask only for what the collector publishes, in PromQL that parses?"""

import re
from collections.abc import Iterator

import promql_parser as promql
import pytest

from everything_published import metrics
from fernbereit_dashboards.build import boards
from fernbereit_dashboards.queries.collector import PROMETHEUS_OWN
from fernbereit_dashboards.subjects import SUBJECTS, Subject
from fernbereit_server.decisions import NOTHING_DECIDED
from fernbereit_server.metrics.catalogue import FAMILIES, families
from prometheus import board_queries, chosen

EXPOSED = {sample.name for metric in metrics() for sample in metric.samples}
EVERY = families(NOTHING_DECIDED.policy)
WORDS = {
    (name, family.label): set(family.words)
    for family in EVERY
    if family.label
    for name in (family.name, family.fleet_name)
}
QUERIES = board_queries("en")


def selectors(expr: str) -> Iterator[promql.VectorSelector]:
    """Yield every selector of an expression."""
    waiting = [promql.parse(expr)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, promql.VectorSelector):
            yield node
        for part in ("expr", "lhs", "rhs", "vector_selector", "param"):
            child = getattr(node, part, None)
            if isinstance(child, promql.Expr):
                waiting.append(child)
        waiting += getattr(node, "args", ()) or ()


@pytest.mark.parametrize(("title", "expr"), QUERIES, ids=[title for title, _ in QUERIES])
def test_every_metric_is_one_that_is_published(title: str, expr: str) -> None:
    """A renamed family breaks this test and not somebody's board."""
    asked = {selector.name for selector in selectors(expr)}

    assert asked, title
    assert asked <= EXPOSED | set(PROMETHEUS_OWN)


@pytest.mark.parametrize(("title", "expr"), QUERIES, ids=[title for title, _ in QUERIES])
def test_every_word_asked_for_is_one_of_its_family(title: str, expr: str) -> None:
    """A word nobody publishes would count as nothing for ever."""
    for selector in selectors(expr):
        for matcher in selector.matchers.matchers:
            words = WORDS.get((selector.name or "", matcher.name))
            assert words is None or set(matcher.value.split("|")) <= words, title


def test_both_languages_ask_the_same() -> None:
    """Words differ, questions do not."""
    assert [expr for _, expr in board_queries("de")] == [expr for _, expr in QUERIES]


def test_variables_offer_labels_of_published_metrics() -> None:
    """The lists above a board come from the metric that carries site and unit."""
    for board in boards("en"):
        queries = [
            variable["definition"]
            for variable in board.to_json_data()["templating"]["list"]
            if variable["type"] == "query"
        ]
        for query in queries:
            found = re.fullmatch(r"label_values\((.+), \w+\)", query)
            assert found
            assert {selector.name for selector in selectors(chosen(found[1]))} <= EXPOSED


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.label)
def test_every_word_of_a_family_has_a_look_and_no_other_has(subject: Subject) -> None:
    """A new word in the catalogue needs a decision: good, to be put right, or not known."""
    assert set(subject.looks) == set(subject.family.words)


def test_every_published_family_is_on_a_board() -> None:
    """What is published is shown; what is not shown need not be published."""
    asked = {selector.name for _, expr in QUERIES for selector in selectors(expr)}

    exposed = {family.fleet_name if family.cells_only else family.name for family in FAMILIES}
    unseen = sorted(exposed - asked)
    assert not unseen, f"a Subject in subjects.py and a line in boards/ show what is published: {unseen}"
