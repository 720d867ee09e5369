"""Which part of the fleet is looked at? A board's variables and the matchers in its queries, written once."""

from typing import Final

from fernbereit_dashboards import sdk
from fernbereit_dashboards.words import Words

DATASOURCE: Final = sdk.common_model.DataSourceRef(type_val="prometheus", uid="${datasource}")
COLLECTOR: Final = '{job=~"$job", instance=~"$instance"}'
"""Series of the collectors chosen: what has no unit, and what a collector says about itself."""
UNITS: Final = '{job=~"$job", instance=~"$instance", site=~"$site", unit=~"$unit"}'
"""Series of the units chosen."""
CONSOLE: Final = "http://127.0.0.1:8740"
"""Where a collector with default settings shows its console; `?var-console=` in the address changes it."""


def narrowed(selector: str, label: str, *words: str) -> str:
    """Return a selector with one more matcher: `label` is one of the words."""
    equals = "=~" if len(words) > 1 or words[0].startswith("$") else "="
    return selector.removesuffix("}") + f', {label}{equals}"' + "|".join(words) + '"}'


def variables(
    words: Words, devices: str
) -> list[sdk.dashboard.QueryVariable | sdk.dashboard.TextBoxVariable]:
    """Return the choices above every board; `devices` names the metric that carries site and unit."""
    of_site = narrowed(COLLECTOR, "site", "$site")
    return [
        _choice(words, "job", f"label_values({devices}, job)"),
        _choice(words, "instance", f'label_values({devices}{{job=~"$job"}}, instance)'),
        _choice(words, "site", f"label_values({devices}{COLLECTOR}, site)"),
        _choice(words, "unit", f"label_values({devices}{of_site}, unit)"),
        sdk.dashboard.TextBoxVariable("console")
        .label(words("variable.console"))
        .default_value(CONSOLE)
        .current(sdk.model.VariableOption(text=CONSOLE, value=CONSOLE))
        .hide(sdk.model.VariableHide.HIDE_VARIABLE),
    ]


def datasource(words: Words) -> sdk.dashboard.DatasourceVariable:
    """Return the choice of the Prometheus that is asked."""
    return (
        sdk.dashboard.DatasourceVariable("datasource").label(words("variable.datasource")).type("prometheus")
    )


def _choice(words: Words, name: str, query: str) -> sdk.dashboard.QueryVariable:
    return (
        sdk.dashboard.QueryVariable(name)
        .label(words(f"variable.{name}"))
        .datasource(DATASOURCE)
        .query({"query": query, "refId": f"variable-{name}"})
        .definition(query)
        .refresh(sdk.model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(sdk.model.VariableSort.NATURAL_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".+")
        .current(sdk.model.VariableOption(selected=True, text=["All"], value=["$__all"]))
    )
