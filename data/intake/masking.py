"""What of a cell a finding may keep: the records hold no identifiers, and the original goes back with the reasons."""

from __future__ import annotations

import re

from data.intake.layouts import PERSON_TARGETS, LayoutColumn

_SHOWN = 60  # characters
_IDENTIFYING = frozenset(["id_number", "record_code", "name", "phone", "person"])
_LONG_NUMBER = re.compile(r"\d{11}")  # in any column: cells may have shifted


def cut(text: str | None) -> str | None:
    """A code of a unit to a readable length."""
    return None if text is None else text[:_SHOWN]


def shown(cell: str, column: LayoutColumn) -> str:
    """The cell cut to a readable length; of what identifies a person the first and the last character."""
    about_person = column.type in _IDENTIFYING or not PERSON_TARGETS.isdisjoint(column.to)
    if not (about_person or _LONG_NUMBER.search(cell)):
        return cell[:_SHOWN]
    if len(cell) < 3:
        return cell[:1] + "*" * (len(cell) - 1)
    return f"{cell[0]}{'*' * min(len(cell) - 2, _SHOWN)}{cell[-1]}"
