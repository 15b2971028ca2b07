"""S11 高血压糖尿病, around the patients: the yearly analysis of their problems, and their clubs."""

from __future__ import annotations

from metrics.card import Direction, Unit
from metrics.cards.families import IN_USE
from metrics.cards.shapes import System
from metrics.cards.sources import F000
from metrics.tables import document, facility

_S = System("S11")

CARDS = [
    _S.duty(
        "ncd_health_problem_analysis",
        ("慢病健康问题分析与干预评价", "Analysis of patients' problems and of what was done"),
        document,
        document.c.kind == "ncd_analysis",
    ),
    _S.stock(
        "ncd_patient_club",
        ("慢病俱乐部和互助小组数", "Clubs and groups of patients"),
        ("有几个慢病俱乐部或互助小组？", "How many clubs or groups of patients are there?"),
        (
            "月末在开展的慢病患者俱乐部、互助小组数。",
            "Clubs and self-help groups of patients at the month's end.",
        ),
        facility,
        facility.c.kind == "patient_club",
        IN_USE,
        what=facility.c.name,
        unit=Unit.PIECES,
        direction=Direction.HIGHER,
        source=F000,
    ),
]
