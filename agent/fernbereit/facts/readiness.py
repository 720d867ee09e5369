"""What does the laptop itself think: could its owner work from home tomorrow?

The collector judges again and counts disagreements. That work from outside was proven is counted only: a no
that became a yes overnight would tell on which day somebody worked from outside.
"""

from fernbereit.facts.types import CheckId, Count
from fernbereit.field import Purpose, Visibility, fact
from fernbereit.tolerance import OpenEnum, OpenModel


class Verdict(OpenEnum):
    """`limited` does not count as able to work."""

    READY = "ready"
    LIMITED = "limited"
    NOT_READY = "not_ready"
    UNKNOWN = "unknown"
    OTHER = "other"


class Readiness(OpenModel):
    """The laptop's own verdict under the policy it holds."""

    verdict: Verdict | None = fact(purpose=Purpose.REMOTE_ACCESS)
    policy_version: Count | None = fact(purpose=Purpose.OPERATION)
    policy_adopted: bool | None = fact(purpose=Purpose.OPERATION)
    proven: bool | None = fact(purpose=Purpose.REMOTE_ACCESS, visibility=Visibility.COUNTED)
    direct: bool | None = fact(purpose=Purpose.REMOTE_ACCESS, visibility=Visibility.COUNTED)
    contested: tuple[CheckId, ...] | None = fact(purpose=Purpose.OPERATION, max_length=16)
