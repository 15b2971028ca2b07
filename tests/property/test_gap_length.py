"""A gap list is as long as its gap, also where one child lacks more doses than fit on two hands."""

from __future__ import annotations

import datetime as dt

from metrics.build import build
from metrics.cards import CARDS
from metrics.gaps import gap_page
from metrics.principal import LOCAL
from tests.property.stores import new_store, read_figures, write_tables

DECEMBER = 2025 * 12 + 11


def row(number: int, **values) -> dict:
    """A version of a record row, in force since event 1."""
    provenance = dict.fromkeys(("row_id", "key", "content", "rank", "batch", "file", "line"), number)
    return {**provenance, "known_from": 1, "known_to": None, **values}


def test_a_child_without_any_dose_stands_on_the_list_once_a_dose():
    born = dt.date(2024, 11, 20)
    about = {"subject": 1, "person": 1, "unit": 2}
    tables = {
        "unit": [
            row(1, unit=1, code="B", name="局", kind="bureau", parent=None),
            row(2, unit=2, code="S", name="站", kind="station", parent=1),
        ],
        "person": [row(1, **about, born_on=born, born_month=2024 * 12 + 10, sex=1, registered=True)],
        "health_record": [row(1, **about, created_on=born)],
        "encounter": [
            row(
                n,
                **about,
                visit_no=str(n),
                day=dt.date(2025, n, 1),
                month=2025 * 12 + n - 1,
                kind="outpatient",
            )
            for n in range(1, 13)
        ],
    }
    with new_store() as (store, place):
        write_tables(store, tables)
        build(store, place, cards=[CARDS["im_class1_rate"]])
        figure = read_figures(store).set_index(["unit", "month", "basis"]).loc[(1, DECEMBER, "ytd")]
        gap = int(figure["listed"] - figure["numerator"])
        assert gap > 9
        page = gap_page(store, LOCAL, "im_class1_rate", 1, DECEMBER, "ytd", 1, 100, "zh")
        assert (page.total, len(page.rows)) == (gap, gap)


def test_the_last_day_of_a_contract_that_was_stopped_is_no_day_to_come():
    """It ended when it was stopped: the list once told the day on which it would have ended."""
    day = dt.date.fromisoformat
    contracts = {  # person: start, end, stopped; the last day that the list tells
        1: ("2024-07-01", "2027-06-30", "2025-02-01", "2025-02-01"),
        2: ("2024-01-01", "2024-12-31", None, "2024-12-31"),
        3: ("2024-01-01", "2024-12-31", "2025-03-01", "2024-12-31"),
    }
    about = {n: {"subject": n, "person": n, "unit": 2} for n in contracts}
    tables = {
        "unit": [
            row(1, unit=1, code="B", name="局", kind="bureau", parent=None),
            row(2, unit=2, code="S", name="站", kind="station", parent=1),
        ],
        "person": [
            row(n, **about[n], born_on=dt.date(1960, 1, 1), born_month=1960 * 12, sex=1, registered=True)
            for n in contracts
        ],
        "health_record": [row(n, **about[n], created_on=dt.date(2024, 1, 1)) for n in contracts],
        "contract": [
            row(
                n,
                **about[n],
                contract_no=str(n),
                signed_on=day(start),
                start_on=day(start),
                end_on=day(end),
                stopped_on=None if stopped is None else day(stopped),
            )
            for n, (start, end, stopped, _) in contracts.items()
        ],
        "encounter": [
            row(
                n,
                **about[1],
                visit_no=str(n),
                day=dt.date(2025, n, 1),
                month=2025 * 12 + n - 1,
                kind="outpatient",
            )
            for n in range(1, 13)
        ],
    }
    with new_store() as (store, place):
        write_tables(store, tables)
        build(store, place, cards=[CARDS["fd_contract_rate"]])
        rows = gap_page(store, LOCAL, "fd_contract_rate", 1, DECEMBER, "as_of", 1, 100, "zh").rows
    assert dict(zip(rows["person"], rows["last_on"], strict=True)) == {
        n: day(last) for n, (*_, last) in contracts.items()
    }
