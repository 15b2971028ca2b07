"""What can only be said once a pile of sheets is merged: services out of a life, rows that wait, snapshots held back."""

from __future__ import annotations

from sqlalchemy import String, and_, cast, func, insert, literal, select

from data.intake.book import Book
from data.intake.findings import FLAG, WAIT, Finding
from data.intake.masking import cut
from data.intake.merging import NEVER_WAIT
from data.intake.report import FileReport
from data.intake.settling import PERSON
from data.intake.staging import Staging
from data.records import RECORDS, problem, source_unit

_HEALTH_RECORD = RECORDS["health_record"]
Reports = dict[int, FileReport]  # by number of the file


def explain(staging: Staging, book: Book, reports: Reports) -> None:
    """Note all of it, and count what was flagged in the reports."""
    _explain_spared(staging, book, reports)
    _flag_dates(staging, reports)
    _explain_waiting(staging, book, reports)


def _explain_spared(staging: Staging, book: Book, reports: Reports) -> None:
    """One line for each unit of a snapshot that withdraws nothing: a refused row could be any row of it."""
    for sheet in staging.sheets:
        findings = [
            Finding(line, "unit", cut(code), "snapshot_withdraws_nothing", FLAG)
            for code, line in sheet.unplaced.items()
        ]
        reports[sheet.file].flagged += len(findings)
        book.note(reports[sheet.file], findings)


def _flag_dates(staging: Staging, reports: Reports) -> None:
    """Services before a birth or after a death, as far as the master is known."""
    work, table, pile = staging.work, staging.target, staging.pile
    if not table.info["person"] or "day" not in table.c:
        return
    deaths = (
        select(_HEALTH_RECORD.c.person, func.min(_HEALTH_RECORD.c.died_on).label("died_on"))
        .where(_HEALTH_RECORD.c.known_to.is_(None), _HEALTH_RECORD.c.died_on.is_not(None))
        .group_by(_HEALTH_RECORD.c.person)
        .subquery()
    )
    master = and_(PERSON.c.person == table.c.person, PERSON.c.known_to.is_(None))
    rows = table.join(pile, pile.c.file == table.c.file).join(PERSON, master)
    rows = rows.outerjoin(deaths, deaths.c.person == table.c.person)
    wrong = {
        "before_birth": table.c.day < PERSON.c.born_on,
        "after_death": table.c.day > func.coalesce(PERSON.c.died_on, deaths.c.died_on),
    }
    for rule, condition in wrong.items():
        found = select(
            literal(staging.batch),
            table.c.file,
            pile.c.sheet,
            table.c.line,
            literal("day"),
            cast(table.c.day, String),
            literal(rule),
            literal(FLAG),
        )
        found = found.select_from(rows).where(condition, *_brought(staging))
        work.records.execute(insert(problem).from_select([column.name for column in problem.c], found))
    counted = (
        select(problem.c.file, func.count())
        .join(pile, pile.c.file == problem.c.file)
        .where(problem.c.rule.in_(wrong))
        .group_by(problem.c.file)
    )
    for file, times in work.records.execute(counted):
        reports[file].flagged += times


def _explain_waiting(staging: Staging, book: Book, reports: Reports) -> None:
    """One line for each unit code that is not mapped, and one for all unknown persons of a file."""
    work, table, pile = staging.work, staging.target, staging.pile
    if table.name in NEVER_WAIT or not any(report.account.waiting for report in reports.values()):
        return
    mine = table.join(pile, pile.c.file == table.c.file)
    unmapped = (
        select(table.c.file, source_unit.c.code, func.min(table.c.line))
        .select_from(mine.join(source_unit, source_unit.c.source_unit == table.c.source_unit))
        .where(table.c.unit.is_(None), *_brought(staging))
        .group_by(table.c.file, source_unit.c.code)
        .order_by(table.c.file, source_unit.c.code)
    )
    for file, code, line in work.records.execute(unmapped):
        book.note(reports[file], [Finding(line, "unit", cut(code), "unit_unmapped", WAIT)])
    if not table.info["person"]:
        return
    known = select(PERSON.c.person).where(PERSON.c.person == table.c.person, PERSON.c.known_to.is_(None))
    unknown = (
        select(table.c.file, func.min(table.c.line), func.count(table.c.person.distinct()))
        .select_from(mine)
        .where(~known.exists(), *_brought(staging))
        .group_by(table.c.file)
        .order_by(table.c.file)
    )
    for file, line, persons in work.records.execute(unknown):
        book.note(reports[file], [Finding(line, "person", str(persons), "person_waiting", WAIT)])


def _brought(staging: Staging) -> tuple:
    """Conditions: put in force by this import and still so."""
    table = staging.target
    return table.c.known_from == staging.work.event, table.c.known_to.is_(None)
