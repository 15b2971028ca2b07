"""Settlements of the demo: 2025 by the appraisals of its year, and a draft of the year that runs."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from commands.demo_scene import Scene, at_work, dated
from data.demo.written import SINCE, YEAR_BEFORE
from data.register.tables import appraisal_round, settlement
from metrics.appraisal.ground import PUBLISHED
from metrics.funds import settlements
from metrics.funds.scores import scores
from metrics.funds.settling import COEFFICIENT
from metrics.funds.terms import terms_of
from metrics.funds.village import shares
from metrics.principal import LOCAL


def write(scene: Scene, connection: Connection, published: Connection, records: Connection) -> None:
    """What December's payments of 2025 were short of, or too much, after its appraisal; 2026 as far as it is scored."""
    year = YEAR_BEFORE // 12
    number = _newest(connection, YEAR_BEFORE, YEAR_BEFORE)
    terms, score = terms_of(year), scores(LOCAL, connection, number)
    people = settlements.population(LOCAL, published, year)
    people = {unit: persons for unit, persons in people.items() if unit in score}
    already = settlements.paid(LOCAL, records, year)
    lines = settlements.settled(COEFFICIENT, terms, people, score, already, {}, {})
    doctors = shares(LOCAL, published, records, connection, year, terms, lines).lines
    in_ledger = settlements.due_in_ledger(LOCAL, records, year)
    draft = settlements.open_draft(LOCAL, connection, year, COEFFICIENT, number)
    settlements.publish(LOCAL, connection, draft, 1, lines, terms, scene.event, doctors, in_ledger)
    dated(connection, settlement, {"settlement": draft}, published_at=at_work(date(year + 1, 1, 28), 15))
    newest = _newest(connection, SINCE, scene.last_month)
    if newest is not None:
        settlements.open_draft(LOCAL, connection, scene.last_month // 12, COEFFICIENT, newest)


def _newest(connection: Connection, first: int, last: int) -> int | None:
    """The newest published round of centres whose period ends within the months."""
    r = appraisal_round.c
    return connection.execute(
        select(r.round)
        .where(r.sheet == "centre", r.state == PUBLISHED, r.month.between(first, last))
        .order_by(r.month.desc())
        .limit(1)
    ).scalar()
