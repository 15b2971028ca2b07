"""The work of units: which are open, what their standards' items are found to be, who was checked."""

from __future__ import annotations

from sqlalchemy import case, func, literal_column, or_, select

from metrics.facts.registry import fact
from metrics.sql import FOREVER, last_month_in_force, month_of, reigning
from metrics.tables import CURRENT, ancestry, check_item, standard_item

_unit = CURRENT["unit"]
_DAY = literal_column("INTERVAL '1 day'")
#: Before any month there is.
_EVER = 0

_OPENED = func.coalesce(month_of(_unit.c.opened_on), _EVER).label("s")
_CLOSED = case((_unit.c.closed_on.is_(None), FOREVER), else_=last_month_in_force(_unit.c.closed_on)).label(
    "e"
)

#: unit, kind, name, lon, lat, s, e: the units with coordinates, in the months of ``open_unit``.
located_units = select(
    _unit.c.unit, _unit.c.kind, _unit.c.name, _unit.c.lon, _unit.c.lat, _OPENED, _CLOSED
).where(_unit.c.unit.is_not(None), _unit.c.lon.is_not(None), _unit.c.lat.is_not(None))

#: Every unit while it is open at a month's end; ``whole``: the first month that it was open throughout.
open_unit = fact(
    "open_unit",
    select(
        _unit.c.unit,
        _unit.c.kind,
        _unit.c.parent,
        _unit.c.name,
        _unit.c.place_code,
        _OPENED,
        func.coalesce(month_of(_unit.c.opened_on - _DAY) + 1, _EVER).label("whole"),
        _CLOSED,
    ).where(_unit.c.unit.is_not(None)),
)

#: Every unit with the head of each family that it belongs to: itself, and what is above it below the bureau.
family = fact(
    "family",
    select(ancestry.c.unit, ancestry.c.ancestor.label("head"))
    .join(open_unit, open_unit.c.unit == ancestry.c.ancestor)
    .where(or_(open_unit.c.kind != "bureau", ancestry.c.ancestor == ancestry.c.unit)),
)

_found = (
    select(
        check_item.c.unit,
        check_item.c.item,
        check_item.c.day,
        check_item.c.month,
        check_item.c.met,
        check_item.c.row_id,
    )
    .where(check_item.c.unit.is_not(None))
    .subquery()
)
_reigning = reigning(
    _found, "unit", "item", until=literal_column(str(FOREVER)), order=[_found.c.day, _found.c.row_id]
).subquery()

#: The state of an item at a unit, from the month in which it was found to the month before the next check.
item_state = fact(
    "item_state",
    select(
        standard_item.c.standard,
        _reigning.c.item,
        standard_item.c.number,
        _reigning.c.unit,
        _reigning.c.met,
        _reigning.c.s,
        _reigning.c.e,
    ).join(standard_item, standard_item.c.item == _reigning.c.item),
)

#: Units at which any item of a standard was ever checked, from then on.
checked_unit = fact(
    "checked_unit",
    select(
        item_state.c.standard,
        item_state.c.unit,
        func.min(item_state.c.s).label("s"),
        open_unit.c.kind,
        func.min(open_unit.c.e).label("e"),
    )
    .join(open_unit, open_unit.c.unit == item_state.c.unit)
    .group_by(item_state.c.standard, item_state.c.unit, open_unit.c.kind),
)
