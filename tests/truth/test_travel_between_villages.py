"""Places of one day that are too far apart: the least way against all ways, and days counted by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise, permutations, product
from math import acos, cos, hypot, inf, radians, sin

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.truth import signals
from metrics.truth.behind import _notes
from metrics.truth.prepared import prepare
from metrics.truth.travel import least_ways, outings
from metrics.truth.work import Work
from tests.truth.evaluation import RULES

PLACE = st.tuples(st.floats(109, 111), st.floats(26, 28))
KM = 6371.0


def apart(one, other) -> float:
    """The angle between two directions from the middle of the earth; of neighbours by a flat map, where acos is too rough."""
    (a, b), (c, d) = (tuple(map(radians, place)) for place in (one, other))
    if hypot(a - c, b - d) < 1e-3:
        return KM * hypot((a - c) * cos((b + d) / 2), b - d)
    return KM * acos(min(1, sin(b) * sin(d) + cos(b) * cos(d) * cos(a - c)))


def shortest_tree(places) -> float:
    """Of all choices of so many lines that join all places, the shortest."""
    lines = list(combinations(range(len(places)), 2))
    best = inf
    for chosen in combinations(lines, len(places) - 1):
        reached, grown = {0}, True
        while grown:
            more = {end for line in chosen if reached & set(line) for end in line}
            grown, reached = not more <= reached, reached | more
        if len(reached) == len(places):
            best = min(best, sum(apart(places[a], places[b]) for a, b in chosen))
    return best


def ways(days: list[list[tuple[float, float]]]) -> np.ndarray:
    day = np.repeat(np.arange(len(days)), [len(places) for places in days])
    lon, lat = np.array([place for places in days for place in places]).T
    mixed = np.random.default_rng(3).permutation(len(day))
    return least_ways(day[mixed], lon[mixed], lat[mixed])


@given(st.lists(st.lists(PLACE, min_size=1, max_size=5), min_size=1, max_size=6))
def test_the_least_way_is_the_shortest_of_all_trees_and_no_longer_than_any_tour(days):
    found = ways(days)
    for km, places in zip(found, days, strict=True):
        assert km == pytest.approx(shortest_tree(places), rel=1e-4, abs=1e-4)
        tour = min(sum(apart(a, b) for a, b in pairwise(order)) for order in permutations(places))
        assert km <= tour * 1.0001 + 1e-4


def test_of_very_many_places_it_is_still_no_more_than_a_tour():
    rng = np.random.default_rng(4)
    places = list(zip(rng.uniform(109, 111, 90), rng.uniform(26, 28, 90), strict=True))
    (km,) = ways([places])
    ordered = sorted(places)  # some tour
    assert 0 < km <= sum(apart(a, b) for a, b in pairwise(ordered))


# -- days of doctors

STEP = 1 / (KM * np.pi / 180)  # degrees of a kilometre to the north
#: Villages 40 km from each other in a row; of the last nobody knows where it lies.
UNITS = pd.DataFrame(
    {
        "unit": range(1, 15),
        "parent": -1,
        "kind": "clinic",
        "lon": 110.0,
        "lat": [27 + 40 * STEP * n for n in range(13)] + [np.nan],
    }
)


def work(rows: list[tuple[int, str, int, str, int]]) -> Work:
    """(unit, doctor, day of 2025, mode, village of the person) of each contact."""
    people = pd.DataFrame(
        {
            "person": range(1, 15), "birth": pd.Timestamp("1950-03-04"), "sex": "1", "died_on": pd.NaT, "phone": -1,
            "unit": range(1, 15),
        }
    )  # fmt: skip
    contacts = pd.DataFrame(rows, columns=["unit", "doctor", "day", "mode", "person"])
    contacts = contacts.assign(
        row_id=np.arange(len(contacts)), kind="htn", day=pd.Timestamp("2025-01-01") + pd.to_timedelta(contacts["day"], "D"),
        entered_on=pd.NaT, sbp=np.nan, dbp=np.nan, fpg=np.nan, complete=False,
    )  # fmt: skip
    stays = pd.DataFrame({"person": [], "unit": [], "from_on": [], "to_on": []})
    stays = stays.astype(
        {"person": "int64", "unit": "int64", "from_on": "datetime64[ns]", "to_on": "datetime64[ns]"}
    )
    return Work(contacts, people, stays, UNITS)


def days_of(made: Work) -> pd.DataFrame:
    prepared = prepare(made, RULES)
    out = outings(prepared, np.ones(len(prepared.contacts), bool))
    return out.drop_duplicates(["unit", "doctor", "day"]).sort_values(["unit", "doctor", "day"])


def test_a_day_joins_the_villages_of_those_seen_at_home_by_one_doctor():
    found = days_of(
        work(
            [
                (1, "王", 1, "home", 1), (1, "王", 1, "station", 2), (1, "王", 1, "home", 2),  # 40 km
                (1, "王", 2, "home", 1), (1, "王", 2, "home", 3), (1, "王", 2, "community", 2),  # 80 km, on the way
                (1, "王", 3, "home", 1), (1, "王", 3, "clinic", 9), (1, "王", 3, "phone", 9),  # they came, or were rung up
                (1, "王", 4, "home", 1), (1, "王", 4, "home", 14),  # nobody knows where
                (1, "李", 2, "home", 5),  # somebody else
                (2, "王", 2, "home", 6),  # of another unit: another
                (1, "", 5, "home", 1), (1, "", 5, "home", 9),  # nobody knows who
            ]
        )
    )  # fmt: skip
    said = [
        (row.unit, row.doctor, row.day.day - 1, round(row.km, 3), row.places) for row in found.itertuples()
    ]
    assert said == [
        (1, "李", 2, 0, 1),
        (1, "王", 1, 40, 2),
        (1, "王", 2, 80, 3),
        (1, "王", 3, 0, 1),
        (1, "王", 4, 0, 1),
        (2, "王", 2, 0, 1),
    ]


def test_people_live_in_their_village_and_else_at_their_unit():
    made = work([(1, "王", 1, "home", 1), (1, "王", 1, "home", 2), (1, "王", 1, "home", 3)])
    nowhere = [np.nan] * 14
    lat = [27 + 6 * STEP, 27 + 9 * STEP, *nowhere[2:]]  # of the third nobody knows the village: unit 3, 80 km
    made = replace(made, persons=made.persons.assign(lon=[110.0, 110.0, *nowhere[2:]], lat=lat))
    (found,) = days_of(made).itertuples()
    assert (round(found.km, 3), found.places) == (74, 3)


def everywhere(far: int) -> Work:
    """Twelve units whose doctors go to one village on each of forty days; unit 3's on ``far`` of them to three, 80 km."""
    rows = [(unit, f"医{unit}", day, "home", unit) for unit, day in product(range(1, 13), range(40))]
    rows += [(3, "医3", day, "home", village) for day in range(far) for village in (4, 5)]
    return work(rows)


def test_days_beyond_the_rule_are_counted_and_their_records_told():
    rows = signals(everywhere(9), RULES)
    rows = rows[rows["kind"] == "travel"].set_index("unit")
    assert rows.loc[3, "observed"] * rows.loc[3, "number"] == pytest.approx(9)
    assert (rows["number"] == 40).all()
    assert rows.loc[3, "behind"] == 27
    assert rows.loc[3, "p"] < 1e-3
    assert (rows.drop(index=3)["p"] == 1).all()
    assert rows.loc[3, "high"] * 40 < 4


def test_one_such_day_is_forgiven():
    rows = signals(everywhere(1), RULES)
    assert rows.loc[rows["kind"] == "travel", "p"].min() == 1


def test_units_without_days_out_have_no_part():
    rows = signals(work([(1, "王", day, "clinic", 1) for day in range(40)]), RULES)
    assert rows.loc[rows["kind"] == "travel", "p"].isna().all()


def test_beside_a_record_stands_the_day_as_far_as_one_may_know():
    prepared = prepare(everywhere(9), RULES)
    c = prepared.contacts
    at = np.flatnonzero((c["unit"] == 3) & (c["day"] == pd.Timestamp("2025-01-01")) & (c["person"] == 3))
    every = np.ones(len(c), bool)
    ((km, places),) = _notes(prepared, c.iloc[at], "travel", every, partly=False)
    assert (round(km), places) == (80, 3)
    mine = (c["person"] != 5).to_numpy()  # village 5 was seen for another system
    ((km, places),) = _notes(prepared, c.iloc[at], "travel", mine, partly=True)
    assert (round(km), places) == (40, 2)
