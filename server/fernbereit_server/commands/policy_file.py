"""How does a command read a policy file, and how are its faults told?"""

from pathlib import Path
from typing import Any

import typer

from fernbereit.words import Words
from fernbereit_server.policies.file import Fault, FaultyPolicyError, PolicySource, read_policy_file
from fernbereit_server.yaml_lines import YAML_FAULTS

WRONG = 2


def read_policy(file: Path, say: Words) -> PolicySource:
    """Read a policy file; raises `FaultyPolicyError`, and ends the command if there is nothing to read."""
    try:
        return read_policy_file(file)
    except OSError as error:
        typer.echo(say("file.unreadable", file=file, reason=error.strerror), err=True)
        raise typer.Exit(WRONG) from None


def read_sound(file: Path, say: Words) -> PolicySource:
    """Read a policy file, or tell its faults and end the command."""
    try:
        return read_policy(file, say)
    except FaultyPolicyError as faulty:
        typer.echo(told(file, faulty, say), err=True)
        raise typer.Exit(WRONG) from None


def told(file: Path, faulty: FaultyPolicyError, say: Words) -> str:
    """Return a heading and one line a fault: file, line, field, what is wrong, suggestion, example."""
    lines = [say("policy.faults", file=file)]
    for fault in faulty.faults:
        place = say("policy.place", file=file, line=fault.line) + (f", {fault.field}" if fault.field else "")
        said = as_json(fault, say)
        parts = [f"{place}: {said['problem']}"]
        if fault.suggestion is not None:
            parts.append(say("policy.suggestion", word=fault.suggestion))
        if fault.example is not None:
            parts.append(say("file.example", example=fault.example))
        lines.append(" ".join(parts))
    return "\n".join(lines)


def problem(fault: Fault, say: Words) -> str:
    """Return the sentence about a fault; what no YAML file may hold is told as of every file."""
    family = "file" if fault.word in YAML_FAULTS else "policy"
    return say(f"{family}.fault.{fault.word}", **fault.values)


def as_json(fault: Fault, say: Words) -> dict[str, Any]:
    """Return a fault as scripts read it."""
    return {
        "line": fault.line,
        "field": fault.field,
        "problem": problem(fault, say),
        "suggestion": fault.suggestion,
        "example": fault.example,
    }
