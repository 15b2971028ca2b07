"""Early warnings: who counts at a month's end because nothing was done for too long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from tests.plain.children import months_here, young_in_year
from tests.plain.control import late, notifiable
from tests.plain.district import District, parameter, remembered
from tests.plain.groups import child, enrolled, tagged, this_year
from tests.plain.immunisation import doses_owed
from tests.plain.months import last_day, month_of
from tests.plain.patients import CHRONIC, managed_at
from tests.plain.shapes import Stock, rolled_up
from tests.plain.stay import managed_by, resident_at


@dataclass(frozen=True)
class Spans:
    """Things from month to month: (thing, unit, first, last); a thing is counted once at a unit."""

    spans: Callable[[District], Iterable[tuple]]
    reads: tuple[str, ...] = ()
    kinds: tuple[str, ...] | None = None

    def figures(self, district: District) -> dict[tuple, tuple]:
        things = {
            (unit, month, thing)
            for thing, unit, first, last in self.spans(district)
            for month in district.months
            if first <= month <= last
        }
        sums = rolled_up(district, Counter((unit, month) for unit, month, _ in things if unit is not None))
        return {
            (unit, month, "as_of"): (sums[unit, month], None, None)
            for unit in district.units
            for month in district.months
        }


def _quiet(key: str, contacts: Iterable[int], month: int) -> bool:
    """Whether no contact covers the month: each covers its own and so many months after it."""
    return not any(one <= month <= one + parameter(key, one) for one in contacts)


def _beginnings(holds: Callable[[int], bool], key: str, month: int) -> list[int]:
    """Months up to this one in which something begins to hold."""
    longest = 24
    return [one for one in range(month - longest, month + 1) if holds(one) and not holds(one - 1)]


def _months(district: District, person: int, table: str, fits=lambda row: True) -> list[int]:
    return [row["month"] for row in district.of(person, table) if fits(row)]


def _overdue_contact(key: str, *programmes: str):
    def answer(district: District, person: int, month: int) -> bool:
        contacts = _months(district, person, "followup", lambda row: row["programme"] in programmes)
        for programme in programmes:
            contacts += _beginnings(
                lambda one: enrolled(district, person, one, programme),  # noqa: B023
                key,
                month,
            )
        return _quiet(key, contacts, month)

    return answer


def _chronic_at(district: District, person: int, month: int) -> int | None:
    if any(enrolled(district, person, month, programme) for programme in CHRONIC):
        return managed_by(district, person, month)
    return None


def _is_severe(row: dict) -> bool:
    def between(value, low: str, high: str) -> bool:
        return value is not None and parameter(low, row["day"]) <= value <= parameter(high, row["day"])

    if row["programme"] == "htn":
        return between(row["sbp"], "warn_sbp", "sbp_high") or between(row["dbp"], "warn_dbp", "dbp_high")
    return between(row["fpg"], "warn_fpg", "fpg_high")


def _unfollowed(district: District, person: int, month: int) -> bool:
    for programme in CHRONIC:
        rows = [row for row in district.of(person, "followup") if row["programme"] == programme]
        rows.sort(key=lambda row: (row["day"], row["row_id"]))
        for row, following in zip(rows, [*rows[1:], None], strict=False):
            due = row["day"] + timedelta(days=parameter("warn_followup_days", row["day"]))
            if not _is_severe(row) or (following is not None and following["day"] <= due):
                continue
            if month_of(due) <= month and (following is None or month < month_of(following["day"])):
                return True
    return False


@remembered
def _missing_doses(district: District, person: int) -> list[tuple[float, float]]:
    """From which month each dose is overdue for too long, and the month in which it is given."""
    found = []
    for row in doses_owed(district, person):
        given = [
            dose["month"]
            for dose in district.of(person, "dose")
            if (dose["vaccine"], dose["dose_no"]) == (row["vaccine"], row["dose_no"])
        ]
        found.append(
            (row["due"] + parameter("warn_dose_months", row["due"]), min(given, default=float("inf")))
        )
    return found


def _dose_overdue(district: District, person: int, month: int) -> bool:
    return any(first <= month < given for first, given in _missing_doses(district, person))


def _child_at(district: District, person: int, month: int) -> int | None:
    return managed_by(district, person, month) if child(district, person, month) else None


def _reports(district: District):
    for row in district.rows("incident"):
        if notifiable(row) and (row["reported_at"] is None or late(row)):
            first, reported = month_of(row["day"]), row["reported_at"]
            last = float("inf") if reported is None else max(first, month_of(reported) - 1)
            yield row["row_id"], row["unit"], first, last


def _doctors(district: District):
    failed: dict[tuple, list] = {}
    for row in district.rows("appraisal"):
        failed_it = row["kind"] == "doctor" and row["grade"] == "unqualified"
        if failed_it and row["staff_no"] is not None and row["unit"] is not None:
            failed.setdefault((row["unit"], row["staff_no"]), []).append((row["month"], row["row_id"]))
    for (unit, number), appraisals in failed.items():
        months = [month for month, _ in sorted(appraisals)]
        for earlier, later in pairwise(months):
            yield (unit, number), unit, later, earlier + 11


_ELDER_TAGS = ("solitary", "high_risk_elder")


def _elder_at(district: District, person: int, month: int) -> int | None:
    return resident_at(district, person, month) if tagged(district, person, month, *_ELDER_TAGS) else None


def _unserved(district: District, person: int, month: int) -> bool:
    tables = ("encounter", "checkup", "followup", "referral")
    contacts = [one for table in tables for one in _months(district, person, table)]
    contacts += _months(district, person, "service", lambda row: row["kind"] != "update")
    contacts += _beginnings(
        lambda one: tagged(district, person, one, *_ELDER_TAGS), "warn_elder_months", month
    )
    return _quiet("warn_elder_months", contacts, month)


def _unchecked(district: District, person: int, month: int) -> bool:
    y0 = district.year_start(month)
    here = months_here(district, person, y0)
    if here is None or not young_in_year(district, person, month):
        return False
    first = max(
        y0 + parameter("warn_child_month", month) - 1, here[0] + parameter("warn_child_months", month)
    )
    checked = this_year(district, person, month, "child_visit", lambda row: row["kind"] == "check")
    return month >= first and not checked


def _pregnancies(district: District):
    for person in district.persons:
        died = district.masters[person]["died_on"]
        days = [
            row["day"]
            for row in district.of(person, "maternal_visit")
            if row["kind"] == "antenatal" and row["mode"] != "phone"
        ]
        days += [row["booked_on"] for row in district.of(person, "pregnancy") if row["booked_on"]]
        for row in district.of(person, "pregnancy"):
            if row["high_risk"] is not True or row["booked_on"] is None:
                continue
            first = month_of(row["booked_on"])
            if row["delivered_on"] is None:
                last = first + int(parameter("warn_pregnancy_months", first))
            else:
                last = month_of(row["delivered_on"]) - 1
            if died is not None:
                last = min(last, month_of(died))
            for month in range(first, last + 1):
                if not any(_seen_by(day, month) for day in days):
                    yield person, row["unit"], month, month


def _seen_by(day, month: int) -> bool:
    """Whether a visit is recent at a month's end."""
    return month_of(day) <= month and last_day(month) <= day + timedelta(
        days=parameter("warn_pregnancy_days", day)
    )


def _warning(at, counted, *reads: str) -> Stock:
    return Stock(at, counted, listed=None, reads=reads)


CARDS = {
    "warn_ncd_no_contact": _warning(_chronic_at, _overdue_contact("warn_contact_months", *CHRONIC)),
    "warn_severe_reading": _warning(_chronic_at, _unfollowed),
    "warn_doses_overdue": _warning(_child_at, _dose_overdue),
    "warn_smi_missed_month": _warning(
        lambda d, p, m: managed_at(d, p, m, "smi"), _overdue_contact("warn_smi_months", "smi")
    ),
    "warn_notifiable_late": Spans(_reports, reads=("incident",)),
    "warn_doctor_two_unqualified": Spans(_doctors, reads=("appraisal",)),
    "warn_elder_unserved": _warning(_elder_at, _unserved),
    "warn_child_unchecked": _warning(resident_at, _unchecked, "child_visit"),
    "warn_high_risk_pregnancy": Spans(_pregnancies, reads=("pregnancy", "maternal_visit")),
}
