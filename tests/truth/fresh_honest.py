"""The honest work of a fresh district: other cuffs, pens, days and typing on the people of `withheld_honest.draft`.

A reading is made in steps: what the person has that day, what the cuff shows (every number, even numbers, fives), and
what the doctor writes of it (as shown, even, fives, tens, or down to the ten below).  So a reading may be rounded twice.
Everything here happened; nothing of it is to be accused.  Days are whole days since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.truth.withheld_honest import CHECKUP, HTN, SPRING, UNKNOWN, Draft, draft, rounded

PENS = {
    "as shown": (1, 1),
    "even": (2, 2),
    "fives": (5, 5),
    "tens": (10, 10),
    "tens and fives": (10, 5),
    "down to tens": (10, 10),
    "mean of two": (1, 1),
}
"""What a doctor writes: steps of the upper and the lower figure."""


@dataclass
class Honest:
    """A district before anything is invented, with what some who invent can know.

    draft: its tables, `rows` with what is written; inspection: the day on which the county comes to look, known to all;
    moved: the day on which the records came to another system, which calls that day the day of entry, or `UNKNOWN`.
    """

    draft: Draft
    inspection: int
    moved: int


def honest(rng: np.random.Generator) -> Honest:
    """One honest district, the same for the same generator."""
    d = draft(rng)
    inspection = int(rng.integers(d.first + 250, d.last - 30))
    moved = int(rng.integers(d.first + 60, d.last - 120)) if rng.random() < 0.15 else UNKNOWN
    _habits(rng, d)
    _other_days(rng, d, inspection)
    body = _Body(rng, d)
    _measure(rng, d, body)
    _rechecks(rng, d, body)
    _other_typing(rng, d, moved)
    d.rows = d.rows.sort_values(["person", "day", "kind"], ignore_index=True)
    return Honest(d, inspection, moved)


def as_written(rng, d: Draft, pair, day, mode, upper, lower):
    """What each doctor writes of two exact pressures: through the cuff, then through the pen."""
    of = d.pairs.iloc[pair]
    cuff = np.where((mode == "home") & (of.cuff_home > 0), of.cuff_home, of.cuff).astype(float)
    cuff = np.where(day >= of.cuff_new.to_numpy(), 1.0, cuff)
    pen = of.pen.to_numpy()
    obeys = rng.random(len(day)) < of.pen_always.to_numpy()
    figures = []
    for place, exact in enumerate((upper, lower)):
        shown = rounded(exact, cuff)
        second = rounded(exact + rng.normal(0, 3, len(exact)), cuff)
        shown = np.where(pen == "mean of two", np.floor((shown + second) / 2 + 0.5), shown)
        step = np.array([PENS[name][place] for name in pen], dtype=float)
        up = np.where(pen == "down to tens", 0.0, 0.5)
        figures.append(np.where(obeys, np.floor(shown / step + up) * step, shown))
    return np.clip(figures[0], 84, 228), np.clip(figures[1], 46, 128)


def _habits(rng, d: Draft) -> None:
    """Cuffs, pens and second measurements; a clinic often has one cuff and one way of writing for all."""
    pairs, units = d.pairs, len(d.units)
    unit, count = pairs.unit.to_numpy(), len(pairs)

    def habit(values, odds, common):
        own, shared = rng.choice(values, count, p=odds), rng.choice(values, units, p=odds)
        return np.where((rng.random(units) < common)[unit], shared[unit], own)

    pairs["cuff"] = habit([1, 2, 5], [0.48, 0.45, 0.07], 0.8)
    pairs["cuff_home"] = habit([0, 1, 2], [0.7, 0.2, 0.1], 0.5)
    # New electronic cuffs, given by the county to all on one day or bought by one.
    gift = rng.integers(d.first, d.last) if rng.random() < 0.25 else 10**6
    given = np.where(rng.random(units) < 0.4, gift, 10**6)
    bought = np.where(rng.random(units) < 0.08, rng.integers(d.first, d.last, units), 10**6)
    pairs["cuff_new"] = np.minimum(given, bought)[unit]
    pairs["pen"] = habit(list(PENS), [0.5, 0.12, 0.1, 0.1, 0.06, 0.05, 0.07], 0.5)
    pairs["pen_always"] = habit([1.0, 0.9, 0.7], [0.55, 0.25, 0.2], 0.5)
    pairs["off"] = np.where(rng.random(count) < 0.6, rng.normal(0, 3, units)[unit], rng.normal(0, 3, count))
    pairs["worse"] = rng.normal(0, 1.5, units)[unit]
    pairs["shake"] = rng.uniform(5, 10, count)
    pairs["again_at"] = np.where(rng.random(count) < 0.13, rng.choice([140, 150], count), 10**6)
    pairs["again_lower"] = rng.random(count) < 0.5
    pairs["sugar_pen"] = rng.choice([0.1, 0.5, 1.0], count, p=[0.9, 0.07, 0.03])
    pairs["milligrams"] = (rng.random(units) < 0.1)[unit]
    d.units["rechecks"] = np.where(rng.random(units) < 0.4, rng.uniform(0.15, 0.7, units), 0)


def _other_days(rng, d: Draft, inspection: int) -> None:
    """Market days, homes for the old, a real rush before the inspection, people away for work."""
    rows, units = d.rows, len(d.units)
    day, person = rows.day.to_numpy().copy(), rows.person.to_numpy()
    unit = d.pairs.unit.to_numpy()[rows.pair.to_numpy()]
    mode, check = rows["mode"].to_numpy().astype(object), rows.kind.to_numpy() == CHECKUP
    home_unit = d.persons.unit.to_numpy()
    key = person.astype(np.int64) * 100_000 + day
    _, visit = np.unique(key, return_inverse=True)

    def lot(chance):
        """One draw a visit, so that both forms of a visit stay together."""
        return rng.random(visit.max() + 1)[visit] < chance

    market = np.where(rng.random(units) < 0.25, rng.uniform(0.5, 0.9, units), 0)[unit]
    to_market = lot(market) & (mode == "clinic") & ~check
    day = np.where(to_market, day + (unit % 5 - day) % 5, day)

    eager = np.where(rng.random(units) < 0.3, rng.uniform(0.3, 0.8, units), 0)[unit]
    forward = lot(eager) & (day > inspection) & (day < inspection + 30) & ~check
    day = np.where(forward, inspection - 1 - rng.integers(0, 14, visit.max() + 1)[visit], day)

    for place in np.flatnonzero(rng.random(units) < 0.15):
        living = np.flatnonzero((home_unit == place) & (d.persons.born < d.first - 66 * 365).to_numpy())
        living = rng.permutation(living)[: rng.integers(10, 36)]
        if len(living) == 0:
            continue
        d.persons.loc[living, "phone"] = int(rng.integers(13_000_000_000, 19_900_000_000))
        inside = np.isin(person, living) & ~check
        quarter = (day - d.first) // 91
        day = np.where(inside, d.first + quarter * 91 + rng.integers(5, 80, 8)[quarter], day)
        mode[inside] = "home"
        rows.loc[inside, "pair"] = int(d.persons.first_doctor[living[0]])

    young = (d.persons.born > d.first - 64 * 365.25).to_numpy()
    away = young & (rng.random(len(d.persons)) < rng.beta(1.5, 10, units)[home_unit])
    festival = np.zeros(len(day), dtype=bool)
    for opened, closed in SPRING:
        festival |= (day >= opened - 12) & (day <= closed + 12)
    called = away[person] & ~festival & ~check & (mode != "phone")
    mode[called] = "phone"
    no_reading = called & lot(0.6)
    rows["mode"], rows["away"] = mode, away[person]
    rows.loc[no_reading, ["sbp", "dbp", "fpg"]] = np.nan

    old = rows.day.to_numpy()
    died = d.persons.died.to_numpy()[person]
    from_on, to_on = d.persons.stay_from.to_numpy()[person], d.persons.stay_to.to_numpy()[person]
    changed = day != old
    rows["gone"] |= changed & (died >= 0) & (day > died + 5)
    rows["gone"] |= changed & (from_on >= 0) & (day > from_on) & (day < to_on)
    entered = rows.entered.to_numpy()
    rows["entered"] = np.select(
        [entered < 0, entered == old, changed], [entered, day, np.maximum(entered, day)], entered
    )
    rows["day"] = day
    inside = (rows.day >= d.first) & (rows.day < d.last)
    d.rows = rows[inside].drop_duplicates(["person", "kind", "day"]).reset_index(drop=True)


class _Body:
    """Pressure and glucose of each person on any day, before any cuff."""

    def __init__(self, rng, d: Draft):
        persons, units, count = d.persons, d.units, len(d.persons)
        age = (d.first - persons.born.to_numpy()) / 365.25
        place = persons.unit.to_numpy()
        ill, dm = persons.htn.to_numpy(), persons.dm.to_numpy()
        usual = np.where(ill, rng.normal(133 + 0.25 * (age - 66), 10), rng.normal(124 + 0.2 * (age - 66), 10))
        hamlets = rng.normal(0, 2.5, (len(units), 8))
        self.upper = usual + units.level.to_numpy()[place] + hamlets[place, persons.hamlet.to_numpy()]
        self.lower = 79 - 0.3 * (age - 66) + 0.3 * (self.upper - 133) + rng.normal(0, 6, count)
        self.season = rng.uniform(1, 6) * rng.uniform(0.4, 1.6, count)
        self.starts = rng.integers(d.first - 200, d.last, count)
        self.effect = np.where(rng.random(count) < 0.45, rng.normal(-5, 7, count), 0)
        self.fear = rng.gamma(1.2, 3, count)
        # Slow ups and downs: a walk in steps of a month.
        self.first = d.first
        self.walk = np.cumsum(rng.normal(0, 1.3, (count, 26)), axis=1)
        self.sugar = np.where(dm, rng.normal(np.log(7.5), 0.22, count), rng.normal(np.log(5.5), 0.09, count))
        self.sugar = self.sugar + units.glucose.to_numpy()[place]
        self.sugar_sd = np.where(dm, rng.uniform(0.07, 0.18, count), 0.07)

    def pressure(self, person, day, mode):
        move = (
            self.season[person] * np.cos((day - 19380) * 2 * np.pi / 365.25)
            + (day >= self.starts[person]) * self.effect[person]
            + self.walk[person, np.clip((day - self.first) // 30, 0, 25)]
            + self.fear[person] * (mode == "clinic")
        )
        return self.upper[person] + move, self.lower[person] + 0.45 * move


def _read(rng, d: Draft, body: _Body, person, pair, day, mode):
    """Measured and written, by the doctor's cuff and pen; measured again after a rest where that is the habit."""
    of = d.pairs.iloc[pair]
    upper, lower = body.pressure(person, day, mode)
    off = of.off.to_numpy() + of.worse.to_numpy() * (day - d.first) / 365
    shake = of.shake.to_numpy()

    def once(less):
        one, two = rng.normal(size=len(day)), rng.normal(size=len(day))
        high = upper + off - less + shake * one
        low = lower + 0.5 * off - 0.5 * less + shake * (0.35 * one + 0.5 * two)
        return as_written(rng, d, pair, day, mode, high, low)

    first, then = once(0), once(rng.uniform(1, 5, len(day)))
    again = (first[0] >= of.again_at.to_numpy()) & (~of.again_lower.to_numpy() | (then[0] < first[0]))
    sbp, dbp = np.where(again, then[0], first[0]), np.where(again, then[1], first[1])
    told = mode == "phone"
    step = rng.choice([1, 2, 10], len(day), p=[0.5, 0.2, 0.3])
    return np.where(told, rounded(sbp, step), sbp), np.where(told, rounded(dbp, step), dbp)


def _measure(rng, d: Draft, body: _Body) -> None:
    """Readings of all forms; what had none has none.  Two forms of one visit mostly carry one reading."""
    rows = d.rows
    person, day = rows.person.to_numpy(), rows.day.to_numpy()
    key = person.astype(np.int64) * 100_000 + day
    _, visit_first, visit = np.unique(key, return_index=True, return_inverse=True)
    apart = (rng.random(len(rows)) < 0.03) | (rows.kind.to_numpy() == CHECKUP)
    source = np.where(apart, np.arange(len(rows)), visit_first[visit])
    pair, mode = rows.pair.to_numpy(), rows["mode"].to_numpy()
    sbp, dbp = _read(rng, d, body, person, pair, day, mode)
    none = rows.sbp.isna().to_numpy()
    rows["sbp"], rows["dbp"] = np.where(none, np.nan, sbp[source]), np.where(none, np.nan, dbp[source])
    exact = np.exp(body.sugar[person] + body.sugar_sd[person] * rng.normal(size=len(rows)))
    of = d.pairs.iloc[pair]
    exact = np.where(of.milligrams, np.round(exact * 18) / 18, exact)
    fpg = np.round(rounded(exact, of.sugar_pen.to_numpy()), 1)[source]
    rows["fpg"] = np.where(rows.fpg.isna(), np.nan, np.clip(fpg, 2.2, 28))


def _rechecks(rng, d: Draft, body: _Body) -> None:
    """Where it is the custom, whoever was too high is measured once more after about two weeks."""
    rows = d.rows
    unit = d.pairs.unit.to_numpy()[rows.pair.to_numpy()]
    high = (rows.kind == HTN) & (rows.sbp >= 140) & ~rows.gone & (rows["mode"] != "phone")
    due = rows[high & (rng.random(len(rows)) < d.units.rechecks.to_numpy()[unit])].copy()
    after = np.where(rng.random(len(due)) < 0.4, 14, rng.integers(7, 22, len(due)))
    wait = np.where(due.entered >= 0, due.entered - due.day, 0)
    due["day"] = due.day + after
    due["entered"] = np.where(due.entered >= 0, due.day + np.clip(wait, 0, 30), UNKNOWN)
    due["order"] = rng.random(len(due))
    died = d.persons.died.to_numpy()[due.person.to_numpy()]
    due = due[(due.day < d.last) & ((died < 0) | (due.day <= died))]
    due["sbp"], due["dbp"] = _read(
        rng, d, body, due.person.to_numpy(), due.pair.to_numpy(), due.day.to_numpy(), due["mode"].to_numpy()
    )
    due["fpg"] = np.nan
    d.rows = pd.concat([rows, due], ignore_index=True).drop_duplicates(["person", "kind", "day"])
    d.rows = d.rows.reset_index(drop=True)


def _other_typing(rng, d: Draft, moved: int) -> None:
    """A student types a clinic's backlog on a weekend; slips of the day; records that came from an older system."""
    rows = d.rows
    unit = d.pairs.unit.to_numpy()[rows.pair.to_numpy()]
    day, entered = rows.day.to_numpy(), rows.entered.to_numpy().copy()
    weekend = np.where(rng.random(len(d.units)) < 0.08, rng.integers(d.first + 90, d.last, len(d.units)), 0)
    back = weekend[unit] - day
    entered = np.where(
        (entered >= 0) & (back >= 0) & (back < 95), weekend[unit] + rng.integers(0, 2, len(day)), entered
    )
    slip = (entered >= 0) & (rng.random(len(day)) < 0.003)
    entered = np.where(slip, day - rng.integers(1, 25, len(day)), entered)
    if moved != UNKNOWN:
        entered = np.where((entered >= 0) & (entered < moved), moved + rng.integers(0, 2, len(day)), entered)
    rows["entered"] = entered
