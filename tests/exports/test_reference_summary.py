"""Every figure of the reference centre's published list stands in its summary of 2025, as the product computes it."""

from __future__ import annotations

import io
import re

import docx
import pytest
from sqlalchemy import select

from commands.installation import make_demo
from data.installation import Installation
from exports import papers
from exports.papers import Desk
from metrics import figures, published
from metrics.cards import CARDS
from metrics.principal import LOCAL
from tests.demo.reference_list import LIST, agrees, centre_figures, computed
from tests.exports.material import DECEMBER
from tests.exports.material import published as opened

KNOWN = [row for row in LIST if row["kind"] != "unknown"]
NUMBER = re.compile(r"[−-]?\d[\d,]*\.?\d*")


def annex(demo: Installation, language: str) -> dict[str, tuple[str, str]]:
    """Name of an indicator -> (numerator, value) as the annex of the largest centre's summary has them."""
    with opened(demo) as connection:
        figure = published.figure
        sizes = {
            row.unit: row.denominator
            for row in connection.execute(
                select(figure.c.unit, figure.c.denominator).where(
                    figure.c.indicator == "hr_filing_rate",
                    figure.c.stratum == "",
                    figure.c.month == DECEMBER,
                    figure.c.basis == "as_of",
                )
            )
        }
        tree = figures.units(LOCAL, connection)
        centres = tree.loc[tree["kind"] == "centre", "unit"].astype(int)
        largest = max(centres, key=lambda unit: sizes.get(unit) or 0)
        desk = Desk(LOCAL, connection, None, largest, DECEMBER, language)
        paper = papers.summary_paper(desk)
    rows = docx.Document(io.BytesIO(paper.content)).tables[-1]._tbl.tr_lst
    cells = [["".join(t.text or "" for t in cell.iter("{*}t")) for cell in row.tc_lst] for row in rows]
    return {row[1]: (row[2], row[4]) for row in cells[1:]}


def told(row: dict, rows: dict[str, tuple[str, str]], language: str) -> float | None:
    """What the annex says of a row of the list, in the list's unit; None where it says nothing."""
    numerator, value = rows[CARDS[row["indicator"]].name[language]]
    found = NUMBER.search(numerator if row["field"] == "numerator" else value)
    return None if found is None else float(found[0].replace(",", "").replace("−", "-"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_row_is_there_as_it_is_computed(demo: Installation, language):
    """In the small demo: the number of the paper is the published one, to the decimals that it is written with."""
    rows, known = annex(demo, language), centre_figures(demo)
    checked = 0
    for row in KNOWN:
        wanted, shown = computed(row, known), told(row, rows, language)
        if wanted is None:
            assert shown is None, row
            continue
        checked += 1
        card = CARDS[row["indicator"]]
        scale = card.top_scale if row["field"] == "numerator" else 1
        assert shown == pytest.approx(wanted / scale, abs=0.051), row
    assert checked > 70


@pytest.mark.long
def test_the_list_itself_is_in_the_summary_of_a_district_of_full_size(tmp_path):
    """In the demo that ``manage.py run`` makes: each number agrees with the published one."""
    rows = annex(make_demo(tmp_path / "installation", quiet=True, until="2025-12"), "zh")
    assert [row for row in KNOWN if not agrees(row, told(row, rows, "zh"))] == []
