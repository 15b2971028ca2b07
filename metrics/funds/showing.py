"""What money of a settlement somebody is shown: none from which a number of people that is not public can be computed.

By the score of a unit money tells its total: whose total is not shown as it is (``metrics.appraisal.showing``) has no
money here, but where the score earns all of the reward, or nothing. By work points money is counts times points: programmes with a hidden count are not told apart, and where a unit's sum would
tell one, or a count of the whole district is hidden, nobody's money is shown but that of one's own people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy import Connection, func, or_, select

from data.register.tables import appraisal_line
from metrics import published
from metrics.appraisal import rounds
from metrics.appraisal.guessing import is_open
from metrics.appraisal.material import Subject
from metrics.appraisal.showing import total_is_theirs
from metrics.cards import CARDS
from metrics.funds.doctors import DoctorLine
from metrics.funds.scores import doctor_rounds
from metrics.funds.settling import COEFFICIENT, Line
from metrics.funds.terms import Terms, terms_of
from metrics.principal import Principal
from metrics.small_numbers import NUMERATOR, sees_all

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
        exact = set() if number is None else {unit for unit, _ in _exact_totals(principal, register, number)}
        return [line for line in lines if line.unit in exact or line.coefficient in (0, 1)]
    units = {line.unit for line in lines}
    poor = {unit for (unit, _), share in quality.items() if share < terms.quality}
    poor &= _with_hidden_lines(register, number)
    parts = {unit: {card for one, card in known.hidden if one == unit} for unit in units}
    if not any(parts.values()) and not poor:
        return list(lines)
    whole = {unit: cards for unit, cards in parts.items() if not total_is_theirs(principal, unit)}
    if (
        known.of_district
        or poor
        or not all(_sum_is_open(terms, known, unit, cards) for unit, cards in whole.items())
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
    told = [_exact_totals(principal, register, number) for number in doctor_rounds(principal, register, year)]
    exact = set.intersection(*told) if told else set()
    closed = set()
    for line in lines:
        theirs = total_is_theirs(principal, line.unit)
        unknown = line.coefficient not in (None, 0, 1) and (line.unit, line.staff_no) not in exact
        cards = {card for unit, card in known.hidden if unit == line.unit} if known else set()
        if not theirs and (unknown or not _sum_is_open(terms, known, line.unit, cards)):
            closed.add(line.centre)
    return tuple(
        line if (line.unit, line.staff_no) in exact else replace(line, score=None)
        for line in lines
        if line.centre not in closed or total_is_theirs(principal, line.unit)
    )


def shown_scores(
    principal: Principal, register: Connection, number: int | None, scores: Mapping[int, Fraction]
) -> dict[int, Fraction]:
    """Scores of a round (``scores.scores``) that somebody is shown as they are."""
    if number is None or sees_all(principal):
        return dict(scores)
    exact = {unit for unit, _ in _exact_totals(principal, register, number)}
    return {unit: score for unit, score in scores.items() if unit in exact}


def _exact_totals(principal: Principal, register: Connection, number: int) -> set[Subject]:
    """Subjects of a round whose total somebody sees as it is."""
    table = rounds.results(principal, register, number)
    return {(int(row.unit), row.staff_no) for row in table.itertuples() if row.step == 1}


def _sum_is_open(terms: Terms, known: Counts | None, unit: int, cards: Collection[str]) -> bool:
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
        if not is_open({card: options[card] for card in left}, {card: points[card] for card in left}, ()):
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
