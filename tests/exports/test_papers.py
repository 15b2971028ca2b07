"""Every paper has its name and media, tells the register's numbers, and stays within the scope of whoever asks."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import docx
import pytest
from pptx import Presentation

from exports import docx_blocks, papers, workbook
from exports.download import Download, file_name
from exports.words import text
from metrics import figures
from metrics.cards import CARDS
from metrics.principal import LOCAL, Scope
from tests.exports.desk import FOUND, TODAY, Material, shown_points
from tests.roles import as_role


@pytest.fixture(scope="module")
def meeting_slides(material: Material):
    with material.desk() as desk:
        paper = papers.quarterly_deck(desk)
        tree = figures.units(LOCAL, desk.published)
        points = shown_points(desk.register, material.rounds[1])
    slides = Presentation(io.BytesIO(paper.content)).slides
    return paper, list(slides), dict(zip(tree["unit"], tree["name"], strict=True)), points


def texts(slide) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def cells(slide) -> list[list[str]]:
    return [
        [cell.text for cell in row.cells]
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
    ]


def of_title(slides, title: str):
    return next(slide for slide in slides if title in texts(slide))


def test_the_deck_ranks_by_the_newest_published_round(meeting_slides):
    paper, slides, names, points = meeting_slides
    assert (paper.name.endswith(".pptx"), paper.media) == (True, papers.PPTX)
    assert points
    rows = cells(of_title(slides, text("zh")("deck.ranking_score")))
    wanted = {
        (str(1 + sum(other > mine for other in points.values())), names[unit], f"{mine / 100:.2f}")
        for unit, mine in points.items()
    }
    assert {tuple(row[:3]) for row in rows[1:]} == wanted


def test_the_deck_counts_what_supervision_found(meeting_slides):
    """Four findings in the year, one closed in time, three open, of which those due before the end are overdue.

    In time are so many of those due, as on the page of supervision: not of those closed.
    """
    _, slides, names, _ = meeting_slides
    late = [found for found in FOUND[:3] if found[4] < TODAY]
    due = sum(date(2025, 1, 1) <= found[4] <= TODAY for found in FOUND)
    slide = of_title(slides, text("zh")("deck.findings"))
    told = text("zh")(
        "deck.findings_message", issued=4, closed=1, due=due, in_time=1, open=3, overdue=len(late)
    )
    assert told in texts(slide)
    oldest = (TODAY - date(2025, 12, 1)).days
    first = next(row for row in cells(slide) if row[1:3] == ["2", "2"])
    assert first[0] in names.values()
    assert int(first[3]) in (oldest, oldest + 1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_notice_tells_all_of_its_day(material: Material, language):
    """Of two findings of one unit and day either one gives the same notice; nothing of another unit stands in it."""
    with material.desk(language) as desk:
        paper, other = (papers.notice_paper(desk, number) for number in material.found[:2])
        with pytest.raises(LookupError):
            papers.notice_paper(desk, 999)
    assert (paper.name, paper.media) == (other.name, docx_blocks.MEDIA)
    problems = docx.Document(io.BytesIO(paper.content)).tables[0]
    rows = [[cell.text for cell in row.cells] for row in problems.rows][1:]
    assert [row[3] for row in rows] == [FOUND[0][5], FOUND[1][5]]
    assert [row[5] for row in rows] == ["2025-12-04"] * 2


def test_a_workbooks_name_is_one_on_every_system(material: Material, monkeypatch):
    monkeypatch.setattr(papers, "CARDS", {key: card for key, card in CARDS.items() if card.system == "S11"})
    with material.desk("en") as desk:
        paper = papers.workbook_paper(desk)
    assert paper.media == workbook.MEDIA
    assert not set(paper.name) & set('<>:"/\\|?*')


@pytest.mark.parametrize("chart", papers.CHARTS)
def test_a_picture_names_its_indicator(material: Material, chart):
    with material.desk() as desk:
        paper = papers.picture_paper(desk, "htn_control_rate", chart, "svg")
    assert paper.media == "image/svg+xml"
    assert CARDS["htn_control_rate"].name.zh in paper.name
    assert paper.name.endswith(".svg")


def test_names_of_files():
    assert file_name('甲/乙: "丙"?.docx') == "甲／乙： ＂丙＂？.docx"
    assert Download("a/b.csv", "text/csv", bytes).name == "a／b.csv"


def test_who_sees_one_centre_gets_no_paper_of_another(material: Material):
    with material.desk("zh", "centre") as desk:
        tree = figures.units(LOCAL, desk.published)
        mine, other = tree.loc[tree["kind"] == "centre", "unit"].astype(int).tolist()[:2]
        own = Scope(frozenset({mine, *tree.loc[tree["parent"] == mine, "unit"].astype(int)}))
        director = as_role("主任", "director", own, own)
        allowed = replace(desk, principal=director, unit=mine)
        assert papers.scorecard_paper(allowed).content
        refused = replace(allowed, unit=other)
        bureau = replace(allowed, unit=int(tree["unit"].iloc[0]))
        for one in (refused, bureau):
            for make in (
                papers.quarterly_deck,
                papers.summary_paper,
                papers.scorecard_paper,
                papers.workbook_paper,
            ):
                with pytest.raises(LookupError):
                    make(one)
            with pytest.raises(LookupError):
                papers.picture_paper(one, "htn_control_rate", "trend", "png")


def test_a_director_cannot_take_the_notice_of_another_centre(material: Material):
    with material.desk() as desk:
        nobody = Scope(frozenset())
        stranger = replace(desk, principal=as_role("某", "director", nobody, nobody))
        with pytest.raises(LookupError):
            papers.notice_paper(stranger, material.found[0])
