"""What does a failed look at a file mean to a probe?"""

from collections.abc import Iterator
from contextlib import contextmanager

from fernbereit_agent.errors import Denied, NotHere, Unreadable


@contextmanager
def file_errors() -> Iterator[None]:
    """Turn the errors of the system into `NotHere`, `Denied` and `Unreadable`."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise NotHere(detail=str(error.filename)) from None
    except PermissionError as error:
        raise Denied(detail=str(error.filename)) from None
    except OSError as error:
        raise Unreadable(detail=f"{error.filename}: {error.strerror}") from None
