"""Children, mothers, tuberculosis, mental health: until when each on a list can still be seen, from records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import literal, select, union_all

from metrics.build import build
from metrics.cards import CARDS
from metrics.context import Horizon, prepare, rules_of
from metrics.gaps import gap_page
from metrics.heading import owed
from metrics.heading.owed import ANSWERED, CHECKED, ONCE, ONCE_PATIENT, WINDOWS
from metrics.heading.reaching import owing
from metrics.principal import LOCAL
from tests.heading.test_ceiling import brute
from tests.property.stores import new_store, write_tables
from tests.property.test_gap_length import row

JULY = 2025 * 12 + 6
YEAR_END = dt.date(2025, 12, 31)
day = dt.date.fromisoformat


def month(text):
    return day(text).year * 12 + day(text).month - 1


# person: (born, sex, day on which they left)
PEOPLE = {
    1: ("2023-03-15", 1, None),  # two checks a year at one and two; none made
    2: ("2023-03-15", 1, None),  # one made
    3: ("2023-03-15", 1, None),  # one made on the last day of July
    4: ("2023-03-15", 1, None),  # both made, one of them after July
    5: ("2025-05-20", 2, None),  # eight months of this year: two checks; no visit as a newborn either
    6: ("2025-07-10", 2, None),  # can be visited as a newborn until 7 August
    7: ("2025-07-12", 2, None),  # was visited
    11: ("1990-01-01", 2, None),
    12: ("1990-01-01", 2, None),
    13: ("1990-01-01", 2, "2025-06-30"),
    14: ("1990-01-01", 2, None),
    15: ("1990-01-01", 2, None),
    21: ("1960-01-01", 1, None),
    22: ("1960-01-01", 1, None),
    23: ("1960-01-01", 1, None),
}
CHECKS = {2: ["2025-03-10"], 3: ["2025-07-31"], 4: ["2025-03-10", "2025-09-01"]}
# person: (delivered, discharged), the visit and how it was made
DELIVERIES = {
    11: ("2025-07-25", "2025-07-28", None),  # until 4 August
    12: ("2025-07-27", None, ("2025-07-29", "phone")),  # a call is no visit: until 3 August
    13: ("2025-07-25", "2025-07-28", None),  # left in June
    14: ("2025-03-01", "2025-03-04", None),  # too late
    15: ("2025-07-25", "2025-07-28", ("2025-07-30", "home")),  # done
}
NOTIFIED = {21: ("2025-03-05", None), 22: ("2024-11-05", None), 23: ("2025-05-05", "2025-05-09")}


@pytest.fixture(scope="module")
def store() -> Iterator:
    about = {n: {"subject": n, "person": n, "unit": 2} for n in PEOPLE}

    def visit(number, person, kind, on, **more):
        return row(number, **about[person], kind=kind, day=day(on), month=month(on), **more)

    tables = {
        "unit": [
            row(1, unit=1, code="B", name="局", kind="bureau", parent=None),
            row(2, unit=2, code="S", name="站", kind="station", parent=1),
        ],
        "person": [
            row(n, **about[n], born_on=day(born), born_month=month(born), sex=sex, registered=True)
            for n, (born, sex, _) in PEOPLE.items()
        ],
        "health_record": [
            row(
                n,
                **about[n],
                created_on=max(day(born), day("2024-01-01")),
                cancelled_on=left and day(left),
                cancel_reason=left and "moved",
            )
            for n, (born, _, left) in PEOPLE.items()
        ],
        "child_visit": [
            *(visit(10 * n + k, n, "check", on) for n, days in CHECKS.items() for k, on in enumerate(days)),
            visit(70, 7, "newborn", "2025-07-15"),
        ],
        "pregnancy": [
            row(
                n,
                **about[n],
                pregnancy_no="1",
                delivered_on=day(born),
                discharged_on=left and day(left),
                live_births=1,
            )
            for n, (born, left, _) in DELIVERIES.items()
        ],
        "maternal_visit": [
            visit(n, n, "postpartum", seen[0], pregnancy_no="1", mode=seen[1])
            for n, (_, _, seen) in DELIVERIES.items()
            if seen
        ],
        "tb_course": [
            row(n, **about[n], course_no="1", notified_on=day(on), managed_on=managed and day(managed))
            for n, (on, managed) in NOTIFIED.items()
        ],
        "enrolment": [row(n, **about[n], programme="smi", start_on=day("2024-02-01")) for n in (21, 22)],
        "followup": [
            row(
                1,
                **about[22],
                programme="smi",
                day=day("2025-02-03"),
                month=month("2025-02-03"),
                mode="phone",
            )
        ],
    }
    tables["encounter"] = [  # so that the months of both years are told
        row(n, **about[21], visit_no=str(n), day=dt.date(n // 12, n % 12 + 1, 1), month=n, kind="outpatient")
        for n in range(2024 * 12 + 6, 2025 * 12 + 12)
    ]
    with new_store() as (made, place):
        write_tables(made, tables)
        build(
            made, place, cards=[CARDS[key] for key in (*CHECKED, *ONCE_PATIENT, *ONCE, *ANSWERED, *WINDOWS)]
        )
        yield made


def told(store, card, month_=JULY, basis="ytd"):
    """person -> the day by which they must be seen; and what is said of all together."""
    page = gap_page(store, LOCAL, card, 1, month_, basis, 1, 50, "zh")
    assert page.reach.can + page.reach.lost == page.total
    days = {int(one.person): one.see_by for one in page.rows.itertuples()}
    assert page.reach.can == sum(by is not None for by in days.values())
    assert page.reach.soon_by == min((by for by in days.values() if by), default=None)
    return days


@pytest.mark.parametrize("after", [6, 7, 9, 10], ids=["July", "August", "October", "November"])
def test_children_s_checks_as_every_schedule_says(store, after):
    """The year asks these children for two checks; every pair of days that is left, 60 days apart, is tried."""
    at = 2025 * 12 + after
    today = (dt.date(2025, after + 2, 1) - dt.timedelta(days=1)).toordinal()
    expected = {}
    for person in (1, 2, 3, 4, 5):
        made = [day(on).toordinal() for on in CHECKS.get(person, []) if day(on).toordinal() <= today]
        if len(made) < 2:
            last = max(made, default=None)
            latest = brute(2 - len(made), last, today, YEAR_END.toordinal(), 60)
            expected[person] = latest and dt.date.fromordinal(latest)
    found = told(store, "ch_421_exam_rate", at)
    assert {person: by for person, by in found.items() if person in (1, 2, 3, 4, 5)} == expected


def test_a_newborn_is_visited_within_days_of_birth(store):
    assert told(store, "ch_newborn_visit_rate") == {5: None, 6: dt.date(2025, 8, 7)}


def test_the_window_does_not_end_with_the_year_s_month_but_with_its_day(store):
    """Seen from the end of August nobody of July can be visited in time any more."""
    assert told(store, "ch_newborn_visit_rate", JULY + 1) == {5: None, 6: None}


def test_a_mother_is_visited_within_a_week_of_discharge(store):
    assert told(store, "mt_postpartum_service_rate") == {
        11: dt.date(2025, 8, 4),
        12: dt.date(2025, 8, 3),
        13: None,
        14: None,
    }


def test_the_42_day_check_can_be_made_until_the_year_s_end(store):
    assert told(store, "mt_42day_rate") == {n: None if n == 13 else YEAR_END for n in DELIVERIES}


def test_who_was_notified_can_be_managed_until_the_year_s_end_unless_the_year_is_over(store):
    assert told(store, "tb_mgmt_rate") == {21: YEAR_END}
    assert told(store, "tb_mgmt_rate", basis="r12") == {21: YEAR_END, 22: None}


def test_patients_with_a_mental_disorder_must_be_seen_once(store):
    assert told(store, "mh_mgmt_rate") == {21: YEAR_END}
    assert told(store, "mh_faceface_rate") == {21: YEAR_END, 22: YEAR_END}
    assert told(store, "mh_annual_exam") == {21: YEAR_END, 22: YEAR_END}


def test_children_and_women_must_be_seen_once(store):
    assert told(store, "ch_mgmt_rate") == dict.fromkeys((1, 5, 6), YEAR_END)
    assert set(told(store, "mt_women_screening_rate")) == {11, 12, 13, 14, 15}


def test_a_flu_dose_can_be_given_until_the_season_s_end(store):
    """The season runs from July to June, whatever the calendar year; three are 60 or older."""
    assert told(store, "im_flu60_rate") == dict.fromkeys((21, 22, 23), dt.date(2026, 6, 30))
    assert told(store, "im_flu60_rate", JULY - 1) == dict.fromkeys((21, 22, 23))


def test_whoever_got_no_service_can_get_one_until_the_year_s_end(store):
    """Who was checked, visited or followed up has got one; a person gone in June is lost."""
    served = {2, 3, 4, 7, 12, 15, 22}
    assert told(store, "fl_registered_service") == {
        n: None if n == 13 else YEAR_END for n in PEOPLE if n not in served
    }


@pytest.mark.parametrize("key", owed.CARDS)
def test_whoever_is_listed_is_on_a_page_whatever_is_known_of_them(store, key):
    """Somebody without a year, a birth or a discharge was in the total and on no page: they come last, for they cannot be seen."""
    card, stranger = CARDS[key], 99
    with store.records() as connection:
        prepare(connection, [*rules_of([card]), *owed.rules(card)], Horizon(2024 * 12 + 6, 2025 * 12 + 11))
        listed = [{"person": one, "times": 1, "newest": JULY} for one in (21, stranger)]
        parts = [select(*(literal(value).label(name) for name, value in row.items())) for row in listed]
        frame = owing(connection, card, union_all(*parts).subquery(), JULY).set_index("person")
    assert frame["times"].sum() == 2
    assert frame["see_by"].isna()[stranger]
