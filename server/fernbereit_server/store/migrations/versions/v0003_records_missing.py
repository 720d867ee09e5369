"""Where is it counted what a restored store lacks of what laptops were told is safe?"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Count it for the store, and for each device what of it is counted already."""
    for table, column in (("store", "records_missing"), ("marks", "missing_total")):
        op.add_column(table, sa.Column(column, _COUNT, nullable=False, server_default="0"))


def downgrade() -> None:
    """Forget what was counted."""
    op.drop_column("store", "records_missing")
    op.drop_column("marks", "missing_total")
