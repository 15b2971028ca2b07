"""From staged rows of a pile of sheets to versions in the records, and the account of every row.

The merge goes set by set, in parts of the key space that fit into memory: so peak memory does not grow
with the files. Where sheets of a pile hold the same key they take turns, in the order of their files: every
sheet is accounted for as if it had come alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    Select,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
)

from data import identity
from data.intake.consequences import EVIDENCE, settle_all
from data.intake.covering import cover
from data.intake.frames import frame
from data.intake.settling import PERSON, service_day
from data.intake.staging import Staging
from data.records import coverage, sighting
from data.store import bulk_insert

_PART = 200_000  # rows merged at once
# Rows of these tables speak for themselves; all others wait for their unit and for the person's master row.
NEVER_WAIT = frozenset(["unit", "place", "person"])


@dataclass
class Account:
    """What became of the rows of one sheet."""

    new: int = 0
    replaced: int = 0
    unchanged: int = 0
    waiting: int = 0
    withdrawn: int = 0


def merge(staging: Staging) -> dict[int, Account]:
    """Merge what is staged and closed. Returns the account of each file."""
    accounts = {sheet.file: Account() for sheet in staging.sheets}
    parts = max(1, -(-staging.count // _PART))
    merging = _Merging(staging, parts, accounts)
    for part in range(parts):
        for turn in range(1, merging.choose(part) + 1):
            merging.take(turn)
            changed = merging.write()
            settle_all(staging.work, {staging.target.name: merging.resettled()}, changed)
            merging.count()
        staging.work.pass_on()
    if any(sheet.snapshot for sheet in staging.sheets):
        for file, withdrawn in cover(staging).items():
            accounts[file].withdrawn = withdrawn
    merging.drop()
    return accounts


class _Merging:
    """A pile's merge, part by part.

    `latest` holds of each key one row a sheet; `incoming` those whose turn it is, and what is known of them.
    """

    def __init__(self, staging: Staging, parts: int, accounts: dict[int, Account]) -> None:
        self.staging, self.parts, self.accounts = staging, parts, accounts
        self.work, self.target = staging.work, staging.target
        columns = [(column.name, column.type) for column in staging.table.c]
        flags = [Column("known", Boolean), Column("seen", Boolean), Column("before", BigInteger)]
        self.latest = self.work.temporary(
            f"latest_{self.target.name}", *[Column(*c) for c in columns], Column("turn", Integer)
        )
        self.incoming = self.work.temporary(
            f"incoming_{self.target.name}", *[Column(*c) for c in columns], *flags
        )
        # A file older than a snapshot may bring rows that the snapshot has withdrawn already.
        later = select(coverage.c.file).where(
            coverage.c.table_name == self.target.name,
            coverage.c.rank > min(sheet.rank for sheet in staging.sheets),
        )
        self.late = self.work.records.execute(later.limit(1)).first() is not None

    def choose(self, part: int) -> int:
        """Of each key the last line of a sheet; earlier lines are accounted for. Returns how many turns it takes."""
        execute, staged, latest = self.work.records.execute, self.staging.table, self.latest
        several = len(self.staging.sheets) > 1
        mine = select(staged)
        if self.parts > 1:
            mine = mine.where(staged.c.key % self.parts == part)
        mine = mine.subquery()
        within = [mine.c.key, mine.c.file] if several else [mine.c.key]
        nth = func.row_number().over(partition_by=within, order_by=mine.c.line.desc())
        ranked = select(mine, nth.label("nth")).subquery()
        names = [column.name for column in staged.c]
        turn = literal(1)
        if several:
            turn = func.row_number().over(partition_by=ranked.c.key, order_by=ranked.c.file)
        last = select(*[ranked.c[n] for n in names], turn).where(ranked.c.nth == 1)
        execute(delete(latest))
        execute(insert(latest).from_select([*names, "turn"], last))
        same = func.coalesce(func.sum(case((mine.c.content == latest.c.content, 1), else_=0)), 0)
        earlier = (
            select(mine.c.file, func.count(), same)
            .select_from(mine.join(latest, and_(latest.c.key == mine.c.key, latest.c.file == mine.c.file)))
            .where(mine.c.line != latest.c.line)
            .group_by(mine.c.file)
        )
        for file, total, repeated in execute(earlier):
            self.accounts[file].unchanged += int(repeated)
            self.accounts[file].replaced += total - int(repeated)
        return execute(select(func.max(latest.c.turn))).scalar() or 0

    def take(self, turn: int) -> None:
        """The rows whose turn it is, and what the records know of their keys."""
        execute, latest, incoming, target = self.work.records.execute, self.latest, self.incoming, self.target
        names = [column.name for column in self.staging.table.c]
        known = (
            select(
                target.c.key,
                func.max(case((target.c.content == latest.c.content, 1), else_=0)).label("seen"),
                func.max(case((target.c.known_to.is_(None), target.c.content))).label("before"),
            )
            .join(latest, and_(latest.c.key == target.c.key, latest.c.turn == turn))
            .group_by(target.c.key)
            .subquery()
        )
        flags = (known.c.key.is_not(None), func.coalesce(known.c.seen, 0) == 1, known.c.before)
        rows = (
            select(*[latest.c[n] for n in names], *flags)
            .outerjoin_from(latest, known, known.c.key == latest.c.key)
            .where(latest.c.turn == turn)
        )
        execute(delete(incoming))
        execute(insert(incoming).from_select([*names, "known", "seen", "before"], rows))

    def resettled(self) -> Select:
        """The keys whose version in force has to be decided; rows of new keys simply are in force."""
        keys = select(self.incoming.c.key)
        return keys if self.target is PERSON or self.late else keys.where(self.incoming.c.known)

    def write(self) -> np.ndarray:
        """Write new rows, sightings of known ones, and evidence. Returns the subjects with new evidence."""
        self._write_rows()
        incoming, pile = self.incoming, self.staging.pile
        noted = (incoming.c.key, incoming.c.content, pile.c.rank)
        where = (incoming.c.batch, incoming.c.file, incoming.c.line)
        seen = (
            select(literal(self.target.name), *noted, *where)
            .join_from(incoming, pile, pile.c.file == incoming.c.file)
            .where(incoming.c.seen)
        )
        names = ["table_name", "key", "content", "rank", "batch", "file", "line"]
        self.work.records.execute(insert(sighting).from_select(names, seen))
        return self._write_evidence() if self.target.name in EVIDENCE else np.empty(0, dtype=np.int64)

    def _write_rows(self) -> None:
        work, target, incoming = self.work, self.target, self.incoming
        link, rule = work.person_link, work.units.table
        pile = self.staging.pile
        rows = incoming.join(pile, pile.c.file == incoming.c.file)
        highest = literal(work.highest(target.c.row_id), BigInteger)
        given = {
            # Lines are distinct within a file: no need to number, and so to sort, what may be wide and many.
            "row_id": highest + pile.c.lines_before + incoming.c.line,
            "rank": pile.c.rank,
            "known_from": literal(work.event),
            "known_to": null(),
        }
        if target.info["person"]:
            rows = rows.outerjoin(link, link.c.subject == incoming.c.subject)
            given["person"] = func.coalesce(link.c.person, incoming.c.subject)
        if target.info["performed"]:
            day = service_day(incoming)
            means = and_(
                rule.c.source_unit == incoming.c.source_unit, rule.c.from_on <= day, rule.c.to_on >= day
            )
            rows = rows.outerjoin(rule, means)
            given["unit"] = case((incoming.c.source_unit.is_(None), incoming.c.unit), else_=rule.c.unit)
        columns = [given[c.name] if c.name in given else incoming.c[c.name] for c in target.c]
        new = select(*columns).select_from(rows).where(~incoming.c.seen)
        work.records.execute(insert(target).from_select([c.name for c in target.c], new))

    def _write_evidence(self) -> np.ndarray:
        """What the new rows say about their subjects' numbers and names, into the identity store."""
        incoming = self.incoming
        rows = frame(self.work.records, select(incoming).where(~incoming.c.seen))
        if rows.empty:
            return np.empty(0, dtype=np.int64)
        common = {
            "key": pa.array(rows["key"], pa.int64()),
            "content": pa.array(rows["content"], pa.int64()),
            "subject": pa.array(rows["subject"], pa.int64()),
            # Whether a corrected row's evidence holds is decided with the row itself.
            "in_force": pa.array(~rows["known"].astype(bool)),
        }
        if self.target is PERSON:
            names = {
                "sealed": pa.array(rows["sealed"], pa.binary()),
                "sealed_with": pa.array(rows["sealed_with"], pa.int64()),
                "phone_mark": pa.array(rows["phone_mark"], pa.int64()),
            }
            bulk_insert(self.work.identity, identity.name, pa.table(common | names))
        name, born = rows["name_hash"], rows["born_on"] if self.target is PERSON else None
        for kind in ("id", "code"):
            evidence = pa.table(
                common
                | {
                    "kind": pa.repeat(kind, len(rows)),
                    "hash": pa.array(rows[f"{kind}_hash"], pa.int64()),
                    "name": pa.array(name, pa.int64()),
                    "born_on": pa.array(born, pa.date32())
                    if born is not None
                    else pa.nulls(len(rows), pa.date32()),
                }
            )
            evidence = evidence.filter(evidence["hash"].is_valid())
            bulk_insert(self.work.identity, identity.match_key, evidence)
        return np.unique(rows["subject"].to_numpy(np.int64))

    def count(self) -> None:
        """Add what became of the rows whose turn it was."""
        incoming, target = self.incoming, self.target
        current = (
            select(target)
            .where(target.c.known_to.is_(None))
            .join(incoming, incoming.c.key == target.c.key)
            .subquery()
        )
        status = case(
            (~incoming.c.known, "new"),
            (current.c.content.is_not_distinct_from(incoming.c.before), "unchanged"),
            (incoming.c.before.is_(None), "new"),
            else_="replaced",
        )
        rows = incoming.outerjoin(current, current.c.key == incoming.c.key)
        waits = literal(False)
        if target.name not in NEVER_WAIT:
            waits = and_(current.c.source_unit.is_not(None), current.c.unit.is_(None))
            if target.info["person"]:
                master = select(PERSON.c.person).where(PERSON.c.known_to.is_(None)).distinct().subquery()
                rows = rows.outerjoin(master, master.c.person == current.c.person)
                waits = and_(current.c.key.is_not(None), or_(waits, master.c.person.is_(None)))
        labels = (incoming.c.file, status.label("status"), waits.label("waits"))
        labelled = select(*labels).select_from(rows).subquery()
        query = select(*labelled.c, func.count()).group_by(*labelled.c)
        for file, state, waiting, rows_there in self.work.records.execute(query):
            name = "waiting" if waiting and state != "unchanged" else state
            account = self.accounts[file]
            setattr(account, name, getattr(account, name) + rows_there)

    def drop(self) -> None:
        self.latest.drop(self.work.records)
        self.incoming.drop(self.work.records)
