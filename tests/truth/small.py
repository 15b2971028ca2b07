"""A small district in a store, in which one doctor copies: what is published and shown of it is counted by hand in tests."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from data import records
from data.identity import name as names
from data.store import Store, bulk_insert, create_missing

MONTH = 2024 * 12 + 11
COPIER, UNIT = "冯", 3  # who copies, and where; another doctor works there, too
OTHER = "陈"
MARK = 5 * 10**17  # marks of telephones are about so large
_PERSONS, _VISITS, _UNITS = 40, 6, 8
_VERSION = dict(content=1, rank=1, batch=1, file=1, line=1, known_from=1, known_to=None)


def care(seed: int = 5) -> pd.DataFrame:
    """Follow-ups: person, unit, doctor, programme, day, entered_on, sbp, dbp; every 9th is of severe mental disorders."""
    rng = np.random.default_rng(seed)
    rows = []
    for unit in range(1, _UNITS + 1):
        for number in range(_PERSONS):
            person, usual = unit * 100 + number, rng.normal(135, 12)
            doctor = (COPIER if number % 5 < 2 else OTHER) if unit == UNIT else f"医{unit}"
            for visit in range(_VISITS):
                day = date(2024, 1, 5) + timedelta(days=int(visit * 58 + rng.integers(0, 20)))
                sbp, dbp = round(rng.normal(usual, 9)), round(rng.normal(80, 7))
                if doctor == COPIER and visit:
                    sbp, dbp = rows[-1]["sbp"], rows[-1]["dbp"]
                programme = "smi" if number % 9 == 0 else "htn"
                rows.append(
                    dict(person=person, unit=unit, doctor=doctor, programme=programme, day=day,
                         entered_on=day, sbp=sbp, dbp=dbp)
                )  # fmt: skip
    return pd.DataFrame(rows)


def fill(store: Store, units: dict[int, int] | None = None) -> pd.DataFrame:
    """Write the district into a store; ``units``: its units' numbers there. Gives ``care``."""
    made = care()
    made["unit"] = made["unit"].map(units or {n: n for n in range(1, _UNITS + 1)})
    with store.change("records", "identity") as draft:
        if store.dialect == "duckdb":
            create_missing(draft.records, records.metadata)
            create_missing(draft.identity, names.metadata)
        if units is None:
            rows = [
                {"unit": n, "code": str(n), "name": f"机构{n}", "kind": "clinic"}
                for n in range(1, _UNITS + 1)
            ]
            bulk_insert(draft.records, records.unit, _rows(records.unit, rows))
        persons = made.drop_duplicates("person")
        about = [
            {"subject": p, "person": p, "unit": u, "sex": 1 + p % 2, "born_on": date(1950, 1 + p % 12, 2 + p % 25),
             "born_month": 1950 * 12 + p % 12}
            for p, u in zip(persons["person"], persons["unit"], strict=True)
        ]  # fmt: skip
        bulk_insert(draft.records, records.person, _rows(records.person, about))
        visits = made.assign(subject=made["person"], month=[d.year * 12 + d.month - 1 for d in made["day"]])
        bulk_insert(draft.records, records.followup, _rows(records.followup, visits.to_dict("records")))
    return made


def share_telephones(store: Store, made: pd.DataFrame, crowded: int) -> None:
    """Thirty of the forty people of one unit have one of two telephones; all others have their own."""
    persons = made.drop_duplicates("person")[["person", "unit"]]
    nth = persons.groupby("unit").cumcount()
    many = (persons["unit"] == crowded) & (nth < 30)
    rows = pd.DataFrame(
        {
            "subject": persons["person"],
            "key": persons["person"],
            "content": 1,
            "sealed_with": 1,
            "in_force": True,
            "phone_mark": MARK + persons["person"].astype("int64").where(~many, 7 + (nth < 20)),
        }
    )
    with store.change("identity") as draft:
        bulk_insert(draft.identity, names, rows)


def _rows(table, rows: list[dict]) -> pa.Table:
    start = len(table.name) * 100_000
    whole = [
        dict.fromkeys(table.c.keys()) | _VERSION | {"row_id": start + n, "key": start + n} | row
        for n, row in enumerate(rows)
    ]
    found = pa.Table.from_pylist(whole)
    return found.select([name for name in found.column_names if found[name].null_count < len(whole)])
