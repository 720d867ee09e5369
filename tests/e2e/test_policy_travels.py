"""Does an adopted policy reach a running laptop, and nothing else?"""

import sys
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from nacl.signing import SigningKey
from paho.mqtt.enums import CallbackAPIVersion

from collecting import collecting, settings_for
from fernbereit import topics
from fernbereit.facts.readiness import Verdict
from fernbereit.policy import Policy
from fernbereit_server import collector as running_collector
from fernbereit_server.collector import Collector
from fernbereit_server.decisions.writing import adopt_policy
from fernbereit_server.judging.own_verdict import OwnVerdict, agreement
from fernbereit_server.policies.signing import signer
from mosquitto import mosquitto
from policy_signing import signed
from policy_world import check, policy_of
from processes import Program, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.real]

OTHER = SigningKey(bytes(32))


def policy(version: int, system: str) -> Policy:
    """Return a policy that wants one operating system."""
    wanted = check("system", "operating_system.platform", {"const": system}, essential=True)
    return policy_of(wanted).model_copy(update={"version": version})


class Office:
    """A collector on a real broker, and the agent of this machine as a process."""

    def __init__(self, folder: Path, collector: Collector, port: int) -> None:
        self.collector, self.port, self.device_id = collector, port, str(uuid.uuid4())
        self.authority = signer(collector.settings.data)
        settings = folder / "agent.toml"
        settings.write_text(
            f"""
            data = "{folder / "agent"}"
            broker.port = {port}
            device.id = "{self.device_id}"
            policy.public_key = "{self.authority.public_key.hex()}"
            report = {{ interval_s = 1, start_spread_s = 0, resend_s = 1, drain_s = 0.1, reconnect_s = 0.2 }}
            """
        )
        argv = [sys.executable, "-m", "fernbereit_agent", "run", "--settings", str(settings)]
        self.agent = Program("agent", argv, folder)

    def adopt(self, adopted: Policy) -> None:
        """Decide on a policy, as a person does."""
        with self.collector.engine.begin() as connection:
            adopt_policy(connection, adopted, date(2026, 11, 22))

    def says(self, verdict: Verdict | None, version: int, *, adopted: bool = True) -> None:
        """Wait until the laptop says this of itself."""
        wanted = OwnVerdict(verdict=verdict, policy_version=version, adopted=adopted)
        wait_for(f"the laptop to say {wanted}\n{self.agent.tail()}", lambda: self._own(wanted))

    def _own(self, wanted: OwnVerdict) -> bool:
        device = self.collector.fleet.devices.get(self.device_id)
        own = device.own if device else None
        return own is not None and (
            own == wanted or (wanted.verdict is None and own.policy_version == wanted.policy_version)
        )

    def whisper(self, packet: bytes) -> None:
        """Publish something to the laptop, as anybody on the broker could."""
        client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        client.publish(topics.policy(self.device_id), packet, qos=1).wait_for_publish(10)
        client.disconnect()
        client.loop_stop()

    def refused(self, reason: str) -> None:
        """Wait until the laptop says in its log why it did not take what came."""
        wait_for(f"a refusal: {reason}", lambda: f"is not taken ({reason})" in self.agent.tail())


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Return a running office whose collector notices decisions at once."""
    monkeypatch.setattr(running_collector, "WATCH_S", 0.2)
    with (
        mosquitto(tmp_path) as broker,
        collecting(settings_for(tmp_path / "collector", broker.port)) as collector,
    ):
        office = Office(tmp_path, collector, broker.port)
        try:
            office.agent.start()
            yield office
        finally:
            office.agent.kill()


def test_an_adopted_policy_decides_on_the_laptop_and_nothing_else_does(office: Office) -> None:
    """The next record names it; changed, foreign and older ones change nothing, nor does a restart."""
    office.says(None, 1, adopted=False)
    office.adopt(policy(7, "linux"))
    office.says(Verdict.READY, 7)
    office.adopt(policy(8, "windows"))  # the collector itself would send this one in an hour
    office.whisper(office.authority.signed(policy(8, "windows")))
    office.says(Verdict.NOT_READY, 8)

    office.whisper(office.authority.signed(policy(9, "linux"))[:-1] + b"?")
    office.refused("changed")
    office.whisper(signed(policy(9, "linux"), OTHER))
    office.refused("other_key")
    office.whisper(office.authority.signed(policy(7, "linux")))
    office.refused("older")
    office.agent.kill()
    office.agent.start()
    wait_for(
        "the policy after the kill", lambda: "version 8 of the authority's policy" in office.agent.tail(5)
    )
    office.says(Verdict.NOT_READY, 8)
    device = office.collector.fleet.devices[office.device_id]
    wait_for("our own verdict", lambda: agreement(device.own, device.judged, adopted=True) == "same")
    assert office.collector.tally.policies_sent == 1
