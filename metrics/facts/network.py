"""Where units lie: in which village or community and town, and which unit a place belongs to.

A town belongs to the bureau; a village or community to the centre that lies in its town, or, where there is none, to
the bureau. Where the register of places names a unit it stands for the bureau.
"""

from __future__ import annotations

from sqlalchemy import Select, and_, case, func, literal, or_, select

from data.records.levels import DIVISIONS, VILLAGE
from metrics.facts.work import open_unit
from metrics.sql import FOREVER
from metrics.tables import CURRENT

_ALWAYS = (literal(0).label("s"), literal(FOREVER).label("e"))


def _places(name: str):
    place = CURRENT["place"]
    return select(place.c.unit, place.c.place, place.c.code, place.c.name, place.c.parent_code, place.c.level,
                  place.c.seat, place.c.dense).subquery(name)  # fmt: skip


_here, _above = _places("here"), _places("above")

#: unit, kind, s, e of the open units, with the codes of the village (or community) and of the town in which they lie.
lying = (
    select(
        open_unit.c.unit,
        open_unit.c.kind,
        open_unit.c.s,
        open_unit.c.e,
        case(
            (_here.c.level.in_(DIVISIONS), _here.c.code), (_here.c.level == "group", _here.c.parent_code)
        ).label("village"),
        case(
            (_here.c.level == "town", _here.c.code),
            (_here.c.level.in_(DIVISIONS), _here.c.parent_code),
            (_here.c.level == "group", _above.c.parent_code),
        ).label("town"),
    )
    .join(_here, _here.c.code == open_unit.c.place_code)
    .outerjoin(_above, _above.c.code == _here.c.parent_code)
    .subquery("lying")
)

#: The bureau: the first of the units of its kind.
_bureau = select(func.min(open_unit.c.unit)).where(open_unit.c.kind == "bureau").scalar_subquery()


def _registrar(place):
    """The unit in whose register a place stands: the bureau, where the register names none."""
    return func.coalesce(place.c.unit, _bureau).label("unit")


def _seats():
    return (
        select(lying.c.town, func.min(lying.c.unit).label("unit"))
        .where(lying.c.kind == "centre")
        .group_by(lying.c.town)
        .subquery()
    )


def towns() -> Select:
    """thing, unit, s, e, what: every town, at the bureau."""
    town = _places("town")
    return select(town.c.place.label("thing"), _registrar(town), *_ALWAYS, town.c.name.label("what")).where(
        town.c.level == "town"
    )


def served_towns(kinds: tuple[str, ...], spans) -> Select:
    """thing, unit, s, e: the towns while a unit of the kinds lies in them; ``spans`` merges spans of town, s, e."""
    town = _places("town")
    held = spans(
        select(lying.c.town, lying.c.s, lying.c.e)
        .where(lying.c.kind.in_(kinds), lying.c.town.is_not(None), lying.c.s <= lying.c.e)
        .subquery(),
        "town",
    ).subquery()
    return (
        select(town.c.place.label("thing"), _registrar(town), held.c.s, held.c.e)
        .join(held, held.c.town == town.c.code)
        .where(town.c.level == "town")
    )


def villages() -> Select:
    """thing, unit, s, e, what, code: every administrative village but the seats of towns, at its unit.

    Urban communities are none: community health stations serve them, they need no village clinic.
    """
    village, seat = _places("village"), _seats()
    return (
        select(
            village.c.place.label("thing"),
            func.coalesce(seat.c.unit, village.c.unit, _bureau).label("unit"),
            *_ALWAYS,
            village.c.name.label("what"),
            village.c.code.label("code"),
        )
        .outerjoin(seat, seat.c.town == village.c.parent_code)
        .where(village.c.level == VILLAGE, func.coalesce(village.c.seat, False).is_(False))
    )


def dense_places() -> Select:
    """thing, unit, s, e, what, code: towns (at the bureau), villages and communities (at their unit) dense with newcomers."""
    place, seat = _places("place_of"), _seats()
    return (
        select(
            place.c.place.label("thing"),
            func.coalesce(seat.c.unit, place.c.unit, _bureau).label("unit"),
            *_ALWAYS,
            place.c.name.label("what"),
            place.c.code.label("code"),
        )
        .outerjoin(seat, and_(seat.c.town == place.c.parent_code, place.c.level.in_(DIVISIONS)))
        .where(place.c.dense, place.c.level.in_(["town", *DIVISIONS]))
    )


def units_in_dense_places(*kinds: str) -> Select:
    """thing, unit, s, e, code: the units of the kinds that lie in a dense place, with that place's code."""
    dense = _places("dense")
    return (
        select(
            lying.c.unit.label("thing"),
            lying.c.unit,
            lying.c.s,
            lying.c.e,
            dense.c.code.label("code"),
        )
        .join(dense, or_(dense.c.code == lying.c.village, dense.c.code == lying.c.town))
        .where(dense.c.dense, dense.c.level.in_(["town", *DIVISIONS]), lying.c.kind.in_(kinds))
    )
