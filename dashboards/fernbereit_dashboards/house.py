"""What does every panel have in common? Title, description, data source, unit, size and look, set once.

A panel's key, such as `freshness.units`, names its words (`freshness.units.title`, `.description`) and fixes
its id, so that a link to a panel survives new neighbours.
"""

import zlib
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from fernbereit_dashboards import sdk
from fernbereit_dashboards.looks import Look
from fernbereit_dashboards.selectors import DATASOURCE
from fernbereit_dashboards.words import Words

WHOLE: Final = "locale"
"""Grafana's unit for whole numbers, with the thousands separator of the reader's browser."""
SHARE: Final = "percentunit"

Panel = TypeVar(
    "Panel", sdk.stat.Panel, sdk.bargauge.Panel, sdk.barchart.Panel, sdk.timeseries.Panel, sdk.table.Panel
)
Rows = tuple[str, str, Mapping[str, str]]
"""The label that makes the rows, the label that makes the columns, and what people read for a row's word."""
Labels = Mapping[str, tuple[Look, str]]
"""By word of a label, as Prometheus knows it: its look, and the word people read."""


def stat(words: Words, key: str, expr: str, unit: str = WHOLE) -> sdk.stat.Panel:
    """Return one big number, without a verdict in its colour."""
    panel = (
        sdk.stat.Panel()
        .graph_mode(sdk.common_model.BigValueGraphMode.NONE)
        .color_mode(sdk.common_model.BigValueColorMode.NONE)
        .text_mode(sdk.common_model.BigValueTextMode.VALUE)
        .reduce_options(_last())
        .with_target(_query(expr).instant())
    )
    return furnished(panel, words, key, unit).span(6).height(5)


def bars(words: Words, key: str, expr: str, label: str, labels: Labels) -> sdk.bargauge.Panel:
    """Return one bar per word of `label`, in the order of the query."""
    panel = (
        sdk.bargauge.Panel()
        .display_mode(sdk.common_model.BarGaugeDisplayMode.BASIC)
        .value_mode(sdk.common_model.BarGaugeValueMode.TEXT)
        .name_placement(sdk.common_model.BarGaugeNamePlacement.LEFT)
        .orientation(sdk.common_model.VizOrientation.HORIZONTAL)
        .reduce_options(_last())
        .show_unfilled(False)
        .min(0)
        .with_target(_query(expr).legend_format(f"{{{{{label}}}}}").instant())
    )
    return furnished(_labelled(panel, labels), words, key, WHOLE).span(12).height(8)


def lines(
    words: Words, key: str, expr: str, label: str, labels: Labels, unit: str = WHOLE
) -> sdk.timeseries.Panel:
    """Return one line per word of `label` over the time range."""
    panel = (
        sdk.timeseries.Panel()
        .line_width(2)
        .fill_opacity(0)
        .min(0)
        .legend(_legend())
        .tooltip(sdk.common.VizTooltipOptions().mode(sdk.common_model.TooltipDisplayMode.MULTI))
        .with_target(_query(expr).legend_format(f"{{{{{label}}}}}").range())
    )
    return furnished(_labelled(panel, labels), words, key, unit).span(12).height(8)


def stacked(words: Words, key: str, expr: str, rows: Rows, first: str, labels: Labels) -> sdk.barchart.Panel:
    """Return a stacked bar per row, the one with most in column `first` on top."""
    panel = (
        sdk.barchart.Panel()
        .orientation(sdk.common_model.VizOrientation.HORIZONTAL)
        .stacking(sdk.common_model.StackingMode.NORMAL)
        .show_value(sdk.common_model.VisibilityMode.AUTO)
        .fill_opacity(100)
        .min(0)
        .legend(_legend())
        .with_target(_query(expr).format(sdk.PromQueryFormat.TABLE).instant())
        .transformations(_matrix(rows, first))
    )
    panel.override_by_name(_corner(rows), [_mapped(rows[2])])
    return furnished(_labelled(panel, labels), words, key, WHOLE).span(12).height(10)


def table(words: Words, key: str, expr: str, rows: Rows, columns: Sequence[str]) -> sdk.table.Panel:
    """Return a table with one line per row and the columns in their order, most in the first one on top."""
    panel = (
        sdk.table.Panel()
        .with_target(_query(expr).format(sdk.PromQueryFormat.TABLE).instant())
        .transformations([*_matrix(rows, columns[0]), _ordered(_corner(rows), columns)])
    )
    panel.override_by_name(_corner(rows), [_named(words(f"column.{rows[0]}")), _mapped(rows[2])])
    for column in columns:
        panel.override_by_name(column, [_named(words(f"column.{column}"))])
    return furnished(panel, words, key, WHOLE).span(24).height(10)


def furnished(panel: Panel, words: Words, key: str, unit: str) -> Panel:
    """Give a panel what every panel has."""
    panel.id(number_of(key)).title(words(f"{key}.title")).description(words(f"{key}.description"))
    panel.datasource(DATASOURCE).unit(unit).no_value(words("value.none"))
    return panel


def number_of(key: str) -> int:
    """Return the id of a panel, the same in both languages and whatever stands beside it."""
    return zlib.crc32(key.encode()) % 1_000_000 + 1


def _query(expr: str) -> sdk.prometheus.Dataquery:
    built = sdk.prometheus.Dataquery().expr(expr).ref_id("A").datasource(DATASOURCE)
    return built.format(sdk.PromQueryFormat.TIME_SERIES)


def _labelled(panel: Panel, labels: Labels) -> Panel:
    for word, (look, text) in labels.items():
        colour = {"mode": "fixed", "fixedColor": look.colour}
        panel.override_by_name(
            word, [_named(look.label(text)), sdk.model.DynamicConfigValue(id_val="color", value=colour)]
        )
    return panel


def _named(text: str) -> sdk.model.DynamicConfigValue:
    return sdk.model.DynamicConfigValue(id_val="displayName", value=text)


def _mapped(texts: Mapping[str, str]) -> sdk.model.DynamicConfigValue:
    options = {
        word: sdk.model.ValueMappingResult(text=text, index=at)
        for at, (word, text) in enumerate(texts.items())
    }
    return sdk.model.DynamicConfigValue(id_val="mappings", value=[sdk.model.ValueMap(options=options)])


def _corner(rows: Rows) -> str:
    """Name the field that Grafana makes of the rows' label."""
    return rf"{rows[0]}\{rows[1]}"


def _matrix(rows: Rows, first: str) -> list[sdk.model.DataTransformerConfig]:
    """One line per word of the rows' label, one column per word of the columns', most in `first` on top."""
    matrix = {"rowField": rows[0], "columnField": rows[1], "valueField": "Value", "emptyValue": "null"}
    return [
        sdk.model.DataTransformerConfig(id_val="groupingToMatrix", options=matrix),
        sdk.model.DataTransformerConfig(id_val="sortBy", options={"sort": [{"field": first, "desc": True}]}),
    ]


def _ordered(row: str, columns: Sequence[str]) -> sdk.model.DataTransformerConfig:
    order = {name: number for number, name in enumerate((row, *columns))}
    return sdk.model.DataTransformerConfig(
        id_val="organize", options={"excludeByName": {}, "indexByName": order, "renameByName": {}}
    )


def _last() -> sdk.common.ReduceDataOptions:
    return sdk.common.ReduceDataOptions().calcs(["lastNotNull"]).values(False).fields("")


def _legend() -> sdk.common.VizLegendOptions:
    return (
        sdk.common.VizLegendOptions()
        .show_legend(True)
        .display_mode(sdk.common_model.LegendDisplayMode.LIST)
        .placement(sdk.common_model.LegendPlacement.BOTTOM)
        .calcs([])
    )
