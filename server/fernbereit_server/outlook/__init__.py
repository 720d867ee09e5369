"""What would happen if the office closed, now, then, and how is that developing? Asked of the fleet."""

from fernbereit_server.outlook.answers import Drilled, HeadroomOutlook, ScenarioChoice, Trend, TrendPoint
from fernbereit_server.outlook.door import OFFICE_CLOSED, Outlook
from fernbereit_server.outlook.errors import (
    NoOrganisationError,
    NoPlanError,
    NoSuchScenarioError,
    NothingPublishedError,
    OutlookError,
)
from fernbereit_server.outlook.of_store import outlook_of_store

__all__ = [
    "OFFICE_CLOSED",
    "Drilled",
    "HeadroomOutlook",
    "NoOrganisationError",
    "NoPlanError",
    "NoSuchScenarioError",
    "NothingPublishedError",
    "Outlook",
    "OutlookError",
    "ScenarioChoice",
    "Trend",
    "TrendPoint",
    "outlook_of_store",
]
