"""Is everything that is generated up to date? `python tests/write.py` writes it, `--check` only compares.

A generator is a function that returns texts by path below the repository; it stands in `GENERATORS`. What one
writes another may read, at the latest when it is imported: after it wrote something the program starts anew,
until nothing changes.
"""

import argparse
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from check_code_table import code_table
from faulty_files import with_messages as _faults
from fernbereit import schema
from fernbereit.policy import SHIPPED, as_json
from fernbereit_agent import manifest, recording
from fernbereit_agent import settings as agent_settings
from fernbereit_dashboards import build
from fernbereit_server import settings as collector_settings
from fernbereit_server.organisation import schema as organisation_schema
from fernbereit_server.policies.file import read_policy_file
from judged_laptops import SOURCE
from judged_laptops import golden as _judged
from management_templates import render as _management
from probe_table import probe_table
from small_fleet import golden as _metrics
from word_files import missing

ROOT = Path(__file__).resolve().parent.parent
LAPTOPS = ROOT / "tests" / "laptops"
Generator = Callable[[], Mapping[str, str]]


def _schemas() -> Mapping[str, str]:
    shared = {f"agent/fernbereit/schema/{name}": text for name, text in schema.render().items()}
    place = f"server/fernbereit_server/organisation/{organisation_schema.FILE}"
    return {**shared, place: organisation_schema.render()}


def _fields() -> Mapping[str, str]:
    return {"docs/privacy/fields.md": manifest.document()}


def _samples() -> Mapping[str, str]:
    return {
        "deploy/agent.toml": agent_settings.sample_file(),
        "deploy/collector.toml": collector_settings.sample_file(),
    }


def _policy() -> Mapping[str, str]:
    text = json.dumps(as_json(read_policy_file(SOURCE).policy), indent=1, ensure_ascii=False) + "\n"
    return {f"agent/fernbereit/{SHIPPED}": text}


def _laptops() -> Mapping[str, str]:
    folders = sorted(file.parent for file in LAPTOPS.glob(f"*/{recording.LAPTOP}"))
    return {
        (folder / recording.EXPECTED).relative_to(ROOT).as_posix(): recording.expectations(
            recording.read_laptop(folder)
        )
        for folder in folders
    }


def _evaluations() -> Mapping[str, str]:
    return {
        path.replace(recording.EXPECTED, "evaluation.json"): _judged(expectations)
        for path, expectations in _laptops().items()
    }


def _agent_readme() -> Mapping[str, str]:
    path = "agent/README.md"
    begin, end = "<!-- probes -->", "<!-- end of probes -->"
    before, _, rest = (ROOT / path).read_text(encoding="utf-8").partition(begin)
    return {path: f"{before}{begin}\n{probe_table()}\n{end}{rest.partition(end)[2]}"}


def _check_codes() -> Mapping[str, str]:
    return {"docs/operations/self-check-codes.md": code_table()}


def _boards() -> Mapping[str, str]:
    return {f"dashboards/generated/{path}": text for path, text in build.render().items()}


GENERATORS: tuple[Generator, ...] = (
    _schemas,
    _policy,
    _fields,
    _samples,
    _management,
    _laptops,
    _evaluations,
    _metrics,
    _boards,
    _agent_readme,
    _check_codes,
    _faults,
)
MOST_RUNS = 4


def generated() -> dict[str, str]:
    """Return every generated text by path below the repository."""
    return {path: text for generator in GENERATORS for path, text in generator().items()}


def stale() -> tuple[str, ...]:
    """Return the paths whose text in the repository is not what its generator returns."""
    return tuple(path for path, text in generated().items() if _now(path) != text)


@contextmanager
def _replaying() -> Iterator[None]:
    """Keep the runner silent: what fails on a recorded laptop is meant to, and stands in its expectations."""
    runner = logging.getLogger("fernbereit_agent.runner")
    before, runner.disabled = runner.disabled, True
    try:
        yield
    finally:
        runner.disabled = before


def _now(path: str) -> str | None:
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.exists() else None


def main(arguments: list[str]) -> int:
    """Write what is stale, or with `--check` name it and return 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is out of date")
    parser.add_argument("--runs", type=int, default=MOST_RUNS, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if untold := tuple(missing()):
        return _stopped(*untold)
    try:
        with _replaying():
            texts = generated()
    except KeyError as error:
        if " " not in str(error.args[0]):
            raise  # a bare key is a fault of the program; a sentence was written for whoever forgot a word
        return _stopped(error.args[0])
    old = tuple(path for path, text in texts.items() if _now(path) != text)
    if chosen.check:
        return _stopped(*(f"out of date: {path}" for path in old), "run make write") if old else 0
    if old and not chosen.runs:
        return _stopped(*(f"{path} changes with every run: its generator has no fixed text" for path in old))
    for path in old:
        sys.stdout.write(f"wrote: {path}\n")
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(texts[path], encoding="utf-8", newline="\n")
    sys.stdout.flush()
    again = [sys.executable, __file__, "--runs", str(chosen.runs - 1)]
    return subprocess.run(again, check=False).returncode if old else 0


def _stopped(*lines: str) -> int:
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
