"""On a list of several units each row stands with the unit that lacks it, also where one person is missing at two."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import literal, select, union_all

from metrics import gaps
from metrics.build import build
from metrics.cards import CARDS
from metrics.gaps import gap_page
from metrics.principal import LOCAL
from tests.property.stores import new_store, write_tables
from tests.property.test_gap_length import row

DECEMBER = 2025 * 12 + 11
KEY = "tb_mgmt_rate"
# person: (day of the notification, day on which it was answered, unit)
NOTIFIED = {
    1: [("2025-03-05", None, 3), ("2025-08-05", None, 2), ("2025-11-05", "2025-11-07", 3)],
    2: [("2025-04-05", None, 3), ("2025-09-05", None, 3)],
    3: [("2025-05-05", None, 2)],
}


@pytest.fixture(scope="module")
def store():
    day = dt.date.fromisoformat
    about = {n: {"subject": n, "person": n, "unit": 2} for n in NOTIFIED}
    courses = [(n, *course) for n, some in NOTIFIED.items() for course in some]
    tables = {
        "unit": [
            row(1, unit=1, code="B", name="局", kind="bureau", parent=None),
            row(2, unit=2, code="S2", name="二站", kind="station", parent=1),
            row(3, unit=3, code="S3", name="三站", kind="station", parent=1),
        ],
        "person": [
            row(n, **about[n], born_on=day("1960-01-01"), born_month=1960 * 12, sex=1, registered=True)
            for n in NOTIFIED
        ],
        "health_record": [row(n, **about[n], created_on=day("2024-01-01")) for n in NOTIFIED],
        "tb_course": [
            row(
                k,
                **(about[n] | {"unit": unit}),
                course_no=str(k),
                notified_on=day(on),
                managed_on=managed and day(managed),
            )
            for k, (n, on, managed, unit) in enumerate(courses, 1)
        ],
        "encounter": [
            row(
                n,
                **about[3],
                visit_no=str(n),
                day=dt.date(2025, n, 1),
                month=2025 * 12 + n - 1,
                kind="outpatient",
            )
            for n in range(1, 13)
        ],
    }
    with new_store() as (made, place):
        write_tables(made, tables)
        build(made, place, cards=[CARDS[KEY]])
        yield made


def rows(store, unit: int, month: int, size: int) -> list[tuple]:
    """(person, unit, whether it can still be done) of every page, in order."""
    first = gap_page(store, LOCAL, KEY, unit, month, "ytd", 1, size, "zh")
    pages = [
        gap_page(store, LOCAL, KEY, unit, month, "ytd", n, size, "zh").rows
        for n in range(1, -(-first.total // size) + 1)
    ]
    return [(one.person, one.unit, one.see_by is not None) for page in pages for one in page.itertuples()]


def expected(units: set[int], month: int) -> list[tuple[int, int]]:
    return sorted(
        (n, unit)
        for n, some in NOTIFIED.items()
        for on, managed, unit in some
        if managed is None and unit in units and dt.date.fromisoformat(on).month - 1 <= month % 12
    )


@pytest.mark.parametrize("size", [1, 2, 50])
@pytest.mark.parametrize("month", [DECEMBER, DECEMBER - 3], ids=["December", "September"])
def test_each_row_stands_with_its_own_unit(store, month, size):
    for unit, units in ((1, {1, 2, 3}), (2, {2}), (3, {3})):
        found = rows(store, unit, month, size)
        assert sorted((person, where) for person, where, _ in found) == expected(units, month)


def test_what_can_still_be_done_is_the_newest(store):
    found = rows(store, 1, DECEMBER - 3, 50)
    assert [one for one in found if one[2]] == [(1, 2, True), (2, 3, True), (3, 2, True)]
    assert [one for one in found if not one[2]] == [(1, 3, False), (2, 3, False)]


@pytest.mark.parametrize(
    ("listed", "counted", "told"),
    [
        ([2, 3], [], [2, 3]),
        ([2, 3], [3], [2]),
        ([3, 3], [], [3, 3]),
        ([2, 2, 3], [2], [2, 3]),
        ([2, 2], [3], [2]),
        ([2, 3], [1], [None]),  # counted elsewhere: at which of the two they are missing nobody can say
    ],
)
def test_persons_listed_at_several_units(store, monkeypatch, listed, counted, told):
    signs = [(unit, 1) for unit in listed] + [(unit, -1) for unit in counted]
    parts = [
        select(literal(7).label("person"), literal(unit).label("unit"), literal(sign).label("sign"))
        for unit, sign in signs
    ]
    monkeypatch.setattr(gaps, "_signed", lambda *_: union_all(*parts))
    card = CARDS["htn_exam_rate"]
    with store.records() as connection:
        found = gaps._units_of(connection, card, [7], [1, 2, 3], DECEMBER, card.bases[0], None)
    assert found == {7: told}
