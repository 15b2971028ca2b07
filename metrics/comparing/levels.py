"""The dated values that comparisons go by: ``metrics/standards/parameters.csv``."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.standards import value_in


@dataclass(frozen=True)
class Levels:
    """Confidences and shares are between 0 and 1."""

    interval: float  # of intervals, of verdicts against a target, of ranks
    mean_fewest: int  # a mean of fewer values has no interval
    outer: float  # outer limits of funnel plots, and verdicts against peers
    funnel_fewest: int  # units from which on a funnel may be widened
    rank_fewest: int  # fewer are not ranked
    reliable: float  # least reliability for a ranking
    widths: float  # half widths by which case mix must move a unit


def levels_in(month: int) -> Levels:
    """The values in force at the end of a month."""
    return Levels(
        interval=value_in("interval_pct", month) / 100,
        mean_fewest=int(value_in("mean_fewest", month)),
        outer=value_in("funnel_outer_pct", month) / 100,
        funnel_fewest=int(value_in("funnel_fewest", month)),
        rank_fewest=int(value_in("rank_fewest", month)),
        reliable=value_in("rank_reliable_pct", month) / 100,
        widths=float(value_in("casemix_widths", month)),
    )
