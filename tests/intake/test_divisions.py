"""Administrative villages and urban communities: as the file says, else by the statistical code, else a village."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from data.intake.layouts import FOLDER, load_layouts
from data.intake.templates import template
from data.records import problem
from data.records.levels import COMMUNITY, EITHER, VILLAGE, division_by_code
from tests.intake.helpers import District

pytestmark = pytest.mark.parametrize("engine_name", ["duckdb"])

CHIS = """
    网格地址编号, 网格地址名称, 父节点编码, 层次属性
    990128001, 街道, 990128, e1
    990128001201, 甲, 990128001, 社区
    990128001002, 乙, 990128001, f2
    990128001003, 丙, 990128001, f1
"""
PLAIN = """
    网格编码, 网格名称, 上级网格编码, 网格层级
    990128001, 街道, 990128, 乡镇街道
    990128001001, 甲, 990128001, 村社区
    990128001199, 乙, 990128001, village
    990128001200, 丙, 990128001, 村社区
    990128001399, 丁, 990128001, village
    990128001500, 戊, 990128001, 村社区
    S7, 己, 990128001, 村社区
    990128001004, 庚, 990128001, 村
    990128001204, 辛, 990128001, 社区
    990128001205, 壬, 990128001, 居委会
    99012800100101, 一组, 990128001001, 组小区
"""


@pytest.fixture
def district(store, installation, tmp_path):
    return District(store, installation, tmp_path / "files")


def test_the_code_tells(engine_name):
    told = {
        "990128001001": COMMUNITY,
        "990128001199": COMMUNITY,
        "990128001200": VILLAGE,
        "990128001399": VILLAGE,
    }
    assert {code: division_by_code(code) for code in told} == told
    for code in (
        None,
        "",
        "990128001000",
        "990128001400",
        "990128001",
        "99012800100101",
        "V1",
        "０90128001001",
    ):
        assert division_by_code(code) is None


def test_a_file_that_says_it_is_believed(district):
    district.load(district.file("网格地址_20250101.csv", CHIS))
    assert district.now("place", "code", "level") == [
        ("990128001", "town"),
        ("990128001002", "village"),
        ("990128001003", "community"),
        ("990128001201", "community"),
    ]


def test_a_file_that_leaves_it_open_is_told_by_the_code(district):
    report = district.load(district.file("网格登记表_20250101.csv", PLAIN))
    level = dict(district.now("place", "name", "level"))
    assert {name for name, one in level.items() if one == "community"} == set("甲乙辛壬")
    assert {name for name, one in level.items() if one == "village"} == set("丙丁戊己庚")
    assert report.files[0].flagged == 2
    with district.store.records() as connection:
        noted = connection.execute(select(problem.c.line, problem.c.column_name, problem.c.rule)).all()
    assert sorted(map(tuple, noted)) == [
        (7, "网格层级", "division_untold"),
        (8, "网格层级", "division_untold"),
    ]


def test_importing_the_register_again_mends_a_store_of_an_older_version(district):
    """Communities were read as villages; the same bytes by today's layout make them what they are."""
    older = district.installation.folder / "layouts" / "chis"
    older.mkdir(parents=True)
    text = (FOLDER / "chis" / "place.toml").read_text("utf-8")
    (older / "place.toml").write_text(text.replace('"社区", "community"', '"社区", "village"'), "utf-8")
    path = district.file("网格地址_20250101.csv", CHIS)
    district.load(path)
    assert "community" not in dict(district.now("place", "code", "level")).values()
    (older / "place.toml").unlink()
    district.load(path)
    assert dict(district.now("place", "name", "level"))["丙"] == "community"


def test_the_template_offers_both_and_no_third(engine_name):
    layout = load_layouts()["plain.place"]
    offered = [
        code.label
        for code in layout.column("level").codes
        if code.offered and code.value in (VILLAGE, COMMUNITY)
    ]
    assert offered[0] == "村" and "社区" in offered and "村社区" not in offered
    assert EITHER in {code.value for code in layout.column("level").codes}
    assert template(layout, "zh") and template(layout, "en")
