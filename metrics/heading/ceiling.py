"""Who can still meet a year's standard, and until when each must be seen: arithmetic with days.

Somebody who still owes n follow-ups, each at least ``spacing`` days after the one before, must have the next of them by
(n - 1) * spacing days before the year's last day; who had one lately cannot have the next before ``spacing`` days are
over. If that leaves no day, the year is lost for them. What was done counts as it was done, however close together.
"""

from __future__ import annotations

import numpy as np

_NEVER = np.datetime64("NaT", "D")


def see_by(
    owed: np.ndarray,
    last_on: np.ndarray,
    other: np.ndarray,
    here: np.ndarray,
    today: np.datetime64,
    end: np.datetime64,
    spacing: int,
    until: np.ndarray | None = None,
) -> np.ndarray:
    """[person]: the last day (datetime64[D]) on which each must be seen at the latest; NaT: lost for the year.

    owed      follow-ups still owed: 0, 1, ...
    last_on   day of the last one; NaT: none
    other     bool: owes something else that any day will do for (a health check), or any day ``until`` one
    here      bool: is still under care; who died or left can no longer be seen
    today     last day that is over; end: the year's last day
    spacing   days between two follow-ups, at least 1
    until     last day (datetime64[D]) on which what is owed otherwise will do, whatever the year: a window that runs from
              a birth or a discharge. NaT: the year's end

    Who owes nothing has nothing to be seen for: ValueError.
    """
    owed, other = np.asarray(owed), np.asarray(other, bool)
    if ((owed <= 0) & ~other).any():
        raise ValueError("somebody who owes nothing need not be seen")
    if spacing < 1:
        raise ValueError(f"follow-ups lie at least one day apart, not {spacing}")
    last_on = np.asarray(last_on, "datetime64[D]")
    tomorrow = np.datetime64(today, "D") + 1
    after_last = np.where(np.isnat(last_on), tomorrow, last_on + np.timedelta64(int(spacing), "D"))
    first = np.where(owed > 0, np.maximum(after_last, tomorrow), tomorrow)
    behind = (np.maximum(owed, 1) - 1) * np.timedelta64(int(spacing), "D")
    last = np.datetime64(end, "D")
    if until is not None:
        until = np.asarray(until, "datetime64[D]")
        last = np.where(np.isnat(until), last, until)
    latest = last - behind
    return np.where(np.asarray(here, bool) & (first <= latest), latest, _NEVER)
