"""What does a laptop say of its own readiness that the fleet keeps in mind?"""

from fernbereit.facts.readiness import Readiness
from fernbereit_server.metrics.family import Trait, yes_no


def _direct(facts: Readiness) -> str | None:
    return yes_no(facts.direct)


DIRECT_TRAIT = Trait(name="direct", section="readiness", words=("yes", "no"), of=_direct)
"""Whether it was proven from outside without a tunnel."""
