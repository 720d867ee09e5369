"""What does the helper with rights say? Its facts, or in one word why nothing of it is used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from fernbereit.facts.agent import Helper
from fernbereit.tolerance import OpenModel
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.privileged import facts_file, trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Helped:
    """Facts by section and their day; without facts `word` says why. None: nobody looked."""

    word: Helper | None = None
    day: date | None = None
    facts: Mapping[str, OpenModel] = field(default_factory=dict)


def read(today: date, folder: Path | None = None) -> Helped:
    """Read the file of the helper; never raises."""
    try:
        content = trust.read(folder or facts_file.folder(), facts_file.NAME, facts_file.LARGEST)
        file = facts_file.parsed(content)
        facts = file.facts()
    except trust.Untrusted:
        return Helped(word=Helper.UNTRUSTED)
    except FileNotFoundError:
        return Helped(word=Helper.NOT_INSTALLED)
    except (OSError, ProbeError, ValueError, RecursionError):
        return Helped(word=Helper.UNREADABLE)
    if not timedelta(days=-1) <= today - file.day <= facts_file.OLDEST:
        return Helped(word=Helper.OUTDATED)
    return Helped(word=Helper.USED, day=file.day, facts=facts)
