"""Of which months it is kept how they moved, for how long, and that it gives nothing hidden away."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, select

from data.store import create_missing
from metrics import published
from metrics.cards import CARDS
from metrics.moved import (
    drop_outdated,
    drop_unwatched,
    hide,
    laid_open,
    moved,
    reported_months,
)
from metrics.small_numbers import BITS, NUMERATOR
from metrics.standards import value_in

JANUARY = 2026 * 12  # reported on the 10th of February


def test_a_month_is_reported_once_its_report_day_is_over():
    assert reported_months(JANUARY - 1, JANUARY + 1, dt.date(2026, 2, 10)) == [JANUARY - 1]
    assert reported_months(JANUARY - 1, JANUARY + 1, dt.date(2026, 2, 11)) == [JANUARY - 1, JANUARY]
    months = reported_months(JANUARY - 99, JANUARY, dt.date(2026, 2, 11))
    assert len(months) == value_in("moved_held_months", JANUARY)


def test_what_old_builds_found_is_dropped_by_their_age_not_by_their_number():
    today = dt.date(2026, 11, 23)
    made = [dt.datetime(2025, 11, 22, 23, 59), dt.datetime(2025, 11, 23), dt.datetime(2026, 11, 22)]
    about = {"event": 1, "kind": "full", "first_month": 1, "last_month": 2, "definitions": ""}
    builds = [
        about | {"build": n, "built_at": at, "seconds": 1.0, "installation": "own", "bureau": ""}
        for n, at in enumerate(made, 1)
    ]
    row = {"indicator": "k", "unit": 1, "month": 1, "basis": "ytd", "redefined": False, "hidden": 0}
    engine = create_engine("duckdb:///:memory:")
    with engine.connect() as connection:
        create_missing(connection, published.metadata)
        connection.execute(published.build.insert(), builds)
        connection.execute(published.moved.insert(), [row | {"build": n} for n in (1, 2, 3, 4)])
        drop_outdated(connection, today)
        left = connection.execute(select(published.moved.c.build)).scalars().all()
    engine.dispose()
    assert sorted(left) == [2, 3, 4]  # the fourth is being made


def test_what_is_held_against_no_build_is_dropped():
    row = {"unit": 1, "basis": "ytd", "redefined": False, "hidden": 0, "build": 1}
    engine = create_engine("duckdb:///:memory:")
    with engine.connect() as connection:
        create_missing(connection, published.metadata)
        places = [("k", 7), ("k", 8), ("no longer aimed at", 8)]
        connection.execute(published.moved.insert(), [row | {"indicator": k, "month": m} for k, m in places])
        drop_unwatched(connection, pd.DataFrame({"indicator": ["k", "k"], "month": [8, 9]}))
        left = connection.execute(select(published.moved.c.indicator, published.moved.c.month)).all()
    engine.dispose()
    assert [tuple(row) for row in left] == [("k", 8)]


# -- hidden numbers stay hidden over builds -----------------------------------------------------

#: Unit -> the units below it. What each has is the sum of these.
BELOW = {1: (2, 3, 4), 2: (5, 6, 7), 3: (8, 9)}
UNITS, LEAVES = range(1, 10), (4, 5, 6, 7, 8, 9)
FEWEST = 5
CARD = CARDS["fd_elder_rate"]


def state(leaves: list[int]) -> pd.DataFrame:
    """One build's figures of all units; whatever is small is hidden, and another beside it."""
    n = dict(zip(LEAVES, leaves, strict=True))
    for unit in (3, 2, 1):
        n[unit] = sum(n[below] for below in BELOW[unit])
    hidden = {unit for unit in UNITS if 0 < n[unit] < FEWEST}
    while True:
        lone = [members for unit, below in BELOW.items() if len(hidden & (members := {unit, *below})) == 1]
        if not lone:
            break
        hidden.add(max(lone[0] - hidden, key=lambda unit: (unit in LEAVES, n[unit], -unit)))
    about = {"indicator": CARD.key, "month": JANUARY, "basis": "as_of", "stratum": "", "denominator": 100}
    return pd.DataFrame(
        [
            about
            | {
                "unit": unit,
                "numerator": n[unit],
                "value": n[unit] / 100,
                "hidden": sum(BITS.values()) if unit in hidden else 0,
            }
            for unit in UNITS
        ]
    )


def told_of(states: list[pd.DataFrame]) -> pd.DataFrame:
    """Rows of ``published.moved`` after all the builds."""
    engine = create_engine("duckdb:///:memory:")
    with engine.connect() as connection:
        create_missing(connection, published.metadata)
        for build, (before, rows) in enumerate(itertools.pairwise(states), 1):
            before = before.drop(columns="stratum")
            found = moved(before, rows, [CARD], build, False)
            if len(found):
                connection.execute(
                    published.moved.insert(),
                    found.astype(object).where(found.notna(), None).to_dict("records"),
                )
            hide(connection, laid_open(before, rows, [CARD]))
        kept = pd.DataFrame(connection.execute(select(published.moved)).mappings().all())
    engine.dispose()
    return kept.reindex(columns=list(published.moved.c.keys()))


def can_be_told(states: list[pd.DataFrame], rows: pd.DataFrame | None) -> set[tuple[int, int]]:
    """(build, unit) of every figure that sums, what is public in the last build and what has moved (None: nobody tells) determine."""
    place = {(s, unit): s * len(UNITS) + k for s in range(len(states)) for k, unit in enumerate(UNITS)}
    equations = []

    def equation(*terms: tuple[tuple[int, int], int]) -> None:
        line = np.zeros(len(place))
        for where, factor in terms:
            line[place[where]] += factor
        equations.append(line)

    for s in range(len(states)):
        for unit, below in BELOW.items():
            equation(((s, unit), 1), *(((s, one), -1) for one in below))
    last = len(states) - 1
    now = states[last].set_index("unit")["hidden"]
    for unit in UNITS:
        if not now[unit]:
            equation(((last, unit), 1))
    if rows is not None:
        for build in range(1, len(states)):
            there = rows[rows["build"] == build].set_index("unit")["hidden"]
            for unit in UNITS:
                if unit not in there.index:
                    equation(((build - 1, unit), 1), ((build, unit), -1))
                elif not there[unit] & NUMERATOR and not now[unit]:
                    equation(((build - 1, unit), 1))
                    equation(((build, unit), 1))
    _, sizes, directions = np.linalg.svd(np.array(equations))
    free = directions[int((sizes > 1e-9).sum()) :]
    return {where for where, k in place.items() if not (np.abs(free[:, k]) > 1e-9).any()}


def small(states: list[pd.DataFrame]) -> set[tuple[int, int]]:
    return {
        (s, int(row.unit))
        for s, rows in enumerate(states)
        for row in rows.itertuples()
        if 0 < row.numerator < FEWEST
    }


def test_a_sibling_that_was_small_for_one_build_is_not_given_away():
    """Unit 5 has 3 at the second build alone. 6 was hidden beside it, never changed, and is public now."""
    states = [state([20, n, 9, 30, 9, 9]) for n in (8, 3, 8)]
    rows = told_of(states)
    assert set(states[1].loc[states[1]["hidden"] > 0, "unit"]) == {5, 7}
    assert (1, 5) not in can_be_told(states, rows)
    assert rows["hidden"].gt(0).all()  # nothing of these two builds is told
    # What moves from now on is told again.
    states.append(state([25, 8, 9, 30, 9, 9]))
    later = told_of(states)
    assert set(later.loc[(later["build"] == 3) & (later["hidden"] == 0), "unit"]) == {1, 4}
    assert (1, 5) not in can_be_told(states, later)


leaf = st.lists(st.sampled_from([0, 2, 3, 4, 5, 6, 7, 9, 20]), min_size=6, max_size=6)


@given(st.lists(leaf, min_size=2, max_size=4), st.lists(st.booleans(), min_size=24, max_size=24))
def test_no_small_number_of_any_build_can_be_worked_out(leaves, stays):
    """Any builds: each figure changes or stays as it was."""
    for s in range(1, len(leaves)):
        leaves[s] = [
            old if stay else new
            for old, new, stay in zip(leaves[s - 1], leaves[s], stays[s * 6 : s * 6 + 6], strict=True)
        ]
    states = [state(one) for one in leaves]
    last = len(states) - 1
    alone = {where for where in small(states) if where[0] == last} & can_be_told(states, None)
    given_away = small(states) & can_be_told(states, told_of(states))
    assert given_away <= alone  # the simple hiding of this test is not what is tested
