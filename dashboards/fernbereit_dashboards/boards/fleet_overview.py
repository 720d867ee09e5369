"""What does the fleet look like today? Read from top to bottom, each row answers the question it asks."""

from fernbereit_dashboards.board import Board, Row, board
from fernbereit_dashboards.panels import collector, pillars, reporting, sections, subject, units
from fernbereit_dashboards.subjects import (
    AGENT_COST,
    CAPABILITY,
    CHASSIS,
    COMPLIANCE,
    CONFERENCING,
    ENCRYPTION,
    FIREWALL,
    FRESHNESS,
    LIFECYCLE,
    OS_SUPPORT,
    PLATFORM,
    READING,
    READY_UNTIL,
    SECURE_BOOT,
    VERDICT,
    VPN_CLIENT,
)
from fernbereit_dashboards.words import Words
from fernbereit_server.metrics.families.devices import DEVICES


def make(words: Words) -> Board:
    """Return the board in the language of `words`."""
    return board(
        words,
        "fleet_overview",
        DEVICES.name,
        (
            Row(
                key="row.reporting",
                panels=(
                    reporting.devices(words).span(4).height(6),
                    reporting.recent(words).span(4).height(6),
                    collector.age(words).span(4).height(6),
                    subject.by_word(words, FRESHNESS).span(12).height(6),
                    subject.over_time(words, FRESHNESS),
                    subject.by_unit(words, FRESHNESS).span(12),
                ),
            ),
            Row(
                key="row.readiness",
                panels=(
                    subject.by_word(words, VERDICT),
                    subject.by_unit(words, VERDICT),
                    subject.by_word(words, CAPABILITY),
                    pillars.results(words),
                    subject.by_word(words, COMPLIANCE).span(12),
                    subject.by_word(words, READY_UNTIL).span(12),
                ),
            ),
            Row(
                key="row.reading",
                panels=(
                    subject.by_word(words, READING),
                    sections.outcomes(words),
                    subject.by_word(words, LIFECYCLE).span(12).height(8),
                    subject.by_word(words, AGENT_COST).span(12).height(8),
                ),
            ),
            Row(key="row.units", panels=(units.to_put_right(words),)),
            Row(
                key="row.systems",
                panels=(
                    subject.by_word(words, PLATFORM).span(12),
                    subject.by_word(words, CHASSIS).span(12),
                    subject.by_word(words, OS_SUPPORT),
                    subject.by_unit(words, OS_SUPPORT),
                ),
            ),
            Row(
                key="row.protection",
                panels=(
                    subject.by_word(words, ENCRYPTION),
                    subject.by_unit(words, ENCRYPTION),
                    subject.by_word(words, FIREWALL),
                    subject.by_unit(words, FIREWALL),
                    subject.by_word(words, SECURE_BOOT).span(24).height(7),
                ),
            ),
            Row(
                key="row.remote_work",
                panels=(
                    subject.by_word(words, VPN_CLIENT),
                    subject.by_unit(words, VPN_CLIENT),
                    subject.by_word(words, CONFERENCING),
                    subject.by_unit(words, CONFERENCING),
                ),
            ),
            Row(
                key="row.collector",
                panels=(
                    collector.up(words).span(4),
                    collector.connected(words).span(4),
                    collector.paused(words).span(4),
                    collector.queue(words).span(4),
                    collector.dropped(words).span(4),
                    collector.scrape(words).span(4),
                    collector.messages(words).span(24),
                ),
            ),
        ),
    )
