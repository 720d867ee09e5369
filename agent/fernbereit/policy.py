"""What does an authority demand of a laptop that is to work from anywhere? A policy is data: checks on facts.

Thresholds, weights and words stand in the policy, none in the code. `default_policy.yaml` is the source of
the shipped policy; `default_policy.json` is written from it and read where no YAML reader is installed.
A policy that is made at all is sound: `fernbereit.policy_rules` holds what no single field can hold.
"""

from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from fernbereit.client_tables import MOST_CLIENTS, ManagementClientRow, VpnClientRow
from fernbereit.facts.types import CheckId
from fernbereit.policy_model import PolicyModel
from fernbereit.policy_rules import broken_rules

SHIPPED = "default_policy.json"

TEXTS = {"de": "Das Gerät ist verschlüsselt", "en": "The device is encrypted"}
"""The example of a text in every language."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\x00-\x1f\x7f]*$")]
FactPath = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
RequirementId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3,4}(\.[A-Z]?[0-9]+)+$")]
Version = Annotated[str, StringConstraints(max_length=64, pattern=r"^[0-9]+(\.[0-9]+){0,5}$")]
Days = Annotated[int, Field(ge=0, le=3650)]


def _thousandths(share: float) -> float:
    """Refuse a share finer than the rounded ones it is compared with; pydantic's own rule lets 1e-10 pass."""
    if share != round(share, 3):
        raise PydanticCustomError("multiple_of", "a multiple of 0.001", {"multiple_of": 0.001})
    return share


class Pillar(StrEnum):
    """What readiness rests on."""

    EQUIPMENT = "equipment"
    PROTECTION = "protection"
    MANAGEMENT = "management"
    REMOTE_ACCESS = "remote_access"
    CONNECTION = "connection"
    COLLABORATION = "collaboration"


class Audience(StrEnum):
    """Who can put it right, or for `audit` who asks for it."""

    STAFF = "staff"
    IT = "it"
    AUDIT = "audit"


class WhenAbsent(StrEnum):
    """What it means that the thing does not exist on a machine: no battery, no malware protection."""

    FAIL = "fail"
    PASS = "pass"  # noqa: S105 - an answer, no password
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Texts(PolicyModel):
    """The same in German and English."""

    de: Line = Field(examples=["Das Gerät ist verschlüsselt"])
    en: Line = Field(examples=["The device is encrypted"])


class Remedy(PolicyModel):
    """What to do when the check fails."""

    staff: Texts = Field(
        examples=[TEXTS], description="For the person who uses the laptop: short sentences, no terms of art."
    )
    it: Texts = Field(examples=[TEXTS], description="For the people who manage it.")


class Grundschutz(PolicyModel):
    """Requirements of BSI IT-Grundschutz that the fact supports; it never fulfils one by itself."""

    kompendium: tuple[RequirementId, ...] = Field(default=(), max_length=16, examples=[["SYS.3.1.A13"]])
    plus_plus: tuple[RequirementId, ...] = Field(default=(), max_length=16, examples=[["KONF.3.2"]])


class Catalogues(PolicyModel):
    """Which editions the ids of `grundschutz` are taken from."""

    kompendium: int = Field(ge=2020, le=2100, examples=[2023], description="Edition of the Kompendium.")
    plus_plus: date = Field(examples=["2026-07-29"], description="Day of the Grundschutz++ catalogue.")


class Expectation(PolicyModel):
    """What a value must be, in the keywords of JSON Schema, and three of our own for days and versions.

    All keywords must hold. A value that is not known makes the answer unknown, never a failure.
    """

    const: bool | str | None = Field(default=None, examples=[True])
    enum: tuple[str, ...] | None = Field(default=None, min_length=1, examples=[["encrypted"]])
    minimum: float | int | None = Field(default=None, examples=[8000000000])
    maximum: float | int | None = Field(default=None, examples=[900])
    exclusive_minimum: float | int | None = Field(default=None, alias="exclusiveMinimum", examples=[0])
    exclusive_maximum: float | int | None = Field(default=None, alias="exclusiveMaximum", examples=[1])
    min_items: int | None = Field(default=None, alias="minItems", ge=1, le=64, examples=[1])
    contains: "Expectation | None" = Field(default=None, examples=[{"const": "teams"}])
    properties: dict[str, "Expectation"] | None = Field(
        default=None, min_length=1, examples=[{"enrolled": {"const": True}}]
    )
    negated: "Expectation | None" = Field(default=None, alias="not", examples=[{"const": "none"}])
    max_age: Days | None = Field(
        default=None, examples=[30], description="Most days since the day that is judged."
    )
    min_days_left: int | None = Field(
        default=None, ge=-3650, le=3650, examples=[0], description="Fewest days until the day that is judged."
    )
    version_at_least: Version | None = Field(default=None, examples=["12.4"])


class Check(PolicyModel):
    """One demand on one fact."""

    id: CheckId = Field(examples=["disk_encryption"])
    pillar: Pillar = Field(examples=["protection"])
    fact: FactPath = Field(
        examples=["disk_encryption.state"], description="Section and field, as in docs/privacy/fields.md."
    )
    expect: Expectation = Field(examples=[{"const": True}])
    applies: dict[FactPath, Expectation] = Field(
        default_factory=dict,
        examples=[{"operating_system.platform": {"const": "windows"}}],
        description="Facts that must be so for the check to apply; else it is not applicable.",
    )
    when_absent: WhenAbsent = Field(default=WhenAbsent.UNKNOWN, examples=["fail"])
    essential: bool = Field(
        default=False, examples=[True], description="Whether a failure alone makes the laptop not ready."
    )
    weight: int = Field(
        default=1,
        ge=0,
        le=100,
        examples=[3],
        description="Share in the score; 0 if and only if the fact may only be counted over groups.",
    )
    grace_days: int = Field(ge=0, le=365, examples=[14])
    audience: Audience = Field(examples=["it"])
    title: Texts = Field(examples=[TEXTS])
    remedy: Remedy = Field(examples=[{"staff": TEXTS, "it": TEXTS}])
    grundschutz: Grundschutz = Field(default=Grundschutz(), examples=[{"kompendium": ["SYS.3.1.A13"]}])
    cost_item: Slug | None = Field(
        default=None, examples=["battery"], description="What has to be bought, if anything."
    )


class Policy(PolicyModel):
    """All checks, and when a laptop counts as ready."""

    version: int = Field(ge=1, le=2**31 - 1, examples=[1])
    title: Texts = Field(examples=[TEXTS])
    ready_at: Annotated[float, AfterValidator(_thousandths)] = Field(
        gt=0,
        le=1,
        examples=[0.8],
        description="Least share of the weights that passes.",
        json_schema_extra={"multipleOf": 0.001},
    )
    facts_max_age_days: int = Field(
        ge=1, le=365, examples=[14], description="Facts older than this give no verdict."
    )
    setup_grace_days: int = Field(
        default=14,
        ge=0,
        le=365,
        examples=[14],
        description="For so long after its first report nothing is held against a laptop.",
    )
    catalogues: Catalogues = Field(examples=[{"kompendium": 2023, "plus_plus": "2026-07-29"}])
    checks: tuple[Check, ...] = Field(min_length=1, max_length=200, examples=[[{"id": "disk_encryption"}]])
    vpn_clients: tuple[VpnClientRow, ...] = Field(
        default=(),
        max_length=MOST_CLIENTS,
        examples=[[{"name": "musterstadt_connect", "windows": {"services": ["McSvc"]}}]],
        description="VPN clients to recognise beside those the program knows.",
    )
    management_clients: tuple[ManagementClientRow, ...] = Field(
        default=(),
        max_length=MOST_CLIENTS,
        examples=[[{"name": "musterstadt_agent", "windows": {"services": ["MgmtSvc"]}}]],
        description="Management products to recognise beside those the program knows.",
    )

    @model_validator(mode="after")
    def _holds_every_rule(self) -> Self:
        for broken in broken_rules(as_json(self)):
            raise PydanticCustomError(
                "policy_rule",
                "{where}: {word}",
                {"where": ".".join(map(str, broken.loc)), "word": broken.word},
            )
        return self


def as_json(part: PolicyModel) -> dict[str, Any]:
    """Return a part of a policy as plain values, as it is written in a file; nothing that was left out."""
    return part.model_dump(mode="json", by_alias=True, exclude_unset=True)


@cache
def shipped_policy() -> Policy:
    """Return the policy that is shipped."""
    return Policy.model_validate_json(
        (files("fernbereit") / SHIPPED).read_text(encoding="utf-8"),
    )
