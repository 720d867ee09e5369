"""What does a person see while the demonstration starts, runs and is checked?"""

import shlex
import shutil
import sys
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from fernbereit.words import Words
from fernbereit.words import load as shared_words
from fernbereit_server.console.formatting import number
from fernbereit_server.demo.files import draft_file, settings_file
from fernbereit_server.demo.running import Demonstration, Missing
from fernbereit_server.metrics.families.devices import DEVICES
from fernbereit_server.metrics.families.protection import ENCRYPTION
from fernbereit_server.metrics.families.readiness import VERDICT
from fernbereit_server.metrics.families.remote_access import VPN_CLIENT
from fernbereit_server.outlook import NothingPublishedError
from fernbereit_server.publication.cells import Page
from fernbereit_server.publication.groups import WHOLE_FLEET
from fernbereit_server.resilience.result import Bounds

NAMES_SHOWN = 8
STEPS = ("store", "history", "collector", "laptops", "computer", "judged")
_COLUMNS = (
    ("check.devices", DEVICES.key, ""),
    ("check.ready", VERDICT.key, "ready"),
    ("check.encrypted", ENCRYPTION.key, "encrypted"),
    ("check.vpn", VPN_CLIENT.key, "yes"),
)


class Bars:
    """A bar for each step; called as the demonstration's `Progress`."""

    def __init__(self, console: Console, words: Words) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._tasks: dict[str, TaskID] = {
            step: self._progress.add_task(words(f"step.{step}"), start=False, total=None) for step in STEPS
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress.live.is_started:
            self._progress.stop()

    def __call__(self, step: str, done: int, of: int) -> None:
        """Move the bar of one step; the first time, show them all: what could not begin shows none."""
        self._progress.start()
        task = self._tasks[step]
        if not self._progress.tasks[task].started:
            self._progress.start_task(task)
        self._progress.update(task, completed=done, total=of)


def introduction(running: Demonstration, words: Words) -> str:
    """Say what is invented, and that the clock runs fast."""
    return words("constructed", devices=len(running.authority.devices))


def addresses(running: Demonstration, words: Words) -> Table:
    """List where to look."""
    table = Table.grid(padding=(0, 2))
    own = f"{running.address}/devices/{running.own_code}"
    for name, address in (
        ("console", f"{running.address}/"),
        ("resilience", f"{running.address}/resilience"),
        ("computer", own),
        ("metrics", f"{running.address}/metrics"),
        ("openapi", f"{running.address}/openapi.json"),
        ("broker", f"mqtt://127.0.0.1:{running.plan.broker_port}"),
    ):
        table.add_row(words(f"address.{name}"), address)
    return table


def program(typed: str, found: str | None) -> str:
    """Return how to start this program again: as it was `typed`, unless the shell would find the same one.

    >>> program(".venv/bin/fernbereit", None), program("/usr/bin/fernbereit", "/usr/bin/fernbereit")
    ('.venv/bin/fernbereit', 'fernbereit')
    """
    path = Path(typed)
    by_name = path.stem != "fernbereit" or (found is not None and Path(found).absolute() == path.absolute())
    return "fernbereit" if by_name else shlex.quote(typed)


def commands(running: Demonstration) -> tuple[str, ...]:
    """Return commands to try beside it; they read what the demonstration writes."""
    folder = running.folder.path
    settings = f"--settings {shlex.quote(str(settings_file(folder)))}"
    this = program(sys.argv[0], shutil.which("fernbereit"))
    return (
        f"{this} drill {settings}",
        f'{this} drill "gateway lost" {settings}',
        f"{this} change {settings}",
        f"{this} plan --budget 100000 {settings}",
        f"{this} policy dry-run {shlex.quote(str(draft_file(folder)))} {settings}",
    )


def if_the_office_closes(running: Demonstration, words: Words) -> str:
    """Say how many could work if the office closed tomorrow, and what stops the others."""
    try:
        result = running.outlook.drill().result
    except NothingPublishedError:
        return words("drill.too_few", k=running.collector.settings.publication.k)
    text = words("drill.able", able=_people(result.able, words), suitable=number(result.suitable, words))
    names = ", ".join(result.binding.names)
    return f"{text} {words('drill.binding', names=names)}" if names else text


def _people(bounds: Bounds, words: Words) -> str:
    low, high = (number(round(end), words) for end in (bounds.low, bounds.high))
    return low if low == high else words("drill.range", low=low, high=high)


def scrape_entry(running: Demonstration) -> str:
    """Return the entry of prometheus.yml that scrapes the demonstration."""
    return (
        "scrape_configs:\n"
        "  - job_name: fernbereit\n"
        "    scrape_interval: 5s\n"
        "    static_configs:\n"
        f'      - targets: ["127.0.0.1:{running.plan.port}"]'
    )


def published_table(page: Page, words: Words) -> Table:
    """Lay out some published numbers, a unit a line and the fleet last; exact ones are nobody's."""
    counts = {(cell.site, cell.unit, cell.family, cell.word): cell.count for cell in page.cells}
    fleet = (WHOLE_FLEET.site, WHOLE_FLEET.unit)
    table = Table(title=words("check.title", k=page.k), title_justify="left", min_width=60)
    table.add_column(words("check.unit"), no_wrap=True)
    for title, _, _ in _COLUMNS:
        table.add_column(words(title), justify="right")
    site_before = None
    for site, unit in (*sorted({(cell.site, cell.unit) for cell in page.cells} - {fleet}), fleet):
        if site != site_before:
            table.add_section()
            table.add_row(_name(site, words) if site else words("check.fleet"), style="bold")
            site_before = site
        numbers = (counts.get((site, unit, family, word)) for _, family, word in _COLUMNS)
        shown = ("-" if number is None else str(number) for number in numbers)
        table.add_row(f"  {_name(unit, words)}", *shown)
    return table


def _name(place: str, words: Words) -> str:
    """Return the name of a site or unit; those that are no names are said in the reader's language."""
    return words.texts.get(f"place.{place}", place)


def committed(running: Demonstration, words: Words) -> str:
    """Say that everything is in the database, and how reading this computer went."""
    device = running.collector.fleet.devices[running.computer.device_id]
    shared = shared_words(words.lang)
    outcomes = Counter(device.outcomes.values()).most_common()
    reporting = len(running.authority.reporting)
    done = words(
        "check.done",
        laptops=reporting,
        code=running.own_code,
        silent=len(running.authority.devices) - reporting,
    )
    own = words(
        "check.own", outcomes=", ".join(f"{count} {shared(f'outcome.{word}')}" for word, count in outcomes)
    )
    return f"{done}\n{own}"


def ready(seconds: float, words: Words) -> str:
    """Say how long it took, with the separators of the language."""
    return words("ready", seconds=number(seconds, words, 1))


def what_is_missing(running: Demonstration, missing: Missing, seconds: float, words: Words) -> str:
    """Name what is not in the database after so many seconds."""
    lines = [words("check.missing", seconds=f"{seconds:.0f}")]
    if missing.computer:
        lines.append(agent_ended(running, words) or words("check.missing.computer"))
    if missing.laptops:
        names = list(missing.laptops[:NAMES_SHOWN])
        if len(missing.laptops) > NAMES_SHOWN:
            names.append(words("check.more", count=len(missing.laptops) - NAMES_SHOWN))
        lines.append(
            words(
                "check.missing.laptops",
                count=len(missing.laptops),
                of=len(running.authority.reporting),
                names=", ".join(names),
            )
        )
    if missing.unjudged:
        lines.append(words("check.missing.unjudged", count=len(missing.unjudged)))
    log = (running.folder.path / "collector.log").read_text(encoding="utf-8", errors="replace").splitlines()
    state, waiting = running.collector.state, running.laptops.waiting_records()
    lines.append(words("check.missing.state", state=state, waiting=waiting, log=log[-1] if log else "-"))
    return "\n  ".join(lines)


def agent_ended(running: Demonstration, words: Words) -> str | None:
    """Say that this computer's agent ended, and its last words; None while it runs."""
    code = running.computer.ended
    if code is None:
        return None
    return words("check.missing.computer_ended", code=code, words=running.computer.last_words() or "-")
