"""A build: records in, published figures out, whole or not at all.

``build`` counts every card (or, after an import, only what the changed rows can have changed),
shapes the counts into figures and publishes them with everything else that pages show.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from sqlalchemy import Connection, func, select

from data import records
from data.geometry.folder import FOLDER as GEOMETRY
from data.geometry.folder import read_geometry
from data.hashing import Hasher
from data.identity import telephones
from data.installation import Installation
from data.intake.suspected import catch_up
from data.register import exists, open_register
from data.store import BUSY, Store, StoreError, bulk_insert
from metrics import published, standards
from metrics.by_source import source_figures
from metrics.card import Card
from metrics.cards import CARDS
from metrics.changing.kept import kept
from metrics.changing.marking import NOTHING as NOBODY
from metrics.changing.marking import rebasing
from metrics.changing.noticing import notice_rows
from metrics.context import Horizon
from metrics.coverage.mapping import Wanted, mapped
from metrics.definitions import digest
from metrics.denominators import published_populations
from metrics.figuring import figures
from metrics.heading.reaching import last_day
from metrics.horizons import SERVICE_TABLES, NothingToComputeError, horizon_of
from metrics.last_build import LastBuild, last_build
from metrics.late import late_entry
from metrics.moved import laid_open, moved, told
from metrics.publishing import Moves, OvertakenError, begin, write
from metrics.reporting import reports
from metrics.spreading import spreads
from metrics.tallying import Progress, Tallies, tallies
from metrics.targets import note_targets, target_rows
from metrics.tree import Tree
from metrics.truth import publishing as truth
from metrics.unit_rows import unit_rows
from metrics.visiting.weeks import day_over, week_tables

# The published tables of the map.
MAP = ("lattice", "cell", "cell_reach", "cell_access", "point", "served", "ground", "place")

# How often a build starts anew when another one is published before it.
_TRIES = 3


@dataclass(frozen=True)
class Built:
    """What a build did."""

    number: int
    kind: str  # full, incremental
    figures: int  # rows of published.figure
    seconds: float
    horizon: Horizon


def build(
    store: Store,
    installation: Installation,
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
    catch_up(store)
    for _ in range(_TRIES):
        try:
            return _build(store, installation, progress, cards, full)
        except OvertakenError:
            continue
    raise StoreError(BUSY)


@dataclass(frozen=True)
class _Scene:
    """What all parts of a build read; ``last``: the build in force."""

    connection: Connection  # to the records
    installation: Installation
    cards: list[Card]
    units: pd.DataFrame  # rows of published.unit
    horizon: Horizon
    event: int
    last: LastBuild


def _build(
    store: Store, installation: Installation, progress: Progress, cards: list[Card], full: bool
) -> Built:
    started = time.perf_counter()
    if error := standards.trouble():
        raise error
    with store.snapshot() as known:
        last = last_build(known, digest(cards))
        with known.records() as connection:
            scene = _scene(connection, installation, cards, last)
            aims = target_rows(CARDS, installation.folder, scene.units)
            counted = tallies(connection, cards, scene.units, scene.horizon, last, progress, full=full)
            tables = _tables(scene, counted, aims, progress)
            about = _about(scene, counted)
        progress("visits", 0.965)
        tables |= _weeks(scene, tables["figure"], about["data_until"])
        moves = _moves(last, tables["figure"], told(cards, aims))
    progress("publish", 0.97)
    with store.change("published") as draft:
        begin(draft.published, about["build"])
        write(draft.published, tables, moves)
        about |= {
            "built_at": datetime.now().replace(microsecond=0),
            "seconds": time.perf_counter() - started,
        }
        bulk_insert(draft.published, published.build, pd.DataFrame([about]))
    note_targets(installation.folder)
    progress("done", 1.0)
    seconds = time.perf_counter() - started
    return Built(about["build"], counted.kind, len(tables["figure"]), seconds, scene.horizon)


def _scene(connection: Connection, installation: Installation, cards: list[Card], last: LastBuild) -> _Scene:
    units = unit_rows(connection)
    if units.empty:
        raise NothingToComputeError(
            "还没有机构数据，请先导入机构文件。There are no units yet: import the file of units first."
        )
    horizon = horizon_of(connection)
    event = connection.execute(select(func.max(records.event.c.event))).scalar()
    return _Scene(connection, installation, cards, units, horizon, event, last)


# -- what is published ----------------------------------------------------------------------------


def _tables(
    scene: _Scene, counted: Tallies, aims: pd.DataFrame, progress: Progress
) -> dict[str, pd.DataFrame | None]:
    """Rows by the name of their published table; tables that are not named stay as they are."""
    connection, cards, units, horizon = scene.connection, scene.cards, scene.units, scene.horizon
    frame, grids, tree = counted.frame, counted.grids, Tree.of(units)
    progress("figures", 0.9)
    stated = reports(connection, cards, units, horizon)
    rows, deliveries = figures(connection, cards, frame, horizon, units, grids, counted.strata, stated)
    progress("notices", 0.93)
    population = published_populations(connection, horizon, units)
    notices = _notices(scene, rows, population)
    progress("map", 0.95)
    drawn = _map(scene)
    by_source = source_figures(cards, grids, frame.units, horizon, tree)
    spread = spreads(cards, grids, rows, frame.units, horizon, tree)
    late, rewritten = late_entry(connection, horizon)
    progress("truth", 0.96)
    return {
        "figure": rows,
        "source_figure": by_source,
        "spread": spread,
        "notice": notices,
        "delivery": deliveries,
        "reported": stated.rows,
        "unit": units[list(published.unit.c.keys())],
        "target": aims,
        "population": population,
        "parameter": _parameters(),
        "late_entry": late,
        "rewriting": rewritten,
        **{name: drawn.get(name) for name in MAP},
        **_truth(scene),
        "tally": grids.as_rows(frame),
        "stratum_tally": counted.strata.as_rows(),
    }


def _notices(scene: _Scene, rows: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """``rows``: of published.figure."""
    named = {card.key: card for card in scene.cards}
    marked = _marked(scene.installation)
    newest = scene.horizon.last
    found = notice_rows(rows, named, scene.units, _parameters(), population, newest, marked)
    return kept(scene.last.notices(), found, rows, newest, marked)


def _marked(installation: Installation) -> pd.DataFrame:
    """The events that people marked; none where nobody ever wrote anything."""
    if not exists(installation):
        return NOBODY
    register = open_register(installation)
    try:
        with register.reading() as connection:
            return rebasing(connection)
    finally:
        register.close()


def _map(scene: _Scene) -> dict[str, pd.DataFrame]:
    """By the name of the table; a name may be lacking."""
    ground = read_geometry(scene.installation.folder / GEOMETRY)
    wanted = Wanted.of(scene.installation.config)
    return mapped(scene.connection, scene.units, scene.horizon.first, scene.horizon.last, ground, wanted)


def _truth(scene: _Scene) -> dict[str, pd.DataFrame]:
    """Nothing where the records are those that the build in force looked at: its rows stay."""
    known = scene.last.known
    if scene.last.is_same(scene.event, scene.horizon) and truth.is_known(known):
        return {}
    hasher = Hasher(scene.installation.secret())
    return truth.looked_at(scene.connection, scene.horizon.last, hasher, telephones(known))


def _weeks(scene: _Scene, rows: pd.DataFrame, data_until: date | None) -> dict[str, pd.DataFrame]:
    """``rows``: of published.figure."""
    until = data_until or last_day(scene.horizon.last)
    over = day_over(until, date.today(), scene.installation.kind == "demo")
    with scene.last.known.records() as connection:  # its own temporary tables
        return week_tables(connection, scene.cards, scene.units, rows, scene.horizon, scene.event, over)


def _moves(last: LastBuild, rows: pd.DataFrame, headline: list[Card]) -> Moves:
    """``rows``: of published.figure."""
    reported = last.reported(headline)
    found = moved(reported, rows, headline, last.number + 1, last.is_redefined)
    return Moves(reported, found, laid_open(reported, rows, headline))


def _parameters() -> pd.DataFrame:
    """Rows of ``published.parameter``."""
    columns = list(published.parameter.c.keys())
    values = [value for dated in standards.parameters().values() for value in dated]
    return pd.DataFrame([(v.key, v.start, v.value, v.source, v.own) for v in values], columns=columns)


def _about(scene: _Scene, counted: Tallies) -> dict[str, object]:
    """The row of ``published.build``, but for when and how long."""
    undone = records.batch.c.undone_by.is_not(None)
    batch = scene.connection.execute(select(func.max(records.batch.c.batch)).where(~undone)).scalar()
    return {
        "build": scene.last.number + 1,
        "event": scene.event,
        "batch": batch,
        "kind": counted.kind,
        "first_month": scene.horizon.first,
        "last_month": scene.horizon.last,
        "data_until": _data_until(scene.connection, scene.horizon),
        "definitions": scene.last.definitions,
        "installation": scene.installation.kind,
        "bureau": _bureau(scene.units, scene.installation),
    }


def _data_until(connection: Connection, horizon: Horizon) -> date | None:
    days = [
        connection.execute(
            select(func.max(table.c.day)).where(table.c.known_to.is_(None), table.c.month <= horizon.last)
        ).scalar()
        for table in (records.RECORDS[name] for name in SERVICE_TABLES)
    ]
    return max((day for day in days if day is not None), default=None)


def _bureau(units: pd.DataFrame, installation: Installation) -> str:
    names = units.loc[units["kind"] == "bureau", "name"]
    return installation.config.bureau_name or (names.iloc[0] if len(names) else installation.name)
