"""An installation of one's own for pages on which people write: few figures, two small sheets, two village doctors."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from data import records
from data.installation import Installation, make_installation
from data.register import Register, open_register
from data.store import open_store
from metrics.appraisal import rounds
from metrics.appraisal.scoring import Entry
from metrics.appraisal.sheet import find
from metrics.cards import CARDS
from metrics.principal import EVERYTHING, LOCAL, Principal
from tests.appraisal.district import doctor
from tests.appraisal.sheets import text_of
from tests.pages import sample
from tests.roles import as_role

SEPTEMBER = 2026 * 12 + 8
OTHER = as_role("王科长", "officer", EVERYTHING, EVERYTHING)
CENTRE = sample.CENTRES[0]
STATION = sample.STATIONS[0]
# By its figure at most 60 points, by hand 40.
UNITS = text_of(
    {
        "control": 'method = "proportional"; weight = 60; card = "htn_control_rate"; baseline = 0.95',
        "plan": 'method = "manual"; weight = 40; text_zh = "看方案。"; text_en = "Look at the plan."',
    },
    {"false": 'method = "veto"'},
    kinds='["centre"]',
)
DOCTORS = text_of({"work": 'method = "manual"; weight = 100'}, subject="doctor", kinds='["station"]').replace(
    'key = "small"', 'key = "doctors"'
)


def make(folder: Path) -> Installation:
    """The installation; its figures are those of the sample, of one card."""
    made = make_installation(folder, kind="own")
    (made.folder / "sheets").mkdir()
    for name, text in (("small", UNITS), ("doctors", DOCTORS)):
        (made.folder / "sheets" / f"{name}.toml").write_text(text, "utf-8")
    store = open_store(made)
    sample.fill(store, {"htn_control_rate": CARDS["htn_control_rate"]}, "own")
    with store.change("records") as draft:
        for number in (1, 2):
            about = dict.fromkeys(("key", "content", "rank", "batch", "file", "line", "known_from"), number)
            row = doctor(STATION, f"d{number}", date(2020, 1, 1))
            draft.records.execute(records.staff.insert().values({"row_id": number, **about, **row}))
    store.close()
    return made


class Book:
    """Edits of the register past the page, as another person makes them."""

    def __init__(self, made: Installation) -> None:
        self.made = made
        self.register: Register = open_register(made)

    def do(self, function, *given, by: Principal = OTHER, **named):
        """One edit."""
        with self.register.writing() as connection:
            return function(by, connection, *given, **named)

    def ask(self, function, *given, by: Principal = LOCAL, **named):
        """One look."""
        with self.register.reading() as connection:
            return function(by, connection, *given, **named)

    def round(self, sheet: str = "small", month: int = SEPTEMBER, points: int | None = None) -> int:
        """A draft of a quarter; with ``points`` everything by hand is scored so, and the round is published."""
        number = self.do(rounds.open_round, find(sheet, "1"), month, "quarter")
        if points is None:
            return number
        item, subjects = ("plan", [(unit, "") for unit in sample.CENTRES])
        if sheet == "doctors":
            item, subjects = ("work", [(STATION, "d1"), (STATION, "d2")])
        for unit, staff_no in subjects:
            self.do(rounds.save_entry, number, unit, staff_no, item, Entry(points=points))
        store = open_store(self.made)
        with store.snapshot() as snapshot, snapshot.published() as figures, snapshot.records() as people:
            self.do(rounds.publish, figures, people, number, 1)
        store.close()
        return number
