"""Do topics say where a message belongs, and nothing else?"""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fernbereit import topics

DEVICE = "4f6e1d0a-8c35-4b7e-9a42-d1c0b5e6f7a8"
devices = st.uuids().map(str)


@given(devices)
def test_a_report_topic_is_read_as_it_was_written(device_id: str) -> None:
    """Lane and device come back."""
    assert topics.parse_report(topics.report(device_id)) == (topics.lane_of(device_id), device_id)


@given(devices)
def test_an_answer_topic_is_read_as_it_was_written(device_id: str) -> None:
    """Kind and device come back."""
    assert topics.parse_down(topics.ack(device_id)) == (device_id, "ack")
    assert topics.parse_down(topics.policy(device_id)) == (device_id, "policy")


@given(st.text(max_size=90))
def test_any_text_is_a_topic_or_none(topic: str) -> None:
    """Nothing is raised, whatever a broker delivers."""
    assert topics.parse_report(topic) is None
    assert topics.parse_down(topic) is None


def test_the_lane_of_a_device_never_changes() -> None:
    """Collectors share the lanes, so the rule is frozen with the messages."""
    lanes = [topics.lane_of(str(UUID(int=number))) for number in range(8)]
    assert lanes == [2, 10, 0, 6, 10, 0, 3, 13]


def test_devices_spread_over_all_lanes() -> None:
    """Every lane has its share of a thousand devices."""
    lanes = [topics.lane_of(str(UUID(int=number))) for number in range(1000)]
    assert min(lanes.count(lane) for lane in range(topics.LANES)) > 30


@pytest.mark.parametrize(
    "topic",
    [
        pytest.param(f"fernbereit/2/up/03/{DEVICE}/report", id="another version"),
        pytest.param(f"fernbereit/1/up/3/{DEVICE}/report", id="one digit"),
        pytest.param(f"fernbereit/1/up/٠٣/{DEVICE}/report", id="digits of another script"),
        pytest.param(f"fernbereit/1/up/03/{DEVICE.upper()}/report", id="capitals"),
        pytest.param(f"fernbereit/1/up/03/{DEVICE}/report/", id="a slash too many"),
        pytest.param(f"fernbereit/1/up/03/{DEVICE}/report\n", id="a line break"),
        pytest.param(f"x/fernbereit/1/up/03/{DEVICE}/report", id="a prefix"),
        pytest.param(f"fernbereit/1/up/03/{DEVICE}/status", id="another kind"),
        pytest.param("$SYS/broker/uptime", id="the broker's own"),
    ],
)
def test_a_foreign_topic_is_none(topic: str) -> None:
    """Only the topic as it is written counts."""
    assert topics.parse_report(topic) is None


def test_what_the_collector_subscribes_to_covers_every_report() -> None:
    """The pattern has the levels of a report topic."""
    pattern, topic = topics.ALL_REPORTS.split("/"), topics.report(DEVICE).split("/")
    assert len(pattern) == len(topic)
    assert all(part in {"+", level} for part, level in zip(pattern, topic, strict=True))


def test_there_is_no_topic_for_presence() -> None:
    """Nothing is published because a laptop goes on or off."""
    named = {name for name in vars(topics) if not name.startswith("_")}
    assert not {"will", "presence", "status", "online"} & named
