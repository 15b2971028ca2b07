"""Working days by the State Council's notices, against a count by hand and a second, slower one."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.standards import FOLDER, StandardsError, holidays

DAYS = st.dates(date(2024, 1, 1), date(2026, 11, 30))


def rows_of_the_file() -> list[dict[str, str]]:
    with (FOLDER / "holidays.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_notice_holds_as_many_days_as_it_names():
    """2024: 1+8+3+5+1+3+7 days off, 8 weekend days worked; 2025: 1+8+3+5+3+8, 5; 2026: 3+9+3+5+3+3+7, 6.
    2027 has no notice yet: 1+4+1+2+1+1+3 days that the law names.
    """
    found = Counter((day.year, works) for day, works in holidays.shipped().items())
    assert found == {
        (2024, False): 28,
        (2024, True): 8,
        (2025, False): 28,
        (2025, True): 5,
        (2026, False): 33,
        (2026, True): 6,
        (2027, False): 13,
    }


def test_only_weekends_are_worked_instead_and_every_row_names_its_notice():
    assert all(day.weekday() >= 5 for day, works in holidays.shipped().items() if works)
    rows = rows_of_the_file()
    law = "全国年节及纪念日放假办法"
    for row in rows:
        year = row["day"][:4]
        assert row["source"].startswith(f"国务院办公厅关于{year}年" if holidays.is_told(int(year)) else law)
    assert all(row["zh"] and row["en"] for row in rows)
    assert [row["day"] for row in rows] == sorted(row["day"] for row in rows)


@pytest.mark.parametrize(
    ("day", "days", "due"),
    [
        ("2026-03-02", 3, "2026-03-05"),  # Monday: Tuesday, Wednesday, Thursday
        ("2026-03-05", 3, "2026-03-10"),  # Thursday: Friday, Monday, Tuesday
        ("2026-02-13", 3, "2026-02-25"),  # Friday: Saturday 14 is worked, 15 to 23 are off: 14, 24, 25
        ("2026-09-18", 1, "2026-09-20"),  # Friday: Sunday 20 is worked, Saturday is not
        ("2026-09-30", 3, "2026-10-10"),  # Wednesday: 1 to 7 off: 8, 9, and Saturday 10 is worked
        ("2025-09-27", 1, "2025-09-28"),  # Saturday: Sunday is worked
        ("2027-04-29", 2, "2027-05-03"),  # no notice yet: weekends, and the days of the law
        ("2027-02-04", 1, "2027-02-09"),  # Thursday: New Year's Eve on Friday, the third day on Monday
        ("2026-03-02", 0, "2026-03-02"),
    ],
)
def test_working_days_by_hand(day, days, due):
    assert holidays.after(date.fromisoformat(day), days, working=True) == date.fromisoformat(due)


@given(DAYS, st.integers(0, 40))
def test_calendar_days_are_added(day, days):
    assert holidays.after(day, days, working=False) == date.fromordinal(day.toordinal() + days)


@given(DAYS, st.integers(1, 12))
def test_working_days_are_those_that_people_work(day, days):
    """Against a list of all working days of the years, made from the file alone."""
    rows = rows_of_the_file()
    off = {row["day"] for row in rows if row["kind"] == "off"}
    worked = {row["day"] for row in rows if row["kind"] == "work"}
    every = [date(2024, 1, 1) + timedelta(n) for n in range(3 * 366 + 60)]
    offices = [d for d in every if str(d) in worked or (d.isoweekday() <= 5 and str(d) not in off)]
    later = [d for d in offices if d > day]
    assert holidays.after(day, days, working=True) == later[days - 1]


def test_a_bureau_adds_days_of_its_own(tmp_path):
    path = tmp_path / "holidays.csv"
    path.write_text(
        "day,kind,source\n# 说明\n2027-01-01,off,国办发明电〔2026〕1号\n2027-01-02,work,同上\n", "utf-8"
    )
    assert holidays.own(path) == {date(2027, 1, 1): False, date(2027, 1, 2): True}
    assert holidays.own(tmp_path / "none.csv") == {}
    assert holidays.is_told(2026) and not holidays.is_told(2027)


@pytest.mark.parametrize(
    ("row", "column"),
    [("2027/1/1,off,x", "day"), ("2027-01-01,free,x", "kind"), ("2027-01-01,off,", "source")],
)
def test_a_mistake_is_named(tmp_path, row, column):
    path = tmp_path / "holidays.csv"
    path.write_text(f"day,kind,source\n{row}\n", "utf-8")
    with pytest.raises(StandardsError, match=f"第 2 行，{column} 列"):
        holidays.own(path)
