"""Who somebody may be the same as, as far as it is shown to whoever asks (``data.intake.suspected``)."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
from sqlalchemy import Connection, select

from data import records
from data.store import read_frame
from metrics.context import in_force
from metrics.principal import Principal

COLUMNS = ["person", "other", "born_on", "file", "line", "unit"]


def suspects(
    connection: Connection, principal: Principal, persons: Collection[int], event: int
) -> pd.DataFrame:
    """COLUMNS: a row for each that somebody may be the same as, as known right after an event.

    ``file`` and ``line`` are those of the demographic master, ``unit`` where the other's record is, or else where they are known
    (missing: nowhere).
    Of somebody who is known at no unit of the principal's people there is a row without an ``other`` and nothing else.

    Reads the records themselves: a context holds the people of the units of its list alone.
    """
    mine, other, master = records.suspected, records.suspected.alias("other"), records.person
    groups = read_frame(
        connection,
        select(mine.c.person, mine.c.alike, mine.c.persons)
        .where(mine.c.person.in_(persons), in_force(mine, event))
        .order_by(mine.c.person, mine.c.alike),
    )
    if groups.empty:
        return pd.DataFrame(columns=COLUMNS)
    alike = groups["alike"].unique().tolist()
    members = read_frame(
        connection,
        select(other.c.alike, other.c.person.label("other"), master.c.born_on, master.c.file, master.c.line)
        .select_from(other.outerjoin(master, (master.c.person == other.c.person) & in_force(master, event)))
        .where(other.c.alike.in_(alike), in_force(other, event))
        .order_by(other.c.alike, other.c.person, master.c.row_id),
    ).drop_duplicates(["alike", "other"])
    units = _units(connection, principal, members["other"].unique().tolist(), event)
    how = "left" if principal.persons.everything else "inner"
    shown = members.merge(units, on="other", how=how)
    pairs = groups.merge(shown, on="alike")
    pairs = pairs[pairs["person"] != pairs["other"]]
    told = pairs.groupby(["person", "alike"]).size().rename("told").reset_index()
    hidden = groups.merge(told, on=["person", "alike"], how="left")
    unseen = (hidden["persons"] - 1 - hidden["told"].fillna(0)).astype("int64")
    rest = hidden.loc[hidden.index.repeat(unseen), ["person"]]
    found = pd.concat([pairs[COLUMNS].astype(object), rest.astype(object)], ignore_index=True)
    return found.reindex(columns=COLUMNS).sort_values("person", kind="stable", ignore_index=True)


def _units(
    connection: Connection, principal: Principal, persons: Collection[int], event: int
) -> pd.DataFrame:
    """other, unit: of persons who are known at a unit of the principal's people the first such unit, that of a record before others."""
    tables = (records.RECORDS[name] for name in ("health_record", "residence", "person"))
    parts = [
        select(table.c.person.label("other"), table.c.unit, table.c.row_id).where(
            table.c.person.in_(persons), table.c.unit.is_not(None), in_force(table, event)
        )
        for table in tables
    ]
    frames = [read_frame(connection, part.order_by(part.selected_columns.row_id)) for part in parts]
    rows = pd.concat(frames, ignore_index=True)[["other", "unit"]]
    mine = [int(unit) in principal.persons for unit in rows["unit"]]
    return rows[mine].drop_duplicates("other").astype("int64")
