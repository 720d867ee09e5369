"""Do the steps of `deploy/README.md` make one working system out of the files beside it?"""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from fernbereit_agent.settings import Settings as AgentSettings
from fernbereit_server.settings import Settings, load_settings

DEPLOY = Path(__file__).parents[2] / "deploy"
STEPS = (DEPLOY / "README.md").read_text(encoding="utf-8").split("## Steps")[1].split("## What was tried")[0]
COMMANDS = re.findall(r"^    (\S.*)$", STEPS, re.MULTILINE)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the collector's settings after the steps, which are run with a folder in place of `/etc`."""
    if os.name != "posix":
        pytest.skip("needs the tools of a Debian host")
    for command in COMMANDS:
        if command.startswith(("sudo install", "sudo sed")) and "/etc/fernbereit/" in command:
            typed = command.removeprefix("sudo ").replace("/etc/", f"{tmp_path}/")
            subprocess.run(("sh", "-c", typed), check=True, cwd=DEPLOY.parent)
    return load_settings(tmp_path / "fernbereit" / "collector.toml", environment={})


def test_laptop_broker_and_collector_meet_at_one_port(settings: Settings) -> None:
    """A broker of the collector's own would leave whatever reaches mosquitto unread."""
    [(port, host)] = re.findall(
        r"^listener (\d+) (\S+)$", (DEPLOY / "mosquitto" / "fernbereit.conf").read_text("utf-8"), re.MULTILINE
    )
    assert not settings.broker.embedded
    assert (settings.broker.host, settings.broker.port) == (host, int(port))
    assert (AgentSettings().broker.host, AgentSettings().broker.port) == (host, int(port))


def test_whoever_asks_the_collector_asks_where_it_answers(settings: Settings) -> None:
    """The look whether it is ready, and Prometheus."""
    place = f"{settings.http.host}:{settings.http.port}"
    [asked] = [command for command in COMMANDS if command.startswith("curl")]
    assert asked.endswith(f"http://{place}/readyz")
    scraped = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text("utf-8"))
    targets = [t for job in scraped["scrape_configs"] for s in job["static_configs"] for t in s["targets"]]
    assert place in targets


def test_every_file_of_the_steps_exists() -> None:
    """What is installed or copied from the repository is there."""
    named = set(re.findall(r"(?<![\w/])((?:deploy|dashboards)/[\w./-]+)", "\n".join(COMMANDS)))
    assert len(named) >= 6
    assert [name for name in named if not (DEPLOY.parent / name).exists()] == []


def test_the_service_starts_what_the_steps_install() -> None:
    """One place of the virtual environment and of the settings, also for commands by hand."""
    unit = (DEPLOY / "systemd" / "fernbereit-collector.service").read_text(encoding="utf-8")
    assert "ExecStart=/opt/fernbereit/bin/fernbereit serve --settings /etc/fernbereit/collector.toml" in unit
    assert any(command.startswith("sudo python3 -m venv /opt/fernbereit") for command in COMMANDS)
    assert {part for c in COMMANDS for part in re.findall(r"\S*bin/fernbereit\b", c)} == {
        "/opt/fernbereit/bin/fernbereit"
    }
