"""The true rate that the answers of a verification tell: the verified share of what was counted, over what it was divided by.

By unit, with an interval, and with bounds that take nothing for granted: all who were not reached denied, all of them confirmed. Where few
answered nothing is estimated; the bounds stand.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data.register.tables import verification_person, verification_unit
from data.store import read_frame
from metrics import published
from metrics.cards import CARDS
from metrics.comparing.levels import levels_in
from metrics.principal import Principal
from metrics.small_numbers import DENOMINATOR, NUMERATOR, VALUE, is_of_persons, threshold
from metrics.standards import value_in
from metrics.statistics.sampling import CONFIRMED, DENIED, verified
from metrics.verifying import book
from metrics.verifying.outcomes import as_told
from metrics.verifying.withholding import withheld

#: Why a unit has no estimate: "" it has one.
FEW, HIDDEN, NOBODY, SINGLE, BESIDE = "few", "hidden", "nobody", "single", "beside"
_OUTCOMES = ["confirmed", "denied", "unknown"]
_ESTIMATED = ["share", "share_low", "share_high", "estimate", "low", "high"]
_BOUNDS = ["worst", "best", "outer_low", "outer_high"]

COLUMNS = (
    *(
        "unit",
        "parent",
        "drawn",
        "answered",
        "confirmed",
        "denied",
        "unknown",
        "numerator",
        "denominator",
        "reported",
    ),
    *(
        "share",
        "share_low",
        "share_high",
        "estimate",
        "low",
        "high",
        "worst",
        "best",
        "outer_low",
        "outer_high",
        "why",
    ),
)


def results(principal: Principal, register: Connection, known: Connection, number: int) -> pd.DataFrame:
    """A row a unit that has a result (COLUMNS), the one that is checked first; ``known``: the published figures.

    drawn, answered, confirmed, denied, unknown   people
    reported          numerator over denominator, as frozen
    share ... high    the verified share of those counted, its interval
    estimate ... high the true rate: share times reported, and its interval
    worst, best       the same were all who gave no answer denied, confirmed; outer_low, outer_high: these with chance
    why               "" or why there is no estimate: few, nobody, hidden (the figure is none of the principal's to see),
                      single (it would tell what single people said), beside (it would tell another's that is withheld)
    For others than who checks, only closed verifications and own units; never how many denied, nor what tells it.
    """
    row = book.one(principal, register, number)
    units = book.units_of(principal, register, number)
    may = book.may_check(principal, row)
    hidden = set() if may else _hidden(principal, known, row, units["unit"].tolist())
    sample, tree = _sample(register, number), _all_units(register, number)
    found = estimates(sample, tree, row["month"])
    found = found[found["unit"].isin(units.loc[units["asked"], "unit"])]
    secret = found["unit"].isin(hidden)
    numbers = [name for name in COLUMNS if name not in ("unit", "parent", "why")]
    found = found.astype(dict.fromkeys(numbers, float))
    found.loc[secret, numbers] = float("nan")
    found.loc[secret, "why"] = HIDDEN
    if not may:
        found.loc[(found["why"] == "") & _tells(found, row["month"]), "why"] = SINGLE
        levels = {"least": value_in("verify_answers_least", row["month"]), "few": _few(row["month"])}
        also = withheld(found.loc[found["why"] == "", "unit"].tolist(), sample, tree, **levels)
        found.loc[found["unit"].isin(also), "why"] = BESIDE
        found[_OUTCOMES] = float("nan")
        found.loc[found["why"] != "", ["answered", *_ESTIMATED, *_BOUNDS]] = float("nan")
    order = (found["unit"] != row["unit"]).astype(int)
    return (
        found.assign(order=order).sort_values(["order", "unit"]).drop(columns="order").reset_index(drop=True)
    )


def _tells(found: pd.DataFrame, month: int) -> pd.Series:
    """Whether an estimate tells those who were asked what single people said: all said the same, or (nearly) everybody counted
    was drawn, so that it is known who was. Fewer than the number that is small elsewhere hide nobody."""
    share = found["share"].to_numpy(float)
    alike = np.isclose(share, 0) | np.isclose(share, 1)
    return pd.Series(alike, index=found.index) | (found["numerator"] - found["drawn"] < _few(month))


def _few(month: int) -> float:
    """Fewer people who are counted and were not drawn hide nobody."""
    return max(1, threshold(month))


def estimates(sample: pd.DataFrame, units: pd.DataFrame, month: int) -> pd.DataFrame:
    """The same of a sample (unit, chance, outcome) and its units (unit, parent, numerator, denominator), for everybody."""
    confidence = levels_in(month).interval
    least = value_in("verify_answers_least", month)
    above = {int(one.unit): None if pd.isna(one.parent) else int(one.parent) for one in units.itertuples()}
    lines: dict[int, list[int]] = {unit: [] for unit in above}
    for place, unit in enumerate(sample["unit"].tolist()):
        at: int | None = unit
        while at is not None:
            lines[at].append(place)
            at = above[at]
    rows = []
    for one in units.itertuples():
        mine = sample.iloc[lines[int(one.unit)]]
        told = as_told(None if pd.isna(outcome) else outcome for outcome in mine["outcome"])
        found = verified(mine["chance"].to_numpy(float), told, confidence)
        reported = float("nan") if pd.isna(one.denominator) else one.numerator / one.denominator
        yes, no = told.count(CONFIRMED), told.count(DENIED)
        why = NOBODY if mine.empty else FEW if yes + no < least else ""
        estimated = float("nan") if why else 1.0
        shares = [found.estimate, float(found.interval.low), float(found.interval.high)]
        bounds = [*found.bounds, float(found.bounds_interval.low), float(found.bounds_interval.high)]
        rows.append(
            (
                *(int(one.unit), one.parent, len(mine), yes + no, yes, no, len(mine) - yes - no),
                *(one.numerator, one.denominator, reported),
                *(estimated * share for share in shares),
                *(estimated * share * reported for share in shares),
                *(bound * reported for bound in bounds),
                why,
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _sample(register: Connection, number: int) -> pd.DataFrame:
    p = verification_person.c
    return read_frame(
        register, select(p.unit, p.chance, p.outcome).where(p.verification == number).order_by(p.line)
    )


def _all_units(register: Connection, number: int) -> pd.DataFrame:
    u = verification_unit.c
    return read_frame(
        register,
        select(u.unit, u.parent, u.numerator, u.denominator).where(u.verification == number).order_by(u.unit),
    )


def _hidden(principal: Principal, known: Connection, row: dict, units: list[int]) -> set[int]:
    """The units whose figure is not the principal's to see: what is estimated of it is hidden with it."""
    card = CARDS.get(row["indicator"])
    if card is None or not is_of_persons(card):
        return set()
    f = published.figure.c
    bits = known.execute(
        select(f.unit, f.hidden).where(
            f.indicator == row["indicator"],
            f.month == row["month"],
            f.basis == row["basis"],
            f.stratum == "",
            f.unit.in_(units),
        )
    )
    shown = {int(unit) for unit, hidden in bits if not hidden & (NUMERATOR | DENOMINATOR | VALUE)}
    theirs = principal.in_charge_of(card.system)
    return {unit for unit in units if unit not in shown and not (theirs and unit in principal.persons)}
