"""Spans of the nearest unit against the obvious loop over months."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.coverage.earth import distance_m
from metrics.coverage.spans import KINDS, near_spans, reach_spans

FIRST, LAST = 24_300, 24_311
# Few points, so that places and units lie on top of each other and equally near.
POINT = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda p: (104 + p[0] / 100, 30 + p[1] / 100))
WHERE = st.one_of(POINT, POINT, POINT, st.just((None, None)))
UNIT = st.tuples(
    st.sampled_from(["centre", "station", "clinic", "clinic", "bureau"]),
    WHERE,
    st.sampled_from([0, 0, FIRST, FIRST + 3, FIRST + 4, LAST, LAST + 2]),
    st.sampled_from([99_999, 99_999, FIRST - 1, FIRST + 2, FIRST + 3, LAST]),
)


def frame_of_units(rows) -> pd.DataFrame:
    found = [(7 + n, kind, *where, s, e) for n, (kind, where, s, e) in enumerate(rows)]
    columns = ["unit", "kind", "lon", "lat", "s", "e"]
    return pd.DataFrame(found, columns=columns).astype({"lon": float, "lat": float})


def frame_of_places(rows) -> pd.DataFrame:
    found = [(100 + n, *where) for n, where in enumerate(rows)]
    return pd.DataFrame(found, columns=["place", "lon", "lat"]).astype({"lon": float, "lat": float})


def nearest(lon: float, lat: float, units: list) -> tuple[int, int] | None:
    """The unit and whole metres; of those within a millimetre of the least the smallest number."""
    ways = sorted((float(distance_m(lon, lat, unit.lon, unit.lat)), unit.unit) for unit in units)
    if not ways:
        return None
    return min(number for metres, number in ways if metres <= ways[0][0] + 1e-3), round(ways[0][0])


def open_in(units: pd.DataFrame, month: int) -> list:
    located = units.dropna(subset=["lon", "lat"]).itertuples()
    return [unit for unit in located if unit.kind != "bureau" and unit.s <= month <= unit.e]


def by_month(rows: pd.DataFrame, *key: str) -> dict:
    """Every month of the spans by itself; a month that two of them hold is a mistake."""
    found = {}
    for row in rows.to_dict("records"):
        assert FIRST <= row["s"] <= row["e"] <= LAST
        for month in range(row["s"], row["e"] + 1):
            place = (*(row[name] for name in key), month)
            assert place not in found
            found[place] = (row["other" if "other" in row else "unit"], row["metres"])
    return found


@settings(max_examples=25)
@given(st.lists(WHERE, max_size=4), st.lists(UNIT, max_size=7))
def test_reach_is_the_nearest_of_every_month(where, units):
    places, units = frame_of_places(where), frame_of_units(units)
    expected = {}
    for month in range(FIRST, LAST + 1):
        there = open_in(units, month)
        for place in places.dropna(subset=["lon", "lat"]).itertuples():
            for kind in KINDS:
                among = [unit for unit in there if kind in ("any", "second", unit.kind)]
                if kind == "second" and among:
                    first, _ = nearest(place.lon, place.lat, among)
                    among = [unit for unit in among if unit.unit != first]
                if found := nearest(place.lon, place.lat, among):
                    expected[place.place, kind, month] = found
    rows = reach_spans(places, units, FIRST, LAST)
    assert by_month(rows, "place", "kind") == expected
    rows = rows.sort_values(["place", "kind", "s"])
    before = rows.groupby(["place", "kind"]).shift()
    touching = (rows["s"] == before["e"] + 1) & (rows["unit"] == before["unit"])
    assert not touching.any(), "spans of one unit that touch are one"


@settings(max_examples=25)
@given(st.lists(UNIT, max_size=7))
def test_the_nearest_other_unit_of_every_month(units):
    units = frame_of_units(units)
    expected = {}
    for month in range(FIRST, LAST + 1):
        there = open_in(units, month)
        for unit in there:
            others = [other for other in there if other.unit != unit.unit]
            if found := nearest(unit.lon, unit.lat, others):
                expected[unit.unit, unit.kind, month] = found
    assert by_month(near_spans(units, FIRST, LAST), "unit", "kind") == expected


def test_without_places_or_units():
    columns = ["place", "kind", "unit", "metres", "s", "e"]
    nobody, nothing = frame_of_places([]), frame_of_units([])
    here = frame_of_places([(104.0, 30.0)])
    clinic = frame_of_units([("clinic", (104.0, 30.0), 0, 99_999)])
    for places, units in ((nobody, nothing), (here, nothing), (nobody, clinic)):
        rows = reach_spans(places, units, FIRST, LAST)
        assert rows.empty and list(rows) == columns
    assert near_spans(clinic, FIRST, LAST).empty
    assert reach_spans(here, clinic, FIRST, LAST, kinds=["second"]).empty
