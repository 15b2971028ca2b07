"""Ranks of units, and why there is none: of many indicators at once, in one pass over arrays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from metrics.card import Card, Direction, Unit
from metrics.comparing.chances import TAILED
from metrics.comparing.levels import Levels, levels_in
from metrics.comparing.sorts import UNCERTAIN, Sort, sort_of
from metrics.small_numbers import HIDDEN
from metrics.statistics.intervals import ROUNDING
from metrics.statistics.means import mean_scale
from metrics.statistics.ranks import ALIKE, FEW, rankable
from metrics.statistics.scales import rate_scale, share_scale

SIGN = {Direction.HIGHER: 1, Direction.LOWER: -1, Direction.NONE: 0}

# Why a unit has no rank; beside these the words of ``ranks`` (few, alike, noisy) and the sorts that have none.
DIRECTION = "direction"  # neither side is better
# Of the unit alone: no figure, delivered in part, above 100 %, a mean of too few values or none of which is known one by one.
UNKNOWN, PART, OVER, THIN = "unknown", "part", "over", "thin"
#: Means of units enough, but within too many of them all values are the same.
UNSPREAD = "unspread"
UNKEPT = "unkept"  # of means on paper whose spread nobody kept; no unit is at fault

_RANKED = (*UNCERTAIN, Sort.STOCK)


def fit(figures: pd.DataFrame, cards: Mapping[str, Card], levels: Levels) -> np.ndarray:
    """[row] what keeps a figure out of every comparison: "", HIDDEN, UNKNOWN, PART, OVER or THIN.

    A figure is compared where it is whole, every number of it is shown, a share is none above 100 %, and a mean has values
    enough of which the spread (``deviation``) is known.
    """
    return _kept_out(figures, list(cards.values()), _numbers(figures, cards), levels)


def _numbers(figures: pd.DataFrame, cards: Mapping[str, Card]) -> np.ndarray:
    """[row] which of the cards it is of."""
    return figures["indicator"].map({key: place for place, key in enumerate(cards)}).to_numpy(int)


def _kept_out(figures: pd.DataFrame, cards: list[Card], card: np.ndarray, levels: Levels) -> np.ndarray:
    own = np.array([one.derived is None for one in cards])[card]
    ratio = np.array([one.is_ratio for one in cards])[card]
    percent = np.array([one.unit is Unit.PERCENT for one in cards])[card]
    value, top, bottom = (figures[name].to_numpy(float) for name in ("value", "numerator", "denominator"))
    status = figures["status"].to_numpy(object)
    missing = np.isnan(value) | (own & (np.isnan(top) | (ratio & np.isnan(bottom))))
    secret = status == HIDDEN
    over = percent & own & (value > 1 + ROUNDING)
    thin = np.array([sort_of(one) is Sort.MEAN for one in cards])[card]
    if thin.any():
        thin &= np.isnan(figures["deviation"].to_numpy(float)) | (bottom < levels.mean_fewest)
    return np.select(
        [secret, missing, status != "ok", over, thin],
        [HIDDEN, UNKNOWN, PART, OVER, THIN],
        "",
    )


def placed(figures: pd.DataFrame, cards: Mapping[str, Card], month: int) -> pd.DataFrame:
    """Add place (1 is best; NaN without one), placed (how many are compared) and unranked (why there is no place, "").

    ``figures``: one month, one row a card and unit; the units of a card are compared with each other. Of means with
    ``deviation`` (``metrics.spreading``).
    """
    levels = levels_in(month)
    card = _numbers(figures, cards)
    why = _kept_out(figures, list(cards.values()), card, levels)
    unit, units = pd.factorize(figures["unit"])
    reasons = _reasons(figures, list(cards.values()), card, unit, len(units), why == "", levels)
    unranked = np.where(why != "", why, reasons[card])
    sign = np.array([SIGN[one.direction] for one in cards.values()])
    worth = pd.Series(-figures["value"].to_numpy(float) * sign[card]).where(unranked == "")
    return figures.assign(
        place=worth.groupby(card).rank(method="min").to_numpy(),
        placed=np.bincount(card, weights=why == "", minlength=len(cards))[card].astype(int),
        unranked=unranked,
    )


def _reasons(
    figures: pd.DataFrame,
    cards: list[Card],
    card: np.ndarray,
    unit: np.ndarray,
    units: int,
    compared: np.ndarray,
    levels: Levels,
) -> np.ndarray:
    """[card] why its units have no ranks, "" where they have."""
    sorts = np.array([sort_of(one) for one in cards], dtype=object)
    value, x, n = (figures[name].to_numpy(float) for name in ("value", "numerator", "denominator"))
    y, error, level = (np.full((len(cards), units), np.nan) for _ in range(3))
    for sort, scale in ((Sort.SHARE, share_scale), (Sort.RATE, rate_scale)):
        rows = compared & (sorts[card] == sort)
        y[card[rows], unit[rows]], error[card[rows], unit[rows]] = scale(x[rows], n[rows])
    rows = compared & (sorts[card] == Sort.MEAN)
    if rows.any():
        spread, tailed = figures["deviation"].to_numpy(float), np.array([one.unit in TAILED for one in cards])
        scale = mean_scale(n[rows], value[rows], spread[rows], tailed=tailed[card[rows]])
        y[card[rows], unit[rows]], error[card[rows], unit[rows]] = scale
    level[card[compared], unit[compared]] = value[compared]
    by_chance = rankable(y, error, levels.interval, reliable=levels.reliable, fewest=levels.rank_fewest)
    few = np.bincount(card, weights=compared, minlength=len(cards)) < levels.rank_fewest
    low = np.min(level, axis=1, initial=np.inf, where=~np.isnan(level))
    high = np.max(level, axis=1, initial=-np.inf, where=~np.isnan(level))
    counted = np.where(few, FEW, np.where(low == high, ALIKE, ""))
    unspread = (sorts == Sort.MEAN) & ~few & (by_chance.reason == FEW)
    directed = np.array([one.direction is not Direction.NONE for one in cards])
    return np.select(
        [~np.isin(sorts, _RANKED), ~directed, sorts == Sort.STOCK, unspread],
        [sorts.astype(str), DIRECTION, counted, UNSPREAD],
        by_chance.reason,
    )


def places_of(figures: pd.DataFrame, card: Card, month: int) -> pd.DataFrame:
    """The same for the units of one card."""
    keyed = figures.assign(indicator=card.key)
    return figures.assign(**placed(keyed, {card.key: card}, month)[["place", "placed", "unranked"]])
