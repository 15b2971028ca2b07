"""All signals of a district."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from metrics.statistics.multiplicity import q_values
from metrics.truth import (
    alike,
    contrast,
    dates,
    forms,
    pace,
    registered,
    relations,
    repeats,
    shared,
    spells,
    threshold,
    travel,
    whereabouts,
    width,
)
from metrics.truth.found import Found
from metrics.truth.prepared import Level, Prepared, prepare, strata, typed_late
from metrics.truth.readings import GLUCOSE, PRESSURE, Readings, read
from metrics.truth.rounding import NOT_IN_TENS, STEPS
from metrics.truth.rules import Rules
from metrics.truth.work import Work

_OBSERVED = ("observed", "expected", "low", "high", "number", "p")
COLUMNS = ("kind", "unit", "doctor", "observed", "expected", "low", "high", "number", "behind", "p", "q")
#: About the persons of a unit, whoever saw them.
OF_UNITS = ("telephones", "doubles")
#: Observed as a width, a relation or a ratio; all others as a share or a number of records.
OF_VALUES = (
    "narrow",
    "person",
    "templates",
    "steps",
    "pressures",
    "neighbours",
    "season",
    "spells",
    "spells_typed",
    "own_narrow",
    "own_still",
    "own_pressures",
)


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
    pressure, glucose = read(prepared, level, PRESSURE, rules), read(prepared, level, GLUCOSE, rules)
    told = {
        readings.kind.name for readings in (pressure, glucose) if np.isfinite(readings.deviation).all()
    } | {""}
    found = {
        kind: make()
        for kind, (of, make) in plan(prepared, level, pressure, glucose, rules).items()
        if of in told and (level is prepared.units or kind not in OF_UNITS)
    }
    _leave_uneven_tens(found, pressure, rules)
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
    late = typed_late(prepared, rules)
    piled = pace.in_pile(prepared, level, rules, rules.batch_days)
    for name, chosen in (("late", late), ("pile", piled)):
        part = Level(level.groups, np.where(chosen, level.of, -1))
        for kind, against in (
            ("own_narrow", contrast.narrow),
            ("own_still", contrast.still),
            ("own_pressures", contrast.pressures),
        ):
            found[f"{kind}_{name}"] = PRESSURE.name, partial(against, prepared, level, part, pressure, rules)
    for name, make in (
        ("near_before", partial(repeats.near, back=2)),
        ("templates", shared.templates),
        ("down", shared.down_the_list),
        ("steps", relations.steps),
        ("pressures", relations.pressures),
        ("neighbours", relations.neighbours),
        ("season", relations.season),
        ("home", alike.at_home),
        ("alike_typed", alike.typed),
        ("spells", partial(spells.spells, typed=False)),
        ("spells_typed", partial(spells.spells, typed=True)),
    ):
        found[name] = PRESSURE.name, partial(make, prepared, level, pressure, rules)
    found["templates_glucose"] = GLUCOSE.name, partial(shared.templates, prepared, level, glucose, rules)
    for name, make in (
        ("under", threshold.decade),
        ("just_under", threshold.digits),
        ("pace", partial(pace.too_many, most=rules.pace_day)),
        ("impossible", partial(pace.too_many, most=rules.impossible_day)),
        ("bulk", partial(pace.after_the_fact, days=rules.batch_days)),
        ("bulk_long", partial(pace.after_the_fact, days=rules.batch_long_days)),
        ("ahead", dates.ahead),
        ("interval", dates.interval),
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


def _leave_uneven_tens(found: dict[str, Found], pressure: Readings, rules: Rules) -> None:
    """Fours and kPa do not end alike in every ten: whoever rounds to them is not judged by comparing tens."""
    uneven = [STEPS.index(step) for step in NOT_IN_TENS]
    rounds = np.max([weight[:, uneven].sum(1) for weight in pressure.weight], axis=0) > rules.fours_share
    for kind in {"templates", "under", "just_under"} & set(found):
        found[kind] = found[kind]._replace(p=np.where(rounds, np.nan, found[kind].p))


def _rows(kind: str, level: Level, found: Found) -> pd.DataFrame:
    of = {name: getattr(found, name) for name in _OBSERVED}
    behind = found.observed * found.number if found.behind is None else level.count(found.behind)
    return level.groups.assign(kind=kind, behind=behind, **of)
