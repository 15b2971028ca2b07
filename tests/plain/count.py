"""Every card, counted slowly: person by person, month by month."""

from __future__ import annotations

from collections.abc import Iterable

from tests.plain import contracts, immunisation, older, patients, records, visits
from tests.plain.district import District
from tests.plain.months import first_day, last_day

CARDS = {
    **records.CARDS,
    **contracts.CARDS,
    **immunisation.CARDS,
    **older.CARDS,
    **patients.CARDS,
    **visits.CARDS,
}


def figures(district: District, keys: Iterable[str] = tuple(CARDS)) -> dict[tuple, tuple]:
    """(card, unit, month, basis) -> (numerator, listed, denominator), for the months a unit was open."""
    found = {}
    for key in keys:
        for (unit, month, basis), numbers in CARDS[key].figures(district).items():
            if is_open(district, unit, month):
                found[key, unit, month, basis] = numbers
    return found


def is_open(district: District, unit: int, month: int) -> bool:
    """Open at some time of the month, or above a unit that is."""
    row = district.units[unit]
    opened, closed = row["opened_on"], row["closed_on"]
    itself = (opened is None or opened <= last_day(month)) and (closed is None or closed >= first_day(month))
    return itself or any(
        is_open(district, below, month) for below, other in district.units.items() if other["parent"] == unit
    )
