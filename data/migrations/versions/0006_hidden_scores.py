"""考核得分的公开标记 · which lines and totals of scores are not public"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    # Rounds published before have none: what is hidden of them is reckoned when they are read.
    op.add_column("appraisal_line", sa.Column("hidden", sa.Boolean()), schema="register")
    op.add_column("appraisal_result", sa.Column("step", sa.Integer()), schema="register")
