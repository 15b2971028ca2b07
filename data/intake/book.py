"""The book of one import: which files were read, what was wrong in them, and whether a file is known already."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import pyarrow as pa
from sqlalchemy import delete, insert, select

from data import originals
from data.installation import Installation
from data.intake.findings import Finding
from data.intake.layouts import Layout
from data.intake.reading import SourceFile
from data.intake.report import FileReport
from data.intake.working import Working
from data.records import problem, source_file
from data.store import bulk_insert

_TOLD = 50  # findings of a file that its report carries
_AT_ONCE = 20_000  # findings written together


@dataclass
class Book:
    """Numbers files, and writes them and their findings with as few statements as can be."""

    work: Working
    installation: Installation
    batch: int
    limits: dict[str, tuple[float, float]]
    _last: int = 0
    _read_before: set[str] = field(default_factory=set)  # digests of files
    _findings: list[tuple[FileReport, Finding]] = field(default_factory=list)
    _digests: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = self.work.records.execute(select(source_file.c.file, source_file.c.sha256)).fetchall()
        self._last = max((row.file for row in rows), default=0)
        self._read_before = {row.sha256 for row in rows}

    def next_file(self) -> int:
        self._last += 1
        return self._last

    def note(self, report: FileReport, findings: Sequence[Finding]) -> None:
        """Findings of a file, written with it or when there are many."""
        self._findings += [(report, finding) for finding in findings]
        report.findings += findings[: max(0, _TOLD - len(report.findings))]
        if len(self._findings) >= _AT_ONCE:
            self._write_findings()

    def forget(self, report: FileReport) -> None:
        """Take back what was noted of a file that is not written yet."""
        self._findings = [(about, finding) for about, finding in self._findings if about is not report]
        self.work.records.execute(delete(problem).where(problem.c.file == report.file))

    def write(self, reports: Sequence[FileReport]) -> None:
        """Files whose account is complete."""
        self._write_findings()
        self.work.records.execute(insert(source_file), [self._row(report) for report in reports])
        self._read_before.update(report.sha256 for report in reports)

    def recall(self, report: FileReport, *, as_snapshot: bool) -> bool:
        """Whether the file was read before, byte for byte and by the same rules, and counts: if so, as then."""
        if report.sha256 not in self._read_before:
            return False
        sheet = source_file.c.sheet.is_not_distinct_from(report.sheet)
        row = self.work.records.execute(
            select(source_file)
            .join(self.work.alive, self.work.alive.c.file == source_file.c.file)
            .where(source_file.c.sha256 == report.sha256, source_file.c.layout == report.layout, sheet)
            .where(source_file.c.rules == report.rules, source_file.c.same_as.is_(None))
            .order_by(source_file.c.file.desc())
            .limit(1)
        ).first()
        if row is None or (as_snapshot and not row.snapshot):
            return False
        report.same_as, report.made_on, report.snapshot = row.file, row.made_on, row.snapshot
        report.read, report.rejected, report.set_aside = row.rows_read, row.rows_rejected, row.rows_set_aside
        report.account.unchanged = row.rows_read - row.rows_rejected - row.rows_set_aside
        return True

    def rules_of(self, layout: Layout) -> str:
        """Digest of all that decides how a file of a layout is read: a mended layout or limit changes it."""
        if layout.name not in self._digests:
            said = [_plain(getattr(layout, part.name)) for part in fields(layout) if part.name != "path"]
            text = json.dumps([said, sorted(self.limits.items())], ensure_ascii=False, default=str)
            self._digests[layout.name] = hashlib.sha256(text.encode("utf-8")).hexdigest()
        return self._digests[layout.name]

    def keep_original(self, source: SourceFile) -> None:
        """Refused rows go back in the original file: it must still be there when someone asks."""
        originals.keep(self.installation, self.work.sealer, source.path, source.sha256)

    def _row(self, report: FileReport) -> dict[str, object]:
        account = report.account
        return {
            "file": report.file,
            "batch": self.batch,
            "name": report.name,
            "sheet": report.sheet,
            "sha256": report.sha256,
            "layout": report.layout,
            "rules": report.rules,
            "made_on": report.made_on,
            "snapshot": report.snapshot,
            "encoding": report.encoding,
            "unknown_columns": "、".join(report.unknown) or None,
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

    def _write_findings(self) -> None:
        if not self._findings:
            return
        reports, findings = zip(*self._findings, strict=True)
        rows = {
            "batch": pa.repeat(self.batch, len(findings)),
            "file": [report.file for report in reports],
            "sheet": pa.array([report.sheet for report in reports], pa.string()),
            "line": [finding.line for finding in findings],
            "column_name": pa.array([finding.column for finding in findings], pa.string()),
            "value": pa.array([finding.value for finding in findings], pa.string()),
            "rule": [finding.rule for finding in findings],
            "severity": [finding.severity for finding in findings],
        }
        bulk_insert(self.work.records, problem, pa.table(rows))
        self._findings.clear()


def _plain(part: object) -> object:
    """A part of a layout as JSON can say it, the same in every process."""
    if isinstance(part, frozenset):
        return sorted(part)
    if isinstance(part, tuple):
        return [_plain(element) for element in part]
    if hasattr(part, "__dataclass_fields__"):
        return [_plain(getattr(part, name)) for name in part.__dataclass_fields__]
    return part
