"""From cells, units and possible sites on the map to a problem, by straight lines.

Ways by road come as pairs of ``metrics/coverage/travel.py``, and the problem is made of them directly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from metrics.coverage.earth import arc_m, chord_m, earth_xyz
from metrics.coverage.pairs import Pairs
from metrics.coverage.travel import straight_pairs
from metrics.siting.problem import Problem

#: So many of the nearest units of every point are in the problem, however far: one fewer may close near each other before
#: somebody's way is not known any more.
KNOWN_UNITS = 4


@dataclass(frozen=True, eq=False)
class Posed:
    """A problem and what it is made of.

    row       int64[points]: the row of the cells (by position) that each demand point is
    unplaced  people of cells that have no coordinates: they are in no point, and neither within the rule nor beyond
    """

    problem: Problem
    row: np.ndarray
    unplaced: float


def straight_problem(
    cells: pd.DataFrame,
    units: pd.DataFrame,
    candidates: pd.DataFrame,
    *,
    bands: Sequence[str],
    rule_m: float,
    stop_m: float | None = None,
    farthest_m: float = np.inf,
) -> Posed:
    """The problem of cells (lon, lat, people, the ``bands``, place where known), open units and sites (lon, lat each).

    rule_m      within how many metres of a unit people should live; stop_m: the same of a site, where it differs
    farthest_m  longer ways are left out, for districts with so few units that every site is near to everybody

    Units and sites keep their positions; those without coordinates reach nobody. ValueError when a cell has no number
    of people.
    """
    people = pd.to_numeric(cells["people"]).to_numpy(float, na_value=np.nan)
    if np.isnan(people).any():
        raise ValueError("a cell has no number of people")
    row = np.flatnonzero(np.isfinite(cells[["lon", "lat"]].to_numpy(float)).all(axis=1))
    points = cells.iloc[row].reset_index(drop=True)
    near = _nearest_units(points, units, rule_m, farthest_m)
    own = rule_m if stop_m is None else stop_m
    problem = Problem(
        people=people[row],
        groups=points[list(bands)].astype("Float64").astype(float),
        existing=units,
        candidates=candidates,
        pairs_existing=near,
        pairs_candidates=_useful_sites(points, candidates, near, own, farthest_m),
        limit=rule_m,
        limit_candidates=stop_m,
        place=points["place"].to_numpy() if "place" in points else None,
    )
    return Posed(problem, row, float(people.sum() - people[row].sum()))


def with_sites(posed: Posed, cells: pd.DataFrame, sites: pd.DataFrame) -> Posed:
    """The same with more candidates behind the known ones: sites that somebody chose on the map."""
    problem = posed.problem
    points = cells.iloc[posed.row].reset_index(drop=True)
    more = _useful_sites(points, sites, problem.pairs_existing, problem.limit_of_candidates, np.inf)
    old = problem.pairs_candidates
    pairs = Pairs(
        np.concatenate([old.demand, more.demand]),
        np.concatenate([old.site, more.site + len(problem.candidates)]),
        np.concatenate([old.cost, more.cost]),
    )
    candidates = pd.concat([problem.candidates, sites], ignore_index=True)
    return replace(posed, problem=replace(problem, candidates=candidates, pairs_candidates=pairs))


def _nearest_units(points: pd.DataFrame, units: pd.DataFrame, rule_m: float, farthest_m: float) -> Pairs:
    """Every unit within the rule, and of every point the nearest ones however far."""
    inside = straight_pairs(points, units, rule_m)
    known = _known(units)
    count = min(KNOWN_UNITS, len(known))
    if not count or not len(points):
        return Pairs(inside.demand, inside.site, inside.cost)
    chord, index = cKDTree(_xyz(units.iloc[known])).query(_xyz(points), k=np.arange(1, count + 1))
    metres = arc_m(chord)
    # Those within the rule are there already.
    demand, rank = np.nonzero((metres > rule_m + 1e-6) & (metres <= farthest_m))
    return Pairs(
        np.concatenate([inside.demand, demand]),
        np.concatenate([inside.site, known[index[demand, rank]]]),
        np.concatenate([inside.cost, metres[demand, rank]]),
    )


def _useful_sites(
    points: pd.DataFrame, sites: pd.DataFrame, near: Pairs, rule_m: float, farthest_m: float
) -> Pairs:
    """Every site within the rule, and those nearer than the farthest unit that is known of a point: a site behind it
    is nobody's nearest."""
    known = _known(sites)
    if not len(known) or not len(points):
        return Pairs([], [], [])
    farthest = np.full(len(points), np.inf)
    count = np.bincount(near.demand, minlength=len(points))
    enough = count >= KNOWN_UNITS
    last = np.cumsum(count) - 1
    farthest[enough] = near.cost[last[enough]]
    reach = np.minimum(np.maximum(farthest, rule_m), max(farthest_m, rule_m)) + 1e-6
    place, others = _xyz(points), _xyz(sites.iloc[known])
    found = cKDTree(others).query_ball_point(place, chord_m(reach))
    demand = np.repeat(np.arange(len(points)), [len(some) for some in found])
    site = np.concatenate([np.asarray(some, dtype=np.int64) for some in found])
    metres = arc_m(np.linalg.norm(place[demand] - others[site], axis=1))
    metres = np.where(abs(metres - rule_m) <= 1e-6, rule_m, metres)
    return Pairs(demand, known[site], metres)


def _known(frame: pd.DataFrame) -> np.ndarray:
    """Positions of the rows that have coordinates."""
    return np.flatnonzero(np.isfinite(frame[["lon", "lat"]].to_numpy(float)).all(axis=1))


def _xyz(frame: pd.DataFrame) -> np.ndarray:
    return earth_xyz(frame["lon"].to_numpy(float), frame["lat"].to_numpy(float))
