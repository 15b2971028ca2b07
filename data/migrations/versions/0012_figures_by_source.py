"""数据质量指标按来源系统分列 · figures by source system"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    # Empty until figures are built anew, which the first start of this version does.
    op.create_table(
        "source_figure",
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("numerator", sa.BigInteger(), nullable=False),
        sa.Column("denominator", sa.BigInteger(), nullable=False),
        schema="published",
        if_not_exists=True,
    )
