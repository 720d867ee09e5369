"""What is known of this one device? Every fact with its age and outcome, and the same as a ticket."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from fernbereit.facts import SECTIONS
from fernbereit.words import Words
from fernbereit_server.console.formatting import days_ago, number
from fernbereit_server.console.pages.facts import FactView, PartView, Speech, content, unknown
from fernbereit_server.console.pages.people import kind_of
from fernbereit_server.console.pages.verdict import VerdictView, verdict
from fernbereit_server.console.status import Status, freshness_look, outcome_look
from fernbereit_server.console.wording import pick
from fernbereit_server.desk import DeviceDetail, SectionDetail

ACTIVE: Final = "active"
EXPECTED: Final = "expected"
TICKET_ROWS: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One section: how looking at it ended, why, and what was seen."""

    key: str
    title: str
    outcome: Status
    reason: str
    observed: str
    facts: tuple[FactView, ...]
    parts: tuple[PartView, ...]
    counted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceView:
    """The whole page."""

    name: str
    report: Status
    read: str
    standing: str
    standing_title: str
    standing_look: str
    verdict: VerdictView
    contest_address: str
    owner: tuple[FactView, ...]
    sections: tuple[SectionView, ...]
    ticket: str
    ticket_rows: int


def device(detail: DeviceDetail, own: Words, shared: Words, today: date) -> DeviceView:
    """Lay out one device; sections that were never looked at are unknown, not left out."""
    speech = Speech(own=own, shared=shared, today=today)
    by_name = {section.section: section for section in detail.sections}
    sections = tuple(_section(name, by_name.get(name), speech) for name in SECTIONS)
    name = detail.label or detail.ref
    title, standing = _standing(detail, own)
    when = pick(own, "report", detail.freshness)
    report = Status(word=own("device.reported", when=when), look=freshness_look(detail.freshness))
    owner = _owner(detail, own, speech)
    known = sum(section.outcome.look != "unknown" for section in sections)
    return DeviceView(
        name=name,
        report=report,
        read=own("device.read", known=number(known, own), all=number(len(sections), own)),
        standing=standing,
        standing_title=title,
        standing_look="unknown" if detail.status == EXPECTED else "warning",
        verdict=(judged := verdict(detail.readiness, own, shared, aside=_is_aside(detail))),
        contest_address=f"/contest/{detail.ref}",
        owner=owner,
        sections=sections,
        ticket=(ticket := _ticket(name, (report.word, standing), judged, owner, sections, own)),
        ticket_rows=min(TICKET_ROWS, ticket.count("\n") + 1),
    )


def _standing(detail: DeviceDetail, own: Words) -> tuple[str, str]:
    """Return title and text of what sets a device apart from the others; an empty text for nothing."""
    told = {"others": ", ".join(detail.same_serial)}
    if detail.status == EXPECTED:
        return own("standing.expected_title"), own("standing.expected")
    if detail.status != ACTIVE:
        text = pick(own, "standing", detail.status)
        reason = detail.status_reason
        return own("standing.title"), f"{text} {own('standing.reason', reason=reason)}" if reason else text
    if detail.twin == "conflict":
        return own("standing.conflict_title"), own("standing.conflict", **told)
    return own("standing.title"), own("standing.replaced", **told) if detail.twin else ""


def _is_aside(detail: DeviceDetail) -> bool:
    return detail.twin is not None or detail.status not in {ACTIVE, EXPECTED}


def _owner(detail: DeviceDetail, own: Words, speech: Speech) -> tuple[FactView, ...]:
    def fact(key: str, value: str | None) -> FactView:
        label = own(f"device.{key}")
        return FactView(label=label, value=value) if value else unknown(label, speech)

    seen = detail.first_seen_days_ago
    return (
        fact("label", detail.label),
        fact("code", detail.code),
        fact("unit", detail.unit),
        fact("site", detail.site),
        fact("kind", detail.kind and kind_of(detail.kind, own)),
        fact("first_seen", None if seen is None else days_ago(seen, own)),
    )


def _section(name: str, seen: SectionDetail | None, speech: Speech) -> SectionView:
    own, shared = speech.own, speech.shared
    told = content(name, seen.facts if seen else None, speech)
    return SectionView(
        key=name,
        title=shared(f"section.{name}"),
        outcome=_outcome(seen, own),
        reason=_reason(seen, own, shared),
        observed=days_ago(seen.observed_days_ago, own) if seen else "",
        facts=told.facts,
        parts=told.parts,
        counted=own("device.counted", labels=", ".join(told.counted)) if told.counted else "",
    )


def _outcome(seen: SectionDetail | None, own: Words) -> Status:
    """Return read, not present, or unknown: why it is unknown stands in the reason."""
    look = outcome_look(seen.outcome) if seen else "unknown"
    return Status(word=own(f"outcome.{look}"), look=look)


def _reason(seen: SectionDetail | None, own: Words, shared: Words) -> str:
    if seen is None:
        return own("device.not_seen")
    if seen.outcome == "ok":
        return ""
    told = [pick(shared, "reason", seen.reason)] if seen.reason else []
    if outcome_look(seen.outcome) == "unknown" or not told:
        told.insert(0, pick(shared, "outcome", seen.outcome))
    sentence = ": ".join(told)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _ticket(
    name: str,
    state: tuple[str, str],
    judged: VerdictView,
    owner: tuple[FactView, ...],
    sections: tuple[SectionView, ...],
    own: Words,
) -> str:
    """Write the page as plain text: one line a fact, for a field that knows no layout."""
    lines = [f"{own('ticket.device')}: {name}", *filter(None, state)]
    lines += _lines(owner)
    lines += ["", f"{own('verdict.title')}: {judged.status.word}", judged.sentence]
    for check in judged.checks:
        lines += ["", f"{check.title}: {check.status.word}"]
        lines += [f"  {own('verdict.observed')}: {check.fact}: {check.observed}"]
        lines += [f"  {own('verdict.expected')}: {check.expected}"]
        lines += [f"  {own('verdict.since')}: {check.since}"]
        lines += [f"  {own('verdict.grace')}: {check.grace}"] if check.grace else []
        lines += [f"  {own('verdict.waived')}: {check.waiver}"] if check.waiver else []
        lines += [f"  {own('verdict.becomes_known')}: {check.known_by}"] if check.known_by else []
        lines += [f"  {own('verdict.for_staff')}: {check.for_staff}"] if check.for_staff else []
        lines += [f"  {own('verdict.for_it')}: {check.for_it}"] if check.for_it else []
        lines += [f"  {sentence}" for sentence in check.contested]
    for section in sections:
        ended = ", ".join(filter(None, (section.outcome.word, section.observed)))
        lines += ["", f"{section.title}: {ended}"]
        lines += [f"  {section.reason}"] if section.reason else []
        lines += _lines(section.facts)
        for part in section.parts:
            lines.append(f"  {part.title}")
            lines += [f"  {line}" for line in _lines(part.facts)]
    return "\n".join(lines)


def _lines(facts: tuple[FactView, ...]) -> list[str]:
    return [f"  {fact.label}: {fact.value}" for fact in facts]
