"""Is each trouble with the disk said once, and its end only when it is one?"""

import pytest

from fernbereit_agent.troubles import Troubles


@pytest.fixture
def troubles(caplog: pytest.LogCaptureFixture) -> Troubles:
    """Give a memory of troubles whose lines are caught."""
    caplog.set_level("INFO")
    return Troubles()


def test_troubles_that_take_turns_are_said_once_each(
    troubles: Troubles, caplog: pytest.LogCaptureFixture
) -> None:
    """However often they come, and although a report is written now and then."""
    for _ in range(1000):
        troubles.happened("full")
        troubles.happened("closed")
        troubles.round_ended()
    assert [message.split(": ")[1].partition(";")[0] for message in caplog.messages] == ["full", "closed"]


def test_only_a_whole_round_without_any_is_the_end(
    troubles: Troubles, caplog: pytest.LogCaptureFixture
) -> None:
    """Said once; the same trouble is news again afterwards."""
    troubles.happened("full")
    troubles.round_ended()
    assert "the outbox can be used again" not in caplog.messages
    troubles.round_ended()
    troubles.round_ended()
    assert caplog.messages[1:] == ["the outbox can be used again"]
    troubles.happened("full")
    assert len(caplog.messages) == 3
