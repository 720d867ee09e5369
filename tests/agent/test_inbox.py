"""Does the agent wake up for what arrives, from any thread, and for nothing else?"""

import signal
import sys
import threading

import pytest

from fernbereit_agent.inbox import MOST_MESSAGES, Inbox
from fernbereit_agent.link_events import Answered, Connected, Lost, PolicyArrived


def test_what_arrives_ends_the_sleep_and_keeps_its_order() -> None:
    """However long the sleep was meant to be."""
    inbox = Inbox()

    def send() -> None:
        for number in range(3):
            inbox.put(Connected(number))

    sender = threading.Thread(target=send)
    sender.start()
    events = inbox.take(60)
    sender.join()
    events += inbox.take(0)
    assert events == [Connected(0), Connected(1), Connected(2)]
    inbox.close()


def test_nothing_arrives_twice_and_an_empty_inbox_only_waits() -> None:
    """A bell that rang is not heard again."""
    inbox = Inbox()
    inbox.put(None)
    assert inbox.take(60) == [None]
    assert inbox.take(0.01) == []
    inbox.close()


def test_thousands_of_events_in_one_sleep_are_all_there() -> None:
    """A full bell is no lost event."""
    inbox = Inbox()
    for number in range(5_000):
        inbox.put(Connected(number))
    assert len(inbox.take(60)) == 5_000
    inbox.close()


def test_no_sleep_is_longer_than_the_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its timeout stands still while the machine sleeps."""
    monkeypatch.setattr("fernbereit_agent.inbox.LONGEST_S", 0.01)
    inbox = Inbox()
    assert inbox.take(3_600) == []
    inbox.close()


def test_a_flood_of_messages_is_bounded_and_drowns_nothing_else() -> None:
    """A broker may send whatever it likes while the agent looks at something slow."""
    inbox = Inbox()
    for number in range(5_000):
        inbox.put(Answered(1, b"x"))
        inbox.put(PolicyArrived(b"x"))
        if number % 1_000 == 0:
            inbox.put(Lost(number))
    events = inbox.take(0)
    assert len(events) == MOST_MESSAGES + 4  # the first one lost is among the first messages
    assert [event.connection for event in events if isinstance(event, Lost)] == list(range(0, 5_000, 1_000))
    inbox.put(Answered(1, b"the next"))
    assert inbox.take(0) == [Answered(1, b"the next")]
    inbox.close()


def test_a_signal_handler_may_use_it() -> None:
    """The agent is stopped that way."""
    if sys.platform == "win32":
        pytest.skip("needs signals of Unix")
    inbox = Inbox()
    before = signal.signal(signal.SIGALRM, lambda *_: inbox.put(None))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        assert inbox.take(60) == [None]
    finally:
        signal.signal(signal.SIGALRM, before)
        inbox.close()


def test_a_closed_inbox_hears_nobody_and_hurts_nobody() -> None:
    """Somebody may call stop twice."""
    inbox = Inbox()
    inbox.close()
    inbox.put(None)
    with pytest.raises(ValueError, match=r"negative|-1"):
        inbox.take(0)
