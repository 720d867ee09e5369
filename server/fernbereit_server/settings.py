"""What can be set on the collector, and from which file?

The sample `deploy/collector.toml` is generated from the declarations below (`sample_settings.py`).
"""

import ipaddress
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from fernbereit.settings_file import SettingsFaults, SettingsModel
from fernbereit.settings_source import SettingsUnreadable, load
from fernbereit_server.errors import SettingsError

SYSTEM_FILE = Path("/etc/fernbereit/collector.toml")
PREFIX = "FERNBEREIT_COLLECTOR_"

Port = Annotated[int, Field(ge=1, le=65_535)]


def is_loopback(host: str) -> bool:
    """Tell whether `host` never leaves this machine; a name other than `localhost` might."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _loopback(host: str) -> str:
    if not is_loopback(host):
        raise ValueError(
            "expected a loopback address: identity and roles are not built yet, so whoever reached "
            "another address could read and write everything"
        )
    return host


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("expected the name of a time zone this machine knows") from None
    return name


def _store_url(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://")):
        raise ValueError("expected a store of SQLite or PostgreSQL")
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError("expected an address with host, a port that is a number, and database") from None
    if parsed.get_backend_name() == "sqlite" and (
        not parsed.database or parsed.database.startswith((":memory:", "file:"))
    ):
        raise ValueError("expected the path of a file: what is acknowledged must outlast the collector")
    return url


Host = Annotated[str, AfterValidator(_loopback)]


class HttpSettings(SettingsModel):
    """Where console, API and metrics are served."""

    host: Host = Field("127.0.0.1", description="loopback address to listen on")
    port: Port = Field(8740, description="TCP port")


class BrokerSettings(SettingsModel):
    """The MQTT broker reports come from."""

    embedded: bool = Field(True, description="whether the collector starts a broker of its own")
    host: Host = Field("127.0.0.1", description="loopback address of the broker")
    port: Port = Field(8741, description="TCP port of the broker; mosquitto's own is 1883")


class StoreSettings(SettingsModel):
    """The database everything acknowledged is in."""

    url: Annotated[str, AfterValidator(_store_url)] | None = Field(
        None,
        repr=False,
        description="address of the database; without one a SQLite file in the data folder",
        examples=["postgresql+psycopg://fernbereit@127.0.0.1/fernbereit"],
    )


class PublicationSettings(SettingsModel):
    """How numbers are made fit to be seen by everybody."""

    k: int = Field(5, ge=3, le=1000, description="smallest group that is counted; counts are multiples of it")
    tick_s: float = Field(3600, ge=0.1, le=86_400, description="seconds from one count to the next")
    freshness_tick_s: float = Field(
        86_400,
        ge=0.1,
        le=604_800,
        description="seconds from one count of fresh and silent devices to the next",
    )


class DeviceMetricsSettings(SettingsModel):
    """Metrics of single devices, which are there only where a works agreement allows for them."""

    agreed_on: date | None = Field(
        None,
        description="day of the works agreement that allows for metrics of single devices; without one there "
        "are none",
        examples=["2026-12-01"],
    )


class InventorySettings(SettingsModel):
    """How devices are matched with the inventory."""

    key: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2}){16,64}$")] | None = Field(
        None,
        repr=False,
        description="key under which serial numbers and host names are hashed, the same as on the laptops, "
        "32 to 128 hexadecimal digits; without one it is made once and kept in the data folder",
        examples=["00112233445566778899aabbccddeeff"],
    )


class ReflectorSettings(SettingsModel):
    """Whether laptops may measure loss and delay to here, by datagrams that are sent back as they came."""

    host: Host = Field("127.0.0.1", description="loopback address to listen on")
    port: Port | None = Field(None, description="UDP port; without one nothing is sent back", examples=[8742])


class IngestSettings(SettingsModel):
    """How reports are taken in."""

    queue: int = Field(1000, ge=1, le=65_535, description="most reports held that are not yet in the store")
    batch: int = Field(500, ge=1, le=5000, description="most reports in one transaction")
    batch_ms: float = Field(50, ge=0, le=10_000, description="longest wait for a transaction to fill")
    rate_per_s: float = Field(1, gt=0, le=1000, description="reports a device may send a second, on average")
    burst: int = Field(60, ge=1, le=100_000, description="reports a device may send at once")


class Settings(SettingsModel):
    """Everything that can be set on the collector."""

    data: Path = Field(
        Path("/var/lib/fernbereit"),
        description="folder of the database and of the keys; both belong into the backup",
        examples=["/var/lib/fernbereit"],
    )
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        "Europe/Berlin", description="time zone of the authority; days begin and end by it"
    )
    report_interval_s: float = Field(
        900, ge=1, le=86_400, description="seconds from one report of a laptop to the next, as set there"
    )
    http: HttpSettings = Field(HttpSettings(), examples=["[http]"])
    broker: BrokerSettings = Field(BrokerSettings(), examples=["[broker]"], validate_default=True)
    store: StoreSettings = Field(StoreSettings(), examples=["[store]"])
    publication: PublicationSettings = Field(PublicationSettings(), examples=["[publication]"])
    device_metrics: DeviceMetricsSettings = Field(DeviceMetricsSettings(), examples=["[device_metrics]"])
    inventory: InventorySettings = Field(InventorySettings(), examples=["[inventory]"])
    ingest: IngestSettings = Field(IngestSettings(), examples=["[ingest]"])
    reflector: ReflectorSettings = Field(ReflectorSettings(), examples=["[reflector]"])

    @field_validator("broker")
    @classmethod
    def _ports_differ(cls, broker: BrokerSettings, info: ValidationInfo) -> BrokerSettings:
        http = info.data.get("http")
        if broker.embedded and http is not None and broker.port == http.port:
            raise ValueError("expected broker.port to differ from http.port")
        return broker

    @property
    def store_url(self) -> str:
        """Return the address of the database, SQLAlchemy's notation."""
        url = self.store.url or f"sqlite:///{self.data / 'fernbereit.sqlite3'}"
        return url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone days are told in."""
        return ZoneInfo(self.time_zone)


def load_settings(
    file: Path | None = None, *, environment: Mapping[str, str], system_file: Path = SYSTEM_FILE
) -> Settings:
    """Read `file`, else the system's file if there is one, else nothing but defaults and environment.

    Variables `FERNBEREIT_COLLECTOR_<SECTION>__<KEY>` come last. Raises `SettingsError`, one line a fault.
    """
    try:
        return load(
            Settings,
            file,
            system_file=system_file,
            environment=environment,
            prefix=PREFIX,
            sample="deploy/collector.toml",
        )
    except (SettingsFaults, SettingsUnreadable) as faults:
        raise SettingsError(str(faults)) from None


def sample_file() -> str:
    """Return the text of `deploy/collector.toml`."""
    from fernbereit.settings_sample import sample

    head = (
        "Settings of the collector. Every key shows its default or an example: remove the # before what you "
        f"change. Read from --settings FILE, else from {SYSTEM_FILE.as_posix()}; the environment comes last, "
        f"as in {PREFIX}HTTP__PORT=8750."
    )
    return sample(Settings, head)
