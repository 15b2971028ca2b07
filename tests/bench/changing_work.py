"""What the control section of a page and the notices of a build cost, apart from reading."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.cards import CARDS
from metrics.changing.control import of_course
from metrics.changing.suited import is_raised
from metrics.changing.terms import lengths_in, terms_in
from metrics.statistics.lasting import raised
from tests.bench.table import Table, milliseconds
from tests.changing.unchanged import World, district, noticed

_MONTH = 2026 * 12
_PAIRS = 2_000
_ROUNDS = 3


def changing_table() -> Table:
    """Milliseconds of processor time, the best of some rounds."""
    random = np.random.default_rng(1)
    card = next(card for card in CARDS.values() if is_raised(card) and card.is_listed)
    course = pd.DataFrame(
        {
            "month": range(_MONTH - 35, _MONTH + 1),
            "value": random.normal(0.7, 0.03, 36),
            "numerator": 70.0,
            "denominator": 100.0,
            "status": "ok",
            "target": 0.8,
            "target_to": np.nan,
        }
    )
    rows, _ = district(1, World())
    series = random.normal(0, 1, (_PAIRS, 72))
    table = Table("变化 · Change", ["步骤 · step", "CPU ms"])
    drawn = lambda: of_course(course, card, "centre", _MONTH, lengths_in(_MONTH), [])  # noqa: E731
    table.add("控制图，一项 · one control chart", milliseconds(_ROUNDS, drawn))
    table.add(
        f"提示，{len(rows):,} 个当月数 · notices of a small district",
        milliseconds(_ROUNDS, lambda: noticed(rows)),
    )
    table.add(
        f"其中检验，{_PAIRS:,} 对 72 个月 · the tests of {_PAIRS:,} pairs",
        milliseconds(_ROUNDS, lambda: raised(series, np.zeros(_PAIRS), 0, terms_in(_MONTH))),
    )
    return table


if __name__ == "__main__":
    print(changing_table())
