"""What one signal says of the groups of a level: plain arrays [groups]."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from metrics.truth.peers import Stands


class Found(NamedTuple):
    """``observed`` against ``expected`` and its range ``low`` to ``high``, among ``number``; ``p`` NaN where there is no test.

    behind  [contacts] whether a contact is one of those that are told of; of relations and widths all that are compared
    people  numbers of the persons behind it, where it is about persons and not contacts
    """

    observed: np.ndarray
    expected: np.ndarray
    low: np.ndarray
    high: np.ndarray
    number: np.ndarray
    p: np.ndarray
    behind: np.ndarray | None = None
    people: np.ndarray | None = None


def shares(
    observed: np.ndarray, number: np.ndarray, stands: Stands, fewest: float, behind: np.ndarray | None = None
) -> Found:
    """Of counts among a number, as shares; no test among fewer than ``fewest``."""
    enough = number >= fewest
    over = np.where(enough, number, np.nan)
    low, high = np.minimum(stands.low / over, 1), np.minimum(stands.high / over, 1)
    p = np.where(enough, stands.p, np.nan)
    return Found(observed / over, np.minimum(stands.expected / over, 1), low, high, number, p, behind)
