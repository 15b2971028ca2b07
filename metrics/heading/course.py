"""Last year's seasonal course: which part of a year's services falls into which month.

A unit's own course where its numbers are large, the district's where they are small:

    own and district = (own services of the month + weight * district's share) / (own services + weight)

the mean of a Dirichlet prior of that weight (Agresti, Hitchcock, Bayesian inference for categorical data analysis,
Statistical Methods and Applications 14, 2005). How large the weight should be is left to ``metrics.heading.pace``.
"""

from __future__ import annotations

import numpy as np

YEAR = 12


def district_course(cumulative: np.ndarray, flat: float) -> np.ndarray:
    """[month]: the share of a year's services that fell into each month, all units together; sums to 1.

    cumulative   [unit, 12]: services of last year up to each month; NaN unknown. Units with a gap tell nothing here.
    flat         the share that is spread evenly, 0 to 1: no month is impossible only because nothing was done in it
    """
    whole = cumulative[~np.isnan(cumulative).any(axis=1)]
    monthly = increments(whole).sum(axis=0)
    total = monthly.sum()
    even = np.full(YEAR, 1 / YEAR)
    return (1 - flat) * monthly / total + flat * even if total > 0 else even


def increments(cumulative: np.ndarray) -> np.ndarray:
    """[unit, month]: what was added each month; where the cumulative figure fell, nothing."""
    return np.maximum(np.diff(cumulative, axis=1, prepend=0.0), 0.0)


def filled(cumulative: np.ndarray, course: np.ndarray) -> np.ndarray:
    """The cumulative figures with gaps closed along ``course`` [12]; months after the last known one stay NaN."""
    many = cumulative.shape[1]
    along = np.cumsum(course)[:many]
    out = np.full_like(cumulative, np.nan)
    for place, row in enumerate(cumulative):
        known = ~np.isnan(row)
        if known.any():
            last = int(np.flatnonzero(known)[-1])
            whole = np.interp(along, np.r_[0.0, along[known]], np.r_[0.0, row[known]])
            out[place, : last + 1] = whole[: last + 1]
    return out


def shrunk(cumulative: np.ndarray, course: np.ndarray, weight: float) -> np.ndarray:
    """[unit, month]: each unit's course, shares of its year that sum to 1.

    cumulative   [unit, 12] without gaps
    weight       how many services of its own the district's course is worth; infinite: every unit has the district's
    """
    monthly = increments(cumulative)
    total = monthly.sum(axis=1, keepdims=True)
    own = np.divide(monthly, total, out=np.broadcast_to(course, monthly.shape).copy(), where=total > 0)
    own_part = trust(cumulative, weight)[:, None]
    return own_part * own + (1 - own_part) * course


def trust(cumulative: np.ndarray, weight: float) -> np.ndarray:
    """[unit]: how far each unit's course is its own, 0 to 1."""
    total = cumulative[:, -1]
    return np.zeros_like(total) if np.isinf(weight) else total / np.maximum(total + weight, 1e-9)
