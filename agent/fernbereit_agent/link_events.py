"""What does the link tell of what happens on the wire?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Connected:
    """Both topics are subscribed: envelopes may be sent on this connection."""

    connection: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The collector's answer, as it came."""

    connection: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class PolicyArrived:
    """Something came on the topic of the policy; nobody has looked at it yet."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection is gone; whether what was sent on it arrived is not known."""

    connection: int


@dataclass(frozen=True, slots=True)
class Failed:
    """An attempt ended before anything could be sent; `refused` says that nobody listens there."""

    reason: str
    refused: bool


Event = Connected | Answered | PolicyArrived | Lost | Failed
