"""How is a faulty file told to the person who brought it? One line a fault."""

from collections.abc import Iterable
from pathlib import Path

from fernbereit.words import Words
from fernbereit_server.organisation.faults import Fault


def told(file: Path, faults: Iterable[Fault], say: Words) -> str:
    """Return a heading, and per fault file, line, field, what was expected, an example, a suggestion."""
    return "\n".join([say("file.faults", file=file), *(_line(file, fault, say) for fault in faults)])


def _line(file: Path, fault: Fault, say: Words) -> str:
    values = {"expected": "", **fault.values}
    if fault.kind:
        values["expected"] = say(f"file.kind.{fault.kind}", **values)
    text = say(f"file.fault.{fault.word}", **values)
    if fault.suggestion:
        text += " " + say("file.suggestion", word=fault.suggestion)
    if fault.example:
        text += " " + say("file.example", example=fault.example)
    field = f"{fault.field}: " if fault.field else ""
    return say("file.line", file=file, line=fault.line, field=field, text=text)
