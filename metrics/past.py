"""A figure as it stood on an earlier day: the card's own rule over what was known then.

What was known is what the last event up to the day left in force. For days before the first import, and months of which nothing
had come by then, it is what the sources held: the rows that are known now, less those that were entered after the day. These are not the
same (a later correction shows in the second, and rows without a day of entry count), so an answer always says which of the two it is.

Rules and parameters are today's. Where the book tells, approved populations and units' own reports are those of the day; by days of entry,
which neither has, they are today's. Who may open the list behind a figure may ask: the
answer is read from the same records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data.store import Snapshot, Store, read_frame
from metrics import published
from metrics.card import Card, Change
from metrics.cards import CARDS
from metrics.context import Horizon, prepare, rules_of
from metrics.counting import Frame, count_cards
from metrics.facts import FACTS, Fact, resident
from metrics.figuring import Grids, figures
from metrics.gaps import persons_of
from metrics.horizons import NothingToComputeError
from metrics.late import event_on, events, report_day
from metrics.principal import NotAllowedError, Principal
from metrics.reporting import reports
from metrics.tree import Tree
from metrics.unit_rows import unit_rows

KNOWN, ENTERED = "known", "entered"


@dataclass(frozen=True)
class Standing:
    """A state of knowledge.

    how         KNOWN: what ``event`` left in force; ENTERED: rows known now, entered by ``entered_by``
    event       None: what is known now
    entered_by  None: whenever they were entered
    """

    how: str
    event: int | None = None
    entered_by: date | None = None


@dataclass(frozen=True)
class PastFigure:
    """A figure of one unit and month as it stood on ``day``: numbers as ``published.figure`` has them, None where it has none.

    ``redefined``: rules or parameters have changed since that day; the figure that was shown then may have been another.
    """

    day: date
    standing: Standing
    numerator: int | None
    denominator: int | None
    value: float | None
    status: str  # of ``published.STATUSES``; "" where nothing was known
    redefined: bool


def may_ask(principal: Principal, card: Card, units: Sequence[int]) -> bool:
    """Whether somebody may read the records behind a card's figures of all these units."""
    if card.is_personal:
        return principal.in_charge_of(card.system) and all(unit in principal.persons for unit in units)
    return all(unit in principal.own for unit in units)


def can_tell(card: Card) -> bool:
    """Whether a card's figures can be made of one unit's records: places among others, and changes of figures, cannot."""
    return card.derived is None or card.derived.how is Change.STATISTIC


def days_to_ask(known: Snapshot | Store, month: int, most: int = 12) -> list[date]:
    """Days on which a figure of a month may have become another: the report days from its own on, and the days of imports
    since the month began; the newest ``most``, oldest first, none after the last event."""
    with known.records() as connection:
        book = events(connection)
    if book.empty:
        return []
    last = book["on"].max().date()
    reports_of = [report_day(later) for later in range(month, last.year * 12 + last.month)]
    imports = {day.date() for day in book["on"] if day.date() >= date(month // 12, month % 12 + 1, 1)}
    return sorted({day for day in reports_of if day <= last} | imports)[-most:]


def past_figures(
    known: Snapshot | Store,
    principal: Principal,
    key: str,
    unit: int,
    month: int,
    basis: str,
    days: Sequence[date],
) -> list[PastFigure]:
    """The figure of a month on each of the days. Raises NotAllowedError for whoever may not open the list behind it.

    Costs one count of the unit's people a state of knowledge, whatever the district's size.
    """
    card = CARDS[key]
    if not can_tell(card):
        raise ValueError(f"{key} is made of other figures")
    found: dict[Standing, tuple] = {}
    answers = []
    redefined, horizons = _redefinitions(known), built(known)
    for day in days:
        with known.records() as connection:
            standing = standing_on(connection, month, day, horizons)
        if standing not in found:
            found[standing] = _figure(known, principal, card, unit, month, basis, standing, horizons)
        answers.append(PastFigure(day, standing, *found[standing], _redefined_since(redefined, day)))
    return answers


Built = Mapping[
    int | None, Horizon
]  # event -> for which months a build after it made figures; None: the last build


def built(known: Snapshot | Store) -> Built:
    """The horizons of all builds there were: who is shown the rows of one unit alone cannot tell them from these."""
    table = published.build
    with known.published() as connection:
        rows = connection.execute(
            select(table.c.event, table.c.first_month, table.c.last_month).order_by(table.c.build)
        ).all()
    found = {event: Horizon(first, last) for event, first, last in rows}
    return found | {None: Horizon(*rows[-1][1:])}


def horizon_at(event: int | None, horizons: Built) -> Horizon:
    """For which months figures had been made by an event: by the last build up to it. Raises NothingToComputeError before the first."""
    if event is None:
        return horizons[None]
    upto = [one for one in horizons if one is not None and one <= event]
    if not upto:
        raise NothingToComputeError("那时还没有计算过指标。No figures had been made by then.")
    return horizons[max(upto)]


def standing_on(connection: Connection, month: int, day: date, horizons: Built) -> Standing:
    """What was known of a month on a day: by our own book where it knew of the month by then, else by the days of entry."""
    event = event_on(events(connection), day)
    if event is not None and _knew_of(month, event, horizons):
        return Standing(KNOWN, event)
    return Standing(ENTERED, None, day)


def _knew_of(month: int, event: int, horizons: Built) -> bool:
    try:
        return month in horizon_at(event, horizons).months
    except NothingToComputeError:
        return False


def _figure(
    known: Snapshot | Store,
    principal: Principal,
    card: Card,
    unit: int,
    month: int,
    basis: str,
    standing: Standing,
    horizons: Built,
) -> tuple[int | None, int | None, float | None, str]:
    """numerator, denominator, value, status of one figure."""
    with known.records() as connection:
        rows = figures_then(connection, principal, card, unit, standing, horizons)
    rows = rows[(rows["month"] == month) & (rows["basis"] == basis)]
    if rows.empty:  # the unit was not open then
        return None, None, None, ""
    row = rows.astype(object).where(rows.notna(), None).iloc[0]
    return row["numerator"], row["denominator"], row["value"], row["status"]


def figures_then(
    connection: Connection,
    principal: Principal,
    card: Card,
    unit: int,
    standing: Standing,
    horizons: Built,
) -> pd.DataFrame:
    """Rows of ``published.figure`` of one card and unit, all months and bases, as a build of that state of knowledge gives them.

    Whatever is hidden from others is not marked. Raises NotAllowedError, and NothingToComputeError where nothing was known.
    The connection's temporary tables are this state's afterwards.
    """
    event = standing.event
    units = unit_rows(connection, event)
    below = tree_below(units, unit)
    if not may_ask(principal, card, below):
        raise NotAllowedError(f"{principal.name} may not see the records of unit {unit}")
    horizon = horizon_at(event, horizons)
    frame = Frame(tuple(int(one) for one in units["unit"]), horizon)
    prepare_for(connection, card, below, horizon, standing)
    grids = Grids(count_cards(connection, [card], frame))
    stated = reports(connection, [card], units, horizon, event)
    rows, _ = figures(connection, [card], frame, horizon, units, grids, reports=stated, known_at=event)
    return rows[rows["unit"] == unit].reset_index(drop=True)


def prepare_for(
    connection: Connection,
    card: Card,
    below: Sequence[int],
    horizon: Horizon,
    standing: Standing,
    facts: Mapping[str, Fact] = FACTS,
) -> None:
    """Give the card's rule its meaning in a state of knowledge, for the people of some units. ``facts``: as of ``context.prepare``."""
    rules = rules_of([card])
    if card.statistic is not None:  # the record system's own number of residents may be what is divided by
        rules = [*rules, select(resident.c.person)]
    # Households are counted over whoever shares one, and the work of units has no persons.
    alone = card.is_personal and not card.each_level
    persons = persons_of(connection, list(below), standing.event) if alone else None
    prepare(
        connection,
        rules,
        horizon,
        known_at=standing.event,
        persons=persons,
        entered_by=standing.entered_by,
        facts=facts,
    )


def tree_below(units: pd.DataFrame, unit: int) -> list[int]:
    """A unit and every unit under it, by ``unit_rows``."""
    tree = Tree.of(units)
    numbers = [int(one) for one in units["unit"]]
    if unit not in numbers:
        return [unit]
    inside = np.zeros(len(numbers), dtype=bool)
    inside[numbers.index(unit)] = True
    for place in sorted(range(len(numbers)), key=lambda p: tree.depth[p]):
        parent = tree.parents[place]
        inside[place] |= parent >= 0 and inside[parent]
    return [one for one, chosen in zip(numbers, inside, strict=True) if chosen]


def _redefinitions(known: Snapshot | Store) -> pd.DataFrame:
    """built_at and definitions of every build, oldest first."""
    table = published.build
    with known.published() as connection:
        return read_frame(connection, select(table.c.built_at, table.c.definitions).order_by(table.c.build))


def _redefined_since(builds: pd.DataFrame, day: date) -> bool:
    """Whether the last build up to a day had other rules; False where none was made by then."""
    upto = builds[pd.to_datetime(builds["built_at"]).dt.date <= day]
    return bool(len(upto)) and upto["definitions"].iloc[-1] != builds["definitions"].iloc[-1]
