"""变化提示，以及控制图上登记的事件 · notices of change, and events marked on control charts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    # Filled by the next build, which the first start of this version does.
    op.create_table(
        "notice",
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("way", sa.SmallInteger(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("before", "after", "p", "q")),
        schema="published",
    )
    op.create_table(
        "marked_event",
        sa.Column("event", sa.Integer(), primary_key=True),
        sa.Column("unit", sa.Integer()),
        sa.Column("indicator", sa.String()),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("rebase", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=False),
        sa.Column("edited_by", sa.String(), nullable=False),
        schema="register",
    )
