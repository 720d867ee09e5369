"""What may be told of one device by itself, once a day, where a works agreement allows for it?

Posture only: how a device is equipped, set up and judged. Nothing that tells when, where or how much somebody
works: no freshness, no zone, no tunnel, no time of day, no amount that changes with use. `facts` names what a
gauge is made from; a test holds each of them to the visibility `device`. A state is one number, so that a
device is one line of a diagram; 0 is always "not known". A number stays with its word for ever: new words
are appended.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from fernbereit.facts.readiness import Verdict
from fernbereit.readiness import CompiledPolicy, Result
from fernbereit_server.device import Device
from fernbereit_server.judging.judged import Compliance, Judged
from fernbereit_server.metrics.catalogue import TRAITS
from fernbereit_server.metrics.families.equipment import CHASSIS_TRAIT, CONFERENCING_TRAIT, PLATFORM_TRAIT
from fernbereit_server.metrics.families.protection import (
    ENCRYPTION_TRAIT,
    FIREWALL_TRAIT,
    OS_SUPPORT_TRAIT,
    SECURE_BOOT_TRAIT,
)
from fernbereit_server.metrics.families.remote_access import VPN_CLIENT_TRAIT
from fernbereit_server.metrics.family import NO_SITE, NO_UNIT, UNKNOWN, Trait
from fernbereit_server.metrics.lines import labels
from fernbereit_server.publication.groups import published_name

Row = tuple[str, str]
"""Labels beside the device, each after a comma, and the number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceGauge:
    """One gauge with one line, some, or none for each device."""

    name: str
    help: str
    facts: tuple[str, ...]
    of: Callable[[Device], Iterable[Row]]


VERDICTS = (Verdict.NOT_READY, Verdict.LIMITED, Verdict.READY)
COMPLIANCES = (Compliance.NON_COMPLIANT, Compliance.IN_GRACE, Compliance.COMPLIANT)
"""Facts that are too old count as not known: a word of their own would say for how long a device is off."""
RESULTS = (Result.FAIL, Result.NOT_APPLICABLE, Result.WAIVED, Result.PASS)


def device_gauges(policy: CompiledPolicy) -> tuple[DeviceGauge, ...]:
    """Return everything that is told of one device under a policy."""
    version = policy.policy.version

    def judged(device: Device) -> Judged | None:
        found = device.judged
        return found if found is not None and found.policy_version == version else None

    verdicts, compliances = _numbers(VERDICTS), _numbers(COMPLIANCES)
    return (
        DeviceGauge(
            name="fernbereit_device_info",
            help="A device, where it belongs by the inventory, and what it is.",
            facts=("operating_system.platform", "machine.chassis"),
            of=_info,
        ),
        DeviceGauge(
            name="fernbereit_device_verdict",
            help=_told("Verdict of the collector", VERDICTS),
            facts=(),
            of=lambda device: (("", verdicts.get(found.verdict, "0") if (found := judged(device)) else "0"),),
        ),
        DeviceGauge(
            name="fernbereit_device_compliance",
            help=_told("Whether the device is as the policy wants it", COMPLIANCES),
            facts=(),
            of=lambda device: (
                ("", compliances.get(found.compliance, "0") if (found := judged(device)) else "0"),
            ),
        ),
        _checks(policy, judged),
        DeviceGauge(
            name="fernbereit_device_ready_until_timestamp_seconds",
            help="First day on which a ready device is no longer ready if nothing is done.",
            facts=(),
            of=lambda device: _day(found.ready_until if (found := judged(device)) else None),
        ),
        *(state.gauge for state in STATES),
        DeviceGauge(
            name="fernbereit_device_os_support_end_timestamp_seconds",
            help="Last day on which the maker supports the operating system.",
            facts=("operating_system.support_ends_on",),
            of=_support_end,
        ),
    )


def _numbers(words: tuple[str, ...]) -> dict[str, str]:
    return {word: str(number) for number, word in enumerate(words, 1)}


def _told(text: str, words: tuple[str, ...]) -> str:
    told = ", ".join(f"{number} {word}" for number, word in enumerate((UNKNOWN, *words)))
    return f"{text}: {told}."


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """One trait that is told as the number of its word."""

    trait: Trait
    name: str
    help: str
    facts: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def gauge(self) -> DeviceGauge:
        """Return its gauge."""
        numbers, place = _numbers(self.words), TRAITS.index(self.trait)
        return DeviceGauge(
            name=f"fernbereit_device_{self.name}",
            help=_told(self.help, self.words),
            facts=self.facts,
            of=lambda device: (("", numbers.get(device.words[place] or "", "0")),),
        )


STATES = (
    State(
        trait=ENCRYPTION_TRAIT,
        name="encryption",
        help="Encryption of the system volume",
        facts=("disk_encryption.state",),
        words=("encrypted", "partly", "suspended", "not_encrypted", "third_party", "other"),
    ),
    State(
        trait=FIREWALL_TRAIT,
        name="firewall",
        help="Whether every network profile in use is filtered",
        facts=("firewall.enabled",),
        words=("on", "off"),
    ),
    State(
        trait=SECURE_BOOT_TRAIT,
        name="secure_boot",
        help="Whether the firmware checks what it starts",
        facts=("boot_security.secure_boot",),
        words=("on", "off", "unsupported", "other"),
    ),
    State(
        trait=VPN_CLIENT_TRAIT,
        name="vpn_client",
        help="Whether a known VPN client is installed",
        facts=("remote_access.clients",),
        words=("yes", "no"),
    ),
    State(
        trait=CONFERENCING_TRAIT,
        name="conferencing",
        help="Whether there are both camera and microphone",
        facts=("conferencing.camera", "conferencing.microphone"),
        words=("yes", "no"),
    ),
)
_SUPPORT, _PLATFORM, _CHASSIS = map(TRAITS.index, (OS_SUPPORT_TRAIT, PLATFORM_TRAIT, CHASSIS_TRAIT))


def _checks(policy: CompiledPolicy, judged: Callable[[Device], Judged | None]) -> DeviceGauge:
    """Tell every check that may be told of one device; one that is only counted is not among `judged`."""
    numbers = _numbers(RESULTS)
    tails = [f",{labels(('check',), (check.id,))}" for check in policy.judged]
    unknown = [(tail, "0") for tail in tails]

    def rows(device: Device) -> Iterable[Row]:
        found = judged(device)
        if found is None:
            return unknown
        return [(tail, numbers.get(result, "0")) for tail, result in zip(tails, found.results, strict=True)]

    return DeviceGauge(
        name="fernbereit_device_check",
        help=_told("Result of one check", RESULTS),
        facts=tuple(check.fact for check in policy.judged),
        of=rows,
    )


def _info(device: Device) -> Iterable[Row]:
    names = ("site", "unit", "kind", "platform", "chassis")
    values = (
        published_name(device.site, NO_SITE),
        published_name(device.unit, NO_UNIT),
        device.kind or UNKNOWN,
        device.words[_PLATFORM] or UNKNOWN,
        device.words[_CHASSIS] or UNKNOWN,
    )
    return (("," + labels(names, values), "1"),)


def _support_end(device: Device) -> Iterable[Row]:
    word = device.words[_SUPPORT]
    return _day(date.fromisoformat(word) if word else None)


def _day(day: date | None) -> Iterable[Row]:
    """Tell a day as its first second in UTC, the same for every device."""
    return () if day is None else (("", f"{datetime.combine(day, time(), UTC).timestamp():.0f}"),)
