"""What a snapshot speaks for, and the withdrawal of what it lacks.

A row that was refused is not lacking: the keys of such rows are noted (`records.unread`), and where no key can be
made the snapshot does not speak for the unit of that row.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, and_, delete, func, insert, literal, null, or_, select

from data.intake.consequences import settle_all
from data.intake.settling import is_unread
from data.intake.staging import StagedSheet, Staging
from data.intake.working import RANK_DAY, Working
from data.records import coverage


def cover(staging: Staging) -> dict[int, int]:
    """Note what the snapshots speak for, and withdraw what they lack. Returns how many rows that are, by file."""
    work, target, staged, lacking = staging.work, staging.target, staging.table, staging.work.lacking
    _note_coverage(staging)
    month = target.c.month if "month" in target.c else null()
    snapshots = [sheet.file for sheet in staging.sheets if sheet.snapshot]
    held = select(staged.c.key).where(staged.c.key == target.c.key, staged.c.file == coverage.c.file)
    keys = (
        select(target.c.key, func.min(coverage.c.file))
        .join(work.alive, work.alive.c.file == target.c.file)
        .join(
            coverage,
            and_(
                coverage.c.file.in_(snapshots),
                coverage.c.layout == work.alive.c.layout,
                or_(coverage.c.source_unit.is_(None), coverage.c.source_unit == target.c.source_unit),
                or_(
                    coverage.c.month_from.is_(None), month.between(coverage.c.month_from, coverage.c.month_to)
                ),
            ),
        )
        .where(target.c.known_to.is_(None), coverage.c.rank > target.c.rank)
        .where(~held.exists(), ~is_unread(target, target.c.key, coverage.c.file))
        .group_by(target.c.key)
    )
    work.records.execute(delete(lacking))
    work.records.execute(insert(lacking).from_select(["key", "file"], keys))
    settle_all(work, {target.name: select(lacking.c.key)})
    gone = (
        select(lacking.c.file, func.count())
        .outerjoin_from(lacking, target, and_(target.c.key == lacking.c.key, target.c.known_to.is_(None)))
        .where(target.c.key.is_(None))
        .group_by(lacking.c.file)
    )
    return dict(map(tuple, work.records.execute(gone)))


def _note_coverage(staging: Staging) -> None:
    """The units and months that occur in a snapshot, but for those of which a refused row could be any row."""
    work, staged, pile = staging.work, staging.table, staging.pile
    months = (func.min(staged.c.month), func.max(staged.c.month)) if "month" in staged.c else (null(), null())
    wholes = [sheet.layout.name for sheet in staging.sheets if sheet.layout.whole]
    spared = [condition for sheet in staging.sheets for condition in _spared(work, staged, sheet)]
    scope = (
        select(
            literal(staging.target.name),
            pile.c.layout,
            staged.c.source_unit,
            *months,
            pile.c.rank
            - pile.c.rank % RANK_DAY,  # the day alone: files of one day do not withdraw from each other
            literal(staging.batch),
            staged.c.file,
        )
        .join_from(staged, pile, pile.c.file == staged.c.file)
        .where(pile.c.snapshot, pile.c.layout.not_in(wholes), *[~condition for condition in spared])
        .group_by(staged.c.file, pile.c.layout, pile.c.rank, staged.c.source_unit)
    )
    names = ["table_name", "layout", "source_unit", "month_from", "month_to", "rank", "batch", "file"]
    work.records.execute(insert(coverage).from_select(names, scope))
    _note_wholes(staging)


def _note_wholes(staging: Staging) -> None:
    """What is always written as a whole speaks for everything, on the day of its forerunner too."""
    wholes = [sheet for sheet in staging.sheets if sheet.layout.whole and not sheet.unplaced]
    rows = [
        {
            "table_name": staging.target.name,
            "layout": sheet.layout.name,
            "rank": sheet.rank,
            "batch": staging.batch,
            "file": sheet.file,
        }
        for sheet in wholes
    ]
    if rows:
        staging.work.records.execute(insert(coverage), rows)


def _spared(work: Working, staged: Table, sheet: StagedSheet) -> list[ColumnElement[bool]]:
    """Which rows of a sheet it cannot speak for: conditions that are never NULL."""
    if not sheet.unplaced:
        return []
    mine = staged.c.file == sheet.file
    if None in sheet.unplaced:  # a refused row could be anyone's
        return [mine]
    units = work.units.known(sheet.layout.system, sheet.unplaced)
    return [and_(mine, func.coalesce(staged.c.source_unit.in_(units), True))]
