"""The door of the intake: files in, one batch of rows in the records, and a report of every row.

The whole import is one change of the store: killed at any moment, nothing of it is in force.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy import insert

from data.installation import Installation
from data.intake.aftermath import explain
from data.intake.book import Book
from data.intake.findings import FLAG, REJECT, Finding, UnreadableError
from data.intake.layouts import Layout, load_layouts
from data.intake.merging import merge
from data.intake.probing import unsound
from data.intake.reading import SUFFIXES, Sheet, SourceFile, is_book, open_source
from data.intake.report import FileReport, ImportReport
from data.intake.rows import RowMaker
from data.intake.rules import read_limits
from data.intake.sheets import SheetReader, read_sheet
from data.intake.staging import StagedSheet, Staging
from data.intake.working import Working, rank_of
from data.records import RECORDS, batch
from data.store import Store

Progress = Callable[[str, int, int], None]

# What others refer to is read first, so that few rows have to be settled twice. The result does not depend on it.
_ORDER = ("unit", "place", "population", "person", "health_record")
_PILE = 200_000  # rows of small files that are merged together


def import_files(
    store: Store,
    installation: Installation,
    paths: Iterable[Path],
    *,
    by: str,
    progress: Progress | None = None,
    snapshot: bool = False,
    keep: bool = True,
    noted: Callable[[ImportReport], None] = lambda report: None,
) -> ImportReport:
    """Import files, or folders of them, as one batch.

    `snapshot`: the files are whole exports; rows of their units and months that they lack are withdrawn.
    `keep`: False only tells what would become of every row.
    `progress(step, done, total)`: called after each chunk, with bytes of all files.
    `noted(report)`: called when all is read and nothing stands yet; an exception from it takes everything back.
    """
    files = list(_files(paths))
    layouts = list(load_layouts(installation.folder).values())
    try:
        with store.change("records", "identity") as draft:
            work = Working(draft, installation, "import", by)
            run = _Import(
                work,
                installation,
                layouts,
                files,
                snapshot,
                progress or (lambda step, done, total: None),
                keep,
            )
            report = run.run()
            if not keep:
                raise _NotKeptError
            noted(report)
            return report
    except _NotKeptError:
        return report


class _NotKeptError(Exception):
    """Takes back a change that was only made to see what would become of it."""


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
        keep: bool,
    ) -> None:
        self.work, self.layouts, self.files = work, layouts, files
        self.snapshot, self.progress, self.keep = snapshot, progress, keep
        self.installation = installation
        self.unsound: frozenset[Path] = frozenset()
        self.chunk_rows = installation.config.intake_chunk_rows
        self.limits = read_limits(installation.folder)
        self.batch = work.highest(batch.c.batch) + 1
        self.book = Book(work, installation, self.batch, self.limits)
        self.total = sum(path.stat().st_size for path in files)
        self.done = 0
        self.reports: list[FileReport] = []
        # Sheets read and not yet merged; all feed one record table.
        self.pile: Staging | None = None
        self.piled: list[tuple[SourceFile, FileReport]] = []

    def run(self) -> ImportReport:
        work = self.work
        work.records.execute(insert(batch).values(batch=self.batch, at=work.at, by=work.by))
        work.note_batch(self.batch)
        readers: list[tuple[SourceFile, SheetReader]] = []
        books = [path for path in self.files if path.suffix.lower() in SUFFIXES and is_book(path)]
        self.unsound = unsound(books, self.installation.config.book_memory)
        for path in self.files:
            readers += self._open(path)
        readers.sort(key=lambda pair: _place(pair[1].header.layout.table))
        for source, reader in readers:
            self._read(source, reader)
        self._merge()
        return ImportReport(self.batch, work.event, self.reports)

    # -- opening

    def _open(self, path: Path) -> list[tuple[SourceFile, SheetReader]]:
        """The readable sheets of a file; whatever cannot be read is noted and reported."""
        try:
            if path in self.unsound:
                raise UnreadableError("book_too_large")
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
        report = FileReport(self.book.next_file(), name, sheet, sha256=sha256, problem=rule)
        self.book.note(report, [Finding(0, None, None, rule, REJECT)])
        self.book.write([report])
        self.reports.append(report)

    # -- reading

    def _read(self, source: SourceFile, reader: SheetReader) -> None:
        """Put a sheet on the pile, unless its rows are known."""
        layout = reader.header.layout
        report = FileReport(
            self.book.next_file(),
            source.path.name,
            reader.sheet.name,
            layout.name,
            layout.words,
            source.encoding,
            sha256=source.sha256,
            rules=self.book.rules_of(layout),
            unknown=reader.header.unknown,
        )
        self.reports.append(report)
        if self._is_piled_up(report, layout):
            self._merge()
        if self.book.recall(report, as_snapshot=self.snapshot):
            self.book.write([report])
            self.done += source.path.stat().st_size
            return
        if self.pile is None:
            self.pile = Staging(self.work, RECORDS[layout.table], self.batch)
        report.snapshot = self._is_snapshot(reader, source)
        sheet = StagedSheet(report.file, report.sheet, layout, report.snapshot)
        self.pile.begin(sheet)
        try:
            self._stage(report, source, reader)
        except UnreadableError as error:
            self._abandon(report, error.rule)
            return
        self.piled.append((source, report))
        report.read, report.set_aside = reader.rows_read, reader.rows_set_aside
        report.made_on = reader.made_on(source.path.stem)
        made = report.made_on or self.work.at.date()
        sheet.rank = rank_of(made.toordinal(), self.batch, layout.precedence)

    def _abandon(self, report: FileReport, rule: str) -> None:
        """A sheet that breaks off on the way: as if it could not be opened, for nobody knows what it would have said."""
        self.pile.abandon()
        if not self.pile.sheets:
            self.pile.drop()
            self.pile = None
        self.book.forget(report)
        report.problem, report.rejected, report.flagged, report.findings = rule, 0, 0, []
        self.book.note(report, [Finding(0, None, None, rule, REJECT)])
        self.book.write([report])

    def _is_piled_up(self, report: FileReport, layout: Layout) -> bool:
        """Whether the pile must be merged before this sheet: it is large, of another table, or holds its twin."""
        if self.pile is None:
            return False
        twin = any((r.sha256, r.sheet) == (report.sha256, report.sheet) for _, r in self.piled)
        return twin or self.pile.count >= _PILE or self.pile.target.name != layout.table

    def _stage(self, report: FileReport, source: SourceFile, reader: SheetReader) -> None:
        maker = RowMaker(reader.header, self.work.hasher, self.limits, self.work.at.date())
        size = source.path.stat().st_size
        before = self.done
        for chunk in reader.chunks(self.chunk_rows):
            rows, findings, refused = maker.make(chunk)
            self.pile.add(rows)
            report.rejected += refused.count
            if report.snapshot:
                self.pile.spare(refused)
            report.flagged += sum(finding.severity == FLAG for finding in findings)
            self.book.note(report, findings)
            if len(chunk.lines) == self.chunk_rows:  # of a small file little is held
                self.work.pass_on()
            self.done = before + int(size * reader.sheet.rows.fraction)
            self.progress(source.path.name, self.done, self.total)
        self.done = before + size

    def _is_snapshot(self, reader: SheetReader, source: SourceFile) -> bool:
        layout = reader.header.layout
        words = " ".join([source.path.stem, reader.sheet.name or "", *reader.titles]).lower()
        return self.snapshot or layout.snapshot or any(word.lower() in words for word in layout.snapshot_when)

    # -- merging

    def _merge(self) -> None:
        """Merge the pile, and complete the accounts of its sheets."""
        if self.pile is None:
            return
        pile, reports = self.pile, {report.file: report for _, report in self.piled}
        self.progress(self.piled[-1][0].path.name, self.done, self.total)
        pile.close()
        for file, account in merge(pile).items():
            reports[file].account = account
        explain(pile, self.book, reports)
        pile.drop()
        self.book.write(list(reports.values()))
        for source, report in self.piled:
            if self.keep and (report.rejected or report.flagged):
                self.book.keep_original(source)
        self.pile, self.piled = None, []
        self.work.pass_on()


def _place(table: str) -> tuple[int, str]:
    """What others refer to first; sheets of one table side by side."""
    return (_ORDER.index(table) if table in _ORDER else len(_ORDER)), table
