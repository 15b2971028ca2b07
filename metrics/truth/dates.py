"""When services are said to be: typed before the day itself, and at intervals that are too exact."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.truth.found import Found, shares
from metrics.truth.peers import counts
from metrics.truth.prepared import Level, Prepared
from metrics.truth.rules import Rules

# Who works on fixed days of the week, or on market days, comes back after a multiple of them: these are compared with each other.
_ROUND = (1, 5, 7)
_BESIDE = 3  # multiples on either side


def ahead(prepared: Prepared, level: Level, rules: Rules) -> Found:
    """Rows typed before the day of the service. A few are slips of the pen."""
    c = prepared.contacts
    known = c["entered_on"].notna().to_numpy()
    early = known & (c["entered_on"] < c["day"]).to_numpy()
    number = level.count(known)
    expected = number * rules.usual_pct / 100
    stands = counts(
        level.count(early), expected, rules.spread_slips, rules.slips_bounds, rules.slips_forgiven
    )
    return shares(level.count(early), number, stands, rules.fewest, early)


def interval(prepared: Prepared, level: Level, rules: Rules) -> Found:
    """Visits after exactly the group's most frequent interval, against intervals beside it: days, weeks, market days.

    A village seen on two days gives one interval, however many people live there: each pair of days counts once. Short
    intervals are left out: whoever was too high is asked to come again in exactly two weeks.
    """
    now, then = _visits(prepared, level)
    day = prepared.contacts["day"].to_numpy().astype("datetime64[D]").astype(np.int64)
    after = day[now] - day[then]
    pairs = pd.DataFrame({"group": level.of[now], "from": day[then], "after": after})
    once = pairs[after >= rules.interval_days].drop_duplicates()
    number = np.bincount(once["group"], minlength=level.number).astype(float)
    each = once.groupby(["group", "after"]).size().rename("seen").reset_index()
    most = each.sort_values(["group", "seen", "after"]).drop_duplicates("group", keep="last")
    place, exact = most["group"].to_numpy(), most["after"].to_numpy()
    seen = pd.Series(each["seen"].to_numpy(), pd.MultiIndex.from_frame(each[["group", "after"]]))
    beside = np.zeros((len(_ROUND), len(place)))
    for row, step in enumerate(_ROUND):
        for times in (*range(-_BESIDE, 0), *range(1, _BESIDE + 1)):
            there = pd.MultiIndex.from_arrays([place, exact + times * step])
            beside[row] += seen.reindex(there, fill_value=0).to_numpy() / (2 * _BESIDE)
    observed, expected, usual = np.zeros(level.number), np.zeros(level.number), np.full(level.number, -1)
    observed[place], usual[place] = most["seen"].to_numpy(), exact
    likely = beside.max(0)
    expected[place] = likely + 2 * np.sqrt(
        likely + 1
    )  # the fullest of many is fuller than those beside it by chance
    behind = np.zeros(len(level.of), bool)
    behind[now[after == usual[level.of[now]]]] = True
    stands = counts(observed, expected, rules.spread_list, rules.list_bounds)
    return shares(observed, number, stands, rules.fewest, behind)


def _visits(prepared: Prepared, level: Level) -> tuple[np.ndarray, np.ndarray]:
    """(now, then): a person's visits of one group that follow each other."""
    at = np.flatnonzero(prepared.first & (level.of >= 0))
    person = prepared.contacts["person"].to_numpy()
    at = at[np.lexsort((at, person[at], level.of[at]))]
    now, then = at[1:], at[:-1]
    same = (person[now] == person[then]) & (level.of[now] == level.of[then])
    return now[same], then[same]
