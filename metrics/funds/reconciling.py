"""Do printed amounts agree with each other? An amount over the standard per head is a number of people."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from metrics.funds.money import rounded


@dataclass(frozen=True)
class Reconciled:
    """What an advance and a reward say about the people they pay for; fen and people.

    people_prepaid, people_rewarded  for how many people each suffices at its share of the standard
    reward_due   the reward that belongs to the people of the advance
    gap          reward - reward_due: 0 where the two agree
    """

    people_prepaid: Fraction
    people_rewarded: Fraction
    reward_due: int
    gap: int

    @property
    def agrees(self) -> bool:
        return self.gap == 0


def reconciled(
    per_head: int, prepaid_share: Fraction, held_back: Fraction, prepaid: int, reward: int
) -> Reconciled:
    """``prepaid`` and ``reward`` in fen, at ``per_head`` fen a person and year and the two shares (above 0)."""
    people = Fraction(prepaid) / (prepaid_share * per_head)
    due = rounded(people * held_back * per_head)
    return Reconciled(people, Fraction(reward) / (held_back * per_head), due, reward - due)
