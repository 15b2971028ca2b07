"""Ways of making up readings in the sixth withheld world that start from real ones. Each gives n x 3: sbp, dbp, fpg."""

from __future__ import annotations

import numpy as np

from tests.truth.withheld_sixth_desk import Desk, before, pick_from


def _near_known(desk: Desk, keep: float, size: float) -> np.ndarray:
    rng, n = desk.rng, len(desk.day)
    sway = rng.normal(0, size, n)
    return np.column_stack(
        [
            129 + keep * (desk.known[:, 0] - 129) + sway,
            79 + keep * (desk.known[:, 1] - 79) + 0.35 * sway + rng.normal(0, 0.4 * size, n),
            6.5 + keep * (desk.known[:, 2] - 6.5) + rng.normal(0, 0.09 * size, n),
        ]
    )


def unvisited(desk: Desk) -> np.ndarray:
    return _near_known(desk, desk.rng.uniform(0.3, 0.8), desk.rng.uniform(3, 6))


def unreachable(desk: Desk) -> np.ndarray:
    return _near_known(desk, desk.rng.uniform(0.2, 0.9), desk.rng.uniform(2.5, 5))


def own_mean(desk: Desk) -> np.ndarray:
    """Each patient has their level, and stays at it much better than people do."""
    return _near_known(desk, 0.95, desk.rng.uniform(1.2, 2.6))


def careful(desk: Desk) -> np.ndarray:
    """Good spread, a patient's own level, slow drift and, with the best, the seasons."""
    rng, n = desk.rng, len(desk.day)
    drift = rng.normal(0, 1, (int(desk.person.max()) + 1, 3))
    slow = np.empty((n, 3))
    for row, person in enumerate(desk.person.tolist()):
        drift[person] = 0.6 * drift[person] + 0.8 * rng.normal(0, 1, 3)
        slow[row] = drift[person]
    sway = rng.normal(0, 5.5, n)
    season = 3.0 * (desk.skill > 0.6) * np.cos(2 * np.pi * (desk.day - 15) / 365.25)
    sbp = 0.9 * desk.known[:, 0] + 12.5 + 3.5 * slow[:, 0] + sway + season
    dbp = desk.known[:, 1] + 1.5 * slow[:, 1] + 0.4 * sway + rng.normal(0, 2.5, n)
    fpg = desk.known[:, 2] * np.exp(0.05 * slow[:, 2] + rng.normal(0, 0.06, n))
    return np.column_stack([sbp, dbp, fpg])


def shaved(desk: Desk) -> np.ndarray:
    """Real visits; what is above the threshold is written below it."""
    rng, out = desk.rng, desk.readings()
    n = len(out)
    deep = 2 + rng.gamma(1.5, 2.5, n)
    limit = rng.choice([138, 140, 140], 1)[0]
    out[:, 0] = np.where(out[:, 0] >= limit, limit - deep, out[:, 0])
    out[:, 1] = np.where(out[:, 1] >= 90, 90 - 1 - 0.6 * deep, out[:, 1])
    out[:, 2] = np.where(out[:, 2] >= 7.0, 7.0 - 0.1 - 0.08 * deep, out[:, 2])
    return out


def quota(desk: Desk) -> np.ndarray:
    """The rate that was asked for: a tenth may stay high, the others and the missing ones are made controlled."""
    out = desk.readings()
    fine = _near_known(desk, 0.35, 4.5)
    fine[:, 0] = np.where(fine[:, 0] > 139, 138 - desk.rng.integers(0, 7, len(out)), fine[:, 0])
    fine[:, 1] = np.minimum(fine[:, 1], 88)
    fine[:, 2] = np.where(fine[:, 2] > 6.9, 6.9 - desk.rng.integers(0, 9, len(out)) / 10, fine[:, 2])
    bad = np.isnan(out[:, 0]) | (out[:, 0] >= 138) | (out[:, 1] >= 88) | (out[:, 2] >= 7)
    bad &= desk.rng.random(len(out)) > 0.1 * ~np.isnan(out[:, 0])
    return np.where(bad[:, None], fine, out)


def glucose(desk: Desk) -> np.ndarray:
    """Real pressures; the strips were never bought or went elsewhere."""
    out, rng = desk.readings(), desk.rng
    level = 6.4 + desk.rng.uniform(0.1, 0.8) * (desk.known[:, 2] - 6.6)
    out[:, 2] = np.clip(level + rng.normal(0, 0.3 + 0.4 * desk.skill, len(out)), 4.6, 12)
    return out


def derived_diastolic(desk: Desk) -> np.ndarray:
    """The systolic one is real; the diastolic one comes from a rule or from few favourites."""
    out, rng = desk.readings(), desk.rng
    n = len(out)
    if rng.random() < 0.5:
        out[:, 1] = np.round(out[:, 0] * rng.uniform(0.57, 0.62)) + rng.integers(
            -1, 2 + int(2 * desk.skill), n
        )
    else:
        out[:, 1] = rng.choice([76, 78, 80, 82, 84, 86], n, p=rng.dirichlet(np.ones(6) * 2))
    return out


def others_sheets(desk: Desk) -> np.ndarray:
    """Real readings of the same doctor, of other patients, as they come."""
    rows = desk.readings()[desk.real]
    rows = rows if len(rows) >= 30 else desk.pool
    out = pick_from(desk.rng, rows, len(desk.day))
    return _with_sugar(desk, out, rows)


def borrowed(desk: Desk) -> np.ndarray:
    """A colleague's real readings, of somebody rather like the patient."""
    rng, n = desk.rng, len(desk.day)
    tries = 2 + int(desk.skill * 10)
    some = rng.integers(0, len(desk.pool), (n, tries))
    far = np.abs(desk.pool[some, 0] - desk.known[:, [0]] + rng.normal(0, 6, (n, tries)))
    out = desk.pool[some[np.arange(n), np.argmin(far, axis=1)]].copy()
    return _with_sugar(desk, out, desk.pool)


def _with_sugar(desk: Desk, out: np.ndarray, rows: np.ndarray) -> np.ndarray:
    sweet = rows[~np.isnan(rows[:, 2]), 2]
    if len(sweet) > 10:
        out[:, 2] = np.where(np.isnan(out[:, 2]), pick_from(desk.rng, sweet, len(out)), out[:, 2])
    return out


def reshuffled(desk: Desk) -> np.ndarray:
    """The patient's own earlier readings, a year or two quarters ago, now and then with another last digit."""
    rng = desk.rng
    out, rows = _near_known(desk, 0.9, 4), desk.readings()
    there = desk.real
    for steps in (2, 3, 4):
        past = before(desk, there, steps)
        use = (past >= 0) & (rng.random(len(out)) < 0.7)
        out[use] = rows[past[use]]
    edit = rng.random(len(out)) < 0.7 * desk.skill
    out[edit] += rng.integers(-2, 3, (int(edit.sum()), 3)) * np.array([1, 1, 0.1])
    return out


def from_checkup(desk: Desk) -> np.ndarray:
    """The check-up of the township serves for the whole year, with a little noise."""
    wide = desk.rng.uniform(1, 6)
    noise = desk.rng.uniform(-1, 1, desk.checkup.shape) * np.array([wide, 0.7 * wide, 0.08 * wide])
    return desk.checkup + noise


def averaged(desk: Desk) -> np.ndarray:
    """The middle of two real readings of those above and below on the list."""
    real = np.flatnonzero(desk.real)
    if len(real) < 5:
        return _near_known(desk, 0.4, 4)
    order = real[np.lexsort((desk.rank[real], desk.quarter[real]))]
    rows = desk.readings()[order]
    key = desk.quarter[order] * 1000.0 + desk.rank[order]
    at = np.clip(np.searchsorted(key, desk.quarter * 1000.0 + desk.rank), 1, len(order) - 1)
    return (rows[at - 1] + rows[at]) / 2 + desk.rng.integers(-2, 3, (len(desk.day), 1)) * np.array(
        [1, 1, 0.1]
    )


def interpolated(desk: Desk) -> np.ndarray:
    """On the straight line between real readings of the patient."""
    out, rows = desk.known.copy(), desk.readings()
    by_person: dict[int, list[int]] = {}
    for row in np.flatnonzero(desk.real).tolist():
        by_person.setdefault(int(desk.person[row]), []).append(row)
    for row in np.flatnonzero(desk.chosen).tolist():
        own = by_person.get(int(desk.person[row]), [])
        for k in range(3):
            told = [r for r in own if not np.isnan(rows[r, k])]
            if len(told) > 1:
                out[row, k] = np.interp(desk.day[row], desk.day[told], rows[told, k])
    noise = desk.rng.normal(0, 1 + 2.5 * desk.skill, out.shape)
    return out + noise * np.array([1, 0.6, 0.07])
