"""Which tables came with policies, verdicts over time, and what people decide?"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID, _CHECK, _WORD, _NAME = sa.String(36), sa.String(64), sa.String(40), sa.String(128)


def upgrade() -> None:
    """Create them, and let one number tell of every change that people make."""
    op.execute("ALTER TABLE store RENAME COLUMN inventory_version TO version")
    op.add_column("devices", sa.Column("status_reason", sa.String(400)))
    op.create_table(
        "policies",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("adopted_on", sa.Date, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("imported_on", sa.Date, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "waivers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("device_id", _ID),
        sa.Column("unit", _NAME),
        sa.Column("check_id", _CHECK, nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("approver", _NAME, nullable=False),
        sa.Column("granted_on", sa.Date, nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
    )
    _judging()
    _deciding()


def _judging() -> None:
    op.create_table(
        "judgements",
        sa.Column("device_id", _ID, primary_key=True),
        sa.Column("policy_version", sa.Integer, nullable=False),
        sa.Column("judged_on", sa.Date, nullable=False),
        sa.Column("verdict", _WORD, nullable=False),
        sa.Column("verdict_since_on", sa.Date, nullable=False),
        sa.Column("compliance", _WORD, nullable=False),
        sa.Column("compliance_since_on", sa.Date, nullable=False),
        sa.Column("low_permille", sa.Integer, nullable=False),
        sa.Column("high_permille", sa.Integer, nullable=False),
        sa.Column("coverage_permille", sa.Integer, nullable=False),
        sa.Column("outdated", sa.Boolean, nullable=False),
        sa.Column("ready_until_on", sa.Date),
        sa.Column("checks", sa.Text, nullable=False),
        sa.Column("begun", sa.Text),
    )
    op.create_table(
        "transitions",
        sa.Column("device_id", _ID, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("subject", _CHECK, nullable=False),
        sa.Column("before", _WORD, nullable=False),
        sa.Column("after", _WORD, nullable=False),
        sa.Column("cause", _WORD, nullable=False),
        sa.PrimaryKeyConstraint("device_id", "day", "subject"),
    )
    op.create_index("transitions_by_day", "transitions", ["day"])
    op.create_table(
        "contests",
        sa.Column("device_id", _ID, nullable=False),
        sa.Column("check_id", _CHECK, nullable=False),
        sa.Column("contested_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("device_id", "check_id"),
    )


def _deciding() -> None:
    op.create_table(
        "goals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("unit", _NAME),
        sa.Column("scenario", _NAME, nullable=False),
        sa.Column("target_permille", sa.Integer, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("set_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
    )
    op.create_table(
        "measures",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", _NAME, nullable=False),
        sa.Column("item", _CHECK, nullable=False),
        sa.Column("unit", _NAME),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("euro", sa.Integer, nullable=False),
        sa.Column("it_hours", sa.Integer, nullable=False),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("scenario", _NAME, nullable=False),
        sa.Column("predicted", sa.Integer, nullable=False),
        sa.Column("ended_on", sa.Date),
    )
    op.create_table(
        "drill_days",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("scenario", _NAME, nullable=False),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("announced_on", sa.Date, nullable=False),
        sa.Column("predicted", sa.Text, nullable=False),
        sa.Column("measured", sa.Text),
        sa.Column("closed_on", sa.Date),
    )


def downgrade() -> None:
    """Give up what people decided, and every verdict."""
    for table in (
        *("drill_days", "measures", "goals", "contests", "transitions", "judgements"),
        *("waivers", "organisations", "policies"),
    ):
        op.drop_table(table)
    op.drop_column("devices", "status_reason")
    op.execute("ALTER TABLE store RENAME COLUMN version TO inventory_version")
