"""What do all parts of a policy have in common? They are frozen, strict and closed to unknown fields."""

from pydantic import BaseModel, ConfigDict


class PolicyModel(BaseModel):
    """Base of every part of a policy: frozen, strict, closed to unknown fields."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_by_name=True
    )
