"""How a signal lies in this district: whoever works as the others here do is no reason to check, however odd the district is.

A signal's own model says what chance and honest groups of other districts make of it. Where many groups of one district lie beyond
that (paper forms typed before an appraisal, a system that leaves readings out), it is the district's way, and the standard
scores of its groups are measured by their own middle: the empirical null of Efron, Journal of the American Statistical Association 99,
2004. Of a single signal it only ever makes a group less remarkable.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from metrics.truth.rules import Rules

_NEAR = 1e-9  # p that are 1 have a score all the same


def by_district(signals: pd.DataFrame, least: float, rules: Rules) -> pd.Series:
    """The p of each row of ``signals.COLUMNS``, by the groups of its kind and level (units, doctors); NaN stays.

    The scale is told from few groups, and by chance alone it is now and then half as wide again: it counts from
    ``rules.usual_wide`` on, where the district is odd and not only the estimate.

    least   p below which nothing is told apart
    """
    found = signals["p"].copy()
    known = signals[signals["p"].notna()]
    for _, rows in known.groupby(["kind", known["doctor"] == ""]):
        if len(rows) < rules.usual_groups:
            continue
        score = _scores(rows["p"], least)
        middle = np.median(score)
        wide = _width(score, middle, (rules.usual_part_pct / 100,))
        scale = wide if wide >= rules.usual_wide else 1.0
        found[rows.index] = ndtr(-(score - max(middle, 0.0)) / scale)
    return found


def together(rows: pd.DataFrame, least: float, rules: Rules) -> pd.Series:
    """The same of one p of each unit and doctor, that all signals together have.

    Of these the middle counts on either side: signals of rare things, which say nothing of most groups, lower what honest groups have.
    """
    found = rows["p"].copy()
    for _, part in rows.groupby(rows["doctor"] == ""):
        if len(part) < rules.usual_groups:
            continue
        score = _scores(part["p"], least)
        middle = np.median(score)
        # Of what all signals say together fewer stand out than of one: more groups tell how wide it is.
        parts = np.linspace(rules.usual_part_pct, rules.usual_most_pct, 3) / 100
        found[part.index] = ndtr(-(score - middle) / max(_width(score, middle, parts), 1.0))
    return found


def _scores(p: pd.Series, least: float) -> np.ndarray:
    return -ndtri(p.clip(least, 1 - _NEAR).to_numpy())


def _width(score: np.ndarray, middle: float, quantiles: Iterable[float]) -> float:
    return float(np.mean([(np.quantile(score, at) - middle) / ndtri(at) for at in quantiles]))
