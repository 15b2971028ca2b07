"""How a value is written: one function for every page, chart and export."""

from __future__ import annotations

import math

from metrics.card import Unit, Words

MISSING = "—"  # no figure; never 0

SUFFIX: dict[Unit, Words] = {
    Unit.PERCENT: Words(zh="%", en="%"),
    Unit.PERSONS: Words(zh="人", en="people"),
    Unit.PERSON_TIMES: Words(zh="人次", en="person-times"),
    Unit.RECORDS: Words(zh="份", en="records"),
    Unit.HOUSEHOLDS: Words(zh="户", en="households"),
    Unit.DOSES: Words(zh="针次", en="doses"),
    Unit.CARDS: Words(zh="张", en="cards"),
    Unit.VISITS: Words(zh="次", en="visits"),
    Unit.TEAMS: Words(zh="个", en="teams"),
    Unit.KINDS: Words(zh="种", en="kinds"),
    Unit.YUAN: Words(zh="元", en="yuan"),
    Unit.MINUTES: Words(zh="分钟", en="min"),
    Unit.PER_PERSON: Words(zh="次/人", en="per person"),
    Unit.WAN_YUAN: Words(zh="万元", en="10k yuan"),
    Unit.PER_10K: Words(zh="每万人", en="per 10,000"),
    Unit.SESSIONS: Words(zh="场", en="sessions"),
    Unit.COPIES: Words(zh="份", en="copies"),
    Unit.ITEMS: Words(zh="项", en="items"),
    Unit.PIECES: Words(zh="个", en=""),
    Unit.CASES: Words(zh="例", en="cases"),
    Unit.SQUARE_METRES: Words(zh="㎡", en="m²"),
    Unit.HOURS: Words(zh="小时", en="hours"),
    Unit.KILOGRAMS: Words(zh="公斤", en="kg"),
    Unit.TONNES: Words(zh="吨", en="t"),
    Unit.SCORE: Words(zh="分", en="points"),
    Unit.RANK: Words(zh="名", en="places"),
    Unit.TEETH: Words(zh="颗", en="teeth"),
    Unit.RATIO: Words(zh="：1", en=": 1"),
}
#: What one is called in English, where it is not the word without its "s".
_ONE = {"people": "person", "copies": "copy", "teeth": "tooth"}
POINTS = Words(zh="个百分点", en="points")
_DECIMALS = {
    Unit.PERCENT: 1,
    Unit.YUAN: 1,
    Unit.WAN_YUAN: 1,
    Unit.MINUTES: 1,
    Unit.HOURS: 1,
    Unit.KILOGRAMS: 1,
    Unit.TONNES: 1,
    Unit.SCORE: 1,
    Unit.PER_PERSON: 2,
    Unit.PER_10K: 2,
    Unit.RATIO: 2,
}
_MOST_DECIMALS = 8
_EQUAL = 1e-12  # values that differ by less, in proportion, are one value computed in two ways


def decimals_of(unit: Unit) -> int:
    """How many decimals a number in a unit is shown with."""
    return _DECIMALS.get(unit, 0)


def is_missing(value: float | None) -> bool:
    return value is None or math.isnan(value)


def scaled(value: float, unit: Unit) -> float:
    """The number as it is shown: a share of 0.873 is 87.3."""
    return value * 100 if unit is Unit.PERCENT else value


def enough_decimals(value: float, unit: Unit, beside: float | None = None) -> int:
    """With how many decimals a value is written so that it does not read as what it is not.

    A share that is not all never reads 100.0%, one that is not nothing never 0.0%: 99.97%, 0.04%. ``beside``: the target that
    stands next to it; a value that misses it by a little does not read as if it had reached it: 94.97% beside 95.0%.
    """
    decimals = decimals_of(unit)
    others = [0.0, 1.0] if unit is Unit.PERCENT else []
    others += [] if is_missing(beside) else [beside]
    apart = [scaled(one, unit) for one in others if abs(value - one) > _EQUAL * max(1.0, abs(one))]
    shown = scaled(value, unit)
    while decimals < _MOST_DECIMALS and any(
        float(f"{shown:.{decimals}f}") == float(f"{one:.{decimals}f}") for one in apart
    ):
        decimals += 1
    return decimals


def number(
    value: float | None,
    unit: Unit,
    signed: bool = False,
    exact: bool = False,
    beside: float | None = None,
) -> str:
    """The number alone. ``signed`` writes a plus; ``exact`` keeps yuan to the fen; ``beside``: see ``enough_decimals``."""
    if is_missing(value):
        return MISSING
    if exact and unit is Unit.YUAN:
        decimals = 2
    else:
        decimals = decimals_of(unit) if signed and beside is None else enough_decimals(value, unit, beside)
    text = f"{scaled(value, unit):{'+' if signed else ''},.{decimals}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.lstrip("+-")


def show(
    value: float | None, unit: Unit, language: str, signed: bool = False, beside: float | None = None
) -> str:
    """Number and unit: ``87.3%``, ``1,234 人``, ``128.5 元``; "—" where there is no figure."""
    text = number(value, unit, signed, beside=beside)
    if text == MISSING:
        return text
    if unit is Unit.PERCENT:
        return text + SUFFIX[unit][language]
    if unit is Unit.RANK:
        return f"第 {text} 名" if language == "zh" else f"No. {text}"
    return counted(text, SUFFIX[unit][language])


def aim(low: float | None, high: float | None, unit: Unit, language: str) -> str:
    """A target: ``95.0%``, or both ends of a range: ``30.0%–40.0%``, ``2.00–3.00 每万人``."""
    if is_missing(low) or is_missing(high):
        return show(low, unit, language)
    sign = "%" if unit is Unit.PERCENT else ""
    return f"{number(low, unit)}{sign}–{show(high, unit, language)}"


def counted(text: str, suffix: str) -> str:
    """A written number with the word of what is counted; English has one person and two people."""
    if text.lstrip("+−") == "1" and suffix.isascii():
        suffix = _ONE.get(suffix, suffix.removesuffix("s"))
    return f"{text} {suffix}".rstrip()


def difference(value: float | None, unit: Unit, language: str, fine: bool = False) -> str:
    """A difference of two values: percentage points for shares. ``fine``: a distance to a target, which is never written as none
    where there is one."""
    text = number(value, unit, signed=True, beside=0.0 if fine else None)
    if text == MISSING:
        return text
    return counted(text, (POINTS if unit is Unit.PERCENT else SUFFIX[unit])[language])


def count(value: float | None) -> str:
    """A whole number with thousands separators."""
    if is_missing(value):
        return MISSING
    return f"{round(value):,}".replace("-", "−")  # round gives an int, which has no minus nothing


def unit_suffix(unit: Unit, language: str) -> str:
    """The unit's word."""
    return SUFFIX[unit][language]
