# ruff: noqa: INP001 - executed by its path, never imported
"""The board "Fleet overview" in English, where grafana-dashboards-builder looks for it."""

from fernbereit_dashboards.boards import fleet_overview
from fernbereit_dashboards.words import Words

dashboard = fleet_overview.make(Words("en"))
