"""指标增加“小数隐藏”标记 · which numbers of a figure are not public"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # Nothing is marked until figures are built anew, which the first start of this version does.
    column = sa.Column("hidden", sa.SmallInteger, nullable=False, server_default="0")
    op.add_column("figure", column, schema="published", if_not_exists=True)
