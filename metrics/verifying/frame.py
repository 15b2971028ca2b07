"""Whom a sample is drawn from: the people whom a figure counts in its numerator, by the card's own rule.

The same rule, unit, month and state of knowledge as the published figure, so that the frame is as long as the numerator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, Select, and_, func, null, select

from data.store import Snapshot, Store, read_frame
from metrics import published
from metrics.card import Basis, Card, Direction, Form, Gap, Unit
from metrics.cards import CARDS
from metrics.context import Horizon, named_tables, prepare, rules_of
from metrics.gaps import first_month_of, last_rules, persons_of, units_below
from metrics.principal import NotAllowedError, Principal
from metrics.verifying.errors import VerifyError
from metrics.verifying.evidence import RULES, speaking
from metrics.verifying.planning import strata

#: What is measured on the map nobody can be asked.
_MAP = {"reach", "unit_near"}


@dataclass(frozen=True)
class Reported:
    """A unit's figure when the sample is drawn."""

    numerator: int
    denominator: int | None


@dataclass(frozen=True, eq=False)
class Frame:
    """The people counted, and what their figures say.

    counted  person, unit, doctor (None: not said), day, entered_on (None), day_services, typed_rows; by unit and person
    parents  unit -> the unit above, of the unit that is checked (None) and all below it
    figures  unit -> Reported, of those that have a figure
    """

    counted: pd.DataFrame
    parents: Mapping[int, int | None]
    figures: Mapping[int, Reported]
    event: int
    definitions: str


def can_verify(card: Card) -> bool:
    """Whether its figure counts people of whom something good is claimed, each once, so that they can be asked."""
    return (
        card.is_personal
        and card.unit is Unit.PERCENT
        and card.gap in (Gap.PERSONS, Gap.THINGS)
        and card.direction is Direction.HIGHER
        and card.form is Form.INDICATOR
        and card.alert is None
        and card.derived is None
        and not card.each_level
        and (card.is_events or "n" not in card.numerator.selected_columns)
        and not _MAP & named_tables(rules_of([card]))
    )


def frame(
    known: Snapshot | Store, principal: Principal, key: str, unit: int, month: int, basis: str
) -> Frame:
    """The frame of a figure. Raises NotAllowedError without the right or outside the scope, VerifyError where nobody is counted,
    somebody counts more than once, or figure and records differ."""
    card = CARDS[key]
    parents = require_people(known, principal, card, unit)
    if not can_verify(card):
        raise VerifyError("card")
    units = sorted(parents)
    with known.published() as connection:
        build = connection.execute(
            select(published.build).order_by(published.build.c.build.desc()).limit(1)
        ).one()
        figures = _figures(principal, connection, key, units, month, basis)
    counted = read_counted(
        known, card, units, month, basis, build.event, (build.first_month, build.last_month)
    )
    if counted.empty:
        raise VerifyError("nobody")
    several = counted[counted["times"] != 1]
    if len(several):  # one answer cannot speak for all that they are counted for
        raise VerifyError("several", n=len(several), of=len(counted), times=int(several["times"].sum()))
    if unit not in figures or figures[unit].numerator != len(counted):
        raise VerifyError("differs", n=len(counted))
    return Frame(counted.drop(columns="times"), parents, figures, build.event, build.definitions)


def require_people(
    known: Snapshot | Store, principal: Principal, card: Card, unit: int
) -> dict[int, int | None]:
    """The units at and below one, each with the unit above it (None: the one itself). Raises NotAllowedError unless the
    principal may check and see the people of them all, in the card's system."""
    with known.published() as connection:
        return _parents(principal, connection, card, unit)


def _parents(principal: Principal, connection: Connection, card: Card, unit: int) -> dict[int, int | None]:
    principal.require("verify")
    units = units_below(connection, unit)
    rows = connection.execute(
        select(published.unit.c.unit, published.unit.c.parent).where(published.unit.c.unit.in_(units))
    ).all()
    if not principal.in_charge_of(card.system) or any(one not in principal.persons for one in units):
        raise NotAllowedError(f"{principal.name} may not see the people of unit {unit}")
    return {int(row.unit): None if row.unit == unit else int(row.parent) for row in rows}


def _figures(
    principal: Principal, connection: Connection, key: str, units: list[int], month: int, basis: str
) -> dict[int, Reported]:
    f = published.figure.c
    rows = connection.execute(
        select(f.unit, f.numerator, f.denominator).where(
            f.indicator == key,
            f.month == month,
            f.basis == basis,
            f.stratum == "",
            f.unit.in_(units),
            f.numerator.is_not(None),
            principal.figures.holds(f.unit),
        )
    )
    return {int(row.unit): Reported(int(row.numerator), row.denominator or None) for row in rows}


@dataclass(frozen=True)
class Counts:
    """What a figure says before anything is drawn: the whole's, and people by stratum (``planning.strata``)."""

    numerator: int
    denominator: int | None
    strata: Mapping[int, int]


def counts(
    principal: Principal, connection: Connection, key: str, unit: int, month: int, basis: str, spread: str
) -> Counts | None:
    """How many people could be drawn, from published figures alone; None where the unit has no figure.

    Raises NotAllowedError unless the principal may check and see the people of all units below.
    """
    parents = _parents(principal, connection, CARDS[key], unit)
    figures = _figures(principal, connection, key, sorted(parents), month, basis)
    if unit not in figures:
        return None
    own = {one: figure.numerator for one, figure in figures.items()}
    for one, figure in figures.items():  # a figure holds those of the units below: take them off again
        if parents[one] in own:
            own[parents[one]] -= figure.numerator
    found: dict[int, int] = {}
    for one, stratum in strata(parents, unit, spread).items():
        if own.get(one, 0) > 0:
            found[stratum] = found.get(stratum, 0) + own[one]
    return Counts(figures[unit].numerator, figures[unit].denominator, found)


def read_counted(
    known: Snapshot | Store,
    card: Card,
    units: list[int],
    month: int,
    basis: str,
    event: int,
    months: tuple[int, int],
) -> pd.DataFrame:
    """The columns of ``Frame.counted`` and times (how often somebody counts), as known right after an event."""
    with known.records() as connection:
        horizon, asked = Horizon(*months), Basis(basis)
        rules = [*rules_of([card]), *last_rules(card), *RULES]
        persons = persons_of(connection, units, event)
        prepare(connection, rules, horizon, known_at=event, persons=persons)
        counted = _counted(card, units, month, asked, horizon).subquery()
        names = ("doctor", "day", "entered_on", "day_services", "typed_rows")
        found = speaking(card, month, asked, horizon, counted, units)
        if found is None:
            statement = select(*counted.c, *(null().label(name) for name in names))
        else:
            last = found.subquery()
            joined = counted.outerjoin(
                last, and_(last.c.person == counted.c.person, last.c.unit == counted.c.unit)
            )
            statement = select(*counted.c, *(last.c[name] for name in names)).select_from(joined)
        rows = read_frame(connection, statement.order_by(counted.c.unit, counted.c.person))
    return rows.astype({"person": "int64", "unit": "int64", "times": "int64"})


def _counted(card: Card, units: list[int], month: int, basis: Basis, horizon: Horizon) -> Select:
    """person, unit, times."""
    rule = card.numerator.subquery()
    if card.is_events:
        there = [rule.c.month.between(first_month_of(month, basis, horizon), month), rule.c.n > 0]
        times = func.sum(rule.c.n)
    else:
        there = [rule.c.s <= month, rule.c.e >= month]
        times = func.count()
    return (
        select(rule.c.person, rule.c.unit, times.label("times"))
        .where(rule.c.unit.in_(units), *there)
        .group_by(rule.c.person, rule.c.unit)
    )
