"""Whoever may not see small numbers is told how many figures that is, on the overview."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from data.store import open_store
from metrics import published
from metrics.cards import CARDS
from metrics.figures import is_ranking
from metrics.principal import EVERYTHING
from metrics.small_numbers import BITS
from pages._text import text
from tests.pages.conftest import open_page
from tests.pages.test_funds_page import board
from tests.roles import as_role

LEADER = as_role("领导", "leader", EVERYTHING, EVERYTHING)


def values_hidden(demo) -> tuple[str, set[str]]:
    """(code of the first centre, indicators whose value there is not public in the newest month, on the default basis)."""
    store, figure, unit = open_store(demo), published.figure.c, published.unit.c
    with store.published() as connection:
        centre = connection.execute(
            select(unit.unit).where(unit.kind == "centre").order_by(unit.unit)
        ).scalar()
        code = connection.execute(select(unit.code).where(unit.unit == centre)).scalar()
        rows = connection.execute(
            select(figure.indicator, figure.basis, figure.hidden).where(
                figure.unit == centre, figure.month == 2025 * 12 + 11, figure.stratum == ""
            )
        ).all()
    store.close()
    hidden = {key for key, basis, bits in rows if bits & BITS["value"] and basis == str(CARDS[key].bases[0])}
    return code, hidden


@pytest.mark.parametrize("language", ["zh", "en"])
def test_warnings_that_are_hidden_are_counted(use_demo, asked_by, language):
    code, hidden = values_hidden(use_demo)
    warnings = [key for key in hidden if CARDS[key].alert is not None]
    assert warnings, "the demo hides some warning of this centre"
    asked_by(LEADER)
    at = open_page("overview.py", unit=code, month="2025-12", lang=language)
    assert not at.exception
    said = [caption.value for caption in at.caption]
    assert text(language)("overview.act_hidden", n=len(warnings)) in said


def test_the_band_tells_hidden_apart_from_not_judged(use_demo, asked_by):
    code, hidden = values_hidden(use_demo)
    asked_by(LEADER)
    at = open_page("overview.py", unit=code, month="2025-12", lang="zh")
    band = board(at, "band")
    told = {word: int(n) for word, n in re.findall(r"(\w+) <b>(\d+)</b>", band)}
    among = [key for key in hidden if is_ranking(CARDS[key])]
    assert 0 < told["未公开"] <= len(among)
    assert sum(told.values()) == int(re.search(r"(\d+) 项", band).group(1))
