"""How is the agent started? `fernbereit-agent` or `python -m fernbereit_agent`."""

import os
import sys

from fernbereit_agent.cli import FAILED
from fernbereit_agent.cli import main as command_line


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        code = command_line()
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FAILED
    except KeyboardInterrupt:
        code = FAILED
    sys.exit(code)


if __name__ == "__main__":
    main()
