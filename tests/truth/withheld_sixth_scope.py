"""Which visits a fabricator of the sixth withheld world makes up, and what days they give to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.truth.withheld_sixth_habits import Habits
from tests.truth.withheld_sixth_places import Places, as_dates
from tests.truth.withheld_sixth_records import PHONE
from tests.truth.withheld_sixth_visits import DM, QUARTER, SMI

SCOPES = ("nearly_all", "some", "patients", "since", "end_of_list", "every_other", "end_of_year")


@dataclass
class Round:
    """The visits of one doctor, one row each in the order of days and of the list, and the form rows that belong to them."""

    rows: np.ndarray  # positions in the sheet
    of: np.ndarray  # the visit of each of these rows
    person: np.ndarray
    day: np.ndarray
    quarter: np.ndarray
    gone: np.ndarray
    phone: np.ndarray
    measured: np.ndarray  # a form of it has pressures
    sugar: np.ndarray
    readings: np.ndarray  # n x 3 as on paper; what did not happen has what would have been read


def go_round(sheet: pd.DataFrame, rows: np.ndarray, rank: np.ndarray) -> Round:
    part = sheet.iloc[rows]
    rows = rows[np.lexsort((part.kind, part.person, rank[part.person], part.day))]
    part = sheet.iloc[rows]
    start = ~part.duplicated(["person", "day"]).to_numpy()
    of = np.cumsum(start) - 1
    grouped = part.groupby(of)
    kind = part.kind.to_numpy()
    count = int(of[-1]) + 1
    return Round(
        rows,
        of,
        part.person.to_numpy()[start],
        part.day.to_numpy()[start],
        (part.day.to_numpy()[start] - int(sheet.day.min())) // QUARTER,
        grouped.gone.min().to_numpy(),
        np.bincount(of, part["mode"] == PHONE, count) > 0,
        np.bincount(of, kind != SMI, count) > 0,
        np.bincount(of, (kind != SMI) & (kind != 0), count) > 0,
        grouped[["sbp", "dbp", "fpg"]].first().to_numpy(),
    )


def choose(
    rng: np.random.Generator, places: Places, turn: Round, way: str, skill: float, eager: float
) -> np.ndarray:
    """The visits to make up. The more eager, the more."""
    n = len(turn.day)
    happened = (turn.gone == 0) & (~turn.phone | ~np.isnan(turn.readings[:, 0]))
    missed = (turn.gone == 1) | (turn.gone == 3)
    buried = (turn.gone == 2) & (rng.random(n) < 0.25 * (skill < 0.4))
    luck = rng.random(n)
    if way == "real":
        return (turn.gone == 0) & ~np.isnan(turn.readings[:, 0]) & (luck < rng.uniform(0.6, 1) + eager)
    if way == "sugar":
        return (turn.gone == 0) & turn.sugar & (luck < 0.95)
    if way == "quota":
        return (happened | (missed & (luck < 0.7))) & turn.measured
    if way == "unreachable":
        away = places.persons.away.to_numpy() | (places.persons.phone.to_numpy() < 0)
        often = np.bincount(turn.person, turn.gone > 0) / np.maximum(np.bincount(turn.person), 1)
        score = often[turn.person] + 0.6 * away[turn.person] + 0.001 * turn.person % 1
        hard = score >= np.quantile(score, max(0.0, rng.uniform(0.4, 0.75) - eager))
        return (hard & (happened | missed)) | buried
    if way == "calls":
        return (turn.gone == 0) & turn.phone | missed | (happened & (luck < rng.uniform(0.1, 0.45) + eager))
    month = as_dates(turn.day).month.to_numpy()
    scope = "end_of_year" if way == "end_of_year" else SCOPES[int(rng.integers(len(SCOPES) - 1))]
    inside = luck < rng.uniform(0.85, 1)
    if scope == "some":
        inside = luck < rng.uniform(0.35, 0.85) + eager
    elif scope == "patients":
        inside = rng.random(len(places.persons))[turn.person] < rng.uniform(0.4, 0.9) + eager
    elif scope == "since":
        inside = turn.day > np.quantile(turn.day, max(0.0, rng.uniform(0.1, 0.65) - eager))
    elif scope == "end_of_list":
        share = places.persons.share.to_numpy()[turn.person]
        inside = share > rng.uniform(0.1, 0.6) - eager
    elif scope == "every_other":
        inside = ((turn.quarter + turn.person) % 2 == 0) | (luck < eager)
    elif scope == "end_of_year":
        inside = month >= (9 if eager == 0 else 7)
    claim = rng.choice([0.0, 0.5, 1.0]) if way == "any" else rng.uniform(0.7, 1)
    return (inside & (happened | (missed & (rng.random(n) < claim)))) | (buried & inside)


def redate(
    rng: np.random.Generator, places: Places, habits: Habits, turn: Round, chosen: np.ndarray, doctor: int
) -> np.ndarray:
    """New days for visits that never took place: as planned, some every day, the same day each quarter, or all on few days."""
    style = rng.choice(4, p=[0.42, 0.2, 0.18, 0.2])
    day = turn.day.copy()
    if style == 0:
        return day
    begin = int(turn.day.min()) - int(turn.day.min() - places.first) % QUARTER
    each, gap = int(rng.integers(3, 13)), int(rng.integers(1, 3))
    fixed = rng.integers(2, 80, len(places.persons))
    for number in np.unique(turn.quarter[chosen]):
        rows = np.flatnonzero(chosen & (turn.quarter == number))
        start = begin + QUARTER * int(number)
        rows = rows[np.argsort(turn.person[rows], kind="stable")]
        if style == 1:
            width = gap * (len(rows) // each + 1)
            day[rows] = (
                start + max(0, int(rng.integers(0, 85)) - width) + gap * (np.arange(len(rows)) // each) % 85
            )
        elif style == 2:
            day[rows] = start + fixed[turn.person[rows]]
        else:
            days = start + rng.integers(5, 88, int(rng.integers(2, 6)))
            day[rows] = np.sort(days)[np.arange(len(rows)) * len(days) // len(rows)]
    weekday = (day + 3) % 7
    if not habits.on["works_on_sundays"][doctor] and rng.random() < 0.6:
        day = np.where(weekday >= 5, day - (weekday - 4), day)
    since = places.persons.since.to_numpy()[turn.person]
    return np.where((day < np.maximum(since, places.first)) | (day > places.last), turn.day, day)


def evenings(
    rng: np.random.Generator, places: Places, turn: Round, chosen: np.ndarray, day: np.ndarray
) -> np.ndarray:
    """Days of typing where all is typed on few evenings after the quarter or before it ends."""
    typed = day.copy()
    many = int(rng.integers(15, 70))
    for number in np.unique(turn.quarter[chosen]):
        rows = np.flatnonzero(chosen & (turn.quarter == number))
        rows = rows[np.argsort(day[rows], kind="stable")]
        begun = int(day[rows].max()) + int(rng.integers(-12, 6))
        typed[rows] = begun + np.arange(len(rows)) // many
    return np.minimum(np.maximum(typed, day), np.maximum(places.last, day))


def forms_with_sugar(kind: np.ndarray) -> np.ndarray:
    return (kind >= DM) & (kind != SMI)
