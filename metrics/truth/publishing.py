"""What a build publishes of the signals: how many are worth checking, who, and why. Nobody seen by them is in it.

A doctor is the keyed hash of the name that the records have (``doctor_number``): published figures name nobody. Whoever may see
the persons of a unit is told the names by ``listing.py``, which reads them from the records.
"""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, inspect, select

from data.hashing import Hasher
from data.identity import with_telephone
from data.store import Snapshot, Store
from metrics import published
from metrics.principal import EVERYTHING
from metrics.truth.forms import measured
from metrics.truth.reading import Window, read_work, with_phones
from metrics.truth.rules import Rules, rules_in
from metrics.truth.signals import signals
from metrics.truth.together import combined
from metrics.truth.work import Work

#: Goes up when what is published would differ for the same records: then a build looks anew.
METHOD = 8


def is_known(known: Snapshot | Store) -> bool:
    """Whether the build in force published what this version publishes, of as many telephones as there are now.

    Telephones of an older release are marked when the key is there (``data.marking``): no event of the records says so.
    """
    table = published.truth_look
    with known.published() as connection:
        there = inspect(connection)
        if not there.has_table(table.name, schema=table.schema):
            return False
        columns = {column["name"] for column in there.get_columns(table.name, schema=table.schema)}
        if not columns >= set(table.c.keys()):
            return False
        row = connection.execute(select(table.c.method, table.c.telephones)).first()
    return row is not None and tuple(row) == (METHOD, with_telephone(known))


def doctor_number(hasher: Hasher, name: str) -> int:
    """0 for no doctor: the unit as a whole."""
    return hasher.identifier("doctor", name) if name else 0


def looked_at(
    connection: Connection, month: int, hasher: Hasher, phones: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Rows of the tables ``truth_*`` by name, of the records of the months up to ``month``; ``phones`` of ``data.identity``."""
    rules = rules_in(month)
    window = Window.of(month, int(rules.months))
    work = with_phones(read_work(connection, EVERYTHING, window), phones)
    found = told(work, window, rules, hasher)
    found["truth_look"]["telephones"] = len(phones)
    return found


def told(work: Work, window: Window, rules: Rules, hasher: Hasher) -> dict[str, pd.DataFrame]:
    """The same of given work."""
    rows = signals(work, rules)
    groups = _groups(work, rows, combined(rows, rules), rules)
    reasons = _reasons(rows, groups[groups["listed"] | groups["hinted"]], rules)
    numbers = {name: doctor_number(hasher, name) for name in groups["doctor"].unique()}
    units, doctors = groups[groups["doctor"] == ""], groups[groups["doctor"] != ""]
    listed = set(groups.loc[groups["listed"], "unit"])
    look = {
        "first_on": window.first,
        "last_on": window.last,
        "method": METHOD,
        "units": int(units["enough"].sum()),
        "doctors": int(doctors["enough"].sum()),
        "units_few": int((~units["enough"]).sum()),
        "units_listed": len(listed),
        "doctors_listed": int(doctors["listed"].sum()),
        "units_hinted": len(set(groups.loc[groups["hinted"], "unit"]) - listed),
        "measured": " ".join(sorted(measured(work, rules))),
    }
    found = {"truth_look": pd.DataFrame([look])}
    for name, frame in (("truth_group", groups), ("truth_signal", reasons)):
        frame = frame.assign(doctor=frame["doctor"].map(numbers).astype("int64"))
        found[name] = frame[list(published.PUBLISHED[name].c.keys())]
    return found


def _groups(work: Work, rows: pd.DataFrame, combined_rows: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """unit, doctor, contacts, enough, listed, hinted, q, kinds of every unit and of every doctor who is looked at apart."""
    contacts = rows.loc[rows["kind"] == "pace", ["unit", "doctor", "number"]]
    groups = contacts.merge(combined_rows, on=["unit", "doctor"], how="left")
    groups["contacts"] = groups.pop("number").astype("int64")
    groups["enough"] = groups["contacts"] >= rules.fewest
    for level in ("listed", "hinted"):
        groups[level] = groups[level].fillna(False).astype(bool)
    return groups.sort_values(["unit", "doctor"], ignore_index=True)


def _reasons(rows: pd.DataFrame, told: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """The signals that say so of each group that is listed or hinted at, in their order."""
    tested = rows[rows["p"].notna()].merge(told[["unit", "doctor", "kinds"]], on=["unit", "doctor"])
    tested = tested.sort_values(["unit", "doctor", "p"], kind="stable", ignore_index=True)
    tested["place"] = tested.groupby(["unit", "doctor"]).cumcount() + 1
    clear = [
        row.kind in row.kinds or (not row.kinds and row.place <= rules.told_least)
        for row in tested.itertuples()
    ]
    tested = tested[pd.Series(clear, dtype=bool)].copy()
    for name in ("number", "behind"):
        tested[name] = tested[name].round().astype("int64")
    return tested
