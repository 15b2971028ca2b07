"""Small numbers of a shown cell are hidden: a cell of the map is a few houses, and a share of five people names them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def hidden(numerator: ArrayLike, denominator: ArrayLike, threshold: float) -> np.ndarray:
    """Whether a share must not be shown (nor its numbers): arrays broadcast, bool.

    Hidden is what stands on fewer than ``threshold`` people, and what singles out some of them: those who have it, or
    those who lack it, are at least one and fewer than the threshold. Nobody and everybody single out none. What is
    missing is not small: it is not hidden, and stays missing. A threshold of 0 or 1 hides nothing.
    """
    if not threshold >= 0:
        raise ValueError(f"no threshold: {threshold}")
    having, all_ = np.broadcast_arrays(np.asarray(numerator, float), np.asarray(denominator, float))
    lacking = all_ - having
    few = (all_ > 0) & (all_ < threshold)
    return few | ((having > 0) & (having < threshold)) | ((lacking > 0) & (lacking < threshold))
