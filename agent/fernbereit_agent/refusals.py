"""Which exception does a recorded refusal stand for?"""

from collections.abc import Callable, Mapping

from fernbereit_agent.errors import Denied, NotHere, ProbeError, TimedOut, Unreadable, Unsupported
from fernbereit_agent.laptop import Closed, No

_SHUT: Mapping[Closed, Callable[..., ProbeError]] = {
    "absent": NotHere,
    "denied": Denied,
    "timeout": TimedOut,
    "failed": Unreadable,
    "unsupported": Unsupported,
}


def shut(answer: No) -> ProbeError:
    """Return the exception a recorded refusal stands for."""
    kind = _SHUT[answer.no]
    return kind(answer.reason) if answer.reason is not None else kind()
