"""How a signal lies in this district: whoever works as the others here do is no reason to check, however odd the district is.

A signal's own model says what chance and honest groups of other districts make of it. Where many groups of one district lie beyond
that (paper forms typed before an appraisal, a system that leaves readings out), it is the district's way, and the standard
scores of its groups are measured by their own middle: the empirical null of Efron, Journal of the American Statistical Association 99,
2004. It only ever makes a group less remarkable.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

_GROUPS = 12  # fewer have no middle
_QUANTILE = 0.6  # as long as two fifths or fewer are untrue, they have no part in the scale
_NEAR = 1e-9  # p that are 1 have a score all the same


def by_district(signals: pd.DataFrame, least: float) -> pd.Series:
    """The p of each row of ``signals.COLUMNS``, by the groups of its kind and level (units, doctors); NaN stays.

    least   p below which nothing is told apart
    """
    found = signals["p"].copy()
    known = signals[signals["p"].notna()]
    for _, rows in known.groupby(["kind", known["doctor"] == ""]):
        if len(rows) < _GROUPS:
            continue
        score = -ndtri(rows["p"].clip(least, 1 - _NEAR).to_numpy())
        middle = np.median(score)
        wide = (np.quantile(score, _QUANTILE) - middle) / ndtri(_QUANTILE)
        found[rows.index] = ndtr(-(score - max(middle, 0.0)) / max(wide, 1.0))
    return found
