"""Which visits to make: the most points with so many visits, less something for every village travelled to. Exact.

Points of visits add up, and a village costs once however many visits are made in it. So in each village the best k visits
are its k richest, and what remains is how many to make in each: a knapsack in which every village offers 0, 1, 2 ... visits
(Kellerer, Pferschy, Pisinger, Knapsack problems, 2004, chapter 11), solved by a table over villages and visits.
"""

from __future__ import annotations

import numpy as np

_NEVER = np.iinfo(np.int64).min // 4


def choose(points: np.ndarray, village: np.ndarray, visits: int, cost: int) -> np.ndarray:
    """Positions of the visits to make, ascending: as many as asked for, or all where there are fewer.

    points   [visit]: whole numbers, what each is worth; of equals the first is taken
    village  [visit]: whole numbers, where each is; visits: how many, 0 or more
    cost     points that each village visited takes off

    Of all sets of so many visits the one with the most points less ``cost`` times its villages.
    """
    points, village = np.asarray(points, np.int64), np.asarray(village)
    if visits < 0:
        raise ValueError(f"{visits} visits cannot be made")
    visits = min(visits, len(points))
    richest = [
        place[np.argsort(-points[place], kind="stable")][:visits]
        for place in (np.flatnonzero(village == one) for one in np.unique(village))
    ]
    best = np.full(visits + 1, _NEVER)
    best[0] = 0
    taken = []  # [village][visits so far]: how many of them are made there
    for place in richest:
        worth = np.concatenate([[0], np.cumsum(points[place]) - cost])
        after, how = best.copy(), np.zeros(visits + 1, np.int64)
        for k in range(1, len(worth)):
            with_k = best[: visits + 1 - k] + worth[k]
            better = with_k > after[k:]
            after[k:][better] = with_k[better]
            how[k:][better] = k
        best = after
        taken.append(how)
    chosen, left = [], visits
    for place, how in zip(reversed(richest), reversed(taken), strict=True):
        chosen.append(place[: how[left]])
        left -= how[left]
    return np.sort(np.concatenate(chosen)) if chosen else np.array([], np.int64)
