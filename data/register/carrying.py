"""From the register into the records: what people wrote is counted by the same rules as what systems deliver.

Each record table that the register feeds gets one file of its layout ``register.<table>``, always whole, so that what
no longer stands in the register is withdrawn. It goes through the intake like any other file and stands in the book
of imports. The file's name holds a digest of its rows: while the newest one in force says the same, nothing is done.
Whoever takes such a batch back gets it again with the next build: what is to go must go from the register.
"""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from data import records
from data.installation import Installation
from data.intake.importing import import_files
from data.intake.layouts import Layout, LayoutColumn, load_layouts
from data.register.tables import finding, visit
from data.store import Store

Row = Mapping[str, Any]  # column of the record table -> value; "no" and the unit's number among them
TABLES = ("inspection", "finding", "appraisal", "appraisal_item", "money")
BY = "register"
_NUMBER = "key.no"
# Digits in a file's name or title could be read as the day on which the file was made.
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def carry(store: Store, installation: Installation, rows: Mapping[str, Iterable[Row]], by: str = BY) -> bool:
    """Bring the records to what ``rows`` say (record table -> its rows); whether anything had changed.

    Raises StoreError when another import or build is under way.
    """
    changed = _changed(store, installation, rows)
    if not changed:
        return False
    folder = Path(tempfile.mkdtemp(prefix="jiceng-register-"))
    try:
        for name, text in changed.items():
            # No two files are the same byte for byte: one that was read before would change nothing.
            mark = uuid.uuid4().hex.translate(_LETTERS)
            title = f"由登记库写入 · written from the register · {mark}\r\n"
            (folder / name).write_text(title + text, "utf-8", newline="")
        import_files(store, installation, [folder / name for name in changed], by=by)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return True


def _changed(store: Store, installation: Installation, rows: Mapping[str, Iterable[Row]]) -> dict[str, str]:
    """Name -> text of the files that the records lack."""
    if store.generation() == 0:
        return {}  # no units yet: nobody has anything
    layouts = load_layouts(installation.folder)
    found = {}
    with store.records() as connection:
        codes = _codes(connection)
        for table in TABLES:
            text, count = _text(layouts[f"register.{table}"], rows.get(table, ()), codes)
            name = f"register-{table}-{_digest(text)}.csv"
            before = _carried(connection, table)
            if before != name and (count or before is not None):
                found[name] = text
    return found


def supervision_rows(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Rows of inspection (visits that were made) and finding (all but those issued by mistake)."""
    made = connection.execute(select(visit).where(visit.c.state == "done")).mappings()
    found = connection.execute(select(finding).where(finding.c.state != "withdrawn")).mappings()
    return {
        "inspection": [
            {
                "no": row["visit"],
                "unit": row["unit"],
                "kind": row["kind"],
                "day": row["done_on"],
                "announced": row["announced"],
                "recorded": bool((row["account"] or "").strip()),
            }
            for row in made
        ],
        "finding": [
            {
                "no": row["finding"],
                "unit": row["unit"],
                "kind": row["kind"],
                "day": row["issued_on"],
                "severity": row["severity"],
                "due_on": row["due_on"],
                "recorded_on": row["recorded_on"],
                "closed_on": row["closed_on"],
                "outcome": _outcome(row),
            }
            for row in found
        ],
    }


def _outcome(row: Row) -> str | None:
    if row["state"] == "closed":
        return "closed_down" if row["escalation"] == "closed_down" else "mended"
    return "escalated" if row["state"] == "escalated" else None


def _codes(connection: Connection) -> dict[int, str]:
    """unit -> the code that the register of organisations gives it, or gave it last."""
    unit = records.unit
    rows = connection.execute(select(unit.c.unit, unit.c.code).order_by(unit.c.known_from))
    return {number: code for number, code in rows if number is not None}


def _carried(connection: Connection, table: str) -> str | None:
    """The name of the newest file of a table that is in force."""
    file, batch = records.source_file, records.batch
    return connection.execute(
        select(file.c.name)
        .join(batch, batch.c.batch == file.c.batch)
        .where(file.c.layout == f"register.{table}", batch.c.undone_by.is_(None))
        .order_by(file.c.file.desc())
        .limit(1)
    ).scalar()


def _text(layout: Layout, rows: Iterable[Row], codes: Mapping[int, str]) -> tuple[str, int]:
    """A layout's file without its title, and how many rows it has: the same rows give the same text."""
    columns = list(layout.columns)
    lines = [[_cell(layout, column, row, codes) for column in columns] for row in rows]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.label for column in columns])
    writer.writerows(sorted(lines))
    return out.getvalue(), len(lines)


def _cell(layout: Layout, column: LayoutColumn, row: Row, codes: Mapping[int, str]) -> str:
    (target,) = column.to
    value = row.get("no" if target == _NUMBER else target)
    if value is None:
        return ""
    if target == "unit":
        return codes.get(value, str(value))
    if column.type == "code":
        listed = any(code.value == value for code in column.codes)
        return column.code_of(value) if listed or not column.open else str(value)
    if column.type == "month":
        return f"{value // 12}-{value % 12 + 1:02}"
    if column.type == "money":
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02}"
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    return str(value)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest().translate(_LETTERS)[:24]
