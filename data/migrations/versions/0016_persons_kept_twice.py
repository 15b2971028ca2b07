"""疑似同一人 · persons who may be kept twice

Empty until figures are built anew, which the first start of this version does: the review list is read then.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "suspected",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("alike", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_to", sa.Integer()),
        schema="records",
        if_not_exists=True,
    )
