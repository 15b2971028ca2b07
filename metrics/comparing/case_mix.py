"""Case mix: what each unit would show if its people were like everyone of their age, sex or residence.

Strata are published one dimension at a time, so each is standardised by itself and the one that moves units most is given.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data.store import read_frame
from metrics import figures, published
from metrics.card import Card
from metrics.comparing.levels import levels_in
from metrics.comparing.places import fit
from metrics.comparing.sorts import Sort, sort_of
from metrics.principal import Principal
from metrics.published import GRID
from metrics.reading import children, siblings
from metrics.small_numbers import shown_to
from metrics.statistics.standardising import Standardised, matters, standardise

DIMENSIONS = ("age", "sex", "population")
COLUMNS = ["unit", "dimension", "adjusted", "low", "high"]

_F = published.figure.c


def case_mix(
    principal: Principal, connection: Connection, unit: int, card: Card, month: int, basis: str
) -> pd.DataFrame:
    """The units of ``figures.comparison`` after indirect standardisation, COLUMNS; no rows where case mix does not matter.

    adjusted, low, high  the standardised share and its interval, 0 and above; a ratio may take it above 1
    Only shares of people listed, for months whose strata are published. A unit of which a stratum is hidden is left out.
    """
    nothing = pd.DataFrame(columns=COLUMNS)
    if sort_of(card) is not Sort.SHARE or card.statistic is not None or basis != card.bases[0]:
        return nothing
    tree = figures.units(principal, connection)
    among = children(tree, unit) or siblings(tree, unit)
    mine = (_F.indicator == card.key, _F.basis == basis, _F.month == month, ~_F.stratum.startswith(GRID))
    statement = select(published.figure).where(*mine, _F.unit.in_(among), principal.figures.holds(_F.unit))
    rows = shown_to(principal, read_frame(connection, statement))
    whole = rows[rows["stratum"] == ""]
    levels = levels_in(month)
    compared = whole.loc[fit(whole, {card.key: card}, levels) == "", "unit"]
    rows = rows[rows["unit"].isin(compared)]
    found: list[tuple[float, pd.DataFrame]] = []
    for dimension in DIMENSIONS:
        units, result = adjusted(rows, dimension, levels.interval)
        if result is not None and matters(result, levels.widths):
            found.append((float(np.nanmax(result.moved_widths)), _frame(units, dimension, result)))
    return max(found, key=lambda one: one[0])[1] if found else nothing


def adjusted(rows: pd.DataFrame, dimension: str, confidence: float) -> tuple[np.ndarray, Standardised | None]:
    """The units of which every stratum of a dimension is shown, and what standardising makes of them; None of fewer than two.

    ``rows``: unit, stratum, numerator, listed. A stratum without a row has nobody.
    """
    strata = rows[rows["stratum"].str.startswith(f"{dimension}:")]
    secret = strata.loc[strata[["numerator", "listed"]].isna().any(axis=1), "unit"]
    strata = strata[~strata["unit"].isin(secret)]
    if strata["unit"].nunique() < 2:
        return np.zeros(0, int), None
    wide = (
        strata.pivot(index="unit", columns="stratum", values=["numerator", "listed"]).astype(float).fillna(0)
    )
    result = standardise(wide["numerator"].to_numpy(), wide["listed"].to_numpy(), confidence, share=True)
    return wide.index.to_numpy(), result


def _frame(units: np.ndarray, dimension: str, result: Standardised) -> pd.DataFrame:
    low, high = result.rate_interval
    return pd.DataFrame(
        {"unit": units, "dimension": dimension, "adjusted": result.rate, "low": low, "high": high}
    )
