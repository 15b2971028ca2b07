"""A fifth withheld world of districts. Do not read it or its results while tuning the signals of truth.

Honest habits that look odd:
- devices: 1 mmHg, even numbers, zeros, fives, kPa; the same purchase in most of a district; a new device in between
- 138 and 88 are written where 140 and 90 were near; a high reading is measured again; averages of several measurements
- glucose in halves, from mg/dL, from a laboratory; strips that come in deliveries
- campaigns of a hamlet a day, market days, work on Sundays, the last weeks of a quarter, exact appointments, down the list
- patients who come for tablets, couples who come together, two forms of one visit with one reading
- telephone follow-ups without readings or with what the patient says, in fives and tens
- readings of a check-up carried over into the follow-up of the next days
- typed weekly, monthly, before the appraisal, once in half a year, in advance; everything at the move to another system
- the service is dated by the day of typing; days of typing unknown; forms never complete or always
- doctors without names, one number for those who have no telephone, the way of visiting always the same or empty
- good doctors whose patients are all controlled; bad cases sent to the hospital; second visits after high readings
- typing errors, swapped pressures, missed patients

What fabricators do (`KINDS`; two kinds in about a fifth of them; a whole unit has one taste):
- head: favourite numbers from memory
- last_plus: the last reading a little changed
- list_cycle: a list of pairs again and again
- other_sheet: pieces of real sheets of the same doctor for other people
- desk: visits that never were, around the first reading and one's idea of normal
- shave: real visits, high readings written below the threshold
- absent: people who are never seen, also the dead and those in hospital
- uniform: random numbers of a spreadsheet
- simulate: noise around the first reading, careful
- last_year: the readings of a year ago
- neighbour: a little different from the one before on the list
- between: gaps filled between real readings
- shifted: the whole column of the last quarter plus something
- not_round: no round endings, none twice in a row
- checkup_reuse: the check-up serves the whole year
- diary: home visits in the order of the register, coarse numbers
- steady_fall: everybody gets better every quarter
- alternate: the reading of the time before the last
- strips: real pressures, glucose without strips
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.truth.work import Work
from tests.truth.withheld_fifth_honest import work
from tests.truth.withheld_fifth_invented import KINDS, invent
from tests.truth.withheld_fifth_places import District, settle

__all__ = ["KINDS", "districts", "explained", "honest_and_final"]

HOSPITAL = 99


def districts(seed: int, count: int) -> list[tuple[Work, set[tuple[int, str]]]]:
    """The districts, and who fabricated in each: (unit, doctor), the doctor "" where the whole unit did."""
    return [(given, set(kinds)) for given, kinds, _ in explained(seed, count)]


def explained(
    seed: int, count: int
) -> list[tuple[Work, dict[tuple[int, str], str], dict[tuple[int, str], tuple[int, int]]]]:
    """The same districts with the kind of each fabricator, and how many of his rows are made up: (made up, rows)."""
    out = []
    for number in range(count):
        district, _, final, found = honest_and_final(seed, number)
        kinds = {key: kind for key, (kind, _, _) in found.items()}
        out.append(
            (_work(district, final), kinds, {key: (made, rows) for key, (_, made, rows) in found.items()})
        )
    return out


def honest_and_final(seed: int, number: int) -> tuple[District, pd.DataFrame, pd.DataFrame, dict]:
    """A district, its plan as honest doctors carry it out, the same with what was made up, and who: (unit, doctor) -> (kind, made up, rows)."""
    places, ways, lies = np.random.default_rng((seed, 5, number)).spawn(3)
    district = settle(places)
    honest = _prepared(ways, district, work(ways, district))
    final, found = invent(lies, district, honest.copy(), number)
    name = district.units.unit.to_numpy()
    return (
        district,
        honest,
        final,
        {(int(name[unit]), doctor): told for (unit, doctor), told in found.items()},
    )


def _prepared(rng: np.random.Generator, district: District, table: pd.DataFrame) -> pd.DataFrame:
    """What a fabricator knows of his rows: places on the list, deaths, check-ups, which form follows which."""
    who = table.who.to_numpy()
    table["place"] = district.persons.place.to_numpy()[who]
    paper = district.doctors.paper.to_numpy()[table.doctor]
    table["seq"] = np.where(paper, table.place, rng.random(len(table)) * 200)
    table["follows"] = table.leader >= 0
    table["led"] = np.bincount(table.leader[table.follows], minlength=len(table))
    died = district.persons.died.to_numpy()[who]
    table["since_death"] = np.where(died >= 0, table.day - died, 0)
    exam = table[(table.kind == "checkup") & table.held].drop_duplicates("who").set_index("who")
    for column in ("sbp", "dbp", "fpg"):
        table[f"exam_{column}"] = exam[column].reindex(who).to_numpy()
    both = table.leader.to_numpy()[table.follows]
    for column in ("entered", "held"):
        table.loc[table.follows, column] = table[column].to_numpy()[both]
    table["honest"] = table.held
    table["made"] = False
    return table


def _dates(district: District, days: np.ndarray) -> pd.Series:
    return pd.Series(district.start + pd.to_timedelta(pd.Series(days, dtype=float), unit="D")).astype(
        "datetime64[ns]"
    )


def _work(district: District, table: pd.DataFrame) -> Work:
    units, persons, doctors, temper = district.units, district.persons, district.doctors, district.temper
    table = table[table.held].copy()
    table["typed"] = table.entered.fillna(table.day)
    table = table.sort_values(["typed", "doctor", "seq", "day"], kind="stable").reset_index(drop=True)
    doctor, number = table.doctor.to_numpy(), units.unit.to_numpy()
    contacts = pd.DataFrame(
        dict(
            row_id=np.arange(len(table), dtype="int64") + 1,
            person=persons.person.to_numpy()[table.who].astype("int64"),
            unit=number[doctors.unit.to_numpy()[doctor]].astype("int64"),
            doctor=doctors.name.to_numpy()[doctor],
            kind=table.kind.astype(object),
            day=_dates(district, table.day.to_numpy()),
            entered_on=_dates(district, table.entered.to_numpy()),
            mode=table["mode"].astype(object),
            sbp=table.sbp.astype(float),
            dbp=table.dbp.astype(float),
            fpg=table.fpg.astype(float),
            complete=table.complete.astype(bool).astype(object)
            if temper["complete"]
            else pd.Series([None] * len(table), dtype=object),
        )
    )
    until = district.start + pd.Timedelta(days=district.days - 1)
    people = pd.DataFrame(
        dict(
            person=persons.person.astype("int64"),
            birth=(district.start - pd.to_timedelta((persons.age * 365.25).round(), unit="D")).astype(
                "datetime64[ns]"
            ),
            sex=persons.sex.astype(object),
            died_on=_dates(district, persons.died.where(persons.died >= 0).to_numpy(dtype=float)),
            phone=persons.phone.astype("int64"),
            unit=number[persons.unit].astype("int64"),
        )
    )
    if temper["families"]:
        people["family"] = persons.family.astype("int64")
    if temper["coordinates"] == "all":
        people["lon"], people["lat"] = persons.lon, persons.lat
    stays = pd.DataFrame(
        dict(
            person=persons.person.to_numpy()[district.stays.person].astype("int64"),
            unit=np.full(len(district.stays), HOSPITAL, dtype="int64"),
            from_on=_dates(district, district.stays.begin.to_numpy()),
            to_on=_dates(district, district.stays["until"].to_numpy()),
        )
    )
    known = temper["coordinates"] != "none"
    parent = np.where(units["at"] < 0, -1, number[units["at"]])
    places = pd.DataFrame(
        dict(
            unit=np.r_[HOSPITAL, number].astype("int64"),
            parent=np.r_[-1, parent].astype("int64"),
            kind=np.array(["hospital", *units.kind], dtype=object),
            lon=np.r_[units.lon.mean(), units.lon] if known else np.nan,
            lat=np.r_[units.lat.mean(), units.lat] if known else np.nan,
        )
    )
    return Work(
        contacts=contacts,
        persons=people,
        stays=stays,
        units=places,
        until=until if district.days % 2 else None,
    )
