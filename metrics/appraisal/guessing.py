"""Whether a score's total tells figures that are not public.

Who sees the total and the lines that are public knows what the others come to together. Their points are functions of
whole numbers of people, so a sum of few of them can often be taken apart. Here it is taken apart: what each hidden line
may come to, were its counts a little other, and which of that the total leaves possible. Points given by hand are known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from math import isclose

from metrics.appraisal.scoring import SCORED, Figure, Line, earned, half_up
from metrics.appraisal.sheet import PERIOD, Item, Sheet
from metrics.card import SCALE, Card
from metrics.cards import CARDS

_AROUND, _OF_AROUND = (
    3,
    1,
)  # how far counts may be off that are thought possible; more would call more totals safe

#: Hundredths to which totals are cut down: nothing is cut, half a point, one, five; ``NEVER``: not even that will do.
STEPS = (1, 50, 100, 500)
NEVER = 0
_OPEN = 3  # as many numbers at least a hidden count can be, for all that totals say; with two, the tree of units tells

Options = Mapping[int, Collection[int]]  # points of a line -> numerators that give them


def safe_step(sheet: Sheet, lines: Sequence[Line], least: float) -> int:
    """To how many hundredths a total must be cut down so that it tells no hidden line's count; ``NEVER``: nothing helps.

    To the public, or to an officer of one system, who also know the grade. ``least``: the threshold of small numbers:
    of fewer nobody knows how many they are. A hidden count must leave some numbers possible.
    """
    secret = [line for line in lines if line.hidden and line.state == SCORED and line.weight]
    if not secret:
        return 1
    items = {line.item: sheet.item(line.item) for line in secret}
    options = {line.item: options_of(items[line.item], line, least) for line in secret}
    points = {line.item: line.points for line in secret}
    # Quarters of hidden months are sums that the year so far may tell: they hide nothing else.
    told = {key for key, item in items.items() if item.basis == PERIOD}
    systems = {key: CARDS[item.card].system for key, item in items.items()}
    total = sum(line.points or 0 for line in lines)

    def is_safe(step: int) -> bool:
        low, high = _interval(sheet, total, step)
        for known in (None, *sorted(set(systems.values()))):
            left = {key: options[key] for key in items if systems[key] != known}
            mine = {key: points[key] for key in left}
            if not is_open(left, mine, told, high - total, high - low + 1):
                return False
        return True

    return next((step for step in STEPS if is_safe(step)), NEVER)


def cut(points: int, step: int) -> int:
    """Hundredths of points cut down to whole steps."""
    return points // step * step


def _interval(sheet: Sheet, points: int, step: int) -> tuple[int, int]:
    """The lowest and highest points that are cut to the same, and of the same grade."""
    low, high = cut(points, step), cut(points, step) + step - 1
    grade = sheet.grades.of(points, sheet.full)
    same = [one for one in range(low, high + 1) if sheet.grades.of(one, sheet.full) == grade]
    return same[0], same[-1]


def is_open(
    options: Mapping[str, Options],
    points: Mapping[str, int],
    told: Collection[str],
    up: int = 0,
    step: int = 1,
) -> bool:
    """Whether the sum of ``points`` leaves every count open; ``told``: who is known otherwise, and hides nobody else.

    Known is that the sum lies within ``step`` numbers, of which the highest is ``up`` above it.
    """
    keys = list(options)
    sets = [[points[key]] if key in told else list(options[key]) for key in keys]
    most = sum(points.values()) + up
    before, after = (
        [_any_of(step)],
        [1],
    )  # sums that are possible, as bits; what is rounded away is one of the parts
    for each in sets[:-1]:
        before.append(_sums(before[-1], each))
    for each in sets[:0:-1]:
        after.append(_sums(after[-1], each))
    for place, key in enumerate(keys):
        first, second = before[place], _turned(after[len(keys) - 1 - place], most)
        every = {n for counts in options[key].values() for n in counts}
        left = {
            n
            for worth, counts in options[key].items()
            if worth <= most and first & (second >> worth)  # both sides come to the rest
            for n in counts
        }
        if len(left) < min(_OPEN, len(every)):
            return False
    return True


def options_of(item: Item, line: Line, least: float) -> Options:
    """What a line scored by its figure may come to, were its counts a little other: points -> numerators.

    Of how many is only unknown where these are few themselves.
    """
    mine: dict[int, set[int]] = {line.points: {round(line.numerator or 0)}}
    card = CARDS.get(item.card)
    figure = Figure(line.numerator, line.denominator, line.value, line.baseline)
    if card is None or not _is_of_counts(card, figure):
        return mine
    top = round(figure.numerator)
    for of in _denominators(figure, least):
        for n in range(max(0 if top == 0 else 1, top - _AROUND), top + _AROUND + 1):
            if of is None or n <= of or top > figure.denominator:
                value = n / ((of or 1) * SCALE.get(card.unit, 1))
                other = replace(figure, numerator=float(n), denominator=of, value=value)
                mine.setdefault(half_up(earned(item, other) * line.weight), set()).add(n)
    return mine


def _denominators(figure: Figure, least: float) -> list[float | None]:
    if figure.denominator is None or figure.denominator >= least:
        return [figure.denominator]
    of = round(figure.denominator)
    return [float(one) for one in range(max(1, of - _OF_AROUND), of + _OF_AROUND + 1)]


def _is_of_counts(card: Card, figure: Figure) -> bool:
    """Whether the value is what the counts say: of a mean, or a change, nothing is thought possible but what is."""
    if figure.numerator is None or figure.value is None or card.derived is not None:
        return False
    of = 1 if figure.denominator is None else figure.denominator
    return bool(of) and isclose(
        figure.numerator / (of * SCALE.get(card.unit, 1)), figure.value, rel_tol=1e-9, abs_tol=1e-12
    )


def _any_of(step: int) -> int:
    """Bits of the numbers from 0 to ``step`` - 1."""
    return (1 << step) - 1


def _sums(known: int, more: Collection[int]) -> int:
    found = 0
    for one in more:
        found |= known << one
    return found


def _turned(sums: int, total: int) -> int:
    """Bit n is set where the sums hold ``total`` - n."""
    bits = bin(sums)[2:].rjust(total + 1, "0")[-(total + 1) :]
    return int(bits[::-1], 2)
