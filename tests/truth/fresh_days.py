"""Days and typing of follow-ups that never were: fresh kinds, each a function as in `fresh_invented.py`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.truth.fresh_invented import Known


def round_days(style, rng, v, known: Known):
    every = int(style.choice([5, 10]))
    date = v.day.to_numpy().astype("datetime64[D]")
    month = date.astype("datetime64[M]").astype("datetime64[D]")
    number = (date - month).astype(int) + 1
    number = np.clip(np.round(number / every) * every, every, 28 // every * every).astype(int)
    _to_day(known, v, month.astype(int) + number - 1)


def calendar_blind(style, rng, v, known: Known):
    _to_day(known, v, v.day.to_numpy() // 30 * 30 + rng.integers(0, 30, len(v)))


def month_changed(style, rng, v, known: Known):
    date = v.day.to_numpy().astype("datetime64[D]")
    month = date.astype("datetime64[M]").astype("datetime64[D]").astype(int)
    first = v.groupby("person").day.transform("first").to_numpy().astype("datetime64[D]")
    number = (first - first.astype("datetime64[M]").astype("datetime64[D]")).astype(int)
    _to_day(known, v, month + np.minimum(number, 27))


def typed_ahead(style, rng, v, known: Known):
    """A quarter's papers are typed at its beginning, with days still to come."""
    ahead = int(style.integers(1, 12))
    quarter = known.draft.first + (v.day - known.draft.first) // 91 * 91
    typed = quarter + ahead // 3 + rng.integers(0, 4, len(v))
    v["made"] &= (v.entered >= 0) & (v.day > typed) & (typed > known.moved)
    v.loc[v.made, "entered"] = typed[v.made]


def before_the_inspectors(style, rng, v, known: Known):
    evenings = known.inspection - 1 - style.permutation(6)[: style.integers(2, 5)]
    v["made"] &= (v.entered >= 0) & (v.day < evenings.min()) & (v.day > known.inspection - 280)
    v["made"] &= evenings.min() > known.moved
    v.loc[v.made, "entered"] = rng.choice(evenings, int(v.made.sum()))


def _to_day(known, v, day) -> None:
    """The made lines get another day within the same quarter or so; what is typed later stays later."""
    wait = (v.entered - v.day).clip(lower=0)
    # Records that came from another system keep its day of entry.
    own = v.made & (v.entered >= 0) & (v.entered > known.moved + 1)
    v.loc[v.made, "day"] = np.asarray(day)[v.made]
    v.loc[own, "entered"] = (v.day + wait)[own].clip(lower=known.moved)


DAYS: dict[str, Callable] = {
    kind.__name__: kind
    for kind in (round_days, calendar_blind, month_changed, typed_ahead, before_the_inspectors)
}
