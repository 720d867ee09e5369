"""Is a text plain and formal, so that staff can read it? Lists of words, and where a sentence ends."""

import re

# Words that German has plain words for; whole words or beginnings, in any case.
DENGLISH = re.compile(
    r"\b(account|app|backup|booten|call|check|client|compliance|cloud|device|download|feature|gateway|issue"
    r"|log-?in|log-?out|meeting|monitoring|offline|online|patch|performance|policy|reboot|remote|scan|screen"
    r"|server|setup|sharing|software-?update|support|sync|ticket|token|tool|update|upgrade|upload|user|workflow"
    r"|workspace|workplace|homeoffice|headset|notebook|desktop)\w*",
    re.IGNORECASE,
)
TERMS_OF_ART = re.compile(
    r"\b(bios|bitlocker|filevault|luks|tpm|uefi|secure boot|firmware|vpn|mtu|ipv6|dns|tls|mdm|proxy|driver"
    r"|treiber|signature|signatur|endpoint|enrolment|token|gateway|access point)\w*",
    re.IGNORECASE,
)
FALLEN_UMLAUT = re.compile(r"ae|oe|(?<![aeäq])ue", re.IGNORECASE)
REAL = re.compile(r"aktuell|virtuell|manuell|zuerst|UEFI", re.IGNORECASE)
INFORMAL = re.compile(r"\b(du|dich|dir|dein\w*|bitte nimm)\b", re.IGNORECASE)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [part for part in re.split(r"(?<=[.!?;])\s+", text) if part]
