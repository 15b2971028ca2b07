"""S16: visits, techniques and herbs, the care of elders and small children."""

from __future__ import annotations

from tests.plain.around import kind, on, served_with
from tests.plain.district import District, parameter
from tests.plain.groups import this_year
from tests.plain.older import elder_of_year
from tests.plain.shapes import Distinct, Flow, Stock
from tests.plain.stay import resident_at
from tests.plain.works import Made, OfUnits, any_holding, counted, holds, in_use, shared, standing, started


def names(table: str, column: str, fits) -> Distinct:
    """Names of rows that hold at the month's end, once at each level."""

    def of_month(district: District, month: int):
        for row in district.rows(table):
            if fits(row) and row[column] is not None and holds(started(row), row["end_on"], month):
                yield row["unit"], row[column]

    return Distinct(of_month, reads=(table,))


def _child_visits(district: District):
    for person in district.persons:
        born = district.masters[person]["born_month"]
        if born is None:
            continue
        given = {row["month"] for row in district.of(person, "service") if row["kind"] == "tcm_child"}
        for month in district.months:
            step, grace = (
                int(parameter(key, month)) for key in ("tcm_child_step_months", "tcm_child_grace_months")
            )
            for turn in range(1, int(parameter("tcm_child_visits", month)) + 1):
                due = born + turn * step
                if due + grace == month:
                    unit = resident_at(district, person, month)
                    yield unit, month, bool(given & set(range(due, month + 1))), 1


_VISITS = counted("encounter", lambda row: row["department"] == "tcm")

CARDS = {
    "tcm_visits": _VISITS,
    "tcm_visits_change": Made(_VISITS, "relative"),
    "tcm_techniques": names("facility", "name", in_use("tcm_technique")),
    "tcm_techniques_added": on("facility", "start_on", kind("tcm_technique")),
    "tcm_decoction_rate": shared(
        "prescription", lambda row: row["herbal"], lambda row: row["herbal"] is not None
    ),
    "tcm_package_persons": served_with("tcm_package"),
    "tcm_clinic_built": OfUnits(
        ("centre",), any_holding("facility", in_use("tcm_area")), reads=("facility",)
    ),
    "tcm_preventive": served_with("tcm_constitution"),
    "tcm_elder_rate": Stock(
        elder_of_year("elder_age"),
        lambda d, p, m: this_year(d, p, m, "service", lambda row: row["kind"] == "tcm_constitution"),
        basis="ytd",
        band="65+",
    ),
    "tcm_child_rate": Flow(_child_visits, of=True),
    "tcm_advanced_unit": standing("document", kind("tcm_advanced_unit")),
}
