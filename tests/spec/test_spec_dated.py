"""A parameter changes the figures from its date on, not before: by hand, and against the plain count."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from metrics import standards
from metrics.standards import CALENDAR, StandardsError
from tests.property.dated import PLAN, told
from tests.property.districts import tables
from tests.property.engine import counted, filled
from tests.spec.dated import FROM, SECOND, everything_changed, own_file

ROOT = Path(__file__).resolve().parents[2]
CHANGE = 2025 * 12 + 6  # the month of FROM


def in_a_process(module: str, home: Path) -> dict:
    """What a module prints when rules are imported with the parameters of a folder."""
    environment = os.environ | {"JICENG_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", module], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dated")
    (folder / "parameters.csv").write_text(own_file(), "utf-8")
    return folder


@pytest.fixture(scope="module")
def by_parameter(home: Path) -> dict[str, list[str]]:
    return in_a_process("tests.spec.dated", home)


@pytest.mark.parametrize("key", SECOND)
def test_change_by_hand(by_parameter: dict[str, list[str]], key: str) -> None:
    assert by_parameter[key] == [], "\n".join(by_parameter[key])


def test_any_district_before_and_after_every_change(tmp_path: Path) -> None:
    """Before the date to the digit what no change gives; after it what the plain count says."""
    (tmp_path / "parameters.csv").write_text(everything_changed(), "utf-8")
    changed = in_a_process("tests.property.dated", tmp_path)
    assert changed["wrong"] == {}
    with filled(tables(PLAN)) as connection:
        unchanged = told(counted(connection, PLAN))
    assert changed["engine"].keys() == unchanged.keys()
    differing = {
        place for place, numbers in unchanged.items() if list(numbers) != list(changed["engine"][place])
    }
    assert {place for place in differing if int(place.split("|")[2]) < CHANGE} == set()
    assert len({place.split("|")[0] for place in differing}) > 20, "most parameters change some card"


def test_no_rule_reads_a_parameter_without_a_date() -> None:
    """Only what says when years begin has one value for all time."""
    undated = {}
    for path in sorted((ROOT / "metrics").rglob("*.py")):
        text = path.read_text("utf-8")
        for key in standards.parameters():
            if f'number("{key}")' in text and key not in CALENDAR:
                undated.setdefault(path.name, []).append(key)
    assert undated == {}


# -- a bureau's own values ------------------------------------------------------------------------------------


def own(tmp_path: Path, text: str):
    (tmp_path / "parameters.csv").write_text(text, "utf-8")
    return standards.own_parameters(tmp_path / "parameters.csv", standards.shipped_parameters())


def test_own_values_hold_from_their_date_on(tmp_path: Path) -> None:
    shipped = standards.shipped_parameters()
    text = (
        "# 说明\nkey,from,value,source\nsbp_goal,2025-07-01,130,局文\nyear_first_month,2020-01-01,10,局文\n"
    )
    merged = standards.with_own(shipped, own(tmp_path, text))
    assert [(v.start, v.value, v.own) for v in merged["sbp_goal"]] == [
        (date(2017, 1, 1), 140, False),
        (date(2025, 7, 1), 130, True),
    ]
    assert [v.value for v in merged["year_first_month"]] == [10]
    assert merged["dbp_goal"] == shipped["dbp_goal"]


def test_a_later_shipped_value_does_not_come_back(tmp_path: Path) -> None:
    shipped = standards.shipped_parameters()
    values = {"fund_per_head": shipped["fund_per_head"]}
    merged = standards.with_own(
        values, own(tmp_path, "key,from,value,source\nfund_per_head,2024-06-01,90,x\n")
    )
    assert [v.value for v in merged["fund_per_head"]] == [89, 94, 90]


def test_a_spreadsheet_of_the_chinese_code_page_is_read(tmp_path: Path) -> None:
    path = tmp_path / "parameters.csv"
    path.write_bytes("key,from,value,source\nsbp_goal,2025-07-01,130,卫健局文件\n".encode("gb18030"))
    found = standards.own_parameters(path, standards.shipped_parameters())
    assert found["sbp_goal"][0].source == "卫健局文件"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("sbp_gaol,2025-07-01,130,x", "key"),
        ("sbp_goal,2025/7/1,130,x", "from"),
        ("sbp_goal,2025-07-01,13o,x", "value"),
        ("sbp_goal,2025-07-01,-1,x", "value"),
        ("phone_counts,2025-07-01,2,x", "value"),
        ("elder_age,2025-07-01,65.5,x", "value"),
        ("contacts_per_year,2025-07-01,0,x", "value"),
        ("htn_estimate,2025-07-01,25,x", "value"),
        ("interval_pct,2025-07-01,100,x", "value"),
        ("funnel_outer_pct,2025-07-01,0,x", "value"),
        ("year_first_month,2025-07-01,13,x", "value"),
        ("sbp_goal,2025-07-01,130,", "source"),
        ("sbp_goal,2025-07-01,130,x\nsbp_goal,2025-07-01,131,x", "from"),
    ],
)
def test_a_mistake_is_named_with_line_column_and_remedy(tmp_path: Path, row: str, column: str) -> None:
    line = 2 + row.count("\n")
    with pytest.raises(StandardsError) as caught:
        own(tmp_path, f"key,from,value,source\n{row}\n")
    text = str(caught.value)
    assert f"第 {line} 行，{column} 列" in text
    assert f"line {line}, column {column}" in text


def test_a_column_that_is_missing_or_unknown_is_named(tmp_path: Path) -> None:
    with pytest.raises(StandardsError, match="source"):
        own(tmp_path, "key,from,value\nsbp_goal,2025-07-01,130\n")
    with pytest.raises(StandardsError, match="vlaue"):
        own(tmp_path, "key,from,value,source,vlaue\nsbp_goal,2025-07-01,130,x,1\n")


def test_which_version_a_figure_uses() -> None:
    (before,) = standards.in_force(["fund_per_head"], 2024 * 12 + 11)
    (after,) = standards.in_force(["fund_per_head"], 2025 * 12)
    assert (before.value, after.value) == (94, 99)
    assert standards.value_in("fund_per_head", 2010 * 12) == 89, "the oldest value also holds before its date"
    assert FROM == "2025-07-01"
