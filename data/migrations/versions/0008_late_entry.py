"""迟录与改动的统计 · late entry, rewriting of the past, and how figures moved"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("""
CREATE TABLE published.late_entry (
    unit integer NOT NULL,
    month integer NOT NULL,
    source varchar NOT NULL,
    layout varchar,
    n integer NOT NULL,
    dated integer NOT NULL,
    late integer NOT NULL,
    after_report integer NOT NULL,
    added integer
)""")
    op.execute("""
CREATE TABLE published.rewriting (
    unit integer NOT NULL,
    month integer NOT NULL,
    source varchar NOT NULL,
    layout varchar,
    kind varchar NOT NULL,
    event integer NOT NULL,
    "on" date NOT NULL,
    "by" varchar NOT NULL,
    n integer NOT NULL
)""")
    op.execute("""
CREATE TABLE published.moved (
    build integer NOT NULL,
    indicator varchar NOT NULL,
    unit integer NOT NULL,
    month integer NOT NULL,
    basis varchar NOT NULL,
    numerator_before bigint,
    numerator_after bigint,
    denominator_before bigint,
    denominator_after bigint,
    value_before double precision,
    value_after double precision,
    redefined boolean NOT NULL,
    hidden smallint NOT NULL
)""")
