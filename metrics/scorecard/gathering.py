"""Everything that a unit's director is told on one page, gathered once for screen and paper."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Connection

from metrics import figures
from metrics.appraisal.restoring import losses
from metrics.card import Gap
from metrics.cards import CARDS
from metrics.principal import Principal
from metrics.reading import children, within
from metrics.scorecard.card import Scorecard
from metrics.scorecard.due import duties_of, findings_of
from metrics.scorecard.parts import Work
from metrics.scorecard.points import costs_of, moved_items
from metrics.scorecard.scores import before, lines_of, newest, peers_of
from metrics.scorecard.side_by_side import side_by_side, stations_of, trends_of, value_of
from metrics.wording import short_names

YEAR = 12  # months


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
    score = newest(principal, register, unit, month)
    quarter, year = (before(principal, register, score, unit, months) for months in (None, YEAR))
    lines, lines_before, lines_year = (
        lines_of(principal, register, one, unit) for one in (score, quarter, year)
    )
    behind = standing[[figures.is_ranking(CARDS[key]) for key in standing.index]]
    behind = figures.worst_first(behind[behind["judgement"] == "below"], CARDS)
    lost = losses(score.sheet, list(lines.values())) if score else pd.DataFrame()
    trends = trends_of(principal, published, unit, month, score, lost, behind)
    costs = costs_of(score, lost, lines, lines_before, lines_year, trends)
    columns, cells = side_by_side(principal, published, unit, month, below, costs, standing)
    findings = findings_of(principal, register, among, today)
    stations = stations_of(principal, register, below, month, cells, findings, tree)
    peers = peers_of(principal, register, score, unit)
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
        moved=moved_items(score, quarter, lines, lines_before),
        costs=costs,
        columns=columns,
        whole={key: value_of(standing.loc[key]) for key in columns},
        stations=stations,
        findings=findings,
        duties=duties_of(principal, published, tree, unit, month),
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
