"""The identity store: everything that names a person, apart from the records.

`subject` is a person as one source identifies them; `link` says which subjects are one person (a person's
number is the smallest subject number among them; a subject without a link is a person of its own).
`match_key` holds the evidence: keyed hashes, never the numbers themselves. `name` is the one table of raw
identifiers: name, ID number, telephone and address of a row, sealed together (`data/sealing.py`), with a mark by which
equal telephones are told. Only this module seals and opens them; lists show them masked unless revealed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    case,
    func,
    inspect,
    or_,
    select,
)

from data.keys import KeyFileError
from data.sealing import Sealer, SealError
from data.store.bulk import bulk_insert
from data.store.contract import Snapshot, Store
from data.store.frames import read_frame
from data.telephones import number_of

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
    Column(
        "sealed", LargeBinary
    ),  # an Identifiers; bound to key, content and subject; NULL: the row names nobody
    Column("sealed_with", Integer, nullable=False),  # number of the key
    Column("in_force", Boolean, nullable=False),
    # Equal telephones sealed with one key have one mark; 0: none. NULL: of an older release (data/marking.py).
    Column("phone_mark", BigInteger),
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


class Identifiers(NamedTuple):
    """What a row of a source says of a person, as delivered; None where it says nothing."""

    name: str | None = None
    id_number: str | None = None
    phone: str | None = None
    address: str | None = None


@dataclass(frozen=True)
class Told:
    """Identifiers by person. ``unread`` says why some could not be opened: key, seal, or "" where all could."""

    persons: dict[int, Identifiers] = field(default_factory=dict)
    unread: str = ""


_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def mask(full: str) -> str:
    """Surname and stars; of a name with a middle dot, what stands before the dot; never a whole name."""
    first, dot, _ = full.partition("·")
    if dot:
        return f"{first}·**"
    return full[0] + "*" * max(len(full) - 1, 1)


# -- sealing and opening


def sealed(
    sealer: Sealer, rows: pa.Table, key: np.ndarray, content: np.ndarray, subject: np.ndarray
) -> pa.Array:
    """The column ``sealed`` of rows whose columns are those of Identifiers; a row that names nobody is null."""
    parts = zip(*(rows[name].to_pylist() for name in Identifiers._fields), strict=True)
    texts = [_write(part).encode() if any(part) else None for part in parts]
    return pa.array(sealer.seal(texts, _places(key, content, subject)), pa.binary())


def marks(sealer: Sealer, phones: Iterable[str | None]) -> np.ndarray:
    """The column ``phone_mark`` of rows that are sealed with the current key."""
    return np.array([sealer.mark("phone", number_of(phone)) for phone in phones], dtype=np.int64)


def mark_of(sealer: Sealer, row) -> int:
    """The same of one row that is sealed already, with whatever key; 0 of one that cannot be opened any more."""
    try:
        said = opened(sealer, row.sealed, row.key, row.content, row.subject, row.sealed_with)
    except SealError as error:
        if error.rule == "key":
            raise
        return 0
    return sealer.mark("phone", number_of(said.phone), row.sealed_with)


def opened(sealer: Sealer, blob: bytes, key: int, content: int, subject: int, with_key: int) -> Identifiers:
    """What was sealed in a row. Raises SealError."""
    (place,) = _places(np.array([key]), np.array([content]), np.array([subject]))
    return Identifiers(*json.loads(sealer.open(bytes(blob), place, with_key)))


def _places(key: np.ndarray, content: np.ndarray, subject: np.ndarray) -> list[bytes]:
    """What blobs are bound to: the row, and whom it is about."""
    packed = np.stack([key, content, subject], axis=1).astype(">i8").tobytes()
    return [b"name" + packed[start : start + 24] for start in range(0, len(packed), 24)]


def resealed(sealer: Sealer, rows: list) -> pa.Table:
    """Rows (key, content, subject, sealed, sealed_with) sealed anew with the current key. Raises SealError."""
    key, content, subject = (np.array([row[n] for row in rows], dtype=np.int64) for n in range(3))
    places = _places(key, content, subject)
    texts = [
        None if row[3] is None else sealer.open(bytes(row[3]), place, row[4])
        for row, place in zip(rows, places, strict=True)
    ]
    blobs = pa.array(sealer.seal(texts, places), pa.binary())
    said = [Identifiers() if text is None else Identifiers(*json.loads(text)) for text in texts]
    marked = pa.array(marks(sealer, (one.phone for one in said)))
    return pa.table(
        {"key": key, "content": content, "subject": subject, "sealed": blobs, "phone_mark": marked}
    )


# -- reading


def told(known: Snapshot | Store, persons: Iterable[int]) -> Told:
    """What sources say of some persons: of several subjects of one what the smallest says, thing by thing.

    Opens the rows of these persons only. Persons of whom nothing is said are left out. Whoever shows it unmasked
    must log that.
    """
    wanted = set(persons)
    if not wanted:
        return Told()
    whose = case((link.c.person.is_not(None), link.c.person), else_=name.c.subject)
    query = (
        select(whose.label("owner"), *_ROW)
        .select_from(name.outerjoin(link, (link.c.subject == name.c.subject) & link.c.known_to.is_(None)))
        .where(name.c.in_force, name.c.sealed.is_not(None))
        .where(or_(link.c.person.in_(wanted), name.c.subject.in_(wanted)))
        .order_by("owner", name.c.subject)
    )
    with known.identity() as connection:
        return _told(connection, known, query, wanted)


def told_of_subjects(known: Snapshot | Store, subjects: Iterable[int]) -> Told:
    """The same for subjects, each by itself."""
    wanted = set(subjects)
    query = select(name.c.subject.label("owner"), *_ROW).where(
        name.c.in_force, name.c.sealed.is_not(None), name.c.subject.in_(wanted)
    )
    with known.identity() as connection:
        return _told(connection, known, query, wanted) if wanted else Told()


_ROW = (name.c.key, name.c.content, name.c.subject, name.c.sealed, name.c.sealed_with)


def _told(connection: Connection, known: Snapshot | Store, query: Select, wanted: set[int]) -> Told:
    found: dict[int, Identifiers] = {}
    unread = ""
    sealer = None
    for row in connection.execute(query):
        if row.owner not in wanted:
            continue
        try:
            sealer = sealer or known.keys.sealer()
            said = opened(sealer, row.sealed, row.key, row.content, row.subject, row.sealed_with)
        except KeyFileError:
            return Told(unread="key")
        except SealError as error:
            unread = unread or error.rule
            continue
        before = found.get(row.owner, said)
        found[row.owner] = Identifiers(
            *(one if one is not None else other for one, other in zip(before, said, strict=True))
        )
    return Told(found, unread)


def masked_names(known: Snapshot | Store, persons: Iterable[int]) -> dict[int, str]:
    """Names as lists show them, by person: 张**."""
    return masked(told(known, persons))


def masked(about: Told) -> dict[int, str]:
    """Names as lists show them, of persons who have one."""
    return {person: mask(said.name) for person, said in about.persons.items() if said.name}


def telephones(known: Snapshot | Store, persons: Iterable[int] | None = None) -> pd.DataFrame:
    """person, phone: whose telephone is whose, of all persons who have one, or of some of them.

    ``phone`` are numbers of this answer alone: equal ones are one telephone, and nothing else can be told by them. Of several
    subjects of a person the smallest that has a telephone speaks. Opens nothing and needs no key.
    """
    query = select(_WHOSE.label("person"), name.c.subject, name.c.sealed_with, name.c.phone_mark)
    query = query.select_from(_LINKED).where(*_HAS_TELEPHONE)
    with known.identity() as connection:
        if not _are_marked(connection):
            return pd.DataFrame({"person": [], "phone": []}, dtype="int64")
        if persons is None:
            found = read_frame(connection, query)
        else:
            wanted = np.unique(np.fromiter(persons, np.int64))
            found = _of_some(connection, query, wanted)
    found = found.sort_values(["person", "subject"], kind="stable").drop_duplicates("person")
    numbers = found.groupby(["sealed_with", "phone_mark"]).ngroup() if len(found) else found["phone_mark"]
    return pd.DataFrame(
        {"person": found["person"].astype("int64"), "phone": numbers.astype("int64")}
    ).reset_index(drop=True)


def with_telephone(known: Snapshot | Store) -> int:
    """How many persons have a telephone that can be compared: as many as ``telephones`` tells of."""
    with known.identity() as connection:
        if not _are_marked(connection):
            return 0
        query = select(func.count(func.distinct(_WHOSE))).select_from(_LINKED).where(*_HAS_TELEPHONE)
        return connection.execute(query).scalar_one()


_WHOSE = case((link.c.person.is_not(None), link.c.person), else_=name.c.subject)
_LINKED = name.outerjoin(link, (link.c.subject == name.c.subject) & link.c.known_to.is_(None))
_HAS_TELEPHONE = (name.c.in_force, name.c.phone_mark > 0)


def _are_marked(connection: Connection) -> bool:
    """Files that nobody has written to since an older release have no column of marks."""
    columns = inspect(connection).get_columns(name.name, schema=SCHEMA)
    return "phone_mark" in {column["name"] for column in columns}


def _of_some(connection: Connection, query: Select, persons: np.ndarray) -> pd.DataFrame:
    """The rows of a query about ``_LINKED`` of some persons, joined and not bound one by one: a town has tens of thousands."""
    wanted = Table("wanted_person", MetaData(), Column("person", Integer), prefixes=["TEMPORARY"])
    wanted.create(connection)
    bulk_insert(connection, wanted, pa.table({"person": pa.array(persons, pa.int32())}))
    found = read_frame(connection, query.where(_WHOSE.in_(select(wanted.c.person))))
    wanted.drop(connection)
    return found
