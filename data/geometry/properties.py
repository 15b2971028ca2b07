"""The properties of one feature, or of one row of a table, as values."""

from __future__ import annotations

import math
from collections.abc import Mapping

from data.geometry.findings import RefusedError
from data.geometry.geojson import shown
from data.geometry.layout import Column, LayerSpec, folded
from data.intake.cells import is_missing, normal
from data.intake.findings import UnreadableError
from data.intake.numbers import parse_number

_LONGEST = 500  # characters of a name or a note

Remark = tuple[str, str, str | None]  # rule, property as the file calls it, value


def labels_of(properties: Mapping[str, object], spec: LayerSpec) -> dict[str, str]:
    """Our name of each column -> the property that feeds it: the spelling that the layout prefers."""
    there = {}
    for label in properties:
        there.setdefault(folded(label), label)
    found = {}
    for column in spec.columns:
        label = next((there[folded(label)] for label in column.labels if folded(label) in there), None)
        if label is not None:
            found[column.to] = label
    return found


def values_of(properties: Mapping[str, object], spec: LayerSpec) -> tuple[dict[str, object], list[Remark]]:
    """Values by our names (None: missing) and remarks. Raises RefusedError where a required one is not there."""
    labels, values, remarks = labels_of(properties, spec), {}, []
    for column in spec.columns:
        label = labels.get(column.to)
        given = properties[label] if label is not None else None
        try:
            values[column.to] = value_of(given, column)
        except RefusedError as error:
            if column.required or column.strict:
                raise RefusedError(error.rule, error.value, label) from error
            values[column.to] = None
            remarks.append((error.rule, label or column.labels[0], error.value))
        if column.required and values[column.to] is None:
            raise RefusedError("required_missing", None, label or column.labels[0])
    return values, remarks


def value_of(given: object, column: Column) -> object:
    """One value: text, a number, a truth value or a code; None where nothing is written. Raises RefusedError."""
    if given is None:
        return None
    if isinstance(given, (list, dict)):
        raise RefusedError("geometry_property", shown(given))
    if isinstance(given, float) and not math.isfinite(given):
        return None
    if column.type == "yes_no" and isinstance(given, bool):
        return given
    if isinstance(given, bool) and column.type != "code":
        raise RefusedError("geometry_property", shown(given))
    if isinstance(given, int) and abs(given) >= 10**18:
        raise RefusedError("geometry_property", shown(given))
    text = _text(given)
    if column.type == "yes_no" and folded(text) in column.codes:
        return column.codes[folded(text)] == "yes"
    if is_missing(text):
        return None
    if column.type == "text":
        return text
    if column.type == "number":
        return _number(text)
    if folded(text) not in column.codes:
        raise RefusedError("code_unknown", shown(given))
    return column.codes[folded(text)]


def _text(given: object) -> str:
    """Half-width, without blanks around; a whole number without a decimal point. Only what can be stored and shown."""
    if isinstance(given, float) and given.is_integer() and abs(given) < 2**53:
        given = int(given)
    text = str(given)
    if len(text) > _LONGEST:
        raise RefusedError("geometry_property", shown(text))
    text = normal(text)
    return text if text.isprintable() else "".join(sign for sign in text if sign.isprintable())


def _number(text: str) -> float | None:
    try:
        number = parse_number(text)
    except UnreadableError as error:
        raise RefusedError(error.rule, shown(text)) from error
    if number is not None and not math.isfinite(number):
        raise RefusedError("number_too_large", shown(text))
    return number
