"""值得核查的信号 · signals of records worth checking"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    # Empty until the next build.
    op.create_table(
        "truth_look",
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("method", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("doctors", sa.Integer(), nullable=False),
        sa.Column("units_few", sa.Integer(), nullable=False),
        sa.Column("units_listed", sa.Integer(), nullable=False),
        sa.Column("doctors_listed", sa.Integer(), nullable=False),
        sa.Column("measured", sa.String(), nullable=False),
        schema="published",
    )
    op.create_table(
        "truth_group",
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("doctor", sa.BigInteger(), nullable=False),
        sa.Column("contacts", sa.Integer(), nullable=False),
        sa.Column("enough", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("q", sa.Double()),
        schema="published",
    )
    op.create_table(
        "truth_signal",
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("doctor", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("observed", sa.Double(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column("low", sa.Double(), nullable=False),
        sa.Column("high", sa.Double(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("behind", sa.Integer(), nullable=False),
        sa.Column("p", sa.Double(), nullable=False),
        schema="published",
    )
