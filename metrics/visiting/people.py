"""Who somebody on a list is: where they live, in which household, whose they are. Nobody is named."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, Select, and_, func, select

from data import records
from data.store import read_frame
from metrics.facts import home
from metrics.tables import CURRENT

PEOPLE = ("person", "sex", "age", "place", "village", "village_name", "family", "doctor")
_LEVELS = ("village", "community")


def people_of(connection: Connection, month: int) -> pd.DataFrame:
    """Everybody at hand: where they live, in which household, and whose they are by the newest valid record."""
    rows = read_frame(connection, about(month)).drop_duplicates("person")
    own = rows["is_village"].fillna(False).astype(bool) | rows["above_code"].isna()
    rows["village"] = rows["place_code"].where(own, rows["above_code"])
    rows["village_name"] = rows["place"].where(own, rows["above_name"])
    rows["age"] = rows["months"] // 12
    return rows[list(PEOPLE)].astype({"person": "int64"})


def about(month: int) -> Select:
    """What ``people_of`` reads, for ``prepare``."""
    person, record, place = CURRENT["person"], CURRENT["health_record"], records.place
    above = records.place.alias("above")
    nth = func.row_number().over(
        partition_by=record.c.person, order_by=[record.c.created_on.desc(), record.c.row_id.desc()]
    )
    newest = (
        select(record.c.person, record.c.family, record.c.doctor, nth.label("nth"))
        .where(record.c.cancelled_on.is_(None))
        .subquery()
    )
    return (
        select(
            person.c.person,
            person.c.sex,
            (month - person.c.born_month).label("months"),
            place.c.name.label("place"),
            place.c.code.label("place_code"),
            place.c.level.in_(_LEVELS).label("is_village"),
            above.c.code.label("above_code"),
            above.c.name.label("above_name"),
            newest.c.family,
            newest.c.doctor,
        )
        .select_from(person)
        .outerjoin(home, home.c.person == person.c.person)
        .outerjoin(place, and_(place.c.place == home.c.place, place.c.known_to.is_(None)))
        .outerjoin(
            above,
            and_(above.c.code == place.c.parent_code, above.c.known_to.is_(None), above.c.level.in_(_LEVELS)),
        )
        .outerjoin(newest, and_(newest.c.person == person.c.person, newest.c.nth == 1))
    )
