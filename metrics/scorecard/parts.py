"""What a scorecard is made of. Points are whole hundredths, shares 0..1, missing numbers NaN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from metrics.appraisal.scoring import Line
from metrics.appraisal.sheet import Item, Sheet


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
