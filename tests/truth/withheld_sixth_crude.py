"""Ways of making up readings in the sixth withheld world that need little thought. Each gives n x 3: sbp, dbp, fpg."""

from __future__ import annotations

import numpy as np

from tests.truth.withheld_sixth_desk import Desk, before, pick_from


def chained(desk: Desk, step: np.ndarray, steps: int = 1) -> np.ndarray:
    """The last reading on paper, real or made up, plus a step."""
    out = np.where(desk.chosen[:, None], np.nan, desk.readings())
    there = desk.chosen | ~np.isnan(desk.sbp)
    past = before(desk, there, steps)
    for row in np.flatnonzero(desk.chosen).tolist():
        last = out[past[row]] if past[row] >= 0 else desk.known[row]
        out[row] = np.where(np.isnan(last), desk.known[row], last) + step[row]
    return out


def _steps(desk: Desk, same: float, size: float) -> np.ndarray:
    n = len(desk.day)
    step = desk.rng.choice([-2.0, -1.0, 1.0, 2.0], (n, 3)) * np.array([size, size * 0.6, 0.1])
    step[desk.rng.random(n) < same] = 0
    return step


def copied(desk: Desk) -> np.ndarray:
    return chained(desk, _steps(desk, desk.rng.uniform(0.1, 0.7) * (1.2 - desk.skill), 2))


def quarter_end(desk: Desk) -> np.ndarray:
    return chained(desk, _steps(desk, 0.15, desk.rng.uniform(1, 3)))


def before_last(desk: Desk) -> np.ndarray:
    return chained(desk, _steps(desk, 0.4, 1), 2)


def minus_column(desk: Desk) -> np.ndarray:
    """The same is added to the whole column of the last quarter."""
    plus = desk.rng.choice([-4, -3, -2, 2, 3, 4], 40)[desk.quarter % 40]
    step = np.column_stack([plus, np.sign(plus) * np.ceil(np.abs(plus) / 2), plus * 0.05])
    few = desk.rng.random(len(plus)) < 0.1 * desk.skill
    step[few] += desk.rng.integers(-2, 3, (int(few.sum()), 1))
    return chained(desk, step)


def head(desk: Desk) -> np.ndarray:
    """Favourite numbers near the targets; a little higher for those who are known to be high."""
    rng, n = desk.rng, len(desk.day)
    count = 5 + int(10 * desk.skill)
    sbp = rng.choice([118, 120, 122, 124, 126, 128, 130, 132, 134, 135, 136, 138], count, replace=True)
    dbp = rng.choice([70, 72, 74, 75, 76, 78, 80, 82, 84, 85, 86, 88], count, replace=True)
    which = rng.choice(count, (n, 2), p=rng.dirichlet(np.ones(count) * 1.5))
    high = (desk.known[:, 0] > 148) & (rng.random(n) < 0.6)
    fpg = rng.choice([5.6, 5.8, 6.1, 6.2, 6.3, 6.5, 6.6, 6.8, 6.9, 7.2], n)
    pair = np.where(rng.random(n) < 0.6, which[:, 0], which[:, 1])
    return np.column_stack([sbp[which[:, 0]] + high * 10, dbp[pair] + high * 6, fpg])


def between_limits(desk: Desk) -> np.ndarray:
    """A spreadsheet's random numbers between two limits."""
    rng, n = desk.rng, len(desk.day)
    low, wide = rng.integers(112, 124), rng.integers(14, 28)
    below, deep = rng.integers(66, 76), rng.integers(9, 17)
    return np.column_stack(
        [
            rng.integers(low, low + wide, n),
            rng.integers(below, below + deep, n),
            rng.integers(51, rng.integers(66, 74), n) / 10,
        ]
    )


def dragged(desk: Desk) -> np.ndarray:
    """A series pulled down the column of the list, begun again with each batch."""
    rng = desk.rng
    by_list = rng.random() < 0.4
    batch = desk.quarter * 3 + (desk.day // 30) % 3
    out = desk.empty()
    length, jump = int(rng.integers(8, 30)), int(rng.choice([1, 1, 2]))
    for number in np.unique(batch[desk.chosen]):
        rows = np.flatnonzero(desk.chosen & (batch == number))
        if by_list:
            rows = rows[np.argsort(desk.rank[rows], kind="stable")]
        turn = np.arange(len(rows)) + int(rng.integers(0, length))
        up = turn % length if rng.random() < 0.5 else length - 1 - turn % length
        sbp = 118 + jump * up % 24
        out[rows] = np.column_stack([sbp, 70 + up % 18, 5.4 + 0.1 * (up % 15)])
    loose = desk.rng.random(len(out)) < 0.25 * desk.skill
    out[loose] += desk.rng.integers(-2, 3, (int(loose.sum()), 1)) * np.array([1, 1, 0.1])
    return out


def templates(desk: Desk) -> np.ndarray:
    """A few whole forms that are used again and again."""
    rng = desk.rng
    rows = desk.readings()
    good = rows[(rows[:, 0] < 142) & (rows[:, 1] < 92)]
    if len(good) < 20:
        good = desk.pool
    forms = pick_from(rng, good, 5 + int(desk.skill * 14))
    forms[:, 2] = np.where(np.isnan(forms[:, 2]), np.round(rng.normal(6.4, 0.4, len(forms)), 1), forms[:, 2])
    return pick_from(rng, forms, len(rows))


def no_round(desk: Desk) -> np.ndarray:
    """No ending of 0 or 5: those would look invented."""
    rng = desk.rng
    out = 130 + 0.5 * (desk.known - 130) + rng.normal(0, 4.5, desk.known.shape)
    out[:, 1] = 79 + 0.5 * (desk.known[:, 1] - 79) + rng.normal(0, 3, len(out))
    out[:, 2] = 6.4 + 0.5 * (desk.known[:, 2] - 6.4) + rng.normal(0, 0.35, len(out))
    whole = np.round(out[:, :2])
    whole += np.where(whole % 5 == 0, rng.choice([-2, -1, 1, 2], whole.shape), 0)
    tenth = np.round(out[:, 2] * 10)
    tenth += np.where(tenth % 5 == 0, rng.choice([-2, -1, 1, 2], len(out)), 0)
    return np.column_stack([whole, tenth / 10])


def improving(desk: Desk) -> np.ndarray:
    """Everybody is a little better every quarter."""
    rng = desk.rng
    begun = desk.quarter - desk.quarter.min()
    fall = rng.uniform(1.2, 2.6) * begun
    noise = rng.normal(0, 1 + 3 * desk.skill, len(begun))
    sbp = np.maximum(desk.known[:, 0] + 6 - fall, 122) + noise
    dbp = np.maximum(desk.known[:, 1] + 3 - 0.5 * fall, 74) + 0.5 * noise + rng.normal(0, 1.5, len(begun))
    return np.column_stack([sbp, dbp, np.maximum(desk.known[:, 2] + 0.5 - 0.1 * fall, 5.7) + 0.06 * noise])


def household(desk: Desk) -> np.ndarray:
    """One is measured; the other of the couple, or the next on the list, gets a little more or less."""
    out = desk.empty()
    real = np.flatnonzero(desk.real)
    if not len(real):
        return out
    rows = desk.readings()
    for row in np.flatnonzero(desk.chosen).tolist():
        near = np.abs(desk.day[real] - desk.day[row]) * 1.0 + 0.8 * np.abs(desk.rank[real] - desk.rank[row])
        near = (
            near
            - 45.0 * (desk.head[real] == desk.head[row])
            + 500.0 * (desk.person[real] == desk.person[row])
        )
        out[row] = rows[real[int(np.argmin(near))]]
    wide = 1 + round(3 * desk.skill)
    out[:, :2] += desk.rng.integers(-wide, wide + 1, (len(out), 2))
    out[:, 2] += desk.rng.integers(-3, 4, len(out)) / 10
    return out


def calls_as_visits(desk: Desk) -> np.ndarray:
    """Telephone calls, or nothing at all, become home visits with round numbers near the last ones."""
    rng = desk.rng
    out = chained(desk, rng.normal(0, 3.5, desk.known.shape) * np.array([1, 0.6, 0.08]))
    coarse = 10 if desk.skill < 0.3 else 2
    out[:, :2] = coarse * np.round(out[:, :2] / coarse)
    out[:, 0] = np.where(out[:, 0] > 150, out[:, 0] - 10, out[:, 0])
    return out
