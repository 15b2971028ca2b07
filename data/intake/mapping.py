"""What a source's unit code stands for, when nobody's code or name is equal to it: people say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import select, update

from data.installation import Installation
from data.intake.consequences import settle_units
from data.intake.working import Working
from data.records import RECORDS, source_unit
from data.store import Store


class MappingError(ValueError):
    """No such code or unit; the message says so in both languages."""


def map_unit(
    store: Store,
    installation: Installation,
    system: str,
    code: str,
    unit: int | None,
    *,
    by: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    noted: Callable[[], object] = lambda: None,
) -> int:
    """Let the code of a source mean a unit, for services of these days (both included).

    `unit` None takes the mapping back: the code maps by itself again, if it equals a unit's. Rows that
    waited for it are put in force. Returns the number of the event. ``noted`` is called before it stands.
    """
    with store.change("records", "identity") as draft:
        work = Working(draft, installation, "map", by, f"{system} {code} -> {unit}")
        this = (source_unit.c.system == system, source_unit.c.code == code)
        if work.records.execute(select(source_unit.c.source_unit).where(*this)).first() is None:
            raise MappingError(
                f"{system} 中没有出现过代码 {code}。The code {code} never occurred in {system}."
            )
        table = RECORDS["unit"]
        known = select(table.c.unit).where(table.c.unit == unit, table.c.known_to.is_(None))
        if unit is not None and work.records.execute(known).first() is None:
            raise MappingError(f"没有编号为 {unit} 的机构。There is no unit {unit}.")
        mapped = {"unit": unit, "mapped_by": by, "valid_from": valid_from, "valid_to": valid_to}
        if unit is None:
            mapped = dict.fromkeys(mapped)
        work.records.execute(update(source_unit).where(*this).values(**mapped))
        settle_units(work)
        noted()
        return work.event
