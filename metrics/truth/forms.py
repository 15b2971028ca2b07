"""Forms that say they are complete and have no reading."""

from __future__ import annotations

import pandas as pd

from metrics.truth.found import Found, shares
from metrics.truth.peers import counts
from metrics.truth.prepared import Level, Prepared
from metrics.truth.rules import Rules
from metrics.truth.work import Work

_UNSEEN = ("phone", "online", "auto")  # nothing can be measured


def measured(work: Work, rules: Rules) -> frozenset[str]:
    """Kinds of contact of which most have a reading."""
    if work.measured is not None:
        return work.measured
    share = _has(work.contacts).groupby(work.contacts["kind"]).mean()
    return frozenset(share.index[share > rules.measured_pct / 100])


def _has(contacts: pd.DataFrame) -> pd.Series:
    return contacts[["sbp", "dbp", "fpg"]].notna().any(axis=1)


def empty(prepared: Prepared, level: Level, rules: Rules) -> Found:
    """Among complete forms of kinds that have readings elsewhere."""
    c = prepared.contacts
    has = _has(c)
    complete = (
        c["complete"].fillna(False).astype(bool)
        & c["kind"].isin(measured(prepared.work, rules))
        & ~c["mode"].isin(_UNSEEN)
    )
    number = level.count(complete.to_numpy())
    observed = level.count((complete & ~has).to_numpy())
    expected = number * rules.usual_pct / 100
    return shares(
        observed,
        number,
        counts(observed, expected, rules.spread_slips, rules.slips_bounds),
        rules.forms_fewest,
        (complete & ~has).to_numpy(),
    )
