"""Levels of places: what a town is divided into, administrative villages 行政村 and urban communities 社区.

Files that do not tell the two apart are told by the statistical code of the area: 12 digits, of which the last three
are 001-199 for residents' committees 居民委员会 and 200-399 for villagers' committees 村民委员会
(国家统计局《统计用区划代码和城乡划分代码编制规则》).
"""

from __future__ import annotations

import re

VILLAGE, COMMUNITY = "village", "community"
#: What lies between a town and its groups. Everything but the rules for village clinics holds for both.
DIVISIONS = (VILLAGE, COMMUNITY)
#: A division of which a file does not say which of the two it is; the records never keep it.
EITHER = "village_or_community"

_STATISTICAL = re.compile(r"[1-9]\d{8}(\d{3})", re.ASCII)
_COMMITTEES = {COMMUNITY: range(1, 200), VILLAGE: range(200, 400)}


def division_by_code(code: str | None) -> str | None:
    """Which of DIVISIONS a code stands for; None where it is no code of 12 digits, or of another sort of area."""
    found = _STATISTICAL.fullmatch(code or "")
    if found is None:
        return None
    number = int(found[1])
    return next((level for level, numbers in _COMMITTEES.items() if number in numbers), None)
