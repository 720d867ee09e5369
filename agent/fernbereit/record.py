"""What does a laptop say in one record?

A record carries the observations that changed since the previous record of the same epoch, and for every
other section only how old its latest observation is; the first record of an epoch carries all. "Asked, not
known" is null, never false and never zero; why a section has no facts is its outcome.
"""

from typing import Annotated, Any, Generic, TypeVar, cast

from pydantic import ConfigDict, Field, ValidationError, create_model

from fernbereit.facts import SECTIONS
from fernbereit.facts.types import Seconds
from fernbereit.tolerance import OpenEnum, OpenModel, Tolerated, counting, drop_unknown_fields

F_co = TypeVar("F_co", bound=OpenModel, covariant=True)


class Outcome(OpenEnum):
    """How an observation ended."""

    OK = "ok"
    ABSENT = "absent"
    """The thing does not exist on this machine: a desktop has no battery."""
    UNSUPPORTED = "unsupported"
    """This agent cannot read it on this system."""
    DENIED = "denied"
    FAILED = "failed"
    TIMEOUT = "timeout"
    OTHER = "other"


class Reason(OpenEnum):
    """Why there are no facts; bounded, so that it can be counted."""

    NO_HARDWARE = "no_hardware"
    NOT_INSTALLED = "not_installed"
    NOT_CONFIGURED = "not_configured"
    ACCESS_DENIED = "access_denied"
    API_MISSING = "api_missing"
    COMMAND_MISSING = "command_missing"
    NEEDS_USER_SESSION = "needs_user_session"
    LOCATION_CONSENT = "location_consent"
    VIRTUAL_MACHINE = "virtual_machine"
    UNREADABLE_ANSWER = "unreadable_answer"
    DEADLINE = "deadline"
    NOT_IMPLEMENTED = "not_implemented"
    INTERNAL_ERROR = "internal_error"
    OTHER = "other"


class Observation(OpenModel, Generic[F_co]):
    """One look at one section. `facts` is set if and only if the outcome is `ok`."""

    outcome: Outcome
    reason: Reason | None = None
    observed_age_s: Seconds = 0.0
    """Seconds between the look and the making of the record, by a clock that counts sleep."""
    facts: F_co | None = None


def observation_of(facts: type[F_co]) -> type[Observation[F_co]]:
    """Return the class of looks whose facts are of a class that is known only while running."""
    return cast("type[Observation[F_co]]", Observation.__class_getitem__(facts))


class _Sections(OpenModel):
    """One optional observation a section, named as in `SECTIONS`."""

    model_config = ConfigDict(extra="allow", frozen=True)

    def present(self) -> dict[str, Observation[OpenModel]]:
        """Return the observations this record carries, by section."""
        return {name: seen for name in SECTIONS if (seen := getattr(self, name)) is not None}


_fields: dict[str, Any] = {name: (Observation[model] | None, None) for name, model in SECTIONS.items()}  # type: ignore[valid-type]
Sections = create_model("Sections", __base__=_Sections, __module__=__name__, **_fields)
"""The model of `Record.sections`, made from `SECTIONS` so that a section is declared once."""

SectionName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class Record(OpenModel):
    """What travels in one line of an envelope."""

    sections: Sections
    unchanged: Annotated[dict[SectionName, Seconds], Field(max_length=64)] = Field(default_factory=dict)
    """Sections looked at but not changed since they were last sent: age of that look in seconds."""
    complete: bool = False
    """Whether `sections` holds every section this agent knows."""

    def encode(self) -> bytes:
        """Write the record as one line of JSON without nulls."""
        return self.model_dump_json(exclude_none=True, exclude_defaults=False).encode()


class RecordError(ValueError):
    """The bytes are no record; `where` names the first faulty field, never its value."""

    def __init__(self, where: str) -> None:
        super().__init__(f"not a record: {where}")
        self.where = where


def decode_record(body: bytes) -> tuple[Record, Tolerated]:
    """Read one record and count what a newer agent said that this version does not know.

    Raises `RecordError`.
    """
    with counting() as tolerated:
        try:
            record = Record.model_validate_json(body)
        except ValidationError as error:
            place = error.errors(include_input=False)[0]["loc"]
            shown = place[:1] if place[:1] == ("unchanged",) else place  # its keys are the sender's own text
            raise RecordError(".".join(map(str, shown)) or "json") from None
    tolerated.fields = drop_unknown_fields(record)
    return record, tolerated
