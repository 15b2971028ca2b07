"""The door of the intake: files in, one batch of rows in the records, and a report of every row.

The whole import is one change of the store: killed at any moment, nothing of it is in force.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
from sqlalchemy import func, insert, literal, select, update

from data.installation import Installation
from data.intake.findings import FLAG, REJECT, WAIT, Finding, UnreadableError
from data.intake.layouts import Layout, load_layouts
from data.intake.merging import NEVER_WAIT, merge
from data.intake.reading import SUFFIXES, Sheet, SourceFile, open_source
from data.intake.report import FileReport, ImportReport
from data.intake.rows import RowMaker
from data.intake.rules import read_limits
from data.intake.settling import PERSON
from data.intake.sheets import SheetReader, read_sheet
from data.intake.staging import Staging
from data.intake.working import Working, rank_of
from data.records import RECORDS, batch, problem, source_file
from data.records import source_unit as source_units
from data.store import Store, bulk_insert

Progress = Callable[[str, int, int], None]

HEALTH_RECORD = RECORDS["health_record"]
# What others refer to is read first, so that few rows have to be settled twice. The result does not depend on it.
_ORDER = ("unit", "place", "population", "person", "health_record")
_KEPT_ORIGINALS = "received"  # folder of the installation: originals of files with refused rows


def import_files(
    store: Store,
    installation: Installation,
    paths: Iterable[Path],
    *,
    by: str,
    progress: Progress | None = None,
    snapshot: bool = False,
) -> ImportReport:
    """Import files, or folders of them, as one batch.

    `snapshot`: the files are whole exports; rows of their units and months that they lack are withdrawn.
    `progress(step, done, total)`: called after each chunk, with bytes of all files.
    """
    files = list(_files(paths))
    layouts = list(load_layouts(installation.folder).values())
    with store.change("records", "identity") as draft:
        work = Working(draft, installation, "import", by)
        run = _Import(
            work, installation, layouts, files, snapshot, progress or (lambda step, done, total: None)
        )
        return run.run()


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        path = Path(path)
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.is_file() and _is_source(p.relative_to(path)))
            yield from sorted(inside)
        else:
            yield path


def _is_source(path: Path) -> bool:
    """A file of a folder that may hold rows: not what a spreadsheet leaves while open, not notes about the files.

    `path` is relative to the folder that was named: how that one is called does not matter.
    """
    return path.suffix.lower() in SUFFIXES and not any(
        part.startswith((".", "_", "~$")) for part in path.parts
    )


class _Import:
    def __init__(
        self,
        work: Working,
        installation: Installation,
        layouts: list[Layout],
        files: list[Path],
        snapshot: bool,
        progress: Progress,
    ) -> None:
        self.work, self.installation, self.layouts, self.files = work, installation, layouts, files
        self.snapshot, self.progress = snapshot, progress
        self.limits = read_limits(installation.folder)
        self.batch = work.highest(batch.c.batch) + 1
        self.total = sum(path.stat().st_size for path in files)
        self.done = 0
        self.reports: list[FileReport] = []

    def run(self) -> ImportReport:
        work = self.work
        work.records.execute(insert(batch).values(batch=self.batch, at=work.at, by=work.by))
        work.note_batch(self.batch)
        readers: list[tuple[SourceFile, SheetReader]] = []
        for path in self.files:
            readers += self._open(path)
        readers.sort(key=lambda pair: _place(pair[1].header.layout.table))
        for source, reader in readers:
            self._read(source, reader)
            work.pass_on()
        return ImportReport(self.batch, work.event, self.reports)

    # -- opening

    def _open(self, path: Path) -> list[tuple[SourceFile, SheetReader]]:
        """The readable sheets of a file; whatever cannot be read is noted and reported."""
        try:
            source = open_source(path)
        except UnreadableError as error:
            self._note_unreadable(path.name, None, "", error.rule)
            return []
        found, failed = [], []
        for sheet in source.sheets:
            try:
                found.append((source, read_sheet(sheet, self.layouts, path.name)))
            except UnreadableError as error:
                failed.append((sheet, error.rule))
        for sheet, rule in failed:
            if self._worth_a_word(sheet, rule, bool(found)):
                self._note_unreadable(path.name, sheet.name, source.sha256, rule)
        return found

    @staticmethod
    def _worth_a_word(sheet: Sheet, rule: str, others: bool) -> bool:
        """Empty and hidden helper sheets beside a good one are no finding."""
        return not (others and (rule == "sheet_empty" or sheet.hidden))

    def _note_unreadable(self, name: str, sheet: str | None, sha256: str, rule: str) -> None:
        report = FileReport(self._next_file(), name, sheet, problem=rule)
        self._write_file(report, sha256)
        self._write_problems(report, [Finding(0, None, None, rule, REJECT)])
        self.reports.append(report)

    def _next_file(self) -> int:
        return self.work.highest(source_file.c.file) + 1

    # -- reading

    def _read(self, source: SourceFile, reader: SheetReader) -> None:
        work, layout = self.work, reader.header.layout
        report = FileReport(
            self._next_file(),
            source.path.name,
            reader.sheet.name,
            layout.name,
            layout.words,
            source.encoding,
            unknown=reader.header.unknown,
        )
        self.reports.append(report)
        if self._is_known(report, source):
            return
        self._write_file(report, source.sha256)
        work.refresh_alive()
        staging = Staging(work, layout, self.batch, report.file)
        report.snapshot = self._is_snapshot(reader, source)
        self._stage(report, source, reader, staging)
        report.read, report.set_aside = reader.rows_read, reader.rows_set_aside
        report.made_on = reader.made_on(source.path.stem)
        made = report.made_on or work.at.date()
        rank = rank_of(made.toordinal(), self.batch, layout.precedence)
        self.progress(f"{source.path.name}", self.done, self.total)
        report.account = merge(staging, rank, snapshot=report.snapshot)
        self._explain_spared(report, staging)
        self._flag_dates(report, layout)
        self._explain_waiting(report, layout)
        self._write_file(report, source.sha256)
        if report.rejected or report.flagged:
            self._keep_original(source)

    def _is_known(self, report: FileReport, source: SourceFile) -> bool:
        """A file read before whose rows count: noted, not read again."""
        sheet = source_file.c.sheet.is_not_distinct_from(report.sheet)
        row = self.work.records.execute(
            select(source_file)
            .join(self.work.alive, self.work.alive.c.file == source_file.c.file)
            .where(source_file.c.sha256 == source.sha256, source_file.c.layout == report.layout, sheet)
            .where(source_file.c.same_as.is_(None))
            .limit(1)
        ).first()
        if row is None or (self.snapshot and not row.snapshot):
            return False
        report.same_as, report.made_on, report.snapshot = row.file, row.made_on, row.snapshot
        report.read, report.rejected, report.set_aside = row.rows_read, row.rows_rejected, row.rows_set_aside
        report.account.unchanged = row.rows_read - row.rows_rejected - row.rows_set_aside
        self._write_file(report, source.sha256)
        self.done += source.path.stat().st_size
        return True

    def _stage(self, report: FileReport, source: SourceFile, reader: SheetReader, staging: Staging) -> None:
        maker = RowMaker(reader.header, self.work.hasher, self.limits, self.work.at.date())
        size = source.path.stat().st_size
        before = self.done
        for chunk in reader.chunks(self.installation.config.intake_chunk_rows):
            rows, findings, refused = maker.make(chunk)
            staging.add(rows)
            report.rejected += refused.count
            if report.snapshot:
                staging.spare(refused)
            report.flagged += sum(finding.severity == FLAG for finding in findings)
            self._write_problems(report, findings)
            self.work.pass_on()
            self.done = before + int(size * reader.sheet.rows.fraction)
            self.progress(source.path.name, self.done, self.total)
        self.done = before + size

    def _is_snapshot(self, reader: SheetReader, source: SourceFile) -> bool:
        layout = reader.header.layout
        words = " ".join([source.path.stem, reader.sheet.name or "", *reader.titles]).lower()
        return self.snapshot or layout.snapshot or any(word.lower() in words for word in layout.snapshot_when)

    # -- after the merge

    def _explain_spared(self, report: FileReport, staging: Staging) -> None:
        """One line for each unit of a snapshot that withdraws nothing: a refused row could be any row of it."""
        findings = [
            Finding(line, "unit", code, "snapshot_withdraws_nothing", FLAG)
            for code, line in staging.unplaced.items()
        ]
        report.flagged += len(findings)
        self._write_problems(report, findings)

    def _flag_dates(self, report: FileReport, layout: Layout) -> None:
        """Services before a birth or after a death, as far as the master is known."""
        table = RECORDS[layout.table]
        if not table.info["person"] or "day" not in table.c:
            return
        deaths = (
            select(HEALTH_RECORD.c.person, func.min(HEALTH_RECORD.c.died_on).label("died_on"))
            .where(HEALTH_RECORD.c.known_to.is_(None), HEALTH_RECORD.c.died_on.is_not(None))
            .group_by(HEALTH_RECORD.c.person)
            .subquery()
        )
        master = (PERSON.c.person == table.c.person) & PERSON.c.known_to.is_(None)
        rows = table.join(PERSON, master).outerjoin(deaths, deaths.c.person == table.c.person)
        for wrong, rule in (
            (table.c.day < PERSON.c.born_on, "before_birth"),
            (table.c.day > func.coalesce(PERSON.c.died_on, deaths.c.died_on), "after_death"),
        ):
            found = select(
                literal(self.batch),
                literal(report.file),
                literal(report.sheet),
                table.c.line,
                literal("day"),
                func.cast(table.c.day, problem.c.value.type),
                literal(rule),
                literal(FLAG),
            ).select_from(rows)
            found = found.where(
                wrong,
                table.c.file == report.file,
                table.c.known_from == self.work.event,
                table.c.known_to.is_(None),
            )
            names = [column.name for column in problem.c]
            self.work.records.execute(insert(problem).from_select(names, found))
            counted = select(func.count()).select_from(problem)
            report.flagged += self.work.records.execute(
                counted.where(problem.c.file == report.file, problem.c.rule == rule)
            ).scalar_one()

    def _explain_waiting(self, report: FileReport, layout: Layout) -> None:
        """One line for each unit code that is not mapped, and one for all unknown persons."""
        table = RECORDS[layout.table]
        if not report.account.waiting or layout.table in NEVER_WAIT:
            return
        mine = (
            table.c.file == report.file,
            table.c.known_from == self.work.event,
            table.c.known_to.is_(None),
        )
        findings = [
            Finding(row.line, "unit", row.code, "unit_unmapped", WAIT)
            for row in self.work.records.execute(
                select(func.min(table.c.line).label("line"), source_units.c.code)
                .join(source_units, source_units.c.source_unit == table.c.source_unit)
                .where(*mine, table.c.unit.is_(None))
                .group_by(source_units.c.code)
                .order_by(source_units.c.code)
            )
        ]
        if table.info["person"]:
            known = (
                select(PERSON.c.person)
                .where(PERSON.c.person == table.c.person, PERSON.c.known_to.is_(None))
                .exists()
            )
            line, persons = self.work.records.execute(
                select(func.min(table.c.line), func.count(table.c.person.distinct())).where(*mine, ~known)
            ).one()
            if persons:
                findings.append(Finding(line, "person", str(persons), "person_waiting", WAIT))
        self._write_problems(report, findings)

    # -- bookkeeping

    def _write_problems(self, report: FileReport, findings: list[Finding]) -> None:
        if not findings:
            return
        count = len(findings)
        rows = {
            "batch": pa.repeat(self.batch, count),
            "file": pa.repeat(report.file, count),
            "sheet": pa.array([report.sheet] * count, pa.string()),
            "line": [finding.line for finding in findings],
            "column_name": pa.array([finding.column for finding in findings], pa.string()),
            "value": pa.array([finding.value for finding in findings], pa.string()),
            "rule": [finding.rule for finding in findings],
            "severity": [finding.severity for finding in findings],
        }
        bulk_insert(self.work.records, problem, pa.table(rows))

    def _write_file(self, report: FileReport, sha256: str) -> None:
        """Insert the file's row, or bring its counts up to date."""
        account = report.account
        values = {
            "batch": self.batch,
            "name": report.name,
            "sheet": report.sheet,
            "sha256": sha256,
            "layout": report.layout,
            "made_on": report.made_on,
            "snapshot": report.snapshot,
            "encoding": report.encoding,
            "rows_read": report.read,
            "rows_new": account.new,
            "rows_replaced": account.replaced,
            "rows_unchanged": account.unchanged,
            "rows_waiting": account.waiting,
            "rows_rejected": report.rejected,
            "rows_set_aside": report.set_aside,
            "rows_withdrawn": account.withdrawn,
            "same_as": report.same_as,
        }
        this = source_file.c.file == report.file
        if self.work.records.execute(select(source_file.c.file).where(this)).first():
            self.work.records.execute(update(source_file).where(this).values(**values))
        else:
            self.work.records.execute(insert(source_file).values(file=report.file, **values))

    def _keep_original(self, source: SourceFile) -> None:
        """Refused rows go back in the original file: it must still be there when someone asks."""
        folder = self.installation.folder / _KEPT_ORIGINALS
        folder.mkdir(mode=0o700, exist_ok=True)
        kept = original_path(self.installation, source.sha256, source.path.name)
        if not kept.exists():
            part = kept.with_name(kept.name + ".part")
            shutil.copyfile(source.path, part)
            part.replace(kept)


def original_path(installation: Installation, sha256: str, name: str) -> Path:
    """Where the original of a file with refused rows is kept."""
    return installation.folder / _KEPT_ORIGINALS / f"{sha256}{Path(name).suffix.lower()}"


def _place(table: str) -> int:
    return _ORDER.index(table) if table in _ORDER else len(_ORDER)
