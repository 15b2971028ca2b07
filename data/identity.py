"""The identity store: everything that names a person, apart from the records.

`subject` is a person as one source identifies them; `link` says which subjects are one person (a person's
number is the smallest subject number among them; a subject without a link is a person of its own).
`match_key` holds the evidence: keyed hashes, never the numbers themselves. `name` holds what people may
be shown, masked unless revealed.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    String,
    Table,
    case,
    or_,
    select,
)

SCHEMA = "identity"
metadata = MetaData(schema=SCHEMA)

subject = Table(
    "subject",
    metadata,
    Column("subject", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),  # source (a system's own number), id, code
    Column("hash", BigInteger, nullable=False),  # what identifies the subject, hashed
    Column("ref_hash", BigInteger),  # kinds id and code: the number that points at a person
    Column("ref_name", BigInteger),  # kind id: the name that stood beside the number
)

number = Table(
    "number",  # stable numbers of codes: units, places, families
    metadata,
    Column("kind", String, nullable=False),
    Column("hash", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
)

match_key = Table(
    "match_key",  # what a record row says about a subject's numbers; in force with the row
    metadata,
    Column("kind", String, nullable=False),  # id (valid ID number), code (record code)
    Column("hash", BigInteger, nullable=False),
    Column("subject", Integer, nullable=False),
    Column("name", BigInteger),
    Column("born_on", Date),
    Column("key", BigInteger, nullable=False),
    Column("content", BigInteger, nullable=False),
    Column("in_force", Boolean, nullable=False),
)

name = Table(
    "name",
    metadata,
    Column("key", BigInteger, nullable=False),
    Column("content", BigInteger, nullable=False),
    Column("subject", Integer, nullable=False),
    Column("name", String),
    Column("id_number", String),
    Column("phone", String),
    Column("address", String),
    Column("in_force", Boolean, nullable=False),
)

link = Table(
    "link",
    metadata,
    Column("subject", Integer, nullable=False),
    Column("person", Integer, nullable=False),
    Column("known_from", Integer, nullable=False),  # event
    Column("known_to", Integer),
)

decision = Table(
    "decision",  # what people decided: these two are one person; this one is nobody else
    metadata,
    Column("event", Integer, nullable=False),
    Column("kind", String, nullable=False),  # merge, split
    Column("subject", Integer, nullable=False),
    Column("other", Integer),
    Column("undone_by", Integer),
)

review = Table(
    "review",  # matches that only a person can decide; one row a subject concerned
    metadata,
    Column("reason", String, nullable=False),  # same_number, reference_ambiguous, reference_name
    Column("kind", String, nullable=False),
    Column("hash", BigInteger, nullable=False),
    Column("subject", Integer, nullable=False),
)


def mask(full: str) -> str:
    """Surname and stars; of a name with a middle dot, what stands before the dot; never a whole name."""
    first, dot, _ = full.partition("·")
    if dot:
        return f"{first}·**"
    return full[0] + "*" * max(len(full) - 1, 1)


def full_names(connection: Connection, persons: Iterable[int]) -> dict[int, str]:
    """Names as delivered, by person; persons without one are left out. Whoever calls must log the reveal."""
    return _delivered(connection, persons, name.c.name)


def _delivered(connection: Connection, persons: Iterable[int], column: Column) -> dict[int, str]:
    """What a person's sources say in a column of ``name``: of several the one of the smallest subject."""
    wanted = set(persons)
    if not wanted:
        return {}
    whose = case((link.c.person.is_not(None), link.c.person), else_=name.c.subject)
    rows = connection.execute(
        select(whose.label("person"), column.label("told"))
        .select_from(name.outerjoin(link, (link.c.subject == name.c.subject) & link.c.known_to.is_(None)))
        .where(name.c.in_force, column.is_not(None))
        .where(or_(link.c.person.in_(wanted), name.c.subject.in_(wanted)))
        .order_by("person", name.c.subject.desc())
    )
    return {row.person: row.told for row in rows if row.person in wanted}


def phones(connection: Connection, persons: Iterable[int]) -> dict[int, str]:
    """Telephone numbers as delivered, by person; persons without one are left out. Whoever calls must log the reveal."""
    return _delivered(connection, persons, name.c.phone)


def masked_names(connection: Connection, persons: Iterable[int]) -> dict[int, str]:
    """Names as lists show them, by person: 张**."""
    return {person: mask(full) for person, full in full_names(connection, persons).items()}
