"""A district in which everything that belongs to a unit bears the unit's number, so that what is out of scope is found by
looking for words: ``Uxq15`` is the name of unit 15, ``Kxq15`` its code, ``Pxq15`` the surname of its patient, ``Dxq15``
its doctor, ``Wxq15`` whatever was written about its work (visits, findings, scores, appeals, evidence).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
from sqlalchemy import update

from data import identity, records
from data.installation import Installation, make_installation
from data.register import add, add_many, evidence, open_register, tables
from data.store import bulk_insert, create_missing, open_store
from metrics import published
from metrics.appraisal import rounds
from metrics.appraisal.scoring import Entry
from metrics.appraisal.sheet import find
from metrics.cards import CARDS
from metrics.funds import settlements
from metrics.funds.doctors import DoctorLine
from metrics.funds.settling import Line
from metrics.funds.terms import terms_of
from metrics.principal import LOCAL
from metrics.supervision import findings, visits
from tests.appraisal.district import doctor
from tests.names import write_names
from tests.pages import sample
from tests.pages.district import DOCTORS, UNITS
from tests.pages.photos import a_photo
from tests.property.engine import arrow

PERSONS = "htn_control_rate"  # a card with a list of persons, of system S11
THINGS = "post_certificate_rate"  # a card whose list names staff by number
CHOSEN = (PERSONS, THINGS, "sup_monthly")
JUNE, SEPTEMBER, OCTOBER = (2026 * 12 + month for month in (5, 8, 9))
YEAR = 2026

CENTRE, OTHER_CENTRE = 3, 2
CLINIC, SISTER, OTHER_CLINIC = 15, 16, 10  # of CENTRE, of CENTRE, of OTHER_CENTRE
#: Units of which something is in the records and the register.
AT_WORK = (OTHER_CENTRE, CENTRE, OTHER_CLINIC, CLINIC, SISTER)
PLACES = (OTHER_CLINIC, CLINIC, SISTER)

_MARK = re.compile(r"(?<![A-Za-z0-9])([UKPDW])xq(\d\d)(?!\d)")


def marks(text: str) -> set[tuple[str, int]]:
    """(kind, unit) of every mark in a text."""
    return {(kind, int(unit)) for kind, unit in _MARK.findall(text)}


def make(folder: Path) -> Installation:
    """The installation: published figures of the sample, records, identities, register."""
    made = make_installation(folder, kind="own")
    (made.folder / "config.toml").write_text('sign_in = "open"\n', "utf-8")
    (made.folder / "sheets").mkdir()
    for name, text in (
        ("small", UNITS),
        ("doctors", DOCTORS.replace('["station"]', '["station", "clinic"]')),
    ):
        (made.folder / "sheets" / f"{name}.toml").write_text(text, "utf-8")
    store = open_store(made)
    sample.fill(store, {key: CARDS[key] for key in CHOSEN}, "own")
    _name_units(store)
    _know_people(store)
    _write(made, store)
    store.close()
    return made


def _name_units(store) -> None:
    unit = published.unit
    with store.change("published") as draft:
        for number in (*sample.CENTRES, *sample.STATIONS):
            values = {"name": f"Uxq{number:02}社区卫生服务站", "code": f"Kxq{number:02}"}
            if number == CLINIC:
                values["kind"] = "clinic"
            draft.published.execute(update(unit).where(unit.c.unit == number).values(**values))


def _row(number: int, **values) -> dict:
    about = dict.fromkeys(("row_id", "key", "content", "rank", "batch", "file", "line"), number)
    return {**about, "known_from": 1, "known_to": None, **values}


def _know_people(store) -> None:
    """A patient a unit who was never followed up, and doctors without a certificate."""
    units = [_row(1, unit=sample.BUREAU, code="0", name="局", kind="bureau", parent=None)]
    units += [
        _row(unit, unit=unit, code=f"Kxq{unit:02}", name=f"Uxq{unit:02}", kind="centre", parent=sample.BUREAU)
        for unit in sample.CENTRES
    ]
    units += [
        _row(unit, unit=unit, code=f"Kxq{unit:02}", name=f"Uxq{unit:02}", kind="station", parent=(unit - 10) // 5 + 2)
        for unit in sample.STATIONS
    ]  # fmt: skip
    who = {unit: {"subject": unit, "person": unit, "unit": unit} for unit in AT_WORK}
    tables = {
        "unit": units,
        "person": [
            _row(unit, **about, sex=1, born_on=date(1950, 1, 1), born_month=1950 * 12, registered=True)
            for unit, about in who.items()
        ],
        "health_record": [_row(unit, **about, created_on=date(2020, 1, 1)) for unit, about in who.items()],
        "enrolment": [
            _row(unit, **about, programme="htn", start_on=date(2020, 1, 1)) for unit, about in who.items()
        ],
        "staff": [
            _row(unit, **doctor(unit, f"Dxq{unit:02}", date(2020, 1, 1)), certificate=False)
            for unit in PLACES
        ],
    }
    with store.change("records", "identity") as draft:
        create_missing(draft.records, records.metadata)
        create_missing(draft.identity, identity.metadata)
        for name, rows in tables.items():
            bulk_insert(draft.records, records.RECORDS[name], arrow(records.RECORDS[name], rows))
        people = np.array(AT_WORK)
        said = [identity.Identifiers(f"Pxq{unit:02}·全名", phone=f"1380000{unit:04}") for unit in AT_WORK]
        write_names(store, draft.identity, people, said)


def _write(made: Installation, store) -> None:
    """Visits, findings, three rounds, appeals and a settlement, of every unit at work."""
    register = open_register(made)
    today = date.today()
    places = []
    with register.writing() as w:
        for unit in AT_WORK:
            words = f"Wxq{unit:02}"
            visit = visits.plan(LOCAL, w, unit, "irregular", today, team=words)
            visits.done(LOCAL, w, visit, 1, on=today, account=words, today=today)
            number = findings.issue(LOCAL, w, unit, "sup_drugs", "low", words, issued_on=today, today=today)
            places += [("visit", str(visit), words), ("finding", str(number), words)]
    _round(register, store, "small", JUNE, [(unit, "") for unit in sample.CENTRES], "plan", places)
    _round(register, store, "doctors", JUNE, [(unit, f"Dxq{unit:02}") for unit in PLACES], "work", places)
    with register.writing() as w:
        draft = rounds.open_round(LOCAL, w, find("small", "1"), SEPTEMBER, "quarter")
        entry = Entry(points=4000, note=f"Wxq{OTHER_CENTRE:02}")
        rounds.save_entry(LOCAL, w, draft, OTHER_CENTRE, "", "plan", entry)
        for unit in (OTHER_CENTRE, CENTRE):
            which = rounds.ask_appeal(LOCAL, w, 1, unit, "", "plan", f"Wxq{unit:02}")
            places.append(("appeal", str(which), f"Wxq{unit:02}"))
        terms = terms_of(YEAR)
        number = settlements.open_draft(LOCAL, w, YEAR, "coefficient", 1)
        lines = [Line(unit, "", 100, 9000, 6000, 5000, 8000, Fraction(1)) for unit in sample.CENTRES]
        money = [
            DoctorLine((unit - 10) // 5 + 2, unit, f"Dxq{unit:02}", Fraction(10), 900, 800, Fraction(80), Fraction(1), "")
            for unit in PLACES
        ]  # fmt: skip
        settlements.publish(LOCAL, w, number, 1, lines, terms, 12, money)
        for state in ("open", "closed"):
            _check(w, state)
    for of, key, words in places:
        evidence.keep(register, made, of, key, f"{words}.png", a_photo(), "local")
    register.close()


def _check(w, state: str) -> None:
    """A check of the whole bureau in which the patient of every place was drawn; whoever checks wrote a word about each."""
    about = {"indicator": PERSONS, "unit": sample.BUREAU, "month": OCTOBER, "basis": "ytd", "spread": "each"}
    values = {"size": len(PLACES), "seed": 5, "event": 1, "definitions": "d" * 16, "drawn_by": "local"}
    drawn_at = datetime(2026, 11, 2, 9)
    number = add(w, tables.verification, {**about, **values, "drawn_at": drawn_at, "state": state}, "local")
    for unit in (sample.BUREAU, *sample.CENTRES, *sample.STATIONS):
        parent = None if unit == sample.BUREAU else 1 if unit in sample.CENTRES else (unit - 10) // 5 + 2
        w.execute(
            tables.verification_unit.insert().values(
                verification=number, unit=unit, parent=parent, numerator=9, denominator=30, asked=True
            )
        )
    lines = [
        {
            "verification": number,
            "line": place,
            "person": unit,
            "unit": unit,
            "doctor": f"Dxq{unit:02}",
            "chance": 0.5,
            "risk": 1.0,
            "signs": "late",
            "outcome": "denied" if state == "closed" else None,
            "note": f"Wxq{unit:02}",
        }
        for place, unit in enumerate(PLACES, 1)
    ]
    add_many(w, tables.verification_person, lines, "local")


def _round(register, store, sheet: str, month: int, subjects, item: str, places: list) -> None:
    """A published round in which everybody lost points; scores have notes and evidence."""
    with register.writing() as w:
        number = rounds.open_round(LOCAL, w, find(sheet, "1"), month, "quarter")
        for unit, staff_no in subjects:
            note = f"Wxq{unit:02}"
            rounds.save_entry(LOCAL, w, number, unit, staff_no, item, Entry(points=3000, note=note))
            if unit in AT_WORK:
                places.append(("appraisal_entry", f"{number}/{unit}/{staff_no}/{item}", note))
    with (
        store.snapshot() as known,
        known.published() as figures,
        known.records() as people,
        register.writing() as w,
    ):
        rounds.publish(LOCAL, w, figures, people, number, 1)
