"""Different persons who are read almost alike: of one household, or typed one after the other.

One at home is measured and the others are written down after them, or each row is a little more or less than the row before. Near is
what is near between two visits of a person (``Kind.near``). What chance makes of it is told by rows of the same group that lie far
from each other, so neither rounding nor how unlike its people are matters.
"""

from __future__ import annotations

import numpy as np

from metrics.truth.found import Found, shares
from metrics.truth.peers import counts
from metrics.truth.prepared import Level, Prepared
from metrics.truth.readings import Readings
from metrics.truth.rules import Rules
from metrics.truth.shared import following

_APART = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)  # of the group's rows: so far off lie those that tell the chance


def at_home(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Persons of one household whom the group saw within a few days."""
    c = prepared.contacts
    family = _families(prepared, rules)
    at = np.flatnonzero(readings.known & prepared.first & (level.of >= 0) & (family >= 0))
    day = c["day"].to_numpy().astype("datetime64[D]").astype(np.int64)
    at = at[np.lexsort((c["row_id"].to_numpy()[at], day[at], family[at], level.of[at]))]
    person = c["person"].to_numpy()
    now, then = at[1:], at[:-1]
    keep = (level.of[now] == level.of[then]) & (family[now] == family[then])
    keep &= (person[now] != person[then]) & (day[now] - day[then] <= rules.list_days)
    return _near(now[keep], then[keep], prepared, level, readings, rules)


def typed(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Rows of different persons that were typed one after the other."""
    return _near(*following(prepared, level, readings, rules, True), prepared, level, readings, rules)


def _families(prepared: Prepared, rules: Rules) -> np.ndarray:
    """[contacts]: the household of the person; -1 unknown, or so large that it is none."""
    persons = prepared.work.persons.drop_duplicates("person").set_index("person")
    if "family" not in persons:
        return np.full(len(prepared.contacts), -1)
    size = persons.groupby("family")["family"].transform("size")
    family = persons["family"].where(size <= rules.visit_household_most, -1)
    return family.reindex(prepared.contacts["person"]).fillna(-1).to_numpy(np.int64)


def _near(now, then, prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Pairs (now, then) whose readings are all near, against those of ``now`` with rows far from ``then``."""
    close = np.array(readings.kind.near(rules)) + 1e-6

    def near(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return (np.abs(readings.value[one] - readings.value[other]) <= close).all(1)

    group, hit = level.of[now], near(now, then)
    number = np.bincount(group, minlength=level.number).astype(float)
    chance, compared = np.zeros(level.number), np.zeros(level.number)
    person = prepared.contacts["person"].to_numpy()
    for other in _far_from(then, readings, level):
        apart = (person[now] != person[other]) & (readings.like[then] == readings.like[other])
        chance += np.bincount(group[apart & near(now, other)], minlength=level.number)
        compared += np.bincount(group[apart], minlength=level.number)
    share = (chance + 0.5) / np.maximum(compared, 1)
    expected = np.where(compared >= rules.fewest, share, 0.0) * number
    behind = np.zeros(len(level.of), bool)
    behind[now[hit]] = behind[then[hit]] = True
    observed = np.bincount(group[hit], minlength=level.number).astype(float)
    stands = counts(observed, expected, rules.spread_count, rules.alike_bounds)
    return shares(observed, number, stands, rules.fewest, behind)


def _far_from(then: np.ndarray, readings: Readings, level: Level) -> list[np.ndarray]:
    """For each of ``_APART`` the row that lies so far behind each of ``then`` among its group's; after the last comes the first."""
    known = np.flatnonzero(readings.known & (level.of >= 0))
    known = known[np.argsort(level.of[known], kind="stable")]
    size = np.bincount(level.of[known], minlength=level.number)
    start = np.cumsum(size) - size
    place = np.zeros(len(level.of), np.int64)
    place[known] = np.arange(len(known)) - start[level.of[known]]
    group = level.of[then]
    return [
        known[start[group] + (place[then] + (part * size[group]).astype(np.int64)) % size[group]]
        if len(then)
        else then
        for part in _APART
    ]
