"""An invented gap list, in place of ``metrics.gaps`` where no records are at hand."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pandas as pd

from metrics.lacking import Lack

TOTAL = 47


def gap_page(
    _store, _principal, _key, _unit, _month, _basis, page, size, language, full=False
) -> SimpleNamespace:
    """A page of people who do not exist."""
    numbers = range((page - 1) * size, min(TOTAL, page * size))
    reason = "今年还没有随访" if language == "zh" else "No follow-up this year"
    rows = pd.DataFrame(
        {
            "person": list(numbers),
            "name_masked": ["王**" for _ in numbers],
            "sex": [1 + n % 2 for n in numbers],
            "age": [65 + n % 20 for n in numbers],
            "place": [f"第{n % 7 + 1}网格" for n in numbers],
            "unit": [2 for _ in numbers],
            "reason": [reason for _ in numbers],
            "lacks": [Lack("htn_followup", 2, check=n % 2 > 0) for n in numbers],
            "last_on": [dt.date(2026, 3, 1) if n % 3 else None for n in numbers],
            "last_value": ["152/94" if n % 3 else None for n in numbers],
        }
    )
    shown = rows.assign(name=rows["name_masked"]) if full else rows
    return SimpleNamespace(total=TOTAL, rows=shown, unread="", reach=None)
