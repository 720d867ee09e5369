"""What could stand at a place of a policy file? Read off the models, which hold examples of their fields."""

import json
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from fernbereit.policy_rules import Loc


def known_fields(model: type[BaseModel], loc: Loc) -> tuple[str, ...]:
    """Return the names that can stand in the group at a place."""
    owner = _owner(model, loc)
    return tuple(info.alias or name for name, info in owner.model_fields.items())


def example(model: type[BaseModel], loc: Loc) -> str | None:
    """Return one right line for a place, or None where the place has no field of its own."""
    names = [part for part in loc if isinstance(part, str)]
    if not names:
        return None
    owner = _owner(model, loc[: max(n for n, part in enumerate(loc) if isinstance(part, str))])
    info = _field(owner, names[-1])
    if info is None or not info.examples:
        return None
    return f"{names[-1]}: {json.dumps(info.examples[0], ensure_ascii=False)}"


def _owner(model: type[BaseModel], loc: Loc) -> type[BaseModel]:
    """Follow a place into the models; a part that is no field names an entry of what came before."""
    for part in loc:
        info = _field(model, part)
        inner = _model(info.annotation) if info is not None else None
        if inner is not None:
            model = inner
    return model


def _field(model: type[BaseModel], name: str | int | None) -> FieldInfo | None:
    for own, info in model.model_fields.items():
        if name == (info.alias or own):
            return info
    return None


def _model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model(part)) is not None), None)
