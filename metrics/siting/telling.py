"""A proposal as plain tables, with names: what pages show and files hold. Codes for what has words of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from metrics.coverage.earth import earth_xyz
from metrics.siting.asking import EVERYONE, Answer

STATES = ("won", "lost", "beyond", "within")
_OPENED = "new"


def proposal_tables(answer: Answer) -> dict[str, pd.DataFrame]:
    """The tables of a proposal, by name. Numbers of people are Int64 (missing: not known), ways float metres.

    sites     one row a site that opens: site (id), name, source, place (the village there), lon, lat, replaces (code of the unit
              that moves there; None), people who would have it nearest, and <band> of them; won: people who come within
              the rule there, and won_<band>
    groups    group (people and bands), people, within_before, within_after, gained, won, lost
    places    place, people, won, lost, gained, gained_<band>, metres_before, metres_after: where anything changes
    ways      when (before, after), mean, median, ninth, unknown
    workload  one row a unit and site: code (id of a site), name, kind (``new`` of a site), state (stays, closes, opens),
              people_before, people_after, change, above_before, above_after: of clinics and sites alone, with the rule's number
    points    where people live for whom anything changes: point, cell, lon, lat, name, village, people, <band>, state (STATES), before
              and after (name of the nearest), metres_before, metres_after
    ladder    as ``Answer.ladder``; empty for a plan made by hand
    """
    return {
        "sites": _sites(answer),
        "groups": _counted(answer.proposal.groups, but=("group",)),
        "places": _places(answer),
        "ways": answer.proposal.ways.astype({"unknown": "Int64"}),
        "workload": _workload(answer),
        "points": _points(answer),
        "ladder": _ladder(answer),
    }


def cell_states(answer: Answer) -> pd.DataFrame:
    """cell, people, won, lost, beyond (people beyond the rule then), state (the first of STATES that anyone in it is in).

    One row a cell in which anyone lives.
    """
    where = answer.setting
    people = where.points["people"].to_numpy(float)[answer.setting.base.row]
    now, then = answer.proposal.before.within, answer.proposal.after.within
    frame = pd.DataFrame(
        {
            "cell": where.points["cell"].to_numpy()[answer.setting.base.row],
            "people": people,
            "won": np.where(then & ~now, people, 0),
            "lost": np.where(now & ~then, people, 0),
            "beyond": np.where(~then, people, 0),
        }
    )
    sums = frame.groupby("cell", as_index=False).sum()
    state = np.select([sums["won"] > 0, sums["lost"] > 0, sums["beyond"] > 0], STATES[:3], STATES[3])
    return _counted(sums.assign(state=state), but=("cell", "state"))


def _sites(answer: Answer) -> pd.DataFrame:
    where, found = answer.setting, answer.proposal
    problem = where.base.problem
    opened = np.array(found.opened, dtype=np.int64)
    sites = answer.sites.iloc[opened].reset_index(drop=True)
    at = opened + problem.standing
    replaces = {to: where.units["code"].iloc[unit] for unit, to in found.moved}
    frame = pd.DataFrame(
        {
            "site": sites["id"],
            "name": sites["name"],
            "source": sites["source"],
            "place": _place_of(answer, sites),
            "lon": sites["lon"].astype(float),
            "lat": sites["lat"].astype(float),
            "replaces": pd.Series([replaces.get(one) for one in found.opened], dtype=object),
        }
    )
    counts = {EVERYONE: np.asarray(problem.people, float)}
    counts |= {name: problem.groups[name].to_numpy(float) for name in where.bands}
    won = found.after.within & ~found.before.within
    for name, of in counts.items():
        frame[name] = [of[found.after.site == site].sum() for site in at]
    for name, of in counts.items():
        told = "won" if name == EVERYONE else f"won_{name}"
        frame[told] = [of[won & (found.after.site == site)].sum() for site in at]
    words = ("site", "name", "source", "place", "lon", "lat", "replaces")
    return _counted(frame, but=words)


def _place_of(answer: Answer, sites: pd.DataFrame) -> np.ndarray:
    """The village of the nearest point where anybody lives; None where it is not known."""
    points = answer.setting.points
    if sites.empty:
        return np.empty(0, dtype=object)
    tree = cKDTree(earth_xyz(points["lon"].to_numpy(float), points["lat"].to_numpy(float)))
    _, near = tree.query(earth_xyz(sites["lon"].to_numpy(float), sites["lat"].to_numpy(float)))
    return points["place"].to_numpy(object)[near]


def _places(answer: Answer) -> pd.DataFrame:
    found = answer.proposal.places.rename(
        columns={"cost_before": "metres_before", "cost_after": "metres_after"}
    )
    return _counted(found, but=("place", "metres_before", "metres_after"))


def _workload(answer: Answer) -> pd.DataFrame:
    where, found = answer.setting, answer.proposal.workload
    candidate, position = found["candidate"].to_numpy(bool), found["position"].to_numpy(np.int64)

    def named(of_units: str, of_sites: str) -> list[str]:
        units, sites = where.units[of_units].to_numpy(), answer.sites[of_sites].to_numpy()
        return [sites[place] if new else units[place] for new, place in zip(candidate, position, strict=True)]

    kind = where.units["kind"].to_numpy()
    kinds = [_OPENED if new else kind[place] for new, place in zip(candidate, position, strict=True)]
    ruled = np.isin(np.array(kinds, dtype=object), ("clinic", _OPENED))
    frame = pd.DataFrame(
        {
            "code": named("code", "id"),
            "name": named("name", "name"),
            "kind": kinds,
            "state": found["state"],
            "people_before": found["people_before"],
            "people_after": found["people_after"],
            "change": found["change"],
            "above_before": found["above_before"].to_numpy(bool) & ruled,
            "above_after": found["above_after"].to_numpy(bool) & ruled,
        }
    )
    for name in ("people_before", "people_after", "change"):
        frame[name] = frame[name].round().astype("Int64")
    return frame


def _points(answer: Answer) -> pd.DataFrame:
    where, found = answer.setting, answer.proposal
    before, after = found.before, found.after
    changed = np.flatnonzero((before.within != after.within) | (before.site != after.site))
    rows = where.points.iloc[where.base.row[changed]].reset_index(drop=True)
    now, then = before.within[changed], after.within[changed]
    state = np.select([then & ~now, now & ~then, ~then], STATES[:3], STATES[3])
    names = np.concatenate(
        [where.units["name"].to_numpy(object), answer.sites["name"].to_numpy(object), [None]]
    )
    return pd.DataFrame(
        {
            **{name: rows[name] for name in ("point", "cell", "lon", "lat", "name", "village")},
            **{name: rows[name].astype("Int64") for name in (EVERYONE, *where.bands)},
            "state": state,
            "before": names[before.site[changed]],  # -1: the last, which is None
            "metres_before": before.cost[changed],
            "after": names[after.site[changed]],
            "metres_after": after.cost[changed],
        }
    )


def _ladder(answer: Answer) -> pd.DataFrame:
    if answer.ladder is None:
        return pd.DataFrame(columns=["new", "value", "bound", "exact", "won", "beyond", "mean_m", "added"])
    return answer.ladder


def _counted(frame: pd.DataFrame, but: tuple[str, ...]) -> pd.DataFrame:
    """Numbers of people as whole numbers."""
    counts = [name for name in frame.columns if name not in but]
    return frame.assign(**{name: frame[name].astype(float).round().astype("Int64") for name in counts})
