"""A bureau's own targets: what they come before, what is wrong with a file, what is kept of every change."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from metrics import figures, published
from metrics.build import build
from metrics.cards import CARDS
from metrics.judgement import Targets
from metrics.principal import LOCAL
from metrics.standards import StandardsError, parameters
from metrics.standards.files import write_templates
from metrics.targets import history, note_targets, own_targets, target_rows
from tests.property.districts import Plan
from tests.property.histories import History
from tests.property.stores import new_store, write

UNITS = pd.DataFrame({"unit": [1, 2, 3], "code": ["B", "C1", "S1"], "kind": ["bureau", "centre", "station"]})
CODES = {"B": 1, "C1": 2, "S1": 3}
HEAD = "indicator,year,unit_kind,unit,value,value_to,source,note\n"


def own_file(folder: Path, rows: str, head: str = HEAD) -> Path:
    (folder / "targets.csv").write_text(head + rows, "utf-8-sig")
    return folder


def in_force(folder: Path) -> Targets:
    return Targets(target_rows(CARDS, folder, UNITS))


def test_own_comes_before_shipped_and_a_unit_before_its_kind_before_all(tmp_path: Path) -> None:
    shipped = in_force(tmp_path).find("hr_filing_rate", 2026, 3, "station")
    assert shipped == (0.95, "000_f9eae4dcaaefe31d.txt")
    own_file(
        tmp_path,
        "hr_filing_rate,2026,,,0.90,,局文一,\n"
        "hr_filing_rate,2026,centre,,0.92,,局文二,\n"
        "hr_filing_rate,2026,,C1,0.94,,局文三,\n",
    )
    found = in_force(tmp_path)
    assert found.find("hr_filing_rate", 2026, 3, "station") == (0.90, "局文一")
    assert found.find("hr_filing_rate", 2026, 9, "centre") == (0.92, "局文二")
    assert found.find("hr_filing_rate", 2026, 2, "centre") == (0.94, "局文三")
    assert found.find("hr_filing_rate", 2025, 2, "centre") == shipped, "another year is as it was"


def test_what_it_replaces_stays_visible(tmp_path: Path) -> None:
    own_file(tmp_path, "hr_filing_rate,2026,,,0.90,,局文一,\n")
    rows = target_rows(CARDS, tmp_path, UNITS)
    rows = rows[(rows["indicator"] == "hr_filing_rate") & (rows["year"] == 2026)]
    assert sorted(zip(rows["value"], rows["in_force"], rows["own"], strict=True)) == [
        (0.80, False, False),
        (0.90, True, True),
        (0.95, False, False),
    ]


def test_an_own_target_of_one_unit_leaves_the_shipped_one_to_all_others(tmp_path: Path) -> None:
    own_file(tmp_path, "hr_filing_rate,2026,,S1,0.70,,局文,\n")
    found = in_force(tmp_path)
    assert found.find("hr_filing_rate", 2026, 3, "station")[0] == 0.70
    assert found.find("hr_filing_rate", 2026, 2, "centre")[0] == 0.95


def test_years_may_be_a_stretch_and_values_a_range(tmp_path: Path) -> None:
    head = "indicator,from_year,to_year,value,value_to,source\n"
    own_file(tmp_path, "hr_filing_rate,2026,2028,0.8,0.9,局文\n", head)
    found = in_force(tmp_path)
    for year in (2026, 2027, 2028):
        assert found.find_range("hr_filing_rate", year, 2, "centre") == (0.8, "局文", 0.9)
    assert math.isnan(found.find_range("hr_filing_rate", 2025, 2, "centre")[2])


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("hr_filling_rate,2026,,,0.9,,x,", "indicator"),
        ("hr_filing_rate,26,,,0.9,,x,", "year"),
        ("hr_filing_rate,二〇二六,,,0.9,,x,", "year"),
        ("hr_filing_rate,2026,hospital,,0.9,,x,", "unit_kind"),
        ("hr_filing_rate,2026,,X9,0.9,,x,", "unit"),
        ("hr_filing_rate,2026,centre,C1,0.9,,x,", "unit"),
        ("hr_filing_rate,2026,,,95,,x,", "value"),
        ("hr_filing_rate,2026,,,95%,,x,", "value"),
        ("hr_filing_rate,2026,,,,,x,", "value"),
        ("hr_filing_rate,2026,,,-0.1,,x,", "value"),
        ("hr_filing_rate,2026,,,0.9,0.8,x,", "value_to"),
        ("hr_filing_rate,2026,,,0.9,,,", "source"),
        ("hr_filing_rate,2026,,,0.9,,x,\nhr_filing_rate,2026,,,0.8,,x,", "indicator"),
    ],
)
def test_a_mistake_is_named_with_line_column_and_remedy(tmp_path: Path, row: str, column: str) -> None:
    own_file(tmp_path, row + "\n")
    line = 2 + row.count("\n")
    with pytest.raises(StandardsError) as caught:
        own_targets(tmp_path / "targets.csv", CARDS, CODES)
    text = str(caught.value)
    assert f"targets.csv，第 {line} 行，{column} 列" in text
    assert f"line {line}, column {column}" in text


def test_templates_are_empty_files_and_overwrite_nothing(tmp_path: Path) -> None:
    write_templates(tmp_path)
    assert own_targets(tmp_path / "targets.csv", CARDS, CODES) == []
    own_file(tmp_path, "hr_filing_rate,2026,,,0.90,,局文,\n")
    write_templates(tmp_path)
    assert len(own_targets(tmp_path / "targets.csv", CARDS, CODES)) == 1


def test_every_change_is_noted(tmp_path: Path) -> None:
    assert note_targets(tmp_path) == 0
    own_file(tmp_path, "hr_filing_rate,2026,,,0.90,,局文一,\nfd_contract_rate,2026,centre,,0.7,,局文一,\n")
    assert note_targets(tmp_path) == 2
    assert note_targets(tmp_path) == 0, "nothing changed"
    own_file(tmp_path, "hr_filing_rate,2026,,,0.92,,局文二,年中调整\n")
    assert note_targets(tmp_path) == 2
    told = [
        (one["change"], one["indicator"], one["year"], one["unit_kind"], one["before"], one["after"])
        for one in history(tmp_path)
    ]
    assert told == [
        ("added", "fd_contract_rate", "2026", "centre", "", "0.7"),
        ("added", "hr_filing_rate", "2026", "", "", "0.90"),
        ("removed", "fd_contract_rate", "2026", "centre", "0.7", ""),
        ("changed", "hr_filing_rate", "2026", "", "0.90", "0.92"),
    ]
    last = history(tmp_path)[-1]
    assert (last["source"], last["note"]) == ("局文二", "年中调整")
    assert last["at"] and last["by"]


# -- through a build -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built() -> Iterator[tuple]:
    """A store with figures of some cards and its folder, in which a bureau named a target."""
    with new_store() as (store, place):
        history_of = History(Plan(seed=8, districts=1, persons=40, months=24))
        for name in ("followup", "checkup", "encounter", "dose", "service"):  # no slips of the pen in dates
            rows = history_of.versions[name]
            history_of.versions[name] = [row for row in rows if row["month"] < 2026 * 12]
        write(store, history_of)
        cards = [CARDS[key] for key in ("hr_filing_rate", "htn_standard_rate", "el_exam_rate")]
        own_file(place.folder, "hr_filing_rate,2025,,U4,0.33,,局文,\n")
        build(store, place, cards=cards)
        yield store, place.folder, cards, place


def test_a_build_publishes_targets_and_notes_them(built: tuple) -> None:
    store, folder, *_ = built
    with store.published() as connection:
        table = published.target
        rows = connection.execute(select(table).where(table.c.own)).mappings().all()
    assert [(row["unit"], row["year"], row["value"], row["in_force"]) for row in rows] == [
        (4, 2025, 0.33, True)
    ]
    assert [one["change"] for one in history(folder)] == ["added"]


def test_a_mistake_in_the_file_stops_the_build_and_leaves_the_figures(built: tuple) -> None:
    store, folder, cards, place = built
    before = store.generation()
    text = (folder / "targets.csv").read_text("utf-8-sig")
    (folder / "targets.csv").write_text(text.replace("0.33", "33"), "utf-8")
    with pytest.raises(StandardsError, match=r"targets\.csv"):
        build(store, place, cards=cards)
    (folder / "targets.csv").write_text(text, "utf-8")
    assert store.generation() == before


def test_a_build_publishes_the_parameters_in_force(built: tuple) -> None:
    store, *_ = built
    with store.published() as connection:
        rows = connection.execute(select(published.parameter)).mappings().all()
    assert len(rows) == sum(len(values) for values in parameters().values())
    heads = [(row["from_on"].year, row["value"]) for row in rows if row["key"] == "fund_per_head"]
    assert heads == [(2017, 89), (2024, 94), (2025, 99)]
    assert not any(row["own"] for row in rows)


def test_populations_stand_side_by_side_and_one_is_in_force(built: tuple) -> None:
    store, *_ = built
    with store.published() as connection:
        rows = pd.DataFrame(connection.execute(select(published.population)).mappings().all())
        units = connection.execute(select(published.unit.c.unit)).scalars().all()
        seen = figures.denominators(LOCAL, connection, 2, "all")
        course = figures.course(LOCAL, connection, 2, CARDS["hr_filing_rate"], "as_of")
    assert rows.groupby(["unit", "year", "band"])["in_force"].sum().max() == 1
    by_name = rows[(rows["kind"] == "recorded") & (rows["band"] == "all")]
    assert set(by_name["unit"]) == set(units), "of every unit it is known how many are known by name"
    assert set(seen["kind"]) <= {"resident", "registered", "recorded"}
    for year, kinds in course.groupby(course["month"] // 12)["denominator_kind"]:
        chosen = seen[(seen["year"] == year) & seen["in_force"]]
        assert set(kinds.dropna()) == set(chosen["kind"])
        persons = set(course[course["month"] // 12 == year]["denominator"].dropna())
        assert persons <= set(chosen["persons"].astype(float))
