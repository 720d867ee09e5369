"""What can go wrong in the agent, and what does the runner make of it?

AgentError
├── SettingsError       the settings cannot be used; nothing is started
├── OutboxError         the outbox cannot be written (full or read-only disk)
├── ContestError        a result cannot be contested, or a contest not withdrawn
└── ProbeError          a section has no facts; carries outcome and reason
    ├── NotHere         absent: the thing does not exist on this machine
    ├── Unsupported     this agent cannot read it on this system
    ├── Denied          the right is missing
    ├── Unreadable      an answer came that this version does not understand
    └── TimedOut        no answer before the deadline
"""

from typing import ClassVar

from fernbereit.record import Outcome, Reason


class AgentError(Exception):
    """Base of everything the agent raises itself."""


class SettingsError(AgentError):
    """The settings cannot be used; the message names file, key, line, what was expected and an example."""


class OutboxError(AgentError):
    """The outbox could not be written; nothing acknowledged is touched."""


class ContestError(AgentError):
    """The message says why in the words of the owner; `wrong_call` that the name was no name of a check."""

    def __init__(self, message: str, *, wrong_call: bool = False) -> None:
        super().__init__(message)
        self.wrong_call = wrong_call


class ProbeError(AgentError):
    """A section has no facts; `reason` says why in one bounded word."""

    outcome: ClassVar[Outcome] = Outcome.FAILED

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(detail or reason.value)
        self.reason = reason


class NotHere(ProbeError):  # noqa: N818 - an answer, not an accident
    """The thing does not exist on this machine."""

    outcome = Outcome.ABSENT

    def __init__(self, reason: Reason = Reason.NO_HARDWARE, detail: str = "") -> None:
        super().__init__(reason, detail)


class Unsupported(ProbeError):  # noqa: N818
    """This agent cannot read the section on this system."""

    outcome = Outcome.UNSUPPORTED

    def __init__(self, reason: Reason = Reason.NOT_IMPLEMENTED, detail: str = "") -> None:
        super().__init__(reason, detail)


class Denied(ProbeError):  # noqa: N818
    """The right to read it is missing."""

    outcome = Outcome.DENIED

    def __init__(self, reason: Reason = Reason.ACCESS_DENIED, detail: str = "") -> None:
        super().__init__(reason, detail)


class Unreadable(ProbeError):  # noqa: N818
    """An answer came that this version does not understand; `detail` stays on the laptop."""

    def __init__(self, reason: Reason = Reason.UNREADABLE_ANSWER, detail: str = "") -> None:
        super().__init__(reason, detail)


class TimedOut(ProbeError):  # noqa: N818
    """No answer came before the deadline."""

    outcome = Outcome.TIMEOUT

    def __init__(self, reason: Reason = Reason.DEADLINE, detail: str = "") -> None:
        super().__init__(reason, detail)
