"""How healthy are the batteries? Never: the charge or whether the laptop is plugged in."""

from fernbereit.facts.types import Count, Ratio, Text
from fernbereit.field import Purpose, fact
from fernbereit.tolerance import OpenModel


class BatteryPack(OpenModel):
    """One of possibly several batteries."""

    model: Text | None = fact(purpose=Purpose.EQUIPMENT)
    health_ratio: Ratio | None = fact(purpose=Purpose.EQUIPMENT)
    cycle_count: Count | None = fact(purpose=Purpose.EQUIPMENT)
    design_wh: float | None = fact(purpose=Purpose.EQUIPMENT, ge=0, le=10_000)
    charge_limit_ratio: Ratio | None = fact(purpose=Purpose.EQUIPMENT)


class Battery(OpenModel):
    """All batteries; `health_ratio` is full charge over design, weighted by capacity."""

    health_ratio: Ratio | None = fact(purpose=Purpose.EQUIPMENT)
    cycle_count: Count | None = fact(purpose=Purpose.EQUIPMENT)
    packs: tuple[BatteryPack, ...] | None = fact(purpose=Purpose.EQUIPMENT, max_length=8)
