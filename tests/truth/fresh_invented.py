"""What is written when nobody was measured: fresh kinds of invention, each a function on the visits of one doctor.

A kind gets `style` (draws that all of a unit share when they invent together), `rng`, the visits `v` and the `Known` of
that doctor.  `v` is in the order of person and day, the two forms of a visit are one line; columns person, day, entered
(-1 unknown), order, sbp, dbp, fpg (NaN without), mode, made.  A kind changes the lines where `made` is true, and may clear
`made` where it cannot apply.  The kinds in words are in `withheld_fresh.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.truth.fresh_honest import as_written
from tests.truth.withheld_honest import Draft


@dataclass
class Known:
    """What a doctor has at hand: the district, the own place in `pairs`, checkups of people, the day of inspection."""

    draft: Draft
    pair: int
    checkups: pd.DataFrame
    inspection: int
    moved: int


def _real(v: pd.DataFrame, column: str) -> pd.Series:
    """Readings that were measured; NaN where nothing was."""
    return v[column].where(~v.made)


def _write(v: pd.DataFrame, sbp, dbp, fpg=None) -> None:
    """Invented figures of the made lines; arrays as long as `v`."""
    made = v.made.to_numpy()
    v.loc[made, "sbp"] = np.clip(np.round(np.asarray(sbp, dtype=float)[made]), 90, 210)
    v.loc[made, "dbp"] = np.clip(np.round(np.asarray(dbp, dtype=float)[made]), 50, 120)
    if fpg is not None:
        v.loc[made, "fpg"] = np.clip(np.round(np.asarray(fpg, dtype=float)[made], 1), 3.5, 18)


def _person_level(v: pd.DataFrame, column: str, usual: float, weight: float) -> np.ndarray:
    """What the doctor vaguely knows of each person: the mean of the record, drawn towards what is usual."""
    mean = v.groupby("person")[column].transform("mean").fillna(usual)
    return (usual + weight * (mean - usual)).to_numpy()


def _typed_order(v: pd.DataFrame) -> np.ndarray:
    """Places of the lines in the order in which they were typed."""
    typed = v.entered.where(v.entered >= 0, v.day)
    return np.lexsort((v.person, typed))


def own_arm(style, rng, v, known):
    arms = int(style.choice([1, 1, 2, 3, 5]))
    upper, lower = style.normal(123, 7, arms), style.normal(77, 5, arms)
    sugar = style.normal(5.3, 0.3, arms)
    day_arm = style.random() < 0.5
    _, day = np.unique(v.day, return_inverse=True)
    arm = rng.integers(0, arms, day.max() + 1)[day] if day_arm else rng.integers(0, arms, len(v))
    mood = rng.normal(0, 4, day.max() + 1)[day]
    sbp, dbp = as_written(
        rng,
        known.draft,
        np.full(len(v), known.pair),
        v.day.to_numpy(),
        v["mode"].to_numpy(),
        upper[arm] + mood + rng.normal(0, 4, len(v)),
        lower[arm] + 0.5 * mood + rng.normal(0, 3, len(v)),
    )
    _write(v, sbp, dbp, sugar[arm] + rng.normal(0, 0.25, len(v)))


def default_form(style, rng, v, known):
    left = style.uniform(0.35, 0.8)
    upper, lower, sugar = [(120, 80, 5.6), (130, 80, 6.1), (118, 76, 5.8), (128, 78, 6.5)][style.integers(4)]
    touched = rng.random(len(v)) > left
    moved = rng.integers(-4, 6, len(v)) * 2 * touched
    sbp = upper + moved
    dbp = lower + rng.integers(-3, 4, len(v)) * 2 * (rng.random(len(v)) > left)
    _write(v, sbp, dbp, sugar + rng.integers(-5, 9, len(v)) / 10 * (rng.random(len(v)) > left))


def fixed_gap(style, rng, v, known):
    gap, keeps = style.choice([40, 50, 52, 60]), style.uniform(0.75, 1)
    sbp = np.round((_person_level(v, "sbp", 132, 0.5) + rng.normal(0, 6, len(v))) / 2) * 2
    other = rng.choice([-4, -2, 2, 4], len(v)) * (rng.random(len(v)) > keeps)
    _write(v, sbp, sbp - gap + other, _person_level(v, "fpg", 6.6, 0.5) + rng.normal(0, 0.4, len(v)))


def lucky_digits(style, rng, v, known):
    odds = style.dirichlet([1, 2, 4, 6, 1.5])
    ends = np.array([0, 2, 6, 8, 5])

    def figure(level):
        return np.floor(level / 10) * 10 + rng.choice(ends, len(v), p=odds)

    sbp = figure(_person_level(v, "sbp", 132, 0.6) + rng.normal(0, 6, len(v)))
    dbp = figure(_person_level(v, "dbp", 79, 0.6) + rng.normal(0, 5, len(v)))
    sugar = np.floor(_person_level(v, "fpg", 6.5, 0.6)) + rng.choice([0.6, 0.8, 0.2], len(v))
    _write(v, sbp, dbp, sugar)


def ladder(style, rng, v, known):
    step, low = int(style.choice([1, 2, 2, 3])), int(style.choice([116, 118, 120, 122]))
    span, under = int(style.integers(8, 14)), int(style.choice([66, 70, 72]))
    order = _typed_order(v)
    order = order[v.made.to_numpy()[order]]
    place = np.empty(len(v))
    # Sometimes the row of numbers is broken and taken up elsewhere.
    place[order] = np.cumsum(np.where(rng.random(len(order)) < 0.1, rng.integers(2, 6, len(order)), 1))
    sbp = low + step * (place % span)
    dbp = under + 2 * (place % int(style.integers(7, 11)))
    _write(v, sbp, dbp, 5.2 + 0.1 * (place % int(style.integers(12, 19))))


def around_the_first(style, rng, v, known):
    width = int(style.integers(4, 9))
    first = v.groupby("person")[["sbp", "dbp", "fpg"]].transform("first")
    sbp = first.sbp.fillna(132) + rng.integers(-width, width + 1, len(v))
    dbp = first.dbp.fillna(80) + rng.integers(-width, width + 1, len(v))
    start = v.groupby("person").cumcount() == 0
    v["made"] &= ~start | (rng.random(len(v)) < 0.2)
    _write(v, sbp, dbp, first.fpg.fillna(6.4) + rng.integers(-6, 7, len(v)) / 10)


def between_neighbours(style, rng, v, known):
    step = style.choice([1, 2])
    found = {}
    for column, usual in (("sbp", 134), ("dbp", 80), ("fpg", 6.6)):
        real = _real(v, column).groupby(v.person)
        before, after = real.ffill(), real.bfill()
        found[column] = before.fillna(after).add(after.fillna(before)).div(2).fillna(usual)
    off = rng.choice([-1, 0, 0, 1], len(v))
    sbp = np.round(found["sbp"] / step) * step + step * off
    dbp = np.round(found["dbp"] / step) * step + step * rng.choice([-1, 0, 0, 1], len(v))
    _write(v, sbp, dbp, found["fpg"] + rng.choice([-0.1, 0, 0.1], len(v)))


def one_for_the_house(style, rng, v, known):
    block = int(style.integers(4, 10))
    order = np.lexsort((v.person, v.day))
    group = np.empty(len(v), dtype=int)
    group[order] = np.arange(len(v)) // block
    anchor = np.zeros(len(v), dtype=bool)
    anchor[order[::block]] = True
    v["made"] &= ~anchor
    first = v[anchor].set_index(group[anchor])[["sbp", "dbp", "fpg"]].reindex(group)
    sbp = first.sbp.fillna(130).to_numpy() + rng.choice([-4, -2, 0, 0, 2, 4], len(v))
    dbp = first.dbp.fillna(80).to_numpy() + rng.choice([-2, 0, 0, 2], len(v))
    _write(v, sbp, dbp, _person_level(v, "fpg", 6.4, 0.3) + rng.choice([-0.2, -0.1, 0, 0.1, 0.2], len(v)))


def checkup_reused(style, rng, v, known):
    exact = style.uniform(0.5, 1)
    checks = known.checkups.sort_values("day")[["person", "day", "sbp", "dbp", "fpg"]]
    line = v[["person", "day"]].assign(at=np.arange(len(v))).sort_values("day")
    back = pd.merge_asof(line, checks, on="day", by="person", direction="backward").set_index("at")
    ahead = pd.merge_asof(line, checks, on="day", by="person", direction="forward").set_index("at")
    last = back.fillna(ahead).sort_index()
    v["made"] &= last.sbp.notna().to_numpy() & last.dbp.notna().to_numpy()
    other = rng.random(len(v)) > exact
    sbp = last.sbp.fillna(130).to_numpy() + other * rng.choice([-4, -2, 2, 4], len(v))
    dbp = last.dbp.fillna(80).to_numpy() + other * rng.choice([-2, 2], len(v))
    _write(v, sbp, dbp, last.fpg.fillna(6.2).to_numpy())


def bell_script(style, rng, v, known):
    upper, lower = style.normal(131, 3), style.normal(79, 2)
    spread, sugar = style.uniform(5, 9), style.normal(6.4, 0.2)
    one, two = rng.normal(size=len(v)), rng.normal(size=len(v))
    sbp, dbp = upper + spread * one, lower + 0.6 * spread * (0.5 * one + 0.85 * two)
    _write(v, sbp, dbp, sugar + rng.normal(0, 0.5, len(v)))


def see_saw(style, rng, v, known):
    keeps = style.uniform(0.8, 1)
    rank = v.groupby("person").cumcount()
    v["made"] &= rank >= 2
    turn = rank % 2
    papers = {}
    for column, usual in (("sbp", 130), ("dbp", 80), ("fpg", 6.4)):
        first = v[rank == 0].set_index("person")[column]
        second = v[rank == 1].set_index("person")[column]
        second = second.reindex(first.index).fillna(first)
        papers[column] = v.person.map(first).where(turn == 0, v.person.map(second)).fillna(usual)
    other = rng.random(len(v)) > keeps
    _write(v, papers["sbp"] + other * 2, papers["dbp"] - other * 2, papers["fpg"])


def sugar_by_feel(style, rng, v, known):
    real = _real(v, "fpg").groupby(v.person).ffill()
    usual = v.groupby("person").fpg.transform("first").fillna(6.6)
    last = real.fillna(usual).to_numpy()
    goal = style.uniform(6.2, 6.9)
    sugar = last + 0.3 * np.minimum(goal - last, 0) + rng.choice([-0.2, -0.1, 0, 0, 0.1, 0.2], len(v))
    v.loc[v.made, "fpg"] = np.clip(np.round(sugar[v.made], 1), 3.5, 18)


def round_of_last(style, rng, v, known):
    comfort = style.uniform(0.1, 0.35)
    v["made"] &= v.groupby("person").cumcount() > 0
    last = {
        c: _real(v, c).groupby(v.person).ffill().bfill().fillna(u) for c, u in (("sbp", 130), ("dbp", 80))
    }
    easy = rng.random(len(v)) < comfort
    sbp = np.where(easy, 130, np.floor(last["sbp"] / 10) * 10)
    dbp = np.where(easy, 80, np.floor(last["dbp"] / 10) * 10)
    _write(v, sbp, dbp, np.floor(_person_level(v, "fpg", 6.5, 0.8)))


def tens_changed(style, rng, v, known):
    v["made"] &= (v.sbp >= 140) | (v.dbp >= 90)
    sbp = np.where(v.sbp >= 140, (130 if style.random() < 0.7 else 120) + v.sbp % 10, v.sbp)
    dbp = np.where(v.dbp >= 90, 80 + v.dbp % 10, v.dbp)
    _write(v, sbp, dbp)


def recheck_on_paper(style, rng, v, known):
    """Gives the visits to be added; the lines of `v` are all real."""
    high = v[v.made & ((v.sbp >= 140) | (v.dbp >= 90))]
    v["made"] = False
    times = int(style.choice([1, 2]))
    added = []
    for turn in range(1, times + 1):
        more = high.assign(day=high.day + 14 * turn + rng.choice([0, 0, 0, 1, -1], len(high)), made=True)
        wait = (high.entered - high.day).clip(0, 20)
        more["entered"] = (more.day + wait).clip(lower=known.moved).where(high.entered >= 0, -1)
        more["sbp"] = 139.0 - rng.integers(0, 12, len(high)) - 2 * (turn - 1)
        more["dbp"] = 89.0 - rng.integers(0, 10, len(high))
        more["order"] = rng.random(len(high))
        added.append(more)
    return pd.concat(added)


def left_for_work(style, rng, v, known):
    """The reading of the spring festival, when they were at home, goes through the year in small changes."""
    near = _real(v, "sbp").groupby(v.person).transform("first").fillna(130)
    low = _real(v, "dbp").groupby(v.person).transform("first").fillna(80)
    step = rng.choice([-6, -4, -2, 0, 2, 4, 6], len(v))
    goal = style.uniform(126, 134)
    sbp = np.round((0.5 * near + 0.5 * goal) / 2) * 2 + step
    _write(v, sbp, np.round((0.5 * low + 40) / 2) * 2 + step // 2, 6.0 + rng.integers(-4, 9, len(v)) / 10)


VALUES: dict[str, Callable] = {
    kind.__name__: kind
    for kind in (
        own_arm,
        default_form,
        fixed_gap,
        lucky_digits,
        ladder,
        around_the_first,
        between_neighbours,
        one_for_the_house,
        checkup_reused,
        bell_script,
        see_saw,
        sugar_by_feel,
        round_of_last,
        tens_changed,
        recheck_on_paper,
        left_for_work,
    )
}
