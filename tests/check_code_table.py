"""Which code stands for which check of the shipped policy? The page the service desk looks it up on."""

from fernbereit.code import check_codes
from fernbereit.policy import shipped_policy

_HEAD = """# Nummern der Prüfungen · Codes of the checks

Wer mit dem Homeoffice-Check anruft, nennt den Gerätecode und die Nummer eines Punktes. Die Nummer folgt
allein aus dem Namen der Prüfung, sie ist auf allen Geräten und in beiden Sprachen gleich.

Whoever calls with the self-check names the device code and the number of a point. The number follows from the
name of the check alone; it is the same on all devices and in both languages.

| Nummer · Code | Prüfung · check | Deutsch | English |
| --- | --- | --- | --- |"""


def code_table() -> str:
    """Return the page in Markdown, in the order of the codes; what is only counted is never shown there."""
    policy = shipped_policy()
    codes = check_codes(check.id for check in policy.checks)
    rows = sorted(
        f"| {codes[check.id]} | `{check.id}` | {check.title.de} | {check.title.en} |"
        for check in policy.checks
        if check.weight
    )
    return "\n".join([_HEAD, *rows]) + "\n"
