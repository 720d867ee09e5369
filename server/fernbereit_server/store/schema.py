"""Which tables are there, and which of their columns hold a time?

Days, everywhere. The one column finer than a day that tells of a device is `marks.last_report_at`, which is
overwritten: a row for each report would be a profile of somebody's working hours.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

metadata = MetaData()

_ID = String(36)
_WORD = String(40)
_HASH = String(64)
_NAME = String(128)
_COUNT = BigInteger().with_variant(Integer, "sqlite")

store = Table(
    "store",
    metadata,
    Column("generation", _ID, primary_key=True, doc="UUID of this life of the store, named in every ack"),
    Column("created_on", Date, nullable=False),
    Column("inventory_version", Integer, nullable=False, doc="grows with every change of the inventory"),
)

devices = Table(
    "devices",
    metadata,
    Column("device_id", _ID, primary_key=True),
    Column("status", _WORD, nullable=False, doc="active, quarantined, retired or revoked"),
    Column("status_on", Date, nullable=False, doc="the day the status began"),
    Column("first_seen_on", Date, nullable=False),
    Column("code", String(6), nullable=False, doc="what people read out on the telephone"),
    Index("devices_by_code", "code"),
)

marks = Table(
    "marks",
    metadata,
    Column("device_id", _ID, primary_key=True),
    Column("epoch", _ID, nullable=False),
    Column("mark", _COUNT, nullable=False),
    Column("applied_count", _COUNT, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("merged_total", _COUNT, nullable=False),
    Column("dropped_total", _COUNT, nullable=False),
    Column("last_report_at", Float(53), nullable=False, doc="Unix seconds; overwritten, the only one"),
)

closed_epochs = Table(
    "closed_epochs",
    metadata,
    Column("device_id", _ID, nullable=False),
    Column("epoch", _ID, nullable=False),
    Column("mark", _COUNT, nullable=False),
    Column("closed_no", Integer, nullable=False, doc="grows by one with every closed epoch of the device"),
    PrimaryKeyConstraint("device_id", "epoch"),
)

sections = Table(
    "sections",
    metadata,
    Column("device_id", _ID, nullable=False),
    Column("section", _WORD, nullable=False),
    Column("outcome", _WORD, nullable=False),
    Column("reason", _WORD),
    Column("observed_on", Date, nullable=False),
    Column("facts", Text, doc="JSON of the section's model, only where the outcome is ok"),
    PrimaryKeyConstraint("device_id", "section"),
)

inventory = Table(
    "inventory",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("serial_hash", _HASH, unique=True),
    Column("host_name_hash", _HASH),
    Column("label", _NAME, nullable=False),
    Column("unit", _NAME),
    Column("site", _NAME),
    Column("kind", _WORD, nullable=False, doc="personal, pool, loan, stock or shared"),
    Column("chassis", _WORD),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", _COUNT, primary_key=True, autoincrement=True),
    Column("day", Date, nullable=False),
    Column("reason", _WORD, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", _HASH, nullable=False),
)

published_cells = Table(
    "published_cells",
    metadata,
    Column("day", Date, nullable=False),
    Column("family", _NAME, nullable=False),
    Column("site", _NAME, nullable=False, doc="empty for the whole fleet"),
    Column("unit", _NAME, nullable=False, doc="empty for the whole site or fleet"),
    Column("word", _WORD, nullable=False),
    Column("count", Integer),
    Column("base", Integer),
    PrimaryKeyConstraint("day", "family", "site", "unit", "word"),
)

published_page = Table(
    "published_page",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("tick_at", Float(53), nullable=False, doc="Unix seconds of the count; tells of no device"),
    Column("body", LargeBinary, nullable=False),
)
