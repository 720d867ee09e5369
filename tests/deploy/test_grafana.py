"""Does Grafana find the data source and the boards where the provisioning files say?"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from fernbereit_dashboards.build import render

FOLDER = Path(__file__).parents[2] / "deploy" / "grafana" / "provisioning"
INSTALLED = "/var/lib/grafana/fernbereit/"


def provided(name: str) -> list[dict[str, Any]]:
    """Return the entries of one provisioning file, which states version 1 of the format."""
    read = yaml.safe_load((FOLDER / name / "fernbereit.yaml").read_text("utf-8"))
    assert read.pop("apiVersion") == 1
    (entries,) = read.values()
    return list(entries)


def test_the_data_source_is_a_prometheus_on_this_computer() -> None:
    """Boards choose among data sources of type prometheus; ours is the default."""
    (source,) = provided("datasources")

    assert source["type"] == "prometheus"
    assert source["url"] == "http://127.0.0.1:9090"
    assert source["isDefault"]
    assert not source["editable"]


def test_the_data_source_knows_how_often_prometheus_scrapes() -> None:
    """Else `$__rate_interval` is shorter than two scrapes, and rates are empty."""
    config = FOLDER.parents[1] / "prometheus" / "prometheus.yml"
    (source,) = provided("datasources")

    assert (
        source["jsonData"]["timeInterval"] == yaml.safe_load(config.read_text())["global"]["scrape_interval"]
    )


def test_every_generated_board_lies_where_a_provider_looks() -> None:
    """One provider and one folder a language; none looks into an empty place."""
    places = {entry["options"]["path"].removeprefix(INSTALLED) for entry in provided("dashboards")}

    assert places == {str(Path(path).parent) for path in render()}


@pytest.mark.parametrize("entry", provided("dashboards"), ids=lambda entry: entry["name"])
def test_boards_cannot_be_changed_or_deleted_in_the_browser(entry: dict[str, Any]) -> None:
    """The code is the source."""
    assert entry["disableDeletion"]
    assert not entry["allowUiUpdates"]


def test_folders_have_names_and_addresses_of_their_own() -> None:
    """Grafana merges two providers that share a folder address."""
    entries = provided("dashboards")

    for key in ("name", "folder", "folderUid"):
        assert len({entry[key] for entry in entries}) == len(entries)
