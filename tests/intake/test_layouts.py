"""Layouts: all load, each is recognised by its own headers, mistakes are named, a third needs no Python."""

from __future__ import annotations

import io
import tomllib

import pytest

from data.intake.importing import import_files
from data.intake.layouts import FOLDER, Code, LayoutError, load_layouts, read_layout
from data.intake.reading import open_source
from data.intake.recognising import find_header
from data.intake.sheets import read_sheet
from data.intake.templates import columns_shown, template
from data.messages import message, rules
from data.records import RECORDS
from tests.intake.helpers import UNITS, District

LAYOUTS = load_layouts()


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("spelling", [0, -1])
def test_each_is_recognised_by_its_own_headers(name, spelling):
    layout = LAYOUTS[name]
    header = [column.labels[spelling] for column in columns_shown(layout)]
    assert find_header([header], list(LAYOUTS.values()), "").layout is layout


def test_the_plain_layouts_feed_every_record_table():
    assert {layout.table for layout in LAYOUTS.values() if layout.system == "plain"} == set(RECORDS)


def _lists() -> list[str]:
    return sorted(path.stem for path in (FOLDER / "lists").glob("*.toml") if path.stem != "yes_no")


@pytest.mark.parametrize("name", _lists())
def test_every_code_of_a_list_has_words_in_both_languages(name):
    """Forms and lists of what is missing show them; two codes of a list never read the same."""
    rows = tomllib.loads((FOLDER / "lists" / f"{name}.toml").read_text("utf-8"))["codes"]
    codes = [Code(*row) for row in rows]
    assert not [code.code for code in codes if not code.english]
    for language in ("zh", "en"):
        words = [code.words(language) for code in codes]
        assert len(set(words)) == len(words)


def test_a_code_without_english_is_its_value_as_words():
    assert Code("home_bed", "家庭病床", "home_bed").words("en") == "Home bed"
    assert Code("1", "男", 1, "Male").words("en") == "Male"
    assert Code("1", "男", 1, "Male").words("zh") == "男"


@pytest.mark.parametrize("name", [name for name in LAYOUTS if name.startswith("plain.")])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_templates_are_recognised(tmp_path, name, language):
    path = tmp_path / "模板.xlsx"
    path.write_bytes(template(LAYOUTS[name], language))
    source = open_source(path)
    assert len(source.sheets) == 2
    assert read_sheet(source.sheets[0], list(LAYOUTS.values()), "模板").header.layout.name == name


MISTAKES = {
    'table = "nothing"': "no record table",
    'table = "team"\nkye = ["code"]': "unknown entry 'kye'",
    'table = "team"\n[[columns]]\nto = "colour"\nfrom = ["颜色"]\ntype = "text"': "no column 'colour'",
    'table = "team"\n[[columns]]\nto = "code"\nfrom = ["编码"]\ntype = "txt"': "type 'txt'",
    'table = "team"\ninclude = ["nobody"]': "include 'nobody'",
    'table = "team"': "no column feeds the part 'code'",
    'table = "team"\n[[columns]]\nfrom = ["编码"]\ntype = "text"': "needs 'to' and 'from'",
    "table = ": "not readable as TOML",
}


@pytest.mark.parametrize(("text", "complaint"), MISTAKES.items())
def test_mistakes_are_named(tmp_path, text, complaint):
    path = tmp_path / "own.toml"
    path.write_text('words = { zh = "a", en = "a" }\nkey = ["code"]\n' + text, "utf-8")
    with pytest.raises(LayoutError, match=r"own\.toml") as caught:
        read_layout(path, "own")
    assert complaint in str(caught.value)


OWN = """
words = { zh = "体检系统导出", en = "Export of a check-up system" }
table = "checkup"
key = ["form"]
kind = "snapshot"

[[columns]]
to = "key.form"
from = ["流水号"]
type = "text"
required = true

[[columns]]
to = "person.id_number"
from = ["证件"]
type = "id_number"

[[columns]]
to = "day"
from = ["检查时间"]
type = "date"
required = true

[[columns]]
to = "unit"
from = ["院区"]
type = "unit"
required = true
"""


@pytest.mark.parametrize("engine_name", ["duckdb"])
def test_a_third_layout_needs_no_python(store, installation, tmp_path):
    (installation.folder / "layouts").mkdir()
    (installation.folder / "layouts" / "lab.toml").write_text(OWN, "utf-8")
    district = District(store, installation, tmp_path / "files")
    text = "流水号, 证件, 检查时间, 院区\n1, 11010519491231002X, 2025.3.5, 一站\n"
    files = [district.file("机构登记表.csv", UNITS), district.file("export.csv", text)]
    report = import_files(store, installation, files, by="tester")
    assert report.files[1].layout == "own.lab"
    assert report.files[1].snapshot
    assert len(district.now("checkup", "day")) == 1


def test_every_rule_has_words_in_both_languages():
    assert rules("zh") == rules("en")
    for rule in rules("zh"):
        assert all(message(rule, "zh")) and all(message(rule, "en"))


def test_templates_hold_no_formula():
    import openpyxl

    for layout in LAYOUTS.values():
        book = openpyxl.load_workbook(io.BytesIO(template(layout)))
        assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)


def test_money_of_any_size_is_read(tmp_path, store, installation):
    """Fen of a large budget do not fit into 32 bits; the column is wide enough."""
    district = District(store, installation, tmp_path / "files")
    text = "机构编码, 经费科目, 记账日期, 经费金额(元)\nS1, fund_prepaid, 2025-02-10, 3000万元\n"
    report = district.load(district.file("机构登记表.csv", UNITS), district.file("经费收支登记表.csv", text))
    assert [part.flagged for part in report.files] == [0, 0]
    assert district.now("money", "amount") == [(3_000_000_000,)]
