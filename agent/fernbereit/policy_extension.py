"""How does an authority depart from a policy that it extends? By deviations, each with its reason.

    extends: default
    deviations:
      - check: battery_health
        change: {weight: 5}
        reason: {de: ..., en: ...}

A changed field replaces that of the base as a whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from pydantic import Field, RootModel, TypeAdapter, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from fernbereit.facts.types import CheckId
from fernbereit.policy import TEXTS, Policy, Texts
from fernbereit.policy_model import PolicyModel
from fernbereit.policy_rules import Broken, Loc

WAYS = ("change", "remove", "add", "set")


class Deviation(PolicyModel):
    """One departure: a check changed or removed, a check added, or a field of the policy itself set."""

    check: CheckId | None = Field(
        default=None, examples=["battery_health"], description="The check of the base that is meant."
    )
    change: dict[str, Any] | None = Field(default=None, min_length=1, examples=[{"weight": 5}])
    remove: Literal[True] | None = Field(default=None, examples=[True])
    add: dict[str, Any] | None = Field(
        default=None,
        min_length=1,
        examples=[{"id": "disk_encryption"}],
        description="A whole check of its own.",
    )
    set: dict[str, Any] | None = Field(default=None, min_length=1, examples=[{"ready_at": 0.9}])
    reason: Texts = Field(examples=[TEXTS])

    @model_validator(mode="after")
    def _goes_one_way(self) -> Self:
        ways = [way for way in WAYS if getattr(self, way) is not None]
        if len(ways) != 1 or (self.check is not None) != (ways[0] in {"change", "remove"}):
            raise PydanticCustomError("one_way", "a check with change or remove, or add, or set")
        return self


class Extension(PolicyModel):
    """A policy told by what differs from another."""

    extends: Literal["default"] = Field(
        examples=["default"], description="The base; the policy that is shipped is called default."
    )
    version: int = Field(ge=1, le=2**31 - 1, examples=[1])
    title: Texts = Field(examples=[TEXTS])
    deviations: tuple[Deviation, ...] = Field(
        max_length=400, examples=[[{"check": "battery_health", "change": {"weight": 5}}]]
    )


class PolicyFile(RootModel[Policy | Extension]):
    """What a policy file holds: a whole policy, or an extension of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """Base and deviations put together; not yet validated as a policy."""

    policy: dict[str, Any]
    origins: Mapping[int, Loc]
    """Where a check of `policy` that is not the base's own comes from, by its place in `checks`."""
    set_at: Mapping[str, Loc]
    """Where a field of the policy itself comes from."""
    broken: tuple[Broken, ...]


_DEVIATION: TypeAdapter[Deviation] = TypeAdapter(Deviation)
_SETTABLE = (
    "ready_at",
    "facts_max_age_days",
    "setup_grace_days",
    "catalogues",
    "vpn_clients",
    "management_clients",
)


def extend(base: Mapping[str, Any], extension: Mapping[str, Any]) -> Extended:
    """Apply every deviation that has the right shape to the plain values of a base."""
    checks: list[tuple[dict[str, Any], Loc | None]] = [(dict(check), None) for check in base["checks"]]
    fields = {**base, **{name: extension[name] for name in ("version", "title") if name in extension}}
    set_at: dict[str, Loc] = {name: (name,) for name in ("version", "title")}
    broken: list[Broken] = []
    deviations = extension.get("deviations")
    for number, raw in enumerate(deviations if isinstance(deviations, list) else ()):
        loc: Loc = ("deviations", number)
        if not _has_shape(raw):
            continue
        if "add" in raw:
            checks.append((raw["add"], (*loc, "add")))
        elif "set" in raw:
            for name, value in raw["set"].items():
                if name in set_at and name in _SETTABLE:
                    broken.append(Broken(loc=(*loc, "set", name), word="set_twice", found=name))
                elif name in _SETTABLE:
                    fields[name] = value
                    set_at[name] = (*loc, "set", name)
                else:
                    broken.append(
                        Broken(loc=(*loc, "set", name), word="not_settable", found=name, known=_SETTABLE)
                    )
        else:
            broken += _depart(checks, raw, loc)
    return Extended(
        policy={**fields, "checks": [check for check, _ in checks]},
        origins={place: origin for place, (_, origin) in enumerate(checks) if origin is not None},
        set_at=set_at,
        broken=tuple(broken),
    )


def _has_shape(raw: Any) -> bool:
    try:
        _DEVIATION.validate_python(raw, strict=False)
    except ValidationError:
        return False
    return True


def _depart(
    checks: list[tuple[dict[str, Any], Loc | None]], raw: Mapping[str, Any], loc: Loc
) -> list[Broken]:
    names = tuple(str(check.get("id")) for check, _ in checks)
    if raw["check"] not in names:
        return [Broken(loc=(*loc, "check"), word="unknown_check", found=raw["check"], known=names)]
    place = names.index(raw["check"])
    check, origin = checks[place]
    if origin is not None:
        return [Broken(loc=(*loc, "check"), word="changed_twice", found=raw["check"])]
    if raw.get("remove"):
        del checks[place]
        return []
    if "id" in raw["change"]:
        return [Broken(loc=(*loc, "change", "id"), word="id_changed", found=raw["check"])]
    checks[place] = ({**check, **raw["change"]}, (*loc, "change"))
    return []
