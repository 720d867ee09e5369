"""What does an authority tell about itself? The model of `organisation.yaml`.

`gateways` left out means that nobody said which there are: capacity is unknown then, neither none nor plenty.
Stock and prices describe what can be issued and bought; `deploy/organisation.yaml` is a sample.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^\P{Cc}+$")]
People = Annotated[int, Field(ge=0, le=10_000_000)]
Positive = Annotated[float, Field(gt=0, le=1e9)]
Share = Annotated[float, Field(ge=0, le=1)]
Concurrency = Annotated[float, Field(gt=0, le=1)]


class Part(BaseModel):
    """Base of every part of the file: frozen, strict, closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Unit(Part):
    """One unit; without `suitable` the whole headcount counts as suited to remote work."""

    name: Name = Field(examples=["Sozialamt"])
    site: Name | None = Field(default=None, examples=["Rathaus"])
    headcount: People = Field(examples=[120])
    suitable: People | None = Field(default=None, examples=[95])
    essential: tuple[Name, ...] = Field(default=(), examples=[["E-Akte"]])

    @property
    def staff(self) -> int:
        """Return the people whose tasks suit remote work."""
        return self.headcount if self.suitable is None else self.suitable


class Service(Part):
    """Something that must go on; `minimum` are the people it needs of each unit that carries it."""

    name: Name = Field(examples=["Sozialleistungen auszahlen"])
    minimum: Mapping[Name, Annotated[int, Field(ge=1, le=10_000_000)]] = Field(
        min_length=1, examples=[{"Sozialamt": 12}]
    )


class Gateway(Part):
    """A way in from outside: sessions, bandwidth by what one session needs, or the lesser of both."""

    name: Name = Field(examples=["VPN Rathaus"])
    sessions: People | None = Field(default=None, examples=[250])
    bandwidth_mbit: Annotated[float, Field(ge=0, le=1e9)] | None = Field(default=None, examples=[1000])
    per_session_mbit: Positive | None = Field(default=None, examples=[2.5])
    units: tuple[Name, ...] | None = Field(default=None, examples=[["Sozialamt"]])
    licences: Name | None = Field(default=None, examples=["VPN-Lizenzen"])
    uplink: Name | None = Field(default=None, examples=["Internetanschluss"])
    site: Name | None = Field(default=None, examples=["Rathaus"])
    needs: tuple[Name, ...] = Field(default=(), examples=[["identity"]])


class LicencePool(Part):
    """Sessions that several gateways share."""

    name: Name = Field(examples=["VPN-Lizenzen"])
    sessions: People = Field(examples=[400])


class Uplink(Part):
    """A line that several gateways share, and what one session needs of it."""

    name: Name = Field(examples=["Internetanschluss"])
    bandwidth_mbit: Annotated[float, Field(ge=0, le=1e9)] = Field(examples=[1000])
    per_session_mbit: Positive = Field(examples=[2.5])


class Target(Part):
    """Something people work with; `cloud` is reached without a tunnel."""

    name: Name = Field(examples=["E-Akte"])
    path: Literal["internal", "cloud"] = Field(examples=["internal"])
    needs: tuple[Name, ...] = Field(default=(), examples=[["identity"]])


class DevicePool(Part):
    """Devices of nobody in particular, and the units that get them."""

    name: Name = Field(examples=["Poolgeräte Rathaus"])
    units: tuple[Name, ...] = Field(min_length=1, examples=[["Sozialamt"]])
    site: Name | None = Field(default=None, examples=["Rathaus"])


class Price(Part):
    """What one of an item costs."""

    euro: Annotated[float, Field(ge=0, le=1e9)] = Field(examples=[1200])
    it_hours: Annotated[float, Field(ge=0, le=1e6)] = Field(default=0, examples=[3])


class OwnScenario(Part):
    """A scenario of the authority's own; what is left out stays as it is on an ordinary day."""

    name: Name = Field(examples=["Rechenzentrum Nord aus"])
    leaving_sites: tuple[Name, ...] | None = Field(default=None, examples=[["Rathaus"]])
    lost_sites: tuple[Name, ...] = Field(default=(), examples=[["Rathaus"]])
    lost_gateways: tuple[Name, ...] = Field(default=(), examples=[["VPN Rathaus"]])
    lost_dependencies: tuple[Name, ...] = Field(default=(), examples=[["identity"]])
    availability: Mapping[Name, Share] = Field(default_factory=dict, examples=[{"VPN Rathaus": 0.5}])
    concurrency: Concurrency | None = Field(default=None, examples=[1.0])
    reservation: bool | None = Field(default=None, examples=[False])


class Organisation(Part):
    """The whole file."""

    name: Name | None = Field(default=None, examples=["Musterstadt"])
    sites: tuple[Name, ...] | None = Field(default=None, examples=[["Rathaus"]])
    concurrency: Concurrency = Field(default=1.0, examples=[0.8])
    reservation: bool = Field(default=True, examples=[True])
    units: tuple[Unit, ...] = Field(min_length=1, examples=[[{"name": "Sozialamt", "headcount": 120}]])
    services: tuple[Service, ...] = ()
    gateways: tuple[Gateway, ...] | None = None
    licence_pools: tuple[LicencePool, ...] = ()
    uplinks: tuple[Uplink, ...] = ()
    targets: tuple[Target, ...] = ()
    device_pools: tuple[DevicePool, ...] = ()
    stock: Mapping[Name, People] = Field(default_factory=dict, examples=[{"laptop": 40}])
    prices: Mapping[Name, Price] = Field(default_factory=dict, examples=[{"laptop": {"euro": 1200}}])
    scenarios: tuple[OwnScenario, ...] = ()


def dependencies(organisation: Organisation) -> set[str]:
    """Return everything that a gateway or a target needs."""
    of_gateways = {name for gateway in organisation.gateways or () for name in gateway.needs}
    return of_gateways | {name for target in organisation.targets for name in target.needs}
