"""Every number of a work summary is a figure of the table that it was written from."""

from __future__ import annotations

import csv
import io
import math
import re
from pathlib import Path

import docx
import pytest

from data.installation import Installation
from exports.blocks import Document, Heading, Paragraph, Table
from exports.docx_blocks import docx_bytes
from exports.phrases import figure_clause
from exports.summary import Year, numeral, summary
from exports.words import text
from metrics import figures
from metrics.card import Card
from metrics.cards import CARDS
from metrics.principal import LOCAL
from metrics.units import unit_suffix
from tests.exports.material import DECEMBER, about_unit, published

NUMBER = re.compile(r"\d{1,3}(?:,\d{3})*(?:\.\d+)?")
REFERENCE = csv.DictReader(
    (Path(__file__).parents[1] / "demo" / "reference_centre.csv").read_text("utf-8").splitlines()
)
REFERENCE = [row for row in REFERENCE if row["kind"] != "unknown"]


def year_of(demo: Installation, kind: str) -> tuple[Year, object]:
    with published(demo) as connection:
        tree = figures.units(LOCAL, connection)
        unit = tree[tree["kind"] == kind].iloc[0]
        standing = figures.standing(LOCAL, connection, int(unit["unit"]), DECEMBER, CARDS)
        targets = figures.targets_in_force(LOCAL, connection, 2026)
        return Year(int(unit["unit"]), kind, unit["name"], DECEMBER, standing, targets), about_unit(
            connection, unit["name"]
        )


@pytest.fixture(scope="module", params=["zh", "en"])
def written(request, demo: Installation) -> tuple[Year, Document, str]:
    year, origin = year_of(demo, "centre")
    return year, summary(year, CARDS, origin, request.param), request.param


def allowed(row, card: Card) -> set[str]:
    """Every way in which a figure may be written, straight from the row."""
    found: set[str] = set()
    factor = 100 if card.unit.value == "percent" else 1
    for name in ("value", "last_year", "target", "target_to", "change"):
        number = row[name]
        if number == number and number is not None:
            found |= {f"{abs(number) * factor:,.{decimals}f}" for decimals in (0, 1, 2)}
    for name, scale in (("numerator", card.top_scale), ("denominator", card.bottom_scale), ("missing", 1)):
        if row[name] == row[name]:
            found.add(f"{abs(row[name]) / scale:,.{0 if scale == 1 else 1}f}")
    if row["last_year"] and row["change"] == row["change"]:
        found.add(f"{abs(row['change']) / row['last_year'] * 100:,.1f}")
        found.add(f"{abs(row['change']) / row['last_year'] * 100:.1f}")
    return found | {"0", "100"}


def test_numbers_are_of_the_table(written: tuple[Year, Document, str]) -> None:
    year, _, language = written
    said = text(language)
    checked = 0
    for row in year.standing.itertuples():
        card = CARDS[row.Index]
        clause = figure_clause(row, card, said)
        for words in filter(None, (card.name[language], unit_suffix(card.unit, language))):
            clause = clause.replace(words, "")
        for number in NUMBER.findall(clause):
            checked += 1
            known = allowed(year.standing.loc[row.Index], card)
            assert number in known, f"{card.key}: {number} in {clause}"
    assert checked > 500


def test_clauses_stand_in_the_document_as_they_were_checked(written: tuple[Year, Document, str]) -> None:
    """No other sentence holds a figure of an indicator than those that ``figure_clause`` writes."""
    year, document, language = written
    said = text(language)
    clauses = {figure_clause(row, CARDS[row.Index], said) for row in year.standing.itertuples()}
    body = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    told = [clause for clause in clauses if any(clause in paragraph for paragraph in body)]
    assert len(told) > 60
    behind = year.standing[year.standing["judgement"] == "below"]
    named = [key for key in behind.index if any(CARDS[key].name[language] in paragraph for paragraph in body)]
    assert len(named) >= min(12, len(behind[[figures.is_ranking(CARDS[key]) for key in behind.index]]))


def test_every_figure_of_the_reference_list_is_there(written: tuple[Year, Document, str]) -> None:
    year, document, language = written
    annex = next(block for block in reversed(document.blocks) if isinstance(block, Table))
    rows = {row[1]: row for row in annex.rows}
    for row in REFERENCE:
        card = CARDS[row["indicator"]]
        assert card.name[language] in rows, card.key
        figure = year.standing.loc[card.key]
        if row["field"] == "numerator" and card.is_ratio:
            assert rows[card.name[language]][2] == f"{figure['numerator']:,.0f}"


def test_it_opens_as_it_was_written(written: tuple[Year, Document, str]) -> None:
    _, document, _ = written
    paper = docx.Document(io.BytesIO(docx_bytes(document)))
    shown = [paragraph.text for paragraph in paper.paragraphs]
    for block in document.blocks:
        if isinstance(block, Paragraph | Heading):
            assert block.text in shown
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert len(paper.tables) == len(tables)
    for table, block in zip(paper.tables, tables, strict=True):
        cells = [
            ["".join(t.text or "" for t in tc.iter("{*}t")) for tc in row.tc_lst] for row in table._tbl.tr_lst
        ]
        assert cells == [list(block.head), *map(list, block.rows)]
    for line in document.about:
        assert line in shown


def test_the_bureaus_summary(demo: Installation) -> None:
    year, origin = year_of(demo, "bureau")
    document = summary(year, CARDS, origin, "zh")
    headings = [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1]
    assert [heading[:2] for heading in headings] == ["一、", "二、", "三、", "四、", "附表"]


@pytest.mark.parametrize(
    ("number", "zh"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (27, "二十七"), (36, "三十六")]
)
def test_numerals_of_headings(number: int, zh: str) -> None:
    assert numeral(number, text("zh")) == zh
    assert numeral(number, text("en")) == str(number)


def test_the_overview_counts_the_table(written: tuple[Year, Document, str]) -> None:
    """Figures, targets, and how many stand where: counted one by one."""
    year, document, language = written
    counts = dict.fromkeys(("figures", "aimed", "reached", "course", "behind"), 0)
    for key, row in year.standing.iterrows():
        if not figures.is_ranking(CARDS[key]):
            continue
        counts["figures"] += row["value"] == row["value"]
        counts["aimed"] += row["judgement"] != "none"
        counts["reached"] += row["judgement"] in ("above", "at")
        counts["course"] += row["judgement"] == "course"
        counts["behind"] += row["judgement"] == "below"
    told = text(language)("summary.overview", unit=year.name, **counts)
    assert told in [block.text for block in document.blocks if isinstance(block, Paragraph)]


def test_the_plan_asks_for_what_the_targets_come_to(written: tuple[Year, Document, str]) -> None:
    """Of a share: the target times this year's denominator, rounded up; a month: a twelfth of it, rounded up."""
    year, document, language = written
    plan = next(block for block in document.blocks if isinstance(block, Table))
    names = {card.name[language]: card for card in CARDS.values()}
    checked = 0
    for name, now, _, needed, monthly in plan.rows:
        card = names[name]
        row = year.standing.loc[card.key]
        if row["value"] == row["value"] and card.unit.value == "percent":
            assert now == f"{row['value'] * 100:,.1f}%"
        target, *_ = year.targets.find_range(card.key, 2026, year.unit, year.kind)
        target = row["target"] if target != target else target
        of = row["denominator"]
        if card.unit.value != "percent" or card.parts or card.direction.value != "higher" or not of > 0:
            continue
        whole = math.ceil(round(target * of, 6))
        assert NUMBER.search(needed)[0] == f"{whole:,}", name
        assert monthly == f"{math.ceil(whole / 12):,}"
        checked += 1
    assert checked > 30
