"""What every table of records has: where a row comes from, who did it about whom, when it was known."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, MetaData, Table

SCHEMA = "records"
metadata = MetaData(schema=SCHEMA)


def _provenance() -> list[Column]:
    return [
        Column("row_id", BigInteger, nullable=False),  # one version of one row; never reused
        Column("key", BigInteger, nullable=False),  # 63-bit hash of table, source and business key
        Column("content", BigInteger, nullable=False),  # 63-bit hash of the row's canonical values
        Column("rank", BigInteger, nullable=False),  # when the source file was made: the later one wins
        Column("batch", Integer, nullable=False),
        Column("file", Integer, nullable=False),
        Column("line", Integer, nullable=False),
        Column("known_from", Integer, nullable=False),  # event (import, undo) that put it in force
        Column("known_to", Integer),  # event that took it out of force
    ]


def _performed() -> list[Column]:
    return [
        Column("source_unit", Integer),  # the unit as the source wrote it: see the table source_unit
        Column("unit", Integer),  # the unit that performed it; NULL while its code is not mapped
        Column("entered_on", Date),  # when it was typed into the source system
    ]


def _about() -> list[Column]:
    return [
        Column("subject", Integer, nullable=False),  # the person as the source identifies them
        Column("person", Integer, nullable=False),  # after merging subjects that are one person
    ]


def record(name: str, *columns: Column, person: bool = True, performed: bool = True) -> Table:
    """A table of records: where a row comes from, whom it is about, which unit performed it, and ``columns``."""
    return Table(
        name,
        metadata,
        *_provenance(),
        *(_about() if person else []),
        *(_performed() if performed else []),
        *columns,
        info={"person": person, "performed": performed},
    )
