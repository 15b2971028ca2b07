"""各机构一周可补多少、最后日期 · what a week's visits close, and last days, by unit

Empty until figures are built anew, which the first start of this version does.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "week_visits",
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        schema="published",
        if_not_exists=True,
    )
    op.create_table(
        "last_days",
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        schema="published",
        if_not_exists=True,
    )
