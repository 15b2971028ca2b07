"""Who did what in a round of appraisal."""

from __future__ import annotations

import json

import pandas as pd
from sqlalchemy import Connection, and_, or_, select

from data.register.tables import appeal, appraisal_entry, appraisal_result, appraisal_round
from data.register.tables import history as history_table
from metrics.appraisal.showing import total_is_theirs
from metrics.principal import Principal


def history(principal: Principal, connection: Connection, number: int) -> pd.DataFrame:
    """Who did what in a round, oldest first: at, by, of, key, action, unit, staff_no, item, before, after (dicts).

    What was written about a unit says more than its score (notes, drafts): it is told of one's own units only. Second
    points are told to who may see the people of the unit: beside the total they would tell the first ones.
    """
    h, a = history_table.c, appeal.c
    of_appeals = {
        row.appeal: (row.unit, row.staff_no, row.item)
        for row in connection.execute(select(a.appeal, a.unit, a.staff_no, a.item).where(a.round == number))
    }
    of_units = (appraisal_entry.name, appraisal_result.name)
    about = or_(
        and_(h.of == appraisal_round.name, h.key == str(number)),
        and_(h.of.in_(of_units), h.key.startswith(f"{number}/")),
        and_(h.of == appeal.name, h.key.in_([str(one) for one in of_appeals])),
    )
    found = []
    for row in connection.execute(select(history_table).where(about).order_by(h.entry)).mappings():
        if row["of"] == appeal.name:
            place = of_appeals[int(row["key"])]
        else:
            # unit, staff number, item: as many of them as the key has
            _, unit, staff_no, item = (*row["key"].split("/", 3), "", "", "")[:4]
            place = (int(unit) if unit else None, staff_no, item)
        if place[0] is not None and place[0] not in principal.own:
            continue
        told = [json.loads(row[name]) if row[name] else {} for name in ("before", "after")]
        for one in told:
            one.pop("sheet_text", None)
            if row["of"] in (appeal.name, appraisal_result.name) and not total_is_theirs(principal, place[0]):
                one.pop("points", None)
                one.pop("second_points", None)
        found.append((row["at"], row["by"], row["of"], row["key"], row["action"], *place, *told))
    columns = ["at", "by", "of", "key", "action", "unit", "staff_no", "item", "before", "after"]
    return pd.DataFrame(found, columns=columns)
