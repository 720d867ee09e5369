"""Why is there no answer, and what is to be done first?"""

from collections.abc import Sequence
from datetime import date

from fernbereit_server.errors import ServerError


class OutlookError(ServerError):
    """Something is missing that an answer needs; `str()` says what, and the next step."""


class NoOrganisationError(OutlookError):
    """Nobody has said yet who works where."""

    def __init__(self) -> None:
        super().__init__(
            "No organisation is known yet. Next step: fernbereit organisation import FILE "
            "(deploy/organisation.yaml is a sample)."
        )


class NoSuchScenarioError(OutlookError):
    """No scenario has this name; `near` is the one that may be meant."""

    def __init__(self, name: str, known: Sequence[str], near: str | None) -> None:
        self.name, self.known, self.near = name, tuple(known), near
        text = f'There is no scenario "{name}". Known are: {", ".join(known)}.'
        super().__init__(f'{text} Did you mean "{near}"?' if near else text)


class NoPlanError(OutlookError):
    """No plan was found: too many are being worked out, or the solver gave up."""

    def __init__(self) -> None:
        super().__init__(
            "No plan was found: several others are being worked out, or the search took too long. "
            "Next step: ask again in a minute, or for another budget or target."
        )


class NothingPublishedError(OutlookError):
    """Nothing was published that could be drilled, at all or by that day; `first` is the first day since."""

    def __init__(self, as_of: date | None = None, first: date | None = None) -> None:
        self.as_of, self.first = as_of, first
        if as_of is None or first is None:
            text = (
                "No readiness was published yet: fewer devices are known than the smallest group, or the "
                "collector has not counted since it judges. Next step: fernbereit serve, and wait for a tick."
            )
        else:
            text = f"Nothing was published by {as_of.isoformat()}; the first day is {first.isoformat()}."
        super().__init__(text)
