"""Somebody who wants to know what is hidden: all figures that a reader can see, and what an insider knows of them.

Shares no code with the product. A number is named by (count, unit, month, basis, stratum); ``count`` names what is
counted, so that figures that count the same have the same names. The insider knows that

- a unit's number is the sum of those below it and of its own, and where its own is 0;
- months of an event add up to the year so far, and twelve of them to the rolling figure;
- strata of a dimension and whoever is in none of them add up to everyone;
- numbers are whole and not negative, those who have something are among those listed, and a hidden number is not 0.

Two ways lead to a number: exact elimination of the linear equations, and bounds that tighten each other.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

Name = tuple  # (count, unit, month, basis, stratum)
_PRIME = 2_147_483_647


@dataclass
class Known:
    """What the attacker has.

    shown      every number that can be seen
    equations  ({name: factor}, total): factors times numbers come to total
    within     (few, many): the first number is never above the second
    positive   names that are at least 1
    """

    shown: dict[Name, int] = field(default_factory=dict)
    equations: list[tuple[dict[Name, int], int]] = field(default_factory=list)
    within: list[tuple[Name, Name]] = field(default_factory=list)
    positive: set[Name] = field(default_factory=set)

    def sums(self, whole: Name, parts: Iterable[Name]) -> None:
        self.equations.append(({whole: 1, **dict.fromkeys(parts, -1)}, 0))


def tree_equations(
    known: Known, names: Iterable[Name], parents: Mapping[int, int | None], own: Mapping[Name, int]
):
    """The sums over the tree of every number in ``names``; ``own`` [name of the parent]: what it counted itself.

    Where that is 0 it is known to be; elsewhere it is one more unknown.
    """
    below = defaultdict(list)
    for unit, parent in parents.items():
        if parent is not None:
            below[parent].append(unit)
    there = set(names)
    for name in there:
        count, unit, *rest = name
        parts = [(count, child, *rest) for child in below.get(unit, ()) if (count, child, *rest) in there]
        if not parts:
            continue
        itself = ("own", *name)
        if own.get(name, 0) == 0:
            known.shown[itself] = 0
        known.sums(name, [*parts, itself])


def time_equations(known: Known, names: Iterable[Name], first_of_year: Mapping[int, int]):
    """Months to the year so far and to twelve months; ``first_of_year`` [month]."""
    there = set(names)
    for name in there:
        count, unit, month, basis, stratum = name
        if basis != "ytd":
            continue
        before = (count, unit, month - 1, "ytd", stratum)
        of_month = (count, unit, month, "month", stratum)
        rolling = (count, unit, month, "r12", stratum)
        if month == first_of_year[month]:
            known.sums(name, [of_month])
        elif before in there:
            known.sums(name, [before, of_month])
        year_end = (count, unit, first_of_year[month] - 1, "ytd", stratum)
        year_ago = (count, unit, month - 12, "ytd", stratum)
        if month - 11 == first_of_year[month]:
            known.sums(rolling, [name])
        elif year_end in there and year_ago in there:
            known.equations.append(({rolling: 1, name: -1, year_end: -1, year_ago: 1}, 0))


def stratum_equations(known: Known, names: Iterable[Name], rest: Mapping[Name, int]):
    """Strata "dimension:code" to everyone (""); ``rest``: by (everyone's name, dimension) who is in none of them."""
    parts = defaultdict(list)
    for name in set(names):
        if name[-1]:
            parts[(*name[:-1], ""), name[-1].partition(":")[0]].append(name)
    for (whole, dimension), strata in parts.items():
        left = ("rest", dimension, *whole)
        if rest.get((whole, dimension), 0) == 0:
            known.shown[left] = 0
        known.sums(whole, [*strata, left])


def found(known: Known) -> dict[Name, int]:
    """Every number that is not shown and that the attacker can tell all the same."""
    equations = [_without(known.shown, *one) for one in known.equations]
    told: dict[Name, int] = {}
    for group in _apart([one for one in equations if one[0]]):
        told |= _eliminated(group)
    return told | _bounded(known, equations)


def _without(
    shown: Mapping[Name, int], factors: Mapping[Name, int], total: int
) -> tuple[dict[Name, int], int]:
    left = {name: factor for name, factor in factors.items() if name not in shown}
    return left, total - sum(factor * shown[name] for name, factor in factors.items() if name in shown)


def _apart(equations: list) -> list[list]:
    """Equations in groups that share no unknown."""
    root: dict[Name, Name] = {}

    def top(name: Name) -> Name:
        while root.setdefault(name, name) != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    for factors, _ in equations:
        first, *others = factors
        for other in others:
            root[top(other)] = top(first)
    groups = defaultdict(list)
    for factors, total in equations:
        groups[top(next(iter(factors)))].append((factors, total))
    return list(groups.values())


def _eliminated(equations: list) -> dict[Name, int]:
    """Unknowns with one value in every solution: rows of the reduced form with a single unknown. In a prime field."""
    pivots: dict[Name, tuple[dict[Name, int], int]] = {}
    for factors, total in equations:
        row, value = dict(factors), total
        for name in [name for name in row if name in pivots]:
            row, value = _less(row, value, row[name], *pivots[name])
        if not row:
            continue
        lead = next(iter(row))
        inverse = pow(row[lead], -1, _PRIME)
        row = {name: factor * inverse % _PRIME for name, factor in row.items()}
        value = value * inverse % _PRIME
        for other, (its_row, its_value) in pivots.items():
            if lead in its_row:
                pivots[other] = _less(its_row, its_value, its_row[lead], row, value)
        pivots[lead] = row, value
    return {lead: value for lead, (row, value) in pivots.items() if len(row) == 1}


def _less(row, value, times, other, other_value):
    left = dict(row)
    for name, factor in other.items():
        changed = (left.get(name, 0) - times * factor) % _PRIME
        if changed:
            left[name] = changed
        else:
            left.pop(name, None)
    return left, (value - times * other_value) % _PRIME


def _bounded(known: Known, equations: list) -> dict[Name, int]:
    """Unknowns whose bounds meet."""
    low, high = _bounds(known)
    _settle(known, equations, low, high)
    unknown = {name for factors, _ in equations for name in factors}
    return {name: int(low[name]) for name in unknown if low[name] == high[name]}


def _bounds(known: Known) -> tuple[dict[Name, float], dict[Name, float]]:
    low: dict[Name, float] = defaultdict(float, dict.fromkeys(known.positive, 1.0))
    high: dict[Name, float] = defaultdict(lambda: math.inf)
    for name, value in known.shown.items():
        low[name] = high[name] = value
    return low, high


def _settle(known: Known, equations: list, low, high) -> None:
    """Tighten bounds until nothing changes."""
    for _ in range(50):
        changed = False
        for few, many in known.within:
            changed |= _raise(low, many, low[few]) | _lower(high, few, high[many])
        for factors, total in equations:
            changed |= _tighten(low, high, factors, total)
        if not changed:
            break


@dataclass
class Sum:
    """A sum that can be seen of things that follow from two numbers each: points of lines, money of programmes.

    parts    (few, many, what they come to): names of the two numbers, and a function of them
    between  the least and the most that the sum may be
    """

    parts: list[tuple[Name, Name, Callable[[int, int], int]]]
    between: tuple[int, int]


def found_with_sums(known: Known, sums: Iterable[Sum]) -> dict[Name, int]:
    """As ``found``, with sums of functions of the numbers: what each of them leaves possible narrows the bounds."""
    equations = [one for one in (_without(known.shown, *each) for each in known.equations) if one[0]]
    low, high = _bounds(known)
    _settle(known, equations, low, high)
    possible: dict[Name, set[int]] = {}
    for _ in range(4):
        for one in sums:
            _take_apart(one, low, high, possible)
        _settle(known, equations, low, high)
    told = {name: int(low[name]) for name in low if low[name] == high[name]}
    told |= {name: min(values) for name, values in possible.items() if len(values) == 1}
    return {name: value for name, value in told.items() if name not in known.shown}


_MANY = 20_000  # pairs of numbers that are gone through


def _take_apart(one: Sum, low, high, possible: dict[Name, set[int]]) -> None:
    """What the parts of a sum leave of each other."""
    options = []
    for few, many, worth in one.parts:
        spans = [(low[name], high[name]) for name in (few, many)]
        if not all(math.isfinite(most) for _, most in spans):
            return
        if math.prod(most - least + 1 for least, most in spans) > _MANY:
            return
        pairs = [
            (n, of)
            for n in range(int(spans[0][0]), int(spans[0][1]) + 1)
            for of in range(int(spans[1][0]), int(spans[1][1]) + 1)
            if n <= of and n in possible.get(few, {n}) and of in possible.get(many, {of})
        ]
        by_worth = defaultdict(list)
        for pair in pairs:
            by_worth[worth(*pair)].append(pair)
        options.append(by_worth)
    least, most = one.between
    for place, mine in enumerate(options):
        others = 1  # bit n: the others may come to n
        for other in options[:place] + options[place + 1 :]:
            reached = 0
            for more in other:
                reached |= others << more
            others = reached & ((2 << most) - 1)
        left = [
            pair
            for worth, pairs in mine.items()
            if worth <= most and (others >> max(0, least - worth)) & ((2 << (most - max(least, worth))) - 1)
            for pair in pairs
        ]
        for side, name in enumerate(one.parts[place][:2]):
            values = {pair[side] for pair in left}
            possible[name] = possible.get(name, values) & values
            _raise(low, name, min(possible[name]))
            _lower(high, name, max(possible[name]))


def _tighten(low, high, factors: Mapping[Name, int], total: int) -> bool:
    """Bounds of each unknown of an equation from those of the others."""
    least = sum(f * (low[n] if f > 0 else high[n]) for n, f in factors.items())
    most = sum(f * (high[n] if f > 0 else low[n]) for n, f in factors.items())
    changed = False
    for name, factor in factors.items():
        mine_least, mine_most = (
            factor * one for one in ((low[name], high[name]) if factor > 0 else (high[name], low[name]))
        )
        at_least = total - _minus(most, mine_most, factors, name, low, high, True)
        at_most = total - _minus(least, mine_least, factors, name, low, high, False)
        if factor > 0:
            changed |= _raise(low, name, at_least) | _lower(high, name, at_most)
        else:
            changed |= _raise(low, name, -at_most) | _lower(high, name, -at_least)
    return changed


def _minus(whole, mine, factors, name, low, high, upper: bool) -> float:
    """``whole`` without the part of ``name``; anew where that is not finite."""
    if math.isfinite(mine):
        return whole - mine
    return sum(f * (high[n] if (f > 0) == upper else low[n]) for n, f in factors.items() if n != name)


def _raise(low, name, value) -> bool:
    if value > low[name]:
        low[name] = value
        return True
    return False


def _lower(high, name, value) -> bool:
    if value < high[name]:
        high[name] = value
        return True
    return False
