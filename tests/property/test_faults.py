"""The rows behind a measure of data quality are those that it does not count, each with what is wrong with it and where it came from."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from data import records
from data.intake.layouts import load_layouts
from data.store import bulk_insert
from metrics.build import build
from metrics.cards.quality_rows import ROWS
from metrics.checks import REMEDIES
from metrics.faults import ABSENT, EMPTY, NEVER, fault_page
from metrics.principal import EVERYTHING, LOCAL, NotAllowedError, Scope
from metrics.quality import quality_cards
from tests.property.districts import Plan
from tests.property.histories import History
from tests.property.stores import new_store, read_figures, write, write_tables
from tests.property.test_by_source import spread, write_files
from tests.property.test_gap_length import row
from tests.roles import as_role

LAYOUTS = load_layouts()
MARCH, DECEMBER = 2025 * 12 + 2, 2025 * 12 + 11


def test_the_list_is_as_long_as_the_figure_lacks_rows():
    cards = quality_cards()
    with new_store() as (store, place):
        history = History(Plan(seed=7, districts=2, persons=40, months=14))
        spread(history)
        write(store, history)
        write_files(store)
        build(store, place, cards=list(cards.values()))
        figures = read_figures(store)
        figures = figures[figures["status"].isin(["ok", "part"]) & figures["numerator"].notna()]
        seen, told = 0, set()
        for key, card in cards.items():
            own = figures[(figures["indicator"] == key) & (figures["basis"] == str(card.bases[0]))]
            lacks = own.assign(gap=own["listed"] - own["numerator"]).sort_values(["gap", "unit", "month"])
            for one in lacks.iloc[
                sorted({0, len(lacks) // 2, len(lacks) - 1} if len(lacks) else ())
            ].itertuples():
                told.add(key)
                found = fault_page(
                    store, LOCAL, key, int(one.unit), int(one.month), one.basis, 1, 10_000, LAYOUTS
                )
                assert (found.total, len(found.rows)) == (one.gap, one.gap), one
                assert len({(r.table, r.row_id) for r in found.rows}) == found.total
                assert all(r.faults for r in found.rows)
                assert found.items["faults"].sum() == sum(len(r.faults) for r in found.rows)
                seen += found.total
        assert seen > 40 and len(told) > 14


def test_pages_make_up_the_whole_list():
    with new_store() as (store, place):
        history = History(Plan(seed=7, districts=1, persons=40, months=14))
        spread(history)
        write(store, history)
        write_files(store)
        build(store, place, cards=[quality_cards()["dq_alive"]])
        last = int(read_figures(store)["month"].max())
        whole, *pages = (
            fault_page(store, LOCAL, "dq_alive", 1, last, "r12", page, size, LAYOUTS).rows
            for page, size in [(1, 100), (1, 2), (2, 2), (3, 2)]
        )
        assert len(whole) > 4
        ours = [(r.table, r.row_id) for page in pages for r in page]
        assert ours == [(r.table, r.row_id) for r in whole][: len(ours)]


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


PEOPLE = {  # 5 lives at another station
    n: {"subject": n, "person": n, "unit": 3 if n == 5 else 2} for n in range(1, 6)
}


def _followup(number: int, person: int, day: str, **values) -> dict:
    about = PEOPLE[person] | {"programme": "htn", "month": int(day[:4]) * 12 + int(day[5:7]) - 1}
    whole = {"mode": "clinic", "doctor": "Li", "sbp": 130, "dbp": 80, "next_on": _day("2025-12-01")}
    return row(number, **about, day=_day(day), **(whole | values)) | {"file": values.get("file", 1)}


FILES = {
    1: ("高血压.csv", "chis.htn_followup"),
    2: ("随访.xlsx", "plain.followup"),
    3: ("体检.csv", "chis.checkup"),
}


@pytest.fixture(scope="module")
def store():
    followups = [
        _followup(1, 1, "2025-03-05"),
        _followup(2, 1, "2025-03-05", mode="home", file=2),  # the day's second one
        _followup(3, 2, "2025-03-06", sbp=None, mode=None),
        _followup(4, 3, "2025-03-07", sbp=80, dbp=130),
        _followup(5, 3, "2025-03-08", sbp=0, dbp=90),
        _followup(6, 4, "2025-03-09", entered_on=_day("2025-03-20")),
        _followup(7, 5, "2025-03-10"),
        _followup(8, 5, "2025-03-10"),
        *(_followup(10 + n, 4, f"2025-05-{1 + n:02}", file=2, doctor=None) for n in range(20)),
    ]
    tables = {
        "unit": [
            row(1, unit=1, code="B", name="局", kind="bureau", parent=None),
            row(2, unit=2, code="S", name="站", kind="station", parent=1),
            row(3, unit=3, code="T", name="东站", kind="station", parent=1),
        ],
        "person": [
            row(n, **about, born_on=dt.date(1960, 1, 1), born_month=1960 * 12, sex=1, registered=True)
            for n, about in PEOPLE.items()
        ],
        "health_record": [row(n, **about, created_on=dt.date(2024, 1, 1)) for n, about in PEOPLE.items()],
        "followup": followups,
        "checkup": [
            row(1, **PEOPLE[1], day=_day("2025-03-05"), month=MARCH, reason="elder", sbp=120, dbp=80)
            | {"file": 3}
        ],
    }
    with new_store() as (store, place):
        write_tables(store, tables)
        counts = {c.name: 0 for c in records.source_file.c if c.name.startswith("rows_")}
        with store.change("records") as draft:
            bulk_insert(
                draft.records,
                records.source_file,
                pd.DataFrame(
                    [
                        {
                            "file": n,
                            "batch": 1,
                            "name": name,
                            "sha256": "",
                            "layout": layout,
                            "snapshot": False,
                        }
                        | counts
                        for n, (name, layout) in FILES.items()
                    ]
                ),
            )
        build(store, place, cards=list(quality_cards().values()))
        yield store


def _list(store, key: str, unit: int = 2, month: int = MARCH, basis: str = "month", principal=LOCAL):
    return fault_page(store, principal, key, unit, month, basis, 1, 50, LAYOUTS)


def _said(page) -> list[tuple]:
    """day, line, and of each fault its check, what the store holds, and why it is missing."""
    return [
        (
            str(r.day),
            r.place.line,
            *((one.check.key, dict(one.values), one.cause) for one in r.faults),
        )
        for r in page.rows
    ]


def test_what_is_wrong_and_what_is_stored(store):
    assert _said(_list(store, "dq_followup_complete")) == [
        ("2025-03-06", 3, ("mode", {"mode": None}, EMPTY), ("pressure", {"sbp": None, "dbp": 80}, EMPTY))
    ]
    assert _said(_list(store, "dq_coherent")) == [
        ("2025-03-08", 5, ("reversed", {"sbp": 0, "dbp": 90}, "")),
        ("2025-03-07", 4, ("reversed", {"sbp": 80, "dbp": 130}, "")),
    ]
    assert _said(_list(store, "dq_readings_plausible")) == [("2025-03-08", 5, ("sbp_range", {"sbp": 0}, ""))]
    assert _said(_list(store, "dq_followup_in_time")) == [
        ("2025-03-09", 6, ("entered_late", {"entered_on": _day("2025-03-20")}, ""))
    ]


def test_where_a_row_came_from(store):
    [found] = _list(store, "dq_followup_complete").rows
    assert (found.table, found.layout, found.person) == ("followup", "chis.htn_followup", 2)
    assert (found.place.file, found.place.line, found.place.unit) == ("高血压.csv", 3, 2)


def test_rows_that_are_alike_name_each_other(store):
    page = _list(store, "dq_followup_once")
    assert [(r.place.line, [(c.file, c.line) for c in r.copies]) for r in page.rows] == [
        (1, [("随访.xlsx", 2)]),
        (2, [("高血压.csv", 1)]),
    ]


def test_an_item_that_a_system_never_sends_is_told_from_one_left_empty(store):
    """Twenty follow-ups of May without a doctor: the form has the column, nobody ever filled it in."""
    may = _list(store, "dq_followup_complete", month=MARCH + 2)
    assert may.total == 20
    assert {(one.check.key, one.cause) for r in may.rows for one in r.faults} == {("doctor", NEVER)}
    told = may.items[may.items["faults"] > 0]
    assert told[["check", "layout", "asked", "faults", "cause"]].to_numpy().tolist() == [
        ["doctor", "plain.followup", 20, 20, NEVER]
    ]


def test_an_item_that_a_form_does_not_have_is_absent(store):
    without = LAYOUTS["chis.checkup"]
    columns = tuple(c for c in without.columns if "self_care" not in c.to)
    layouts = {**LAYOUTS, "chis.checkup": replace(without, columns=columns)}
    page = fault_page(store, LOCAL, "dq_checkup_complete", 2, MARCH, "month", 1, 50, layouts)
    assert [(one.check.key, one.cause) for r in page.rows for one in r.faults] == [("self_care", ABSENT)]
    assert [
        (one.check.key, one.cause) for r in _list(store, "dq_checkup_complete").rows for one in r.faults
    ] == [
        ("self_care", EMPTY)  # one row says nothing of what the system sends
    ]


def test_only_the_people_of_the_scope(store):
    mine = as_role("director", "director", EVERYTHING, Scope(frozenset({2})))
    assert _list(store, "dq_followup_once", principal=mine).total == 2
    with pytest.raises(NotAllowedError):
        _list(store, "dq_followup_once", unit=3, principal=mine)
    with pytest.raises(NotAllowedError):
        _list(store, "dq_followup_once", unit=1, principal=mine)


def test_every_card_says_what_its_rows_must_be():
    assert set(ROWS) == set(quality_cards())
    checks = [check for parts in ROWS.values() for rows in parts for check in rows.checks]
    assert {check.remedy for check in checks} == set(REMEDIES)
    assert all(check.shows for check in checks)
