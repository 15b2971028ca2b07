"""The page of data quality: a measure opens its rows, each with where it came from; rows left over are never a green box."""

from __future__ import annotations

import pandas as pd
import pytest

from metrics.cards.quality_rows import ROWS
from metrics.principal import EVERYTHING
from pages._text import text
from pages._upload import left_over
from tests.pages.conftest import open_page
from tests.pages.test_pages import boards, shown
from tests.roles import as_role

ZH = text("zh")


def test_a_measure_opens_its_rows(use_demo):
    at = open_page("quality.py", ind="dq_followup_in_time", lang="zh")
    assert not at.exception
    said = boards(at)
    assert ZH("quality.fault.entered_late") in said and "录入" in said
    assert ".csv 第 " in said or ".xlsx" in said
    assert ZH("gap.masked") in shown(at)


def test_whoever_may_see_no_people_sees_no_rows(use_demo, asked_by):
    asked_by(as_role("局长", "leader", EVERYTHING, EVERYTHING))
    at = open_page("quality.py", ind="dq_followup_in_time", lang="zh")
    assert not at.exception
    assert ZH("gap.not_allowed") in shown(at)
    assert ZH("quality.row_from") not in boards(at)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_check_has_words(language):
    said = text(language)
    values = dict.fromkeys(
        [
            *("dq_entry_days", "dq_mother_youngest", "dq_mother_oldest", "dq_oldest"),
            *(f"{of}_{end}" for of in ("sbp", "dbp", "fpg") for end in ("low", "high")),
        ],
        "7",
    )
    for check in {check for parts in ROWS.values() for rows in parts for check in rows.checks}:
        assert said(f"quality.fault.{check.key}") and said(f"quality.right.{check.key}", **values)
        assert said(f"quality.do.{check.remedy}")


@pytest.mark.parametrize(("waiting", "refused", "green"), [(0, 0, True), (3, 0, False), (0, 2, False)])
def test_rows_left_over_are_told(waiting, refused, green):
    files = pd.DataFrame({"waiting": [waiting, 0], "rejected": [0, refused]})
    told = left_over(ZH, files)
    assert (told == "") == green
    assert green or (f"{waiting} 行" in told and f"{refused} 行" in told)
