"""The units of one indicator: interval, verdict against target and peers, rank with its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.card import Card
from metrics.comparing.chances import Chance, chance_of
from metrics.comparing.levels import Levels, levels_in
from metrics.comparing.places import SIGN, fit, places_of
from metrics.statistics.funnel import Funnel
from metrics.statistics.mean_funnel import MeanFunnel
from metrics.statistics.ranks import pairwise
from metrics.statistics.verdict import BETTER, HIGHER, LOWER, NONE, SAME, WORSE, Verdict, worded

WORDS = (BETTER, SAME, WORSE, HIGHER, LOWER, NONE)


def chance_in(figures: pd.DataFrame, card: Card, levels: Levels) -> Chance | None:
    """What chance has to do with the units that are compared; None where it makes no interval."""
    whole = fit(figures.assign(indicator=card.key), {card.key: card}, levels) == ""
    return chance_of(card, figures, whole)


def compared(figures: pd.DataFrame, card: Card, month: int) -> pd.DataFrame:
    """Add to the units of one card, with what ``judgement.judged`` adds:

    low, high            the interval of the value, in its unit; NaN where there is none
    to_target, to_peers  one of WORDS; NONE where it cannot be told
    place, placed, unranked  of ``places``
    place_low, place_high    the interval of the rank; NaN of ranks that chance has no part in
    """
    levels, nothing = levels_in(month), np.full(len(figures), np.nan)
    out = places_of(figures, card, month).assign(
        low=nothing,
        high=nothing,
        to_target=NONE,
        to_peers=NONE,
        place_low=nothing,
        place_high=nothing,
    )
    chance = None if figures.empty else chance_in(figures, card, levels)
    if chance is None:
        return out
    interval = chance.interval(levels.interval)
    ranks = nothing, nothing
    if (out["unranked"] == "").any():
        scale, halves = chance.scale(), chance.halves()
        ranks = pairwise(*scale, SIGN[card.direction], levels.interval, halves=halves)
    return out.assign(
        low=interval.low,
        high=interval.high,
        to_target=_to_target(figures, card, chance, levels),
        to_peers=_to_peers(chance, card, levels, len(figures)),
        place_low=ranks[0],
        place_high=ranks[1],
    )


def funnel_of(chance: Chance | None, levels: Levels) -> Funnel | MeanFunnel | None:
    """The funnel of the units that are compared; None where chance makes no interval, fewer than two are compared, or they are
    means of values that are all alike within every unit."""
    if chance is None or (chance.size > 0).sum() < 2:
        return None
    found = chance.funnel(levels.funnel_fewest)
    return None if isinstance(found, MeanFunnel) and np.isnan(found.deviation) else found


def _to_peers(chance: Chance, card: Card, levels: Levels, units: int) -> np.ndarray:
    """Words by the outer lines of the funnel, so that word and picture agree."""
    found = funnel_of(chance, levels)
    if found is None:
        return np.full(units, NONE)
    return worded(found.p, found.above, SIGN[card.direction], levels.outer).word


def _to_target(figures: pd.DataFrame, card: Card, chance: Chance, levels: Levels) -> np.ndarray:
    """Words against what is due by now, which is the target where a figure does not grow with the year."""
    sign, confidence = SIGN[card.direction], levels.interval
    plain = chance.against(figures["expected"], sign, confidence).word
    if sign == 0:
        plain = np.full(len(figures), NONE)
    upper = figures["target_to"].to_numpy(float)
    if np.isnan(upper).all():
        return plain
    lower = chance.against(figures["target"], 0, confidence)
    return np.where(np.isnan(upper), plain, _to_range(lower, chance.against(upper, 0, confidence), sign))


def _to_range(lower: Verdict, upper: Verdict, sign: int) -> np.ndarray:
    """Of a target that is a range: surely beyond an end, or not. Beyond is better only where the direction says so."""
    below, beyond = lower.word == LOWER, upper.word == HIGHER
    known = ~np.isnan(lower.p) & ~np.isnan(upper.p)
    said = np.select([below, beyond], [BETTER if sign < 0 else WORSE, BETTER if sign > 0 else WORSE], SAME)
    return np.where(known, said, NONE)
