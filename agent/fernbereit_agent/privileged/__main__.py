"""How is the helper started? `fernbereit-agent-privileged`, as root or SYSTEM, without arguments.

Exit codes: 0 written, or `--help` told; 1 not written; 2 called with arguments.
"""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from fernbereit.tolerance import OpenModel
from fernbereit_agent.errors import ProbeError
from fernbereit_agent.privileged import facts_file, trust

DONE, FAILED, WRONG = 0, 1, 2
HELP = """\
Usage: fernbereit-agent-privileged

Reads what only root or SYSTEM can read, on Linux the health of the drives, and writes it to
  {file}
for the agent, which has no rights. Takes no arguments and opens no network connection. A timer runs it once
a day where an administrator switched it on.

Exit codes: 0 written, 1 not written, 2 called with arguments.
"""


def main() -> None:
    """Read, write, end."""
    if sys.argv[1:] in (["--help"], ["-h"]):
        sys.stdout.write(HELP.format(file=facts_file.folder() / facts_file.NAME))
        return
    if sys.argv[1:]:
        _end(WRONG, "fernbereit-agent-privileged takes no arguments")
    try:
        write(facts_file.folder(), facts_file.written(datetime.now(tz=UTC).date(), _reader()()))
    except trust.Untrusted:
        _end(FAILED, f"{facts_file.folder()}: somebody without special rights may write there; remove it")
    except (OSError, ProbeError) as error:
        _end(FAILED, f"nothing was written: {error}")


def _end(code: int, text: str) -> NoReturn:
    if sys.stderr is not None:  # a scheduled task of Windows has none
        sys.stderr.write(f"{text}\n")
    sys.exit(code)


def write(folder: Path, content: bytes) -> None:
    """Replace the file in one step by one that all may read; raises `Untrusted` or `OSError`."""
    if sys.platform == "win32":
        from fernbereit_agent.privileged.trust_windows import make_folder

        make_folder(folder)
    elif not folder.exists():
        folder.mkdir(mode=0o755)
        folder.chmod(0o755)
    trust.check_folder(folder)
    scratch = folder / f".{facts_file.NAME}.new"
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(descriptor, "wb") as file:
        if sys.platform != "win32":
            os.fchmod(descriptor, 0o644)
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    scratch.replace(folder / facts_file.NAME)


def _reader() -> Callable[[], dict[str, OpenModel]]:
    if sys.platform == "win32":
        from fernbereit_agent.privileged import facts_windows

        return facts_windows.read
    if sys.platform == "darwin":
        from fernbereit_agent.privileged import facts_macos

        return facts_macos.read
    from fernbereit_agent.privileged import facts_linux

    return facts_linux.read


if __name__ == "__main__":
    main()
