"""Contacts with people who were not there: dead, in hospital, or far away on the same day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.truth.found import Found
from metrics.truth.peers import counts
from metrics.truth.prepared import Level, Prepared
from metrics.truth.rules import Rules

_AWAY = ("phone", "online", "auto")  # nobody needs to be there
_EARTH_KM = 6371.0


def dead(prepared: Prepared, level: Level, rules: Rules) -> Found:
    """People with a contact after they died, among those who died."""
    died = _of_person(prepared, "died_on")
    gone = ~np.isnat(died)
    late = gone & (
        prepared.contacts["day"].to_numpy() > died + np.timedelta64(int(rules.days_after_death), "D")
    )
    return _slips(_people(prepared, level, late), _people(prepared, level, gone), rules, late)


def in_hospital(prepared: Prepared, level: Level, rules: Rules) -> Found:
    """Contacts within a stay in hospital (its first and last day left out) elsewhere than in that hospital, among stays."""
    c = prepared.contacts
    stays = prepared.work.stays.reset_index(drop=True)
    here = c[["person", "day", "unit", "mode"]].assign(place=np.arange(len(c)))
    both = here.merge(stays, on="person", suffixes=("", "_stay"))
    inside = (
        (both["day"] > both["from_on"])
        & (both["day"] < both["to_on"])
        & (both["unit"] != both["unit_stay"])
        & ~both["mode"].isin(_AWAY)
    )
    hit, lay = np.zeros(len(c), bool), np.zeros(len(c), bool)
    hit[both.loc[inside, "place"].to_numpy()] = True
    lay[both["place"].to_numpy()] = True
    return _slips(level.count(hit), _people(prepared, level, lay), rules, hit)


def far_away(prepared: Prepared, level: Level, rules: Rules) -> Found:
    """Contacts on a day on which the person was seen far away too, among people seen at several units."""
    c, units = prepared.contacts, prepared.work.units.drop_duplicates("unit").set_index("unit")
    seen = c.loc[~c["mode"].isin(_AWAY), ["person", "day", "unit"]].reset_index(names="place")
    several = seen.groupby("person")["unit"].transform("nunique") > 1
    seen = seen[several]
    both = seen.merge(seen, on=["person", "day"], suffixes=("", "_other"))
    both = both[both["unit"] != both["unit_other"]]
    typed = c["entered_on"].to_numpy()
    both = both[
        ~(typed[both["place"]] < typed[both["place_other"]])
    ]  # what was typed last is what is doubted
    far = _km(units, both["unit"], both["unit_other"]) > rules.far_km
    hit, moved = np.zeros(len(c), bool), np.zeros(len(c), bool)
    hit[both.loc[far, "place"].to_numpy()] = True
    moved[seen["place"].to_numpy()] = True
    return _slips(level.count(hit), level.count(moved), rules, hit)


def _km(units: pd.DataFrame, one: pd.Series, other: pd.Series) -> np.ndarray:
    """Great circle; NaN where a place is not known."""
    lon, lat = np.radians(units["lon"]), np.radians(units["lat"])
    a, b, c, d = (
        of.reindex(which).to_numpy(float)
        for of, which in ((lat, one), (lat, other), (lon, one), (lon, other))
    )
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin((d - c) / 2) ** 2
    return 2 * _EARTH_KM * np.arcsin(np.sqrt(half))


def _of_person(prepared: Prepared, column: str) -> np.ndarray:
    about = prepared.work.persons.drop_duplicates("person").set_index("person")[column]
    return prepared.contacts["person"].map(about).to_numpy().astype("datetime64[ns]")


def _people(prepared: Prepared, level: Level, chosen: np.ndarray) -> np.ndarray:
    inside = chosen & (level.of >= 0)
    each = pd.DataFrame({"group": level.of[inside], "person": prepared.contacts["person"].to_numpy()[inside]})
    return (
        each.drop_duplicates()
        .groupby("group")
        .size()
        .reindex(range(level.number), fill_value=0)
        .to_numpy(float)
    )


def _slips(observed: np.ndarray, number: np.ndarray, rules: Rules, behind: np.ndarray) -> Found:
    """Rare things among few opportunities: the count itself says enough, so no number is too small."""
    expected = number * rules.usual_pct / 100
    stands = counts(observed, expected, rules.spread_slips, rules.slips_bounds, rules.slips_forgiven)
    return Found(observed, stands.expected, stands.low, stands.high, number, stands.p, behind)
