"""What the slides of a deck are made from: one unit's standing, and that of the units under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from sqlalchemy import Connection

from exports.about import About
from exports.words import Text
from metrics import figures
from metrics.card import Card
from metrics.principal import Principal


@dataclass(frozen=True)
class Asked:
    """All that the slides are made from."""

    unit: int
    month: int
    cards: Mapping[str, Card]
    about: About
    text: Text
    tree: pd.DataFrame
    standing: pd.DataFrame  # ``figures.standing``: cards that are judged one by one
    aimed: pd.DataFrame  # those with a target
    behind: pd.DataFrame  # those behind, the most missing people first
    matrix: pd.DataFrame  # ``figures.matrix`` of ``aimed``
    names: Mapping[int, str]
    used: dict[str, None] = field(default_factory=dict)  # cards that the deck shows, in order

    def use(self, keys: Sequence[str]) -> list[str]:
        """The same keys, remembered for the annex."""
        self.used.update(dict.fromkeys(keys))
        return list(keys)


def ask(
    principal: Principal,
    connection: Connection,
    unit: int,
    month: int,
    cards: Mapping[str, Card],
    about: About,
    said: Text,
) -> Asked:
    """Read it all once."""
    tree = figures.units(principal, connection)
    standing = figures.standing(principal, connection, unit, month, cards)
    standing = standing[[figures.is_ranking(cards[key]) for key in standing.index]]
    aimed = standing[standing["target"].notna()]
    behind = figures.worst_first(aimed[aimed["judgement"] == "below"], cards)
    matrix = figures.matrix(principal, connection, unit, month, {key: cards[key] for key in aimed.index})
    names = dict(zip(tree["unit"].astype(int), tree["name"], strict=True))
    return Asked(unit, month, cards, about, said, tree, standing, aimed, behind, matrix, names)
