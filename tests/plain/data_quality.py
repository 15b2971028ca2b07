"""S37: are the records whole, in time, free of contradictions, there once, and plausible?"""

from __future__ import annotations

from collections import Counter
from datetime import date

from tests.plain.district import District, parameter
from tests.plain.months import age_on, month_of
from tests.plain.records import records_that, valid_records
from tests.plain.shapes import Flow, Stock
from tests.plain.stay import managed_by

_CHRONIC = ("htn", "dm", "smi")


def _share(table: str, good, among=lambda d, row: True, month=lambda row: row["month"]) -> Flow:
    """Of the rows of a table the share that is good."""
    return Flow(
        lambda d: ((row["unit"], month(row), good(d, row), 1) for row in d.rows(table) if among(d, row)),
        of=True,
    )


def _chronic(district: District, row: dict) -> bool:
    return row["programme"] in _CHRONIC


def _has(row: dict, *names: str) -> bool:
    return all(row[name] is not None for name in names)


# -- complete ----------------------------------------------------------------------------------------


def _followup_complete(district: District, row: dict) -> bool:
    result = {
        "htn": lambda: _has(row, "sbp", "dbp"),
        "dm": lambda: any(row[name] is not None for name in ("fpg", "ppg", "rpg", "hba1c")),
        "smi": lambda: _has(row, "condition"),
    }[row["programme"]]()
    next_told = row["next_on"] is not None or row["outcome"] == "ended"
    return result and next_told and _has(row, "mode", "doctor")


def _checkup_complete(district: District, row: dict) -> bool:
    form = row["complete"] is not False
    return form and _has(row, "sbp", "dbp") and (row["reason"] != "elder" or row["self_care"] is not None)


def _record_complete(district: District, person: int, month: int) -> int:
    whole = _has(district.masters[person], "sex", "born_on")
    return sum(
        whole and _has(record, "place", "family", "doctor")
        for record in valid_records(district, person, month)
    )


# -- in time -----------------------------------------------------------------------------------------


def _in_time(table: str) -> Flow:
    return _share(
        table,
        lambda d, row: 0 <= (row["entered_on"] - row["day"]).days <= parameter("dq_entry_days", row["day"]),
        lambda d, row: row["entered_on"] is not None,
    )


# -- without contradiction -----------------------------------------------------------------------------


def _in_order(*days: date | None) -> bool:
    known = [day for day in days if day is not None]
    return known == sorted(known)


def _alive(district: District):
    for table in ("followup", "checkup", "encounter", "dose", "service"):
        for row in district.rows(table):
            master = district.masters[row["person"]]
            yield row["unit"], row["month"], _in_order(master["born_on"], row["day"], master["died_on"]), 1


def _enrolled(district: District, row: dict) -> bool:
    return any(
        one["programme"] == row["programme"]
        and one["start_on"] <= row["day"]
        and (one["end_on"] is None or one["end_on"] >= row["day"])
        for one in district.of(row["person"], "enrolment")
    )


def _coherent(district: District, row: dict) -> bool:
    pressures = not _has(row, "sbp", "dbp") or row["sbp"] > row["dbp"]
    following = row["next_on"] is None or row["next_on"] > row["day"]
    return pressures and following and _in_order(row["day"], row["entered_on"])


def _of_pregnancy(row: dict) -> date | None:
    return row["delivered_on"] or row["booked_on"]


def _mother(district: District, row: dict) -> bool:
    master, day = district.masters[row["person"]], _of_pregnancy(row)
    if master["sex"] not in (None, 2):
        return False
    if master["born_on"] is not None:
        youngest, oldest = parameter("dq_mother_youngest", day), parameter("dq_mother_oldest", day)
        if not youngest <= age_on(master["born_on"], day) <= oldest:
            return False
    return _in_order(row["booked_on"], row["delivered_on"], row["discharged_on"])


def _days_held(row: dict) -> tuple[int, int]:
    """First day and the day after the last one, as numbers."""
    end = row["end_on"].toordinal() + 1
    if row["stopped_on"] is not None:
        end = min(end, row["stopped_on"].toordinal())
    return row["start_on"].toordinal(), end


def _ever_held(district: District, row: dict) -> bool:
    first, end = _days_held(row)
    return first < end


def _single(district: District, row: dict) -> bool:
    first, end = _days_held(row)
    for other in district.of(row["person"], "contract"):
        other_first, other_end = _days_held(other)
        if other is not row and max(first, other_first) < min(end, other_end):
            return False
    return True


# -- once ----------------------------------------------------------------------------------------------


def _once(table: str, *same: str) -> Flow:
    def rows(district: District):
        alike = Counter(_alike(row) for row in district.rows(table))
        for row in district.rows(table):
            yield row["unit"], row["month"], alike[_alike(row)] == 1, 1

    def _alike(row: dict) -> tuple:
        return row["person"], *(row[name] for name in same)

    return Flow(rows, of=True)


def _record_once(district: District, person: int, month: int) -> int:
    return int(len(valid_records(district, person, month)) == 1)


def _person_once(district: District, person: int, month: int) -> int:
    suspected = {row["person"] for row in district.tables.get("suspected", ())}
    return 0 if person in suspected else len(valid_records(district, person, month))


# -- plausible -----------------------------------------------------------------------------------------


def _readings(district: District):
    for table in ("followup", "checkup"):
        for row in district.rows(table):
            found = [("sbp", row["sbp"]), ("dbp", row["dbp"])]
            found += [("fpg", row.get(name)) for name in ("fpg", "ppg", "rpg")]
            known = [(of, value) for of, value in found if value is not None]
            if known:
                good = all(
                    parameter(f"{of}_low", row["day"]) <= value <= parameter(f"{of}_high", row["day"])
                    for of, value in known
                )
                yield row["unit"], row["month"], good, 1


def _born(district: District, person: int, month: int) -> int:
    born_on = district.masters[person]["born_on"]
    return 0 if born_on is None else len(valid_records(district, person, month))


def _birth(district: District, person: int, month: int) -> int:
    born_on = district.masters[person]["born_on"]
    return sum(
        born_on is not None
        and born_on <= record["created_on"]
        and age_on(born_on, record["created_on"]) <= parameter("dq_oldest", record["created_on"])
        for record in valid_records(district, person, month)
    )


CARDS = {
    "dq_record_complete": Stock(managed_by, _record_complete, listed=records_that(lambda r: True)),
    "dq_followup_complete": _share(
        "followup", _followup_complete, lambda d, row: _chronic(d, row) and row["outcome"] != "lost"
    ),
    "dq_checkup_complete": _share("checkup", _checkup_complete),
    "dq_visit_complete": _share("encounter", lambda d, row: _has(row, "icd", "department", "fee")),
    "dq_followup_in_time": _in_time("followup"),
    "dq_checkup_in_time": _in_time("checkup"),
    "dq_dose_in_time": _in_time("dose"),
    "dq_alive": Flow(_alive, of=True),
    "dq_enrolled": _share("followup", _enrolled, _chronic),
    "dq_coherent": _share("followup", _coherent),
    "dq_mother_coherent": _share(
        "pregnancy",
        _mother,
        lambda d, row: _of_pregnancy(row) is not None,
        lambda row: month_of(_of_pregnancy(row)),
    ),
    "dq_contract_single": _share("contract", _single, _ever_held, lambda row: month_of(row["start_on"])),
    "dq_record_once": Stock(managed_by, _record_once, listed=records_that(lambda r: True)),
    "dq_person_once": Stock(managed_by, _person_once, listed=records_that(lambda r: True)),
    "dq_followup_once": _once("followup", "programme", "day"),
    "dq_visit_once": _once("encounter", "unit", "day", "kind", "department", "icd"),
    "dq_dose_once": _once("dose", "vaccine", "day"),
    "dq_readings_plausible": Flow(_readings, of=True),
    "dq_birth_plausible": Stock(managed_by, _birth, listed=_born),
}
