"""Which files does the demonstration leave for other commands? Its settings, and a draft of a policy."""

from pathlib import Path

from fernbereit.settings_file import toml_line
from fernbereit_server.settings import Settings

SETTINGS_FILE, DRAFT_FILE = "collector.toml", "draft-policy.yaml"

_DRAFT = """\
# What would change if Musterstadt were stricter? Try it; it writes nothing:
#   fernbereit policy dry-run {draft} --settings {settings}
extends: default
version: 2
title: {{de: Entwurf für Musterstadt, en: Draft for Musterstadt}}
deviations:
  - check: battery_health
    change: {{expect: {{minimum: 0.7}}, weight: 6}}
    reason: {{de: Lagebesprechungen dauern vier Stunden., en: Situation briefings last four hours.}}
  - check: smart_card_service
    remove: true
    reason: {{de: Musterstadt verwendet keine Chipkarten., en: Musterstadt does not use smart cards.}}
  - set: {{ready_at: 0.9}}
    reason: {{de: Entwurf der IT-Leitung., en: Draft of the head of IT.}}
"""


def write_settings(settings: Settings, key: str) -> Path:
    """Write the settings as every command takes them; for the owner only, since the key stands in them."""
    http, broker, publication = settings.http, settings.broker, settings.publication
    lines = (
        toml_line("data", str(settings.data.absolute())),
        toml_line("report_interval_s", settings.report_interval_s),
        "[http]",
        toml_line("port", http.port),
        "[broker]",
        toml_line("port", broker.port),
        "[publication]",
        toml_line("tick_s", publication.tick_s),
        toml_line("freshness_tick_s", publication.freshness_tick_s),
        "[inventory]",
        toml_line("key", key),
    )
    file = settings_file(settings.data)
    file.touch(mode=0o600)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def write_draft(folder: Path) -> Path:
    """Write a policy that departs from the shipped one."""
    file = draft_file(folder)
    file.write_text(_DRAFT.format(draft=file, settings=settings_file(folder)), encoding="utf-8")
    return file


def settings_file(folder: Path) -> Path:
    """Return where the settings stand."""
    return folder.absolute() / SETTINGS_FILE


def draft_file(folder: Path) -> Path:
    """Return where the draft of a policy stands."""
    return folder.absolute() / DRAFT_FILE
