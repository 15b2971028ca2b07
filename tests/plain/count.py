"""Every card, counted slowly: person by person, month by month."""

from __future__ import annotations

from collections.abc import Iterable

from tests.plain import (
    around,
    children,
    chinese_medicine,
    contracts,
    control,
    data_quality,
    environment,
    facilities,
    groups_served,
    health_education,
    immunisation,
    mental,
    money,
    mothers,
    network,
    older,
    patients,
    reach,
    records,
    supervision,
    village_doctors,
    visits,
    voices,
    warned,
    workforce,
    works,
)
from tests.plain.district import District, remembered
from tests.plain.months import first_day, last_day

CARDS = {
    **records.CARDS,
    **contracts.CARDS,
    **immunisation.CARDS,
    **older.CARDS,
    **patients.CARDS,
    **visits.CARDS,
    **health_education.CARDS,
    **village_doctors.CARDS,
    **supervision.CARDS,
    **money.CARDS,
    **environment.CARDS,
    **voices.CARDS,
    **chinese_medicine.CARDS,
    **around.CARDS,
    **warned.CARDS,
    **mothers.CARDS,
    **mental.CARDS,
    **groups_served.CARDS,
    **control.CARDS,
    **children.CARDS,
    **network.CARDS,
    **facilities.CARDS,
    **workforce.CARDS,
    **reach.CARDS,
    **data_quality.CARDS,
}


def figures(district: District, keys: Iterable[str] = tuple(CARDS)) -> dict[tuple, tuple]:
    """(card, unit, month, basis) -> (numerator, listed, denominator), for the months a unit was open."""
    found = {}
    for key in keys:
        card = CARDS[key]
        kinds, reads = getattr(card, "kinds", None), getattr(card, "reads", ())
        for (unit, month, basis), (numerator, *others) in card.figures(district).items():
            if is_open(district, unit, month) and works.is_about(district, kinds, unit):
                kept = works.is_kept(district, reads, month)
                found[key, unit, month, basis] = (numerator if kept else None, *others)
    return found


@remembered
def is_open(district: District, unit: int, month: int) -> bool:
    """Open at some time of the month, or above a unit that is."""
    row = district.units[unit]
    opened, closed = row["opened_on"], row["closed_on"]
    itself = (opened is None or opened <= last_day(month)) and (closed is None or closed >= first_day(month))
    return itself or any(
        is_open(district, below, month) for below, other in district.units.items() if other["parent"] == unit
    )
