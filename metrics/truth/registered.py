"""People who may not be there at all: many with one telephone, several with one birthday. Of units, not of doctors."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.truth.found import Found, shares
from metrics.truth.peers import Stands, counts
from metrics.truth.prepared import Level, Prepared
from metrics.truth.rules import Rules

_DAYS = 365.25


def telephones(prepared: Prepared, level: Level, rules: Rules) -> Found:
    """Persons of a unit whose telephone is that of many households of it: a family that shares one is as it should be.

    Clinics lend theirs to whoever has none: ``rules.phone_lent_pct`` of the persons are no reason.
    """
    has = with_telephone(prepared.work.persons, rules)
    return _among(
        level,
        has["unit"],
        has["households"] >= rules.phone_households,
        lambda n: n * rules.usual_pct / 100,
        rules.spread_slips,
        rules,
        rules.phone_households,
        has["person"],
        rules.phone_lent_pct / 100,
    )


def with_telephone(persons: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """``persons`` who have one, with ``households`` and ``sharers``: how many of their unit have the same.

    Whose family is not known, or so large that the number is no household's, is a household of their own.
    """
    has = persons[persons["phone"] != -1].drop_duplicates("person")
    family = has["family"] if "family" in has else pd.Series(-1, index=has.index)
    size = family.groupby([has["unit"], family]).transform("size")
    alone = (family == -1) | (size > rules.visit_household_most)
    door = family.where(~alone, -2 - has["person"])
    same = [has["unit"], has["phone"]]
    return has.assign(
        households=door.groupby(same).transform("nunique"),
        sharers=has["person"].groupby(same).transform("size"),
    )


def doubles(prepared: Prepared, level: Level, rules: Rules) -> Found:
    """Persons of a unit with the same day of birth and sex, against what birthdays in each year of birth make likely.

    The first of a month is left out: it often stands for a day that nobody knows.
    """
    persons = prepared.work.persons
    known = persons[persons["birth"].notna() & (persons["birth"].dt.day != 1)]
    same = known.groupby(["unit", "birth", "sex"])["person"].transform("size") > 1
    cells = known.groupby(["unit", known["birth"].dt.year.rename("year"), "sex"]).size()
    chance = (cells * (cells - 1) / _DAYS).groupby("unit").sum()
    expected = chance.reindex(level.groups["unit"], fill_value=0).to_numpy(float)
    return _among(
        level,
        known["unit"],
        same,
        lambda n: expected + n * rules.usual_pct / 100,
        rules.spread_count,
        rules,
        2,
        known["person"],
    )


def _among(
    level: Level,
    unit: pd.Series,
    hit: pd.Series,
    expected,
    least: float,
    rules: Rules,
    each: float,
    person: pd.Series,
    lent: float = 0.0,
) -> Found:
    """Of persons in a row each: ``unit``, ``hit``, ``person``. ``each``: they come in clusters of at least so many, and clusters are what chance counts. ``lent``: such a share of them is forgiven."""
    place = pd.Index(level.groups["unit"]).get_indexer(unit)
    number = np.bincount(place[place >= 0], minlength=level.number).astype(float)
    observed = np.bincount(place[(place >= 0) & hit.to_numpy()], minlength=level.number).astype(float)
    forgiven = rules.slips_forgiven + lent * number / each
    stands = counts(observed / each, expected(number) / each, least, rules.slips_bounds, forgiven)
    found = shares(observed, number, Stands(*(part * each for part in stands[:3]), stands.p), rules.fewest)
    return found._replace(people=person[hit].to_numpy())
