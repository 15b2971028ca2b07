"""How the fabricators of `withheld_third` make up days, ways, readings and entries; the visits are written in place."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.truth.third_district import DAYS, QUARTER, District
from tests.truth.third_honest import CHECKUP, DM, HTN, Visits, at_work
from tests.truth.third_makers import LEAST, Maker

READINGS = ("sbp", "dbp", "fpg")


def forge(rng: np.random.Generator, d: District, makers: list[Maker], v: Visits) -> None:
    """Makes up what `mark` chose. Before it, every visit holds what an honest doctor would have written."""
    for number, maker in enumerate(makers):
        for how in maker.kinds:
            if how == "controlled":
                _controlled(rng, maker, v, number)
                continue
            at = np.flatnonzero((v["by"] == number) & (v["how"] == how))
            at = at[np.lexsort((v["person"][at], v["quarter"][at]))]  # down the list of names
            if len(at) and how != "ghost":
                asked = np.isfinite(v["fpg"][at]) | np.isin(v["kind"][at], (DM, CHECKUP))
                HOW[how](rng, d, maker, v, at)
                _tidy(v, at, asked)
        if maker.burst:
            made = np.flatnonzero((v["by"] == number) & (v["how"] != "controlled"))
            v["entered"][made] = _at_one_go(rng, v, made)
        if maker.own_phone:
            made = np.unique(v["person"][(v["by"] == number) & (v["how"] == "calls")])
            some = made[rng.random(len(made)) < rng.uniform(0.15, 0.6)]
            d.persons.loc[some, "phone"] = d.persons.unit[some] + 1


def _tidy(v: Visits, at: np.ndarray, asked: np.ndarray) -> None:
    v["sbp"][at] = np.clip(v["sbp"][at], 92, 208)
    v["dbp"][at] = np.clip(np.minimum(v["dbp"][at], v["sbp"][at] - 24), 48, 120)
    v["fpg"][at] = np.where(asked, np.round(np.clip(v["fpg"][at], 3.9, 22), 2), np.nan)


def _at_one_go(rng: np.random.Generator, v: Visits, at: np.ndarray) -> np.ndarray:
    """One to three days at the end of each quarter, or the next ones."""
    desk = QUARTER * (1 + np.arange(4))[:, None] - 4 + np.sort(rng.integers(-4, 9, (4, 3)), axis=1)
    pick = desk[v["quarter"][at], rng.integers(0, int(rng.integers(1, 4)), len(at))]
    return np.maximum(pick, v["day"][at])


def _last(v: Visits, at: np.ndarray, change: Callable[[np.ndarray, np.ndarray], None]) -> None:
    """Calls `change(rows, rows of the visit before)` for the invented rows in the order of the year, chains included."""
    order = np.lexsort((v["day"], v["quarter"], v["person"]))
    place = np.empty(len(order), int)
    place[order] = np.arange(len(order))
    mine = place[at]
    mine = np.sort(mine[mine > 0])
    mine = mine[v["person"][order[mine]] == v["person"][order[mine - 1]]]
    turn = np.zeros(len(order), int)
    for position in mine:  # how many invented visits lie directly before this one
        turn[position] = turn[position - 1] + 1
    for step in range(1, turn.max(initial=0) + 1):
        now = mine[turn[mine] == step]
        change(order[now], order[now - 1])


def _remembered(
    rng: np.random.Generator, d: District, maker: Maker, person: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What the doctor thinks that a person usually has: one memory a person, rosier than the truth."""
    noise = np.random.default_rng(int(rng.integers(2**31))).normal(0, 4, len(d.persons))
    level = 0.7 * d.persons.level.to_numpy() + 0.3 * maker.middle[0] + noise
    low = 0.6 * d.persons.low.to_numpy() + 0.4 * maker.middle[1] + 0.5 * noise
    return level[person], low[person]


def _from_head(rng: np.random.Generator, d: District, maker: Maker, v: Visits, at: np.ndarray) -> None:
    """Numbers that come to mind: few are high, some last digits are liked, no two rows running are the same."""
    n, person, share = len(at), v["person"][at], maker.remembers
    level, low = _remembered(rng, d, maker, person)
    for name, known, middle, wide in (
        ("sbp", level, maker.middle[0], 6.5),
        ("dbp", low, maker.middle[1], 4.5),
    ):
        value = share * known + (1 - share) * middle + wide * rng.standard_normal(n)
        if name == "sbp":
            value = np.where((value > 139) & (rng.random(n) < 0.7), rng.uniform(126, 139, n), value)
        v[name][at] = 10 * (value // 10) + rng.choice(10, n, p=maker.digits)
    same = (np.diff(v["sbp"][at], prepend=0) == 0) & (np.diff(v["dbp"][at], prepend=0) == 0)
    v["sbp"][at] += 2 * same
    v["fpg"][at] = np.round(_glucose(d, person, share) + 0.45 * rng.standard_normal(n), 1)


def _glucose(d: District, person: np.ndarray, share: float) -> np.ndarray:
    ill = np.isin(d.persons.role.to_numpy()[person], (1, 2))
    usual = np.where(ill, 6.3, 5.3)
    return share * d.persons.sugar.to_numpy()[person] + (1 - share) * usual


def _copied(rng: np.random.Generator, d: District, maker: Maker, v: Visits, at: np.ndarray) -> None:
    grain = d.doctors.grain[maker.doctors[0]]
    size, spread = ((1, 4), (2, 2), (5, 1), (10, 1), (2, 2))[grain]
    still = rng.uniform(0.1, 0.45) + (0.3 if grain in (2, 3) else 0)

    def change(now: np.ndarray, before: np.ndarray) -> None:
        for name, unit, most in (("sbp", size, spread), ("dbp", size, spread), ("fpg", 0.1, 3)):
            step = rng.integers(-most, most + 1, len(now)) * (rng.random(len(now)) > still)
            found = np.isfinite(v[name][before])
            v[name][now] = np.where(found, v[name][before] + unit * step, v[name][now])

    _last(v, at, change)


def _pasted(rng: np.random.Generator, d: District, maker: Maker, v: Visits, at: np.ndarray) -> None:
    same = rng.uniform(0.6, 0.92)
    moved = int(rng.choice([90, 91, 92]))

    def change(now: np.ndarray, before: np.ndarray) -> None:
        kept = rng.random(len(now)) < same
        for name, unit in (("sbp", 2), ("dbp", 2), ("fpg", 0.2)):
            step = np.where(kept, 0, rng.integers(-3, 4, len(now))) * unit
            v[name][now] = np.where(np.isfinite(v[name][before]), v[name][before] + step, v[name][now])
        day = v["day"][before] + moved * (v["quarter"][now] - v["quarter"][before])
        v["day"][now] = np.clip(np.where(rng.random(len(now)) < 0.8, day, v["day"][now]), 0, DAYS - 1)

    _last(v, at, change)


def _split(rng: np.random.Generator, d: District, maker: Maker, v: Visits, at: np.ndarray) -> None:
    def change(now: np.ndarray, before: np.ndarray) -> None:
        day = v["day"][before] + rng.integers(1, 13, len(now))
        v["day"][now] = np.minimum(at_work(d, v["doctor"][now], day), DAYS - 1)
        for name, unit in (("sbp", 1), ("dbp", 1), ("fpg", 0.1)):
            found = np.isfinite(v[name][before])
            v[name][now] = np.where(
                found, v[name][before] + unit * rng.integers(-3, 4, len(now)), v[name][now]
            )

    _last(v, at, change)


def _column(rng: np.random.Generator, d: District, maker: Maker, v: Visits, at: np.ndarray) -> None:
    n, bell, even = len(at), rng.random() < 0.35, rng.random() < 0.3
    for name, low, high in (
        ("sbp", rng.integers(114, 124), rng.integers(134, 149)),
        ("dbp", rng.integers(66, 75), rng.integers(84, 92)),
    ):
        flat = rng.integers(low, high + 1, n)
        drawn = np.round(rng.normal((low + high) / 2, (high - low) / 4, n)) if bell else flat
        v[name][at] = 2 * (drawn // 2) if even else drawn
    ill = np.isin(d.persons.role.to_numpy()[v["person"][at]], (1, 2))
    v["fpg"][at] = np.where(ill, rng.integers(52, 72, n), rng.integers(45, 61, n)) / 10


def _favourites(rng: np.random.Generator, d: District, maker: Maker, v: Visits, at: np.ndarray) -> None:
    n, number = len(at), int(rng.integers(5, 13))
    pairs = np.column_stack(
        [
            10 * rng.integers(11, 14, number) + rng.choice(10, number, p=maker.digits),
            10 * rng.integers(7, 9, number),
        ]
    )
    pairs[:, 1] += rng.choice(10, number, p=maker.digits)
    if rng.random() < 0.5:
        pick = (np.arange(n) + np.cumsum(rng.random(n) < 0.12)) % number
    else:
        pick = rng.choice(number, n, p=rng.dirichlet(np.full(number, 2.0)))
    v["sbp"][at], v["dbp"][at] = pairs[pick].T
    glucose = np.round(rng.normal(0, 0.6, number), 1)
    v["fpg"][at] = np.round(_glucose(d, v["person"][at], 0) + glucose[(pick * 3 + 1) % number], 1)


def _calls(rng: np.random.Generator, d: District, maker: Maker, v: Visits, at: np.ndarray) -> None:
    _from_head(rng, d, maker, v, at)
    if not maker.pretends:
        v["mode"][at] = "phone"
    desk = rng.integers(QUARTER // 2, QUARTER, (4, 4))
    day = v["quarter"][at] * QUARTER + desk[v["quarter"][at], rng.integers(0, 4, len(at))]
    v["day"][at] = np.where(rng.random(len(at)) < 0.75, at_work(d, v["doctor"][at], day), v["day"][at])


def _evenings(rng: np.random.Generator, d: District, maker: Maker, v: Visits, at: np.ndarray) -> None:
    _from_head(rng, d, maker, v, at)
    free = np.flatnonzero(~d.office)
    for quarter in range(4):
        mine = at[v["quarter"][at] == quarter]
        near = free[(free >= (quarter + 1) * QUARTER - 30) & (free < (quarter + 1) * QUARTER)]
        moved = mine[rng.random(len(mine)) < 0.65]
        v["day"][moved] = rng.choice(near, len(moved))


def _unaware(rng: np.random.Generator, d: District, maker: Maker, v: Visits, at: np.ndarray) -> None:
    _from_head(rng, d, maker, v, at)
    first = (d.persons.phase.to_numpy() % 80).astype(int)[v["person"][at]]
    late = rng.choice([0, 0, 0, 1, 2], len(at))
    v["day"][at] = np.where(
        v["kind"][at] == CHECKUP, v["day"][at], np.minimum(first + 90 * v["quarter"][at] + late, DAYS - 1)
    )
    v["mode"][at] = "clinic"


def _forms(rng: np.random.Generator, d: District, maker: Maker, v: Visits, at: np.ndarray) -> None:
    n = len(at)
    v["sbp"][at] = np.round(rng.normal(maker.middle[0] - 2, 5, n))
    v["dbp"][at] = np.round(rng.normal(maker.middle[1] - 2, 4, n))
    v["fpg"][at] = np.round(_glucose(d, v["person"][at], 0.2) + 0.3 * rng.standard_normal(n), 1)
    v["full"][at], v["mode"][at] = True, "clinic"
    desk = rng.integers(0, QUARTER, (4, int(rng.integers(1, 5))))
    day = v["quarter"][at] * QUARTER + desk[v["quarter"][at], rng.integers(0, desk.shape[1], n)]
    v["day"][at] = at_work(d, v["doctor"][at], day)


def _borrowed(rng: np.random.Generator, d: District, maker: Maker, v: Visits, at: np.ndarray) -> None:
    """Blocks of rows of honest visits of the unit, or of the district where the unit has few."""
    real = np.isfinite(v["sbp"]) & (v["by"] < 0) & np.isin(v["kind"], (HTN, DM))
    unit = d.doctors.unit.to_numpy()[v["doctor"]]
    pool = np.flatnonzero(real & (unit == d.doctors.unit[maker.doctors[0]]))
    pool = pool if len(pool) >= 40 else np.flatnonzero(real)
    pool = pool[np.argsort(v["day"][pool], kind="stable")]
    long = int(rng.integers(8, 40))
    blocks = rng.integers(0, len(pool), len(at) // long + 1)
    source = pool[(np.repeat(blocks, long)[: len(at)] + np.arange(len(at)) % long) % len(pool)]
    for name in ("sbp", "dbp"):
        v[name][at] = v[name][source]
    known = pool[np.isfinite(v["fpg"][pool])]
    kept = np.isfinite(v["fpg"][source])
    v["fpg"][at] = np.where(
        kept, v["fpg"][source], v["fpg"][rng.choice(known, len(at))] if len(known) else 6.1
    )


def _normal(rng: np.random.Generator, d: District, maker: Maker, v: Visits, at: np.ndarray) -> None:
    n, wide = len(at), rng.uniform(3, 6)
    level, low = _remembered(rng, d, maker, v["person"][at])
    v["sbp"][at] = np.round(level + wide * rng.standard_normal(n))
    v["dbp"][at] = np.round(low + 0.7 * wide * rng.standard_normal(n))
    v["fpg"][at] = np.round(_glucose(d, v["person"][at], 0.7) + 0.3 * rng.standard_normal(n), 1)


def _quota(rng: np.random.Generator, d: District, maker: Maker, v: Visits, at: np.ndarray) -> None:
    _from_head(rng, d, maker, v, at)
    for quarter in range(4):
        mine = at[(v["quarter"][at] == quarter) & (v["kind"][at] != CHECKUP)]
        daily = max(maker.rate, len(mine) // 60 + 1)
        need = len(mine) // daily + 1
        begin = quarter * QUARTER + int(rng.integers(0, max(QUARTER - 2 - int(need * 1.5), 1)))
        open_days = np.flatnonzero(d.office | (rng.random(DAYS) < 0.3))
        open_days = open_days[open_days >= begin]
        v["day"][mine] = open_days[np.minimum(np.arange(len(mine)) // daily, len(open_days) - 1)]


def _story(rng: np.random.Generator, d: District, maker: Maker, v: Visits, at: np.ndarray) -> None:
    level, low = _remembered(rng, d, maker, v["person"][at])
    fall = v["quarter"][at] * rng.choice([3, 4, 5, 6], len(at)) + rng.integers(-1, 2, len(at))
    v["sbp"][at] = np.round(np.maximum(level + 10 - fall, 122 + rng.integers(0, 10, len(at))))
    v["dbp"][at] = np.round(np.maximum(low + 5 - fall / 2, 74 + rng.integers(0, 6, len(at))))
    v["fpg"][at] = np.round(
        np.maximum(_glucose(d, v["person"][at], 0.6) + 0.7 - 0.4 * v["quarter"][at], 5.4), 1
    )


def _controlled(rng: np.random.Generator, maker: Maker, v: Visits, number: int) -> None:
    """The high ones of the doctor's own, nearly all or the share; more of them where that were too few to matter."""
    own = np.isin(v["doctor"], maker.doctors) & np.isin(v["kind"], (HTN, DM, CHECKUP)) & (v["by"] < 0)
    high = np.flatnonzero(
        own & ((v["sbp"] >= 140) | (v["dbp"] >= 90) | ((v["fpg"] >= 7) & (v["kind"] == DM)))
    )
    share = max(maker.share, LEAST / max(len(high), 1))
    at = high[rng.random(len(high)) < share]
    n, narrow = len(at), rng.random() < 0.5
    sbp, dbp, fpg = (v[name][at] for name in READINGS)
    below = 138 - 2 * rng.integers(0, 3, n) if narrow else rng.integers(124, 140, n)
    v["sbp"][at] = np.where(sbp >= 140, below, sbp)
    v["dbp"][at] = np.where(
        dbp >= 90, 88 - 2 * rng.integers(0, 3, n) if narrow else rng.integers(76, 90, n), dbp
    )
    v["fpg"][at] = np.where((fpg >= 7) & (v["kind"][at] != CHECKUP), rng.integers(58, 70, n) / 10, fpg)
    v["by"][at], v["how"][at] = number, "controlled"


HOW = {
    "copied": _copied,
    "calls": _calls,
    "favourites": _favourites,
    "column": _column,
    "evenings": _evenings,
    "unaware": _unaware,
    "forms": _forms,
    "split": _split,
    "pasted": _pasted,
    "borrowed": _borrowed,
    "normal": _normal,
    "quota": _quota,
    "story": _story,
}
