"""This year's pace against last year's course: what was seen so far, and what it says about the months ahead.

Of a unit's month, d = log(done this year / expected by last year's course). Over units u and months k

    d[u, k] = level + own[u] + drift[u, k] + noise[u, k]

level    the district's pace against last year, normal around "as last year"
own      how much units differ for the whole year, variance ``own``
drift    a pace does not stay what it was: a random walk, variance ``drift`` a month
noise    months differ more than by chance, variance ``month``; and chance: one over the services counted

(the local-level model: Harvey, Forecasting, structural time series models and the Kalman filter, 1989, chapter 2). The
variances are not known: every combination of ``VARIANCES`` is weighed by how well it explains all units' months so far
(marginal likelihood), and forecasts are the mixture. So a district whose months jump gets wide ranges, and a quiet one
narrow ranges, and a few months say little about which of them it is. Ahead the district's level drifts too (``TOGETHER``).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

UNSEEN = 1e6  # variance of a month that was not seen
LEVEL = 0.25  # variance of the district's pace against last year's, before anything is seen

#: Variance by which the district's own pace drifts in a month ahead: one year's months cannot tell it from its level.
#: Fitted on the districts of ``tests/heading/tuning.py``.
TOGETHER = 0.004

#: Variances of log paces that are weighed: (month, drift, own). 0.04 is a fifth more or less, 0.36 nearly double or half.
VARIANCES = tuple(product((0.004, 0.03, 0.12, 0.5), (0.0, 0.006, 0.03), (0.005, 0.06)))


@dataclass(frozen=True, eq=False)
class Ahead:
    """Log paces of the months ahead under one combination of variances: normal with these moments.

    ``noise`` is the part of the variances that belongs to single months.
    """

    log_weight: float
    mean: np.ndarray  # [unit, month ahead]
    covariance: np.ndarray  # [unit, month ahead, month ahead]
    noise: np.ndarray  # [unit, month ahead]

    def of(self, units: np.ndarray) -> Ahead:
        """The same of some units (positions)."""
        return Ahead(self.log_weight, self.mean[units], self.covariance[units], self.noise[units])

    def within(self, months: int) -> Ahead:
        """The same of the first months ahead."""
        mean, noise = self.mean[:, :months], self.noise[:, :months]
        return Ahead(self.log_weight, mean, self.covariance[:, :months, :months], noise)


def ahead(seen: np.ndarray, chance: np.ndarray, chance_ahead: np.ndarray) -> list[Ahead]:
    """What the months seen say about those ahead, for every combination of variances.

    seen          [unit, month]: d of the months so far
    chance        [unit, month]: the variance of d by chance alone; ``UNSEEN`` for months to be left out
    chance_ahead  [unit, month ahead]: the variance of the expectation of each month ahead
    """
    found = []
    so_far, left = seen.shape[1], chance_ahead.shape[1]
    month = np.arange(1, so_far + left + 1)
    walk = np.minimum.outer(month, month).astype(float)
    together = TOGETHER * walk[:left, :left]
    seen_or_not = (chance < UNSEEN).sum()
    for noise, drift, own in VARIANCES:
        whole = own + drift * walk
        within = whole[:so_far, :so_far] + _diagonal(noise + chance)
        across = whole[so_far:, :so_far]
        solved = np.linalg.solve(within, np.broadcast_to(np.eye(so_far), within.shape))
        log_det = np.linalg.slogdet(within)[1].sum()
        ones = solved.sum(axis=2)
        precision = ones.sum() + 1 / LEVEL
        level = (ones * seen).sum() / precision
        off = seen - level
        misfit = np.einsum("uk,ukl,ul->", off, solved, off) + level**2 / LEVEL
        log_weight = -0.5 * (log_det + misfit + np.log(precision) + np.log(LEVEL))
        gain = np.einsum("fk,ukl->ufl", across, solved)
        mean = level + np.einsum("ufk,uk->uf", gain, off)
        spread = whole[so_far:, so_far:] - np.einsum("ufk,gk->ufg", gain, across)
        spread = spread + together + _diagonal(noise + chance_ahead)
        unsure = 1 - gain.sum(axis=2)  # the level is itself an estimate
        spread = spread + unsure[:, :, None] * unsure[:, None, :] / precision
        found.append(Ahead(float(log_weight) if seen_or_not else 0.0, mean, spread, noise + chance_ahead))
    return found


def _diagonal(values: np.ndarray) -> np.ndarray:
    return values[:, :, None] * np.eye(values.shape[1])


def total(expected: np.ndarray, found: Ahead, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of the log of what is still to come: sum of expected * exp(d), as one lognormal.

    expected   [unit, month ahead]
    own        [unit]: how far the expectation is the unit's own last year, 0 to 1. A month that was large by chance last
               year is then expected too large, by half of the noise; the district's course has no such luck.

    Fenton, The sum of log-normal probability distributions, IRE Transactions 8, 1960.
    """
    variance = np.diagonal(found.covariance, axis1=1, axis2=2) - own[:, None] * found.noise
    each = expected * np.exp(found.mean + variance / 2)
    mean = each.sum(axis=1)
    joint = np.einsum("uf,ug,ufg->u", each, each, np.expm1(np.minimum(found.covariance, 50)))
    mean = np.maximum(mean, 1e-100)  # nothing is expected: last year's course was over
    spread = np.log1p(joint / mean**2)
    return np.log(mean) - spread / 2, np.sqrt(spread)
