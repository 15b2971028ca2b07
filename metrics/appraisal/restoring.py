"""What would win points back: the items that cost most, and how many people or things they lack."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import pandas as pd

from metrics.appraisal.explaining import is_money, value_words
from metrics.appraisal.scoring import MANUAL, SCORED, Figure, Line, deducted, exact_value, misses
from metrics.appraisal.sheet import Item, Method, Sheet, shown
from metrics.card import SCALE, Card, Direction, Period
from metrics.cards import CARDS
from metrics.judgement import counts_people
from metrics.sentences import sentences
from metrics.units import count

#: What is needed: more or fewer of people, of things, of what a count counts (``more``, ``fewer``); or nothing helps any
#: more (``over``: it happened, ``missed``: the time is past), or a person scored it, or it is not known.
WAYS = (
    "more_people",
    "more_things",
    "more",
    "fewer_people",
    "fewer_things",
    "fewer",
    "over",
    "missed",
    "by_hand",
    "unknown",
)
COLUMNS = ("item", "section", "lost", "points", "way", "needed")


def losses(sheet: Sheet, lines: Sequence[Line]) -> pd.DataFrame:
    """The items of a score that cost points, the most points first.

    item, section, lost (hundredths), points (hundredths that ``needed`` would win back: of steps those of the next
    one), way (one of WAYS), needed (people, things, or in the value's own unit; NaN where nothing can be counted).
    """
    rows = []
    for line in lines:
        item = sheet.item(line.item)
        if not item.is_weighed or line.state not in (SCORED, MANUAL) or not line.lost:
            continue
        way, needed, points = _way(line, item)
        rows.append((item.key, sheet.section_of(item.key).key, line.lost, points, way, needed))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values("lost", ascending=False, kind="stable", ignore_index=True)


def loss_words(row, item: Item, language: str) -> str:
    """What a row of ``losses`` says: 再做 17 人可得回 1.25 分."""
    if math.isnan(row.needed) or (item.card in CARDS and CARDS[item.card].is_ratio):
        n = count(row.needed)
    else:
        n = value_words(row.needed, item, language)
    return sentences(language)(f"appraisal.restore.{row.way}", n=n, points=shown(row.points))


def _way(line: Line, item: Item) -> tuple[str, float, int]:
    card = CARDS.get(item.card)
    if line.state == MANUAL:
        return "by_hand", math.nan, line.lost
    if card is None or line.value is None:
        return "unknown", math.nan, line.lost
    figure = Figure(line.numerator, line.denominator, line.value, line.baseline)
    if item.method is Method.DEDUCTION:
        return _of_deduction(line, item, card, figure)
    bound, points = _next(line, item, figure)
    return (*_to_reach(bound, item, card, figure), points)


def _next(line: Line, item: Item, figure: Figure) -> tuple[Fraction, int]:
    """The value that would bring points, and how many."""
    if not item.steps:
        return Fraction(repr(float(line.baseline))), line.lost
    value, is_up = exact_value(figure), item.better is Direction.HIGHER
    ahead = [
        (Fraction(b), p)
        for b, p in item.steps
        if not (value >= Fraction(b) if is_up else value <= Fraction(b))
    ]
    bound, points = ahead[-1]
    reached = Fraction(points, item.weight) * line.weight
    return bound, math.floor(reached + Fraction(1, 2)) - line.points


def _of_deduction(line: Line, item: Item, card: Card, figure: Figure) -> tuple[str, float, int]:
    if item.better is Direction.LOWER:
        return "over", float(misses(item, figure)), line.lost
    if line.baseline is None:  # those who are missing
        way, needed = _to_reach(Fraction(1), item, card, figure)
        return way, needed, line.lost
    bound = Fraction(repr(float(line.baseline)))
    if deducted(item, figure) and figure.denominator:
        # Just less than one whole step below the baseline costs nothing.
        denominator = Fraction(figure.denominator)
        enough = math.floor((bound - Fraction(item.per)) * denominator) + 1
        bound = min(bound, Fraction(enough) / denominator)
    return (*_to_reach(bound, item, card, figure), line.lost)


def _to_reach(bound: Fraction, item: Item, card: Card, figure: Figure) -> tuple[str, float]:
    if item.better is Direction.LOWER:
        if not card.is_ratio:
            excess = float(exact_value(figure) - bound)
            return ("fewer" if card.period is Period.AS_OF else "over"), excess
        excess = math.ceil(Fraction(figure.numerator) - bound * _per(card) * Fraction(figure.denominator))
        return _people_or_things("fewer", card, excess)
    if not card.is_ratio:
        return "more", _whole(float(bound - exact_value(figure)), card)
    if figure.denominator is None or figure.numerator is None or is_money(card.key):
        return "unknown", math.nan
    lacking = math.ceil(bound * _per(card) * Fraction(figure.denominator) - Fraction(figure.numerator))
    if (
        card.period is Period.FLOW
    ):  # each was done or not when it happened; what is not a flow can still be done
        return "missed", float(lacking)
    return _people_or_things("more", card, lacking)


def _people_or_things(which: str, card: Card, n: float) -> tuple[str, float]:
    scale = SCALE.get(card.unit, 1)
    if scale > 1:  # money, tenths of hours: not counted in people or things
        return "unknown", math.nan
    return f"{which}_people" if counts_people(card) else f"{which}_things", float(max(0, n))


def _per(card: Card) -> Fraction:
    """A value times this is numerator over denominator."""
    return Fraction(SCALE.get(card.unit, 1)).limit_denominator(100_000)


def _whole(n: float, card: Card) -> float:
    return float(math.ceil(round(n, 6))) if SCALE.get(card.unit, 1) == 1 else n
