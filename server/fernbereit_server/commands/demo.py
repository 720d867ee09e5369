"""Show everything at once: `fernbereit demo`."""

import contextlib
import threading
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fernbereit.words import Words
from fernbereit_server.commands.endings import ended_by_signals
from fernbereit_server.commands.language import Lang, choose_language
from fernbereit_server.demo import telling
from fernbereit_server.demo.demonstration import Stopped, demonstration, wait_until
from fernbereit_server.demo.running import Demonstration, Plan
from fernbereit_server.demo.wording import words as demo_words
from fernbereit_server.errors import ServerError, SettingsError
from fernbereit_server.publication.cells import Page

DONE, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130
PATIENCE_S = 90.0
"""Without --check the addresses are shown after this time, whoever is still missing."""


def demo(  # noqa: PLR0913 - one argument an option
    *,
    devices: Annotated[int, typer.Option(min=1, max=5000, help="Devices of the synthetic authority.")] = 300,
    data: Annotated[
        Path | None, typer.Option(help="Folder to keep; default: a temporary one, removed at the end.")
    ] = None,
    port: Annotated[
        int, typer.Option(min=1, max=65_000, help="Port of the console; MQTT takes the next one.")
    ] = 8740,
    seed: Annotated[int, typer.Option(help="The same seed gives the same authority.")] = 1,
    check: Annotated[
        bool, typer.Option("--check", help="Wait until everything is committed, print a summary and end.")
    ] = False,
    within: Annotated[float, typer.Option(min=0.1, max=3600, help="Seconds --check waits at most.")] = 120.0,
    lang: Lang = None,
    log: Annotated[
        Path | None, typer.Option(help="File for every record and answer of the simulated laptops.")
    ] = None,
) -> None:
    """Show this computer's own report beside a synthetic authority, on this computer only.

    Exit codes: 0 ended, or with --check everything is committed; 1 something is missing or could not be
    started; 2 wrong arguments; 130 stopped before it was ready.
    """
    words = demo_words(choose_language(lang))
    console = Console(highlight=False, soft_wrap=True)
    plan = Plan(devices=devices, seed=seed, port=port, data=data, own_label=words("this_computer"), log=log)
    stop = threading.Event()
    with ended_by_signals(stop):
        code = _show(console, words, plan, stop, within if check else None)
    raise typer.Exit(code)


def _show(console: Console, words: Words, plan: Plan, stop: threading.Event, within_s: float | None) -> int:
    began = time.monotonic()
    code = INTERRUPTED
    try:
        with contextlib.ExitStack() as bars:
            progress = bars.enter_context(telling.Bars(console, words))
            with demonstration(plan, progress, stop) as running:
                complete = _wait(running, progress, stop, within_s, began)
                page = running.publish()
                bars.close()
                seconds = time.monotonic() - began
                if within_s is not None:
                    code = _judge(console, words, running, page if complete else None, seconds)
                else:
                    code = DONE
                    _welcome(console, words, running, seconds)
                    if not complete:
                        text = telling.what_is_missing(running, running.missing(), seconds, words)
                        console.print(text, markup=False)
                    _run_on(console, words, running, stop)
    except Stopped:
        with contextlib.suppress(OSError):
            console.print(words("stopped"))
    except ServerError as error:
        console.print(str(error), markup=False)
        return WRONG if isinstance(error, SettingsError) else FAILED
    with contextlib.suppress(OSError):
        kept = words("ended.kept", folder=plan.data) if plan.data else words("ended.clean")
        console.print(kept, markup=False)
    return code


def _wait(
    running: Demonstration,
    progress: telling.Bars,
    stop: threading.Event,
    within_s: float | None,
    began: float,
) -> bool:
    """Return whether everything was committed in time; end early once this computer's agent has ended."""

    def everything_is_there() -> bool:
        missing = running.missing()
        of = len(running.authority.reporting)
        progress("laptops", of - len(missing.laptops), of)
        progress("computer", int(not missing.computer), 1)
        progress("judged", of + 1 - len(missing.laptops) - missing.computer - len(missing.unjudged), of + 1)
        return not missing or (missing.computer and running.computer.ended is not None)

    left = (within_s or PATIENCE_S) - (time.monotonic() - began)
    return wait_until(everything_is_there, stop, left) and not running.missing()


def _judge(console: Console, words: Words, running: Demonstration, page: Page | None, seconds: float) -> int:
    if page is None:
        text = telling.what_is_missing(running, running.missing(), seconds, words)
        console.print(text, markup=False)
        return FAILED
    console.print(telling.published_table(page, words))
    console.print(telling.committed(running, words), markup=False)
    console.print(telling.if_the_office_closes(running, words), markup=False)
    console.print(telling.ready(seconds, words))
    return DONE


def _welcome(console: Console, words: Words, running: Demonstration, seconds: float) -> None:
    console.print(f"\n{telling.ready(seconds, words)} {telling.introduction(running, words)}\n")
    console.print(telling.if_the_office_closes(running, words), markup=False)
    console.print()
    console.print(telling.addresses(running, words))
    console.print(f"\n{words('try')}\n")
    for command in telling.commands(running):
        console.print(f"  {command}", markup=False)
    console.print(f"\n{words('prometheus')}\n")
    console.print(telling.scrape_entry(running), markup=False)
    console.print(f"\n{words('end')}")


def _run_on(console: Console, words: Words, running: Demonstration, stop: threading.Event) -> None:
    """Sleep until somebody ends it; say once if this computer's agent ended."""
    while not stop.wait(1.0):
        ended = telling.agent_ended(running, words)
        if ended:
            console.print(ended, markup=False)
            stop.wait()
