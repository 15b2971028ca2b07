"""Supply per head by the two-step floating catchment.

Step one shares what a site supplies among the people who reach it; step two adds up, for each demand point, the shares
of all sites that it reaches (Luo & Wang 2003, doi:10.1068/b29120; with weights by distance Luo & Qi 2009). Supply is
whatever the caller counts: general practitioners, beds, opening hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from metrics.coverage.decay import Decay
from metrics.coverage.pairs import Pairs


@dataclass(frozen=True)
class Result:
    """What the two steps found.

    access     of each demand point: supply per head, float64; 0 where nothing is within reach
    ratio      of each site: its supply per head of those who reach it; NaN where nobody does, or its supply is unknown
    uncovered  people of the points that reach no supply
    unsure     of each demand point, bool: a site within reach has an unknown supply, so access is a lower bound
    """

    access: np.ndarray
    ratio: np.ndarray
    uncovered: float
    unsure: np.ndarray


def two_step(people: ArrayLike, supply: ArrayLike, pairs: Pairs, decay: Decay) -> Result:
    """The floating catchment of ``people`` (by demand point) and ``supply`` (by site; NaN: unknown) over ``pairs``.

    A site whose supply is unknown is left out and makes its surroundings unsure; it is not a site that supplies nothing.
    ValueError where people are missing or negative, supply is negative, or a pair names what is not there.
    """
    people, supply = np.asarray(people, float), np.asarray(supply, float)
    if not (people >= 0).all():
        raise ValueError("people of a demand point are a number, 0 or more")
    if (supply < 0).any():
        raise ValueError("a supply is not negative")
    if len(pairs) and (pairs.demand.max() >= len(people) or pairs.site.max() >= len(supply)):
        raise ValueError("pairs name demand points or sites that are not there")
    weight = np.asarray(decay(pairs.cost), float)
    if (weight < 0).any():
        raise ValueError("a decay weighs 0 or more")
    demand_at = np.bincount(pairs.site, weight * people[pairs.demand], minlength=len(supply))
    ratio = np.full(len(supply), np.nan)
    np.divide(supply, demand_at, out=ratio, where=demand_at > 0)
    shared = weight * np.nan_to_num(ratio[pairs.site], nan=0.0)
    access = np.bincount(pairs.demand, shared, minlength=len(people))
    unknown = np.isnan(supply)[pairs.site] & (weight > 0)
    unsure = np.bincount(pairs.demand, unknown, minlength=len(people)) > 0
    supplied = (weight > 0) & (supply[pairs.site] > 0)
    reached = np.bincount(pairs.demand, supplied, minlength=len(people)) > 0
    return Result(access, ratio, float(people[~reached].sum()), unsure)
