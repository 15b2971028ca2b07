"""Where a clinic could be: villages, cells of the map, and what the bureau's own files name.

A site has an id that stays the same from build to build, so that an address may hold it: ``v:<village>``,
``c:<cell>``, ``f:<code>`` of a candidate from a file, ``s:<code>`` of a mobile clinic's stop.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from metrics.coverage.earth import chord_m, distance_m, earth_xyz
from metrics.coverage.travel import straight_pairs

VILLAGES, CELLS, FILE, STOPS = "villages", "cells", "file", "stops"
SOURCES = (VILLAGES, CELLS, FILE, STOPS)
PREFIXES = {VILLAGES: "v", CELLS: "c", FILE: "f", STOPS: "s"}
LAYERS = {"candidates": FILE, "stops": STOPS}  # of ``published.ground``

#: So many sites are asked about at most; where there are more, those that reach most people beyond the rule.
MOST_SITES = 3000
#: So many pairs of people and sites are looked at, more or less: in a district with few units every site is near
#: to everybody, and fewer sites are asked about there.
MOST_PAIRS = 4_000_000
_FEWEST = 100
_NEAREST = 4  # units of each point that are known however far (``posing.KNOWN_UNITS``)

COLUMNS = ["id", "name", "source", "lon", "lat"]


def villages_of(points: pd.DataFrame, apart_m: float) -> np.ndarray:
    """object[points]: the village that each demand point lies in; None: not known.

    Two towns may each have a village of one name. Points of one name are one village while each is nearer than
    ``apart_m`` metres to another; of several such parts each is told by its cell: ``新村（118-203）``.
    """
    found = points["village"].astype(object).where(points["village"].notna(), None).to_numpy(copy=True)
    for name, index in points.groupby("village", sort=False).indices.items():
        part = points.iloc[index]
        corners = (part["lon"].min(), part["lat"].min(), part["lon"].max(), part["lat"].max())
        if distance_m(*corners) <= apart_m:
            continue
        near = cKDTree(_xyz(part)).query_pairs(float(chord_m(apart_m)), output_type="ndarray")
        links = sparse.coo_array((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(len(part), len(part)))
        number, label = connected_components(links, directed=False)
        if number == 1:
            continue
        for one in range(number):
            inside = index[label == one]
            heaviest = inside[points["people"].to_numpy(float)[inside].argmax()]
            found[inside] = f"{name}（{points['cell'].iloc[heaviest]}）"
    return found


def known_sites(points: pd.DataFrame, ground: pd.DataFrame) -> pd.DataFrame:
    """Every site by any source: COLUMNS, each id once.

    points  demand points: lon, lat, people, cell, name, place (the village, ``villages_of``)
    ground  rows of ``published.ground``; sites are its layers ``candidates`` and ``stops``
    """
    frames = [_middles(points, "place", VILLAGES), _middles(points, "cell", CELLS)]
    named = ground[ground["layer"].isin(LAYERS) & ground["code"].notna()]
    source = named["layer"].map(LAYERS)
    code = named["code"].astype(str)
    frames.append(
        pd.DataFrame(
            {
                "id": source.map(PREFIXES) + ":" + code,
                "name": named["name"].where(named["name"].notna(), code),
                "source": source,
                "lon": named["lon"].astype(float),
                "lat": named["lat"].astype(float),
            }
        )
    )
    kept = [frame for frame in frames if len(frame)]
    if not kept:
        return pd.DataFrame(columns=COLUMNS).astype({"lon": float, "lat": float})
    return pd.concat(kept, ignore_index=True).drop_duplicates("id", ignore_index=True)


def _middles(points: pd.DataFrame, key: str, source: str) -> pd.DataFrame:
    """The middle of the people of each village or cell; a cell is called by the place in which most of its people live."""
    known = points[points[key].notna() & (points["people"] > 0)]
    weight = known["people"].astype(float)
    work = pd.DataFrame(
        {
            "key": known[key].astype(str),
            "name": known["name"],
            "weight": weight,
            "x": known["lon"] * weight,
            "y": known["lat"] * weight,
        }
    )
    sums = work.groupby("key", as_index=False)[["weight", "x", "y"]].sum()
    name = sums["key"]
    if source == CELLS:
        first = work.sort_values("weight", ascending=False, kind="stable").drop_duplicates("key")
        called = sums["key"].map(first.set_index("key")["name"])
        name = called.where(called.notna(), sums["key"])
    return pd.DataFrame(
        {
            "id": PREFIXES[source] + ":" + sums["key"],
            "name": name,
            "source": source,
            "lon": sums["x"] / sums["weight"],
            "lat": sums["y"] / sums["weight"],
        }
    )


def bounded(sites: pd.DataFrame, points: pd.DataFrame, units: int, rule_m: float) -> pd.DataFrame:
    """The sites that are asked about: all, or where that would be too many those that reach most people beyond the
    rule (of equal ones the first), in their own order. ``points``: with ``metres`` to the nearest of ``units`` units."""
    share = min(1.0, _NEAREST / max(units, 1))
    most = min(MOST_SITES, max(_FEWEST, int(MOST_PAIRS / max(len(points) * share, 1))))
    if len(sites) <= most:
        return sites.reset_index(drop=True)
    beyond = points[points["metres"].isna() | (points["metres"] > rule_m)]
    pairs = straight_pairs(beyond, sites, rule_m)
    people = beyond["people"].to_numpy(float)[pairs.demand]
    reached = np.bincount(pairs.site, weights=people, minlength=len(sites))
    return sites.iloc[np.sort(np.argsort(-reached, kind="stable")[:most])].reset_index(drop=True)


def _xyz(frame: pd.DataFrame) -> np.ndarray:
    return earth_xyz(frame["lon"].to_numpy(float), frame["lat"].to_numpy(float))
