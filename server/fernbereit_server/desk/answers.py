"""What may be seen of one device? Nothing finer than a day, and only facts declared to be shown."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from fernbereit.field import Visibility, declaration
from fernbereit.not_known import Gap
from fernbereit.readiness import Result
from fernbereit.tolerance import OpenModel
from fernbereit_server.fleet import Twin
from fernbereit_server.publication.census import PublishedFreshness

VerdictWord = Literal["ready", "limited", "not_ready", "unknown"]


class Answer(BaseModel):
    """Base of every answer: frozen."""

    model_config = ConfigDict(frozen=True)


class DeviceRow(Answer):
    """One line of a list. `code` and `device_id` are None for a device that never reported.

    `ref` opens it: its code, or its label as long as it has none. `verdict` is `unknown` as long as it was
    not judged; `last_blocker` is the one check that alone keeps it from being ready, null if there is none.
    """

    ref: str
    code: str | None
    device_id: str | None
    label: str | None
    unit: str | None
    site: str | None
    kind: str | None
    status: str
    freshness: PublishedFreshness
    verdict: VerdictWord = "unknown"
    last_blocker: str | None = None


class DevicePage(Answer):
    """A part of a list; `next` continues it, None at its end."""

    rows: tuple[DeviceRow, ...]
    next: str | None


class SectionDetail(Answer):
    """The latest look at one section; `facts` only where the outcome is `ok`, null for "asked, not known"."""

    section: str
    outcome: str
    reason: str | None
    observed_days_ago: int
    facts: dict[str, Any] | None


class InTwoLanguages(Answer):
    """The same in German and English."""

    de: str
    en: str


class WaiverDetail(Answer):
    """Why a check need not hold, who agreed, and the last day of it."""

    reason: str
    approver: str
    until: date


class MissingDetail(Answer):
    """Why a check is not known: the fact that is missing, and how that came.

    `decides` tells that it is the fact that decides whether the check applies, not the one it asks about.
    """

    fact: str
    decides: bool
    gap: Gap
    outcome: str | None
    reason: str | None


class CheckDetail(Answer):
    """One check that failed, is waived or not known.

    `observed` is null for "not known", and stays away where it may not be shown for one device. `missing`
    says why a check is not known; then there is no remedy, since nothing is known to be wrong. `expected` is
    in the keywords of JSON Schema, as in the policy. `grace_days` is what the policy grants for this check;
    `grace_days_left` counts the set-up grace of a new laptop as well (`grace_of_new`), is 0 or negative once
    grace is over, and null where nothing fails. `contested_by` holds `owner` and `desk`: who says that this
    is wrong. `code` is what the self-check on the laptop has a caller read out.
    """

    check: str
    code: str
    pillar: str
    essential: bool
    result: Result
    since_days_ago: int
    failing_since_days_ago: int | None
    grace_days: int
    grace_days_left: int | None
    grace_of_new: bool
    fact: str
    observed: Any
    expected: dict[str, Any]
    outcome: str | None
    reason: str | None
    title: InTwoLanguages
    missing: MissingDetail | None
    remedy_staff: InTwoLanguages | None
    remedy_it: InTwoLanguages | None
    grundschutz: tuple[str, ...]
    waiver: WaiverDetail | None
    contested_by: tuple[str, ...]


class ReadinessDetail(Answer):
    """The verdict on one laptop; `low` and `high` are shares of the weights, bounds of the truth.

    `checks` holds what failed, then what is not known, then what is waived; essential ones first.
    """

    verdict: str
    verdict_since_days_ago: int
    compliance: str
    compliance_since_days_ago: int
    low: float
    high: float
    coverage: float
    outdated: bool
    policy_version: int
    judged_days_ago: int
    ready_until: date | None
    passed: int
    not_applicable: int
    checks: tuple[CheckDetail, ...]


class DeviceDetail(DeviceRow):
    """Everything that may be seen of one device; no sections if it never reported.

    `status_reason` is what a person said on retiring it. `twin` tells of other devices with its serial
    number, whose codes are in `same_serial`: `replaced` (set up anew since, under another, and counted there)
    or `conflict` (both go on reporting: counted as one, without a verdict). `readiness` is null as long as it
    was not judged, and while its status or twin forbids it.
    """

    status_reason: str | None = None
    twin: Twin | None = None
    same_serial: tuple[str, ...] = ()
    first_seen_days_ago: int | None
    sections: tuple[SectionDetail, ...]
    readiness: ReadinessDetail | None = None


def visible(facts: OpenModel) -> dict[str, Any]:
    """Return what may be seen of one device: fields declared `Visibility.DEVICE`, nested ones alike."""
    return {
        name: _plain(getattr(facts, name))
        for name, info in type(facts).model_fields.items()
        if declaration(info)[2] is Visibility.DEVICE
    }


def _plain(value: Any) -> Any:
    if isinstance(value, OpenModel):
        return visible(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
