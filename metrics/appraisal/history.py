"""Who did what in a round of appraisal."""

from __future__ import annotations

import json

import pandas as pd
from sqlalchemy import Connection, select

from data.register.tables import appeal, appraisal_entry, appraisal_result, appraisal_round
from data.register.tables import history as history_table
from metrics.appraisal.ground import round_of, scope_of
from metrics.principal import Principal


def history(principal: Principal, connection: Connection, number: int) -> pd.DataFrame:
    """Who did what in a round, oldest first: at, by, of, key, action, unit, staff_no, item, before, after (dicts)."""
    h = history_table.c
    a = appeal.c
    of_appeals = {
        row.appeal: (row.unit, row.staff_no, row.item)
        for row in connection.execute(select(a.appeal, a.unit, a.staff_no, a.item).where(a.round == number))
    }
    names = (appraisal_round.name, appraisal_entry.name, appraisal_result.name, appeal.name)
    rows = connection.execute(select(history_table).where(h.of.in_(names)).order_by(h.entry)).mappings()
    scope = scope_of(principal, round_of(connection, number)["subject"])
    found = []
    for row in rows:
        parts = row["key"].split("/")
        if row["of"] == appeal.name:
            place = of_appeals.get(int(parts[0]))
            if place is None or place[0] not in scope:
                continue
        else:
            if int(parts[0]) != number:
                continue
            unit = int(parts[1]) if len(parts) > 1 else None
            if unit is not None and unit not in scope:
                continue
            place = (unit, parts[2] if len(parts) > 2 else "", parts[3] if len(parts) > 3 else "")
        told = [json.loads(row[name]) if row[name] else {} for name in ("before", "after")]
        for one in told:
            one.pop("sheet_text", None)
        found.append((row["at"], row["by"], row["of"], row["key"], row["action"], *place, *told))
    columns = ["at", "by", "of", "key", "action", "unit", "staff_no", "item", "before", "after"]
    return pd.DataFrame(found, columns=columns)
