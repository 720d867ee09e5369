"""Where would a power cut hurt most? Named points at which tests let the process die.

`FERNBEREIT_CRASH_AT=outbox.append:3` kills the process, without any clean-up, the third time it passes
the point `outbox.append`. Unset, a point costs one comparison.
"""

import os

VARIABLE = "FERNBEREIT_CRASH_AT"

_name, _, _count = os.environ.get(VARIABLE, "").partition(":")
_left = int(_count or 1)


def point(name: str) -> None:
    """Die here if the environment says so."""
    global _left  # noqa: PLW0603 - the count lives as long as the process that it ends
    if name != _name:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), 9)  # SIGKILL; Windows ends the process with code 9
