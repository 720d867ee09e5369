"""Which tables are there, and which of their columns hold a time?

Days, everywhere. The one column finer than a day that tells of a device is `marks.last_report_at`, which is
overwritten: a row for each report would be a profile of somebody's working hours.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
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
_CHECK = String(64)
_SENTENCE = String(400)
_COUNT = BigInteger().with_variant(Integer, "sqlite")

store = Table(
    "store",
    metadata,
    Column("generation", _ID, primary_key=True, doc="UUID of this life of the store, named in every ack"),
    Column("created_on", Date, nullable=False),
    Column("version", Integer, nullable=False, doc="grows with every change that people make"),
    Column(
        "records_missing",
        _COUNT,
        nullable=False,
        server_default="0",
        doc="records that laptops were told are safe and this life of the store does not hold",
    ),
)

devices = Table(
    "devices",
    metadata,
    Column("device_id", _ID, primary_key=True),
    Column("status", _WORD, nullable=False, doc="active, quarantined, retired or revoked"),
    Column("status_on", Date, nullable=False, doc="the day the status began"),
    Column("status_reason", _SENTENCE, doc="why a person decided so, in their words"),
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
    Column("missing_total", _COUNT, nullable=False, server_default="0", doc="of `store.records_missing`"),
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

policies = Table(
    "policies",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("adopted_on", Date, nullable=False),
    Column("body", Text, nullable=False, doc="JSON of the whole policy, merged with what it extends"),
)

organisations = Table(
    "organisations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("imported_on", Date, nullable=False),
    Column("body", Text, nullable=False, doc="JSON of the organisation; all are kept, to look back"),
)

waivers = Table(
    "waivers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("device_id", _ID, doc="one device, or else every device of `unit`"),
    Column("unit", _NAME),
    Column("check_id", _CHECK, nullable=False),
    Column("reason", _SENTENCE, nullable=False),
    Column("approver", _NAME, nullable=False, doc="a function of the authority, no person"),
    Column("granted_on", Date, nullable=False),
    Column("expires_on", Date, nullable=False, doc="the last day it holds"),
    Column("ended_on", Date, doc="the day it was ended before its time, if it was"),
)

judgements = Table(
    "judgements",
    metadata,
    Column("device_id", _ID, primary_key=True),
    Column("policy_version", Integer, nullable=False),
    Column("judged_on", Date, nullable=False),
    Column("verdict", _WORD, nullable=False),
    Column("verdict_since_on", Date, nullable=False),
    Column("compliance", _WORD, nullable=False),
    Column("compliance_since_on", Date, nullable=False),
    Column("low_permille", Integer, nullable=False),
    Column("high_permille", Integer, nullable=False),
    Column("coverage_permille", Integer, nullable=False),
    Column("outdated", Boolean, nullable=False),
    Column("ready_until_on", Date, doc="the first day it is no longer ready if nothing is done"),
    Column("checks", Text, nullable=False, doc="JSON: check to [result, since, first failed on or null]"),
    Column("begun", Text, doc="JSON: how it stood when the day began, where that differs"),
)

transitions = Table(
    "transitions",
    metadata,
    Column("device_id", _ID, nullable=False),
    Column("day", Date, nullable=False),
    Column("subject", _CHECK, nullable=False, doc="`verdict`, `compliance` or a check"),
    Column("before", _WORD, nullable=False),
    Column("after", _WORD, nullable=False),
    Column("cause", _WORD, nullable=False),
    PrimaryKeyConstraint("device_id", "day", "subject"),
    Index("transitions_by_day", "day"),
)

contests = Table(
    "contests",
    metadata,
    Column("device_id", _ID, nullable=False),
    Column("check_id", _CHECK, nullable=False),
    Column("contested_on", Date, nullable=False),
    PrimaryKeyConstraint("device_id", "check_id"),
)

goals = Table(
    "goals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit", _NAME, doc="none: the whole authority"),
    Column("scenario", _NAME, nullable=False),
    Column("target_permille", Integer, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("set_on", Date, nullable=False),
    Column("ended_on", Date),
)

measures = Table(
    "measures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", _NAME, nullable=False),
    Column("item", _CHECK, nullable=False, doc="what is bought or done, as in the prices"),
    Column("unit", _NAME, doc="none: the whole authority"),
    Column("number", Integer, nullable=False),
    Column("euro", Integer, nullable=False),
    Column("it_hours", Integer, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("scenario", _NAME, nullable=False),
    Column("predicted", Integer, nullable=False, doc="able staff it was expected to add"),
    Column("ended_on", Date),
)

drill_days = Table(
    "drill_days",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scenario", _NAME, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("announced_on", Date, nullable=False),
    Column("predicted", Text, nullable=False, doc="JSON; counts over groups only"),
    Column("measured", Text, doc="JSON; counts over groups of ten or more only"),
    Column("closed_on", Date),
)
