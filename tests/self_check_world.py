"""What does a self-check say of a recorded laptop? By the shipped policy, with a help desk to ask."""

from functools import cache
from importlib.resources import files
from pathlib import Path

import write
from fernbereit.words import Words, read
from fernbereit_agent import recording
from fernbereit_agent.probes import PROBES
from fernbereit_agent.recorded import RecordedHost
from fernbereit_agent.self_check.answer import Answer, answer
from fernbereit_agent.self_check.looking import Checked, check
from fernbereit_agent.settings import DeviceSettings, HelpSettings, Settings
from fernbereit_agent.whereabouts import Whereabouts

CONTACT = "IT-Service, Tel. 115"
DEVICE = "11111111-2222-4333-8444-555555555555"
LAPTOPS = sorted(file.parent.name for file in write.LAPTOPS.glob(f"*/{recording.LAPTOP}"))
NOWHERE = Path("/nonexistent/fernbereit")


@cache
def words(lang: str) -> Words:
    """Return the agent's words."""
    return read(files("fernbereit_agent") / "words", lang)


def whereabouts(name: str, data: Path = NOWHERE) -> Whereabouts:
    """Return what a self-check on this laptop would go by."""
    settings = Settings(
        data=data,
        device=DeviceSettings(id=DEVICE),
        help=HelpSettings(contact=CONTACT),
        probes=recording.read_laptop(write.LAPTOPS / name).settings,
    )
    return Whereabouts(settings=settings, remembers=True)


@cache
def checked(name: str) -> Checked:
    """Return what was checked on a recorded laptop."""
    host = RecordedHost(recording.read_laptop(write.LAPTOPS / name))
    return check(whereabouts(name), host, PROBES, lambda _done, _of, _section: None)


@cache
def told(name: str, lang: str) -> Answer:
    """Return the answer for a recorded laptop."""
    return answer(checked(name), words(lang))
