"""Splits and figures of a district in which parameters were changed. Run as a process, prints JSON.

Rules read parameters when they are imported, so the changed values lie in the folder that JICENG_HOME names before this process begins.
"""

from __future__ import annotations

import datetime as dt
import json
import sys

from data import records
from data.store import Store
from metrics.build import build
from metrics.cards import CARDS
from metrics.principal import LOCAL
from metrics.why.asking import split
from metrics.why.sharing import Split
from tests.property.districts import STATION, TOWN, Plan
from tests.property.histories import History
from tests.property.stores import new_store, read_figures, write, write_tables
from tests.property.test_gap_length import row

KEYS = (
    "fd_key_contract_rate",
    "htn_screen35_rate",
    "htn_control_rate",
    "dm_standard_rate",
    "htn_standard_rate",
)
UNITS = (TOWN, STATION)
DECEMBER = 2025 * 12 + 11
DAY = dt.date


def figures(also_splits: bool = True) -> tuple[dict[str, list], dict[str, dict]]:
    """card|unit|month -> numerator, denominator; and card|unit -> the split of December against the one before."""
    with new_store() as (store, place):
        write(store, History(Plan(seed=5, districts=1, persons=70, months=25)))
        known_in_time(store, DAY(2025, 12, 31))
        build(store, place, cards=[CARDS[key] for key in KEYS])
        rows = read_figures(store)
        told = {}
        for one in rows.itertuples():
            if one.basis == str(CARDS[one.indicator].bases[0]) and one.value == one.value:
                told[f"{one.indicator}|{one.unit}|{one.month}"] = [int(one.numerator), int(one.denominator)]
        splits = {
            f"{key}|{unit}": plain(
                split(store, LOCAL, key, unit, DECEMBER, str(CARDS[key].bases[0]), DECEMBER - 12)
            )
            for key in KEYS
            for unit in (UNITS if also_splits else ())
        }
    return told, splits


def known_in_time(store: Store, last: dt.date) -> None:
    """All of it was known in time, up to the last day."""
    file, event = records.source_file, records.event
    about = {column.name: 0 for column in file.c if not column.nullable}
    about |= {"batch": 1, "name": "f", "sha256": "", "snapshot": False, "made_on": last}
    with store.change("records") as draft:
        draft.records.execute(event.update().values(at=dt.datetime(2024, 1, 1), batch=1))
        draft.records.execute(file.insert().values(about))


def plain(found: Split) -> dict:
    """Fractions as pairs of whole numbers."""

    def pair(number) -> list[int]:
        return list(number.as_integer_ratio())

    return {
        "reason": found.reason,
        "before": found.before and [found.before[0], found.before[1], pair(found.before[2])],
        "after": found.after and [found.after[0], found.after[1], pair(found.after[2])],
        "parameters": {key: [one.old, one.new, one.on.isoformat()] for key, one in found.parameters.items()},
        "causes": {
            " ".join([cause.name, *cause.keys]): [
                pair(cause.numerator),
                pair(cause.denominator),
                pair(cause.value),
                cause.people,
                cause.merged,
            ]
            for cause in found.causes
        },
    }


def by_hand() -> dict[str, list]:
    """Five elders and nearly elders who stay as they are; and one first visit a month of somebody young, one of somebody older."""
    about = {n: {"subject": n, "person": n, "unit": 2} for n in range(1, 8)}
    born = {n: DAY(1950, 1, 1) for n in (1, 2, 3)} | {n: DAY(1963, 1, 1) for n in (4, 5)}
    born |= {6: DAY(1993, 1, 1), 7: DAY(1980, 1, 1)}
    tables = {
        "unit": [
            row(1, unit=1, code="B", name="局", kind="bureau", parent=None),
            row(2, unit=2, code="C", name="中心", kind="centre", parent=1),
        ],
        "person": [
            row(
                n,
                **about[n],
                born_on=born[n],
                born_month=born[n].year * 12,
                registered=True,
            )
            for n in about
        ],
        "residence": [row(n, **about[n], start_on=DAY(2020, 1, 1), end_on=None) for n in about],
        "contract": [
            row(
                n,
                **about[n],
                contract_no=str(n),
                signed_on=DAY(2025, 1, 1),
                start_on=DAY(2025, 1, 1),
                end_on=DAY(2026, 12, 31),
            )
            for n in (1, 2, 4)
        ],
        "encounter": [
            row(
                10 * (12 * year + n) + who,
                **about[who],
                visit_no=f"{who}-{year}-{n}",
                day=DAY(year, n, 3),
                month=year * 12 + n - 1,
                kind="outpatient",
                first_visit=True,
                sbp=pressure,
            )
            for year, n in [(2024, 12), *((2025, n) for n in range(1, 13))]
            for who, pressure in ((6, None), (7, 120))
        ],
    }
    keys = ("fd_key_contract_rate", "htn_screen35_rate")
    with new_store() as (store, place):
        write_tables(store, tables)
        build(store, place, cards=[CARDS[key] for key in keys])
        ask = (
            ("elders", keys[0], "as_of", DECEMBER, DECEMBER - 1),
            ("within the year", keys[1], "ytd", DECEMBER, DECEMBER - 6),
            ("month", keys[1], "month", DECEMBER - 5, DECEMBER - 6),
            ("twelve months", keys[1], "r12", DECEMBER, DECEMBER - 1),
            ("both after it", keys[1], "ytd", DECEMBER, DECEMBER - 1),
        )
        return {
            name: plain(split(store, LOCAL, key, 2, month, basis, before))
            for name, key, basis, month, before in ask
        }


def main() -> None:
    told, splits = figures("figures" not in sys.argv)
    hand = by_hand() if "hand" in sys.argv else {}
    json.dump({"figures": told, "splits": splits, "hand": hand}, sys.stdout)


if __name__ == "__main__":
    main()
