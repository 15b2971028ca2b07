"""Files hold no number that is hidden from their readers, and say that it is: every hidden number of a copy of the demo is
made one that stands nowhere else, and each file is opened and searched for it."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import duckdb
import openpyxl
import pytest
from sqlalchemy import update

from data.installation import open_installation
from data.register import open_register
from data.register.tables import appraisal_line
from data.store import open_store
from exports import papers
from exports.words import text
from metrics import figures
from metrics.cards import CARDS
from metrics.principal import EVERYTHING, LOCAL
from tests.exports.desk import Material
from tests.exports.material import DECEMBER
from tests.roles import as_role

#: 41377 of 82754 people, as a share 4137.7: as counts, per cent or a plain number.
PLANTED = re.compile(r"41,?377|82,?754|4,?137\.7|413,?770")
LEADER = as_role("领导", "leader", EVERYTHING, EVERYTHING)


@pytest.fixture(scope="module")
def planted(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Material]:
    """A copy of the demo and its register in which every hidden number is the planted one."""
    home = tmp_path_factory.mktemp("planted") / "installation"
    shutil.copytree(material.demo.folder, home, ignore=shutil.ignore_patterns("sources", "received"))
    for file in (home / "store").glob("published-*.duckdb"):
        with duckdb.connect(str(file)) as connection:
            for name, number, bit in (
                ("numerator", 41377, 1), ("listed", 82754, 2), ("denominator", 82754, 4), ("value", 4137.7, 8)
            ):  # fmt: skip
                connection.execute(f"UPDATE published.figure SET {name} = {number} WHERE hidden & {bit} > 0")
    folder = tmp_path_factory.mktemp("planted_register")
    register_home = folder / "installation"
    shutil.copytree(material.register_file.parent, register_home)
    register = open_register(open_installation(register_home))
    with register.writing() as connection:
        line = appraisal_line.c
        connection.execute(
            update(appraisal_line)
            .where(line.hidden)
            .values(numerator=41377.0, denominator=82754.0, value=4137.7)
        )
    yield replace(material, demo=open_installation(home), register=register)
    register.close()


def everything_in(paper: papers.Paper) -> str:
    """All text and numbers of a file."""
    if paper.name.endswith((".svg", ".csv", ".geojson")):
        return paper.content.decode("utf-8")
    if paper.name.endswith(".xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(paper.content))
        cells = (cell.value for sheet in book for row in sheet.iter_rows() for cell in row)
        return "\n".join(str(one) for one in cells if one is not None) + _parts(paper.content)
    return _parts(paper.content)


def _parts(content: bytes) -> str:
    """Text of a zip of xml files, those within it (the data of charts) among them."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.endswith(".xml"):
                xml = parts.read(name).decode("utf-8")
                found += re.findall(r">([^<]+)<", re.sub(r"</?(?:a|w):r[ >][^>]*>?", "", xml))
            elif name.endswith(".xlsx"):
                found.append(_parts(parts.read(name)))
    return "\n".join(found)


def made(planted: Material, kind: str, by=LEADER, at: str = "bureau") -> papers.Paper:
    with planted.desk(kind=at, by=by) as desk:
        return {
            "workbook": lambda: papers.workbook_paper(desk),
            "deck": lambda: papers.quarterly_deck(desk),
            "circular": lambda: papers.circular_paper(desk, planted.rounds[1]),
            "summary": lambda: papers.summary_paper(desk),
            "scorecard": lambda: papers.scorecard_paper(desk),
            "units": lambda: papers.picture_paper(desk, "htn_standard_rate", "units", "svg"),
            "trend": lambda: papers.picture_paper(desk, "htn_standard_rate", "trend", "svg"),
        }[kind]()


@pytest.mark.parametrize("kind", ["workbook", "deck", "circular", "summary", "units"])
def test_a_leaders_files_hold_nothing_hidden_and_say_so(planted, kind: str, few_cards):
    told = everything_in(made(planted, kind, at="centre" if kind == "summary" else "bureau"))
    assert not PLANTED.search(told), PLANTED.search(told)
    assert text("zh")("status.hidden") in told


@pytest.mark.parametrize("kind", ["scorecard", "trend"])
def test_nor_do_those_of_one_centre(planted, kind: str, few_cards):
    assert not PLANTED.search(everything_in(made(planted, kind, at="centre")))


@pytest.mark.parametrize("kind", ["circular", "units"])
def test_papers_for_readers_hide_whoever_makes_them(planted, kind: str):
    told = everything_in(made(planted, kind, by=LOCAL))
    assert not PLANTED.search(told)
    assert text("zh")("status.hidden") in told


def test_a_working_file_of_who_may_see_the_people_is_whole(planted, few_cards):
    """So the tests above can fail."""
    assert PLANTED.search(everything_in(made(planted, "workbook", by=LOCAL, at="centre")))


@pytest.fixture
def few_cards(monkeypatch):
    """Workbooks and summaries of two systems: the others are made alike."""
    some = {key: card for key, card in CARDS.items() if card.system in ("S11", "S12")}
    monkeypatch.setattr(papers, "CARDS", some)


def test_cells_and_figures_of_the_map(planted):
    with planted.desk(by=LEADER) as desk:
        for kind in ("geojson", "xlsx"):
            try:
                paper = papers.cells_paper(desk, kind)
            except papers.NoMapError:
                pytest.fail("the demo has a map")
            told = everything_in(paper)
            assert not PLANTED.search(told)
            if kind == "geojson":
                assert json.loads(told)["features"]


def test_the_copy_is_planted(planted):
    store = open_store(planted.demo)
    try:
        with store.published() as connection:
            tree = figures.units(LOCAL, connection)
            centre = int(tree.loc[tree["kind"] == "centre", "unit"].iloc[0])
            rows = figures.standing(LOCAL, connection, centre, DECEMBER, CARDS)
            assert (rows["numerator"] == 41377).sum() > 5
    finally:
        store.close()
