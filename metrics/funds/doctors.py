"""Village doctors' money: of what a centre earned, the share of the people whom village doctors serve, by their scores.

What a doctor's people are worth is ``entitlement``; what is paid for them after the appraisal is ``earned``: the same money,
weighed by score. So a doctor who scores less leaves money to those who score more, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from metrics.funds.money import rounded, shared_out
from metrics.funds.terms import Terms

Doctor = tuple[int, str]  # unit (the clinic) and staff number
NOT_APPRAISED, NO_POPULATION, NO_CENTRE, CENTRE_NOT_SETTLED = (
    "not_appraised",
    "no_population",
    "no_centre",
    "centre_not_settled",
)


@dataclass(frozen=True)
class DoctorLine:
    """Money of one village doctor, fen.

    people       of the clinic, the part that is this doctor's; None: the clinic has no approved population
    entitlement  what these people are worth by population or work points alone; None: nothing can be said
    earned       after the appraisal; None: not settled, for ``reason``
    score        0 to 100; None: not appraised     coefficient  what the score is worth by the terms
    """

    centre: int | None
    unit: int
    staff_no: str
    people: Fraction | None
    entitlement: int | None
    earned: int | None
    score: Fraction | None
    coefficient: Fraction | None
    reason: str = ""


@dataclass(frozen=True)
class DoctorMoney:
    """``lines`` by centre, unit and staff number; by centre in fen: ``pots`` are to be shared out, of which ``held`` waits
    for doctors who are not appraised, and ``left`` nobody earned. Earned, held and left add up to the pot.
    """

    lines: tuple[DoctorLine, ...]
    pots: dict[int, int]
    held: dict[int, int]
    left: dict[int, int]


def doctors_money(
    terms: Terms,
    earned: Mapping[int, int],
    people: Mapping[int, int],
    centres: Mapping[int, int | None],
    months: Mapping[Doctor, int],
    scores: Mapping[Doctor, Fraction],
    work: Mapping[int, Fraction] | None = None,
) -> DoctorMoney:
    """What every village doctor of a year gets.

    earned   centre -> fen that its settlement comes to; a centre that is not there is not settled
    people   unit -> people served, of centres and clinics; who has none is not there
    centres  clinic -> its centre; None: it has none
    months   doctor -> months of the year in which they worked there (at least 1)
    scores   doctor -> score, 0 to 100; who is not there was not appraised
    work     clinic -> work points by which the pot is shared out; None: by people served
    """
    lines = [_line(terms, doctor, earned, people, centres, months, scores) for doctor in sorted(months)]
    pots, held, left, done = {}, {}, {}, []
    for centre in sorted({line.centre for line in lines if not _stands_apart(line)}):
        mine = [line for line in lines if line.centre == centre and not _stands_apart(line)]
        pots[centre] = _pot(terms, earned[centre], people, centre, {line.unit for line in mine})
        base = _weights(mine, people, work)
        due = shared_out(pots[centre], base)
        held[centre] = sum(due[key] for key in base if key not in scores)
        worth = {key: base[key] * terms.coefficient(scores[key]) for key in base if key in scores}
        among = pots[centre] - held[centre]
        left[centre] = 0 if any(worth.values()) else among
        paid = shared_out(among - left[centre], worth)
        done += [_settled(line, due, paid) for line in mine]
    done += [line for line in lines if _stands_apart(line)]
    order = sorted(done, key=lambda line: (line.centre is None, line.centre or 0, line.unit, line.staff_no))
    return DoctorMoney(tuple(order), pots, held, left)


def gathered(lines: Iterable[DoctorLine]) -> DoctorMoney:
    """Lines as they were frozen, with the sums of their centres."""
    lines = tuple(lines)
    pots, held, earned = {}, {}, {}
    for line in lines:
        if line.entitlement is not None:
            pots[line.centre] = pots.get(line.centre, 0) + line.entitlement
            waits = line.entitlement if line.earned is None else 0
            held[line.centre] = held.get(line.centre, 0) + waits
            earned[line.centre] = earned.get(line.centre, 0) + (line.earned or 0)
    left = {centre: pot - held[centre] - earned[centre] for centre, pot in pots.items()}
    return DoctorMoney(lines, pots, held, left)


def _line(terms: Terms, doctor: Doctor, earned, people, centres, months, scores) -> DoctorLine:
    """What is known of a doctor before money is shared out."""
    unit, staff_no = doctor
    centre, score = centres.get(unit), scores.get(doctor)
    coefficient = None if score is None else terms.coefficient(score)
    mine = None
    if people.get(unit):
        worked = sum(count for (of, _), count in months.items() if of == unit)
        mine = Fraction(people[unit] * months[doctor], worked)
    reason = ""
    if centre is None:
        reason = NO_CENTRE
    elif mine is None or not people.get(centre):
        reason = NO_POPULATION
    elif centre not in earned:
        reason = CENTRE_NOT_SETTLED
    elif score is None:
        reason = NOT_APPRAISED
    return DoctorLine(centre, unit, staff_no, mine, None, None, score, coefficient, reason)


def _stands_apart(line: DoctorLine) -> bool:
    """Whether nothing can be said about the doctor's money."""
    return line.reason not in ("", NOT_APPRAISED)


def _pot(terms: Terms, earned: int, people: Mapping[int, int], centre: int, clinics: set[int]) -> int:
    """The share of the services that village doctors render, of the money for the people of their clinics."""
    served = min(sum(people[unit] for unit in clinics), people[centre])
    return rounded(terms.village_doctors * earned * Fraction(served, people[centre]))


def _weights(
    mine: list[DoctorLine], people: Mapping[int, int], work: Mapping[int, Fraction] | None
) -> dict[Doctor, Fraction]:
    """doctor -> people, or the clinic's work points in proportion; where nobody did anything people all the same."""
    by_people = {(line.unit, line.staff_no): line.people for line in mine}
    if work is None:
        return by_people
    points = {
        (line.unit, line.staff_no): work.get(line.unit, Fraction(0)) * line.people / people[line.unit]
        for line in mine
    }
    return points if any(points.values()) else by_people


def _settled(line: DoctorLine, due: Mapping[Doctor, int], paid: Mapping[Doctor, int]) -> DoctorLine:
    key = (line.unit, line.staff_no)
    earned = None if line.score is None else paid[key]
    return DoctorLine(
        line.centre, *key, line.people, due[key], earned, line.score, line.coefficient, line.reason
    )
