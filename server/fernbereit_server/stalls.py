"""How do threads that count not hold up the loop that takes reports in and answers people?

To look at everything for garbage takes 0.4 seconds with 20,000 devices, and whichever thread does it, all
others stand still. So what is loaded at the start is not looked at again, and nothing is looked for while a
page is counted: that makes many small things which are all given up at its end. And a thread that counts lets
others go on after a millisecond; with Python's five, an answer that needs four turns waits for twenty.
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_TURN_S = 0.001


def settle() -> None:
    """Begin to serve; to be called once in a process, when everything is loaded."""
    sys.setswitchinterval(_TURN_S)
    gc.collect()
    gc.freeze()


@contextmanager
def none_looked_for() -> Iterator[None]:
    """Look for no garbage within; in one place at a time only, since it holds for all threads."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()
