"""What chance has to do with the figures of one card: interval, verdict, funnel and ranks, by the sort of number that it is.

One class a sort; each knows its own numbers of the units, [units], NaN of those that are not compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from metrics.card import SCALE, Card, Unit
from metrics.comparing.sorts import Sort, sort_of
from metrics.statistics import funnel as funnels
from metrics.statistics.intervals import Interval, rate, wilson
from metrics.statistics.mean_funnel import MeanFunnel, mean_funnel
from metrics.statistics.means import mean, mean_scale
from metrics.statistics.scales import rate_halves, rate_scale, share_halves, share_scale
from metrics.statistics.verdict import Verdict, mean_against, rate_against, share_against

#: What a few are ten times of what most are: money and time. Points have a ceiling, and no such tail.
TAILED = (Unit.YUAN, Unit.WAN_YUAN, Unit.MINUTES, Unit.HOURS)


class Chance(Protocol):
    size: np.ndarray  # what the funnel lies over: people, exposure, number of values

    def interval(self, confidence: float) -> Interval: ...
    def against(self, target: ArrayLike, sign: int, confidence: float) -> Verdict: ...
    def funnel(self, fewest: int) -> funnels.Funnel | MeanFunnel: ...
    def scale(self) -> tuple[np.ndarray, np.ndarray]: ...
    def halves(self) -> tuple[np.ndarray, np.ndarray] | None: ...


@dataclass(frozen=True, eq=False)
class Share:
    numerator: np.ndarray
    size: np.ndarray

    def interval(self, confidence: float) -> Interval:
        return wilson(self.numerator, self.size, confidence)

    def against(self, target: ArrayLike, sign: int, confidence: float) -> Verdict:
        return share_against(self.numerator, self.size, target, sign, confidence)

    def funnel(self, fewest: int) -> funnels.Funnel:
        return funnels.funnel(funnels.Kind.SHARE, self.numerator, self.size, fewest=fewest)

    def scale(self) -> tuple[np.ndarray, np.ndarray]:
        return share_scale(self.numerator, self.size)

    def halves(self) -> tuple[np.ndarray, np.ndarray]:
        return share_halves(self.numerator, self.size)


@dataclass(frozen=True, eq=False)
class Rate:
    observed: np.ndarray
    size: np.ndarray  # in what the value is for: tens of thousands of people

    def interval(self, confidence: float) -> Interval:
        return rate(self.observed, self.size, confidence)

    def against(self, target: ArrayLike, sign: int, confidence: float) -> Verdict:
        return rate_against(self.observed, self.size, target, sign, confidence)

    def funnel(self, fewest: int) -> funnels.Funnel:
        return funnels.funnel(funnels.Kind.RATE, self.observed, self.size, fewest=fewest)

    def scale(self) -> tuple[np.ndarray, np.ndarray]:
        return rate_scale(self.observed, self.size)

    def halves(self) -> tuple[np.ndarray, np.ndarray]:
        return rate_halves(self.observed, self.size)


@dataclass(frozen=True, eq=False)
class Mean:
    average: np.ndarray  # in the card's unit
    deviation: np.ndarray
    size: np.ndarray  # number of values
    tailed: bool

    def interval(self, confidence: float) -> Interval:
        return mean(self.size, self.average, self.deviation, confidence, tailed=self.tailed)

    def against(self, target: ArrayLike, sign: int, confidence: float) -> Verdict:
        numbers = self.size, self.average, self.deviation
        return mean_against(*numbers, target, sign, confidence, tailed=self.tailed)

    def funnel(self, fewest: int) -> MeanFunnel:
        return mean_funnel(self.size, self.average, self.deviation, tailed=self.tailed, fewest=fewest)

    def scale(self) -> tuple[np.ndarray, np.ndarray]:
        return mean_scale(self.size, self.average, self.deviation, tailed=self.tailed)

    def halves(self) -> None:
        return None  # values are no counts that move in steps


def chance_of(card: Card, figures: pd.DataFrame, compared: np.ndarray) -> Chance | None:
    """Of the figures of one card, those ``compared`` (bool); None where chance makes no interval."""

    def known(name: str) -> np.ndarray:
        return np.where(compared, figures[name].to_numpy(float), np.nan)

    sort = sort_of(card)
    if sort is Sort.SHARE:
        return Share(known("numerator"), known("denominator"))
    if sort is Sort.RATE:
        return Rate(known("numerator"), known("denominator") * SCALE.get(card.unit, 1))
    if sort is Sort.MEAN:
        return Mean(known("value"), known("deviation"), known("denominator"), card.unit in TAILED)
    return None
