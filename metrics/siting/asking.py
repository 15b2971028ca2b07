"""From the published map to proposals: what is asked, what is answered, by a solver or by hand.

``setting`` reads what a principal may see; ``case`` adds the sites that are asked about; ``solved`` answers a question,
``by_hand`` says what somebody's own plan does. Both give an ``Answer``, which ``telling`` turns into tables.
Distances are straight lines; people are where they live in the newest month.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from metrics import coverage, figures
from metrics.coverage import About
from metrics.coverage.reach import limit_of
from metrics.principal import Principal
from metrics.siting.capacity import fewest_beyond
from metrics.siting.covering import most_covered
from metrics.siting.median import least_distance
from metrics.siting.posing import Posed, straight_problem, with_sites
from metrics.siting.scenario import Proposal, evaluate, proposal
from metrics.siting.sites import COLUMNS, STOPS, bounded, known_sites, villages_of
from metrics.siting.solving import Solution
from metrics.standards import value_in

COVER, CAPACITY, DISTANCE = "cover", "capacity", "distance"
GOALS = (COVER, CAPACITY, DISTANCE)
EVERYONE = "people"
BANDS = ("people_65", "people_0_6", "floating")
MOST_NEW, MOST_MOVES = 10, 3
MOVABLE = {"clinic": ("clinic",), "station": ("clinic", "station")}
_APART = 2  # times the rule: points of one village's name that lie so far from each other are two villages


@dataclass(frozen=True)
class Question:
    """What is asked.

    goal     cover: most people within the rule; capacity: fewest beyond, when a clinic also serves so many at most;
             distance: shortest ways
    new      how many sites may open, 0 to MOST_NEW
    moves    how many units may close and open elsewhere, 0 to MOST_MOVES; of MOVABLE[movable], and below a centre
    source   where sites come from (``sites.SOURCES``); nothing moves to a stop of a mobile clinic
    who      whom ``cover`` counts: everyone, or a band
    """

    goal: str = COVER
    new: int = 3
    moves: int = 0
    source: str = "villages"
    who: str = EVERYONE
    movable: str = "clinic"

    def __post_init__(self) -> None:
        if self.source == STOPS and self.moves:
            object.__setattr__(self, "moves", 0)
        if self.goal != COVER and self.who != EVERYONE:
            object.__setattr__(self, "who", EVERYONE)


@dataclass(frozen=True)
class Plan:
    """What somebody would do: ids of sites that open, codes of units that close, (code, id) of units that move."""

    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.opened or self.closed or self.moved)


@dataclass(frozen=True, eq=False)
class Setting:
    """The district as a principal may see it.

    points         demand points (``published.point``) with ``place``, the village that they lie in
    units          open units with coordinates: unit, code, name, kind, lon, lat, movable (bool: not the bureau's own)
    sites          every site by any source (``sites.COLUMNS``)
    base           the problem without sites; its limit is the rule and half a metre, as on the map
    bands          those of BANDS that are known of anybody
    people_a_unit  how many people one village clinic serves
    whole          whether this is the whole district, not the units of one principal
    """

    about: About
    points: pd.DataFrame
    units: pd.DataFrame
    sites: pd.DataFrame
    base: Posed
    bands: tuple[str, ...]
    people_a_unit: int
    whole: bool

    @property
    def rule_m(self) -> float:
        return limit_of(self.about.rule_m)

    @property
    def weighable(self) -> tuple[str, ...]:
        """Whom ``cover`` may count: everyone, and the bands that are known of all."""
        groups = self.base.problem.groups
        return (EVERYONE, *(name for name in self.bands if not groups[name].isna().any()))

    def room(self) -> np.ndarray:
        """float64[units]: how many people each serves; the rule's number is a village clinic's, others have no limit."""
        everyone = float(self.base.problem.people.sum())
        return np.where(self.units["kind"] == "clinic", float(self.people_a_unit), everyone)


@dataclass(frozen=True, eq=False)
class Case:
    """A setting with the sites that are asked about (rows of ``setting.sites``, in the order of the problem's candidates);
    ``all_sites``: how many the source has."""

    setting: Setting
    sites: pd.DataFrame
    posed: Posed
    all_sites: int


@dataclass(frozen=True, eq=False)
class Answer:
    """A plan and what it does.

    sites     the sites of the problem; ``proposal.opened`` are positions in it, ``proposal.closed`` in ``setting.units``
    plan      the same in ids and codes
    solution  how good it is; None: made by hand
    ladder    one row a number of new sites up to the one asked: new, value, bound, exact, won, won_<band>, beyond, mean_m
              (of everyone), added (people within the rule more than with one fewer; of ``distance`` metres of the mean less)
    unknown   what the plan names that is not there
    """

    setting: Setting
    sites: pd.DataFrame
    plan: Plan
    proposal: Proposal
    question: Question | None = None
    solution: Solution | None = None
    ladder: pd.DataFrame | None = None
    unknown: tuple[str, ...] = field(default=())


def setting(principal: Principal, connection: Connection) -> Setting | None:
    """None where there is no map, or nobody on it."""
    about = coverage.about(principal, connection)
    if about is None:
        return None
    points = coverage.demand_points(principal, connection)
    if not (points["people"] > 0).any():
        return None
    units = coverage.served_units(principal, connection)
    tree = figures.units(principal, connection)
    units["movable"] = ~units["parent"].isin(tree.loc[tree["kind"] == "bureau", "unit"])
    return made(
        about,
        points,
        units[["unit", "code", "name", "kind", "lon", "lat", "movable"]],
        coverage.ground(connection, "candidates", "stops"),
        principal.figures.everything,
    )


def made(
    about: About, points: pd.DataFrame, units: pd.DataFrame, ground: pd.DataFrame, whole: bool
) -> Setting:
    """The setting of demand points, units and the bureau's own sites (rows of ``published.ground``)."""
    points = points[points["people"] > 0].reset_index(drop=True)
    points["place"] = villages_of(points, _APART * about.rule_m)
    bands = tuple(name for name in BANDS if points[name].notna().any())
    base = straight_problem(points, units, _no_sites(), bands=bands, rule_m=limit_of(about.rule_m))
    return Setting(
        about=about,
        points=points,
        units=units,
        sites=known_sites(points, ground),
        base=base,
        bands=bands,
        people_a_unit=round(value_in("clinic_people", about.month)),
        whole=whole,
    )


def case(where: Setting, source: str) -> Case:
    """The sites of a source, made ready to be asked about; of very many only the most promising (``sites.bounded``)."""
    of = where.sites[where.sites["source"] == source]
    kept = bounded(of, where.points, len(where.units), where.rule_m)
    return Case(where, kept, _posed(where, kept), len(of))


def solved(
    of: Case, question: Question, seconds: float, step: Callable[[int, int], None] | None = None
) -> Answer:
    """The best plan for 1, 2 ... ``question.new`` sites, each its own best one, and the last of them whole.

    seconds  for all of them together; what is not proven by then has a bound. ``step(done, of)`` is told on the way.
    """
    until = time.monotonic() + seconds
    numbers = range(0 if question.moves else min(1, question.new), question.new + 1)
    rungs, before = [], None
    for place, new in enumerate(numbers):
        if step is not None:
            step(place, len(numbers))
        share = max(0.1, (until - time.monotonic()) / (len(numbers) - place))
        solution = _at_least(_solution(of, question, new, share), before)
        found = proposal(of.posed.problem, solution, people_a_unit=of.setting.people_a_unit)
        rungs.append((new, solution, found))
        before = solution
    _, solution, found = rungs[-1]
    return Answer(
        setting=of.setting,
        sites=of.sites,
        plan=_plan(of, found),
        proposal=found,
        question=question,
        solution=solution,
        ladder=_ladder(of.setting, question, rungs),
    )


def by_hand(where: Setting, plan: Plan) -> Answer:
    """What a plan does. What it names that is not there, or twice, is left out and reported in ``unknown``."""
    position = {identifier: place for place, identifier in enumerate(where.sites["id"])}
    number = {code: place for place, code in enumerate(where.units["code"])}
    unknown: list[str] = []
    rows: list[int] = []
    used: set[str] = set()

    def site(identifier: str) -> int | None:
        if identifier not in position or identifier in used:
            unknown.append(identifier)
            return None
        used.add(identifier)
        rows.append(position[identifier])
        return len(rows) - 1

    def unit(code: str) -> int | None:
        if code not in number or code in used:
            unknown.append(code)
            return None
        used.add(code)
        return number[code]

    moves, told = [], []
    for code, identifier in plan.moved:
        there = code in number and code not in used and identifier in position and identifier not in used
        if not there:
            unknown.append(f"{code}>{identifier}")
            continue
        moves.append((unit(code), site(identifier)))
        told.append((code, identifier))
    opened = [place for one in plan.opened if (place := site(one)) is not None]
    closed = [place for one in plan.closed if (place := unit(one)) is not None]
    sites = where.sites.iloc[rows].reset_index(drop=True)
    found = evaluate(_posed(where, sites).problem, opened, closed, moves, people_a_unit=where.people_a_unit)
    taken = Plan(
        tuple(sites["id"].iloc[place] for place in opened),
        tuple(where.units["code"].iloc[place] for place in closed),
        tuple(told),
    )
    return Answer(where, sites, taken, found, unknown=tuple(unknown))


def _no_sites() -> pd.DataFrame:
    return pd.DataFrame(columns=COLUMNS).astype({"lon": float, "lat": float})


def _posed(where: Setting, sites: pd.DataFrame) -> Posed:
    """The problem with these sites as its candidates."""
    posed = with_sites(where.base, where.points, sites)
    return replace(posed, problem=replace(posed.problem, candidates=sites))


def _solution(of: Case, question: Question, new: int, seconds: float) -> Solution:
    problem, where = of.posed.problem, of.setting
    kinds = MOVABLE[question.movable]
    movable = np.flatnonzero(where.units["kind"].isin(kinds) & where.units["movable"]).tolist()
    budget = {"moves": question.moves, "movable": movable, "seconds": seconds}
    if question.goal == COVER:
        weights = None if question.who == EVERYONE else {question.who: 1.0}
        return most_covered(problem, new, weights=weights, **budget)
    if question.goal == CAPACITY:
        return fewest_beyond(problem, new, where.people_a_unit, room=where.room(), **budget)
    return least_distance(problem, new, **budget)


def _at_least(found: Solution, before: Solution | None) -> Solution:
    """Time may end before a larger number is as good as the smaller one: then the smaller one's plan stands."""
    if before is None or found.value >= before.value:
        return found
    return replace(
        found,
        chosen=before.chosen,
        closed=before.closed,
        value=before.value,
        exact=found.bound <= before.value,
    )


def _plan(of: Case, found: Proposal) -> Plan:
    return Plan(
        tuple(of.sites["id"].iloc[place] for place in found.opened),
        tuple(of.setting.units["code"].iloc[place] for place in found.closed),
    )


def _ladder(where: Setting, question: Question, rungs: list[tuple[int, Solution, Proposal]]) -> pd.DataFrame:
    rows = []
    for new, solution, found in rungs:
        groups, ways = found.groups.set_index("group"), found.ways.set_index("when")
        row = {
            "new": new,
            "value": float(solution.value),
            "bound": float(solution.bound),
            "exact": bool(solution.exact),
            "won": float(groups.loc[EVERYONE, "gained"]),
            **{f"won_{name}": float(groups.loc[name, "gained"]) for name in where.bands},
            "beyond": found.beyond_after,
            "mean_m": float(ways.loc["after", "mean"]),
        }
        rows.append(row)
    frame = pd.DataFrame(rows)
    people = float(where.base.problem.people.sum())
    measure = frame["value"] / (people if question.goal == DISTANCE and people else 1)
    frame["added"] = measure.diff().fillna(measure)
    return frame


def bound_people(answer: Answer) -> int | None:
    """No plan wins more people (of those whom the goal counts) than this; None: it is proven that none wins more than
    this one does, or the goal is no number of people."""
    solution, question = answer.solution, answer.question
    if solution is None or question is None or solution.exact or question.goal == DISTANCE:
        return None
    return math.floor(solution.bound + 1e-6)
