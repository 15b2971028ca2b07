"""Published figures of a month on a scale on which months can be compared: logarithms of counts, angles of shares.

So seasons and changes are the same for large and small, and chance has a variance that is known (Freeman and Tukey 1950). Hidden figures,
those not whole, and months in which a unit was not open throughout are left out.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from metrics.card import SCALE, Card
from metrics.changing.control import COUNTED, OF_BUREAU, WHOLE
from metrics.comparing.sorts import Sort, sort_of
from metrics.small_numbers import DENOMINATOR, NUMERATOR, VALUE

COLUMNS = ("indicator", "unit", "month", "value", "level", "chance", "half")
_HALF = 0.5  # of a case, added: of none there is no logarithm


def comparable(
    rows: pd.DataFrame, cards: Mapping[str, Card], units: pd.DataFrame, fewest: float
) -> pd.DataFrame:
    """Of pairs with ``fewest`` cases a month on average: indicator, unit, month, value and

    level   on the scale on which they are compared
    chance  its variance by chance alone; 0: not known
    half    what was added, in the value's own unit

    rows    of ``published.figure``, of a month and of all people
    """
    rows = _usable(rows, units)
    if rows.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    about = _about({key: cards[key] for key in rows["indicator"].unique()})
    rows = rows.join(about, on="indicator")
    top = rows["numerator"].to_numpy(float, na_value=np.nan)
    bottom = rows["denominator"].to_numpy(float, na_value=np.nan)
    of = np.where(rows["ratio"], bottom, 1.0)
    share, counted, scale = (rows[name].to_numpy() for name in ("share", "counted", "scale"))
    with np.errstate(divide="ignore", invalid="ignore"):
        angle = np.where(top <= of, np.arcsin(np.sqrt((top + 3 / 8) / (of + 3 / 4))), np.nan)
        added = np.where(counted & ~share, _HALF, 0.0)
        level = np.where(share, angle, np.log((top + added) / (of * scale)))
        chance = np.where(share, 1 / (4 * of + 2), np.where(counted, 1 / (top / rows["top"] + _HALF), 0.0))
        rows = rows.assign(
            level=level,
            chance=chance,
            half=added / (of * scale),
            cases=np.where(counted, top / rows["top"], bottom / rows["bottom"]),
        )
    rows = rows[np.isfinite(rows["level"]) & np.isfinite(rows["cases"])]
    often = rows.groupby(["indicator", "unit"])["cases"].transform("mean") >= fewest
    # In one order, so that sums are the same to the last digit whichever way figures were made.
    return rows.loc[often, list(COLUMNS)].sort_values(["indicator", "unit", "month"], ignore_index=True)


def before(card: Card, after: float, levels: tuple[float, float], half: float) -> float:
    """What was to be expected where months came to ``after`` on average, in the value's own unit.

    levels   expected and seen
    """
    expected, seen = levels
    if sort_of(card) is Sort.SHARE:
        return float(np.clip(after + np.sin(expected) ** 2 - np.sin(seen) ** 2, 0, 1))
    return max(0.0, (after + half) * float(np.exp(expected - seen)) - half)


def _usable(rows: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    kinds = units.set_index("unit")["kind"]
    lives = pd.DataFrame(
        [_life(row) for row in units.itertuples()], columns=["born", "gone"], index=kinds.index
    )
    public = (rows["hidden"] & (NUMERATOR | DENOMINATOR | VALUE)) == 0
    rows = rows[public & rows["value"].notna() & rows["unit"].isin(kinds.index)]
    bureau = (rows["unit"].map(kinds) == "bureau").to_numpy()
    whole = np.where(bureau, rows["status"].isin(OF_BUREAU), rows["status"].isin(WHOLE))
    life, month = lives.reindex(rows["unit"]), rows["month"].to_numpy()
    return rows[whole & (month >= life["born"].to_numpy()) & (month <= life["gone"].to_numpy())]


def _about(cards: Mapping[str, Card]) -> pd.DataFrame:
    """What of each card decides its scale."""
    found = {
        key: {
            "share": sort_of(card) is Sort.SHARE,
            "counted": sort_of(card) in COUNTED,
            "ratio": card.is_ratio,
            "scale": float(SCALE.get(card.unit, 1)),
            "top": 1.0 if card.is_ratio else card.top_scale,
            "bottom": card.bottom_scale,
        }
        for key, card in cards.items()
    }
    return pd.DataFrame.from_dict(found, orient="index")


def _life(unit) -> tuple[float, float]:
    """First and last month in which a unit was open throughout."""
    opened, closed = unit.opened_on, unit.closed_on
    born = -np.inf if pd.isna(opened) else opened.year * 12 + opened.month - 1 + (opened.day > 1)
    gone = np.inf if pd.isna(closed) else closed.year * 12 + closed.month - 2
    return born, gone
