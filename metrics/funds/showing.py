"""What money of a settlement somebody is shown: none from which a number of people that is not public can be computed.

By the score of a unit money tells its total: whose total is hidden (``metrics.appraisal.showing``) has no money here. By
work points money is counts times points: programmes with a hidden count are not told apart, and where a unit's sum would
tell one, or a count of the whole district is hidden, nobody's money is shown but that of one's own people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection, func, or_, select

from data.register.tables import appraisal_line
from metrics import published
from metrics.appraisal import rounds
from metrics.appraisal.guessing import is_open
from metrics.appraisal.showing import total_is_theirs
from metrics.cards import CARDS
from metrics.funds.doctors import DoctorLine
from metrics.funds.scores import doctor_rounds
from metrics.funds.settling import COEFFICIENT, Line
from metrics.funds.terms import Terms, terms_of
from metrics.principal import Principal
from metrics.small_numbers import NUMERATOR, sees_all, threshold

_AROUND = 3  # how far a hidden count may be off that is thought possible


@dataclass(frozen=True)
class Counts:
    """What work points are made of, of every unit of some kinds.

    done    (unit, card) -> what its numerator counts
    hidden  those of them that are not public
    of_district  cards of which the count of all units together is not public
    """

    done: Mapping[tuple[int, str], int]
    hidden: frozenset[tuple[int, str]]
    of_district: frozenset[str]


def counts(principal: Principal, connection: Connection, year: int) -> Counts:
    """The counts with work points of a year, and which are not public (published figures)."""
    figure = published.figure.c
    last = (
        select(func.max(figure.month))
        .where(figure.month.between(year * 12, year * 12 + 11))
        .scalar_subquery()
    )
    rows = connection.execute(
        select(figure.unit, figure.indicator, figure.numerator, figure.hidden).where(
            figure.indicator.in_(sorted({card for _, card in terms_of(year).work_points})),
            figure.basis == "ytd",
            figure.stratum == "",
            figure.month == last,
            or_(figure.numerator.is_not(None), figure.hidden > 0),
            principal.figures.holds(figure.unit),
        )
    ).all()
    done = {(int(row.unit), row.indicator): int(row.numerator or 0) for row in rows}
    hidden = {(int(row.unit), row.indicator) for row in rows if row.hidden & NUMERATOR}
    unit = published.unit.c
    tops = set(connection.execute(select(unit.unit).where(unit.parent.is_(None))).scalars())
    return Counts(done, frozenset(hidden), frozenset(card for one, card in hidden if one in tops))


def shown_lines(
    principal: Principal,
    register: Connection,
    lines: Sequence[Line],
    model: str,
    number: int | None,
    terms: Terms,
    known: Counts | None,
    quality: Mapping[tuple[int, str], Fraction],
) -> list[Line]:
    """The lines of a settlement that somebody is shown; those of one's own people all.

    number   the round by which it is settled; None: by none
    known    by work points ``counts``; None by coefficient
    quality  (unit, programme) -> quality coefficient, by work points
    """
    if sees_all(principal) or not lines:
        return list(lines)
    if model == COEFFICIENT:
        gone = (
            {unit for unit, _ in rounds.left_out(principal, register, number)}
            if number is not None
            else set()
        )
        return [line for line in lines if line.unit not in gone]
    units = {line.unit for line in lines}
    poor = {unit for (unit, _), share in quality.items() if share < terms.quality}
    poor &= _with_hidden_lines(register, number)
    parts = {unit: {card for one, card in known.hidden if one == unit} for unit in units}
    if not any(parts.values()) and not poor:
        return list(lines)
    least = threshold(terms.year * 12 + 11)
    whole = {unit: cards for unit, cards in parts.items() if not total_is_theirs(principal, unit)}
    if (
        known.of_district
        or poor
        or not all(_sum_is_open(terms, known, unit, cards, least) for unit, cards in whole.items())
    ):
        return [line for line in lines if total_is_theirs(principal, line.unit)]
    return [line for line in lines if not line.programme or total_is_theirs(principal, line.unit)]


def shown_doctors(
    principal: Principal,
    register: Connection,
    lines: Iterable[DoctorLine],
    year: int,
    terms: Terms,
    known: Counts | None,
) -> tuple[DoctorLine, ...]:
    """Village doctors' lines that somebody is shown: of a centre all, or none but those of one's own people.

    The money of a centre's doctors adds up to what its village doctors share, so one left out would follow from the others.
    """
    lines = tuple(lines)
    if sees_all(principal):
        return lines
    hidden = {
        doctor
        for number in doctor_rounds(principal, register, year)
        for doctor in rounds.left_out(principal, register, number)
    }
    closed = {line.centre for line in lines if (line.unit, line.staff_no) in hidden}
    if known is not None:
        least = threshold(year * 12 + 11)
        for line in lines:
            cards = {card for unit, card in known.hidden if unit == line.unit}
            if not total_is_theirs(principal, line.unit) and not _sum_is_open(
                terms, known, line.unit, cards, least
            ):
                closed.add(line.centre)
    return tuple(line for line in lines if line.centre not in closed or total_is_theirs(principal, line.unit))


def _sum_is_open(terms: Terms, known: Counts, unit: int, cards: Collection[str], least: float) -> bool:
    """Whether the work points of a unit leave its hidden counts open, also to an officer of one system."""
    if not cards:
        return True
    worth = {
        card: sum(points for (_, of), points in terms.work_points.items() if of == card) for card in cards
    }
    exact = max(one.denominator for one in worth.values())
    options, points = {}, {}
    for card, each in worth.items():
        top = known.done[unit, card]
        low = max(0 if top == 0 else 1, top - _AROUND)
        step = int(each * exact)
        options[card] = {(n - low) * step: (n,) for n in range(low, top + _AROUND + 1)}
        points[card] = (top - low) * step
    for system in (None, *sorted({CARDS[card].system for card in cards})):
        left = [card for card in cards if CARDS[card].system != system]
        if not is_open(
            {card: options[card] for card in left}, {card: points[card] for card in left}, (), least
        ):
            return False
    return True


def _with_hidden_lines(register: Connection, number: int | None) -> set[int]:
    """Units with a line in the round that is not public."""
    line = appraisal_line.c
    where = (line.round == number, or_(line.hidden.is_(None), line.hidden))
    return (
        set()
        if number is None
        else set(register.execute(select(line.unit).where(*where).distinct()).scalars())
    )
