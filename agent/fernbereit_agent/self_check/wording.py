"""Which words do page and terminal share? What this is about, and the commands that do what buttons do."""

from collections.abc import Iterable

from fernbereit.words import Words
from fernbereit_agent.self_check.answer import Answer, Works

PROGRAM = "fernbereit-agent"
ABOUT = "self_check.about.title"
_SENTENCES = ("purpose", "read", "unseen", "kept")


def about_sentences(told: Answer, words: Words) -> tuple[str, ...]:
    """Return five sentences: what for, what is read, what nobody sees, how long it is kept, whom to ask."""
    ask = words("self_check.about.ask")
    if told.contact:
        ask = words("self_check.about.ask_contact", contact=told.contact.rstrip("."))
    return (*(words(f"self_check.about.{name}") for name in _SENTENCES), ask)


def how_many(works: Iterable[Works], words: Words) -> str:
    """Return how much is in order of what is known, and how much is not known: neither good nor bad."""
    every = tuple(works)
    passed, of = sum(len(one.titles) for one in every), sum(one.of for one in every)
    unknown = sum(one.unknown for one in every)
    said = [words("self_check.label.works_of", n=passed, of=of)] if of else []
    said += [words("self_check.label.works_unknown", n=unknown)] if unknown else []
    return ", ".join(said)


def further(told: Answer, words: Words) -> str:
    """Return how many points come after the first ten."""
    amount = "one" if len(told.further) == 1 else "many"
    return words(f"self_check.label.more.{amount}", n=len(told.further))


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
