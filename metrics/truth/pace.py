"""How much on one day: services of a doctor, and rows typed long after. Records have days, not hours, so nothing is said of hours.

There are honest campaign days and honest piles of paper: these cannot stand alone (``combined``), only what no campaign and no
pile explains.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.truth.found import Found, shares
from metrics.truth.peers import counts
from metrics.truth.prepared import Level, Prepared
from metrics.truth.rules import Rules


def too_many(prepared: Prepared, level: Level, rules: Rules, most: float) -> Found:
    """Contacts above the ``most`` that one doctor has on a day."""
    c = prepared.contacts
    told = (level.of >= 0) & (
        c["doctor"] != ""
    ).to_numpy()  # nobody knows how many doctors those without a name are
    each = pd.DataFrame({"group": level.of, "doctor": c["doctor"], "day": c["day"]})[told]
    size = each.groupby(["group", "doctor", "day"]).size()
    over = (size - most).clip(lower=0).groupby("group").sum()
    full = pd.MultiIndex.from_frame(each).isin(size.index[size > most])
    behind = np.zeros(len(level.of), bool)
    behind[each.index[full]] = True
    return _slips(over.reindex(range(level.number), fill_value=0).to_numpy(float), _all(level), rules, behind)


def after_the_fact(prepared: Prepared, level: Level, rules: Rules, days: float) -> Found:
    """Rows that were typed on one day for services that lie ``days`` or more apart."""
    known = (level.of >= 0) & prepared.contacts["entered_on"].notna().to_numpy()
    behind = in_pile(prepared, level, rules, days)
    return _slips(level.count(behind), level.count(known), rules, behind)


def in_pile(prepared: Prepared, level: Level, rules: Rules, days: float) -> np.ndarray:
    """[contacts]: whether the group typed the row on one day with many others, for services that lie ``days`` or more apart."""
    c = prepared.contacts
    known = (level.of >= 0) & c["entered_on"].notna().to_numpy()
    each = pd.DataFrame({"group": level.of, "typed": c["entered_on"], "day": c["day"]})[known]
    day = each.groupby(["group", "typed"])["day"]
    span = (day.transform("max") - day.transform("min")).dt.days
    found = np.zeros(len(level.of), bool)
    found[known] = ((day.transform("size") >= rules.batch_size) & (span >= days)).to_numpy()
    return found


def _slips(observed: np.ndarray, number: np.ndarray, rules: Rules, behind: np.ndarray) -> Found:
    expected = number * rules.usual_pct / 100
    stands = counts(observed, expected, rules.spread_slips, rules.slips_bounds)
    return shares(observed, number, stands, rules.fewest, behind)


def _all(level: Level) -> np.ndarray:
    return level.count(np.ones(len(level.of), bool))
