"""Settling a year after its appraisal: by the score of each unit, or by work points with a quality coefficient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from metrics.funds.entitlement import Entitlement
from metrics.funds.money import rounded, shared_out
from metrics.funds.terms import Terms

COEFFICIENT, WORK_POINTS = "coefficient", "work_points"
MODELS = (COEFFICIENT, WORK_POINTS)


@dataclass(frozen=True)
class Line:
    """Money of one unit and one programme ("" for all of them), fen.

    entitlement  what full service is worth        in_advance   of it, due before the appraisal
    paid         what was in fact paid so far      earned       what it comes to after the appraisal
    settled      still to be paid out: earned - paid, where that is positive
    clawed_back  to be paid back: paid - earned, where that is positive
    withheld     entitlement - earned; negative where work points earn more than the population is worth
    coefficient  share of the reward that the score earned, or the quality coefficient; None: not scored
    """

    unit: int
    programme: str
    population: int | None
    entitlement: int
    in_advance: int
    paid: int
    earned: int
    coefficient: Fraction | None

    @property
    def settled(self) -> int:
        return max(self.earned - self.paid, 0)

    @property
    def clawed_back(self) -> int:
        return max(self.paid - self.earned, 0)

    @property
    def withheld(self) -> int:
        return self.entitlement - self.earned


class NotScoredError(Exception):
    """Units with money and without a score: ``units``. Nothing is settled for anybody until they are scored."""

    def __init__(self, units: list[int]) -> None:
        self.units = units
        super().__init__(f"units without a score: {units}")


def by_coefficient(
    terms: Terms,
    due: Mapping[int, Entitlement],
    scores: Mapping[int, Fraction],
    paid: Mapping[int, int],
) -> list[Line]:
    """A line a unit and programme and one for all ("" first): the advance, and of the reward what the score earns.

    scores  unit -> score, 0 to 100
    paid    unit -> fen paid so far; who is missing was paid nothing
    """
    _require_scores(due, scores)
    lines = []
    for unit, money in due.items():
        coefficient = terms.coefficient(scores[unit])
        earned = money.in_advance + rounded(coefficient * money.reward)
        whole = Line(
            unit,
            "",
            money.population,
            money.entitlement,
            money.in_advance,
            paid.get(unit, 0),
            earned,
            coefficient,
        )
        lines += [whole, *_by_programme(whole, money.programmes)]
    return lines


def by_work_points(
    terms: Terms,
    due: Mapping[int, Entitlement],
    services: Mapping[tuple[int, str], float],
    quality: Mapping[tuple[int, str], Fraction],
    paid: Mapping[int, int],
) -> list[Line]:
    """Each programme's money is shared out by the work points of the units: points x quality coefficient.

    services  (unit, card) -> how many services the card's numerator counts; missing: none delivered
    quality   (unit, programme) -> score over full score; missing: not appraised, nothing is cut
    A programme for which nobody did anything is shared out by population: its money is due all the same.
    """
    earned: dict[int, dict[str, int]] = {unit: {} for unit in due}
    for programme in terms.programmes:
        pot = sum(money.programmes[programme] for money in due.values())
        points = {unit: corrected_points(terms, unit, programme, services, quality) for unit in due}
        if not any(points.values()):
            points = {unit: Fraction(money.population) for unit, money in due.items()}
        for unit, fen in shared_out(pot, points).items():
            earned[unit][programme] = fen
    lines = []
    for unit, money in due.items():
        before = paid.get(unit, 0)
        whole = sum(earned[unit].values())
        advances, payments = _split(money.in_advance, money.programmes), _split(before, money.programmes)
        lines.append(
            Line(unit, "", money.population, money.entitlement, money.in_advance, before, whole, None)
        )
        lines += [
            Line(
                unit,
                key,
                None,
                worth,
                advances[key],
                payments[key],
                earned[unit][key],
                quality.get((unit, key)),
            )
            for key, worth in money.programmes.items()
        ]
    return lines


def corrected_points(
    terms: Terms,
    unit: int,
    programme: str,
    services: Mapping[tuple[int, str], float],
    quality: Mapping[tuple[int, str], Fraction],
) -> Fraction:
    """A unit's work points of a programme; cut by the quality coefficient where that is below the least of the terms."""
    points = sum(
        (
            each * Fraction(str(services.get((unit, card), 0)))
            for (of, card), each in terms.work_points.items()
            if of == programme
        ),
        Fraction(0),
    )
    coefficient = quality.get((unit, programme))
    return points if coefficient is None or coefficient >= terms.quality else points * coefficient


def _by_programme(whole: Line, programmes: Mapping[str, int]) -> list[Line]:
    """The unit's money taken apart in proportion to what each programme is worth; every column adds up."""
    columns = {
        name: _split(getattr(whole, name), programmes)
        for name in ("entitlement", "in_advance", "paid", "earned")
    }
    return [
        Line(
            whole.unit,
            programme,
            None,
            columns["entitlement"][programme],
            columns["in_advance"][programme],
            columns["paid"][programme],
            columns["earned"][programme],
            whole.coefficient,
        )
        for programme in programmes
    ]


def _split(fen: int, weights: Mapping[str, int]) -> dict[str, int]:
    if not any(weights.values()):
        weights = dict.fromkeys(weights, 1)  # money came where nothing was due: to every programme alike
    return shared_out(fen, weights)


def _require_scores(due: Mapping[int, Entitlement], scores: Mapping[int, Fraction]) -> None:
    if missing := [unit for unit in due if unit not in scores]:
        raise NotScoredError(missing)
