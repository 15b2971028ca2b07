"""平均数的离散程度 · how widely the values of means spread"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    # Empty until figures are built anew, which the first start of this version does.
    op.create_table(
        "spread",
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("deviation", sa.Double(), nullable=False),
        sa.Column("hidden", sa.SmallInteger(), nullable=False),
        schema="published",
        if_not_exists=True,
    )
