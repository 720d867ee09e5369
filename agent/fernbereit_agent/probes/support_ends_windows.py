"""Until which day does a build of Windows get security updates that cost nothing?

Source: endoflife.date, snapshot of 2026-08-22, which follows Microsoft's life-cycle pages. What an authority
buys on top (Extended Security Updates for Windows 10 22H2, until 2028-10-10) has to be bought and is added
by the policy's people: a laptop cannot prove its subscription to this program.
"""

from datetime import date
from enum import StrEnum


class Channel(StrEnum):
    """Which of Microsoft's terms an edition falls under."""

    PRO = "pro"
    ENTERPRISE = "enterprise"
    LTSC = "ltsc"
    IOT_LTSC = "iot_ltsc"


SUPPORT_ENDS: dict[int, dict[Channel, date]] = {
    28000: {Channel.PRO: date(2028, 3, 14), Channel.ENTERPRISE: date(2029, 3, 13)},
    26200: {Channel.PRO: date(2027, 10, 12), Channel.ENTERPRISE: date(2028, 10, 10)},
    26100: {
        Channel.PRO: date(2026, 10, 13),
        Channel.ENTERPRISE: date(2027, 10, 12),
        Channel.LTSC: date(2029, 10, 9),
        Channel.IOT_LTSC: date(2034, 10, 10),
    },
    22631: {Channel.PRO: date(2025, 11, 11), Channel.ENTERPRISE: date(2026, 11, 10)},
    22621: {Channel.PRO: date(2024, 10, 8), Channel.ENTERPRISE: date(2025, 10, 14)},
    19045: {Channel.PRO: date(2025, 10, 14), Channel.ENTERPRISE: date(2025, 10, 14)},
    19044: {Channel.LTSC: date(2027, 1, 12), Channel.IOT_LTSC: date(2032, 1, 13)},
}
"""By build number, the only thing about a version that no language and no upgrade changes."""

_ENTERPRISE = ("enterprise", "education", "iotenterprise", "serverrdsh")
_PRO = ("professional", "core", "cloudedition")


def channel_of(edition: str) -> Channel | None:
    """Return the terms of an `EditionID`; None for an edition the table does not know.

    >>> channel_of("EnterpriseS"), channel_of("ProfessionalN"), channel_of("ServerStandard")
    (<Channel.LTSC: 'ltsc'>, <Channel.PRO: 'pro'>, None)
    """
    word = edition.casefold()
    if word in {"enterprises", "enterprisesn"}:
        return Channel.LTSC
    if word in {"iotenterprises", "iotenterprisesk"}:
        return Channel.IOT_LTSC
    if word.startswith(_ENTERPRISE):
        return Channel.ENTERPRISE
    return Channel.PRO if word.startswith(_PRO) else None


def support_end(build: int, edition: str) -> date | None:
    """Return the last day with security updates, None for a build or edition the table does not know.

    >>> support_end(26100, "Professional"), support_end(26100, "EnterpriseS")
    (datetime.date(2026, 10, 13), datetime.date(2029, 10, 9))
    """
    channel = channel_of(edition)
    return SUPPORT_ENDS.get(build, {}).get(channel) if channel else None
