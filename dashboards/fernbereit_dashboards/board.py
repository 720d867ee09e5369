"""How do panels become a board? Rows that ask, variables, links, an address that never changes, and JSON.

The address (uid) is made of the file name and the language: `boards/fleet_overview.py` becomes
`fernbereit-fleet-overview-de` and `-en`, linked with each other and with the console.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from fernbereit_dashboards import sdk
from fernbereit_dashboards.house import number_of
from fernbereit_dashboards.selectors import datasource, variables
from fernbereit_dashboards.words import LANGUAGES, Words

SCHEMA_VERSION: Final = 42
"""Grafana's classic model; 11 to 13 read it, and migrate it where they want something newer."""
AnyPanel = sdk.stat.Panel | sdk.bargauge.Panel | sdk.barchart.Panel | sdk.timeseries.Panel | sdk.table.Panel


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A question, and the panels that answer it from left to right."""

    key: str
    panels: Sequence[AnyPanel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One board in one language; `title` and `to_json_data` are what grafana-dashboards-builder looks for."""

    name: str
    language: str
    folder: str
    model: sdk.model.Dashboard

    @property
    def title(self) -> str:
        """Return the title people see."""
        return str(self.model.title)

    @property
    def path(self) -> str:
        """Return the place below `generated/`."""
        return f"{self.language}/{self.folder}/{self.name}.json"

    def text(self) -> str:
        """Return the JSON that is committed: the same bytes each time."""
        return json.dumps(self.to_json_data(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    def to_json_data(self) -> dict[str, Any]:
        """Return the board as plain dictionaries and lists."""
        data: dict[str, Any] = json.loads(json.dumps(self.model, cls=sdk.JSONEncoder))
        for link in data["links"]:
            del link["placement"]  # the SDK's only choice hides links in a menu; without it they are seen
        return data


def board(words: Words, name: str, devices: str, rows: Sequence[Row]) -> Board:
    """Put a board together; `devices` names the metric whose labels are offered as sites and units."""
    built = (
        sdk.dashboard.Dashboard(words(f"{name}.title"))
        .uid(uid(name, words.language))
        .description(words(f"{name}.description"))
        .tags(["fernbereit", words.language])
        .readonly()
        .time("now-30d", "now")
        .timezone("browser")
        .week_start("monday")
        .refresh("5m")
        .tooltip(sdk.model.DashboardCursorSync.CROSSHAIR)
        .annotations([])
        .links(_links(words, name))
        .with_variable(datasource(words))
    )
    for variable in variables(words, devices):
        built.with_variable(variable)
    for row in rows:
        built.with_row(sdk.dashboard.Row(words(f"{row.key}.title")).id(number_of(row.key)))
        for panel in row.panels:
            built.with_panel(panel)
    return Board(name=name, language=words.language, folder="Fernbereit", model=built.build())


def uid(name: str, language: str) -> str:
    """Return the address of a board, of at most 40 characters."""
    return f"fernbereit-{name.replace('_', '-')}-{language}"


def _links(words: Words, name: str) -> list[sdk.Builder[sdk.model.DashboardLink]]:
    sister = next(language for language in LANGUAGES if language != words.language)
    return [
        _link(words, "console")
        .icon("external link")
        .url(f"${{console}}/?lang={words.language}")
        .target_blank(True),
        _link(words, "sister")
        .icon("dashboard")
        .url(f"/d/{uid(name, sister)}")
        .keep_time(True)
        .include_vars(True),
    ]


def _link(words: Words, key: str) -> sdk.dashboard.DashboardLink:
    link = sdk.dashboard.DashboardLink(words(f"link.{key}")).type(sdk.model.DashboardLinkType.LINK)
    return link.tooltip(words(f"link.{key}.tooltip"))
