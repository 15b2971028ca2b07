"""The dated values that control charts and notices go by: ``metrics/standards/parameters.csv``."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.standards import value_in
from metrics.statistics.lasting import Terms
from metrics.statistics.xmr import Rules


@dataclass(frozen=True)
class Lengths:
    """Of a control chart, in months; ``rare``: fewer cases a month are too few for one."""

    shown: int
    base: int  # limits come from the first so many months of a stretch
    least: int  # months that limits need
    rare: float
    rules: Rules


def lengths_in(month: int) -> Lengths:
    """The values in force at the end of a month."""
    return Lengths(
        shown=int(value_in("control_shown_months", month)),
        base=int(value_in("control_base_months", month)),
        least=int(value_in("control_least_months", month)),
        rare=float(value_in("control_rare", month)),
        rules=Rules(
            side=int(value_in("control_side_months", month)),
            trend=int(value_in("control_trend_months", month)),
            near=bool(value_in("control_near", month)),
        ),
    )


def terms_in(month: int) -> Terms:
    """By which changes are raised, as in force at the end of a month."""
    return Terms(
        recent=int(value_in("notice_recent_months", month)),
        history=int(value_in("notice_history_months", month)),
        settled=int(value_in("notice_settled_months", month)),
        false=value_in("notice_false_pct", month) / 100,
        lasting=int(value_in("notice_lasting_months", month)),
        over=int(value_in("notice_over_months", month)),
    )
