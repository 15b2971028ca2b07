"""One test for each trap of the sources: a wrong or doubtful statement does not become a figure."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from data.intake.dates import parse_date
from data.intake.findings import UnreadableError
from data.intake.layouts import load_layouts
from data.intake.numbers import parse_int, parse_number
from data.intake.parsing import _code_parser
from metrics.card import Unit
from metrics.cards import CARDS
from metrics.judgement import Targets, judge, judged
from metrics.standards import StandardsError
from metrics.targets import own_targets, targets
from tests.traps.tables import AS_SHIPPED, OWN, differing

ROOT = Path(__file__).resolve().parents[2]


def refused(parse, *arguments) -> str:
    """The rule by which a cell is refused."""
    with pytest.raises(UnreadableError) as caught:
        parse(*arguments)
    return caught.value.rule


@pytest.fixture(scope="module")
def under_own(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Where the tables that need a bureau's own parameters differ from the figures."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "parameters.csv").write_text(OWN, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.traps.tables"],
        cwd=ROOT,
        env=os.environ | {"JICENG_HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@cache
def shipped_targets() -> Targets:
    frame = pd.DataFrame(targets(set(CARDS)))
    return Targets(frame)


def test_trap_01_payments_that_do_not_belong_to_one_population(under_own: list[str]) -> None:
    """70 % of 8 yuan a head for 347,671 people and 30 % for 536,533: each is set against the population."""
    assert [line for line in under_own if line.startswith(("C1", "B"))] == []
    assert round(1_946_960 / 0.7 / 8) == 347_671
    assert round(1_287_680 / 0.3 / 8) == 536_533
    assert round(1_946_960 / 0.7 * 0.3) == 834_411, "what 30 % of the first base would be"


def test_trap_02_a_printed_rate_is_never_trusted() -> None:
    """Six of seven built is 85.7 %, whatever is printed beside it; a report has no room for a rate."""
    assert differing(AS_SHIPPED["trap_02"]) == []
    (layout,) = [one for one in load_layouts().values() if one.table == "reported_count"]
    assert {name for column in layout.columns for name in column.to} >= {"numerator", "denominator"}
    assert not {name for column in layout.columns for name in column.to} & {"rate", "value", "percent"}


def test_trap_03_a_share_of_the_signed_is_no_coverage_of_the_key_populations() -> None:
    assert differing(AS_SHIPPED["trap_03"]) == []
    share, coverage = CARDS["fd_key_share"], CARDS["fd_key_contract_rate"]
    assert share.name.zh != coverage.name.zh
    assert share.is_listed and coverage.is_listed, "both are shown with numerator and denominator"
    assert round(9870 / 14710, 3) == 0.671


def test_trap_04_completion_of_a_task_is_no_coverage(tmp_path: Path) -> None:
    """645 people are 74.6 % of a task of 865; of 1,495 known they are 43.1 %. Times are not people."""
    assert differing(AS_SHIPPED["trap_04"]) == []
    task, coverage = CARDS["el_examined"], CARDS["el_exam_rate"]
    assert task.unit is Unit.PERSONS and not task.is_ratio
    assert "el_exam_task_completion" in task.catalogue
    assert coverage.statistic is not None and coverage.statistic.band == "65+"
    path = tmp_path / "targets.csv"
    path.write_text("indicator,year,value,source\nel_examined,2025,865,003_bec17c85df752c38.txt\n", "utf-8")
    aims = Targets(pd.DataFrame(own_targets(path, CARDS, {})))
    figure = pd.DataFrame(
        [("el_examined", 1, 2025 * 12 + 11, "ytd", 645.0, math.nan, math.nan, 645.0, "ok")],
        columns=[
            "indicator",
            "unit",
            "month",
            "basis",
            "numerator",
            "listed",
            "denominator",
            "value",
            "status",
        ],
    )
    row = judged(figure, CARDS, aims, {1: "centre"}).iloc[0]
    assert round(row["value"] / row["target"], 3) == 0.746
    assert row["missing"] == 865 - 645
    assert round(645 / 1495, 3) == 0.431


def test_trap_05_a_project_year_from_october_on(under_own: list[str]) -> None:
    """Rounds of October and March belong to one year where the bureau says that years begin in October."""
    assert [line for line in under_own if line.startswith("S1")] == []


def test_trap_06_follow_ups_per_patient_are_a_figure() -> None:
    """3,979 follow-ups of 956 + 337 patients are 3.08 each: below four a year, and seen at once."""
    assert differing(AS_SHIPPED["trap_06"]) == []
    assert round(3979 / (956 + 337), 2) == 3.08
    for key in ("htn_followups_per_patient", "dm_followups_per_patient"):
        assert CARDS[key].unit is Unit.PER_PERSON


@pytest.mark.parametrize("cell", ["2-3", "2~3", "2～3", "2至3", "2—3名"])
def test_trap_07_a_range_is_no_number(cell: str) -> None:
    """2–3 must not become 23, nor 2; as a target it is a range with two ends."""
    assert refused(parse_number, cell) in ("number_range", "number_unreadable")
    found = shipped_targets().find_range("gp_per_10k", 2026, 1, "bureau")
    assert (found[0], found[2]) == (2, 3)
    assert judge(CARDS["gp_per_10k"], "ok", 2.5, 2, 2, 3) == "at"


@pytest.mark.parametrize("cell", ["?23", "？23例", "2?3"])
def test_trap_08_a_destroyed_digit_is_refused(cell: str) -> None:
    assert refused(parse_number, cell) == "number_masked"
    assert refused(parse_int, cell) == "number_masked"


@pytest.mark.parametrize("cell", ["120xx余份", "3xx针次", "1XX", "4**"])
def test_trap_09_masked_numbers_are_refused(cell: str) -> None:
    assert refused(parse_number, cell) == "number_masked"


def test_trap_09_masked_dates_are_refused() -> None:
    assert refused(parse_date, "1月xx日") == "date_unreadable"


_SPUN = ("处事", "根基", "提防", "打算免疫", "熏生病", "活动儿童", "流感生齿", "打点", "磨练")
_TYPOS = ("首针及时率", "保舰", "结合化疗")


@pytest.mark.parametrize("word", _SPUN)
def test_trap_10_spun_words_are_known_to_no_layout(word: str) -> None:
    """Nothing is read out of free text; a word that stands for another is no spelling of any column or code."""
    assert _read_as(word) == set()


@pytest.mark.parametrize(
    ("cell", "number"), [("0。5", 0.5), ("11。7kg", 11.7), ("11．7kg", 11.7), ("0。5万元", 5000.0)]
)
def test_trap_11_a_full_stop_between_digits_is_a_decimal_point(cell: str, number: float) -> None:
    assert parse_number(cell, {"kg": 1, "元": 1, "万元": 10_000}) == pytest.approx(number)


@pytest.mark.parametrize("word", _TYPOS)
def test_trap_12_a_typo_is_asked_about_not_guessed(word: str) -> None:
    """An unknown label is refused with the value named; a layout of the bureau's own may add the spelling."""
    assert _read_as(word) == set()


def _read_as(word: str) -> set[str]:
    """Columns and closed lists of codes that would take the word for something they know."""
    found = set()
    for name, layout in load_layouts().items():
        for column in layout.columns:
            if word in column.labels:
                found.add(f"{name}: header of {column.to}")
            if column.type == "code" and not column.open and column.otherwise is None:
                try:
                    _code_parser(column)(word)
                except UnreadableError as error:
                    assert error.rule == "code_unknown"
                else:
                    found.add(f"{name}: {column.to}")
    return found


def test_trap_13_what_is_left_blank_is_not_configured(tmp_path: Path) -> None:
    """A number that a source leaves blank is no target, not 0; a blank target in a bureau's file is an error."""
    value, source = shipped_targets().find("village_doctor_training_times", 2026, 1, "centre")
    assert math.isnan(value) and source == ""
    assert judge(CARDS["village_doctor_training_times"], "ok", 1.5, math.nan, math.nan) == "none"
    path = tmp_path / "targets.csv"
    path.write_text("indicator,year,value,source\nvillage_doctor_training_times,2026,,004\n", "utf-8")
    with pytest.raises(StandardsError, match="value"):
        own_targets(path, CARDS, {})
    assert parse_number("") is None
    assert refused(parse_number, "____次") == "number_unreadable"


def test_trap_14_control_is_shown_beside_discovery() -> None:
    """Control is of the managed: 5,217 of 22,320 estimated patients are 23 %, which the control rate does not say."""
    assert differing(AS_SHIPPED["trap_14"]) == []
    assert round(5217 / (0.186 * 120_000), 2) == 0.23
    systems = {CARDS[key].system for key in ("htn_control_rate", "htn_discovery_rate", "htn_mgmt_rate")}
    assert systems == {"S11"}, "they stand on one page"
