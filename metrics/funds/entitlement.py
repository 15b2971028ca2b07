"""What a year's services are worth: the standard per head times the people served, by unit and programme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from metrics.funds.money import rounded, shared_out
from metrics.funds.terms import Terms


@dataclass(frozen=True)
class Entitlement:
    """One unit's money of a year, fen. ``programmes`` add up to ``entitlement``; so do the three parts.

    in_advance  due before the appraisal
    reward      held back until the appraisal, to be earned
    kept        what the terms leave to the bureau; 0 where the two shares add up to 1
    """

    population: int
    entitlement: int
    in_advance: int
    reward: int
    kept: int
    programmes: dict[str, int]


def entitlements(terms: Terms, population: Mapping[int, int]) -> dict[int, Entitlement]:
    """unit -> its money; ``population``: unit -> people served, of one level of units.

    Parts of the whole are rounded once, for all units together, and shared out by largest remainder: so the units'
    advances add up to the advance of the whole.
    """
    due = {unit: terms.per_head * people for unit, people in population.items()}
    whole = sum(due.values())
    advance = rounded(terms.prepaid * whole)
    reward = min(rounded(terms.held_back * whole), whole - advance)
    in_advance = shared_out(advance, due)
    rewards = shared_out(reward, {unit: due[unit] - in_advance[unit] for unit in due})
    return {
        unit: Entitlement(
            population=population[unit],
            entitlement=due[unit],
            in_advance=in_advance[unit],
            reward=rewards[unit],
            kept=due[unit] - in_advance[unit] - rewards[unit],
            programmes=shared_out(due[unit], terms.programmes),
        )
        for unit in due
    }
