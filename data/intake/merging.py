"""From staged rows of one sheet to versions in the records, and the account of every row.

The merge goes set by set, in parts of the key space that fit into memory: so peak memory does not grow
with the file.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
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
from data.intake.frames import frame
from data.intake.settling import PERSON, is_unread, service_day
from data.intake.staging import IDENTITY, Staging
from data.intake.working import RANK_DAY
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


def merge(staging: Staging, rank: int, *, snapshot: bool) -> Account:
    """Merge what is staged. `rank`: of the file, see `working.rank_of`."""
    account = Account()
    parts = max(1, -(-staging.count // _PART))
    merging = _Merging(staging, rank, parts)
    for part in range(parts):
        merging.choose(part, account)
        changed = merging.write()
        settle_all(staging.work, {staging.target.name: merging.resettled()}, changed)
        merging.count(account)
        staging.work.pass_on()
    if snapshot:
        account.withdrawn = _cover(staging, rank)
    merging.drop()
    staging.table.drop(staging.work.records)
    return account


class _Merging:
    """One sheet's merge, part by part: `latest` holds one row a key, `incoming` also what is known of it."""

    def __init__(self, staging: Staging, rank: int, parts: int) -> None:
        self.staging, self.rank, self.parts = staging, rank, parts
        self.work, self.target = staging.work, staging.target
        columns = [(column.name, column.type) for column in staging.table.c]
        flags = [Column("known", Boolean), Column("seen", Boolean), Column("before", BigInteger)]
        self.latest = self.work.temporary(f"latest_{self.target.name}", *[Column(*c) for c in columns])
        self.incoming = self.work.temporary(
            f"incoming_{self.target.name}", *[Column(*c) for c in columns], *flags
        )
        # A file older than a snapshot may bring rows that the snapshot has withdrawn already.
        later = select(coverage.c.file).where(
            coverage.c.table_name == self.target.name, coverage.c.rank > rank
        )
        self.late = self.work.records.execute(later.limit(1)).first() is not None

    def choose(self, part: int, account: Account) -> None:
        """Of each key the last line, and what the records know of it; earlier lines are accounted for."""
        execute, staged, target = self.work.records.execute, self.staging.table, self.target
        mine = select(staged)
        if self.parts > 1:
            mine = mine.where(staged.c.key % self.parts == part)
        mine = mine.subquery()
        nth = func.row_number().over(partition_by=mine.c.key, order_by=mine.c.line.desc())
        ranked = select(mine, nth.label("nth")).subquery()
        names = [column.name for column in staged.c]
        latest, incoming = self.latest, self.incoming
        execute(delete(latest))
        execute(
            insert(latest).from_select(names, select(*[ranked.c[n] for n in names]).where(ranked.c.nth == 1))
        )
        same = func.coalesce(func.sum(case((mine.c.content == latest.c.content, 1), else_=0)), 0)
        earlier = (
            select(func.count(), same)
            .select_from(mine.join(latest, latest.c.key == mine.c.key))
            .where(mine.c.line != latest.c.line)
        )
        total, repeated = execute(earlier).one()
        account.unchanged += int(repeated)
        account.replaced += total - int(repeated)
        known = (
            select(
                target.c.key,
                func.max(case((target.c.content == latest.c.content, 1), else_=0)).label("seen"),
                func.max(case((target.c.known_to.is_(None), target.c.content))).label("before"),
            )
            .join(latest, latest.c.key == target.c.key)
            .group_by(target.c.key)
            .subquery()
        )
        flags = (known.c.key.is_not(None), func.coalesce(known.c.seen, 0) == 1, known.c.before)
        rows = select(*latest.c, *flags).outerjoin_from(latest, known, known.c.key == latest.c.key)
        execute(delete(incoming))
        execute(insert(incoming).from_select([*names, "known", "seen", "before"], rows))

    def resettled(self) -> Select:
        """The keys whose version in force has to be decided; rows of new keys simply are in force."""
        keys = select(self.incoming.c.key)
        return keys if self.target is PERSON or self.late else keys.where(self.incoming.c.known)

    def write(self) -> np.ndarray:
        """Write new rows, sightings of known ones, and evidence. Returns the subjects with new evidence."""
        self._write_rows()
        incoming = self.incoming
        seen = select(
            literal(self.target.name),
            incoming.c.key,
            incoming.c.content,
            literal(self.rank, BigInteger),
            incoming.c.batch,
            incoming.c.file,
            incoming.c.line,
        ).where(incoming.c.seen)
        names = ["table_name", "key", "content", "rank", "batch", "file", "line"]
        self.work.records.execute(insert(sighting).from_select(names, seen))
        return self._write_evidence() if self.target.name in EVIDENCE else np.empty(0, dtype=np.int64)

    def _write_rows(self) -> None:
        work, target, incoming = self.work, self.target, self.incoming
        link, rule = work.person_link, work.units.table
        rows = incoming
        given = {
            # Lines are distinct within a file: no need to number, and so to sort, what may be wide and many.
            "row_id": literal(work.highest(target.c.row_id), BigInteger) + incoming.c.line,
            "rank": literal(self.rank, BigInteger),
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
            texts = {name: pa.array(rows[f"{name}_text"], pa.string()) for name in IDENTITY}
            bulk_insert(self.work.identity, identity.name, pa.table(common | texts))
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

    def count(self, account: Account) -> None:
        """Add what became of the rows of this part."""
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
        labelled = select(status.label("status"), waits.label("waits")).select_from(rows).subquery()
        query = select(labelled.c.status, labelled.c.waits, func.count()).group_by(
            labelled.c.status, labelled.c.waits
        )
        for state, waiting, rows_there in self.work.records.execute(query):
            name = "waiting" if waiting and state != "unchanged" else state
            setattr(account, name, getattr(account, name) + rows_there)

    def drop(self) -> None:
        self.latest.drop(self.work.records)
        self.incoming.drop(self.work.records)


def _cover(staging: Staging, rank: int) -> int:
    """Note what a snapshot speaks for, and withdraw what it lacks. Returns how many rows that are."""
    work, target, staged = staging.work, staging.target, staging.table
    if None in staging.unplaced:
        return 0  # a row that could be anyone's: the file cannot say that anything is lacking
    speaks = RANK_DAY * (rank // RANK_DAY)  # its day alone: files of one day do not withdraw from each other
    months = (func.min(staged.c.month), func.max(staged.c.month)) if "month" in staged.c else (null(), null())
    scope = select(
        literal(target.name),
        literal(staging.layout.name),
        staged.c.source_unit,
        *months,
        literal(speaks, BigInteger),
        literal(staging.batch),
        literal(staging.file),
    ).group_by(staged.c.source_unit)
    if staging.unplaced:
        spared = work.units.known(staging.layout.system, staging.unplaced)
        scope = scope.where(staged.c.source_unit.not_in(spared))
    names = ["table_name", "layout", "source_unit", "month_from", "month_to", "rank", "batch", "file"]
    work.records.execute(insert(coverage).from_select(names, scope))
    lacking = work.scratch("lacking")
    work.records.execute(delete(lacking))
    month = target.c.month if "month" in target.c else null()
    keys = (
        select(target.c.key)
        .distinct()
        .join(
            work.alive, and_(work.alive.c.file == target.c.file, work.alive.c.layout == staging.layout.name)
        )
        .join(
            coverage,
            and_(
                coverage.c.file == staging.file,
                or_(coverage.c.source_unit.is_(None), coverage.c.source_unit == target.c.source_unit),
                or_(
                    coverage.c.month_from.is_(None), month.between(coverage.c.month_from, coverage.c.month_to)
                ),
            ),
        )
        .where(target.c.known_to.is_(None), coverage.c.rank > target.c.rank)
        .where(~select(staged.c.key).where(staged.c.key == target.c.key).exists())
        .where(~is_unread(target, target.c.key, coverage.c.file))
    )
    work.records.execute(insert(lacking).from_select(["key"], keys))
    settle_all(work, {target.name: select(lacking.c.key)})
    gone = select(func.count()).select_from(
        lacking.outerjoin(target, and_(target.c.key == lacking.c.key, target.c.known_to.is_(None)))
    )
    return work.records.execute(gone.where(target.c.key.is_(None))).scalar_one()
