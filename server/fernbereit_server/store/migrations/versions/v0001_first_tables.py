"""What were the first tables?"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create every table of the first version."""
    op.create_table(
        "store",
        sa.Column("generation", sa.String(36), primary_key=True),
        sa.Column("created_on", sa.Date, nullable=False),
        sa.Column("inventory_version", sa.Integer, nullable=False),
    )
    op.create_table(
        "devices",
        sa.Column("device_id", sa.String(36), primary_key=True),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("status_on", sa.Date, nullable=False),
        sa.Column("first_seen_on", sa.Date, nullable=False),
        sa.Column("code", sa.String(6), nullable=False),
    )
    op.create_index("devices_by_code", "devices", ["code"])
    op.create_table(
        "marks",
        sa.Column("device_id", sa.String(36), primary_key=True),
        sa.Column("epoch", sa.String(36), nullable=False),
        sa.Column("mark", _COUNT, nullable=False),
        sa.Column("applied_count", _COUNT, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.Column("merged_total", _COUNT, nullable=False),
        sa.Column("dropped_total", _COUNT, nullable=False),
        sa.Column("last_report_at", sa.Float(53), nullable=False),
    )
    op.create_table(
        "closed_epochs",
        sa.Column("device_id", sa.String(36), primary_key=True),
        sa.Column("epoch", sa.String(36), primary_key=True),
        sa.Column("mark", _COUNT, nullable=False),
        sa.Column("closed_no", sa.Integer, nullable=False),
    )
    op.create_table(
        "sections",
        sa.Column("device_id", sa.String(36), primary_key=True),
        sa.Column("section", sa.String(40), primary_key=True),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("observed_on", sa.Date, nullable=False),
        sa.Column("facts", sa.Text),
    )
    op.create_table(
        "inventory",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("serial_hash", sa.String(64), unique=True),
        sa.Column("host_name_hash", sa.String(64)),
        sa.Column("label", sa.String(128), nullable=False),
        sa.Column("unit", sa.String(128)),
        sa.Column("site", sa.String(128)),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("chassis", sa.String(40)),
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", _COUNT, primary_key=True, autoincrement=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    op.create_table(
        "published_cells",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("family", sa.String(128), primary_key=True),
        sa.Column("site", sa.String(128), primary_key=True),
        sa.Column("unit", sa.String(128), primary_key=True),
        sa.Column("word", sa.String(40), primary_key=True),
        sa.Column("count", sa.Integer),
        sa.Column("base", sa.Integer),
    )
    op.create_table(
        "published_page",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("tick_at", sa.Float(53), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
