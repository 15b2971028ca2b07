"""Small numbers: which counts single people out, and what a reader sees in their place. The one place for both.

A build writes into ``published.figure.hidden`` which numbers of a figure nobody may see who has no right to the people
behind it (``metrics.hiding``). Whoever reads figures passes them through ``shown_to``; what it takes away is NaN, and the
figure's status says ``hidden``, so that nobody takes it for missing. What is promised: ``docs/small_numbers.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from data import records
from metrics.card import Card
from metrics.cards import CARDS
from metrics.context import named_tables, rules_of
from metrics.principal import Principal
from metrics.standards import FOLDER, value_in, values_of
from metrics.standards.files import read_csv

HIDDEN = "hidden"  # status of a figure whose value is hidden from the reader

#: Bits of ``published.figure.hidden``: which of the row's numbers are not public.
NUMERATOR, LISTED, DENOMINATOR, VALUE = 1, 2, 4, 8
BITS = {"numerator": NUMERATOR, "listed": LISTED, "denominator": DENOMINATOR, "value": VALUE}

#: Kinds of units so small that figures of sensitive programmes are hidden there altogether.
VILLAGE = ("station", "clinic")

_PERSONAL = {name for name, table in records.RECORDS.items() if table.info["person"]}


def threshold(month: int | None = None) -> float:
    """The number of people below which a count is small: the parameter ``small_number`` in force then, or last."""
    return values_of("small_number")[-1] if month is None else value_in("small_number", month)


def names_somebody(numerator: ArrayLike, denominator: ArrayLike, threshold: float) -> np.ndarray:
    """Whether a share singles people out: arrays broadcast, bool.

    It does when it stands on fewer than ``threshold`` people, or when those who have it, or those who lack it, are at
    least one and fewer than the threshold. Nobody and everybody single out none. What is missing is not small. A
    threshold of 0 or 1 hides nothing.
    """
    if not threshold >= 0:
        raise ValueError(f"no threshold: {threshold}")
    having, all_ = np.broadcast_arrays(np.asarray(numerator, float), np.asarray(denominator, float))
    return small(all_, threshold) | small(having, threshold) | small(all_ - having, threshold)


def small(count: np.ndarray, threshold: float) -> np.ndarray:
    """Whether counts are at least one and fewer than the threshold; NaN is not small."""
    return (count > 0) & (count < threshold)


@cache
def is_of_persons(card: Card) -> bool:
    """Whether a card's numbers count persons, their households or what happened to them, not the work of units.

    Households are counted anew at every level; what else has no person (clinics, periods) is the work of units.
    """
    counted = card.is_personal or card.each_level
    return counted and card.derived is None and bool(named_tables(rules_of([card])) & _PERSONAL)


@cache
def is_sensitive(card: Card) -> bool:
    """Whether a card is about people whom their neighbours must not guess: ``standards/sensitive.csv``."""
    rows = read_csv(FOLDER / "sensitive.csv")
    named = {row["indicator"] for row in rows if row["indicator"]}
    systems = {row["system"] for row in rows if not row["indicator"]}
    return is_of_persons(card) and (card.key in named or card.system in systems)


def sees_all(principal: Principal) -> bool:
    """Whether nothing is hidden from somebody: the people of every unit, in every system, are theirs to see."""
    return principal.persons.everything and not principal.systems


def as_public(principal: Principal) -> Principal:
    """Who reads what somebody hands round: the same figures, and nobody's people. Papers are made for their readers."""
    return replace(principal, rights=principal.rights - {"persons"})


def shown_to(principal: Principal, figures: pd.DataFrame) -> pd.DataFrame:
    """Figures as somebody may see them: rows with indicator, unit, hidden and some of the numbers; without ``hidden``.

    Numbers that are not theirs to see become NaN; where that is the value, the status becomes ``hidden``. Numbers are
    floats then. KeyError for rows that do not say what is hidden.
    """
    bits = figures["hidden"].to_numpy()
    plain = figures.drop(columns="hidden")
    if sees_all(principal) or not bits.any():
        return plain
    bits = np.where(_known_to(principal, figures["indicator"], figures["unit"]), 0, bits)
    taken = {name: bits & bit > 0 for name, bit in BITS.items() if name in plain.columns}
    out = plain.assign(**{name: plain[name].astype(float).mask(gone) for name, gone in taken.items()})
    if "status" in out.columns:
        out["status"] = out["status"].astype(object).mask(bits & VALUE > 0, HIDDEN)
    return out


def is_hidden(principal: Principal, card: Card, unit: int, numerator: float, denominator: float) -> bool:
    """Whether a count that stands in no tree of figures (a unit's own report) is not the principal's to see."""
    if not is_of_persons(card) or (principal.in_charge_of(card.system) and unit in principal.persons):
        return False
    of = np.nan if denominator is None else denominator
    return is_sensitive(card) or bool(names_somebody(numerator, of, threshold()))


def _known_to(principal: Principal, indicators: Iterable[str], units: Iterable[int]) -> np.ndarray:
    """[row]: whether the people behind it are the principal's to see."""
    indicators, units = pd.Series(list(indicators)), pd.Series(list(units))
    theirs = {key: key in CARDS and principal.in_charge_of(CARDS[key].system) for key in indicators.unique()}
    seen = {unit: unit in principal.persons for unit in units.unique()}
    return (
        (indicators.map(theirs).to_numpy(bool) & units.map(seen).to_numpy(bool))
        if len(units)
        else np.zeros(0, bool)
    )
