"""Who could be visited against the gap lists themselves, over the demo; and a small district counted by hand."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from data.store import Store, open_store
from metrics.build import build
from metrics.cards import CARDS
from metrics.figures import built, matrix, units
from metrics.gaps import gap_page
from metrics.principal import EVERYTHING, LOCAL, NotAllowedError, Scope
from metrics.visiting.closings import CENTRE, HOME, closings
from metrics.visiting.days import working_days
from metrics.visiting.owed import owed
from metrics.visiting.owing import CLOSES, GONE, LATE, NOTHING, STEP, Lists, lists
from metrics.visiting.plan import LAST, SOON, WARNING, week_plan
from tests.property.stores import new_store, write_tables
from tests.property.test_gap_length import row
from tests.roles import as_role

JULY = 2025 * 12 + 6


@pytest.fixture(scope="module")
def district(demo) -> Iterator[tuple[Store, int, int]]:
    """The demo, the centre with most units below it, and a month with some of the year to come."""
    store = open_store(demo)
    with store.published() as connection:
        tree, month = units(LOCAL, connection), built(connection).last_month - 2
    below = tree["parent"].value_counts()
    centres = tree.loc[tree["kind"] == "centre", "unit"]
    yield store, max(centres, key=lambda unit: int(below.get(unit, 0))), month
    store.close()


@pytest.fixture(scope="module")
def found(district) -> Lists:
    store, unit, month = district
    return lists(store, LOCAL, unit, month)


def test_everybody_is_on_as_many_lists_as_the_indicators_have(district, found):
    store, unit, month = district
    assert set(found.cards) | set(found.silent) == set(closings(dt.date(2026, 1, 1)))
    assert len(found.cards) > 30
    for key in found.cards:
        page = gap_page(store, LOCAL, key, unit, month, str(CARDS[key].bases[0]), 1, 10_000, "zh")
        told = found.gaps[found.gaps["card"] == key]
        assert told["times"].sum() == page.total, key
        assert Counter(dict(zip(told["person"], told["times"], strict=True))) == Counter(
            page.rows["person"]
        ), key
        assert not told["person"].duplicated().any()
        if "see_by" in page.rows:
            by = dict(zip(page.rows["person"], page.rows["see_by"], strict=True))
            open_ones = told[told["lost"] == ""]
            assert {one.person: one.last.date() for one in open_ones.itertuples()} == {
                person: day for person, day in by.items() if day is not None
            }, key


def test_the_bureaus_overview_counts_the_lists_from_published_figures(district, found):
    store, unit, month = district
    cards = {key: CARDS[key] for key in found.cards}
    with store.published() as connection:
        tree = units(LOCAL, connection)
        above = int(tree.loc[tree["unit"] == unit, "parent"].iloc[0])
        gaps = owed(matrix(LOCAL, connection, above, month, cards), cards)
    told = gaps[gaps["unit"] == unit].set_index("indicator")["gaps"]
    assert told.sum() == found.gaps["times"].sum() > 1000
    listed = found.gaps.groupby("card", observed=True)["times"].sum()
    assert told[told > 0].astype(int).to_dict() == listed.to_dict()


def test_progress_is_told_up_to_the_end(district):
    store, unit, month = district
    shares = []
    lists(store, LOCAL, unit, month, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(shares) > 20


def test_a_week_leaves_nobody_out_and_counts_nobody_twice(district, found):
    days = working_days(dt.date(2025, 11, 3), dt.date(2025, 10, 31))
    for where in (HOME, CENTRE):
        plans = {visits: week_plan(found, where, days, visits) for visits in (0, 7, 10**6)}
        for visits, plan in plans.items():
            c = plan.counts
            assert c.can + c.elsewhere + c.waiting + c.late + c.gone == c.gaps == found.gaps["times"].sum()
            assert not plan.visits["person"].duplicated().any()
            assert plan.visits["stop"].nunique() == c.chosen == min(visits, c.stops)
            assert set(plan.visits["day"]) <= set(days)
            assert set(plan.visits["person"]) <= set(found.people["person"])
            done = sum(len(some) for name in ("closes", "steps") for some in plan.visits[name])
            assert done <= c.closed + c.steps
        everybody = plans[10**6]
        assert everybody.counts.closed + everybody.counts.steps == everybody.counts.can > 0
        can = found.gaps[(found.gaps[where] > NOTHING) & (found.gaps["lost"] == "")]
        assert set(everybody.visits["person"]) <= set(can["person"])
        assert plans[0].visits.empty
        assert plans[0].counts.closed == 0


def test_a_doctors_list_holds_the_doctors_people_alone(district, found):
    days = working_days(dt.date(2025, 11, 3), dt.date(2025, 10, 31))
    doctor = found.doctors[0]
    whose = found.people.set_index("person")["doctor"]
    plan = week_plan(found, HOME, days, 10**6, doctor)
    assert len(plan.visits)
    assert set(whose[plan.visits["person"]]) == {doctor}
    assert (
        plan.counts.people
        == found.gaps["person"].map(whose).eq(doctor).groupby(found.gaps["person"]).first().sum()
    )


def test_only_whoever_sees_the_people_is_told(district):
    store, unit, _ = district
    with pytest.raises(NotAllowedError):
        lists(
            store, as_role("x", "director", EVERYTHING, Scope(frozenset({unit}))), unit
        )  # not of those below
    with pytest.raises(NotAllowedError):
        lists(store, as_role("x", "clerk", EVERYTHING, EVERYTHING), unit)


def test_systems_of_others_stay_out(district):
    store, unit, _ = district
    of_records = replace(as_role("x", "officer", EVERYTHING, EVERYTHING), systems=frozenset({"S04"}))
    told = lists(store, of_records, unit)
    assert {CARDS[key].system for key in told.gaps["card"]} == {"S04"}


# -- counted by hand: five patients of one village ----------------------------------------------------------

# person: follow-ups of the year, check, family, end of enrolment; at the end of July 2025
PATIENTS = {
    1: (["2025-02-10", "2025-04-01", "2025-05-02"], "2025-04-01", 7, None),  # one owed
    2: (["2025-02-10", "2025-05-02"], "2025-04-01", 7, None),  # two owed: by 2 October
    3: (["2025-02-10"], "2025-04-01", None, None),  # three owed: lost
    4: (["2025-01-10", "2025-02-10", "2025-04-01", "2025-05-02"], None, None, None),  # only the check
    5: (
        ["2025-02-10", "2025-05-02", "2025-07-20"],
        None,
        None,
        None,
    ),  # one owed from 18 October, and the check
}
CARD = "htn_standard_rate"


@pytest.fixture(scope="module")
def village() -> Iterator[Lists]:
    def day(text):
        return None if text is None else dt.date.fromisoformat(text)

    def month(text):
        return day(text).year * 12 + day(text).month - 1

    about = {n: {"subject": n, "person": n, "unit": 2} for n in PATIENTS}
    visits = [(n, on) for n, (days, *_) in PATIENTS.items() for on in days]
    tables = {
        "unit": [
            row(1, unit=1, code="B", name="局", kind="bureau", parent=None),
            row(2, unit=2, code="S", name="站", kind="station", parent=1),
        ],
        "place": [
            row(1, place=1, code="V", name="东村", level="village"),
            row(2, place=2, code="V1", name="东村1组", level="group", parent_code="V"),
        ],
        "person": [
            row(n, **about[n], born_on=dt.date(1970, 1, 1), born_month=1970 * 12, sex=1, registered=True)
            for n in PATIENTS
        ],
        "health_record": [
            row(n, **about[n], created_on=dt.date(2024, 1, 1), place=2, family=family, doctor="甲医生")
            for n, (_, _, family, _) in PATIENTS.items()
        ],
        "enrolment": [
            row(n, **about[n], programme="htn", start_on=dt.date(2024, 1, 1), end_on=day(end))
            for n, (_, _, _, end) in PATIENTS.items()
        ],
        "followup": [
            row(k, **about[n], programme="htn", day=day(on), month=month(on), mode="clinic")
            for k, (n, on) in enumerate(visits, 1)
        ],
        "checkup": [
            row(n, **about[n], day=day(on), month=month(on), complete=True)
            for n, (_, on, *_) in PATIENTS.items()
            if on
        ],
    }
    with new_store() as (made, place):
        write_tables(made, tables)
        build(made, place, cards=[CARDS[CARD], CARDS["htn_exam_rate"]])
        yield lists(made, LOCAL, 2)


def of(village: Lists, card: str) -> dict:
    return {one.person: one for one in village.gaps[village.gaps["card"] == card].itertuples()}


def test_what_a_visit_does_depends_on_what_is_owed(village):
    told = of(village, CARD)
    assert {n: (one.home, one.centre) for n, one in told.items() if n != 3} == {
        1: (CLOSES, CLOSES),
        2: (STEP, STEP),
        4: (NOTHING, CLOSES),
        5: (STEP, CLOSES),
    }
    assert {n: one.lost for n, one in told.items()} == {1: "", 2: "", 3: LATE, 4: "", 5: ""}
    assert told[2].last.date() == dt.date(2025, 10, 2)
    assert told[5].first.date() == dt.date(2025, 10, 18)
    assert {n: one.service for n, one in told.items()} == dict.fromkeys((1, 2, 3, 5), "htn_followup") | {
        4: ""
    }
    assert of(village, "htn_exam_rate")[4].home == NOTHING
    assert set(village.silent) == set(closings(dt.date(2026, 1, 1))) - {CARD, "htn_exam_rate"}


def test_a_household_is_one_visit_and_the_last_chance_comes_first(village):
    week = working_days(dt.date(2025, 9, 29), dt.date(2025, 9, 28))
    assert week == [
        dt.date(2025, 9, 28) + dt.timedelta(days=n) for n in (1, 2)
    ]  # then the National Day holidays
    plan = week_plan(village, HOME, week, 1)
    assert plan.visits["person"].tolist() == [1, 2]
    assert plan.visits["stop"].tolist() == [1, 1]
    assert plan.visits["mark"].tolist() == ["", LAST]
    assert plan.visits["closes"].tolist() == [(CARD,), ()]
    assert plan.visits["steps"].tolist() == [(), (CARD,)]
    assert (plan.counts.closed, plan.counts.steps, plan.counts.stops) == (1, 1, 1)
    assert (plan.counts.late, plan.counts.gone, plan.counts.waiting) == (1, 0, 1)
    # What only the centre can do: the check of 4, and of 5 the check, whose follow-up is not due yet.
    assert plan.counts.elsewhere == 3


def test_after_the_last_day_it_is_lost(village):
    plan = week_plan(village, HOME, [dt.date(2025, 10, 9)], 9)
    assert plan.visits["person"].tolist() == [1]
    assert plan.counts.late == 2


def test_what_is_due_soon_is_marked(village):
    plan = week_plan(village, HOME, [dt.date(2025, 9, 8)], 9)
    assert dict(zip(plan.visits["person"], plan.visits["mark"], strict=True)) == {1: "", 2: SOON}
    assert WARNING not in set(plan.visits["mark"])


def test_a_week_without_a_working_day_has_no_visits(village):
    plan = week_plan(village, HOME, [], 9)
    assert plan.visits.empty
    assert plan.counts.chosen == 0
    assert GONE not in set(village.gaps["lost"])
