"""Whatever is handed in: no unhandled error, every row accounted for, a message that helps, and nothing else touched."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.cleaning import cleaned, cleaned_cell, file_name, harmless
from data.installation import make_installation
from data.intake.encodings import find_encoding
from data.intake.findings import REJECT
from data.intake.importing import import_files
from data.intake.probing import unsound
from data.messages import message
from data.store import open_store
from tests.intake import hostile
from tests.intake.helpers import UNITS, District

MB = 1 << 20


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A district with masters and some good rows; tests try files on it and keep nothing."""
    folder = tmp_path_factory.mktemp("hostile")
    made = make_installation(folder / "installation", kind="own")
    made = replace(made, config=replace(made.config, book_memory="256MB"))
    store = open_store(made)
    district = District(store, made, folder / "files")
    district.masters()
    district.load(written(folder / "sound", {"随访_20250101.csv": hostile.csv_of("utf-8")})[0])
    yield district
    store.close()


def written(folder: Path, files: dict[str, bytes]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in files.items():
        paths.append(folder / name)
        paths[-1].write_bytes(content)
    return paths


def tried(district: District, folder: Path, files: dict[str, bytes]) -> dict[str, list]:
    """name -> reports of its sheets, of an import that is not kept. Whatever holds of any file is looked at here."""
    paths = written(folder, files)
    before = district.store.generation()
    report = import_files(district.store, district.installation, paths, by="tester", keep=False)
    assert district.store.generation() == before
    assert not list((district.installation.folder).rglob("*.part"))
    found = {path.name: [one for one in report.files if one.name == path.name] for path in paths}
    for path in paths:
        assert found[path.name], f"{path.name} is not accounted for"
        for one in found[path.name]:
            assert one.adds_up, path.name
            assert one.problem is None or (one.read, one.account.new) == (0, 0)
            for language in ("zh", "en"):
                assert one.line(language)
            for finding in one.findings:
                assert all(all(message(finding.rule, language)) for language in ("zh", "en"))
                assert finding.severity != REJECT or finding.column is not None or finding.line >= 0
                assert len(finding.value or "") <= 70
    return found


def one_problem(district, tmp_path, name: str, content: bytes) -> str | None:
    (report,) = tried(district, tmp_path, {name: content})[name]
    return report.problem


# -- what was found, and what is well known


NAMED = {
    "a cell in the last corner": ("a.xlsx", lambda: hostile.cell_at("XFD1048576"), "book_too_large"),
    "a cell beyond every corner": ("a.xlsx", lambda: hostile.cell_at("ZZZZZZ4294967295"), "book_too_large"),
    "a bomb": ("a.xlsx", lambda: hostile.bomb(250), "book_too_large"),
    "a bomb that lies": ("a.xlsx", lambda: hostile.lying_bomb(250), None),
    "row nought": ("a.xlsx", lambda: hostile.cell_at("A0"), "file_damaged"),
    "an external entity": (
        "a.xlsx",
        lambda: hostile.patched(
            hostile.xlsx(),
            "sharedStrings",
            lambda xml: xml.replace(
                b"<sst", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst'
            ).replace(b"V1", b"&a;"),
        ),
        "file_damaged",
    ),
    "repeated without end": (
        "a.ods",
        lambda: hostile.ods(
            '<table:table-row table:number-rows-repeated="1048000"><table:table-cell office:value-type="string"'
            ' table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'
        ),
        None,
    ),
    "a quote never closed": (
        "a.csv",
        lambda: hostile.csv_of("utf-8") + b'V9,"E1' + b"x" * 10_000_001,
        "cell_endless",
    ),
    "a cell spanning a billion columns": (
        "a.xls",
        lambda: b"<table><tr><td colspan=999999999>x</table>",
        "layout_unknown",
    ),
    "a span that is no number": (
        "a.xls",
        lambda: "<table><tr><td colspan=²>x</table>".encode(),
        "layout_unknown",
    ),
    "a page that breaks off": ("a.xls", lambda: b"<table><tr><![ <!DOCTYPE [<td>a", "file_damaged"),
    "a million headings": ("a.csv", lambda: ",".join(hostile.HEAD * 170_000).encode(), "sheet_too_wide"),
    "no zip at all": ("a.zip", lambda: hostile.zipped({"../../evil.csv": b"x"}), "file_kind"),
    "nothing": ("a.csv", lambda: b"", "file_empty"),
    "a NUL": ("a.csv", lambda: hostile.csv_of("utf-8") + b"V\0,E", "file_encoding"),
    "half a character": ("a.csv", lambda: b"\xff\xfe" + hostile.csv_of("utf-8") + b"x", "file_encoding"),
}


#: Files that are two things at once: name, content, why it is refused (None: it is the workbook). Never both are read.
POLYGLOTS = {
    "a csv with a zip behind it": (
        "a.csv",
        lambda: hostile.csv_of("utf-8") + hostile.xlsx(),
        "file_encoding",
    ),
    "a workbook with a csv before it": (
        "a.xlsx",
        lambda: hostile.csv_of("utf-8") + hostile.xlsx(),
        "file_damaged",
    ),
    "a workbook with a page behind it": (
        "a.xlsx",
        lambda: hostile.xlsx() + b"<table><tr><td>x</table>",
        None,
    ),
    "a page called a workbook": (
        "a.xlsx",
        lambda: b"<html><script>alert(1)</script><table><tr><td>x",
        "file_damaged",
    ),
    "a page before a workbook": (
        "a.xls",
        lambda: b"<table><tr><td>x</table>" + hostile.xlsx(),
        "file_encoding",
    ),
    "a workbook called csv": ("a.csv", lambda: hostile.xlsx(), None),
    "a csv called a workbook": ("a.xlsx", lambda: hostile.csv_of("utf-8"), "file_damaged"),
    "a picture of vectors": (
        "a.csv",
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "layout_unknown",
    ),
    "a picture called a workbook": ("a.xlsx", lambda: b"<svg onload='alert(1)'/>", "file_damaged"),
    "a program before a workbook": ("a.xlsx", lambda: b"MZ\x90\x00" + hostile.xlsx(), "file_damaged"),
}


@pytest.mark.parametrize("what", POLYGLOTS)
def test_a_file_that_is_two_things(place, tmp_path, what):
    name, content, rule = POLYGLOTS[what]
    (report,) = tried(place, tmp_path, {name: content()})[name]
    assert (report.problem, report.read) == (rule, 0 if rule else 7)


@pytest.mark.parametrize("what", NAMED)
def test_what_cannot_be_read_is_refused_by_name(place, tmp_path, what):
    name, content, rule = NAMED[what]
    found = one_problem(place, tmp_path, name, content())
    assert found == rule if rule else found in ("book_too_large", "file_damaged")


def test_a_wide_file_with_few_columns_is_read(place, tmp_path):
    """A program that writes empty cells to the edge of its sheet harms nobody."""
    wide = hostile.csv_of("utf-8").replace(b"\n", b"," * 20_000 + b"\n")
    (report,) = tried(place, tmp_path, {"a.csv": wide})["a.csv"]
    assert (report.problem, report.read) == (None, 7)


def test_names_in_a_workbook_lead_nowhere(place, tmp_path):
    parts = hostile.members(hostile.xlsx())
    evil = {"../../../evil.csv": b"x", "/evil.csv": b"x", "C:\\evil.csv": b"x", "xl/../../evil.csv": b"x"}
    (report,) = tried(place, tmp_path / "in", {"a.xlsx": hostile.zipped(parts | evil)})["a.xlsx"]
    assert report.problem is None
    assert not list(tmp_path.rglob("evil*"))


def test_a_bad_file_costs_the_good_ones_nothing(place, tmp_path):
    """One that breaks off on its way leaves nothing behind, also where others of its kind are read with it."""
    endless = hostile.csv_of("utf-8").replace(b"V0", b"W0") + b'V9,"E1' + b"x" * 10_000_001
    good = hostile.csv_of("utf-8").replace(b"V", b"N")
    files = {
        "随访_1_20250201.csv": good.replace(b"N", b"K"),
        "随访_2_20250202.csv": endless,
        "随访_3_20250203.csv": good,
    }
    found = tried(place, tmp_path, files)
    assert [found[name][0].account.new for name in files] == [6, 0, 6]
    assert found["随访_2_20250202.csv"][0].problem == "cell_endless"


def test_the_first_of_a_pile_may_break_off(place, tmp_path):
    endless = hostile.csv_of("utf-8") + b'V9,"E1' + b"x" * 10_000_001
    good = hostile.csv_of("utf-8").replace(b"V", b"N")
    found = tried(place, tmp_path, {"随访_1_20250201.csv": endless, "随访_2_20250202.csv": good})
    assert found["随访_2_20250202.csv"][0].account.new == 6


# -- mutations of sound files


@settings(max_examples=settings().max_examples // 4)  # each is eight files
@given(seed=st.integers(0, 10**9))
@example(seed=0)
@example(seed=5417029)  # a workbook whose list of sheets broke off was not accounted for
def test_spoilt_files_of_every_kind(place, tmp_path_factory, seed):
    """All kinds at once, a sound one among them: that one is read whole."""
    folder = tmp_path_factory.mktemp("spoilt")
    files = {f"spoilt_{name}": hostile.mutated(name, seed) for name in hostile.SOUND}
    sound = hostile.csv_of("utf-8").replace(b"V", b"N")
    found = tried(place, folder, files | {"随访_sound.csv": sound})
    (report,) = found["随访_sound.csv"]
    assert (report.problem, report.account.new + report.account.waiting) == (None, 6)
    for name, reports in found.items():
        if name.endswith(".csv") and reports[0].problem is None:
            assert reports[0].read == lines_of(folder / name)


def lines_of(path: Path) -> int:
    """Rows of a csv file, counted by other means."""
    text = path.read_bytes().decode(find_encoding(path)).removeprefix("\ufeff")
    delimiter = max(",\t;|", key=lambda mark: sum(line.count(mark) for line in text.splitlines()[:30]))
    return sum(1 for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.mark.parametrize("cell", hostile.CELLS)
@pytest.mark.long
def test_any_cell_anywhere(place, tmp_path, cell):
    for column in range(6):
        rows = [list(row) for row in hostile.ROWS]
        rows[3][column] = cell.replace('"', '""')
        (report,) = tried(place, tmp_path, {"随访.csv": hostile.csv_text(rows).encode("utf-8", "ignore")})[
            "随访.csv"
        ]
        assert report.read == 7 or report.problem


@pytest.mark.long
def test_old_workbooks_that_are_spoilt(place, tmp_path):
    """Files of the old binary kind, as an office program writes them."""
    from commands.test import office

    (source,) = written(tmp_path, {"book.xlsx": hostile.xlsx()})
    subprocess.run(
        [office(), "--headless", "--convert-to", "xls", "--outdir", str(tmp_path / "old"), str(source)],
        check=True,
        capture_output=True,
    )
    whole = (tmp_path / "old" / "book.xls").read_bytes()
    hostile.SOUND["old.xls"] = lambda: whole
    try:
        for start in range(0, 400, 40):
            files = {f"{seed}.xls": hostile.mutated("old.xls", seed) for seed in range(start, start + 40)}
            tried(place, tmp_path / str(start), {n: c for n, c in files.items() if c})
    finally:
        del hostile.SOUND["old.xls"]


def test_a_workbook_that_ends_its_reader_ends_nobody_else(tmp_path):
    sound, fatal = written(tmp_path, {"a.xlsx": hostile.xlsx(), "b.xlsx": hostile.cell_at("XFD1048576")})
    assert unsound([sound, fatal, sound], "512MB") == {fatal}
    assert unsound([fatal, fatal], "512MB") == {fatal}
    assert unsound([], "512MB") == frozenset()


# -- names and texts


@given(given_name=st.one_of(st.sampled_from(hostile.NAMES), st.text(max_size=300)))
def test_names_of_uploaded_files_are_names(tmp_path_factory, given_name):
    name = file_name(given_name)
    path = tmp_path_factory.getbasetemp() / name
    assert path.parent == tmp_path_factory.getbasetemp()
    assert not any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in name)
    assert name.strip(" .") and len(name.encode()) <= 230
    assert name.partition(".")[0].lower() not in ("con", "nul", "prn", "aux", "com1", "lpt9")
    path.write_bytes(b"x")
    path.unlink()
    assert file_name(name) == name


def test_names_keep_what_tells_a_file():
    assert file_name("C:\\Users\\li\\高血压随访_20250301.xlsx") == "高血压随访_20250301.xlsx"
    assert file_name("con.csv") == "_con.csv"
    assert file_name("随访" * 200 + ".csv").endswith("随访.csv")


def test_texts_lose_only_what_nobody_sees():
    assert cleaned("张\u202e三\n李\x00四\t，A-1😀") == "张三\n李四\t，A-1😀"
    assert cleaned_cell("a\u2066b\r\nc\x85") == "abc"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_of_ours_is_computed(start):
    assert harmless(f"{start}1+1") == f"'{start}1+1"
    assert harmless(f"a{start}") == f"a{start}"


def test_a_unit_called_a_formula_is_a_text_everywhere(place, tmp_path):
    """The name comes through, without what turns its direction; pages and papers make it harmless where they show it."""
    units = UNITS.replace("一站", "=1+1\u202e<b>站</b>")
    path = place.file("机构登记表_20250401.csv", units)
    (report,) = tried(place, tmp_path, {path.name: path.read_bytes()})[path.name]
    assert report.problem is None


def test_the_prober_needs_nothing_of_ours():
    """It runs apart, with no path to our code: what a workbook does there reaches nothing."""
    done = subprocess.run(
        [sys.executable, "-I", "data/intake/probing.py", str(512 * MB)],
        input=b"[]",
        capture_output=True,
        check=True,
    )
    assert done.stdout == b""
