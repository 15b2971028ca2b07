"""Numbers as people type them: full-width, with separators, units, percent and ten-thousands.

What is damaged (an anonymiser's x, a range, two values in one cell) is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from data.intake.cells import is_missing, normal
from data.intake.findings import UnreadableError

_EXACT = 1e15  # a double holds 15 digits
_DECIMAL_STOP = re.compile(r"(?<=\d)。(?=\d)")
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[+-]?\.\d+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_WITH_UNIT = re.compile(r"([+-]?[\d,]*\.?\d+)\s*([^\d\s].*)")
_MASKED = re.compile(r"\d*[xX*?]+\d*\D*")
_RANGE = re.compile(r"[\d.]+\s*(?:[-~至到])\s*[\d.]+\D*")
_PRESSURE = re.compile(r"(\d{2,3})\s*/\s*(\d{2,3})\s*(?:mmhg)?", re.IGNORECASE)


def parse_number(
    text: str, units: Mapping[str, float] | None = None, default_unit: str | None = None
) -> float | None:
    """A number in the unit that the records keep.

    `units` gives the factor of each unit that a cell may name; a bare number is in `default_unit`
    (else in the first of `units`, factor as given).
    """
    text = _DECIMAL_STOP.sub(".", normal(text))
    if is_missing(text):
        return None
    units = units or {}
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        factor = _factor(units, default_unit) if units else 1.0
        return _exact(float(text.replace(",", "")) * factor)
    if _MASKED.fullmatch(text):
        raise UnreadableError("number_masked")
    if _RANGE.fullmatch(text):
        raise UnreadableError("number_range")
    if (match := _WITH_UNIT.fullmatch(text)) and (_PLAIN.fullmatch(match[1]) or _GROUPED.fullmatch(match[1])):
        return _exact(float(match[1].replace(",", "")) * _suffix(match[2].strip(), units))
    raise UnreadableError("number_unreadable")


def _exact(number: float) -> float:
    """A number that is none any more once its last digits are lost, or that has no end."""
    if not abs(number) < _EXACT:
        raise UnreadableError("number_too_large")
    return number


def parse_int(text: str, units: Mapping[str, float] | None = None) -> int | None:
    """A whole number; `120.0` is one, `120.5` is not."""
    number = parse_number(text, units)
    if number is None:
        return None
    if abs(number - round(number)) > 1e-6:
        raise UnreadableError("number_not_whole")
    return round(number)


def parse_money(text: str, units: Mapping[str, float] | None = None) -> int | None:
    """An amount in fen; a bare number is yuan."""
    text = re.sub("^[¥￥]", "", normal(text))
    amount = parse_number(text, units or {"元": 100, "万元": 1_000_000})
    return None if amount is None else round(amount)


def parse_pressure(text: str) -> tuple[int, int] | None:
    """`140/90` in one cell: systolic and diastolic, mmHg."""
    text = normal(text)
    if is_missing(text):
        return None
    if match := _PRESSURE.fullmatch(text):
        return int(match[1]), int(match[2])
    raise UnreadableError(
        "number_masked" if _MASKED.search(text) and "x" in text.lower() else "pressure_unreadable"
    )


def _factor(units: Mapping[str, float], unit: str | None) -> float:
    if unit is None:
        return next(iter(units.values()))
    for name, factor in units.items():
        if name.lower() == unit.lower():
            return factor
    raise UnreadableError("unit_unknown")


def _suffix(suffix: str, units: Mapping[str, float]) -> float:
    """The factor of what stands behind a number."""
    for name, factor in units.items():
        if normal(name).lower() == suffix.lower():
            return factor
    if suffix == "%":
        return 0.01
    if suffix == "万":
        return 10_000 * (next(iter(units.values())) if units else 1.0)
    raise UnreadableError("number_masked" if _MASKED.fullmatch(suffix) else "number_unreadable")
