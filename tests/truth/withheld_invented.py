"""What is typed when nobody was seen: the kinds of invention, each a function on the visits of one doctor.

A `Visits` holds one doctor's visits in the order of person and day; the two forms of one visit are one line.  A kind
changes the lines where `made` is true and may clear `made` where it cannot apply.  The list of kinds, in words, is
in `withheld.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass
class Visits:
    """One doctor's visits; arrays of one length.

    person, day, entered: whole numbers (entered -1 unknown); sbp, dbp, fpg: as written, NaN without; mode: words;
    order: place among what was entered on one day; made: invented; step: the doctor's rounding in mmHg.
    """

    person: np.ndarray
    day: np.ndarray
    entered: np.ndarray
    sbp: np.ndarray
    dbp: np.ndarray
    fpg: np.ndarray
    mode: np.ndarray
    order: np.ndarray
    made: np.ndarray
    step: int
    first: int
    last: int

    def rank(self) -> np.ndarray:
        """Which visit of the person's each is, from 0."""
        new = np.r_[True, self.person[1:] != self.person[:-1]]
        place = np.arange(len(new))
        return place - np.maximum.accumulate(np.where(new, place, 0))

    def source(self) -> np.ndarray:
        """The place of the person's last true reading before each visit, -1 without."""
        place = np.arange(len(self.person))
        true = ~self.made & ~np.isnan(self.sbp)
        found = np.maximum.accumulate(np.where(true, place, -1))
        same = self.person[np.maximum(found, 0)] == self.person
        return np.where((found >= 0) & same, found, -1)

    def usual(self, values: np.ndarray, otherwise: float) -> np.ndarray:
        """What the doctor remembers of each visit's person: the mean of what was measured."""
        _, code = np.unique(self.person, return_inverse=True)
        known = ~np.isnan(values)
        total = np.bincount(code[known], values[known], minlength=code.max() + 1)
        count = np.bincount(code[known], minlength=code.max() + 1)
        return np.where(count > 0, total / np.maximum(count, 1), otherwise)[code]

    def write(self, sbp: np.ndarray, dbp: np.ndarray, fpg: np.ndarray, at: np.ndarray | None = None) -> None:
        """Put invented values (arrays over `at`, by default all that is made); glucose to one decimal."""
        at = np.flatnonzero(self.made) if at is None else at
        self.sbp[at], self.dbp[at], self.fpg[at] = np.round(sbp), np.round(dbp), np.round(fpg, 1)


Kind = Callable[[Visits, np.random.Generator], None]


def _count(v: Visits) -> int:
    return int(v.made.sum())


def _glucose(v: Visits, rng: np.random.Generator, spread: float) -> np.ndarray:
    usual = v.usual(v.fpg, 6.4)[v.made]
    return np.clip(6.3 + 0.5 * (usual - 6.3), 5, 8.2) + rng.normal(0, spread, _count(v))


def same_again(v: Visits, rng: np.random.Generator) -> None:
    """The person's last measured reading once more; now and then one of the figures by two."""
    source = v.source()
    v.made &= source >= 0
    source = source[v.made]
    slip = (rng.random(len(source)) < 0.1) * rng.choice([-2, 2], len(source))
    fpg = np.where(np.isnan(v.fpg[source]), np.round(rng.normal(6.3, 0.4, len(source)), 1), v.fpg[source])
    v.write(v.sbp[source] + slip, v.dbp[source], fpg)


def nudge(v: Visits, rng: np.random.Generator) -> None:
    """The last measured reading, upper and lower moved together by a little."""
    source = v.source()
    v.made &= source >= 0
    source = source[v.made]
    step = (
        rng.choice([-4, -2, 2, 4], len(source))
        if v.step > 1
        else rng.choice([-3, -2, -1, 1, 2, 3], len(source))
    )
    low = np.where(rng.random(len(source)) < 0.75, step, 0)
    fpg = np.where(np.isnan(v.fpg[source]), 6.3, v.fpg[source]) + rng.choice(
        [-0.2, -0.1, 0.1, 0.2], len(source)
    )
    v.write(v.sbp[source] + step, v.dbp[source] + low, fpg)


def older_paper(v: Visits, rng: np.random.Generator) -> None:
    """What the form of two (or three) visits ago says."""
    rank = v.rank()
    lag = 2 if v.last - v.first < 470 else int(rng.integers(2, 4))
    v.made &= rank >= lag
    for place in range(lag, int(rank.max()) + 1):
        at = np.flatnonzero(v.made & (rank == place))
        at = at[~np.isnan(v.sbp[at - lag])]
        fpg = np.where(np.isnan(v.fpg[at - lag]), v.fpg[at], v.fpg[at - lag])
        v.write(v.sbp[at - lag], v.dbp[at - lag], fpg, at)
        v.made[np.setdiff1d(np.flatnonzero(v.made & (rank == place)), at)] = False


def repertoire(v: Visits, rng: np.random.Generator) -> None:
    """A dozen pairs that always pass, whoever the person is."""
    count = int(rng.integers(7, 15))
    high = rng.choice(np.arange(116, 140, 2), count, replace=count > 12)
    low = np.clip(np.round((high - 50 + rng.normal(0, 4, count)) / 2) * 2, 66, 88)
    weight = rng.dirichlet(np.full(count, 2.0))
    pick = rng.choice(count, _count(v), p=weight)
    sugar = np.round(rng.uniform(5.1, 6.9, int(rng.integers(6, 11))), 1)
    v.write(high[pick], low[pick], rng.choice(sugar, _count(v)))


def from_memory(v: Visits, rng: np.random.Generator) -> None:
    """What the doctor would expect of the person, a little better, with too little variation."""
    spread = rng.uniform(2.5, 4.5)
    high = np.minimum(132 + 0.55 * (v.usual(v.sbp, 136)[v.made] - 132), 150) + rng.normal(
        0, spread, _count(v)
    )
    low = 80 + 0.55 * (v.usual(v.dbp, 81)[v.made] - 80) + rng.normal(0, spread * 0.7, _count(v))
    step = max(v.step, 2) if v.step < 10 else 2
    v.write(np.round(high / step) * step, np.round(low / step) * step, _glucose(v, rng, 0.25))


def no_round_numbers(v: Visits, rng: np.random.Generator) -> None:
    """From memory too, but never with a 0 or a 5 at the end: that would look invented."""
    spread = rng.uniform(3.5, 5.5)
    high = np.round(131 + 0.45 * (v.usual(v.sbp, 136)[v.made] - 131) + rng.normal(0, spread, _count(v)))
    low = np.round(79 + 0.45 * (v.usual(v.dbp, 81)[v.made] - 79) + rng.normal(0, spread * 0.7, _count(v)))
    for values in (high, low):
        ends = values % 5 == 0
        values[ends] += rng.choice([-3, -2, 1, 2, 3], int(ends.sum()), p=[0.2, 0.3, 0.1, 0.2, 0.2])
    v.write(high, low, _glucose(v, rng, 0.3))


def machine(v: Visits, rng: np.random.Generator) -> None:
    """A helper program fills the form: evenly between two bounds, upper and lower each for itself."""
    count = _count(v)
    bottom, top = int(rng.integers(112, 122)), int(rng.integers(136, 146))
    v.write(
        rng.integers(bottom, top, count),
        rng.integers(int(rng.integers(66, 72)), int(rng.integers(86, 92)), count),
        rng.uniform(4.6, 6.9, count),
    )


def just_passing(v: Visits, rng: np.random.Generator) -> None:
    """Measured, and written a little under the line where it was over it."""
    v.made &= (v.sbp >= 140) | (v.dbp >= 90) | (v.fpg >= 7)
    high, low, sugar = v.sbp[v.made], v.dbp[v.made], v.fpg[v.made]
    count = len(high)
    tops = rng.choice([138, 136, 134, 132], count, p=[0.5, 0.25, 0.15, 0.1])
    ends = rng.choice([88, 86, 84, 82], count, p=[0.5, 0.25, 0.15, 0.1])
    if v.step == 1:
        tops, ends = tops + rng.integers(0, 2, count), ends + rng.integers(0, 2, count)
    v.write(
        np.where(high >= 140, tops, high),
        np.where(low >= 90, ends, low),
        np.where(sugar >= 7, rng.choice([6.9, 6.8, 6.7, 6.5], count), sugar),
    )


def strips_saved(v: Visits, rng: np.random.Generator) -> None:
    """The pressure is measured; the glucose is typed, for a strip costs money."""
    usual = v.usual(v.fpg, 6.4)[v.made]
    sugar = np.array([5.6, 5.8, 6.0, 6.1, 6.2, 6.3, 6.5, 6.8])
    kept = rng.permutation(sugar)[: int(rng.integers(5, 9))]
    drawn = rng.choice(kept, _count(v), p=rng.dirichlet(np.full(len(kept), 3.0)))
    v.fpg[v.made] = np.where(
        (usual > 9) & (rng.random(_count(v)) < 0.3), 7.0 + rng.integers(1, 7, _count(v)) / 10, drawn
    )


def better_each_time(v: Visits, rng: np.random.Generator) -> None:
    """The treatment works: each time a little lower than the last time, down to a good figure, and there it stays."""
    source = v.source()
    v.made &= source >= 0
    at = np.flatnonzero(v.made)
    source = source[at]
    nth = (v.rank()[at] - v.rank()[source]).astype(float)
    floor = 124 + rng.integers(0, 5, len(at)) * 2
    drop = rng.integers(1, 4, len(at)) * 2 + (nth - 1) * 4
    high = np.where(
        v.sbp[source] > floor,
        np.maximum(v.sbp[source] - drop, floor),
        v.sbp[source] + rng.choice([-2, 0, 2], len(at)),
    )
    low = np.maximum(v.dbp[source] - np.round(drop / 4) * 2, np.minimum(v.dbp[source], 76))
    sugar = np.where(np.isnan(v.fpg[source]), 6.2, np.maximum(v.fpg[source] - 0.3 * nth, 5.9))
    v.write(high, low, sugar, at)


def others_column(v: Visits, rng: np.random.Generator) -> None:
    """An earlier day's column of readings, copied line by line beside other people's names."""
    true = np.flatnonzero(~v.made & ~np.isnan(v.sbp))
    true = true[np.lexsort((v.order[true], v.day[true]))]
    made = np.flatnonzero(v.made)
    made = made[np.argsort(v.day[made], kind="stable")]
    begin = 0
    while begin < len(made):
        block = made[begin : begin + int(rng.integers(9, 22))]
        begin += len(block)
        before = int(np.searchsorted(v.day[true], v.day[block[0]]))
        latest = max(before - len(block), min(len(true) - len(block), 20))
        start = int(rng.integers(max(latest - 60, 0), max(latest, 0) + 1))
        column = true[start : start + len(block)]
        block = block[: len(column)]
        v.day[block] = int(np.median(v.day[block]))
        sugar = np.where(np.isnan(v.fpg[column]), v.fpg[block], v.fpg[column])
        v.write(v.sbp[column], v.dbp[column], sugar, block)
        v.order[block] = 2 + np.arange(len(block)) / 100
    v.entered[v.made] = np.where(v.entered[v.made] >= 0, v.day[v.made] + rng.integers(0, 2, _count(v)), -1)


def dragged_down(v: Visits, rng: np.random.Generator) -> None:
    """One person's figures dragged down over the next lines of the day's list."""
    _gather(v, rng, 8, 24)
    made = np.flatnonzero(v.made)
    made = made[np.lexsort((v.person[made], v.day[made]))]
    run = np.cumsum(rng.random(len(made)) < 1 / rng.uniform(2.5, 4.5))
    seeds = int(run.max()) + 1
    high = np.round(rng.normal(131, 7, seeds) / 2) * 2
    low = np.round((high - 51 + rng.normal(0, 4, seeds)) / 2) * 2
    sugar = rng.normal(6.2, 0.5, seeds)
    v.write(high[run], low[run], sugar[run], made)
    v.order[made] = 2 + np.arange(len(made)) / 10_000


def _gather(v: Visits, rng: np.random.Generator, least: int, most: int) -> None:
    """Neighbouring days of invented visits become one day for each handful."""
    made = np.flatnonzero(v.made)
    made = made[np.argsort(v.day[made], kind="stable")]
    begin = 0
    while begin < len(made):
        block = made[begin : begin + int(rng.integers(least, most))]
        begin += len(block)
        late = np.maximum(v.entered[block] - v.day[block], 0)
        v.day[block] = int(np.median(v.day[block]))
        v.entered[block] = np.where(v.entered[block] >= 0, v.day[block] + int(np.median(late)), -1)


def nothing_in_it(v: Visits, rng: np.random.Generator) -> None:
    """The form is ticked as complete and has no reading; a few dozen in an evening."""
    _gather(v, rng, 15, 45)
    v.sbp[v.made], v.dbp[v.made], v.fpg[v.made] = np.nan, np.nan, np.nan
    v.mode[v.made] = np.where(rng.random(_count(v)) < 0.5, "phone", v.mode[v.made])


def on_the_last_evenings(v: Visits, rng: np.random.Generator) -> None:
    """The months that were left out are typed on two to four evenings before the year closes, with days to match."""
    # The evenings of 20 to 30 December, or the appraisal's eve when no December leaves half a year before it.
    december = [d for d in (19713, 20079, 20444, 20809) if v.first + 190 < d < v.last]
    eve = (december[0] if december else v.last - 12) + int(rng.integers(0, 4))
    v.made &= v.day < eve - 25
    evening = eve + rng.choice(10, int(rng.integers(2, 5)), replace=False)
    _, code = np.unique(v.person, return_inverse=True)
    desk = rng.integers(0, len(evening), int(code.max()) + 1)[code]
    v.entered[v.made] = evening[desk][v.made]
    v.day[v.made] += rng.integers(-6, 7, _count(v))
    v.order[v.made] = 2 + code[v.made] / 10_000


def down_the_list(v: Visits, rng: np.random.Generator) -> None:
    """Quarter by quarter on the same days, so many names a day, in the order of the register."""
    per_day = int(rng.integers(12, 26))
    begin = int(rng.integers(5, 60))
    quarter = (v.day - v.first) // 91
    register = np.unique(v.person)
    place = np.searchsorted(register, v.person) // per_day
    day = v.first + quarter * 91 + np.minimum(begin + place, 89)
    v.made &= day < v.last
    v.day[v.made] = day[v.made]
    v.entered[v.made] = np.where(v.entered[v.made] >= 0, day[v.made], -1)
    v.order[v.made] = 2 + v.person[v.made] / 10_000


def marathon(v: Visits, rng: np.random.Generator) -> None:
    """A quarter's home visits, all on one or two days."""
    quarter = (v.day - v.first) // 91
    days = v.first + np.arange(9)[:, None] * 91 + np.sort(rng.integers(15, 90, (9, 2)), axis=1)
    busy = np.bincount(quarter[v.made], minlength=9)[:9] > 160
    which = np.where(busy[quarter], rng.integers(0, 2, len(quarter)), 1)
    day = days[quarter, which]
    v.made &= day < v.last
    v.day[v.made] = day[v.made]
    v.entered[v.made] = np.where(v.entered[v.made] >= 0, day[v.made] + rng.integers(0, 2, _count(v)), -1)
    v.mode[v.made] = np.where(v.mode[v.made] == "", "", "home")
    v.order[v.made] = 2 + rng.random(_count(v))


def on_the_dot(v: Visits, rng: np.random.Generator) -> None:
    """Ninety days after the last, every time, be it a Sunday or the festival (people who are not there)."""
    _, code = np.unique(v.person, return_inverse=True)
    start = np.full(int(code.max()) + 1, 10**6)
    np.minimum.at(start, code, v.day)
    day = start[code] + v.rank() * 90 + (rng.random(len(code)) < 0.1)
    v.made &= day < v.last
    v.day[v.made] = day[v.made]
    v.entered[v.made] = np.where(v.entered[v.made] >= 0, day[v.made] + rng.integers(0, 3, _count(v)), -1)


def half_and_half(one: Kind, two: Kind) -> Kind:
    """Part of the visits by one kind, the others by another."""

    def mixed(v: Visits, rng: np.random.Generator) -> None:
        made = v.made.copy()
        part = rng.random(len(made)) < rng.uniform(0.4, 0.6)
        v.made = made & part
        one(v, rng)
        done = v.made.copy()
        v.made = made & ~part
        two(v, rng)
        v.made |= done

    return mixed
