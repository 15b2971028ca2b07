"""The units of one indicator: interval, verdict against target and peers, rank with its interval."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from metrics.card import SCALE, Card
from metrics.comparing.levels import Levels, levels_in
from metrics.comparing.places import SIGN, fit, places_of
from metrics.comparing.sorts import UNCERTAIN, Sort, sort_of
from metrics.statistics import funnel as funnels
from metrics.statistics.intervals import Interval, rate, wilson
from metrics.statistics.ranks import pairwise
from metrics.statistics.scales import rate_halves, rate_scale, share_halves, share_scale
from metrics.statistics.verdict import (
    BETTER,
    HIGHER,
    LOWER,
    NONE,
    SAME,
    WORSE,
    Verdict,
    rate_against,
    share_against,
    worded,
)

WORDS = (BETTER, SAME, WORSE, HIGHER, LOWER, NONE)


class Sides(NamedTuple):
    """What is compared, [units]: NaN where a unit is not. Values are numerators over denominators."""

    numerator: np.ndarray
    denominator: np.ndarray


def sides(figures: pd.DataFrame, card: Card) -> Sides:
    """Numerators and denominators of the units that are compared; a rate's exposure in what its value is for (10,000 people)."""
    out = fit(figures.assign(indicator=card.key), {card.key: card}) != ""
    scale = SCALE.get(card.unit, 1)
    x, n = (figures[name].to_numpy(float) for name in ("numerator", "denominator"))
    return Sides(np.where(out, np.nan, x), np.where(out, np.nan, n * scale))


def compared(figures: pd.DataFrame, card: Card, month: int) -> pd.DataFrame:
    """Add to the units of one card, with what ``judgement.judged`` adds:

    low, high            the interval of the value, in its unit; NaN where there is none
    to_target, to_peers  one of WORDS; NONE where it cannot be told
    place, placed, unranked  of ``places``
    place_low, place_high    the interval of the rank; NaN of ranks that chance has no part in
    """
    levels, sort, nothing = levels_in(month), sort_of(card), np.full(len(figures), np.nan)
    out = places_of(figures, card, month).assign(
        low=nothing,
        high=nothing,
        to_target=NONE,
        to_peers=NONE,
        place_low=nothing,
        place_high=nothing,
    )
    if sort not in UNCERTAIN or figures.empty:
        return out
    x, n = sides(figures, card)
    interval = wilson(x, n, levels.interval) if sort is Sort.SHARE else rate(x, n, levels.interval)
    ranks = _rank_interval(sort, x, n, card, levels) if (out["unranked"] == "").any() else (nothing, nothing)
    return out.assign(
        low=interval.low,
        high=interval.high,
        to_target=_to_target(figures, card, sort, x, n, levels),
        to_peers=_to_peers(figures, card, levels),
        place_low=ranks[0],
        place_high=ranks[1],
    )


def funnel_of(figures: pd.DataFrame, card: Card, levels: Levels) -> funnels.Funnel | None:
    """The funnel of the units that are compared; None where chance makes no interval, or fewer than two are compared."""
    sort = sort_of(card)
    if sort not in UNCERTAIN:
        return None
    x, n = sides(figures, card)
    if (n > 0).sum() < 2:
        return None
    kind = funnels.Kind.SHARE if sort is Sort.SHARE else funnels.Kind.RATE
    return funnels.funnel(kind, x, n, fewest=levels.funnel_fewest)


def _to_peers(figures: pd.DataFrame, card: Card, levels: Levels) -> np.ndarray:
    """Words by the outer lines of the funnel, so that word and picture agree."""
    found = funnel_of(figures, card, levels)
    if found is None:
        return np.full(len(figures), NONE)
    return worded(found.p, found.above, SIGN[card.direction], levels.outer).word


def _to_target(
    figures: pd.DataFrame, card: Card, sort: Sort, x: np.ndarray, n: np.ndarray, levels: Levels
) -> np.ndarray:
    """Words against what is due by now, which is the target where a figure does not grow with the year."""
    against = share_against if sort is Sort.SHARE else rate_against
    sign, confidence = SIGN[card.direction], levels.interval
    plain = against(x, n, figures["expected"], sign, confidence).word
    if sign == 0:
        plain = np.full(len(figures), NONE)
    upper = figures["target_to"].to_numpy(float)
    if np.isnan(upper).all():
        return plain
    lower = against(x, n, figures["target"], 0, confidence)
    return np.where(np.isnan(upper), plain, _to_range(lower, against(x, n, upper, 0, confidence), sign))


def _to_range(lower: Verdict, upper: Verdict, sign: int) -> np.ndarray:
    """Of a target that is a range: surely beyond an end, or not. Beyond is better only where the direction says so."""
    below, beyond = lower.word == LOWER, upper.word == HIGHER
    known = ~np.isnan(lower.p) & ~np.isnan(upper.p)
    said = np.select([below, beyond], [BETTER if sign < 0 else WORSE, BETTER if sign > 0 else WORSE], SAME)
    return np.where(known, said, NONE)


def _rank_interval(sort: Sort, x: np.ndarray, n: np.ndarray, card: Card, levels: Levels) -> Interval:
    scale, halves = (share_scale, share_halves) if sort is Sort.SHARE else (rate_scale, rate_halves)
    return pairwise(*scale(x, n), SIGN[card.direction], levels.interval, halves=halves(x, n))
