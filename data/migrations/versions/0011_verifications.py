"""抽样核实的登记表 · the register's tables of checks by sample"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("""
CREATE TABLE register.verification (
    verification serial PRIMARY KEY,
    indicator varchar NOT NULL,
    unit integer NOT NULL,
    month integer NOT NULL,
    basis varchar NOT NULL,
    spread varchar NOT NULL,
    size integer NOT NULL,
    seed bigint NOT NULL,
    event integer NOT NULL,
    definitions varchar NOT NULL,
    drawn_at timestamp without time zone NOT NULL,
    drawn_by varchar NOT NULL,
    state varchar NOT NULL,
    closed_at timestamp without time zone,
    closed_by varchar,
    note varchar,
    version integer NOT NULL,
    edited_at timestamp without time zone NOT NULL,
    edited_by varchar NOT NULL
)""")
    op.execute("""
CREATE TABLE register.verification_unit (
    verification integer NOT NULL,
    unit integer NOT NULL,
    parent integer,
    numerator bigint NOT NULL,
    denominator bigint,
    asked boolean NOT NULL,
    PRIMARY KEY (verification, unit)
)""")
    op.execute("""
CREATE TABLE register.verification_person (
    verification integer NOT NULL,
    line integer NOT NULL,
    person integer NOT NULL,
    unit integer NOT NULL,
    doctor varchar,
    chance double precision NOT NULL,
    risk double precision NOT NULL,
    signs varchar NOT NULL,
    outcome varchar,
    asked_on date,
    note varchar,
    version integer NOT NULL,
    edited_at timestamp without time zone NOT NULL,
    edited_by varchar NOT NULL,
    PRIMARY KEY (verification, line)
)""")
