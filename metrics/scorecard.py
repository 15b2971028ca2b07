"""The scorecard of a unit: everything that its director is told on one page, gathered once for screen and paper.

Points are whole hundredths, shares 0..1, missing numbers NaN. Peers are published scores of units; nobody is named.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
from sqlalchemy import Connection, select

from data.register.tables import appraisal_result, appraisal_round
from metrics import figures
from metrics.appraisal import rounds
from metrics.appraisal.restoring import losses
from metrics.appraisal.scoring import MANUAL, Line
from metrics.appraisal.sheet import Item, Sheet
from metrics.card import Card, Gap, Unit
from metrics.cards import CARDS
from metrics.duties import done_periods, duty_keys, periods_of_year
from metrics.principal import Principal
from metrics.reading import children, within
from metrics.supervision.ageing import ageing
from metrics.wording import short_names

YEAR, QUARTER = 12, 3  # months
FIGURES = 6  # by which stations stand side by side


@dataclass(frozen=True)
class Scored:
    """The published score of a unit in a round, after appeals.

    rank, peers              among the units of its kind in the district (None: not ranked)
    parent_rank, parent_peers  among those under the same unit
    """

    round: int
    sheet: Sheet
    month: int  # last of the period
    period: str
    points: int
    full: int
    grade: str | None
    veto: str | None
    rank: int | None
    peers: int | None
    parent_rank: int | None
    parent_peers: int | None


@dataclass(frozen=True)
class Peer:
    """The published score of a unit of the same kind under the same unit."""

    unit: int
    points: int
    rank: int | None


@dataclass(frozen=True)
class Moved:
    """An item that moved the score: points lost less, or won more as a bonus, than in the round before.

    What is lost is compared, not what is won: a weight that came from an item that does not apply moves nothing.
    ``then`` and ``now`` are the lines; None: the sheet did not have the item.
    """

    item: Item
    change: int
    then: Line | None
    now: Line | None


@dataclass(frozen=True)
class Cost:
    """An item that cost points, and what would win them back (see ``metrics.appraisal.restoring.losses``).

    quarter, year  points lost in the round before and in that of a year before; None: there was none
    trend          the last thirteen months of the card, oldest first; empty without a card
    """

    item: Item
    lost: int
    points: int
    way: str
    needed: float
    line: Line
    quarter: int | None
    year: int | None
    trend: tuple[float, ...]


@dataclass(frozen=True)
class Value:
    """A published figure with its judgement."""

    value: float
    status: str
    judgement: str


@dataclass(frozen=True)
class Station:
    """A unit below: its published score, if it has one, key figures by card, findings that are open."""

    unit: int
    score: Scored | None
    values: Mapping[str, Value]
    open: int
    overdue: int


@dataclass(frozen=True)
class Finding:
    """A finding that is not closed, without the names in it."""

    number: int
    unit: int
    kind: str
    severity: str
    state: str
    due_on: date
    days_left: int  # below 0: overdue by so many


@dataclass(frozen=True)
class Duty:
    """A duty whose period ends in the month: how many units did it of those that owe it; None: nothing is known."""

    key: str
    done: int | None
    owed: int | None

    @property
    def is_done(self) -> bool:
        return self.owed is not None and self.done >= self.owed


@dataclass(frozen=True)
class Work:
    """An indicator that is behind: how many are missing, and how many a month until the year's end."""

    key: str
    value: float
    target: float
    missing: float
    per_month: float
    last_year: float
    trend: tuple[float, ...]


@dataclass(frozen=True)
class Scorecard:
    """One unit in one month.

    score             of the newest round published up to the month that scored the unit; None: none did
    quarter, year     its score in the round before, and in that of a year before
    peers             by rank; the unit itself among them
    moved, costs      the largest first
    columns           cards of ``Station.values`` and ``whole``, the unit's own figures
    stations          lowest score first, those without one last and of these the ones behind most often first
    findings          of the unit and those below it, the most urgent first; open on ``today``
    duties            not done first
    work              the most people missing first
    """

    unit: int
    kind: str
    month: int
    today: date
    names: Mapping[int, str]  # of the unit, its peers, and those below
    short: Mapping[int, str]  # of stations, without the ending that they share
    score: Scored | None
    quarter: Scored | None
    year: Scored | None
    peers: tuple[Peer, ...]
    moved: tuple[Moved, ...]
    costs: tuple[Cost, ...]
    columns: tuple[str, ...]
    whole: Mapping[str, Value]
    stations: tuple[Station, ...]
    findings: tuple[Finding, ...]
    duties: tuple[Duty, ...]
    work: tuple[Work, ...]

    def against(self, before: Scored | None) -> int | None:
        """Points more, or less, than in a score before; None where the two cannot be compared."""
        if before is None or self.score is None or before.full != self.score.full:
            return None
        return self.score.points - before.points

    def moved_by_others(self, shown: int) -> int:
        """What the items after the first ``shown`` of ``moved`` came to."""
        return sum(one.change for one in self.moved[shown:])

    @property
    def ahead(self) -> Peer | None:
        """The nearest peer that stands before the unit; None where nobody does."""
        mine = next((one for one in self.peers if one.unit == self.unit), None)
        if mine is None or mine.rank is None:
            return None
        better = [one for one in self.peers if one.rank is not None and one.rank < mine.rank]
        return better[-1] if better else None

    @property
    def overdue(self) -> int:
        return sum(one.days_left < 0 for one in self.findings)


def gather(
    principal: Principal,
    published: Connection,
    register: Connection,
    unit: int,
    month: int,
    today: date,
    standing: pd.DataFrame | None = None,
) -> Scorecard:
    """The scorecard of a unit. Raises LookupError when the unit is out of scope.

    ``standing``: what ``metrics.figures.standing`` says of the unit and month on all cards, where it is known already.
    """
    tree = figures.units(principal, published)
    if unit not in set(tree["unit"]):
        raise LookupError(f"no unit {unit} in scope")
    if standing is None:
        standing = figures.standing(principal, published, unit, month, CARDS)
    below, among = children(tree, unit), within(tree, unit)
    score = _newest(principal, register, unit, month)
    quarter, year = (_before(principal, register, score, unit, months) for months in (None, YEAR))
    lines, lines_before, lines_year = (
        _lines(principal, register, one, unit) for one in (score, quarter, year)
    )
    behind = standing[[figures.is_ranking(CARDS[key]) for key in standing.index]]
    behind = figures.worst_first(behind[behind["judgement"] == "below"], CARDS)
    lost = losses(score.sheet, list(lines.values())) if score else pd.DataFrame()
    trends = _trends(principal, published, unit, month, score, lost, behind)
    costs = _costs(score, lost, lines, lines_before, lines_year, trends)
    columns, cells = _side_by_side(principal, published, unit, month, below, costs, standing)
    findings = _findings(principal, register, among, today)
    stations = _stations(principal, register, below, month, cells, findings, tree)
    peers = _peers(principal, register, score, unit)
    named = {*among, *(one.unit for one in peers)}
    return Scorecard(
        unit=unit,
        kind=tree.set_index("unit").at[unit, "kind"],
        month=month,
        today=today,
        names={int(row.unit): row.name for row in tree.itertuples() if row.unit in named},
        short=short_names(tree[tree["unit"].isin([one.unit for one in stations])]),
        score=score,
        quarter=quarter,
        year=year,
        peers=peers,
        moved=_moved(score, quarter, lines, lines_before),
        costs=costs,
        columns=columns,
        whole={key: _value(standing.loc[key]) for key in columns},
        stations=stations,
        findings=findings,
        duties=_duties(principal, published, tree, unit, month),
        work=tuple(
            Work(
                key,
                row.value,
                row.target,
                row.missing,
                row.per_month,
                row.last_year,
                trends.get(key, ()),
            )
            for key, row in behind.iterrows()
            if CARDS[key].gap is not Gap.NONE or not CARDS[key].is_ratio  # of money a head nobody is missing
        ),
    )


# -- the score -------------------------------------------------------------------------------------


def _newest(principal: Principal, register: Connection, unit: int, month: int) -> Scored | None:
    """The score of the newest round published up to a month that scored the unit itself."""
    if unit not in principal.figures:
        return None
    r, result = appraisal_round.c, appraisal_result.c
    statement = (
        select(r.round)
        .join(appraisal_result, result.round == r.round)
        .where(
            result.unit == unit,
            result.staff_no == "",
            r.state == rounds.PUBLISHED,
            r.subject == "unit",
            r.month <= month,
        )
        .order_by(r.month.desc(), r.round.desc())
        .limit(1)
    )
    number = register.execute(statement).scalar()
    return None if number is None else _scores(principal, register, number, [unit]).get(unit)


def _before(
    principal: Principal, register: Connection, score: Scored | None, unit: int, months: int | None
) -> Scored | None:
    number = score and rounds.previous(principal, register, score.round, months)
    return _scores(principal, register, number, [unit]).get(unit) if number else None


def _scores(
    principal: Principal, register: Connection, number: int, among: Sequence[int]
) -> dict[int, Scored]:
    row = rounds.round_of(register, number)
    table = rounds.results(principal, register, number)
    return {
        int(one.unit): Scored(
            round=int(number),
            sheet=rounds.sheet_of(row),
            month=int(row["month"]),
            period=row["period"],
            points=int(one.final),
            full=int(one.full),
            grade=one.final_grade if isinstance(one.final_grade, str) else None,
            veto=one.final_veto if isinstance(one.final_veto, str) else None,
            rank=_whole(one.final_rank),
            peers=_whole(one.final_peers),
            parent_rank=_whole(one.final_parent_rank),
            parent_peers=_whole(one.final_parent_peers),
        )
        for one in table[table["unit"].isin(list(among))].itertuples()
    }


def _lines(principal: Principal, register: Connection, score: Scored | None, unit: int) -> dict[str, Line]:
    """The lines of a score by item, each with the points that it has after appeals."""
    if score is None:
        return {}
    found = {}
    for row in rounds.lines(principal, register, score.round, unit).itertuples():
        line = rounds.as_line(row)
        found[line.item] = (
            line if math.isnan(row.second) else replace(line, state=MANUAL, points=int(row.second))
        )
    return found


def _moved(
    score: Scored | None,
    before: Scored | None,
    now: Mapping[str, Line],
    then: Mapping[str, Line],
) -> tuple[Moved, ...]:
    """Every item that moved the score, the largest change first."""
    if score is None or before is None or before.full != score.full:
        return ()
    items = {item.key: item for sheet in (before.sheet, score.sheet) for item in sheet.items}
    every = [
        Moved(item, _worth(now.get(key), item) - _worth(then.get(key), item), then.get(key), now.get(key))
        for key, item in items.items()
    ]
    return tuple(sorted((one for one in every if one.change), key=lambda one: -abs(one.change)))


def _worth(line: Line | None, item: Item) -> int:
    """What a line adds to the full points."""
    if line is None:
        return 0
    return -line.lost if item.is_weighed else line.points or 0


def _costs(
    score: Scored | None,
    lost: pd.DataFrame,
    now: Mapping[str, Line],
    quarter: Mapping[str, Line],
    year: Mapping[str, Line],
    trends: Mapping[str, tuple[float, ...]],
) -> tuple[Cost, ...]:
    if score is None:
        return ()
    found = []
    for row in lost.itertuples():
        item = score.sheet.item(row.item)
        then = [lines[row.item].lost if row.item in lines else None for lines in (quarter, year)]
        trend = trends.get(item.card, ()) if item.card else ()
        found.append(
            Cost(item, int(row.lost), int(row.points), row.way, row.needed, now[row.item], *then, trend)
        )
    return tuple(found)


def _peers(principal: Principal, register: Connection, score: Scored | None, unit: int) -> tuple[Peer, ...]:
    """The published scores of the round, of units of the same kind under the same unit."""
    if score is None:
        return ()
    table = rounds.results(principal, register, score.round)
    mine = table[table["unit"] == unit].iloc[0]
    same_parent = table["parent"].isna() if math.isnan(mine.parent) else table["parent"] == mine.parent
    table = table[(table["kind"] == mine.kind) & same_parent]
    found = [Peer(int(one.unit), int(one.final), _whole(one.final_parent_rank)) for one in table.itertuples()]
    return tuple(sorted(found, key=lambda one: (one.rank is None, one.rank, one.unit)))


# -- figures ---------------------------------------------------------------------------------------


def _trends(
    principal: Principal,
    published: Connection,
    unit: int,
    month: int,
    score: Scored | None,
    lost: pd.DataFrame,
    behind: pd.DataFrame,
) -> dict[str, tuple[float, ...]]:
    of_items = [score.sheet.item(key).card for key in lost["item"]] if score else []
    cards = {key: CARDS[key] for key in (*of_items, *behind.index) if key in CARDS}
    lines = figures.sparks(principal, published, unit, month, cards) if cards else {}
    return {key: tuple(line) for key, line in lines.items()}


def _side_by_side(
    principal: Principal,
    published: Connection,
    unit: int,
    month: int,
    below: Sequence[int],
    costs: Sequence[Cost],
    standing: pd.DataFrame,
) -> tuple[tuple[str, ...], dict[int, dict[str, Value]]]:
    """The shares by which the units below stand side by side, and their figures.

    First those that cost the unit most, then its headline figures; those that most of the units have.
    """
    asked = [key for key in _candidates(costs, standing) if _is_shared(CARDS[key])]
    if not below or not asked:
        return (), {}
    matrix = figures.matrix(principal, published, unit, month, {key: CARDS[key] for key in asked})
    known = matrix[matrix["value"].notna()].groupby("indicator").size()
    most = known.max() / 2 if len(known) else 0
    columns = tuple(key for key in asked if known.get(key, 0) >= max(most, 1))[:FIGURES]
    cells: dict[int, dict[str, Value]] = {}
    for row in matrix[matrix["indicator"].isin(columns)].itertuples():
        cells.setdefault(int(row.unit), {})[row.indicator] = _value(row)
    return columns, cells


def _candidates(costs: Sequence[Cost], standing: pd.DataFrame) -> list[str]:
    headline = [
        key for key in figures.headline(standing, CARDS, 4 * FIGURES) if CARDS[key].gap is Gap.PERSONS
    ]
    keys = dict.fromkeys((*(one.item.card for one in costs[: 2 * FIGURES]), *headline))
    return [
        key
        for key in keys
        if key in standing.index and CARDS[key].unit is Unit.PERCENT and figures.is_ranking(CARDS[key])
    ]


def _is_shared(card: Card) -> bool:
    """Whether units below a centre have the figure too."""
    return card.kinds is None or bool({"station", "clinic"} & set(card.kinds))


def _stations(
    principal: Principal,
    register: Connection,
    below: Sequence[int],
    month: int,
    cells: Mapping[int, Mapping[str, Value]],
    findings: Sequence[Finding],
    tree: pd.DataFrame,
) -> tuple[Station, ...]:
    if not below:
        return ()
    scores = _of_stations(principal, register, below, month)
    found = []
    for one in below:
        mine = [finding for finding in findings if finding.unit in within(tree, one)]
        overdue = sum(finding.days_left < 0 for finding in mine)
        found.append(Station(one, scores.get(one), cells.get(one, {}), len(mine), overdue))
    # Who has neither a score nor a figure was closed or never began: nothing to show side by side.
    found = [
        one
        for one in found
        if one.score or one.open or any(not math.isnan(value.value) for value in one.values.values())
    ]
    return tuple(sorted(found, key=_weakest_first))


def _weakest_first(one: Station) -> tuple[bool, int, int]:
    behind = sum(value.judgement == "below" for value in one.values.values())
    return one.score is None, one.score.points if one.score else 0, -behind


def _of_stations(
    principal: Principal, register: Connection, below: Sequence[int], month: int
) -> dict[int, Scored]:
    """Scores of units by the newest round published up to a month that scored any of them."""
    r, result = appraisal_round.c, appraisal_result.c
    statement = (
        select(r.round)
        .join(appraisal_result, result.round == r.round)
        .where(
            result.unit.in_(list(below)),
            result.staff_no == "",
            r.state == rounds.PUBLISHED,
            r.subject == "unit",
            r.month <= month,
        )
        .order_by(r.month.desc(), r.round.desc())
        .limit(1)
    )
    number = register.execute(statement).scalar()
    return {} if number is None else _scores(principal, register, number, below)


def _value(row) -> Value:
    return Value(float(row.value), row.status, row.judgement)


# -- what is open, what is due ---------------------------------------------------------------------


def _findings(
    principal: Principal, register: Connection, among: Sequence[int], today: date
) -> tuple[Finding, ...]:
    rows = ageing(principal, register, today)
    return tuple(
        Finding(
            number=int(row.finding),
            unit=int(row.unit),
            kind=row.kind,
            severity=row.severity,
            state=row.state,
            due_on=row.due_on,
            days_left=int(row.days_left),
        )
        for row in rows[rows["unit"].isin(list(among))].itertuples()
    )


def _duties(
    principal: Principal, published: Connection, tree: pd.DataFrame, unit: int, month: int
) -> tuple[Duty, ...]:
    kinds = set(tree.loc[tree["unit"].isin(within(tree, unit)), "kind"])
    year = month // YEAR
    rows = done_periods(principal, published, (unit,), year, month)
    known = {row.indicator: row for row in rows[rows["month"] == month].itertuples()}
    found = []
    for key in duty_keys():
        if not any(last == month for _, last in periods_of_year(key, kinds, year)):
            continue
        row = known.get(key)
        found.append(Duty(key, int(row.done), int(row.owed)) if row else Duty(key, None, None))
    return tuple(sorted(found, key=lambda one: (one.is_done, one.owed is None)))


def _whole(number: float) -> int | None:
    return None if pd.isna(number) else int(number)
