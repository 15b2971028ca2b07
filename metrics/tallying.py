"""All counts of a build, before any sum: added to those of the build in force where that gives the same digits, else all anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection

from metrics.card import Card
from metrics.context import Horizon, prepare, rules_of
from metrics.counting import Frame, count_cards
from metrics.coverage import residents
from metrics.figuring import Grids
from metrics.incremental import Changes, changes_since, recount
from metrics.last_build import Counts, LastBuild, months_counted
from metrics.strata import Breakdown, Strata, strata_rules
from metrics.traits import RULES, Axis
from metrics.traits import Grids as Managed

Progress = Callable[[str, float], None]  # what is being done, and the share done so far (0..1)


@dataclass(frozen=True)
class Tallies:
    """``kind``: full or incremental, as in ``published.build``."""

    kind: str
    frame: Frame
    grids: Grids
    strata: Strata


def tallies(
    connection: Connection,
    cards: list[Card],
    units: pd.DataFrame,
    horizon: Horizon,
    last: LastBuild,
    progress: Progress,
    *,
    full: bool,
) -> Tallies:
    """Of all cards, for units that are rows of ``published.unit``; ``connection``: to the records; ``full``: add to nothing."""
    before = None if full else last.counts()
    changes = changes_since(connection, before.event) if before is not None else None
    frame = Frame(tuple(int(unit) for unit in units["unit"]), _months(horizon, before))
    axis = Axis.of(horizon, frame.horizon)
    strata = last.strata(axis) if _can_add(before, changes, frame) else None
    if strata is None:
        return Tallies("full", frame, *_count_all(connection, cards, frame, units, axis, progress))
    also = [*residents.RULES, *RULES]
    known, there = last.known, before.tallies
    added = recount(known, connection, also, cards, frame, units, there, strata, changes, progress)
    return Tallies("incremental", frame, *added)


def _months(horizon: Horizon, before: Counts | None) -> Horizon:
    """The months that are counted: those of the build in force where they still hold all that is published."""
    if before is not None and before.counted.first == horizon.first and before.counted.last >= horizon.last:
        return before.counted
    return months_counted(horizon)


def _can_add(before: Counts | None, changes: Changes | None, frame: Frame) -> bool:
    """Whether adding gives what a full build would: same months and units, and no change of what all figures share."""
    if before is None:
        return False
    return before.counted == frame.horizon and before.units == frame.units and not changes.shared


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
