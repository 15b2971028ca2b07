"""What closes a gap: which service, at home or at the centre. Dated rows of ``metrics/standards/visits.csv``.

Cards that are not there have no gap that one visit can close: results (blood pressure at goal), intervals that were
missed, office work. ``how`` says what a card asks for:

once        one service closes the gap
standard    several follow-ups and a check in the year (``metrics.heading.reaching``)
behind      as many services as the schedule asks for so far
year        as many as the whole year asks for
postpartum  a visit within days of discharge; newborn: within days of birth (``metrics.heading.owed``)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from metrics.standards.files import StandardsError, read_csv

FILE = Path(__file__).parents[1] / "standards" / "visits.csv"
HOME, CENTRE = "home", "centre"
WHERE = (HOME, CENTRE)
HOWS = ("once", "standard", "behind", "year", "postpartum", "newborn")


@dataclass(frozen=True)
class Closing:
    """What closes the gap of a card. ``places``: where it can be done, of WHERE."""

    card: str
    start: date
    service: str
    places: frozenset[str]
    how: str
    source: str


def closings(on: date) -> dict[str, Closing]:
    """Card -> what closes its gap, as in force on a day."""
    found: dict[str, Closing] = {}
    for row in _rows():
        if row.start <= on and (row.card not in found or found[row.card].start < row.start):
            found[row.card] = row
    return found


def services() -> list[str]:
    """Every service, in the order in which a visit is told."""
    return list(dict.fromkeys(row.service for row in _rows()))


@cache
def _rows() -> tuple[Closing, ...]:
    found = []
    for line, row in enumerate(read_csv(FILE), 2):
        places = frozenset(place for place in WHERE if row[place] == "1")
        if not places or row["how"] not in HOWS or not row["source"]:
            raise StandardsError(f"{FILE.name}, line {line}: home or centre 1, how one of {HOWS}, a source")
        start = date.fromisoformat(row["from"])
        found.append(Closing(row["key"], start, row["service"], places, row["how"], row["source"]))
    return tuple(found)
