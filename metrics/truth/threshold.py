"""Readings just under the threshold of control: 139/89, 6.9."""

from __future__ import annotations

import numpy as np

from metrics.truth.found import Found, shares
from metrics.truth.peers import counts
from metrics.truth.prepared import Level, Prepared
from metrics.truth.rules import Rules


def decade(prepared: Prepared, level: Level, rules: Rules) -> Found:
    """Readings in the ten just under the threshold, against the tens before and behind it. Whole tens: rounding does not matter."""
    observed, expected, number = (np.zeros(level.number) for _ in range(3))
    behind = np.zeros(len(level.of), bool)
    for off in _under(prepared, rules):
        under, above, below = ((off >= k) & (off < k + 10) for k in (-10, 0, -20))
        behind |= under
        observed += level.count(under)
        expected += (level.count(above) + level.count(below)) / 2
        number += level.count(under | above | below)
    stands = counts(observed, expected + 0.5, rules.spread_count, rules.goal_bounds)
    return shares(observed, number, stands, rules.fewest, behind)


def digits(prepared: Prepared, level: Level, rules: Rules) -> Found:
    """Within that ten, the last digits 6 to 9, against the group's own share of them in all other tens."""
    observed, expected, number = (np.zeros(level.number) for _ in range(3))
    behind = np.zeros(len(level.of), bool)
    for off in _under(prepared, rules):
        known = np.isfinite(off)
        last = np.where(known, np.mod(np.where(known, off, 0), 10), -1)
        under = (off >= -10) & (off < 0)
        inside, outside = level.count(under), level.count(known & ~under)
        share = (level.count(~under & (last >= rules.just_digit)) + 0.4) / (outside + 1)
        behind |= under & (last >= rules.just_digit)
        observed += level.count(under & (last >= rules.just_digit))
        expected += share * inside
        number += inside
    # Who measures again after a reading too high, and writes the lower one, is a little often just under.
    stands = counts(observed, expected, rules.spread_count, rules.goal_bounds)
    return shares(observed, number, stands, rules.fewest, behind)


def _under(prepared: Prepared, rules: Rules) -> list[np.ndarray]:
    """How far each reading is from its threshold, in last digits."""
    c = prepared.contacts
    goal = np.where(c["elder"], rules.sbp_goal_elder, rules.sbp_goal)
    return [
        np.round(c["sbp"].to_numpy(float)) - goal,
        np.round(c["dbp"].to_numpy(float)) - rules.dbp_goal,
        np.round((c["fpg"].to_numpy(float) - rules.fpg_goal) * 10),
    ]
