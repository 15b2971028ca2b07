"""Bookkeeping of intake: what changed when, which files were read, what could not be."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, String, Table

from data.records.table import metadata

event = Table(
    "event",  # everything that changed what is known, numbered 1, 2, 3, ...
    metadata,
    Column("event", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),  # import, undo, redo, map, merge, split
    Column("at", DateTime, nullable=False),
    Column("by", String, nullable=False),
    Column("batch", Integer),
    Column("detail", String),
)

batch = Table(
    "batch",
    metadata,
    Column("batch", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime, nullable=False),
    Column("by", String, nullable=False),
    Column("undone_by", Integer),  # event that took it back; NULL: in force
)

source_file = Table(
    "source_file",
    metadata,
    Column("file", Integer, primary_key=True, autoincrement=False),
    Column("batch", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("sheet", String),
    Column("sha256", String, nullable=False),
    Column("layout", String),
    Column("rules", String),  # digest of the layout and the limits by which it was read
    Column("made_on", Date),
    Column("snapshot", Boolean, nullable=False),
    Column("encoding", String),
    Column("unknown_columns", String),  # headers that the layout does not know, 、 between; NULL: none
    Column("rows_read", BigInteger, nullable=False),
    Column("rows_new", BigInteger, nullable=False),
    Column("rows_replaced", BigInteger, nullable=False),
    Column("rows_unchanged", BigInteger, nullable=False),
    Column("rows_waiting", BigInteger, nullable=False),
    Column("rows_rejected", BigInteger, nullable=False),
    Column("rows_set_aside", BigInteger, nullable=False),
    Column("rows_withdrawn", BigInteger, nullable=False),  # not read: absent from a snapshot
    Column(
        "same_as", Integer
    ),  # the file, byte for byte the same, whose rows these are; nothing was read again
)

sighting = Table(
    "sighting",  # a row read again, word for word: so that undoing the first sighting keeps the row
    metadata,
    Column("table_name", String, nullable=False),
    Column("key", BigInteger, nullable=False),
    Column("content", BigInteger, nullable=False),
    Column("rank", BigInteger, nullable=False),
    Column("batch", Integer, nullable=False),
    Column("file", Integer, nullable=False),
    Column("line", Integer, nullable=False),
)

coverage = Table(
    "coverage",  # what a snapshot speaks for: rows of this unit and period that it lacks are withdrawn
    metadata,
    Column("table_name", String, nullable=False),
    Column("layout", String, nullable=False),
    Column(
        "source_unit", Integer
    ),  # as the file wrote it, so that a later mapping changes nothing; NULL: every unit
    Column("month_from", Integer),
    Column("month_to", Integer),
    Column("rank", BigInteger, nullable=False),
    Column("batch", Integer, nullable=False),
    Column("file", Integer, nullable=False),
)

unread = Table(
    "unread",  # a snapshot holds a row of this key and nobody can read it: it does not withdraw what is known
    metadata,
    Column("table_name", String, nullable=False),
    Column("key", BigInteger, nullable=False),
    Column("file", Integer, nullable=False),
)

problem = Table(
    "problem",  # rejected rows and flagged values, one row a finding
    metadata,
    Column("batch", Integer, nullable=False),
    Column("file", Integer, nullable=False),
    Column("sheet", String),
    Column("line", Integer, nullable=False),
    Column("column_name", String),
    Column("value", String),
    Column("rule", String, nullable=False),  # key of a message in data/text/<language>.toml
    Column("severity", String, nullable=False),  # reject, flag, wait
)

source_unit = Table(
    "source_unit",  # every unit code or name that a source ever wrote, and what it maps to
    metadata,
    Column("source_unit", Integer, primary_key=True, autoincrement=False),
    Column("system", String, nullable=False),
    Column("code", String, nullable=False),
    Column("unit", Integer),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("mapped_by", String),  # who mapped it; NULL: mapped by itself, the code or name being a unit's
)

suspected = Table(
    "suspected",  # persons who may be one: a valid ID number, but not name and date of birth, in common (data/intake/suspected.py)
    metadata,
    Column("person", Integer, nullable=False),
    Column("alike", Integer, nullable=False),  # the smallest of those who share a number
    Column("persons", Integer, nullable=False),  # how many they are
    Column("known_from", Integer, nullable=False),  # event
    Column("known_to", Integer),
)
