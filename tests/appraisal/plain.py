"""A second, obvious scorer in decimals: it imports nothing of the product. Slow, and only right."""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, getcontext

getcontext().prec = 60
CENT = Decimal("0.01")


def shared(total: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """Cents handed out one at a time to whoever is furthest below their exact part."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    given = [part.quantize(CENT, ROUND_FLOOR) for part in exact]
    while sum(given) < total:
        behind = [round(a - b, 40) for a, b in zip(exact, given, strict=True)]
        given[behind.index(max(behind))] += CENT
    return given


def earned(item: dict, top: int, bottom: int | None) -> Decimal:
    """Points of the item's own weight; item: method, weight, up, baseline, steps, per, off, cap."""
    value = Decimal(top) if bottom is None else Decimal(top) / Decimal(bottom)
    weight, up, base = item["weight"], item["up"], item.get("baseline")

    def good(bound: Decimal) -> bool:
        left, right = (Decimal(top), bound) if bottom is None else (Decimal(top), bound * bottom)
        return left >= right if up else left <= right

    if item["method"] == "proportional":
        if good(base):
            return weight
        if up:
            return weight * value / base
        return weight * base / value
    if item["method"] == "yes_no":
        return weight if good(base) else Decimal(0)
    if item["method"] == "steps":
        reached = [points for bound, points in item["steps"] if good(bound)]
        return max(reached, default=Decimal(0))
    # deduction
    if base is not None:
        short = (base * (bottom or 1) - top) / (bottom or 1) * (1 if up else -1)
    elif bottom is None:
        short = value
    else:
        short = Decimal(bottom - top)
    times, per = 0, item["per"]
    while (times + 1) * per * (bottom or 1) <= round(short * (bottom or 1), 40):
        times += 1
        if times * item["off"] >= item["cap"]:
            break
    return weight - min(item["cap"], times * item["off"])


def scored(sections: list[list[dict]], told: dict[str, tuple | None]) -> tuple[dict[str, Decimal], Decimal]:
    """(points by item, total). ``told``: item -> (top, bottom), None where it does not apply."""
    full = sum(item["weight"] for items in sections for item in items)
    alive = [[item for item in items if told[item["key"]] is not None] for items in sections]
    if not any(alive):
        return {}, Decimal(0)
    totals = [sum((item["weight"] for item in items), Decimal(0)) for items in sections]
    kept = [place for place, items in enumerate(alive) if items]
    if len(kept) < len(sections):
        parts = shared(full, [totals[place] for place in kept])
        totals = dict(zip(kept, parts, strict=True))
    points = {}
    for place in kept:
        weights = shared(totals[place], [item["weight"] for item in alive[place]])
        for item, weight in zip(alive[place], weights, strict=True):
            share = earned(item, *told[item["key"]]) / item["weight"]
            # 30 digits first: a third of three thirds is one.
            points[item["key"]] = round(share * weight, 30).quantize(CENT, ROUND_HALF_UP)
    return points, sum(points.values(), Decimal(0))
