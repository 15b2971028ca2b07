"""The scorecard of a unit: everything that its director is told on one page.

Points are whole hundredths, shares 0..1, missing numbers NaN. Peers are published scores of units; nobody is named.
"""

from __future__ import annotations

from metrics.scorecard.card import Scorecard
from metrics.scorecard.gathering import gather
from metrics.scorecard.parts import Cost, Duty, Finding, Moved, Peer, Scored, Station, Value, Work

__all__ = [
    "Cost",
    "Duty",
    "Finding",
    "Moved",
    "Peer",
    "Scorecard",
    "Scored",
    "Station",
    "Value",
    "Work",
    "gather",
]
