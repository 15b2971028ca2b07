"""Days on which one doctor saw people in places too far apart to be reached in a day.

A place is the village or grid of a person seen at home or in the village; where nobody knows where that lies, the unit to which the
person belongs. Where nobody knows that either, or who made the contact, it has no part. Whoever goes from place to place, in whatever order and by whatever road, goes at least as far as the shortest tree that
joins them (its straight lines, by great circle): a path is such a tree. Prim, Bell System Technical Journal 36, 1957.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.truth.found import Found, shares
from metrics.truth.peers import counts
from metrics.truth.prepared import Level, Prepared
from metrics.truth.rules import Rules

AT_HOME = ("home", "station", "community", "group")  # the doctor was where the people live
_EARTH_KM = 6371.0
_MOST = 64  # places of a day that are joined: going to more is no shorter
_DAYS = 4096  # days that are joined together


def too_far(prepared: Prepared, level: Level, rules: Rules) -> Found:
    """Days out on which a doctor's places are joined by no less than the rule's kilometres, among days out."""
    out = outings(prepared, level.of >= 0)
    group = level.of[out["contact"]]
    days = out.assign(group=group)[group >= 0]
    of_day = ["group", "doctor", "day"]
    each = days.groupby(of_day, as_index=False)["km"].first()  # a doctor's day is of one unit
    far = each["km"] >= rules.travel_km
    observed = _counted(each.loc[far, "group"], level)
    number = _counted(each["group"], level)
    stands = counts(
        observed, number * rules.usual_pct / 100, rules.spread_slips, rules.slips_bounds, rules.slips_forgiven
    )
    behind = np.zeros(len(level.of), bool)
    behind[days.loc[days["km"] >= rules.travel_km, "contact"]] = True
    return shares(observed, number, stands, 1, behind)


def outings(prepared: Prepared, among: np.ndarray) -> pd.DataFrame:
    """contact, unit, doctor, day, lon, lat, km, places: of each contact at home its day's least way and how many places it joins.

    among  [contacts] whether a contact is looked at
    """
    c, homes = prepared.contacts, _homes(prepared)
    chosen = np.flatnonzero(among & (c["mode"].isin(AT_HOME) & (c["doctor"] != "")).to_numpy())
    out = c.iloc[chosen][["unit", "doctor", "day"]].assign(contact=chosen)
    for name in ("lon", "lat"):
        out[name] = c["person"].iloc[chosen].map(homes[name])
    out = out.dropna(subset=["lon", "lat"]).reset_index(drop=True)
    day = out.groupby(["unit", "doctor", "day"]).ngroup().to_numpy()
    joined = out[["lon", "lat"]].assign(one=day).drop_duplicates()
    km = least_ways(*(joined[name].to_numpy() for name in ("one", "lon", "lat")))
    return out.assign(km=km[day], places=np.bincount(joined["one"])[day])


def _homes(prepared: Prepared) -> pd.DataFrame:
    """lon, lat by person: of their village or grid, else of their unit."""
    persons = prepared.work.persons.drop_duplicates("person").set_index("person")
    unit = prepared.work.units.drop_duplicates("unit").set_index("unit")[["lon", "lat"]]
    own = persons.reindex(columns=["lon", "lat"])
    known = own.notna().all(axis=1)
    return pd.DataFrame(
        {name: own[name].where(known, persons["unit"].map(unit[name])) for name in own}
    ).astype(float)


def least_ways(day: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Kilometres of the shortest tree that joins the places (degrees) of each day; ``day`` is 0, 1, ... without a gap.

    Of more than 64 places some are joined: still no more than anybody has to go.
    """
    number = np.bincount(day)
    order = np.argsort(day, kind="stable")
    first = np.cumsum(number) - number
    total = np.zeros(len(number))
    for size in np.unique(number[number > 1]):
        alike = np.flatnonzero(number == size)
        for start in range(0, len(alike), _DAYS):
            some = alike[start : start + _DAYS]
            at = order[first[some][:, None] + np.arange(min(size, _MOST))]
            total[some] = _joined(np.radians(lon[at]), np.radians(lat[at]))
    return total


def _joined(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """[days] kilometres of the shortest trees of places [days, places] in radians: each step joins the nearest that is not joined yet."""
    days = np.arange(len(lon))
    away = _km(lon, lat, lon[:, :1], lat[:, :1])
    away[:, 0] = np.inf
    total = np.zeros(len(lon))
    for _ in range(lon.shape[1] - 1):
        nearest = away.argmin(axis=1)
        total += away[days, nearest]
        near = _km(lon, lat, lon[days, nearest][:, None], lat[days, nearest][:, None])
        away = np.where(np.isinf(away), np.inf, np.minimum(away, near))
        away[days, nearest] = np.inf
    return total


def _km(lon: np.ndarray, lat: np.ndarray, from_lon: np.ndarray, from_lat: np.ndarray) -> np.ndarray:
    half = (
        np.sin((lat - from_lat) / 2) ** 2 + np.cos(lat) * np.cos(from_lat) * np.sin((lon - from_lon) / 2) ** 2
    )
    return 2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1)))


def _counted(group: pd.Series, level: Level) -> np.ndarray:
    return np.bincount(group, minlength=level.number).astype(float)
