"""All signals of a district, and what they say together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from metrics.statistics.multiplicity import q_values
from metrics.truth import (
    forms,
    pace,
    registered,
    relations,
    repeats,
    shared,
    threshold,
    travel,
    whereabouts,
    width,
)
from metrics.truth.found import Found
from metrics.truth.prepared import Level, Prepared, prepare, strata
from metrics.truth.readings import GLUCOSE, PRESSURE, Readings, read
from metrics.truth.rounding import STEPS
from metrics.truth.rules import Rules
from metrics.truth.usual import by_district
from metrics.truth.work import Work

_OBSERVED = ("observed", "expected", "low", "high", "number", "p")
COLUMNS = ("kind", "unit", "doctor", "observed", "expected", "low", "high", "number", "behind", "p", "q")
#: Honest campaign days, piles of paper and systems that keep no readings look like these: they lend weight to others and are no
#: reason by themselves.
SUPPORTING = ("pace", "bulk", "bulk_long", "empty")
#: About the persons of a unit, whoever saw them.
OF_UNITS = ("telephones", "doubles")
#: Observed as a width, a relation or a ratio; all others as a share or a number of records.
OF_VALUES = ("narrow", "person", "templates", "steps", "pressures", "neighbours", "season")
_LEAST, _MOST = (
    1e-15,
    0.95,
)  # p; discrete tests that see nothing have 1, whose tangent would outweigh everything


def signals(work: Work, rules: Rules) -> pd.DataFrame:
    """COLUMNS: a row for each signal of each unit (doctor "") and of each doctor of units with several.

    observed, expected, low, high: a share, a count or a relation, as the signal's module says; low to high is where 95 % of honest
    groups lie. number: among how many. behind: records (of signals of persons: persons) that are told of. p NaN: no test. q: of all groups of the signal.
    """
    prepared = prepare(work, rules)
    parts = [
        _rows(kind, level, found)
        for level in (prepared.units, prepared.doctors)
        if level.number
        for kind, found in _of_level(prepared, level, rules).items()
    ]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = pd.concat(parts, ignore_index=True)
    rows["q"] = q_values(rows["p"].to_numpy(), rows["kind"].to_numpy())
    return rows[list(COLUMNS)]


def _of_level(prepared: Prepared, level: Level, rules: Rules) -> dict[str, Found]:
    pressure, glucose = read(prepared, level, PRESSURE), read(prepared, level, GLUCOSE)
    told = {
        readings.kind.name for readings in (pressure, glucose) if np.isfinite(readings.deviation).all()
    } | {""}
    found = {
        kind: make()
        for kind, (of, make) in plan(prepared, level, pressure, glucose, rules).items()
        if of in told and (level is prepared.units or kind not in OF_UNITS)
    }
    _leave_fours(found, pressure, rules)
    return found


def plan(
    prepared: Prepared, level: Level, pressure: Readings, glucose: Readings, rules: Rules
) -> dict[str, tuple[str, Callable[[], Found]]]:
    """Signal -> whose readings it is about (pressure, glucose, or "" for none), and what finds it."""
    found: dict[str, tuple[str, Callable[[], Found]]] = {}
    for readings, end in ((pressure, ""), (glucose, "_glucose")):
        for name, make in (
            ("repeats", repeats.repeats),
            ("near", partial(repeats.near, back=1)),
            ("narrow", width.narrow),
            ("crowded", width.crowded),
            ("person", relations.person_effect),
        ):
            found[name + end] = readings.kind.name, partial(make, prepared, level, readings, rules)
    for name, part in strata(prepared, level, rules).items():
        for kind, make in (
            ("repeats", repeats.repeats),
            ("near", partial(repeats.near, back=1)),
            ("narrow", width.narrow),
            ("crowded", width.crowded),
        ):
            found[f"{kind}_{name}"] = PRESSURE.name, partial(_of_part, make, prepared, part, pressure, rules)
    for name, make in (
        ("near_before", partial(repeats.near, back=2)),
        ("templates", shared.templates),
        ("down", shared.down_the_list),
        ("steps", relations.steps),
        ("pressures", relations.pressures),
        ("neighbours", relations.neighbours),
        ("season", relations.season),
    ):
        found[name] = PRESSURE.name, partial(make, prepared, level, pressure, rules)
    for name, make in (
        ("under", threshold.decade),
        ("just_under", threshold.digits),
        ("pace", partial(pace.too_many, most=rules.pace_day)),
        ("impossible", partial(pace.too_many, most=rules.impossible_day)),
        ("bulk", partial(pace.after_the_fact, days=rules.batch_days)),
        ("bulk_long", partial(pace.after_the_fact, days=rules.batch_long_days)),
        ("dead", whereabouts.dead),
        ("hospital", whereabouts.in_hospital),
        ("far", whereabouts.far_away),
        ("travel", travel.too_far),
        ("empty", forms.empty),
        ("telephones", registered.telephones),
        ("doubles", registered.doubles),
    ):
        found[name] = "", partial(make, prepared, level, rules)
    return found


def _of_part(make: Callable[..., Found], prepared: Prepared, part: Level, *more) -> Found:
    """A signal of some of a level's records: no others are behind it."""
    found = make(prepared, part, *more)
    return found._replace(behind=found.behind & (part.of >= 0))


def _leave_fours(found: dict[str, Found], pressure: Readings, rules: Rules) -> None:
    """Fours do not end alike in every ten: whoever rounds to them is not judged by comparing tens."""
    fours = np.max([weight[:, STEPS.index(4)] for weight in pressure.weight], axis=0) > rules.fours_share
    for kind in {"templates", "under", "just_under"} & set(found):
        found[kind] = found[kind]._replace(p=np.where(fours, np.nan, found[kind].p))


def _rows(kind: str, level: Level, found: Found) -> pd.DataFrame:
    of = {name: getattr(found, name) for name in _OBSERVED}
    behind = found.observed * found.number if found.behind is None else level.count(found.behind)
    return level.groups.assign(kind=kind, behind=behind, **of)


def combined(signals: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """unit, doctor, p, q, kinds: those to be checked are q <= rules.q; ``kinds``: the signals that say so, the clearest first.

    The p of a group's signals, measured by the district's own middle (``usual``), are combined by Cauchy's method, which holds however they depend on each other (Liu, Xie, Journal of
    the American Statistical Association 115, 2020). Where doctors of a unit stand out who did less than half of its work, they are
    the reason and the unit as a whole is not listed.
    """
    known = signals.assign(p=by_district(signals, _LEAST))
    known = known[known["p"].notna()].copy()
    least = np.where(known["kind"].isin(SUPPORTING), rules.support_p, _LEAST)
    known["p"] = known["p"].clip(lower=least, upper=_MOST)
    known["tangent"] = np.tan((0.5 - known["p"]) * np.pi)
    rows = known.groupby(["unit", "doctor"], as_index=False).agg(tangent=("tangent", "mean"))
    rows["p"] = np.clip(0.5 - np.arctan(rows["tangent"]) / np.pi, _LEAST, 1)
    rows["q"] = q_values(rows["p"].to_numpy())
    rows["q"] = rows["q"].where(~_explained(rows, signals, rules), 1.0)
    clear = known[known["p"] <= rules.support_p].sort_values("p", kind="stable")
    kinds = clear.groupby(["unit", "doctor"])["kind"].agg(tuple).rename("kinds")
    rows = rows.merge(kinds, on=["unit", "doctor"], how="left")
    rows["kinds"] = [one if isinstance(one, tuple) else () for one in rows["kinds"]]
    return rows[["unit", "doctor", "p", "q", "kinds"]].sort_values("q", kind="stable", ignore_index=True)


def _explained(rows: pd.DataFrame, signals: pd.DataFrame, rules: Rules) -> pd.Series:
    """Units whose listed doctors did less than half of the work: not the unit is the reason."""
    work = signals[signals["kind"] == "pace"].set_index(["unit", "doctor"])["number"]
    mine = work.reindex(pd.MultiIndex.from_frame(rows[["unit", "doctor"]])).fillna(0).to_numpy()
    listed = pd.Series(mine).where((rows["doctor"] != "") & (rows["q"] <= rules.q), 0.0)
    part = listed.groupby(rows["unit"]).transform("sum")
    return (rows["doctor"] == "") & (part > 0) & (part < mine / 2)
