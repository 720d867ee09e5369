"""What can be typed? `fernbereit-agent` and one of its commands, in German or English.

Exit codes: 0 done, 1 did not succeed, 2 wrong settings or wrong call. Every command imports what it needs
itself, so that help and mistakes answer at once.
"""

import argparse
import json
import locale
import logging
import os
import sys
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn

from fernbereit import __version__
from fernbereit.words import LANGUAGES, Words, read
from fernbereit_agent.errors import AgentError, ContestError, SettingsError
from fernbereit_agent.log_bound import LogBound
from fernbereit_agent.settings import SYSTEM_FILE, Settings
from fernbereit_agent.settings_sources import load_settings
from fernbereit_agent.whereabouts import Whereabouts, find

DONE, FAILED, WRONG = 0, 1, 2
ONCE_S = 60.0
PROGRAM = "fernbereit-agent"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    words = read(files("fernbereit_agent") / "words", _language(given))
    options = _parser(words).parse_args(given)
    try:
        printed = options.command == "once" and options.print
        owners = _once_printed if printed else _OWNERS.get(options.command)
        if owners is not None:
            found = find(options.settings, options.data, os.environ, words.lang)
            return owners(found, options, words)
        loaded = load_settings(options.settings, environment=os.environ, data=options.data, lang=words.lang)
        options.loaded = loaded
        return _COMMANDS[options.command](loaded.settings, options, words)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG
    except ContestError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG if error.wrong_call else FAILED
    except AgentError as error:
        sys.stderr.write(f"{words('cli.error')}: {error}\n")
        return FAILED


def _run(settings: Settings, options: argparse.Namespace, _words: Words) -> int:
    _log(logging.INFO)
    from fernbereit_agent.host import LocalHost
    from fernbereit_agent.identity import device_id
    from fernbereit_agent.probes import probes_for
    from fernbereit_agent.resident import Resident

    resident = Resident(
        settings=settings, device_id=device_id(settings), host=LocalHost(), probes=probes_for(settings.probes)
    )
    if sys.platform == "win32" and options.service:
        from fernbereit_agent import windows_service

        windows_service.follow(stop=resident.stop, woken=resident.wake)
    resident.run()
    return DONE


def _once(settings: Settings, _options: argparse.Namespace, words: Words) -> int:
    _log(logging.WARNING)
    from fernbereit_agent.host import LocalHost
    from fernbereit_agent.identity import device_id
    from fernbereit_agent.probes import PROBES
    from fernbereit_agent.resident import Resident

    agent = Resident(settings=settings, device_id=device_id(settings), host=LocalHost(), probes=PROBES)
    ended = agent.deliver_now(ONCE_S)
    broker, delivered = settings.broker, ended.how == "delivered"
    told = words(
        f"once.{ended.how}", seconds=f"{ONCE_S:g}", host=broker.host, port=broker.port, reason=ended.reason
    )
    (sys.stdout if delivered else sys.stderr).write(told + "\n")
    return DONE if delivered else FAILED


def _once_printed(found: Whereabouts, _options: argparse.Namespace, words: Words) -> int:
    _log(logging.WARNING)
    from fernbereit_agent.clock import SystemClock
    from fernbereit_agent.host import LocalHost
    from fernbereit_agent.probes import PROBES
    from fernbereit_agent.readiness import SECTION, OwnReadiness
    from fernbereit_agent.report import Look, make_record
    from fernbereit_agent.runner import Runner

    for note in found.notes:
        sys.stderr.write(f"{words(f'self_check.note.{note}')}\n")
    clock, host = SystemClock(), LocalHost()
    own = OwnReadiness(found.settings)
    runner = Runner(host=host, settings=own.probing, monotonic=clock.monotonic)
    looks = {probe.section: Look(runner.observe(probe), clock.monotonic()) for probe in PROBES}
    now, today = clock.monotonic(), host.today()
    looks[SECTION] = own.look(looks, now=now, today=today, remember=False)
    record = make_record(looks, {}, clock.monotonic()).record
    sys.stdout.write(json.dumps(json.loads(record.encode()), indent=2, ensure_ascii=False) + "\n")
    return DONE


def _self_check(found: Whereabouts, options: argparse.Namespace, words: Words) -> int:
    _log(logging.ERROR)
    from fernbereit_agent.self_check import command

    if options.open and not options.html:
        sys.stderr.write(f"{words('cli.self-check.open_alone', example=_EXAMPLES['self-check'])}\n")
        return WRONG
    return command.run(
        found, words, html=options.html, browser=options.open, as_json=options.json, send=options.send
    )


def _manifest(found: Whereabouts, options: argparse.Namespace, words: Words) -> int:
    from fernbereit_agent import manifest

    sent = manifest.last_sent(found.settings.data)
    if options.html:
        from fernbereit_agent.self_check.manifest_page import manifest_page

        sys.stdout.write(manifest_page(words, sent))
        return DONE
    tell = manifest.as_json if options.json else manifest.as_text
    sys.stdout.write(tell(words.lang, sent).rstrip("\n") + "\n")
    return DONE


def _contest(found: Whereabouts, options: argparse.Namespace, words: Words) -> int:
    _log(logging.ERROR)
    from fernbereit_agent.contesting import Contesting

    contesting = Contesting(found.settings, words)
    if options.check is None:
        told = contesting.failing()
    else:
        told = (contesting.withdraw if options.withdraw else contesting.contest)(options.check)
    sys.stdout.write(f"{told}\n")
    return DONE


def _record(settings: Settings, options: argparse.Namespace, words: Words) -> int:
    _log(logging.WARNING)
    from fernbereit_agent.recording import record

    try:
        written = record(options.folder, settings.probes)
    except OSError as error:
        sys.stderr.write(f"{words('cli.error')}: {options.folder}: {error.strerror}\n")
        return FAILED
    for file in written:
        sys.stdout.write(f"{file}\n")
    return DONE


def _settings(_used: Settings, options: argparse.Namespace, words: Words) -> int:
    from fernbereit_agent import settings_shown

    as_json, loaded = options.json, options.loaded
    sys.stdout.write(
        settings_shown.as_json(loaded) if as_json else settings_shown.as_text(loaded, words.lang)
    )
    return DONE


_Command = Callable[[Settings, argparse.Namespace, Words], int]
_COMMANDS: dict[str, _Command] = {
    "run": _run,
    "once": _once,
    "record": _record,
    "settings": _settings,
}
_OWNERS: dict[str, Callable[[Whereabouts, argparse.Namespace, Words], int]] = {
    "self-check": _self_check,
    "manifest": _manifest,
    "contest": _contest,
}
"""Commands for whoever works on the laptop, who need not be able to read what belongs to its service."""
_SWITCHES = (
    ("self-check", "html", "cli.self-check.html"),
    ("self-check", "open", "cli.self-check.open"),
    ("self-check", "json", "cli.json"),
    ("self-check", "send", "cli.self-check.send"),
    ("manifest", "html", "cli.manifest.html"),
    ("manifest", "json", "cli.json"),
    ("contest", "withdraw", "cli.contest.withdraw"),
    ("once", "print", "cli.once.print"),
    ("settings", "json", "cli.json"),
)
_EXAMPLES = {
    "self-check": f"{PROGRAM} self-check --html --open",
    "run": f"{PROGRAM} run --settings agent.toml",
    "once": f"{PROGRAM} once --print",
    "manifest": f"{PROGRAM} manifest --lang de",
    "contest": f"{PROGRAM} contest disk_encryption",
    "record": f"{PROGRAM} record laptop-1",
    "settings": f"{PROGRAM} settings",
}


def _parser(words: Words) -> argparse.ArgumentParser:
    class Parser(argparse.ArgumentParser):
        """A parser that speaks the chosen language."""

        def __init__(self, **given: Any) -> None:
            super().__init__(
                **given, add_help=False, allow_abbrev=False, formatter_class=argparse.RawTextHelpFormatter
            )
            self._positionals.title = words("cli.arguments")
            self._optionals.title = words("cli.options")
            self.add_argument("-h", "--help", action="help", help=words("cli.help"))

        def format_help(self) -> str:
            return super().format_help().replace("usage: ", words("cli.usage"), 1)

        def format_usage(self) -> str:
            return super().format_usage().replace("usage: ", words("cli.usage"), 1)

        def error(self, message: str) -> NoReturn:
            self.exit(WRONG, f"{self.format_usage()}{words('cli.wrong')}: {message}\n")

    def common(parser: argparse.ArgumentParser) -> None:
        unset = argparse.SUPPRESS if parser is not top else None
        where = words("cli.settings_file", file=SYSTEM_FILE)
        parser.add_argument("--settings", type=Path, metavar=words("cli.file"), default=unset, help=where)
        parser.add_argument(
            "--data", type=Path, metavar=words("cli.folder"), default=unset, help=words("cli.data")
        )
        parser.add_argument("--lang", choices=LANGUAGES, default=unset, help=words("cli.lang"))

    top = Parser(prog=PROGRAM, description=words("cli.about"), epilog=_epilog(words, "once"))
    top.add_argument("--version", action="version", version=__version__, help=words("cli.version"))
    common(top)
    commands = top.add_subparsers(
        dest="command", required=True, metavar="|".join((*_OWNERS, *_COMMANDS)), title=words("cli.commands")
    )
    parsers = {}
    for name in (*_OWNERS, *_COMMANDS):
        about = words(f"cli.{name}")
        parsers[name] = commands.add_parser(name, help=about, description=about, epilog=_epilog(words, name))
        common(parsers[name])
    if sys.platform == "win32":
        parsers["run"].add_argument("--service", action="store_true", help=argparse.SUPPRESS)
    for name, switch, key in _SWITCHES:
        parsers[name].add_argument(f"--{switch}", action="store_true", help=words(key))
    parsers["contest"].add_argument(
        "check", nargs="?", metavar=words("cli.check"), help=words("cli.contest.check")
    )
    parsers["record"].add_argument(
        "folder", type=Path, metavar=words("cli.folder"), help=words("cli.record.folder")
    )
    return top


def _epilog(words: Words, command: str) -> str:
    key = "cli.self-check.examples" if command == "self-check" else "cli.examples"
    return words(key, example=_EXAMPLES[command])


def _language(arguments: Sequence[str]) -> str:
    """Return the language asked for, else German where the system speaks it, else English."""
    for number, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            chosen = value or "".join(arguments[number + 1 : number + 2])
            if chosen in LANGUAGES:
                return chosen
    spoken = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    system = next((word for word in spoken if word), None) or locale.getlocale()[0] or ""
    return "de" if system.lower().startswith(("de", "german")) else "en"


def _log(level: int) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(LogBound())
    logging.basicConfig(level=level, handlers=[handler], format="%(message)s")
