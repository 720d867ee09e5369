"""Does the helper fill gaps, and nothing but gaps?"""

from datetime import date, timedelta

from fernbereit.facts.management import Management, ManagementClient, Provider
from fernbereit.facts.storage import Storage, StorageHealth
from fernbereit.record import Observation, Outcome, Reason, observation_of
from fernbereit.tolerance import OpenModel
from fernbereit_agent.host import Host, System
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.privileged.filling import filled
from fernbereit_agent.privileged.reading import Helped
from fernbereit_agent.probe import Probe
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.runner import observe
from fernbereit_agent.settings import ProbeSettings

DAY = date(2026, 11, 20)
HELPED = Helped(
    day=DAY,
    facts={
        "storage": Storage(health=StorageHealth.FAILING),
        "management": Management(
            clients=(
                ManagementClient(provider=Provider.INTUNE, last_sync_on=DAY),
                ManagementClient(provider=Provider.JAMF, last_sync_on=DAY),
            )
        ),
    },
)


def seen(facts: OpenModel) -> Observation[OpenModel]:
    return observation_of(type(facts))(outcome=Outcome.OK, facts=facts)


def test_a_gap_is_filled_and_the_day_is_told() -> None:
    """What the agent read itself stays beside it."""
    told = filled("storage", seen(Storage(total_bytes=5)), HELPED)

    assert told.facts == Storage(total_bytes=5, health=StorageHealth.FAILING, privileged_on=DAY)


def test_what_the_agent_saw_itself_stays() -> None:
    """It is younger than the helper's."""
    own = seen(Storage(health=StorageHealth.OK))

    assert filled("storage", own, HELPED) is own


def test_a_section_the_agent_was_denied_has_facts() -> None:
    """With an outcome to match."""
    denied = Observation[Storage](outcome=Outcome.DENIED, reason=Reason.ACCESS_DENIED)
    told = filled("storage", denied, HELPED)

    assert (told.outcome, told.reason) == (Outcome.OK, None)
    assert told.facts == Storage(health=StorageHealth.FAILING, privileged_on=DAY)


def test_what_does_not_exist_is_not_made_up() -> None:
    """No drive, no health."""
    absent = Observation[Storage](outcome=Outcome.ABSENT)

    assert filled("storage", absent, HELPED) is absent


def test_the_last_contact_goes_to_the_product_it_belongs_to() -> None:
    """A product the agent did not find is not added."""
    own = Management(
        clients=(ManagementClient(provider=Provider.OPSI), ManagementClient(provider=Provider.INTUNE))
    )
    told = filled("management", seen(own), HELPED).facts

    assert told == Management(
        clients=(
            ManagementClient(provider=Provider.OPSI),
            ManagementClient(provider=Provider.INTUNE, last_sync_on=DAY),
        ),
        privileged_on=DAY,
    )


def test_a_look_is_filled_on_its_way_into_the_record() -> None:
    """Through the runner, as with every section."""

    class HelpedHost(RecordedHost):
        def helped(self) -> Helped:
            return HELPED

    def reads(_host: Host, _settings: ProbeSettings) -> Storage:
        return Storage(total_bytes=1)

    laptop = RecordedLaptop(provenance="constructed", note="empty", today=DAY)
    probe = Probe(
        section="storage",
        every=timedelta(days=1),
        deadline=timedelta(seconds=30),
        readers={System.LINUX: reads},
    )
    told = observe(probe, HelpedHost(laptop), ProbeSettings(), lambda: 0.0)

    assert told.facts == Storage(total_bytes=1, health=StorageHealth.FAILING, privileged_on=DAY)
