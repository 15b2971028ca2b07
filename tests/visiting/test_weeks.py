"""What a bureau is told of its units' weeks: against each unit's own list, and people counted one by one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import select

from data.store import open_store, read_frame
from metrics import published
from metrics.cards import CARDS
from metrics.figures import built, units
from metrics.principal import EVERYTHING, LOCAL, Scope
from metrics.visiting.closings import WHERE
from metrics.visiting.days import working_days
from metrics.visiting.owing import LATE, lists
from metrics.visiting.plan import capacity_of, week_plan
from metrics.visiting.told import DAYS, unit_weeks
from metrics.visiting.weeks import day_over
from tests.roles import as_role

SYSTEM = CARDS["htn_exam_rate"].system


@pytest.fixture(scope="module")
def store(demo):
    store = open_store(demo)
    yield store
    store.close()


@pytest.fixture(scope="module")
def centres(store) -> list[int]:
    with store.published() as connection:
        tree = units(LOCAL, connection)
    return tree.loc[tree["kind"] == "centre", "unit"].astype(int).tolist()


def told(store, who, centres, monday):
    with store.published() as connection:
        return unit_weeks(who, connection, centres, monday, built(connection).last_month)


def first_days(found, systems=None) -> tuple[dict[int, dt.date], set[int]]:
    """Person -> the first of their last days; who is too late for something: one gap after the other."""
    first, late = {}, set()
    for gap in found.gaps.to_dict("records"):
        card = CARDS[gap["card"]]
        if card.alert is not None or (systems and card.system not in systems):
            continue
        if gap["lost"] == LATE:
            late.add(gap["person"])
        elif gap["lost"] == "":
            day = gap["last"].date()
            first[gap["person"]] = min(day, first.get(gap["person"], day))
    return first, late


def test_each_unit_is_told_what_its_own_list_says(store, centres):
    with store.published() as connection:
        month = built(connection).last_month
        week = read_frame(connection, select(published.week_visits))
        over = built(connection).data_until
    monday = _date(week["week_on"].iloc[0])
    days = working_days(monday, over)
    assert over - dt.timedelta(days=7) < monday < over + dt.timedelta(days=11)  # a holiday may lie between
    for unit in centres[:2]:
        own = lists(store, LOCAL, unit)
        rows = told(store, LOCAL, centres, monday).loc[unit]
        for where in WHERE:
            plan = week_plan(own, where, days, capacity_of(where, month))
            assert rows[where] == plan.counts.closed > 0
        first, late = first_days(own)
        sunday = monday + dt.timedelta(days=6)
        assert rows["lost"] == len(late)
        assert rows["due"] == sum(day <= sunday for day in first.values())
        assert rows["soon"] == sum(sunday < day <= sunday + dt.timedelta(days=28) for day in first.values())
        later = told(store, LOCAL, centres, dt.date(2030, 1, 7)).loc[unit]
        assert later["due"] == len(first) > 0
        assert later["soon"] == 0
        with store.published() as connection:
            table = published.last_days
            own_rows = read_frame(
                connection, select(table).where(table.c.unit == unit, table.c.system == SYSTEM)
            )
        known = Counter(
            day - dt.timedelta(days=day.weekday()) for day in first_days(own, {SYSTEM})[0].values()
        )
        counted = own_rows[own_rows["week_on"].notna()]
        assert dict(zip(map(_date, counted["week_on"]), counted["people"], strict=True)) == known
        assert known


def _date(day) -> dt.date:
    return day.date() if hasattr(day, "date") else day


def test_only_of_units_whose_whole_list_one_may_open(store, centres):
    monday, unit = dt.date(2026, 11, 2), centres[0]
    for who in (
        as_role("x", "director", EVERYTHING, Scope(frozenset({unit}))),  # not of those below
        as_role("x", "clerk", EVERYTHING, EVERYTHING),
    ):
        assert told(store, who, centres, monday).empty
    assert len(told(store, LOCAL, centres, monday)) == len(centres)


def test_who_has_one_system_is_told_its_people_and_who_has_several_none(store, centres):
    monday, unit = dt.date(2030, 1, 7), centres[0]
    officer = as_role("x", "officer", EVERYTHING, EVERYTHING)
    own = lists(store, LOCAL, unit)
    one = told(store, replace(officer, systems=frozenset({SYSTEM})), centres, monday).loc[unit]
    first, late = first_days(own, {SYSTEM})
    assert (one["due"], one["lost"]) == (len(first), len(late))
    assert one[list(WHERE)].isna().all()
    several = told(store, replace(officer, systems=frozenset({SYSTEM, "S04"})), centres, monday)
    assert several[[*WHERE, *DAYS]].isna().all(axis=None)


def test_a_demos_week_is_that_of_its_data():
    until, today = dt.date(2026, 10, 31), dt.date(2026, 11, 23)
    assert day_over(until, today, True) == until
    assert day_over(until, today, False) == dt.date(2026, 11, 22)
    assert day_over(dt.date(2026, 12, 31), today, False) == dt.date(2026, 12, 31)
