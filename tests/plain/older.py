"""S10: the yearly check of those of 65 and over, and what follows from it."""

from __future__ import annotations

from tests.plain.district import District, parameter
from tests.plain.groups import aged, improved, served, tagged, this_year, years_old
from tests.plain.months import month_of
from tests.plain.records import recorded_in_year, recorded_resident_at
from tests.plain.shapes import Flow, Stock
from tests.plain.stay import managed_by, resident_at, resident_of_year


def elder_of_year(years: float | str):
    """Residents of the year so far who reach an age (or the one that a parameter names) by the year's last day."""

    def at(district: District, person: int, month: int) -> int | None:
        age = years_old(district, person, district.year_start(month) + 11)
        least = parameter(years, month) if isinstance(years, str) else years
        return resident_of_year(district, person, month) if age is not None and age >= least else None

    return at


_ELDER = elder_of_year("elder_age")


def examined(district: District, person: int, month: int) -> bool:
    return this_year(district, person, month, "checkup")


def _with(column: str):
    return lambda d, p, m: this_year(d, p, m, "checkup", lambda row: row[column] is not None)


def _managed(district: District, person: int, month: int) -> bool:
    complete = this_year(district, person, month, "checkup", lambda row: row["complete"] is True)
    return complete and recorded_in_year(district, person, month)


def _high(row: dict, programme: str) -> bool:
    """Found high by a valid reading: one outside the plausible limits finds nothing."""
    sbp, dbp, fpg, day = row["sbp"], row["dbp"], row["fpg"], row["day"]
    if programme == "dm":
        return (
            fpg is not None
            and parameter("fpg_low", day) <= fpg <= parameter("fpg_high", day)
            and fpg >= parameter("fpg_goal", day)
        )
    if sbp is None or dbp is None or sbp <= dbp:
        return False
    if not parameter("sbp_low", day) <= sbp <= parameter("sbp_high", day):
        return False
    if not parameter("dbp_low", day) <= dbp <= parameter("dbp_high", day):
        return False
    return sbp >= parameter("sbp_goal", day) or dbp >= parameter("dbp_goal", day)


def _handover(district: District):
    """Persons first found high at a check and not known before, in the month by whose end they are to be enrolled."""
    for person in district.persons:
        for programme in ("htn", "dm"):
            found = [row["day"] for row in district.of(person, "checkup") if _high(row, programme)]
            if not found:
                continue
            enrolments = [
                row["start_on"] for row in district.of(person, "enrolment") if row["programme"] == programme
            ]
            diagnoses = [
                row["start_on"]
                for row in district.of(person, "person_tag")
                if row["tag"] == f"{programme}_diagnosed"
            ]
            if any(day < min(found) for day in enrolments + diagnoses):
                continue
            first = month_of(min(found))
            month = first + int(parameter("handover_months", first))
            enrolled = any(month_of(day) <= month for day in enrolments)
            yield managed_by(district, person, month), month, enrolled, 1


def _on_list(tag: str) -> Stock:
    return Stock(resident_at, lambda d, p, m: tagged(d, p, m, tag), listed=None)


CARDS = {
    "el_mgmt_rate": Stock(_ELDER, _managed, basis="ytd", band="65+"),
    "el_exam_rate": Stock(_ELDER, examined, basis="ytd", band="65+"),
    "el_examined": Stock(_ELDER, examined, listed=None, basis="ytd"),
    "el_cognitive_rate": Stock(elder_of_year("cognitive_age"), _with("cognitive"), basis="ytd", band="70+"),
    "el_graded_mgmt": Stock(
        lambda d, p, m: _ELDER(d, p, m) if examined(d, p, m) else None, _with("self_care"), basis="ytd"
    ),
    "el_registered": Stock(
        recorded_resident_at, lambda d, p, m: aged(d, p, m, parameter("elder_age", m)), listed=None
    ),
    "el_60plus_managed": Stock(elder_of_year(60), served, basis="ytd", band="60+"),
    "el_chronic_handover": Flow(_handover, of=True),
    "el_highrisk_listed": _on_list("high_risk_elder"),
    "el_dynamic_mgmt": _on_list("elder_dynamic"),
    "el_sarcopenia_improved": Stock(
        resident_of_year, lambda d, p, m: improved(d, p, m, "sarcopenia_improved"), listed=None, basis="ytd"
    ),
}
