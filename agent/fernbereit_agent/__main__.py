"""How is the agent started? `fernbereit-agent` or `python -m fernbereit_agent`."""

import io
import os
import sys

FAILED = 1


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.platform == "win32" and sys.argv[1:3] == ["run", "--service"]:
        from fernbereit_agent.windows_service import serve

        sys.exit(serve(_command_line))
    if sys.platform == "win32" and sys.argv[1:2] == ["service"]:
        from fernbereit_agent.windows_service_setup import setup

        sys.exit(setup(sys.argv[2:]))
    if sys.platform == "win32":
        _give_streams()
    try:
        code = _command_line()
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FAILED
    except KeyboardInterrupt:
        code = FAILED
    sys.exit(code)


def _give_streams() -> None:
    """Give the menu entry, which has no console, somewhere to write, and files any character."""
    if sys.stdout is None or sys.stderr is None:
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8")


def _command_line() -> int:
    """Import everything only now: the service manager of Windows waits for a word before that."""
    from fernbereit_agent.cli import main as command_line

    return command_line()


if __name__ == "__main__":
    main()
