"""The one place where pages, papers and commands write the log: who did what, before it is given or stands.

Whoever cannot be written down gets nothing: NotLoggedError ends what was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from data.access import audit
from data.access.audit import Who
from data.intake.report import ImportReport
from data.register import Register
from data.register.tables import appeal, finding, history, marked_event, verification, visit
from data.small_database import DatabaseBusyError, SmallDatabase
from metrics.principal import Principal

NOT_LOGGED = (
    "日志无法写入（正忙，或磁盘已满），所以没有执行。请稍后再试；多次失败请告知系统管理员。"
    "The log cannot be written (busy, or the disk is full), so nothing was done or given. Try again; tell the "
    "administrator when it fails again."
)
#: Table of the register -> what an edit of it is called in the log.
KIND_OF = {
    "appraisal_round": "score",
    "appraisal_entry": "score",
    "appraisal_result": "score",
    "appeal": "score",
    "settlement": "funds",
    "visit": "supervision",
    "finding": "supervision",
    "verification": "verify",
    "verification_person": "verify",
    "marked_event": "event",
}
_WITH_UNIT = {table.name: table for table in (finding, visit, appeal, marked_event, verification)}


class NotLoggedError(Exception):
    """What was asked for cannot be written down, so it is not given; the message says so in both languages."""

    def __init__(self) -> None:
        super().__init__(NOT_LOGGED)


def who_of(principal: Principal) -> Who:
    """How somebody stands in the log."""
    return Who(principal.name, principal.role, principal.address)


def note(log: SmallDatabase, principal: Principal, what: str, about: Mapping[str, Any]) -> int:
    """Append an entry (``what``: one of ``audit.KINDS``); gives its number. Raises NotLoggedError.

    ``about`` holds codes and numbers: indicator, unit, month, how many; never a resident's name or number.
    """
    with _written():
        return audit.write(log, who_of(principal), what, about)


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except (DatabaseBusyError, SQLAlchemyError, OSError) as error:
        raise NotLoggedError from error


# -- edits of the register ---------------------------------------------------------------------------


class LoggedRegister:
    """A register of which every edit is in the log before it stands. Its own history says what was changed."""

    def __init__(self, register: Register, log: SmallDatabase, principal: Principal) -> None:
        self._register, self._log, self._principal = register, log, principal
        self.reading = register.reading

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """As the register's own; raises NotLoggedError, and nothing stands, when the log cannot be written."""
        with self._register.writing() as connection:
            before = connection.execute(select(func.max(history.c.entry))).scalar() or 0
            yield connection
            for kind, about in _edits(connection, before):
                note(self._log, self._principal, kind, about)


def _edits(connection: Connection, before: int) -> list[tuple[str, dict[str, Any]]]:
    """An entry for each kind of edit after a line of the history: what, how often, and where the history tells it."""
    rows = connection.execute(select(history).where(history.c.entry > before).order_by(history.c.entry))
    groups: dict[tuple[str, str], list] = {}
    for row in rows:
        groups.setdefault((row.of, row.action), []).append(row)
    found = []
    for (of, action), same in groups.items():
        about: dict[str, Any] = {"of": of, "did": action, "history": [same[0].entry, same[-1].entry]}
        if len(same) > 1:
            about["n"] = len(same)
        about |= _place(connection, of, same)
        found.append((KIND_OF[of], about))
    return found


def _place(connection: Connection, of: str, rows: list) -> dict[str, Any]:
    """What was edited, by number, and of which unit, where all the edits are of one. Nobody's staff number."""
    parts = [row.key.split("/") for row in rows]
    found: dict[str, Any] = {}
    if of in ("appraisal_entry", "appraisal_result"):
        numbers, units = {one[0] for one in parts}, {int(one[1]) for one in parts}
        found["round"] = int(min(numbers))
    else:
        numbers, units = {one[0] for one in parts}, set()
        if len(numbers) == 1:
            found["number"] = int(min(numbers))
        if of in _WITH_UNIT:
            table = _WITH_UNIT[of]
            (key,) = table.primary_key.columns
            units = set(connection.execute(select(table.c.unit).where(key.in_(map(int, numbers)))).scalars())
    if of == "appraisal_round" and len(numbers) == 1:
        found = {"round": found["number"]}
    if len(units) == 1:
        found["unit"] = units.pop()
    return found


# -- imports -----------------------------------------------------------------------------------------


def importing(log: SmallDatabase, principal: Principal, **more: Any) -> Callable[[ImportReport], None]:
    """What an import calls before it stands (``data.intake.importing``): what came in, by batch.

    Approved populations are what rates are divided by: they are an entry of their own.
    """

    def noted(report: ImportReport) -> None:
        counts = {
            "rows": sum(file.read for file in report.files),
            "new": sum(file.account.new for file in report.files),
            "replaced": sum(file.account.replaced for file in report.files),
            "rejected": sum(file.rejected for file in report.files),
        }
        layouts = sorted({file.layout for file in report.files if file.layout})
        about = {"batch": report.batch, "files": len(report.files), "layouts": layouts, **counts, **more}
        note(log, principal, "import", about)
        populations = [file.account for file in report.files if _is_population(file.layout)]
        changed = sum(one.new + one.replaced + one.withdrawn for one in populations)
        if changed:
            note(log, principal, "denominator", {"batch": report.batch, "rows": changed})

    return noted


def _is_population(layout: str | None) -> bool:
    return layout is not None and layout.endswith(".population")


# -- what an entry is about --------------------------------------------------------------------------


def plain(about: Mapping[str, Any]) -> str:
    """What an entry is about, as it is kept: for files and for whoever asks the database."""
    return json.dumps(about, ensure_ascii=False, sort_keys=True)
