"""How do tests look at files as another user? Root, who may read everything, is nobody for a while."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

NOBODY = 65_534


@contextmanager
def somebody_else() -> Iterator[None]:
    """Be another user for a while; whoever is not root stays who they are."""
    if sys.platform == "win32" or os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
