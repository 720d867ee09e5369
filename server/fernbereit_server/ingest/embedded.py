"""How does the collector bring a broker of its own? iotcore as a child process, for demo and tests only.

It has no client certificates and no access rules, so it listens on loopback and nowhere else. Its plain port
speaks MQTT 3.1.1 only; MQTT 5 needs a file with a `[v5.1]` listener. The default limit of 20 KiB a message is
raised to 128 KiB, above the collector's own, so that a report that is too large is counted, not cut off.
"""

import tempfile
import threading
from pathlib import Path

from iotcore import Broker

from fernbereit_server.errors import AddressInUseError, BrokerError
from fernbereit_server.settings import is_loopback

_CONFIGURATION = """\
id = 0

[router]
id = 0
max_connections = 10010
max_outgoing_packet_count = 200
max_segment_size = 1048576
max_segment_count = 8

[v5.1]
name = "fernbereit"
listen = "{address}"
next_connection_delay_ms = 1

[v5.1.connections]
connection_timeout_ms = 60000
max_payload_size = 131072
max_inflight_count = {inflight}
dynamic_filters = true
"""


_INFLIGHT = 500


class EmbeddedBroker:
    """One broker process; it ends with this one, however this one ends.

    `inflight` bounds what it sends without an acknowledgement: it ignores the client's Receive Maximum.
    """

    def __init__(self, host: str, port: int, *, inflight: int = _INFLIGHT) -> None:
        if not is_loopback(host):
            raise BrokerError(
                f"the embedded broker cannot listen on {host}: it knows neither certificates nor access rules"
            )
        self.host = "127.0.0.1" if host == "localhost" else host
        self.port = port
        self._inflight = min(inflight, _INFLIGHT)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._broker: Broker | None = None
        self._one_at_a_time = threading.RLock()

    @property
    def is_running(self) -> bool:
        """Tell whether the process is alive."""
        return self._broker is not None and bool(self._broker.is_running)

    def start(self) -> None:
        """Start the process and wait until it listens; blocks up to ten seconds.

        Raises `AddressInUseError` or `BrokerError`.
        """
        with self._one_at_a_time:
            self._start()

    def stop(self) -> None:
        """End the process and remove its file; safe to call twice, and waits for a start under way."""
        with self._one_at_a_time:
            if self._broker is not None:
                self._broker.stop()
                self._broker = None
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None

    def _start(self) -> None:
        self.stop()
        self._folder = tempfile.TemporaryDirectory(prefix="fernbereit-broker-")
        file = Path(self._folder.name) / "broker.toml"
        address = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        file.write_text(_CONFIGURATION.format(address=address, inflight=self._inflight), encoding="utf-8")
        # The file alone decides where it listens; without the two, `ps` would show iotcore's defaults.
        broker = Broker(self.port, self.host, str(file))
        try:
            broker.start()
        except OSError:
            self.stop()
            raise AddressInUseError(
                f"port {self.port} of {self.host} is in use, so the embedded broker cannot listen there; "
                "choose another with broker.port"
            ) from None
        except RuntimeError as error:
            self.stop()
            raise BrokerError(f"the embedded broker did not start: {error}") from None
        self._broker = broker
