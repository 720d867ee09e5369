"""What runs while the demonstration runs, and what is still missing?"""

from dataclasses import dataclass, field
from pathlib import Path

from fernbereit.code import device_code
from fernbereit_server.collector import Collector
from fernbereit_server.demo.authority import Authority
from fernbereit_server.demo.folder import DemoFolder
from fernbereit_server.demo.laptops import Laptops
from fernbereit_server.demo.processes import Served, ThisComputer
from fernbereit_server.outlook import Outlook
from fernbereit_server.publication.cells import Page
from fernbereit_server.publication.ticks import Publisher

HOST = "127.0.0.1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What was asked for on the command line."""

    devices: int
    seed: int
    port: int
    data: Path | None
    own_label: str
    log: Path | None = None

    @property
    def broker_port(self) -> int:
        """The port beside the console's."""
        return self.port + 1


@dataclass(frozen=True, slots=True)
class Missing:
    """What the collector has not committed yet, and what it has not judged since."""

    laptops: tuple[str, ...]
    computer: bool
    unjudged: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.laptops) or self.computer or bool(self.unjudged)


@dataclass(frozen=True, kw_only=True, slots=True)
class Demonstration:
    """Everything that runs."""

    plan: Plan
    folder: DemoFolder
    authority: Authority
    collector: Collector
    publisher: Publisher
    outlook: Outlook
    served: Served
    laptops: Laptops
    computer: ThisComputer
    _judged: set[str] = field(default_factory=set)
    """Devices that were seen judged after their report; later reports make them due again."""

    @property
    def address(self) -> str:
        """The address of the console, without a slash at its end."""
        return f"http://{HOST}:{self.plan.port}"

    @property
    def own_code(self) -> str:
        """The code of this computer's page."""
        return device_code(self.computer.device_id)

    def publish(self) -> Page:
        """Count once more, out of turn, so that everything committed so far is on the page."""
        return self.served.run(self.publisher.publish_now())

    def missing(self) -> Missing:
        """Compare what should be in the store, and judged, with what is."""
        expected = [(device.device_id, device.label) for device in self.authority.reporting]
        own = self.computer.device_id
        return Missing(
            laptops=tuple(label for device_id, label in expected if not self._committed(device_id)),
            computer=not self._committed(own),
            unjudged=tuple(
                label
                for device_id, label in (*expected, (own, self.plan.own_label))
                if self._committed(device_id) and not self._is_judged(device_id)
            ),
        )

    def _committed(self, device_id: str) -> bool:
        device = self.collector.fleet.devices.get(device_id)
        return device is not None and device.mark is not None and device.mark.mark > 0

    def _is_judged(self, device_id: str) -> bool:
        fleet = self.collector.fleet
        if device_id not in self._judged and device_id not in fleet.changed:
            device = fleet.devices.get(device_id)
            if device is not None and device.judged is not None:
                self._judged.add(device_id)
        return device_id in self._judged
