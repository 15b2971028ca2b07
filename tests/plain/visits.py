"""S17: visits, prescriptions, costs and waits."""

from __future__ import annotations

from tests.plain.district import District, parameter
from tests.plain.groups import this_year
from tests.plain.months import age_on, month_of
from tests.plain.shapes import Flow, Stock
from tests.plain.stay import resident_of_year


def _outpatient(row: dict) -> bool:
    return row["kind"] == "outpatient"


def _emergency(row: dict) -> bool:
    return row["kind"] == "emergency"


def _visits(fits) -> Flow:
    return Flow(lambda d: ((row["unit"], row["month"], 1) for row in d.rows("encounter") if fits(row)))


def _of_visits(value, fits) -> Flow:
    """A share or a mean over the visits that fit."""
    return Flow(
        lambda d: ((row["unit"], row["month"], value(row), 1) for row in d.rows("encounter") if fits(row)),
        of=True,
    )


def _prescriptions(hit, fits) -> Flow:
    return Flow(
        lambda d: ((row["unit"], row["month"], hit(row), 1) for row in d.rows("prescription") if fits(row)),
        of=True,
    )


def _with_a(column: str) -> Flow:
    return _prescriptions(lambda row: row[column] is True, lambda row: row[column] is not None)


def _elderly(district: District):
    for row in filter(_outpatient, district.rows("encounter")):
        born_on = district.masters[row["person"]]["born_on"]
        if born_on is not None:
            yield (
                row["unit"],
                row["month"],
                age_on(born_on, row["day"]) >= parameter("elder_age", row["day"]),
                1,
            )


def _discharges(district: District):
    for row in district.rows("encounter"):
        if row["kind"] == "inpatient" and row["discharged_on"] is not None:
            yield row, month_of(row["discharged_on"])


def _all_services(district: District):
    """Every service: visits, services but record updates, follow-ups, checks, doses; and whether it was online."""
    for row in district.rows("encounter"):
        yield row["unit"], row["month"], row["channel"] == "online"
    for row in district.rows("service"):
        if row["kind"] != "update":
            yield row["unit"], row["month"], row["mode"] == "online"
    for table in ("followup", "checkup", "dose"):
        for row in district.rows(table):
            yield row["unit"], row["month"], False


def _rehabilitation(district: District):
    for row in district.rows("encounter"):
        if row["department"] == "rehab":
            yield row["unit"], row["month"], 1
    for row in district.rows("service"):
        if row["kind"] == "rehab":
            yield row["unit"], row["month"], 1


def _amount_per_visit(district: District):
    for row in district.rows("prescription"):
        yield row["unit"], row["month"], row["amount"], 0
    for row in filter(_outpatient, district.rows("encounter")):
        yield row["unit"], row["month"], 0, 1


CARDS = {
    "op_visits": _visits(_outpatient),
    "service_persontimes": Flow(lambda d: ((unit, month, 1) for unit, month, _ in _all_services(d))),
    "op_elderly_share": Flow(_elderly, of=True),
    "inpatients": Flow(lambda d: ((row["unit"], month, 1) for row, month in _discharges(d))),
    "emergency_visits": _visits(_emergency),
    "infusions": _visits(lambda row: row["infusion"] is True),
    "rehab_visits": Flow(_rehabilitation),
    "online_services": Flow(
        lambda d: ((unit, month, 1) for unit, month, online in _all_services(d) if online)
    ),
    "online_share": Flow(
        lambda d: ((unit, month, online, 1) for unit, month, online in _all_services(d)), of=True
    ),
    "rx_qualified_rate": _prescriptions(
        lambda row: row["qualified"], lambda row: row["reviewed"] is True and row["qualified"] is not None
    ),
    "antibiotic_rate": _with_a("antibiotic"),
    "injection_rate": _with_a("injection"),
    "steroid_rate": _with_a("steroid"),
    "intravenous_rate": _with_a("intravenous"),
    "op_cost_per_visit": _of_visits(
        lambda row: row["fee"], lambda row: _outpatient(row) and row["fee"] is not None
    ),
    "ip_cost_per_case": Flow(
        lambda d: (
            (row["unit"], month, row["fee"], 1) for row, month in _discharges(d) if row["fee"] is not None
        ),
        of=True,
    ),
    "rx_amount_per_visit": Flow(_amount_per_visit, of=True),
    "wait_time": _of_visits(lambda row: row["wait_minutes"], lambda row: row["wait_minutes"] is not None),
    "emergency_response": _of_visits(
        lambda row: row["handled_minutes"] <= parameter("emergency_minutes", row["day"]),
        lambda row: _emergency(row) and row["handled_minutes"] is not None,
    ),
    "appointment_share": _of_visits(
        lambda row: row["appointed"], lambda row: _outpatient(row) and row["appointed"] is not None
    ),
    "op_utilisation_trust": Stock(
        resident_of_year, lambda d, p, m: this_year(d, p, m, "encounter"), basis="ytd", band="all"
    ),
}
