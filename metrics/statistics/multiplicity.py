"""Many tests at once: the q-value of each, so that of all that is raised only a known part is false.

Benjamini, Hochberg, Journal of the Royal Statistical Society B 57, 1995 (tests that are independent or go together);
Benjamini, Yekutieli, Annals of Statistics 29, 2001 (any tests at all, at a price). Raise what has q at or below the part that may be
false.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from metrics.statistics.intervals import floats


def q_values(p: ArrayLike, family: ArrayLike | None = None, *, any_dependence: bool = False) -> np.ndarray:
    """Adjusted p-values of an array of any shape; NaN is no test and stays NaN.

    family          of the same shape: each family is corrected by itself; None: all are one
    any_dependence  Benjamini and Yekutieli's, else Benjamini and Hochberg's

    ValueError when a p-value lies outside 0..1.
    """
    (p,) = floats(p)
    if ((p < 0) | (p > 1)).any():
        raise ValueError("p-values lie between 0 and 1")
    flat, result = p.ravel(), np.full(p.size, np.nan)
    tests = np.flatnonzero(~np.isnan(flat))
    if not len(tests):
        return result.reshape(p.shape)
    place = (
        np.zeros(p.size, dtype=int) if family is None else np.unique(family, return_inverse=True)[1].ravel()
    )
    # Sorted by family and p, each family is one stretch; its correction runs from its largest p downwards.
    tests = tests[np.lexsort((flat[tests], place[tests]))]
    where = place[tests]
    first = np.flatnonzero(np.r_[True, where[1:] != where[:-1]])
    for start, end in zip(first, np.r_[first[1:], len(tests)], strict=True):
        stretch = tests[start:end]
        number = len(stretch)
        factor = number * (np.sum(1 / np.arange(1, number + 1)) if any_dependence else 1)
        raised = flat[stretch] * factor / np.arange(1, number + 1)
        lowest = np.minimum.accumulate(raised[::-1])[::-1]
        result[stretch] = np.clip(lowest, flat[stretch], 1)  # never below p, not even by rounding
    return result.reshape(p.shape)
