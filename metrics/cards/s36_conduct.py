"""S36 行风与廉政: bribery, red packets, integrity education."""

from __future__ import annotations

from metrics.card import Direction, Unit
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F003
from metrics.tables import activity, finding

_S = System("S36")


def _found(key, name, ask, kind):
    """Cases of a kind that supervision found."""
    return _S.count(
        key,
        name,
        ask,
        (f"本期督导、审计发现的{name[0]}。", f"{name[1]} found in the period by supervision or audit."),
        finding,
        finding.c.kind == kind,
        unit=Unit.CASES,
        direction=Direction.LOWER,
        source=F000,
    )


CARDS = [
    _found(
        "gov_anti_bribery",
        ("商业贿赂例数", "Cases of bribery"),
        ("发现商业贿赂了吗？", "Was bribery found?"),
        "bribery",
    ),
    _found(
        "gov_red_packet",
        ("红包回扣例数", "Cases of red packets and kickbacks"),
        ("发现红包、回扣了吗？", "Were red packets or kickbacks found?"),
        "red_packet",
    ),
    _S.count(
        "gov_party_building",
        ("党风廉政教育次数", "Sessions of integrity education"),
        ("开展了多少次党风廉政教育？", "How many sessions of integrity education were held?"),
        ("本期开展党风廉政教育的次数。", "Sessions of integrity education held in the period."),
        activity,
        activity.c.kind == "integrity_education",
        unit=Unit.SESSIONS,
        direction=Direction.NONE,
        source=F003,
    ),
]
