"""This year's pace against last year's course: what was seen so far, and what it says about the months ahead.

Of a unit's month, d = log(done this year / expected by last year's course). Over units u and months k

    d[u, k] = district[k] + own[u] + drift[u, k] + noise[u, k]

district  what all units have in common: a level against last year, normal around "as last year"; a random walk
          (``TOGETHER``); and months that are good or bad everywhere, or a course that moved: variance ``SHARED`` a month
own       how much units differ for the whole year, variance ``own``
drift     a pace does not stay what it was: a random walk, variance ``drift`` a month
noise     months differ more than by chance, variance ``month``; and chance: one over the services counted

(the local-level model: Harvey, Forecasting, structural time series models and the Kalman filter, 1989, chapter 2). The
variances are not known: every combination of ``VARIANCES`` is weighed by how well it explains all units' months so far
(marginal likelihood), and forecasts are the mixture. So a district whose months jump gets wide ranges, a quiet one narrow
ranges, and a few months say little about which of them it is. What is common to all units is not made
surer by counting it in many of them.

What no month has shown yet can still happen, so in some forecasts the pace breaks once in the months ahead: ``broken``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

UNSEEN = 1e6  # variance of a month that was not seen
LEVEL = 0.25  # variance of the district's pace against last year's, before anything is seen

#: Variance by which the district's own pace drifts in a month: one year's months cannot tell it from its level.
#: Fitted on the districts of ``tests/heading/tuning.py``.
TOGETHER = 0.004

#: Variance of months that are good or bad in the whole district: a quarter more or less. Fitted as ``TOGETHER`` is. Weighing
#: three of them explained hardly more and made a forecast three times as slow.
SHARED = 0.06

#: The chance of a break in a month ahead (staff that leave, another programme, an epidemic), and its variance: in
#: half of them to less than half or more than double. Fitted as ``TOGETHER`` is, and on the older withheld set.
BREAK = 0.03
BREAKS_BY = 1.0

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

    def broken(self) -> Ahead:
        """The same where the pace breaks once, in a month that nobody knows: it holds from then to the end."""
        month = np.arange(1, self.mean.shape[1] + 1)
        begun = np.minimum.outer(month, month) / len(month)  # the chance that it has happened by both months
        return replace(self, covariance=self.covariance + BREAKS_BY * begun)


def chance_of_break(months: int) -> float:
    """That the pace breaks within so many months."""
    return 1 - (1 - BREAK) ** months


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
    common = LEVEL + TOGETHER * walk + SHARED * np.eye(len(month))
    prior = np.linalg.inv(common[:so_far, :so_far])
    onward = common[so_far:, :so_far] @ prior
    nothing_seen = (chance >= UNSEEN).all()
    for noise, drift, own in VARIANCES:
        whole = own + drift * walk
        solved = np.linalg.inv(whole[:so_far, :so_far] + _diagonal(noise + chance))
        gain = np.einsum("fk,ukl->ufl", whole[so_far:, :so_far], solved)
        own_spread = whole[so_far:, so_far:] - np.einsum("ufk,gk->ufg", gain, whole[so_far:, :so_far])
        own_spread = own_spread + _diagonal(noise + chance_ahead)
        log_det = np.linalg.slogdet(solved)[1].sum()
        precision = solved.sum(axis=0) + prior
        unsure = np.linalg.inv(precision)
        district = unsure @ np.einsum("ukl,ul->k", solved, seen)
        off = seen - district
        misfit = np.einsum("uk,ukl,ul->", off, solved, off) + district @ prior @ district
        log_weight = 0.5 * (log_det + np.linalg.slogdet(prior)[1] - np.linalg.slogdet(precision)[1] - misfit)
        mean = onward @ district + np.einsum("ufk,uk->uf", gain, off)
        lean = onward - gain  # the district's path is itself an estimate
        spread = own_spread + common[so_far:, so_far:] - onward @ common[:so_far, so_far:]
        spread = spread + np.einsum("ufk,kl,ugl->ufg", lean, unsure, lean)
        weight = 0.0 if nothing_seen else float(log_weight)
        found.append(Ahead(weight, mean, spread, noise + chance_ahead))
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
