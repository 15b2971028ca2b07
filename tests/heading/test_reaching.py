"""Who on a list can still be reached: from records to the list and its total."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from metrics.build import build
from metrics.cards import CARDS
from metrics.gaps import gap_page
from metrics.heading import owed, reaching
from metrics.lacking import Lack
from metrics.principal import LOCAL, NOTHING, NotAllowedError, Principal, Scope
from tests.property.stores import new_store, write_tables
from tests.property.test_gap_length import row

JULY = 2025 * 12 + 6
STANDARD = "htn_standard_rate"

# person: (follow-ups of the year, check, end of enrolment) as they stand at the end of July 2025
PATIENTS = {
    1: (["2025-02-10", "2025-05-12", "2025-07-20"], "2025-04-01", None),  # one owed: by the year's end
    2: (["2025-02-10", "2025-05-12"], "2025-04-01", None),  # two owed: by 2 October
    3: (["2025-02-10", "2025-07-20"], "2025-04-01", None),  # two owed, the last one lately: lost
    4: (["2025-02-10"], "2025-04-01", None),  # three owed, 180 days before the year's end: lost
    5: (["2025-02-10", "2025-02-11", "2025-02-12", "2025-02-13"], None, None),  # only the check
    6: (["2025-02-10", "2025-05-12", "2025-07-20"], None, "2025-06-30"),  # no longer managed: lost
    7: (["2025-01-10", "2025-03-12", "2025-05-12", "2025-07-20"], "2025-04-01", None),  # has met it
    # What comes after July is not known at the end of July.
    8: (["2025-02-10", "2025-05-12", "2025-08-20", "2025-11-20"], "2025-09-01", None),
}
BY = {1: (12, 31), 2: (10, 2), 3: None, 4: None, 5: (12, 31), 6: None, 8: (10, 2)}


@pytest.fixture(scope="module")
def store() -> Iterator:
    def day(text):
        return None if text is None else dt.date.fromisoformat(text)

    def month(text):
        return day(text).year * 12 + day(text).month - 1

    about = {n: {"subject": n, "person": n, "unit": 2} for n in PATIENTS}
    visits = [(n, on) for n, (days, _, _) in PATIENTS.items() for on in days]
    checks = [(n, on) for n, (_, on, _) in PATIENTS.items() if on]
    tables = {
        "unit": [
            row(1, unit=1, code="B", name="局", kind="bureau", parent=None),
            row(2, unit=2, code="S", name="站", kind="station", parent=1),
        ],
        "person": [
            row(n, **about[n], born_on=dt.date(1960, 1, 1), born_month=1960 * 12, sex=1, registered=True)
            for n in PATIENTS
        ],
        "health_record": [row(n, **about[n], created_on=dt.date(2024, 1, 1)) for n in PATIENTS],
        "enrolment": [
            row(n, **about[n], programme="htn", start_on=dt.date(2024, 1, 1), end_on=day(end))
            for n, (_, _, end) in PATIENTS.items()
        ],
        "followup": [
            row(k, **about[n], programme="htn", day=day(on), month=month(on), mode="clinic")
            for k, (n, on) in enumerate(visits, 1)
        ],
        "checkup": [
            row(k, **about[n], day=day(on), month=month(on), complete=True)
            for k, (n, on) in enumerate(checks, 1)
        ],
    }
    with new_store() as (made, place):
        write_tables(made, tables)
        build(made, place, cards=[CARDS[STANDARD], CARDS["htn_exam_rate"]])
        yield made


def test_each_has_the_day_by_which_they_must_be_seen(store):
    rows = gap_page(store, LOCAL, STANDARD, 1, JULY, "ytd", 1, 50, "zh").rows
    told = {int(one.person): one.see_by for one in rows.itertuples()}
    assert told == {n: by and dt.date(2025, *by) for n, by in BY.items()}


def test_the_total_is_that_of_the_list(store):
    page = gap_page(store, LOCAL, STANDARD, 1, JULY, "ytd", 1, 2, "zh")
    reach = page.reach
    assert (reach.can, reach.lost, reach.soon) == (4, 3, 2)
    assert (reach.soon_by, reach.spacing) == (dt.date(2025, 10, 2), 90)
    assert reach.can + reach.lost == page.total


def test_a_check_can_be_made_on_any_day_by_whoever_is_still_there(store):
    page = gap_page(store, LOCAL, "htn_exam_rate", 1, JULY, "ytd", 1, 50, "zh")
    told = {int(one.person): one.see_by for one in page.rows.itertuples()}
    assert told == {5: dt.date(2025, 12, 31), 6: None, 8: dt.date(2025, 12, 31)}
    assert (page.reach.can, page.reach.lost, page.reach.spacing) == (2, 1, 0)


def test_the_soonest_come_first_and_the_lost_last(store):
    pages = [gap_page(store, LOCAL, STANDARD, 1, JULY, "ytd", n, 3, "zh").rows for n in (1, 2, 3)]
    told = [int(person) for rows in pages for person in rows["person"]]
    assert told == [2, 8, 1, 5, 3, 4, 6]


def test_each_is_told_what_they_still_lack(store):
    rows = gap_page(store, LOCAL, STANDARD, 1, JULY, "ytd", 1, 50, "zh").rows
    visit = "htn_followup"
    assert {int(one.person): one.lacks for one in rows.itertuples()} == {
        1: Lack(visit, 1),
        2: Lack(visit, 2),
        3: Lack(visit, 2),
        4: Lack(visit, 3),
        5: Lack("", None, check=True),
        6: Lack(visit, 1, check=True),
        8: Lack(visit, 2, check=True),
    }
    assert set(rows["unit"]) == {2}
    rows = gap_page(store, LOCAL, "htn_exam_rate", 1, JULY, "ytd", 1, 50, "zh").rows
    assert {one.lacks for one in rows.itertuples()} == {Lack("check")}


def test_after_the_year_nobody_can_be_reached(store):
    page = gap_page(store, LOCAL, STANDARD, 1, 2025 * 12 + 11, "ytd", 1, 50, "zh")
    assert page.total > 0
    assert (page.reach.can, page.reach.lost, page.reach.soon_by) == (0, page.total, None)


def test_only_whoever_sees_the_people_is_told(store):
    other = Principal("x", "director", Scope(frozenset({1, 2})), NOTHING, frozenset({"figures", "persons"}))
    with pytest.raises(NotAllowedError):
        gap_page(store, other, STANDARD, 1, JULY, "ytd", 1, 50, "zh")


def test_every_card_with_a_ceiling_lists_people_or_what_happened_to_them():
    for key in owed.CARDS:
        card = CARDS[key]
        assert card.is_personal
        assert card.gap == ("things" if key in (*owed.ANSWERED, *owed.WINDOWS) else "persons")
    assert not reaching.has_ceiling(CARDS["htn_control_rate"])
