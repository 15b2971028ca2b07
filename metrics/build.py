"""A build: records in, published figures out, whole or not at all.

``build`` counts every card (or, after an import, only what the changed rows can have changed),
shapes the counts into figures and publishes them with everything else that pages show.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from sqlalchemy import Connection, delete, func, inspect, select

from data import records
from data.geometry.folder import FOLDER as GEOMETRY
from data.geometry.folder import read_geometry
from data.hashing import Hasher
from data.identity import telephones
from data.register import exists, open_register
from data.store import BUSY, Snapshot, Store, StoreError, bulk_insert, bulk_select, create_missing
from metrics import published, standards
from metrics.by_source import source_figures
from metrics.card import Card
from metrics.cards import CARDS
from metrics.changing.kept import kept
from metrics.changing.marking import NOTHING as NOBODY
from metrics.changing.marking import rebasing
from metrics.changing.notices import notices_in
from metrics.changing.noticing import notice_rows
from metrics.context import Horizon, prepare, rules_of, text_of
from metrics.counting import Frame, count_cards, parts_of
from metrics.coverage import residents
from metrics.coverage.mapping import Wanted, mapped
from metrics.denominators import published_populations
from metrics.figuring import Grids, figures
from metrics.heading.reaching import last_day
from metrics.horizons import SERVICE_TABLES, NothingToComputeError, horizon_of
from metrics.incremental import Changes, changes_since, recount
from metrics.late import late_entry
from metrics.moved import (
    NOTHING,
    drop_outdated,
    drop_unwatched,
    figures_of,
    hide,
    laid_open,
    moved,
    reported_months,
    told,
)
from metrics.reporting import reports
from metrics.spreading import spreads
from metrics.standards import FOLDER, holidays
from metrics.strata import Breakdown, Strata, strata_rules
from metrics.targets import note_targets, target_rows
from metrics.traits import RULES, Axis
from metrics.traits import Grids as Managed
from metrics.tree import Tree
from metrics.truth import publishing as truth
from metrics.unit_rows import unit_rows
from metrics.visiting.weeks import day_over, week_tables

# The published tables of the map.
MAP = ("lattice", "cell", "cell_reach", "cell_access", "point", "served", "ground", "place")

# How often a build starts anew when another one is published before it.
_TRIES = 3

Progress = Callable[[str, float], None]  # what is being done, and the share done so far (0..1)


@dataclass(frozen=True)
class Built:
    """What a build did."""

    number: int
    kind: str  # full, incremental
    figures: int  # rows of published.figure
    seconds: float
    horizon: Horizon


class _OvertakenError(Exception):
    """Another build was published while this one was being made."""


def build(
    store: Store,
    installation,
    progress: Progress = lambda what, share: None,
    *,
    full: bool = False,
    cards: Iterable[Card] | None = None,
) -> Built:
    """Publish the figures of what is known now; incremental where that gives the same digits.

    Everything is read from one snapshot, so an import that lands meanwhile is left to the next build.
    Raises NothingToComputeError when no units or no services are known yet, StoreError when nothing was ever
    imported or others keep publishing first.
    """
    cards = list(CARDS.values() if cards is None else cards)
    for _ in range(_TRIES):
        try:
            return _build(store, installation, progress, cards, full)
        except _OvertakenError:
            continue
    raise StoreError(BUSY)


def _build(store: Store, installation, progress: Progress, cards: list[Card], full: bool) -> Built:
    started = time.perf_counter()
    if error := standards.trouble():
        raise error
    with store.snapshot() as known:
        in_force = _in_force(known)
        with known.records() as connection:
            units = unit_rows(connection)
            if units.empty:
                raise NothingToComputeError(
                    "还没有机构数据，请先导入机构文件。There are no units yet: import the file of units first."
                )
            horizon = horizon_of(connection)
            event = connection.execute(select(func.max(records.event.c.event))).scalar()
            batch = connection.execute(
                select(func.max(records.batch.c.batch)).where(records.batch.c.undone_by.is_(None))
            ).scalar()
            aims = target_rows(CARDS, installation.folder, units)
            definitions = digest(cards)
            before = None if full else _before(known, in_force, definitions)
            changes = changes_since(connection, before.event) if before is not None else None
            frame = Frame(tuple(int(unit) for unit in units["unit"]), _counted(horizon, before))
            axis = Axis.of(horizon, frame.horizon)
            strata = _strata_before(known, axis) if _can_add(before, changes, frame) else None
            if strata is not None:
                kind = "incremental"
                also = [*residents.RULES, *RULES]
                tallies = before.tallies
                grids, strata = recount(
                    known, connection, also, cards, frame, units, tallies, strata, changes, progress
                )
            else:
                kind = "full"
                grids, strata = _count_all(connection, cards, frame, units, axis, progress)
            progress("figures", 0.9)
            stated = reports(connection, cards, units, horizon)
            rows, deliveries = figures(connection, cards, frame, horizon, units, grids, strata, stated)
            progress("notices", 0.93)
            population = published_populations(connection, horizon, units)
            named = {card.key: card for card in cards}
            marked = _marked(installation)
            found = notice_rows(rows, named, units, _parameters(), population, horizon.last, marked)
            raised = kept(_told_before(known, in_force, definitions), found, rows, horizon.last, marked)
            progress("map", 0.95)
            ground = read_geometry(installation.folder / GEOMETRY)
            wanted = Wanted.of(installation.config)
            drawn = mapped(connection, units, horizon.first, horizon.last, ground, wanted)
            by_source = source_figures(cards, grids, frame.units, horizon, Tree.of(units))
            spread = spreads(cards, grids, rows, frame.units, horizon, Tree.of(units))
            data_until = _data_until(connection, horizon)
            late, rewritten = late_entry(connection, horizon)
            progress("truth", 0.96)
            looked = None
            if not _same(in_force, event, definitions, horizon) or not truth.is_known(known):
                hasher = Hasher(installation.secret())
                looked = truth.looked_at(connection, horizon.last, hasher, telephones(known))
        progress("visits", 0.965)
        until = data_until or last_day(horizon.last)
        over = day_over(until, date.today(), installation.kind == "demo")
        with known.records() as connection:  # its own temporary tables
            weeks = week_tables(connection, cards, units, rows, horizon, event, over)
        number = (in_force.build if in_force is not None else 0) + 1
        headline = told(cards, aims)
        reported = _reported_before(known, in_force, headline)
        anew = moved(reported, rows, headline, number, _redefined(in_force, definitions))
        opened = laid_open(reported, rows, headline)
    progress("publish", 0.97)
    with store.change("published") as draft:
        into = draft.published
        _drop_outdated(into)
        create_missing(into, published.metadata)
        if (into.execute(select(func.max(published.build.c.build))).scalar() or 0) != number - 1:
            raise _OvertakenError
        _replace(into, published.figure, rows)
        _replace(into, published.source_figure, by_source)
        _replace(into, published.spread, spread)
        _replace(into, published.notice, raised)
        _replace(into, published.delivery, deliveries)
        _replace(into, published.reported, stated.rows)
        _replace(into, published.unit, units[list(published.unit.c.keys())])
        _replace(into, published.target, aims)
        _replace(into, published.population, population)
        _replace(into, published.parameter, _parameters())
        _replace(into, published.late_entry, late)
        _replace(into, published.rewriting, rewritten)
        drop_outdated(into, date.today())
        drop_unwatched(into, reported)
        bulk_insert(into, published.moved, anew)
        hide(into, opened)
        for table in MAP:
            _replace(into, published.PUBLISHED[table], drawn.get(table))
        for name, found in weeks.items():
            _replace(into, published.PUBLISHED[name], found)
        for name, found in (looked or {}).items():  # None: the same records, so the same as before
            _replace(into, published.PUBLISHED[name], found)
        _replace(into, published.tally, grids.as_rows(frame))
        _replace(into, published.stratum_tally, strata.as_rows())
        about = {
            "build": number,
            "event": event,
            "batch": batch,
            "built_at": datetime.now().replace(microsecond=0),
            "kind": kind,
            "first_month": horizon.first,
            "last_month": horizon.last,
            "data_until": data_until,
            "definitions": definitions,
            "seconds": time.perf_counter() - started,
            "installation": installation.kind,
            "bureau": _bureau(units, installation),
        }
        bulk_insert(into, published.build, pd.DataFrame([about]))
    note_targets(installation.folder)
    progress("done", 1.0)
    return Built(number, kind, len(rows), time.perf_counter() - started, horizon)


def digest(cards: Iterable[Card]) -> str:
    """A digest of every rule, parameter and dated list: figures of equal digests are comparable."""
    known = hashlib.sha256()
    for card in cards:
        for rule in rules_of([card]):
            known.update(f"{card.key} {text_of(rule)} {','.join(parts_of(card))}\n".encode())
    for path in sorted(FOLDER.glob("*.csv")):
        if path.name != "targets.csv":  # targets judge figures, they do not change them
            known.update(path.read_bytes())
    known.update(standards.fingerprint().encode())
    known.update(holidays.fingerprint().encode())
    return known.hexdigest()[:16]


def _parameters() -> pd.DataFrame:
    """Rows of ``published.parameter``."""
    columns = list(published.parameter.c.keys())
    values = [value for dated in standards.parameters().values() for value in dated]
    return pd.DataFrame([(v.key, v.start, v.value, v.source, v.own) for v in values], columns=columns)


# -- what is there --------------------------------------------------------------------------------


def _counted(horizon: Horizon, before) -> Horizon:
    """The months that are counted: past the last published one, so that the next month can be added to them."""
    if before is not None and before.counted.first == horizon.first and before.counted.last >= horizon.last:
        return before.counted
    return Horizon(horizon.first, horizon.years[-1] + 23)


def _data_until(connection: Connection, horizon: Horizon) -> date | None:
    days = [
        connection.execute(
            select(func.max(table.c.day)).where(table.c.known_to.is_(None), table.c.month <= horizon.last)
        ).scalar()
        for table in (records.RECORDS[name] for name in SERVICE_TABLES)
    ]
    return max((day for day in days if day is not None), default=None)


def _bureau(units: pd.DataFrame, installation) -> str:
    names = units.loc[units["kind"] == "bureau", "name"]
    return installation.config.bureau_name or (names.iloc[0] if len(names) else installation.name)


# -- counting -------------------------------------------------------------------------------------


def _count_all(
    connection: Connection,
    cards: list[Card],
    frame: Frame,
    units: pd.DataFrame,
    axis: Axis,
    progress: Progress,
) -> tuple[Grids, Strata]:
    progress("facts", 0.0)
    prepare(connection, [*rules_of(cards), *strata_rules(cards), *residents.RULES, *RULES], frame.horizon)
    managed = Managed.of(connection, units, axis.months[axis.newest])
    breakdown = Breakdown(connection, frame, axis, managed)

    def counting(key: str, share: float) -> None:
        progress(key, 0.2 + 0.7 * share)

    grids = Grids(count_cards(connection, cards, frame, breakdown=breakdown, progress=counting))
    return grids, breakdown.found


@dataclass(frozen=True)
class _Before:
    event: int
    units: tuple[int, ...]
    counted: Horizon
    tallies: pd.DataFrame


def _in_force(known: Snapshot):
    """The row of the last build; None where nothing has been published."""
    if known.generation == 0:
        return None
    try:
        with known.published() as connection:
            table = published.build
            return connection.execute(select(table).order_by(table.c.build.desc()).limit(1)).first()
    except StoreError:
        return None  # records, but no figures yet


def _before(known: Snapshot, in_force, definitions: str) -> _Before | None:
    """What the build in force counted, if its rules are today's."""
    if in_force is None or in_force.definitions != definitions:
        return None
    with known.published() as connection:
        tally = published.tally
        rows = bulk_select(
            connection, select(tally.c.indicator, tally.c.part, tally.c.unit, tally.c.month, tally.c.n)
        )
        units = tuple(
            connection.execute(select(published.unit.c.unit).order_by(published.unit.c.unit)).scalars()
        )
    counted = Horizon(in_force.first_month, Horizon(in_force.first_month, in_force.last_month).years[-1] + 23)
    return _Before(in_force.event, units, counted, pd.DataFrame(rows))


def _same(in_force, event: int, definitions: str, horizon: Horizon) -> bool:
    """Whether the build in force was made of the same records by the same rules, to the same month."""
    if in_force is None:
        return False
    before = (in_force.event, in_force.definitions, in_force.last_month)
    return before == (event, definitions, horizon.last)


def _reported_before(known: Snapshot, in_force, headline: list[Card]) -> pd.DataFrame:
    """The headline figures in force of the months that are reported by now."""
    if in_force is None:
        months = []
    else:
        months = reported_months(in_force.first_month, in_force.last_month, date.today())
    if not months:
        return NOTHING.copy()
    with known.published() as connection:
        return figures_of(connection, headline, months)


def _told_before(known: Snapshot, in_force, definitions: str) -> pd.DataFrame:
    """The notices of the build in force, if its rules are today's."""
    if in_force is None or in_force.definitions != definitions:
        return pd.DataFrame(columns=list(published.notice.c.keys()))
    with known.published() as connection:
        return notices_in(connection)


def _marked(installation) -> pd.DataFrame:
    """The events that people marked; none where nobody ever wrote anything."""
    if not exists(installation):
        return NOBODY
    register = open_register(installation)
    try:
        with register.reading() as connection:
            return rebasing(connection)
    finally:
        register.close()


def _redefined(in_force, definitions: str) -> bool:
    return in_force is not None and in_force.definitions != definitions


def _strata_before(known: Snapshot, axis: Axis) -> Strata | None:
    """The strata that the build in force counted; None where it did not count all months of the axis."""
    table = published.stratum_tally
    with known.published() as connection:
        there = inspect(connection)
        if not there.has_table(table.name, schema=table.schema):
            return None
        if {column["name"] for column in there.get_columns(table.name, schema=table.schema)} != {
            *table.c.keys()
        }:
            return None  # an older version of the program counted
        rows = pd.DataFrame(bulk_select(connection, select(table)))
    return Strata.from_rows(rows, axis)


def _can_add(before: _Before | None, changes: Changes | None, frame: Frame) -> bool:
    """Whether adding gives what a full build would: same months and units, and no change of what all figures share."""
    if before is None:
        return False
    return before.counted == frame.horizon and before.units == frame.units and not changes.shared


def _drop_outdated(connection: Connection) -> None:
    """Tables of an older version of the program: a build writes everything anew but its own history."""
    there = inspect(connection)
    for table in published.PUBLISHED.values():
        if table is published.build or not there.has_table(table.name, schema=table.schema):
            continue
        if {column["name"] for column in there.get_columns(table.name, schema=table.schema)} != set(
            table.c.keys()
        ):
            table.drop(connection)


def _replace(connection: Connection, table, rows: pd.DataFrame | None) -> None:
    connection.execute(delete(table))
    if rows is not None and len(rows):
        bulk_insert(connection, table, rows)
