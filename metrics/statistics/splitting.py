"""Why a figure changed: the change shared out among its causes, so that the shares add up to it.

Each cause is something that can be switched from "before" to "after". A cause's share is what switching it does, on average over
all orders in which the causes could have been switched: Shapley, Contributions to the Theory of Games II, 1953. For rates that are
products it is the decomposition of Das Gupta, Standardization and Decomposition of Rates, US Bureau of the Census P23-186, 1993. No
order of switching is preferred, and nothing is left over.

It says what the arithmetic of the figure owes to each cause; not who is to blame.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import combinations
from math import factorial
from typing import Any

MOST = 8  # causes: 256 evaluations


def shapley(
    causes: Sequence[Hashable], figure: Callable[[frozenset], Any], *, most: int = MOST
) -> dict[Hashable, Any]:
    """cause -> its share of ``figure(all) - figure(none)``.

    ``figure`` gives the figure when just these causes are switched to "after": a number or an array (NaN stays NaN). It is asked once
    for every subset, 2 ** causes times. With fractions.Fraction the shares add up exactly, with floats to their last
    digits. ValueError with more than ``most`` causes, or one named twice.
    """
    if len(set(causes)) != len(causes):
        raise ValueError(f"a cause is named twice: {list(causes)}")
    if len(causes) > most:
        raise ValueError(f"{len(causes)} causes need {2 ** len(causes)} evaluations; at most {most} causes")
    number = len(causes)
    value = {
        subset: figure(subset)
        for size in range(number + 1)
        for subset in map(frozenset, combinations(causes, size))
    }
    shares = {}
    for cause in causes:
        share = 0
        for subset, with_it in ((subset - {cause}, one) for subset, one in value.items() if cause in subset):
            # Orders in which just these came before: whole numbers, divided once, so that fractions stay exact.
            orders = factorial(len(subset)) * factorial(number - len(subset) - 1)
            share = share + orders * (with_it - value[subset])
        shares[cause] = share / factorial(number)
    return shares


def switched(
    before: Mapping[Hashable, Any], after: Mapping[Hashable, Any], figure: Callable[[dict], Any]
) -> Callable[[frozenset], Any]:
    """For ``shapley``: ``figure`` of named inputs, of which the switched ones come from ``after``. The names must be the same."""
    if before.keys() != after.keys():
        raise ValueError(f"not in both: {sorted(map(str, before.keys() ^ after.keys()))}")
    return lambda chosen: figure({name: (after if name in chosen else before)[name] for name in before})


def by_group(
    numerator: Sequence[Any],
    denominator: Sequence[Any],
    numerator_after: Sequence[Any],
    denominator_after: Sequence[Any],
) -> tuple[list[Any], list[Any]]:
    """(services, structure) of each group, which add up to the change of the pooled rate.

    services: the group's own rate changed; structure: its part of the denominator changed, against the pooled rate (mean of both
    times), so that a group that grows adds when it is better than the whole. Kitagawa, JASA 50, 1955, which is Shapley's for two
    causes. A group without a denominator at one time has the other time's rate. ZeroDivisionError when a whole time has none.
    """
    rows = list(zip(numerator, denominator, numerator_after, denominator_after, strict=True))
    whole, whole_after = sum(denominator), sum(denominator_after)
    pooled = (sum(numerator) / whole + sum(numerator_after) / whole_after) / 2
    services, structure = [], []
    for x, n, x1, n1 in rows:
        if not n and not n1:
            services.append(0)
            structure.append(0)
            continue
        rate = x / n if n else x1 / n1
        rate_after = x1 / n1 if n1 else rate
        part, part_after = n / whole, n1 / whole_after
        services.append((rate_after - rate) * (part + part_after) / 2)
        structure.append((part_after - part) * ((rate + rate_after) / 2 - pooled))
    return services, structure
