"""Who manages this machine? Never: the account it was enrolled with."""

from fernbereit.facts.types import Day, Slug
from fernbereit.field import Purpose, fact
from fernbereit.tolerance import OpenEnum, OpenModel


class Provider(OpenEnum):
    """A device management or client management product."""

    INTUNE = "intune"
    CONFIGMGR = "configmgr"
    WORKSPACE_ONE = "workspace_one"
    JAMF = "jamf"
    OPSI = "opsi"
    BARAMUNDI = "baramundi"
    MATRIX42 = "matrix42"
    IVANTI = "ivanti"
    ACMP = "acmp"
    BIGFIX = "bigfix"
    LANDSCAPE = "landscape"
    OTHER = "other"


class JoinType(OpenEnum):
    """Which directory the machine belongs to."""

    NONE = "none"
    DOMAIN = "domain"
    HYBRID = "hybrid"
    CLOUD = "cloud"
    REGISTERED = "registered"
    OTHER = "other"


class PolicyResult(OpenEnum):
    """What the management client says locally; the provider's own verdict is kept on its server."""

    MET = "met"
    NOT_MET = "not_met"
    OTHER = "other"


class ManagementClient(OpenModel):
    """One of possibly several products that manage the machine."""

    provider: Provider | None = fact(purpose=Purpose.MANAGEMENT)
    name: Slug | None = fact(purpose=Purpose.MANAGEMENT)
    """Its name in the table of the authority's policy, where `provider` is `other`."""
    enrolled: bool | None = fact(purpose=Purpose.MANAGEMENT)
    last_sync_on: Day | None = fact(purpose=Purpose.MANAGEMENT)
    local_policy_result: PolicyResult | None = fact(purpose=Purpose.MANAGEMENT)


class Management(OpenModel):
    """All products side by side: opsi and Intune on one laptop are common."""

    join_type: JoinType | None = fact(purpose=Purpose.MANAGEMENT)
    clients: tuple[ManagementClient, ...] | None = fact(purpose=Purpose.MANAGEMENT, max_length=8)
    privileged_on: Day | None = fact(purpose=Purpose.MANAGEMENT)
