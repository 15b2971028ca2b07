"""Finding one's way in the tree of units."""

from __future__ import annotations

import pandas as pd


def children(tree: pd.DataFrame, unit: int) -> list[int]:
    """The units directly under a unit, in tree order."""
    return tree.loc[tree["parent"] == unit, "unit"].astype(int).tolist()


def within(tree: pd.DataFrame, unit: int) -> list[int]:
    """A unit and everything below it, in tree order."""
    chosen = {unit}
    for row in tree.itertuples():  # parents come before their children
        if row.parent in chosen:
            chosen.add(int(row.unit))
    return [int(u) for u in tree["unit"] if u in chosen]


def siblings(tree: pd.DataFrame, unit: int) -> list[int]:
    """The units of the same kind under the same parent, the unit itself included."""
    own = tree[tree["unit"] == unit]
    if own.empty:
        return []
    parent, kind = own.iloc[0]["parent"], own.iloc[0]["kind"]
    same = tree["parent"].isna() if pd.isna(parent) else tree["parent"] == parent
    return tree.loc[same & (tree["kind"] == kind), "unit"].astype(int).tolist()


def tree_order(frame: pd.DataFrame) -> list[int]:
    known = set(frame["unit"])
    below: dict[float | None, list[int]] = {}
    for row in frame.sort_values("code").itertuples():
        parent = row.parent if row.parent in known else None
        below.setdefault(parent, []).append(row.unit)
    position_of = {unit: position for position, unit in enumerate(frame["unit"])}
    order, waiting = [], list(reversed(below.get(None, [])))
    while waiting:
        unit = waiting.pop()
        order.append(position_of[unit])
        waiting.extend(reversed(below.get(unit, [])))
    return order
