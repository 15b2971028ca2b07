"""Groups of persons: age, tags, patients, key populations; and their use of services."""

from __future__ import annotations

from tests.plain.district import District, parameter, remembered
from tests.plain.months import last_day, month_of


def years_old(district: District, person: int, month: int) -> int | None:
    """Age on the last day of a month; None while unborn or where the birth is unknown."""
    born = district.masters[person]["born_month"]
    if born is None or month < born:
        return None
    return (month - born) // 12


def aged(district: District, person: int, month: int, years: float) -> bool:
    age = years_old(district, person, month)
    return age is not None and age >= years


def child(district: District, person: int, month: int) -> bool:
    """0 to 6."""
    age = years_old(district, person, month)
    return age is not None and age < 7


@remembered
def tagged(district: District, person: int, month: int, *tags: str) -> bool:
    return any(
        row["tag"] in tags
        and row["start_on"] <= last_day(month)
        and (row["end_on"] is None or month_of(row["end_on"]) >= month)
        for row in district.of(person, "person_tag")
    )


@remembered
def enrolments(district: District, person: int, month: int, programme: str) -> list[dict]:
    """Enrolments in force at a month's end; who leaves counts to the month's end. Diabetes is type 2 or unnamed."""
    return [
        row
        for row in district.of(person, "enrolment")
        if row["programme"] == programme
        and (programme != "dm" or row["subtype"] in (None, "type2"))
        and month_of(row["start_on"]) <= month
        and (row["end_on"] is None or month_of(row["end_on"]) >= month)
    ]


def enrolled(district: District, person: int, month: int, programme: str) -> bool:
    return bool(enrolments(district, person, month, programme))


@remembered
def key_person(district: District, person: int, month: int) -> bool:
    return (
        aged(district, person, month, parameter("elder_age", month))
        or child(district, person, month)
        or tagged(
            district, person, month, "pregnant", "disabled", "low_income", "special_family", "tb", "smi"
        )
        or enrolled(district, person, month, "htn")
        or enrolled(district, person, month, "dm")
    )


def this_year(district: District, person: int, month: int, table: str, fits=lambda row: True) -> bool:
    """Whether the person has a fitting row in the year so far."""
    return any(
        row["month"] in district.year_so_far(month) and fits(row) for row in district.of(person, table)
    )


@remembered
def served(district: District, person: int, month: int) -> bool:
    """A visit, check, follow-up, consultation or referral in the year so far."""
    return any(
        this_year(district, person, month, table)
        for table in ("encounter", "checkup", "followup", "referral")
    ) or this_year(district, person, month, "service", lambda row: row["kind"] != "update")


@remembered
def served_rolling(district: District, person: int, month: int) -> bool:
    """The same within the last twelve months."""
    return any(
        month - 11 <= row["month"] <= month and (table != "service" or row["kind"] != "update")
        for table in ("encounter", "checkup", "followup", "referral", "service")
        for row in district.of(person, table)
    )


def improved(district: District, person: int, month: int, tag: str) -> bool:
    """Assessed as improved in the year so far."""
    return any(
        row["tag"] == tag and month_of(row["start_on"]) in district.year_so_far(month)
        for row in district.of(person, "person_tag")
    )
