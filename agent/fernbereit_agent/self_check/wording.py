"""Which words do page and terminal share? What this is about, and the commands that do what buttons do."""

from fernbereit.words import Words
from fernbereit_agent.self_check.answer import Answer

PROGRAM = "fernbereit-agent"
ABOUT = "self_check.about.title"
_SENTENCES = ("purpose", "read", "unseen", "kept")


def about_sentences(told: Answer, words: Words) -> tuple[str, ...]:
    """Return five sentences: what for, what is read, what nobody sees, how long it is kept, whom to ask."""
    ask = words("self_check.about.ask")
    if told.contact:
        ask = words("self_check.about.ask_contact", contact=told.contact.rstrip("."))
    return (*(words(f"self_check.about.{name}") for name in _SENTENCES), ask)


def commands(told: Answer, words: Words) -> tuple[tuple[str, str], ...]:
    """Return what can be done, and the command that does it."""
    can = [(words("self_check.command.check"), f"{PROGRAM} self-check --send")]
    for kind, contested in (("contest", False), ("withdraw", True)):
        point = next((point for point in told.points if point.contested is contested), None)
        if point is not None:
            can.append((words(f"self_check.command.{kind}"), contest_command(point.code, withdraw=contested)))
    can.append((words("self_check.command.manifest"), f"{PROGRAM} manifest"))
    can.append((words("self_check.command.page"), f"{PROGRAM} self-check --html --open"))
    return tuple(can)


def contest_command(code: str, *, withdraw: bool) -> str:
    """Return the command that contests a point, or takes that back."""
    return f"{PROGRAM} contest {code}" + (" --withdraw" if withdraw else "")
