"""What does the agent itself cost the laptops it runs on?"""

from fernbereit.facts.agent import Agent, LookTime
from fernbereit_server.metrics.family import Family, Trait, known

MOST_CPU_S_PER_HOUR = 2.0
MOST_BYTES = 64 * 2**20
"""More than twice what `make bench-agent` measures; beyond it somebody should look at the laptop."""


def _agent_cost(facts: Agent) -> str | None:
    """`high` as soon as one figure is; a process of less than a minute does not know its own yet."""
    if (
        (facts.cpu_seconds_per_hour or 0) > MOST_CPU_S_PER_HOUR
        or (facts.memory_bytes or 0) > MOST_BYTES
        or facts.slowest_look is LookTime.VERY_SLOW
    ):
        return "high"
    return None if facts.cpu_seconds_per_hour is None or facts.memory_bytes is None else "low"


AGENT_COST_TRAIT = Trait(name="agent_cost", section="agent", words=("low", "high"), of=_agent_cost)

AGENT_COST = Family(
    name="fernbereit_devices_by_agent_cost",
    help="Devices of the whole fleet by whether the agent takes much time or memory, or hangs somewhere.",
    level="fleet",
    source="trait",
    label="agent_cost",
    words=known(AGENT_COST_TRAIT.words),
    trait=AGENT_COST_TRAIT.name,
)
