"""A sixth withheld world of districts. Do not read it or its results while tuning the signals of truth.

Honest habits that look odd (`withheld_sixth_habits`):
- devices: 1 mmHg, even numbers, zeros, fives, kPa; a new device in between; one purchase for the county; every device off a bit
- averages, high ones measured again, 138 where 140 was near, logs of measurements at home read out, telephone in fives or nothing
- glucose in tenths, halves, whole, from mg/dL, in mg/dL for a whole unit, from a laboratory; after a meal; no strips for months
- the laboratory's value of the check-up in the follow-ups of the next weeks; the reading of the check-up on both forms
- systems that repeat the last glucose, begin with 120/80, or were replaced, with all days of typing those of the move
- visiting by appointment, in campaigns, late, down the list, by hamlets, on market days, on days of tablets, on the 1st and 15th
- typing on the day, days later, weekly, monthly, quarterly, before the appraisal, half-yearly, in advance; dated by the typing; clerks
- follow-up with the check-up; two forms on two days; second visits when high; work on Sundays; leave, helpers and heirs
- names unknown, one account for a unit; days of typing, ways of visiting, glucose, a paper year or `complete` missing
- settled patients who hardly vary; households; shared telephones, also the doctor's; moves; deaths; stays with errors of dates
- slips of the pen, swapped pressures, decimal points; few patients, many missed

What fabricators do (`KINDS`; two kinds in some; alone or by order of the unit, a quarter to all of the rows):
- copied, before_last, minus_column, quarter_end: earlier numbers, a little changed, at all times or when the year ends
- head, between_limits, no_round, dragged, templates: numbers from the head, a spreadsheet or a few forms
- household, averaged, interpolated, from_checkup, reshuffled, others_sheets, borrowed: other real readings
- unvisited, unreachable, calls_as_visits: visits that never took place
- shaved, quota, glucose, derived_diastolic: real visits, a part is made up
- own_mean, improving, careful: inventors with an idea of each patient
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.truth.work import Work
from tests.truth.withheld_sixth_bodies import grow
from tests.truth.withheld_sixth_choice import invent, shown_names
from tests.truth.withheld_sixth_forged import KINDS
from tests.truth.withheld_sixth_habits import Habits, acquire
from tests.truth.withheld_sixth_places import Places, as_dates, settle
from tests.truth.withheld_sixth_records import MODE_NAMES, keep_records
from tests.truth.withheld_sixth_visits import KIND_NAMES, schedule

__all__ = ["KINDS", "District", "district", "districts", "explained"]


@dataclass
class District:
    """All that is known of one district: what was honest, what was handed in, and who made it up."""

    places: Places
    habits: Habits
    names: list[str]
    honest: pd.DataFrame
    final: pd.DataFrame
    found: dict[tuple[int, str], str]


def districts(seed: int, count: int) -> list[tuple[Work, set[tuple[int, str]]]]:
    """The districts, and who fabricated in each: (unit, doctor), the doctor "" where the whole unit did."""
    return [(given, set(kinds)) for given, kinds, _ in explained(seed, count)]


def explained(
    seed: int, count: int
) -> list[tuple[Work, dict[tuple[int, str], str], dict[tuple[int, str], tuple[int, int]]]]:
    """The districts, the kinds of each fabricator, and how many rows of how many they made up."""
    out = []
    for number in range(count):
        one = district(seed, number)
        work, made = handed_in(one, np.random.default_rng([seed, number, 66]))
        units = one.places.units.unit.tolist()
        kinds = {(units[where], name): told for (where, name), told in one.found.items()}
        counts = {}
        for unit, name in kinds:
            theirs = (work.contacts.unit == unit).to_numpy()
            if name:
                theirs = theirs & (work.contacts.doctor == name).to_numpy()
            counts[(unit, name)] = (int(made[theirs].sum()), int(theirs.sum()))
        out.append((work, kinds, counts))
    return out


def district(seed: int, number: int) -> District:
    rng = np.random.default_rng([seed, number, 6])
    places = settle(rng)
    habits = acquire(rng, places)
    bodies = grow(rng, places, habits.on["settled_patients"])
    honest = keep_records(rng, places, habits, bodies, schedule(rng, places, habits, bodies))
    final, found = invent(rng, places, habits, honest, number)
    return District(places, habits, shown_names(places, habits), honest, final, found)


def handed_in(one: District, rng: np.random.Generator) -> tuple[Work, np.ndarray]:
    """What the district stores, and which of its rows are made up."""
    places, habits = one.places, one.habits
    sheet = one.final[(one.final.gone == 0) | one.final.made]
    people = places.persons.iloc[sheet.person]
    order = habits.order[sheet.doctor]
    within = np.where(order == 1, people["rank"], np.where(order == 2, people.hamlet * 1000, 0))
    place = np.lexsort((sheet.kind, people["rank"], sheet.day, within, sheet.doctor, sheet.typed))
    sheet, people = sheet.iloc[place], people.iloc[place]
    doctor = sheet.doctor.to_numpy()
    unit = places.units.unit.to_numpy()
    complete = np.array(sheet.complete.tolist(), dtype=object)
    complete[habits.on["no_complete"][doctor]] = None
    contacts = pd.DataFrame(
        {
            "row_id": np.cumsum(rng.integers(1, 4, len(sheet))).astype("int64"),
            "person": people.number.to_numpy().astype("int64"),
            "unit": unit[places.doctors.unit.to_numpy()[doctor]].astype("int64"),
            "doctor": pd.Series([one.names[d] for d in doctor.tolist()], dtype=object),
            "kind": pd.Series([KIND_NAMES[k] for k in sheet.kind.tolist()], dtype=object),
            "day": as_dates(sheet.day.to_numpy()),
            "entered_on": as_dates(sheet.entered.to_numpy()),
            "mode": pd.Series([MODE_NAMES[k] for k in sheet["mode"].tolist()], dtype=object),
            "sbp": sheet.sbp.to_numpy(dtype="float64"),
            "dbp": sheet.dbp.to_numpy(dtype="float64"),
            "fpg": sheet.fpg.to_numpy(dtype="float64"),
            "complete": pd.Series(complete, dtype=object),
        }
    )
    until = as_dates(np.array([places.last]))[0] if rng.random() < 0.7 else None
    work = Work(contacts, _persons(one), _stays(one), _units(places), until)
    return work, sheet.made.to_numpy()


def _persons(one: District) -> pd.DataFrame:
    people, district_habits = one.places.persons, one.habits.district
    frame = pd.DataFrame(
        {
            "person": people.number.to_numpy().astype("int64"),
            "birth": as_dates_of_birth(people.birth.to_numpy()),
            "sex": pd.Series([("", "1", "2")[k] for k in people.sex.tolist()], dtype=object),
            "died_on": as_dates(people.died.to_numpy()),
            "phone": people.phone.to_numpy().astype("int64"),
            "unit": people.unit.to_numpy().astype("int64"),
        }
    )
    if not district_habits["household_unknown"]:
        frame["family"] = people.family.to_numpy().astype("int64")
    if not district_habits["places_unknown"]:
        frame["lon"], frame["lat"] = people.lon.to_numpy(), people.lat.to_numpy()
    return frame


def as_dates_of_birth(days: np.ndarray) -> pd.DatetimeIndex:
    """Also before 1970, where a negative day is not an unknown one."""
    return pd.DatetimeIndex(days.astype("timedelta64[D]").astype("timedelta64[ns]") + np.datetime64(0, "ns"))


def _stays(one: District) -> pd.DataFrame:
    stays, places = one.places.stays, one.places
    return pd.DataFrame(
        {
            "person": places.persons.number.to_numpy()[stays.person].astype("int64"),
            "unit": np.full(len(stays), places.units.unit.iloc[-1], dtype="int64"),
            "from_on": as_dates(stays.from_day.to_numpy()),
            "to_on": as_dates(stays.to_day.to_numpy()),
        }
    )


def _units(places: Places) -> pd.DataFrame:
    kept = places.units[["unit", "parent", "kind", "lon", "lat"]].copy()
    kept["kind"] = kept.kind.astype(object)
    return kept.astype({"unit": "int64", "parent": "int64"})
