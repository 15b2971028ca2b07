"""Whether a score's total tells figures that are not public, and to what it must be cut down so that it does not.

Who sees the total and the public lines knows what the hidden ones come to. So the total is cut down to a step that is wide
enough for each hidden count to be one more or one less with everything else as it is. Then nothing that is shown can tell
it: where one unit had one more and another that is hidden with it one less (``metrics.closing``: none is hidden alone), all
sums over the tree, and all totals as they are shown, would be the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isclose

from metrics.appraisal.scoring import SCORED, Figure, Line, earned, half_up
from metrics.appraisal.sheet import Item, Sheet
from metrics.card import SCALE, Card
from metrics.cards import CARDS

#: Hundredths to which totals are cut down: nothing is cut, half a point, one, five; ``NEVER``: not even that will do.
STEPS = (1, 50, 100, 500)
NEVER = 0


def safe_step(sheet: Sheet, lines: Sequence[Line], least: float) -> int:
    """To how many hundredths a total must be cut down so that, with the grade, it tells no hidden line's count.

    ``NEVER``: none of the steps will do. ``least``: the threshold of small numbers: of fewer people nobody knows how many
    they are, so that one more or less is thought possible of them too.
    """
    moves = [
        points - line.points
        for line in lines
        if line.hidden and line.state == SCORED and line.weight
        for points in _nearly(sheet.item(line.item), line, least)
    ]
    if not any(line.hidden and line.state == SCORED and line.weight for line in lines):
        return 1
    total = sum(line.points or 0 for line in lines)
    for step in STEPS:
        low, high = _interval(sheet, total, step)
        if all(low <= total + move <= high for move in moves):
            return step
    return NEVER


def cut(points: int, step: int) -> int:
    """Hundredths of points cut down to whole steps."""
    return points // step * step


def _interval(sheet: Sheet, points: int, step: int) -> tuple[int, int]:
    """The lowest and highest points that are cut to the same, and of the same grade."""
    low, high = cut(points, step), cut(points, step) + step - 1
    grade = sheet.grades.of(points, sheet.full)
    same = [one for one in range(low, high + 1) if sheet.grades.of(one, sheet.full) == grade]
    return same[0], same[-1]


def _nearly(item: Item, line: Line, least: float) -> Iterator[int]:
    """What a line scored by its figure would come to with one more, or one less; of few people also of as many more or less."""
    card = CARDS.get(item.card)
    figure = Figure(line.numerator, line.denominator, line.value, line.baseline)
    if card is None or not _is_of_counts(card, figure):
        yield 0  # a mean or a change: its whole weight may be anything
        yield line.weight
        return
    top, of = round(figure.numerator), figure.denominator
    some = [(n, of) for n in (top - 1, top + 1)]
    if of is not None and of < least:
        some += [(top, of - 1), (top, of + 1)]
    for n, among in some:
        if n < min(top, 1) or (among is not None and (among < 1 or n > among >= top)):
            continue
        value = n / ((among or 1) * SCALE.get(card.unit, 1))
        other = replace(figure, numerator=float(n), denominator=among, value=value)
        yield half_up(earned(item, other) * line.weight)


def _is_of_counts(card: Card, figure: Figure) -> bool:
    """Whether the value is what the counts say."""
    if figure.numerator is None or figure.value is None or card.derived is not None:
        return False
    of = 1 if figure.denominator is None else figure.denominator
    plain = figure.numerator / (of * SCALE.get(card.unit, 1)) if of else None
    return plain is not None and isclose(plain, figure.value, rel_tol=1e-9, abs_tol=1e-12)
