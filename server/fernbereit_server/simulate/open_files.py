"""How many connections may one process hold?"""

import sys

KEPT = 64
"""Open files that are no connections of laptops: libraries, log, terminal."""


def most_connections() -> int:
    """Raise this process's limit of open files as far as it may; return how many connections that allows."""
    if sys.platform == "win32":
        return 1_000_000  # sockets are no files there
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        hard = 1_048_576
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    return max(0, hard - KEPT)
