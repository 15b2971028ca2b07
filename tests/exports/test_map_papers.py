"""Cells, proposals and map pictures as they leave: compared with the frames that they are made from."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import numpy as np
import openpyxl
import pytest
import shapely

from charts.labelling import Wish, placed
from exports import papers
from exports.about import lines
from exports.cell_papers import COLUMNS
from exports.map_questions import HIDDEN, NOTHING, QUESTIONS, UNKNOWN, Material, classes, valued
from exports.maps import map_of
from exports.words import text
from metrics import coverage, figures
from metrics.coverage.lattice import Lattice
from metrics.principal import LOCAL, Principal, Scope
from metrics.siting.asking import Plan, Question, by_hand, case, setting, solved
from metrics.siting.telling import proposal_tables
from metrics.small_numbers import names_somebody
from tests.exports.meeting import MONTH, UNIT
from tests.exports.test_pictures import texts_of
from tests.roles import as_role

SMALL = 5


@pytest.fixture(scope="module")
def known(district):
    with district.published() as connection:
        yield connection


def desk(known, language: str = "zh", by: Principal = LOCAL, unit: int = UNIT) -> papers.Desk:
    """At the newest month; no register is needed for the map."""
    return papers.Desk(by, known, None, unit, MONTH, language)


def station(known) -> int:
    """One that is the nearest of some cell."""
    return int(coverage.cells(LOCAL, known)["unit"].iloc[0])


def sheet_of(paper: papers.Paper) -> tuple[list[str], list[list]]:
    """Headings and rows of the first sheet."""
    head, *rows = openpyxl.load_workbook(io.BytesIO(paper.content)).worksheets[0].values
    return list(head), [list(row) for row in rows]


# -- cells --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_cells_as_a_sheet(known, language):
    """Every column under words with its unit, every number that of the frame; what is missing is empty."""
    paper = papers.cells_paper(desk(known, language), "xlsx")
    head, rows = sheet_of(paper)
    said = text(language)
    assert head == [said(f"cells.{name}", km="2") for name in COLUMNS]
    assert len(set(head)) == len(head)
    cells = coverage.cells(LOCAL, known)
    assert [row[0] for row in rows] == list(cells["cell"])
    for name in ("people", "beyond", "beyond_65", "floating", "one_choice", "slow"):
        place = list(COLUMNS).index(name)
        assert [row[place] for row in rows] == cells[name].tolist(), name
    place = list(COLUMNS).index("minutes")
    assert [row[place] is None for row in rows] == cells["minutes"].isna().tolist()
    assert any(row[place] is None for row in rows)
    about = list(openpyxl.load_workbook(io.BytesIO(paper.content)).worksheets[-1].values)
    told = [row[0] for row in about if row[0]]
    with_time = [line for line in lines(desk(known, language).about(), language) if "20" not in line[-20:]]
    assert set(with_time) <= set(told)
    assert any("37" in line for line in told)  # people without a place


def test_small_numbers_of_cells_are_hidden(known):
    cells = coverage.cells(LOCAL, known)
    few = names_somebody(cells["contracted"].astype(float), cells["people"].astype(float), SMALL)
    assert 0 < few.sum() < len(few)
    _, rows = sheet_of(papers.cells_paper(desk(known), "xlsx"))
    number, share, flag = (list(COLUMNS).index(f"contracted{end}") for end in ("", "_share", "_hidden"))
    for row, cell, secret in zip(rows, cells.itertuples(), few, strict=True):
        if secret:
            assert row[number] is None and row[share] is None and "5" in row[flag]
        else:
            assert row[number] == cell.contracted and row[flag] is None
            assert row[share] == pytest.approx(cell.contracted / cell.people)
    made = json.loads(papers.cells_paper(desk(known), "geojson").content)
    for feature, secret in zip(made["features"], few, strict=True):
        told = feature["properties"]
        assert ("contracted_hidden" in told) == secret
        assert ("contracted" not in told) == ("contracted_share" not in told) == secret


def test_cells_as_geojson(known):
    """Closed rings, counterclockwise, longitude first, where the frame has the cells; neighbours share corners."""
    content = papers.cells_paper(desk(known, "en"), "geojson").content
    made = json.loads(content)
    assert max(len(digits) for digits in re.findall(rb"\d+\.(\d+)", content)) <= 6
    assert (
        b"null" not in content
        and b"false" not in content
        and b", " not in content.partition(b'"features"')[2]
    )
    cells, of = coverage.cells(LOCAL, known), coverage.about(LOCAL, known)
    assert made["type"] == "FeatureCollection"
    told = made["_about"]
    assert told["month"] == "2026-10" and told["rule_m"] == 2000 and told["small_number"] == SMALL
    assert told["demo"] is True and any("2026-10-31" in line for line in told["source"])
    rings = [feature["geometry"]["coordinates"][0] for feature in made["features"]]
    assert all(ring[0] == ring[-1] and len(ring) == 5 for ring in rings)
    shapes = np.array([shapely.Polygon(ring) for ring in rings])
    assert all(one.exterior.is_ccw for one in shapes)
    columns, rows = of.lattice.cell_of(
        shapely.get_x(shapely.centroid(shapes)), shapely.get_y(shapely.centroid(shapes))
    )
    assert columns.tolist() == cells["column"].tolist() and rows.tolist() == cells["row"].tolist()
    beside = shapely.touches(shapes[0], shapes[1:]).sum()
    assert beside == shapely.intersects(shapes[0], shapes[1:]).sum() > 0
    for feature, cell in zip(made["features"], cells.itertuples(), strict=True):
        properties = feature["properties"]
        assert {"cell", "people", "beyond", "metres", "lon", "lat"} <= set(properties) <= set(COLUMNS)
        assert properties["cell"] == cell.cell and properties["people"] == cell.people
        assert ("estimated" in properties) == bool(cell.estimated)
        assert properties["metres"] == round(cell.metres) and properties["beyond"] == cell.beyond
    assert set(told["properties"]) == set(COLUMNS) and "absent" in told["left_out"]
    beds = [feature["properties"]["unsure"] for feature in made["features"]]
    assert set(beds) == {True}  # the sample's units do not tell their beds


def test_cells_of_what_one_may_see(known):
    """A station's principal takes away its own cells and is told nothing of the district."""
    unit = station(known)
    own = as_role(name="s", role="doctor", figures=Scope(frozenset({unit})), own=Scope(frozenset({unit})))
    made = json.loads(papers.cells_paper(desk(known, by=own, unit=unit), "geojson").content)
    cells = coverage.cells(LOCAL, known)
    assert [f["properties"]["cell"] for f in made["features"]] == list(
        cells.loc[cells["unit"] == unit, "cell"]
    )
    assert made["_about"]["people_without_place"] == 0
    whole = json.loads(papers.cells_paper(desk(known, unit=unit), "geojson").content)
    assert len(whole["features"]) == len(made["features"])  # the bureau looks at one station


# -- pictures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_question_is_drawn(known, question):
    """Title, legend, scale, cell and source as text; a kind of unit that is not there is told."""
    if question in ("metres_centre", "metres_clinic", "hours"):
        with pytest.raises(papers.NoMapError):
            papers.map_picture(desk(known), question, "svg")
        return
    said = texts_of(papers.map_picture(desk(known), question, "svg").content)
    words = text("zh")
    for wanted in (
        "覆盖地图",
        words("map.cell_square", metres="500"),
        "公里",
        words("map.source_records"),
        "2026-10-31",
    ):
        assert wanted in said
    assert words("chart.units") in said and words("about.demo") in said


def drawn(known, question: str, **more):
    given = replace(papers.map_material(desk(known), coverage.about(LOCAL, known), question), **more)
    tree = figures.units(LOCAL, known)
    ground = coverage.ground(known, "boundaries")
    return given, map_of(given, question, tree, {}, ground, desk(known).about(), text("zh"), "")


@pytest.mark.parametrize("question", ["beyond", "metres", "contract", "doctors", "people", "minutes"])
def test_every_cell_has_the_colour_of_its_class(known, question):
    """Counted again from the limits that the legend writes."""
    given, made = drawn(known, question)
    cells = valued(given, question)
    of = classes(given, question, cells["value"], text("zh"))
    wanted: dict[str, int] = {}
    for value, secret in zip(cells["value"], cells["hidden"], strict=True):
        if secret:
            fill = HIDDEN
        elif np.isnan(value):
            fill = UNKNOWN
        elif value == 0 and question in ("beyond", "contract", "people"):
            fill = NOTHING
        else:
            fill = of.shades[int(np.searchsorted(of.limits, value, side="left"))]
        wanted[fill] = wanted.get(fill, 0) + 1
    assert {area.fill: len(area.rings) for area in made.areas} == wanted
    assert set(wanted) <= {fill for fill, _ in made.legend}
    assert len(of.words) == len(of.limits) + 1 <= len(of.shades)


def test_change_counts_who_moved_away(known):
    """A cell that nobody lives in any more has fewer people beyond; a new one has all of its own."""
    of = coverage.about(LOCAL, known)
    cells, before = coverage.cells(LOCAL, known), coverage.cells(LOCAL, known, of.month - 12)
    far = cells.loc[cells["beyond"] > 0, "cell"]
    gone, new = far.iloc[0], far.iloc[-1]
    assert gone != new
    given = Material(of, cells[cells["cell"] != gone], SMALL, 5000, before=before[before["cell"] != new])
    found = valued(given, "change").set_index("cell")["value"]
    then, now = (frame.set_index("cell")["beyond"].astype(float) for frame in (before, cells))
    assert found[gone] == -then[gone] < 0
    assert found[new] == now[new] > 0
    others = [cell for cell in cells["cell"] if cell not in (gone, new)]
    assert (found[others] == now[others] - then[others]).all()
    assert (found[others] != 0).any()


def test_many_cells_melt_into_areas(known, monkeypatch):
    """Of a large district neighbours of one colour are one shape with the same ground under it."""
    _, single = drawn(known, "metres")
    monkeypatch.setattr("exports.maps._SINGLE_CELLS", 10)
    _, melted = drawn(known, "metres")
    assert single.outlined and not melted.outlined
    assert sum(len(area.rings) for area in melted.areas) < sum(len(area.rings) for area in single.areas)

    def surface(area) -> float:
        return abs(
            sum(
                shapely.Polygon(ring).area * (1 if shapely.LinearRing(ring).is_ccw else -1)
                for ring in area.rings
            )
        )

    wanted = {area.fill: surface(area) for area in single.areas}
    assert {area.fill: surface(area) for area in melted.areas} == pytest.approx(wanted)


def test_hexagons_are_drawn_as_hexagons(known):
    of = coverage.about(LOCAL, known)
    lattice = Lattice("hexagon", of.lattice.side_m, of.lattice.plane)
    cells = coverage.cells(LOCAL, known)
    column, row = lattice.cell_of(cells["lon"], cells["lat"])
    _, made = drawn(
        known, "people", of=replace(of, lattice=lattice), cells=cells.assign(column=column, row=row)
    )
    assert {len(ring) for area in made.areas for ring in area.rings} == {6}
    assert "六边形" in made.cell_words


def test_borders_and_scale(known):
    _, made = drawn(known, "beyond")
    assert [border.strong for border in made.borders] == [True]
    every = np.array([corner for border in made.borders for line in border.lines for corner in line])
    assert every.min() >= 0 and every.max() <= 1
    share, words = made.scale
    of = coverage.about(LOCAL, known)
    west, east = (
        min(x for a in made.areas for r in a.rings for x, _ in r),
        max(x for a in made.areas for r in a.rings for x, _ in r),
    )
    cells = coverage.corners(coverage.cells(LOCAL, known), of.lattice)[..., 0]
    width_m = (cells.max() - cells.min()) * of.lattice.plane.degree_m[0] / (east - west)
    assert words == "2 公里" and share == pytest.approx(2000 / width_m)


def test_names_never_lie_on_each_other():
    wishes = [
        Wish(50, 50, 30, 10, 6),
        Wish(52, 50, 30, 10, 6),
        Wish(51, 51, 30, 10, 6),
        Wish(51, 50, 30, 10, None),
    ]
    wishes += [Wish(2, 2, 30, 10, 6), Wish(50, 50, 200, 10, 6)]
    found = placed(wishes, 100, 100, [(45, 45, 10, 10)])
    there = [at is not None for at in found]
    assert there == [True, True, True, False, True, False]
    boxes = [
        shapely.box(*at, at[0] + w.width, at[1] + w.height) for at, w in zip(found, wishes, strict=True) if at
    ]
    for place, one in enumerate(boxes):
        assert not one.intersection(shapely.box(45, 45, 55, 55)).area
        assert shapely.box(0, 0, 100, 100).covers(one)
        assert all(not one.intersection(other).area for other in boxes[place + 1 :])


def test_without_a_map_there_is_nothing_to_take(known, monkeypatch):
    monkeypatch.setattr(coverage, "about", lambda principal, connection: None)
    for make in (
        lambda: papers.cells_paper(desk(known), "xlsx"),
        lambda: papers.map_picture(desk(known), "beyond", "svg"),
    ):
        with pytest.raises(papers.NoMapError, match="地图"):
            make()


def test_what_is_not_known_is_not_drawn_as_nobody(known, monkeypatch):
    """Without units nobody knows who is beyond."""
    cells = coverage.cells(LOCAL, known)
    nobody = cells.assign(beyond=cells["beyond"].mask(cells["beyond"].notna()), metres=np.nan)
    monkeypatch.setattr(coverage, "cells", lambda principal, connection, month=None: nobody)
    for question in ("beyond", "metres", "change"):
        with pytest.raises(papers.NoMapError):
            papers.map_picture(desk(known), question, "svg")
    _, rows = sheet_of(papers.cells_paper(desk(known), "xlsx"))
    assert {row[list(COLUMNS).index("beyond")] for row in rows} == {None}


# -- proposals ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def answers(known):
    """The best two cells, and a plan by hand with the bureau's own candidate."""
    where = setting(LOCAL, known)
    best = solved(case(where, "cells"), Question(new=2, source="cells"), 20)
    unit = where.units.loc[where.units["movable"], "code"]
    return best, by_hand(where, Plan(opened=("f:C1",), closed=tuple(unit[:1])))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_proposals_as_sheets(known, answers, language):
    """A sheet a table: as many rows, the same people."""
    for answer in answers:
        paper = papers.proposal_paper(desk(known, language), answer, "xlsx")
        book = openpyxl.load_workbook(io.BytesIO(paper.content))
        said, tables = text(language), proposal_tables(answer)
        for name in ("groups", "sites", "places", "workload", "ways", "points"):
            head, *rows = book[said(f"proposal.sheet_{name}")].values
            assert len(set(head)) == len(head)
            assert len(rows) == len(tables[name]), name
        heads, *rows = book[said("proposal.sheet_groups")].values
        place = heads.index(said("proposal.head.gained"))
        assert [row[place] for row in rows] == tables["groups"]["gained"].tolist()
        told = [row[0] for row in book[said("cells.about")].values if row[0]]
        gained = abs(int(tables["groups"]["gained"].iloc[0]))
        assert any(f"{gained:,}" in line for line in told)
        ladder = said("proposal.sheet_ladder") in book.sheetnames
        assert ladder == (answer.question is not None)


def test_proposals_as_geojson(known, answers):
    for answer in answers:
        made = json.loads(papers.proposal_paper(desk(known), answer, "geojson").content)
        tables = proposal_tables(answer)
        for name, frame in (("site", tables["sites"]), ("people", tables["points"])):
            found = [one for one in made["features"] if one["properties"]["feature"] == name]
            places = [one["geometry"]["coordinates"] for one in found]
            assert np.allclose(places, frame[["lon", "lat"]].to_numpy(float), atol=6e-7)
            assert [one["properties"]["people"] for one in found] == frame["people"].tolist()
        told = made["_about"]
        assert (told["question"] is None) == (answer.question is None)
        assert told["closed"] == list(answer.plan.closed)
    best = json.loads(papers.proposal_paper(desk(known), answers[0], "geojson").content)["_about"]
    assert best["question"]["new"] == 2 and best["exact"] is True
