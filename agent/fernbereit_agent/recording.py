"""How does one give a laptop to the tests? Look at every section once and write down what was answered.

    laptop.json      every answer, redacted (`fernbereit_agent.redaction`)
    expected.json    what the probes make of it, without ages

`tests/agent/test_laptops.py` replays each such folder below `tests/laptops/`.
"""

import json
import time
from pathlib import Path
from typing import Any

from fernbereit_agent.host import Host, LocalHost
from fernbereit_agent.laptop import RecordedLaptop
from fernbereit_agent.policy_store import shipped
from fernbereit_agent.probes import PROBES
from fernbereit_agent.readiness import SECTION, Own, judge, observation
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.recorder import RecordingHost
from fernbereit_agent.redaction import redact
from fernbereit_agent.report import Look
from fernbereit_agent.runner import observe
from fernbereit_agent.settings import ProbeSettings

LAPTOP = "laptop.json"
EXPECTED = "expected.json"


def record(folder: Path, settings: ProbeSettings, host: Host | None = None) -> tuple[Path, Path]:
    """Write laptop and expectations into a folder, made if it is missing; return both files.

    Without the inventory key, so that nothing written can be matched with an inventory. Raises `OSError`.
    """
    keyless = settings.model_copy(update={"inventory_key": None})
    recorder = RecordingHost(host or LocalHost())
    for probe in PROBES:
        observe(probe, recorder, keyless, time.monotonic)
    laptop = redact(recorder.laptop("Say what is special about this machine.", keyless))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LAPTOP).write_text(write_laptop(laptop), encoding="utf-8", newline="\n")
    (folder / EXPECTED).write_text(expectations(laptop), encoding="utf-8", newline="\n")
    return folder / LAPTOP, folder / EXPECTED


def read_laptop(folder: Path) -> RecordedLaptop:
    """Return the laptop recorded in a folder; raises `pydantic.ValidationError` or `OSError`."""
    return RecordedLaptop.model_validate_json((folder / LAPTOP).read_text(encoding="utf-8"))


def write_laptop(laptop: RecordedLaptop) -> str:
    """Return the text of `laptop.json`: only what was set, in a stable order."""
    return _text(laptop.model_dump(mode="json", exclude_defaults=True))


def expectations(laptop: RecordedLaptop) -> str:
    """Return the text of `expected.json`: every probe's observation of this laptop, and its own verdict.

    It judges by the shipped policy on the day of the recording, and has never been anywhere else before.
    """
    host = RecordedHost(laptop)
    seen = {probe.section: observe(probe, host, laptop.settings, host.monotonic) for probe in PROBES}
    looks = {name: Look(look, host.monotonic()) for name, look in seen.items()}
    own = Own(held=shipped())
    facts = judge(looks, own, laptop.settings, now=host.monotonic(), today=host.today()).facts
    seen[SECTION] = observation(facts)
    return _text(
        {name: look.model_dump(mode="json", exclude={"observed_age_s"}) for name, look in seen.items()}
    )


def _text(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
