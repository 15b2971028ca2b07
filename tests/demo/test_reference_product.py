"""The reference centre, through the whole product: files imported, figures built, compared with the published list."""

from __future__ import annotations

import pytest

from commands.installation import make_demo
from metrics.cards import CARDS
from tests.demo.reference_list import LIST, PAGE, Figures, agrees, centre_figures, changed, computed, page

KNOWN = [row for row in LIST if row["kind"] != "unknown"]


def _name(row: dict) -> str:
    return f"{row['no']}-{row['indicator']}"


@pytest.fixture(scope="module")
def figures(tmp_path_factory) -> Figures:
    folder = tmp_path_factory.mktemp("reference") / "installation"
    return centre_figures(make_demo(folder, quiet=True, residents=250_000, seed=1, until="2025-12"))


@pytest.mark.long
@pytest.mark.parametrize("row", KNOWN, ids=_name)
def test_the_centre_has_the_value_of_the_list(row, figures):
    assert agrees(row, computed(row, figures)), computed(row, figures)


@pytest.mark.long
@pytest.mark.parametrize("row", [row for row in KNOWN if row["change"]], ids=_name)
def test_the_centre_changed_as_the_list_says(row, figures):
    assert abs(changed(row, figures) - float(row["change"])) <= 0.5, changed(row, figures)


@pytest.mark.long
def test_the_page_shows_what_the_product_computes(figures):
    assert PAGE.read_text("utf-8") == page(figures)


def test_the_list_names_every_figure_once_and_indicators_that_exist():
    assert {int(row["no"]) for row in LIST} == set(range(1, 81))
    assert len(LIST) == 80
    assert len(KNOWN) == 79
    assert {row["indicator"] for row in LIST} <= set(CARDS)


def test_the_page_in_docs_has_all_rows():
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    assert len(lines) == 1 + len(LIST)
    assert "79 of 80 figures agree." in PAGE.read_text("utf-8")
