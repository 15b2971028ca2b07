"""What a proposal changes: one computation for what a solver found and for what somebody opened, closed and moved by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.coverage.reach import reached_by
from metrics.siting.problem import Problem, Table
from metrics.siting.solving import Solution

#: Shares of people by which ways are told apart: half of them, nine of ten.
QUANTILES = {"median": 0.5, "ninth": 0.9}


@dataclass(frozen=True, eq=False)
class Reach:
    """Every demand point with some sites open.

    site    int64[points]: the nearest open one, candidates numbered on from the units; -1: none known
    cost    float64[points]: what it costs to get there; NaN: not known
    within  bool[points]: whether any open site meets the rule
    """

    site: np.ndarray
    cost: np.ndarray
    within: np.ndarray


@dataclass(frozen=True, eq=False)
class Proposal:
    """What opening, closing and moving changes.

    opened, closed  positions of the candidates and of the units concerned, moved ones included
    moved           (unit, candidate) of each that moves
    before, after   every demand point today and then
    groups          one row a band (NaN where the band is not known of somebody concerned), the first is everyone: group, people, within_before, within_after, gained (net), won
                    (within only then), lost (within only today)
    places          one row a place with any change, most won first: place, people, won, lost and gained of everyone,
                    gained_<band> of each band, cost_before, cost_after (mean over people, NaN where not known)
    ways            rows before and after: mean, median, ninth (nine of ten people have a way as short), unknown (people
                    without a known way), none of the mean of whom a way is not known both times; NaN: beyond what is known
    workload        one row a site that is open before or after: site, candidate (bool), position, state (stays, closes,
                    opens), people_before, people_after, change, above_before, above_after. People go to their nearest
    beyond_before,  people whom no open site meets the rule for
    beyond_after
    """

    opened: tuple[int, ...]
    closed: tuple[int, ...]
    moved: tuple[tuple[int, int], ...]
    before: Reach
    after: Reach
    groups: pd.DataFrame
    places: pd.DataFrame
    ways: pd.DataFrame
    workload: pd.DataFrame
    beyond_before: float
    beyond_after: float

    @property
    def above_before(self) -> int:
        """How many units have more people than one unit should, today."""
        return int(self.workload["above_before"].sum())

    @property
    def above_after(self) -> int:
        """The same with the proposal."""
        return int(self.workload["above_after"].sum())


def evaluate(
    problem: Problem,
    opened: Collection[int] = (),
    closed: Collection[int] = (),
    moved: Sequence[tuple[int, int]] = (),
    *,
    people_a_unit: float,
) -> Proposal:
    """The proposal that opens candidates, closes units and moves units to candidates (positions in their frames).

    ``people_a_unit``: more people than this are above what one unit should have. A site chosen on the map is a candidate
    like any other: the caller adds it. ValueError when a position is not there or is named twice.
    """
    new = _positions([*opened, *(to for _, to in moved)], len(problem.candidates), "candidate")
    gone = _positions([*closed, *(unit for unit, _ in moved)], problem.standing, "unit")
    standing = np.arange(problem.sites) < problem.standing
    then = standing.copy()
    then[gone] = False
    then[problem.standing + new] = True
    before, after = reach(problem, standing), reach(problem, then)
    people = np.asarray(problem.people, dtype=float)
    return Proposal(
        opened=tuple(sorted(new.tolist())),
        closed=tuple(sorted(gone.tolist())),
        moved=tuple((int(unit), int(to)) for unit, to in moved),
        before=before,
        after=after,
        groups=_groups(problem, before, after),
        places=_places(problem, before, after),
        ways=_ways(people, before, after),
        workload=_workload(problem, standing, then, before, after, people_a_unit),
        beyond_before=float(people[~before.within].sum()),
        beyond_after=float(people[~after.within].sum()),
    )


def proposal(problem: Problem, solution: Solution, *, people_a_unit: float) -> Proposal:
    """What a computed solution changes. Units that close are counted as closing: which of the new ones replaces
    which of them is nothing that a solution says."""
    return evaluate(problem, solution.chosen, solution.closed, people_a_unit=people_a_unit)


def reach(problem: Problem, open_sites: np.ndarray) -> Reach:
    """Every demand point with ``open_sites`` (bool[sites]) open."""
    pairs: Table = problem.pairs.where(open_sites[problem.pairs.site])
    inside: Table = problem.pairs_within.where(open_sites[problem.pairs_within.site])
    site, cost = pairs.nearest(problem.points)
    return Reach(site, cost, inside.reached(problem.points))


def _positions(values: list[int], length: int, what: str) -> np.ndarray:
    found = np.array(values, dtype=np.int64)
    if len(np.unique(found)) < len(found):
        raise ValueError(f"a {what} is named twice")
    if len(found) and (found.min() < 0 or found.max() >= length):
        raise ValueError(f"there is no {what} {found.max() if found.max() >= length else found.min()}")
    return found


def _groups(problem: Problem, before: Reach, after: Reach) -> pd.DataFrame:
    counts = np.column_stack([problem.people, problem.groups.to_numpy(float)])
    then, now = after.within, before.within
    won, lost = counts[then & ~now].sum(axis=0), counts[now & ~then].sum(axis=0)
    return pd.DataFrame(
        {
            "group": ["people", *map(str, problem.groups)],
            "people": counts.sum(axis=0),
            "within_before": counts[now].sum(axis=0),
            "within_after": counts[then].sum(axis=0),
            "gained": won - lost,
            "won": won,
            "lost": lost,
        }
    )


def _places(problem: Problem, before: Reach, after: Reach) -> pd.DataFrame:
    """The places in which anyone's nearest site, way or standing changes; empty when places are not known."""
    bands = [f"gained_{name}" for name in problem.groups]
    columns = ["place", "people", "won", "lost", "gained", *bands, "cost_before", "cost_after"]
    if problem.place is None:
        return pd.DataFrame(columns=columns)
    code, names = pd.factorize(np.asarray(problem.place))
    people = np.asarray(problem.people, dtype=float)
    turned = after.within.astype(int) - before.within
    changed = (turned != 0) | (before.site != after.site)
    told = (code >= 0) & np.isin(code, code[changed])
    code = code[told]

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(code, weights=values[told], minlength=len(names))

    found = {
        "place": names,
        "people": total(people),
        "won": total(np.where(turned > 0, people, 0)),
        "lost": total(np.where(turned < 0, people, 0)),
    }
    found["gained"] = found["won"] - found["lost"]
    for name in problem.groups:
        found[f"gained_{name}"] = total(np.where(turned, problem.groups[name].to_numpy(float) * turned, 0))
    known = ~np.isnan(before.cost) & ~np.isnan(after.cost)
    known_people = total(np.where(known, people, 0))
    for name, of in (("cost_before", before), ("cost_after", after)):
        sums = total(np.where(known, people * np.where(known, of.cost, 0), 0))
        found[name] = np.divide(sums, known_people, out=np.full(len(names), np.nan), where=known_people > 0)
    frame = pd.DataFrame(found)[columns]
    frame = frame[frame["people"] > 0]
    return frame.sort_values(["won", "lost", "place"], ascending=[False, False, True], ignore_index=True)


def _ways(people: np.ndarray, before: Reach, after: Reach) -> pd.DataFrame:
    known = ~np.isnan(before.cost) & ~np.isnan(after.cost)
    rows = []
    for when, cost in (("before", before.cost), ("after", after.cost)):
        total = float(people[known].sum())
        mean = float((people[known] * cost[known]).sum()) / total if total > 0 else np.nan
        quantiles = {name: reached_by(cost, people, share) for name, share in QUANTILES.items()}
        row = {"when": when, "mean": mean, **quantiles}
        rows.append({**row, "unknown": float(people[np.isnan(cost)].sum())})
    return pd.DataFrame(rows)


def _workload(
    problem: Problem,
    standing: np.ndarray,
    then: np.ndarray,
    before: Reach,
    after: Reach,
    people_a_unit: float,
) -> pd.DataFrame:
    site = np.flatnonzero(standing | then)
    people = np.asarray(problem.people, dtype=float)
    loads = []
    for at in (before.site, after.site):
        has = at >= 0
        loads.append(np.bincount(at[has], weights=people[has], minlength=problem.sites)[site])
    is_candidate = site >= problem.standing
    # A site that is shut has no workload: not one of 0.
    now, later = np.where(standing[site], loads[0], np.nan), np.where(then[site], loads[1], np.nan)
    return pd.DataFrame(
        {
            "site": site,
            "candidate": is_candidate,
            "position": np.where(is_candidate, site - problem.standing, site),
            "state": np.select([~standing[site], ~then[site]], ["opens", "closes"], "stays"),
            "people_before": now,
            "people_after": later,
            "change": loads[1] - loads[0],
            "above_before": now > people_a_unit,
            "above_after": later > people_a_unit,
        }
    )
