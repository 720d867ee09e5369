"""Which policy and which organisation are in force? As people wrote them, with the day they did."""

from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel

from fernbereit.policy import Policy
from fernbereit_server.api.problems import documented
from fernbereit_server.collector import Collector
from fernbereit_server.organisation.model import Organisation
from fernbereit_server.outlook import NoOrganisationError


class PolicyAnswer(BaseModel):
    """The policy that laptops are judged by; `adopted_on` is null for the shipped one."""

    adopted_on: date | None
    policy: Policy


class OrganisationAnswer(BaseModel):
    """The authority as it was imported last."""

    imported_on: date | None
    organisation: Organisation


def decided_router(collector: Collector) -> APIRouter:
    """Return the routes about what people put in force; changing it is done by commands."""
    router = APIRouter(prefix="/api/v1", tags=["decisions"])

    @router.get("/policy")
    def policy() -> PolicyAnswer:
        """Return the policy in force with all its checks, texts and remedies."""
        decisions = collector.decisions
        return PolicyAnswer(adopted_on=decisions.policy_adopted_on, policy=decisions.policy.policy)

    @router.get("/organisation", responses=documented(HTTPStatus.CONFLICT))
    def organisation() -> OrganisationAnswer:
        """Return units, services, gateways, stock and prices as they were imported last."""
        decisions = collector.decisions
        if decisions.organisation is None:
            raise NoOrganisationError
        return OrganisationAnswer(imported_on=decisions.organisation_on, organisation=decisions.organisation)

    return router
