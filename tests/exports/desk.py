"""What papers of the sample demo are made from: its figures, and a register with rounds and findings of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, select

from data.installation import Installation, make_installation
from data.register import Register, open_register
from data.register.book import FILE
from data.register.tables import appraisal_result
from data.store import open_store
from exports.papers import Desk
from metrics import figures
from metrics.appraisal import rounds
from metrics.appraisal.material import standing
from metrics.appraisal.scoring import Entry
from metrics.appraisal.sheet import Method, sheets_in_force
from metrics.principal import LOCAL, Principal
from metrics.supervision import findings
from tests.exports.material import DECEMBER

SEPTEMBER = DECEMBER - 3
TODAY = date(2025, 12, 31)
#: What was found: (place of the unit among stations and clinics, kind, severity, day, by when, what).
FOUND = [
    (0, "sup_drugs", "high", date(2025, 12, 1), date(2025, 12, 4), "缺少急救药品"),
    (0, "sup_board", "low", date(2025, 12, 1), date(2025, 12, 4), "=宣传资料未上墙"),
    (1, "sup_followup", "middle", date(2025, 12, 29), date(2026, 1, 4), "随访不及时"),
    (1, "sup_drugs", "low", date(2025, 11, 3), date(2025, 11, 6), "药品过期"),
]


@dataclass(frozen=True)
class Material:
    """The demo's figures with a register: number of the rounds, and of the findings in the order of FOUND."""

    demo: Installation
    register: Register
    register_file: Path
    rounds: tuple[int, int]
    found: tuple[int, ...]

    @contextmanager
    def desk(self, language: str = "zh", kind: str = "bureau", by: Principal = LOCAL) -> Iterator[Desk]:
        """At the first unit of a kind, in December."""
        store = open_store(self.demo)
        try:
            with store.published() as published, self.register.reading() as register:
                tree = figures.units(LOCAL, published)
                unit = int(tree.loc[tree["kind"] == kind, "unit"].iloc[0])
                yield Desk(by, published, register, unit, DECEMBER, language)
        finally:
            store.close()


def fill(demo: Installation, folder: Path) -> Material:
    """Two published rounds of centres, a draft of clinics, and four findings of which one is closed."""
    register = open_register(make_installation(folder, kind="demo"))
    file = folder / FILE
    store = open_store(demo)
    try:
        with store.published() as published, store.records() as records, register.writing() as book:
            numbers = tuple(_appraise(book, published, records, month) for month in (SEPTEMBER, DECEMBER))
            (clinics,) = sheets_in_force("clinic", DECEMBER)[:1]
            rounds.open_round(LOCAL, book, clinics, DECEMBER, "quarter")
            return Material(demo, register, file, numbers, _find(book, published))
    finally:
        store.close()


def _appraise(book: Connection, published: Connection, records: Connection, month: int) -> int:
    """What figures do not decide gets 7 to 9 tenths of its points, by the unit's number."""
    (sheet,) = sheets_in_force("centre", month)[:1]
    number = rounds.open_round(LOCAL, book, sheet, month, "quarter")
    told = {}
    for (unit, staff_no), score in standing(
        rounds.material(LOCAL, book, published, records, number)
    ).scores.items():
        for key in score.open_items:
            item = sheet.item(key)
            if item.method is Method.VETO:
                entry = Entry(applies=False, note="现场核查")
            elif item.method is Method.YES_NO:
                entry = Entry(points=item.weight, note="现场核查")
            else:
                entry = Entry(points=item.weight * (7 + unit % 3) // 10, note="现场核查")
            told[unit, staff_no, key] = entry
    rounds.save_entries(LOCAL, book, number, told)
    rounds.publish(LOCAL, book, published, records, number, 1)
    return number


def _find(book: Connection, published: Connection) -> tuple[int, ...]:
    tree = figures.units(LOCAL, published)
    below = tree.loc[tree["kind"].isin(["station", "clinic"]), "unit"].tolist()
    found = tuple(
        findings.issue(
            LOCAL,
            book,
            int(below[place]),
            kind,
            severity,
            what,
            issued_on=day,
            due_on=due,
            demand="立即整改",
            today=TODAY,
        )
        for place, kind, severity, day, due, what in FOUND
    )
    version = findings.record(
        LOCAL, book, found[-1], 1, measure="已更换", effect="合格", on=date(2025, 11, 5), today=TODAY
    )
    findings.recheck(LOCAL, book, found[-1], version, mended=True, on=date(2025, 11, 6), today=TODAY)
    return found


def shown_points(register: Connection, number: int) -> dict[int, int]:
    """unit -> points of a round as the register tells the public: cut down alike, without those that even so would tell."""
    rows = register.execute(select(appraisal_result).where(appraisal_result.c.round == number)).fetchall()
    step = max((row.step for row in rows), default=1)
    return {row.unit: row.points // step * step for row in rows if row.step}
