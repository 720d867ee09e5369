"""A whole estate of real processes: broker, collector, simulated laptops, the agent of this machine."""

import json
import re
import signal
import sys
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from sqlalchemy import make_url

from e2e.brokers import EMBEDDED, broker_program
from faults.wire import Wire
from processes import Program, free_port, listening, wait_for
from realparts import lacking

SENDERS = Path(__file__).with_name("senders.py")
KEY = "00" * 32


class Estate:
    """Everything of one end-to-end test, in one folder; start the programs you need."""

    def __init__(
        self,
        folder: Path,
        store_url: str | None = None,
        *,
        devices: int = 40,
        broker: str = "mosquitto",
        wired: bool = False,
        rate_per_s: float = 100,
    ) -> None:
        """Write all settings; `wired` puts a `Wire` into every connection that the network could harm."""
        self.folder = folder
        self.log = folder / "senders.jsonl"
        self.mqtt_port, self.http_port = free_port(), free_port()
        self.agent_id = str(uuid.uuid4())
        self.store_url = store_url or f"sqlite:///{folder / 'collector' / 'fernbereit.sqlite3'}"
        self.embedded = broker == EMBEDDED
        self.wires: dict[str, Wire] = {}
        if wired:
            self.wires = {name: Wire(self.mqtt_port) for name in ("senders", "agent", "collector")}
        ports = {name: wire.port for name, wire in self.wires.items()}
        collector_port = self.mqtt_port if self.embedded else ports.get("collector", self.mqtt_port)
        collector_store = self.store_url
        if wired and store_url is not None:
            port = make_url(store_url).port
            assert port is not None
            self.wires["store"] = Wire(port)
            collector_store = store_url.replace(f":{port}/", f":{self.wires['store'].port}/")
        (folder / "collector").mkdir(exist_ok=True)
        (folder / "collector.toml").write_text(
            f"""
            data = "{folder / "collector"}"
            report_interval_s = 2
            [http]
            port = {self.http_port}
            [broker]
            embedded = {str(self.embedded).lower()}
            port = {collector_port}
            [store]
            url = "{collector_store}"
            [publication]
            tick_s = 1
            freshness_tick_s = 1
            [inventory]
            key = "{KEY}"
            [ingest]
            rate_per_s = {rate_per_s}
            burst = 1000
            """
        )
        (folder / "agent.toml").write_text(
            f"""
            data = "{folder / "agent"}"
            [broker]
            port = {ports.get("agent", self.mqtt_port)}
            [device]
            id = "{self.agent_id}"
            [report]
            interval_s = 1
            start_spread_s = 0
            resend_s = 1
            resend_max_s = 4
            drain_s = 0.1
            reconnect_s = 0.1
            reconnect_max_s = 1
            """
        )
        python = sys.executable
        self.broker = broker_program(broker, folder, self.mqtt_port) or Program("none", ["true"], folder)
        self.collector = Program(
            "collector",
            [python, "-m", "fernbereit_server", "serve", "--settings", str(folder / "collector.toml")],
            folder,
        )
        self.agent = Program(
            "agent",
            [python, "-m", "fernbereit_agent", "--settings", str(folder / "agent.toml"), "run"],
            folder,
        )
        self.senders = Program(
            "senders",
            [
                *(python, str(SENDERS), "--port", str(ports.get("senders", self.mqtt_port))),
                *("--devices", str(devices), "--interval", "1", "--log", str(self.log)),
                *(("--mqtt", "3.1.1") if broker == "nats" else ()),
            ],
            folder,
        )

    def through(self, port: int) -> None:
        """Have laptops and collector reach the broker by another port; before they are started."""
        settings = self.folder / "collector.toml"
        before = str(self.mqtt_port)
        settings.write_text(settings.read_text().replace(before, str(port)))
        self.senders.argv = [str(port) if word == before else word for word in self.senders.argv]

    def wait_until_up(self, within_s: float = 60) -> None:
        """Wait until the broker listens and the collector says it is ready."""
        wait_for("a listening broker", lambda: listening(self.mqtt_port))
        try:
            wait_for(
                "a ready collector", lambda: self.get("/readyz", expect_json=False) is not None, within_s
            )
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.collector.tail()}") from None

    def get(self, path: str, *, expect_json: bool = True, within_s: float = 5) -> Any:
        """Return what the collector answers; raises `OSError` for any other status than 200."""
        with urlopen(f"http://127.0.0.1:{self.http_port}{path}", timeout=within_s) as answer:
            body = answer.read().decode()
        return json.loads(body) if expect_json else body

    def is_ready(self) -> bool:
        """Tell whether the collector answers that it takes reports in."""
        try:
            self.get("/readyz")
        except HTTPError:
            return False
        return True

    def why_not_ready(self) -> str:
        """Return the reason the collector gives, empty if it is ready."""
        try:
            self.get("/readyz")
        except HTTPError as error:
            return error.read().decode()
        return ""

    def rest(self) -> None:
        """Let the simulated laptops write nothing more, and wait until nothing waits any more."""
        assert self.senders.process is not None
        if sys.platform == "win32":
            lacking("needs the signals of POSIX")
        self.senders.process.send_signal(signal.SIGUSR1)
        time.sleep(1)
        wait_for("an empty outbox of every simulated laptop", lambda: self.waiting() == 0, 90)

    def waiting(self) -> int | None:
        """Return how many records of simulated laptops wait for their answer."""
        said = re.findall(r"^waiting (\d+)$", self.senders.tail(5), re.MULTILINE)
        return int(said[-1]) if said else None

    def written(self) -> int:
        """Return how many records the simulated laptops have written."""
        if not self.log.exists():
            return 0
        return sum('"body"' in line for line in self.log.read_text().splitlines())

    def platforms(self) -> Counter[str]:
        """Return how many simulated laptops wrote which platform in their latest record that names one."""
        latest: dict[str, str] = {}
        for line in self.log.read_text().splitlines():
            entry = json.loads(line)
            sections = json.loads(entry.get("body", "{}")).get("sections", {})
            facts = sections.get("operating_system", {}).get("facts") or {}
            if "platform" in facts:
                latest[entry["device"]] = facts["platform"]
        return Counter(latest.values())
