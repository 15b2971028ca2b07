"""The whole scorecard of a unit, and what can be told by looking at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from metrics.scorecard.parts import Cost, Duty, Finding, Moved, Peer, Scored, Station, Value, Work


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
