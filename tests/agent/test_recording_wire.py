"""Is a recording silent about the authority's own servers and about who answered in place of them?"""

import json
from pathlib import Path

from fernbereit_agent import recording
from fernbereit_agent.laptop import Page, RecordedLaptop, Resolved
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.settings import ProbeSettings

SETTINGS = ProbeSettings(
    stun="turn.musterstadt.example:3478",
    reflector="10.20.30.40:8742",
    portal="http://start.musterstadt.example/fernbereit.txt",
)


def test_neither_hosts_nor_a_strangers_page_are_recorded_and_the_rest_is_replayed(tmp_path: Path) -> None:
    """What the probes saw stays the same; only names, addresses and foreign texts are gone."""
    laptop = RecordedLaptop(
        provenance="constructed",
        note="at a hotel",
        today="2026-11-22",
        resolved={"turn.musterstadt.example": Resolved(addresses=("10.20.30.41",), ms=3.0)},
        stun={"10.20.30.41:3478": 21.0},
        echoes={"10.20.30.40:8742": (20.0, None)},
        pages={SETTINGS.portal or "": Page(status=200, text="Willkommen, Frau Beispiel")},
        low_battery=False,
    )
    file, expected = recording.record(tmp_path, SETTINGS, RecordedHost(laptop))
    text = file.read_text(encoding="utf-8")
    facts = json.loads(expected.read_text(encoding="utf-8"))["targets"]["facts"]

    for secret in ("musterstadt", "10.20.30", "Beispiel", "Willkommen"):
        assert secret not in text
    assert (facts["udp"], facts["stun_ms"], facts["echo_loss_ratio"]) == (True, 21.0, 0.5)
    assert facts["captive_portal"] is True
