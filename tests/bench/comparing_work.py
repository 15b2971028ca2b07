"""What comparing units costs, apart from reading them: every card of thirty units for a scorecard, and one card's page."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.cards import CARDS
from metrics.comparing.judging import compared
from metrics.comparing.places import placed
from metrics.comparing.plot import plot_of
from metrics.comparing.sorts import Sort, sort_of
from tests.bench.table import Table, milliseconds

_UNITS = 30
_MONTH = 2026 * 12
_ROUNDS = 5


def invented(units: int = _UNITS, seed: int = 1) -> pd.DataFrame:
    """A figure of every card for each unit, with a target."""
    draw = np.random.default_rng(seed)
    size = len(CARDS) * units
    bottom = draw.integers(20, 2_000, size).astype(float)
    top = np.round(bottom * draw.uniform(0.1, 0.95, size))
    return pd.DataFrame(
        {
            "indicator": np.repeat(list(CARDS), units),
            "unit": np.tile(np.arange(units), len(CARDS)),
            "status": "ok",
            "numerator": top,
            "denominator": bottom,
            "value": top / bottom,
            "target": 0.8,
            "target_to": np.nan,
            "expected": 0.8,
            "deviation": 0.3,
        }
    )


def comparing_table() -> Table:
    """Milliseconds of processor time, the best of some rounds."""
    rows = invented()
    card = next(one for one in CARDS.values() if sort_of(one) is Sort.SHARE)
    mine = rows[rows["indicator"] == card.key]
    of_page = compared(mine, card, _MONTH)
    table = Table(f"机构比较 · Comparing {_UNITS} units", ["步骤 · step", "CPU ms"])
    table.add(
        f"名次，{len(CARDS)} 项 · ranks of all cards",
        milliseconds(_ROUNDS, lambda: placed(rows, CARDS, _MONTH)),
    )
    table.add(
        "区间、结论、名次，一项 · one card judged",
        milliseconds(_ROUNDS, lambda: compared(mine, card, _MONTH)),
    )
    table.add("漏斗图，一项 · one funnel", milliseconds(_ROUNDS, lambda: plot_of(of_page, card, _MONTH)))
    return table


if __name__ == "__main__":
    print(comparing_table())
