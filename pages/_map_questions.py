"""The questions that the map answers: by their groups, and what each needs. No words and no page here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from metrics.card import Card, Direction, Unit
from metrics.cards import CARDS
from metrics.strata import is_broken_down


class Shape(StrEnum):
    """What a cell is coloured by, and how the answer is said."""

    COUNT = "count"  # some of the people
    LOAD = "load"  # people of the nearest unit
    METRES = "metres"
    MINUTES = "minutes"
    SUPPLY = "supply"
    CONTRACT = "contract"
    GAP = "gap"  # of an indicator
    TEAMS = "teams"
    CHANGE = "change"


@dataclass(frozen=True)
class Question:
    """code: in addresses; shape; column: what of the cells it reads, or of which kind or supply; whole: out of whom."""

    code: str
    group: str
    shape: Shape
    column: str = ""
    whole: str = ""
    bad: bool = True  # many of them is bad


_ALL = (
    Question("beyond", "reach", Shape.COUNT, "beyond", "people"),
    Question("beyond_65", "reach", Shape.COUNT, "beyond_65", "people_65"),
    Question("beyond_0_6", "reach", Shape.COUNT, "beyond_0_6", "people_0_6"),
    Question("beyond_floating", "reach", Shape.COUNT, "beyond_floating", "floating"),
    Question("one_choice", "reach", Shape.COUNT, "one_choice", "people"),
    Question("change", "reach", Shape.CHANGE),
    Question("metres", "way", Shape.METRES),
    Question("metres_centre", "way", Shape.METRES, "centre"),
    Question("metres_station", "way", Shape.METRES, "station"),
    Question("metres_clinic", "way", Shape.METRES, "clinic"),
    Question("minutes", "way", Shape.MINUTES),
    Question("load", "supply", Shape.LOAD),
    Question("doctors", "supply", Shape.SUPPLY, "doctors"),
    Question("gps", "supply", Shape.SUPPLY, "gps"),
    Question("beds", "supply", Shape.SUPPLY, "beds"),
    Question("hours", "supply", Shape.SUPPLY, "hours"),
    Question("contract", "service", Shape.CONTRACT),
    Question("gap", "service", Shape.GAP),
    Question("teams", "service", Shape.TEAMS),
    Question("people", "people", Shape.COUNT, "people", "people", bad=False),
    Question("people_65", "people", Shape.COUNT, "people_65", "people", bad=False),
    Question("people_0_6", "people", Shape.COUNT, "people_0_6", "people", bad=False),
    Question("floating", "people", Shape.COUNT, "floating", "people", bad=False),
)
QUESTIONS = {question.code: question for question in _ALL}
GROUPS = tuple(dict.fromkeys(question.group for question in _ALL))


def of_group(group: str) -> list[str]:
    """Codes of a group's questions, the first of which it opens with."""
    return [question.code for question in _ALL if question.group == group]


def indicators() -> Sequence[Card]:
    """Cards that can be seen by cell: shares of those who live there, of which more or less is better.

    Not those of ways to units: questions of their own count everybody by where they live, a grid's figure only whom its
    unit manages, and two numbers of one thing are one too many.
    """
    return [
        card
        for card in CARDS.values()
        if is_broken_down(card)
        and "clinic_radius_km" not in card.parameters
        and card.is_listed
        and card.unit is Unit.PERCENT
        and card.direction is not Direction.NONE
    ]
