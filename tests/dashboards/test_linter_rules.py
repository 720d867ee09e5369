"""Would Grafana's dashboard-linter 0.2.0 pass our boards? Its 17 rules, restated for every kind of panel.

One exclusion: the labels that rules 1 to 3 want in English, and only warn about. The German board says
"Datenquelle", "Auftrag" and "Sammeldienst". Rules 10 and 11 are about Loki, which no board asks.
"""

import re
from typing import Any

import promql_parser as promql
import pytest

from fernbereit_dashboards.build import boards
from fernbereit_dashboards.words import LANGUAGES
from prometheus import chosen

UNITS = {"none", "locale", "percentunit", "s", "mps"}
"""Those of the linter's list that our boards use."""
BOARDS = [(f"{lang} {board.name}", board.to_json_data()) for lang in LANGUAGES for board in boards(lang)]
PANELS = [
    (f"{name}: {panel['title']}", panel)
    for name, board in BOARDS
    for panel in board["panels"]
    if panel["type"] != "row"
]
TARGETS = [(title, target) for title, panel in PANELS for target in panel["targets"]]
every_board = pytest.mark.parametrize(
    "board", [board for _, board in BOARDS], ids=[name for name, _ in BOARDS]
)
every_panel = pytest.mark.parametrize(
    "panel", [panel for _, panel in PANELS], ids=[name for name, _ in PANELS]
)
every_target = pytest.mark.parametrize(
    "target", [target for _, target in TARGETS], ids=[name for name, _ in TARGETS]
)
CHOSEN = {"type": "prometheus", "uid": "${datasource}"}


def variable(board: dict[str, Any], name: str) -> dict[str, Any]:
    """Return one variable of a board."""
    found: dict[str, Any] = next(v for v in board["templating"]["list"] if v["name"] == name)
    return found


@every_board
def test_1_the_data_source_is_chosen_above_the_board(board: dict[str, Any]) -> None:
    """template-datasource-rule: one variable of type data source, named `datasource`."""
    sources = [v for v in board["templating"]["list"] if v["type"] == "datasource"]

    assert [(v["name"], v["query"]) for v in sources] == [("datasource", "prometheus")]


@every_board
@pytest.mark.parametrize("name", ["job", "instance"])
def test_2_and_3_job_and_instance_can_be_chosen(board: dict[str, Any], name: str) -> None:
    """template-job-rule, template-instance-rule: asked of the data source, several at once, all as `.+`."""
    asked = variable(board, name)

    assert asked["datasource"] == CHOSEN
    assert asked["type"] == "query"
    assert asked["multi"]
    assert asked["allValue"] == ".+"


def test_1_to_3_labels_are_the_linters_in_english() -> None:
    """The English board carries the labels that the linter asks for, so only the German one is excluded."""
    board = next(board.to_json_data() for board in boards("en"))
    labels = {name: variable(board, name)["label"] for name in ("datasource", "job", "instance")}

    assert labels == {"datasource": "Data source", "job": "Job", "instance": "Instance"}


@every_board
def test_4_variables_ask_in_promql_that_parses(board: dict[str, Any]) -> None:
    """template-label-promql-rule."""
    for asked in board["templating"]["list"]:
        if asked["type"] == "query":
            found = re.fullmatch(r"label_values\((.+), ([a-z_]+)\)", asked["query"]["query"])
            assert found
            promql.parse(chosen(found[1]))


@every_board
def test_5_variables_are_asked_anew_when_the_time_range_changes(board: dict[str, Any]) -> None:
    """template-on-time-change-reload-rule: refresh 2."""
    assert {v["refresh"] for v in board["templating"]["list"] if v["type"] == "query"} == {2}


@every_panel
def test_6_every_panel_and_query_uses_the_chosen_data_source(panel: dict[str, Any]) -> None:
    """panel-datasource-rule, for every kind of panel and for each of its queries."""
    assert [panel["datasource"], *(t["datasource"] for t in panel["targets"])] == [CHOSEN] * (
        1 + len(panel["targets"])
    )


@every_panel
def test_7_every_panel_has_a_title_and_a_description(panel: dict[str, Any]) -> None:
    """panel-title-description-rule, for every kind of panel; the description says more than the title."""
    assert panel["title"]
    assert len(panel["description"]) > len(panel["title"])


@every_panel
def test_8_every_panel_has_a_unit(panel: dict[str, Any]) -> None:
    """panel-units-rule, for every kind of panel, value mappings or not."""
    assert panel["fieldConfig"]["defaults"]["unit"] in UNITS


@every_panel
def test_9_every_panel_asks_something(panel: dict[str, Any]) -> None:
    """panel-no-targets-rule, for every kind of panel."""
    assert panel["targets"]


@every_target
def test_10_to_12_every_query_is_promql_that_parses(target: dict[str, Any]) -> None:
    """target-promql-rule; the two rules about LogQL have nothing to judge."""
    assert promql.parse(chosen(target["expr"])).prettify()


@every_target
def test_13_rates_are_taken_over_the_interval_that_fits(target: dict[str, Any]) -> None:
    """target-rate-interval-rule: `rate` and `irate` over `$__rate_interval` only."""
    assert set(re.findall(r"\bi?rate\([^[]*\[([^]]+)]", target["expr"])) <= {"$__rate_interval"}


@every_target
@pytest.mark.parametrize("label", ["job", "instance"])
def test_14_and_15_every_selector_takes_job_and_instance(target: dict[str, Any], label: str) -> None:
    """target-job-rule, target-instance-rule."""
    for selector in re.findall(r"\{([^}]*)}", target["expr"]):
        assert f'{label}=~"${label}"' in selector


@every_target
def test_16_counters_are_shown_as_rates_or_increases(target: dict[str, Any]) -> None:
    """target-counter-agg-rule: no bare `_total`."""
    bare = re.sub(r"\b(?:i?rate|increase)\(\w+_total\{[^}]*}\[[^]]+]\)", "", target["expr"])

    assert "_total" not in bare


@every_board
def test_17_a_board_cannot_be_edited_in_the_browser(board: dict[str, Any]) -> None:
    """uneditable-dashboard: the code is the source."""
    assert board["editable"] is False


@every_board
def test_ids_are_unique_and_every_query_has_a_name(board: dict[str, Any]) -> None:
    """Grafana drops one of two panels with the same id, and a query without a refId."""
    ids = [panel["id"] for panel in board["panels"]]

    assert len(set(ids)) == len(ids)
    assert all(ids)
    assert all(target["refId"] for panel in board["panels"] for target in panel.get("targets", ()))


@every_board
def test_panels_do_not_overlap_and_fill_no_more_than_the_width(board: dict[str, Any]) -> None:
    """Each cell of the grid, 24 wide, belongs to one panel at most."""
    cells = [
        (x, y)
        for panel in board["panels"]
        for place in (panel["gridPos"],)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24


@every_board
def test_the_board_is_of_the_model_that_grafana_11_to_13_read(board: dict[str, Any]) -> None:
    """schemaVersion 42 is the last of the classic model."""
    assert board["schemaVersion"] == 42
