"""What every change of the records has at hand: connections, the number of its event, numbers of codes."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

import numpy as np
import pyarrow as pa
from sqlalchemy import BigInteger, Column, Integer, String, Table, func, select, update

from data import identity, records
from data.hashing import Hasher
from data.installation import Installation
from data.intake.frames import fill, temporary
from data.intake.numbering import Numbering, SubjectNumbering
from data.intake.persons import Persons
from data.intake.units import Units
from data.records import RECORDS, batch, event, source_file
from data.sealing import Sealer
from data.sealing_old import refuse_plain
from data.store import Draft, bulk_insert, create_missing

# rank = precedence, day on which the file was made, batch: a later file wins, of one day the later batch.
RANK_DAY = 10**6
RANK_PRECEDENCE = 10**13

# On DuckDB an import keeps within this, whatever the number of rows: the rest goes to temporary files.
MEMORY = "256MB"


def rank_of(day_number: int, batch_number: int, precedence: int = 0) -> int:
    """`day_number` is `date.toordinal()`."""
    return precedence * RANK_PRECEDENCE + day_number * RANK_DAY + batch_number


class Working:
    """One event being made: made at its beginning, gone with its transaction."""

    def __init__(
        self, draft: Draft, installation: Installation, kind: str, by: str, detail: str | None = None
    ) -> None:
        self.records, self.identity = draft.records, draft.identity
        self.pass_on = draft.pass_on  # called between steps: DuckDB writes out what it holds in memory
        if self.records.dialect.name == "duckdb":
            for connection in (self.records, self.identity):
                connection.exec_driver_sql(f"SET memory_limit = '{MEMORY}'")
                connection.exec_driver_sql("SET preserve_insertion_order = false")
        refuse_plain(self.identity)
        create_missing(self.records, records.metadata)
        create_missing(self.identity, identity.metadata)
        self._keys = installation.identity_key
        self.hasher = Hasher(installation.secret())
        self.at = datetime.now().replace(microsecond=0)
        self.by = by
        self.event = (self.records.execute(select(func.max(event.c.event))).scalar() or 0) + 1
        self.records.execute(
            event.insert().values(event=self.event, kind=kind, at=self.at, by=by, detail=detail)
        )
        self.subjects = SubjectNumbering(self.identity)
        self.codes = {kind: Numbering(self.identity, kind) for kind in ("unit", "place", "family")}
        self.persons = Persons(self.identity, self.event)
        self.units = Units(self.records)
        self._scratch: dict[str, Table] = {}
        self._made: dict[str, Table] = {}
        self._make_tables()
        self.refresh_alive()
        self.refresh_links()

    def _make_tables(self) -> None:
        key, content = Column("key", BigInteger), Column("content", BigInteger)
        make = self.temporary
        self.touched = make("touched", key)
        self.alive = make("alive", Column("file", Integer), Column("layout", String))
        self.person_link = make("person_link", Column("subject", Integer), Column("person", Integer))
        self.some = make("some_number", Column("number", Integer))
        provenance = [Column(name, BigInteger) for name in ("rank", "batch", "file", "line", "row_id")]
        self.winner = make("winner", key, content, *provenance, Column("layout", String))
        self.desired = make(
            "desired", key, content, *provenance, Column("unit", Integer), Column("person", Integer)
        )
        self.lacking = make("lacking", key, Column("file", Integer))
        self.keep = make("keep", key, Column("row_id", BigInteger))
        self.verdict = temporary(
            self.identity, "verdict", Column("key", BigInteger), Column("content", BigInteger)
        )

    def temporary(self, name: str, *columns: Column) -> Table:
        """A new temporary table of the records' connection.

        One dropped before comes back as the same object: its statements are compiled once, not once a file.
        """
        if (known := self._made.get(name)) is not None:
            known.create(self.records)
            return known
        copies = [Column(column.name, column.type) for column in columns]
        made = self._made[name] = temporary(self.records, name, *copies)
        return made

    def scratch(self, name: str) -> Table:
        """A temporary table of keys under a name of its own, made at its first use."""
        if name not in self._scratch:
            self._scratch[name] = self.temporary(name, Column("key", BigInteger))
        return self._scratch[name]

    @cached_property
    def sealer(self) -> Sealer:
        """What names are sealed with. Raises KeyFileError; whatever brings no names works without the key file."""
        return self._keys.sealer()

    def refresh_alive(self) -> None:
        """The files whose rows count: of a batch in force, or read again word for word by one."""
        rows = self.records.execute(
            select(source_file.c.file, source_file.c.layout, source_file.c.same_as, batch.c.undone_by).join(
                batch, batch.c.batch == source_file.c.batch
            )
        ).fetchall()
        standing = [row for row in rows if row.undone_by is None]
        files = {row.file for row in standing} | {row.same_as for row in standing}
        alive = [row for row in rows if row.file in files]
        fill(
            self.records,
            self.alive,
            file=pa.array([row.file for row in alive], pa.int64()),
            layout=pa.array([row.layout for row in alive], pa.string()),
        )

    def count_in(self, files: dict[int, str]) -> None:
        """Files that are being read count from now on: file -> layout."""
        rows = {"file": list(files), "layout": list(files.values())}
        bulk_insert(self.records, self.alive, pa.table(rows))

    def refresh_links(self) -> None:
        """Tell the records which subjects belong to a person of another number."""
        links = self.persons.links()
        fill(
            self.records,
            self.person_link,
            subject=links["subject"].to_numpy(),
            person=links["person"].to_numpy(),
        )

    def tables_in_use(self) -> list[Table]:
        """Record tables that hold anything: an empty one needs no settling."""
        return [
            table for table in RECORDS.values() if self.records.execute(select(table.c.key).limit(1)).first()
        ]

    def unsettled_references(self) -> np.ndarray:
        """Subjects registered since the last call that only give a number; their persons are found now."""
        new, self.subjects.new_references = self.subjects.new_references, np.empty(0, dtype=np.int64)
        return new

    def highest(self, column: Column) -> int:
        return self.records.execute(select(func.max(column))).scalar() or 0

    def note_batch(self, number: int) -> None:
        """Say which batch this event is about."""
        self.records.execute(update(event).where(event.c.event == self.event).values(batch=number))
