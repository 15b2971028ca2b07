"""考核得分的公开标记 · which lines and totals of scores are not public"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    # Rounds published before have none: what is hidden of them is reckoned when they are read.
    for table in ("appraisal_line", "appraisal_result"):
        op.add_column(table, sa.Column("hidden", sa.Boolean()), schema="register")
