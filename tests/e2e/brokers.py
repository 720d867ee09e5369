"""Which brokers must everything work with? Each a program with its settings, but for the collector's own."""

from pathlib import Path

from processes import Program, free_port
from realparts import need

TUNED = Path(__file__).parents[2] / "deploy" / "mosquitto" / "fernbereit.conf"
NATS = Path(__file__).parents[2] / "deploy" / "nats" / "fernbereit.conf"

EMBEDDED = "embedded"
BROKERS = ("mosquitto", "mosquitto-tuned", EMBEDDED, "nats")
"""mosquitto with its defaults and with deploy/mosquitto, the collector's own, NATS (MQTT 3.1.1 only)."""


def broker_program(name: str, folder: Path, port: int) -> Program | None:
    """Return the broker that will listen on a port of the loopback; None for the collector's own."""
    if name == "mosquitto":
        text = f"listener {port} 127.0.0.1\nallow_anonymous true\nconnection_messages false\n"
    elif name == "mosquitto-tuned":
        text = TUNED.read_text(encoding="utf-8").replace(
            "listener 1883 127.0.0.1", f"listener {port} 127.0.0.1"
        )
    elif name == "nats":
        text = NATS.read_text(encoding="utf-8")
        for shipped, ours in (
            ("127.0.0.1:1883", f"127.0.0.1:{port}"),
            ("127.0.0.1:4222", f"127.0.0.1:{free_port()}"),
            ("/var/lib/nats", str(folder / "nats")),
        ):
            assert shipped in text
            text = text.replace(shipped, ours)
    else:
        return None
    file = folder / f"{name}.conf"
    file.write_text(text, encoding="utf-8")
    server = "nats-server" if name == "nats" else "mosquitto"
    return Program("broker", [need(server), "-c", str(file)], folder)
