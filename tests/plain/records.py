"""S04: who has a health record, is it complete, is it used."""

from __future__ import annotations

from tests.plain.district import District, parameter, remembered
from tests.plain.groups import (
    aged,
    child,
    enrolled,
    key_person,
    served,
    served_rolling,
    tagged,
    this_year,
)
from tests.plain.months import last_day, month_of
from tests.plain.shapes import Distinct, Flow, Stock
from tests.plain.stay import managed_by, resident_at, resident_of_year


def is_valid(record: dict, month: int) -> bool:
    """Valid on the last day of a month; cancelled for death or departure counts to the month's end."""
    if record["created_on"] > last_day(month):
        return False
    cancelled_on = record["cancelled_on"]
    if cancelled_on is None or cancelled_on > last_day(month):
        return True
    return record["cancel_reason"] in ("died", "moved") and month_of(cancelled_on) == month


@remembered
def valid_records(district: District, person: int, month: int) -> list[dict]:
    return [record for record in district.of(person, "health_record") if is_valid(record, month)]


def recorded(district: District, person: int, month: int) -> bool:
    return bool(valid_records(district, person, month))


def recorded_in_year(district: District, person: int, month: int) -> bool:
    """A valid record, or one cancelled in the year so far for death or departure: those stay to the year's end."""
    return any(
        is_valid(record, month)
        or (
            parameter("keep_departed", month)
            and record["cancel_reason"] in ("died", "moved")
            and record["cancelled_on"] is not None
            and month_of(record["cancelled_on"]) in district.year_so_far(month)
            and month_of(record["created_on"]) <= month
        )
        for record in district.of(person, "health_record")
    )


def recorded_resident_at(district: District, person: int, month: int) -> int | None:
    return resident_at(district, person, month) if recorded(district, person, month) else None


def records_that(fits):
    """How many valid records of the person fit."""
    return lambda district, person, month: sum(map(fits, valid_records(district, person, month)))


def _electronic(district: District, person: int, month: int) -> bool:
    return any(record["electronic"] is True for record in valid_records(district, person, month))


def _usable_at(district: District, person: int, month: int) -> int | None:
    """Electronic records where the source tells them apart, else all; or all records anyway."""
    usable = any(
        record["electronic"] is not False or not parameter("use_electronic", month)
        for record in valid_records(district, person, month)
    )
    return managed_by(district, person, month) if usable else None


def _used(district: District, person: int, month: int) -> bool:
    """A service in the year so far, or in the last twelve months."""
    rolling = parameter("use_rolling", month)
    return served_rolling(district, person, month) if rolling else served(district, person, month)


def _visited(district: District, person: int, month: int) -> bool:
    return any(
        this_year(district, person, month, table, lambda row: row["mode"] in ("home", "phone"))
        for table in ("followup", "service")
    )


def _new(district: District):
    for person in district.persons:
        records = district.of(person, "health_record")
        if records:
            first = min(records, key=lambda record: (record["created_on"], record["row_id"]))
            yield first["unit"], month_of(first["created_on"]), 1


def families(member_at, named=lambda record: True):
    """(unit, family) of all members: the families that any record of a member names."""

    def of_month(district: District, month: int):
        for person in district.persons:
            unit = member_at(district, person, month)
            if unit is not None:
                for record in district.of(person, "health_record"):
                    if record["family"] is not None and named(record):
                        yield unit, record["family"]

    return of_month


def _category(belongs) -> Stock:
    return Stock(recorded_resident_at, belongs, listed=None)


CARDS = {
    "hr_filing_rate": Stock(resident_at, recorded, band="all"),
    "ehr_filing_rate": Stock(resident_at, _electronic, band="all"),
    "hr_dynamic_update_rate": Stock(_usable_at, _used, basis="ytd"),
    "hr_count_total": Stock(managed_by, records_that(lambda r: True), listed=None),
    "hr_new_count": Flow(_new),
    "hr_households": Distinct(families(recorded_resident_at)),
    "hr_updated_count": Stock(
        resident_of_year,
        lambda d, p, m: this_year(d, p, m, "service", lambda row: row["kind"] == "update"),
        listed=None,
        basis="ytd",
    ),
    "hr_keypop_filing_rate": Stock(
        lambda d, p, m: resident_at(d, p, m) if key_person(d, p, m) else None, recorded
    ),
    "hr_60plus_filing_rate": Stock(
        lambda d, p, m: resident_at(d, p, m) if aged(d, p, m, 60) else None, recorded, band="60+"
    ),
    "hr_completeness_rate": Stock(
        managed_by, records_that(lambda r: r["complete"] is True), listed=records_that(lambda r: True)
    ),
    "hr_unified_code": Stock(
        managed_by, records_that(lambda r: r["code_valid"] is True), listed=records_that(lambda r: True)
    ),
    "hr_electronic_entry_rate": Stock(
        managed_by,
        records_that(lambda r: r["electronic"] is True),
        listed=records_that(lambda r: r["electronic"] is not None),
    ),
    "hr_card_coverage": Stock(
        recorded_resident_at, lambda d, p, m: d.masters[p]["health_card"] is True, listed=None
    ),
    "hr_disease_archive_fill": Flow(
        lambda d: (
            (row["unit"], row["month"], row["linked"], 1)
            for row in d.rows("encounter")
            if row["linked"] is not None
        ),
        of=True,
    ),
    "hr_visit_rate": Stock(
        lambda d, p, m: resident_at(d, p, m) if key_person(d, p, m) else None, _visited, basis="ytd"
    ),
    "hr_by_category_htn": _category(lambda d, p, m: enrolled(d, p, m, "htn")),
    "hr_by_category_dm": _category(lambda d, p, m: enrolled(d, p, m, "dm")),
    "hr_by_category_child": _category(child),
    "hr_by_category_pregnant": _category(lambda d, p, m: tagged(d, p, m, "pregnant")),
    "hr_by_category_smi": _category(lambda d, p, m: tagged(d, p, m, "smi")),
    "hr_by_category_elder": _category(lambda d, p, m: aged(d, p, m, parameter("elder_age", m))),
}
