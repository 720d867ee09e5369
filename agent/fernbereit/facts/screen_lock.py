"""Does the screen lock itself? Never: when it was locked."""

from fernbereit.facts.types import Seconds
from fernbereit.field import Purpose, fact
from fernbereit.tolerance import OpenModel


class ScreenLock(OpenModel):
    """The setting that is in force, whoever made it."""

    enabled: bool | None = fact(purpose=Purpose.PROTECTION)
    timeout_s: Seconds | None = fact(purpose=Purpose.PROTECTION)
    asks_password: bool | None = fact(purpose=Purpose.PROTECTION)
