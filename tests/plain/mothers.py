"""S09: deliveries in their month with what was done before and after; women screened."""

from __future__ import annotations

from tests.plain.children import first_unit
from tests.plain.district import District, parameter
from tests.plain.groups import this_year
from tests.plain.months import month_of
from tests.plain.shapes import Flow, Stock
from tests.plain.stay import resident_of_year
from tests.plain.works import counted, owed

WOMEN = ("women_disease", "cervical", "breast")
_SEEN = ("pregnancy", "maternal_visit")


def _visits(district: District, row: dict, kind: str) -> list[dict]:
    return [
        visit
        for visit in district.of(row["person"], "maternal_visit")
        if visit["kind"] == kind
        and visit["pregnancy_no"] is not None
        and visit["pregnancy_no"] == row["pregnancy_no"]
    ]


def _in_person(visit: dict) -> bool:
    return visit["mode"] != "phone"


def _antenatal(district: District, row: dict) -> list[dict]:
    """Antenatal visits of any mode."""
    return [visit for visit in _visits(district, row, "antenatal") if visit["day"] <= row["delivered_on"]]


def _checks(district: District, row: dict) -> list[dict]:
    return [visit for visit in _antenatal(district, row) if _in_person(visit)]


def _by_delivery(row: dict, column: str) -> bool:
    return row[column] is not None and row[column] <= row["delivered_on"]


def _early(district: District, row: dict) -> bool:
    weeks = row["booked_weeks"]
    return (
        weeks is not None
        and weeks < parameter("early_weeks", row["delivered_on"])
        and _by_delivery(row, "first_check_on")
    )


def _after(key: str):
    def visited(district: District, row: dict) -> bool:
        left = row["discharged_on"] or row["delivered_on"]
        return any(
            visit["day"] >= left and (visit["day"] - left).days <= parameter(key, row["delivered_on"])
            for visit in _visits(district, row, "postpartum")
            if _in_person(visit)
        )

    return visited


def _system(district: District, row: dict) -> bool:
    return (
        _early(district, row)
        and len(_checks(district, row)) >= parameter("antenatal_checks", row["delivered_on"])
        and _after("postpartum_days")(district, row)
    )


def _managed(district: District, row: dict) -> bool:
    return _booked(district, row) and (_by_delivery(row, "first_check_on") or bool(_checks(district, row)))


def _booked(district: District, row: dict) -> bool:
    return _by_delivery(row, "booked_on")


def _in_hospital(district: District, row: dict) -> bool:
    return row["hospital"] is True


def _day42(district: District, row: dict) -> bool:
    return any(
        visit["day"] >= row["delivered_on"] and _in_person(visit) for visit in _visits(district, row, "day42")
    )


def _risk_seen(district: District, row: dict) -> bool:
    return any(visit["high_risk"] is True for visit in _antenatal(district, row))


def _of_women(hit, among=lambda row: True, reads=_SEEN) -> Flow:
    def events(district: District):
        for row in district.rows("pregnancy"):
            if row["delivered_on"] is not None and among(row):
                yield row["unit"], month_of(row["delivered_on"]), hit(district, row), 1

    return Flow(events, of=True, reads=reads)


def _of_births(hit, among=lambda row: True, reads=_SEEN, weigh: bool = False) -> Flow:
    """Women over live births; ``weigh``: live births over live births."""

    def events(district: District):
        for row in district.rows("pregnancy"):
            births = row["live_births"] or 0
            if row["delivered_on"] is not None and births > 0 and among(row):
                n = (births if weigh else 1) if hit(district, row) else 0
                yield row["unit"], month_of(row["delivered_on"]), n, births

    return Flow(events, of=True, reads=reads)


def _folic(district: District):
    for row in district.rows("pregnancy"):
        if row["booked_on"] is not None:
            hit = row["folic_on"] is not None and row["folic_followed"] is True
            yield row["unit"], month_of(row["booked_on"]), hit, 1


def _high_risk(row: dict) -> bool:
    return row["high_risk"] is True


def _place_known(row: dict) -> bool:
    return row["hospital"] is not None


def woman_of_year(district: District, person: int, month: int) -> int | None:
    master = district.masters[person]
    if master["sex"] != 2 or master["born_month"] is None:
        return None
    years = (district.year_start(month) + 11 - master["born_month"]) // 12
    fertile = parameter("women_from_age", month) <= years <= parameter("women_to_age", month)
    return resident_of_year(district, person, month) if fertile else None


_BOOK = ("pregnancy",)
CARDS = {
    "mt_early_booking_rate": _of_births(_early, reads=_BOOK),
    "mt_booking_rate": _of_women(_booked, reads=_BOOK),
    "mt_system_rate": _of_births(_system),
    "mt_mgmt_rate": _of_women(_managed),
    "mt_hospital_delivery_rate": _of_births(_in_hospital, _place_known, reads=_BOOK, weigh=True),
    "mt_highrisk_hospital_rate": _of_women(
        _in_hospital, lambda row: _high_risk(row) and _place_known(row), reads=_BOOK
    ),
    "mt_postpartum_visit_rate": _of_births(_after("postpartum_days")),
    "mt_postpartum_service_rate": _of_women(_after("postpartum_service_days")),
    "mt_42day_rate": _of_women(_day42),
    "mt_antenatal_persons": Stock(
        first_unit("maternal_visit", lambda row: row["kind"] == "antenatal" and _in_person(row)),
        lambda d, p, m: True,
        listed=None,
        basis="ytd",
        reads=("maternal_visit",),
    ),
    "mt_highrisk_mgmt": _of_women(_risk_seen, _high_risk),
    "mt_folic_acid": Flow(_folic, of=True, reads=_BOOK),
    "mt_women_screening_rate": Stock(
        woman_of_year,
        lambda d, p, m: this_year(d, p, m, "screening", lambda row: row["kind"] in WOMEN),
        basis="ytd",
        band="f15-49",
        reads=("screening",),
    ),
    "mt_women_exam_count": counted("screening", lambda row: row["kind"] in WOMEN),
    "mt_meeting": owed(
        "mt_meeting", "activity", lambda row: row["kind"] == "mch_meeting" and row["evidence"] is True
    ),
}
