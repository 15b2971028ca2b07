"""A village doctor's warning counts quarters, not sheets."""

from __future__ import annotations

from sqlalchemy import insert

from data.register import add, open_register
from data.register.tables import appraisal_result, appraisal_round
from metrics.appraisal.doctors import DISMISSAL, WARNING, warned_doctors
from metrics.principal import LOCAL

MARCH = 2026 * 12 + 2


def unqualified(connection, sheet: str, month: int, period: str = "quarter") -> None:
    """A published quarter in which d1 of unit 7 scored 50 of 100."""
    row = {"sheet": sheet, "sheet_version": "2024", "subject": "doctor", "month": month, "period": period}
    number = add(connection, appraisal_round, {**row, "state": "published"}, "li")
    score = {"points": 5_000, "full": 10_000, "kind": "clinic", "grade": "unqualified"}
    connection.execute(insert(appraisal_result), [{"round": number, "unit": 7, "staff_no": "d1", **score}])


def told(register) -> list[tuple]:
    with register.reading() as connection:
        table = warned_doctors(LOCAL, connection, MARCH + 6)
    return list(table[["staff_no", "times", "stage", "months"]].itertuples(index=False, name=None))


def test_two_sheets_of_one_quarter_are_one_time(installation) -> None:
    """March by two sheets: once, no warning. June too: twice, a warning. September: three times. A year before: not."""
    register = open_register(installation)
    with register.writing() as connection:
        unqualified(connection, "doctor", MARCH)
        unqualified(connection, "clinic", MARCH)
        unqualified(connection, "doctor", MARCH - 6)  # twelve months before September: out of the window
    assert told(register) == []
    with register.writing() as connection:
        unqualified(connection, "doctor", MARCH + 3)
    assert told(register) == [("d1", 2, WARNING, (MARCH, MARCH + 3))]
    with register.writing() as connection:
        unqualified(connection, "doctor", MARCH + 6)
    assert told(register) == [("d1", 3, DISMISSAL, (MARCH, MARCH + 3, MARCH + 6))]
    register.close()


def test_half_years_count_like_quarters_and_a_year_does_not(installation) -> None:
    """June and a half-year that ends in December are two; the year that ends with it is made of them."""
    register = open_register(installation)
    with register.writing() as connection:
        unqualified(connection, "doctor", MARCH - 3, "half")
        unqualified(connection, "doctor", MARCH - 3, "year")
        unqualified(connection, "doctor", MARCH + 3, "half")
    assert told(register) == [("d1", 2, WARNING, (MARCH - 3, MARCH + 3))]
    register.close()
