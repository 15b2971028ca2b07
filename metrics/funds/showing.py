"""What money of a settlement somebody is shown: none from which a number of people that is not public can be computed.

By the score of a unit money tells its total: whose total is not shown as it is (``metrics.appraisal.showing``) has no
money here, but where the score earns all of the reward, or nothing. By work points money is counts times points, to the
fen: where one of these counts is hidden, no money is shown but that of one's own people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy import Connection, func, or_, select

from data.register.tables import appraisal_line
from metrics import published
from metrics.appraisal import rounds
from metrics.appraisal.material import Subject
from metrics.appraisal.showing import total_is_theirs
from metrics.funds.doctors import DoctorLine
from metrics.funds.scores import doctor_rounds
from metrics.funds.settling import COEFFICIENT, Line
from metrics.funds.terms import Terms, terms_of
from metrics.principal import Principal
from metrics.small_numbers import NUMERATOR, sees_all


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
    if (
        known.of_district
        or any(unit in units for unit, _ in known.hidden)
        or poor & _with_hidden_lines(register, number)
    ):
        return [line for line in lines if total_is_theirs(principal, line.unit)]
    return list(lines)


def shown_doctors(
    principal: Principal,
    register: Connection,
    lines: Iterable[DoctorLine],
    year: int,
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
        counted = known is not None and any(unit == line.unit for unit, _ in known.hidden)
        if not theirs and (unknown or counted):
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


def _with_hidden_lines(register: Connection, number: int | None) -> set[int]:
    """Units with a line in the round that is not public."""
    line = appraisal_line.c
    where = (line.round == number, or_(line.hidden.is_(None), line.hidden))
    return (
        set()
        if number is None
        else set(register.execute(select(line.unit).where(*where).distinct()).scalars())
    )
