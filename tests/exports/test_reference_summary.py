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
HIDDEN = {"zh": "未公开", "en": "not public"}
NUMBER = re.compile(r"[−-]?\d[\d,]*\.?\d*")


def annex(demo: Installation, language: str) -> tuple[dict[str, tuple[str, str]], set[str]]:
    """Name of an indicator -> (numerator, value) as the annex of the largest centre's summary has them, and the indicators of
    which something is not public there."""
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
        secret = select(figure.c.indicator).where(
            figure.c.unit == largest, figure.c.month == DECEMBER, figure.c.stratum == "", figure.c.hidden != 0
        )
        hidden = set(connection.execute(secret).scalars())
    rows = docx.Document(io.BytesIO(paper.content)).tables[-1]._tbl.tr_lst
    cells = [["".join(t.text or "" for t in cell.iter("{*}t")) for cell in row.tc_lst] for row in rows]
    return {row[1]: (row[2], row[4]) for row in cells[1:]}, hidden


def told(row: dict, rows: dict[str, tuple[str, str]], language: str) -> float | None:
    """What the annex says of a row of the list, in the list's unit; None where it says nothing."""
    found = NUMBER.search(written(row, rows, language))
    return None if found is None else float(found[0].replace(",", "").replace("−", "-"))


def written(row: dict, rows: dict[str, tuple[str, str]], language: str) -> str:
    """The cell of the annex for a row of the list."""
    numerator, value = rows[CARDS[row["indicator"]].name[language]]
    return numerator if row["field"] == "numerator" else value


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_row_is_there_as_it_is_computed(demo: Installation, language):
    """In the small demo: the number of the paper is the published one, to the decimals that it is written with."""
    (rows, hidden), known = annex(demo, language), centre_figures(demo)
    checked = 0
    for row in KNOWN:
        wanted, shown = computed(row, known), told(row, rows, language)
        if written(row, rows, language) == HIDDEN[language]:
            assert row["indicator"] in hidden, row
            continue
        if wanted is None:
            assert shown is None, row
            continue
        checked += 1
        card = CARDS[row["indicator"]]
        scale = card.top_scale if row["field"] == "numerator" else 1
        assert shown == pytest.approx(wanted / scale, abs=0.051), row
    assert checked > 40  # the district is small, and a summary is for everybody: the rest is not public


@pytest.mark.long
def test_the_list_itself_is_in_the_summary_of_a_district_of_full_size(tmp_path):
    """In the demo that ``manage.py run`` makes: each number that is public agrees with the published one."""
    rows, hidden = annex(make_demo(tmp_path / "installation", quiet=True, until="2025-12"), "zh")
    shown = [
        row for row in KNOWN if written(row, rows, "zh") != HIDDEN["zh"] or row["indicator"] not in hidden
    ]
    assert [row for row in shown if not agrees(row, told(row, rows, "zh"))] == []
