"""How likely a record is to be wrong, from the record alone: a weight by which it is drawn, never a verdict.

A record without any sign has weight 1. Each sign adds what ``standards/parameters.csv`` says (``verify_risk_*``, dated). More signs can join: whatever
gives each record a degree between 0 and 1 is one more entry of ``signs``, with a parameter of its name.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from metrics.standards import value_in

SIGNS = ("late", "busy", "batch", "month_end")


def signs(evidence: pd.DataFrame, month: int) -> dict[str, np.ndarray]:
    """sign -> degree, [records]: 0 no, 1 yes. What the records do not hold is no sign.

    ``evidence``: day, entered_on (missing: not known), day_services (of that doctor, or unit, on that day), typed_rows (typed
    at the unit on the day of entry).
    """
    day, typed = pd.to_datetime(evidence["day"]), pd.to_datetime(evidence["entered_on"])
    waited = (typed - day).dt.days
    last = day.dt.days_in_month - day.dt.day
    return {
        "late": _yes(waited > value_in("verify_late_days", month)),
        "busy": _yes(evidence["day_services"].astype(float) > value_in("verify_busy_day", month)),
        "batch": _yes(evidence["typed_rows"].astype(float) >= value_in("verify_batch_rows", month)),
        "month_end": _yes(last < value_in("verify_month_end_days", month)),
    }


def weights(found: Mapping[str, np.ndarray], number: int, month: int) -> np.ndarray:
    """The risk weight of each of ``number`` records: 1, and of each sign its degree times what it adds."""
    risk = np.ones(number)
    for name, degree in found.items():
        risk += value_in(f"verify_risk_{name}", month) * degree
    return risk


def named(found: Mapping[str, np.ndarray], number: int) -> list[str]:
    """The signs of each record as the register keeps them: codes joined by commas."""
    return [",".join(name for name, degree in found.items() if degree[at] > 0) for at in range(number)]


def _yes(found: pd.Series) -> np.ndarray:
    return found.fillna(False).to_numpy(float)
