"""What is written into the log about edits, imports and files: before it stands, or it does not stand."""

from __future__ import annotations

import ast
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from data import records
from data.access import accounts, searching
from data.access.searching import Wanted
from data.installation import make_installation
from data.intake import undoing
from data.intake.importing import import_files
from data.register import EditedMeanwhileError, add, add_many, change, open_register
from data.register.evidence import keep, remove
from data.register.tables import appraisal_entry, appraisal_round, evidence, finding, settlement
from data.small_database import DatabaseBusyError
from data.store import create_missing, open_store
from exports.log_words import Names, sentence
from metrics import published
from metrics.logbook import KIND_OF, LoggedRegister, NotLoggedError, importing, note
from metrics.noted_files import note_changed_files
from metrics.noted_scopes import note_moved_scopes
from metrics.principal import EVERYTHING, LOCAL
from metrics.standards.files import write_templates
from tests.roles import as_role

ROOT = Path(__file__).resolve().parents[2]
WANG = as_role("wang", "officer", EVERYTHING, EVERYTHING)
ON = date(2026, 9, 1)
FINDING = {
    "unit": 7,
    "visit": None,
    "kind": "sup_hygiene",
    "severity": "low",
    "what": "张三的病历",
    "issued_on": ON,
    "due_on": ON,
    "state": "open",
}
ROUND = {
    "sheet": "small",
    "sheet_version": "1",
    "subject": "unit",
    "month": 24320,
    "period": "quarter",
    "state": "draft",
}
UNITS = "机构编码,机构名称,机构类别,上级机构编码\nB0,卫生健康局,bureau,\nC1,第一中心,centre,B0\n"
PEOPLE = "机构编码,年份,年龄段,人口类型,人数\n"


@pytest.fixture
def home(tmp_path):
    return make_installation(tmp_path / "own", kind="own")


@pytest.fixture
def register(home, log):
    opened = open_register(home)
    yield LoggedRegister(opened, log, WANG)
    opened.close()


def entries(log, what: str = "") -> list[dict]:
    with log.reading() as connection:
        return list(searching.each(connection, Wanted(what=what)))


def broken(log, monkeypatch) -> None:
    """From now on the log cannot be written."""

    @contextmanager
    def writing():
        raise DatabaseBusyError("busy")
        yield

    monkeypatch.setattr(log, "writing", writing)


# -- edits -------------------------------------------------------------------------------------------


def test_an_edit_is_an_entry_that_points_at_the_history(register, log):
    with register.writing() as connection:
        add(connection, finding, FINDING, "wang")
    with register.writing() as connection:
        change(connection, finding, {"finding": 1}, 1, {"measure": "改"}, "wang", "record")
    first, second = entries(log)
    assert (first["who"], first["role"], first["what"]) == ("wang", "officer", "supervision")
    assert first["about"] == {"of": "finding", "did": "add", "history": [1, 1], "number": 1, "unit": 7}
    assert second["about"] == {"of": "finding", "did": "record", "history": [2, 2], "number": 1, "unit": 7}
    assert "张三" not in str(first)


def test_many_scores_are_one_entry_without_staff_numbers(register, log):
    with register.writing() as connection:
        add(connection, appraisal_round, ROUND, "wang")
    rows = [{"round": 1, "unit": 7, "staff_no": f"d{n}", "item": "plan", "points": n} for n in range(5)]
    with register.writing() as connection:
        add_many(connection, appraisal_entry, rows, "wang")
    opened, scored = (row["about"] for row in entries(log, "score"))
    assert opened == {"of": "appraisal_round", "did": "add", "history": [1, 1], "round": 1}
    assert scored == {"of": "appraisal_entry", "did": "add", "history": [2, 6], "n": 5, "round": 1, "unit": 7}


def test_every_table_that_people_edit_has_a_kind():
    """A table that is new must say what its edits are called."""
    edited = {
        table.name
        for table in finding.metadata.tables.values()
        if "edited_by" in table.c or table.name == "appraisal_result"
    }
    assert set(KIND_OF) == edited


def test_money_is_an_entry(register, log):
    with register.writing() as connection:
        values = {"year": 2025, "model": "coefficient", "state": "draft", "terms": "{}"}
        add(connection, settlement, values, "wang")
    assert [row["about"]["of"] for row in entries(log, "funds")] == ["settlement"]


def test_evidence_added_and_taken_away(register, log, home):
    with register.writing() as connection:
        add(connection, finding, FINDING, "wang")
    number = keep(register, home, "finding", "1", "张三.pdf", b"%PDF-1.7", "wang")
    remove(register, home, number, "wang", "拍错了")
    assert [row["about"]["did"] for row in entries(log)] == ["add", "evidence", "remove_evidence"]
    assert "张三" not in str(entries(log))


def test_what_cannot_be_logged_does_not_stand(register, log, home, monkeypatch):
    broken(log, monkeypatch)
    with pytest.raises(NotLoggedError), register.writing() as connection:
        add(connection, finding, FINDING, "wang")
    with register.reading() as connection:
        assert connection.execute(select(finding)).first() is None
        assert connection.execute(select(evidence)).first() is None


def test_what_fails_is_not_logged(register, log):
    with register.writing() as connection:
        add(connection, finding, FINDING, "wang")
    with pytest.raises(EditedMeanwhileError), register.writing() as connection:
        change(connection, finding, {"finding": 1}, 9, {"measure": "改"}, "wang")
    assert len(entries(log)) == 1


# -- imports -----------------------------------------------------------------------------------------


def imported(home, store, log, text: str, name: str = "units.csv"):
    (home.folder / name).write_text(text, "utf-8")
    return import_files(store, home, [home.folder / name], by="wang", noted=importing(log, WANG))


@pytest.fixture
def store_here(home):
    opened = open_store(home)
    yield opened
    opened.close()


def test_an_import_and_its_undoing(home, store_here, log):
    report = imported(home, store_here, log, UNITS)
    (one,) = entries(log)
    assert one["what"] == "import"
    assert one["about"]["batch"] == report.batch
    assert (one["about"]["new"], one["about"]["rejected"], one["about"]["files"]) == (2, 0, 1)
    undoing.undo(
        store_here,
        home,
        report.batch,
        by="wang",
        noted=lambda: note(log, WANG, "undo", {"did": "undo", "batch": report.batch}),
    )
    assert entries(log, "undo")[0]["about"] == {"did": "undo", "batch": report.batch}


def test_an_import_that_cannot_be_logged_does_not_stand(home, store_here, log, monkeypatch):
    broken(log, monkeypatch)
    with pytest.raises(NotLoggedError):
        imported(home, store_here, log, UNITS)
    assert store_here.generation() == 0


def test_an_undo_that_cannot_be_logged_does_not_stand(home, store_here, log, monkeypatch):
    report = imported(home, store_here, log, UNITS)
    broken(log, monkeypatch)
    with pytest.raises(NotLoggedError):
        undoing.undo(store_here, home, report.batch, by="wang", noted=lambda: note(log, WANG, "undo", {}))
    undoing.undo(store_here, home, report.batch, by="wang")  # it was still in force


def test_looking_what_would_become_of_a_file_is_no_entry(home, store_here, log):
    (home.folder / "units.csv").write_text(UNITS, "utf-8")
    import_files(
        store_here, home, [home.folder / "units.csv"], by="wang", keep=False, noted=importing(log, WANG)
    )
    assert entries(log) == []


def test_approved_populations_are_denominators(log):
    account = SimpleNamespace(new=3, replaced=1, withdrawn=0)
    file = SimpleNamespace(read=4, rejected=0, account=account, layout="plain.population")
    importing(log, WANG)(SimpleNamespace(batch=5, files=[file]))
    assert [(row["what"], row["about"].get("rows")) for row in entries(log)] == [
        ("import", 4),
        ("denominator", 4),
    ]


# -- files that are edited past the product ----------------------------------------------------------


def test_a_changed_file_of_parameters_or_targets_is_noted_once(home, log):
    write_templates(home.folder)
    assert note_changed_files(log, LOCAL, home.folder) == 0
    path = home.folder / "parameters.csv"
    path.write_text(path.read_text("utf-8-sig") + "sbp_goal,2026-01-01,130,文件1号\r\n", "utf-8-sig")
    assert note_changed_files(log, LOCAL, home.folder) == 1
    assert note_changed_files(log, LOCAL, home.folder) == 0
    (one,) = entries(log)
    assert one["what"] == "parameter"
    assert one["about"]["lines"] == ["+ sbp_goal,2026-01-01,130,文件1号"]
    path.write_text(path.read_text("utf-8-sig").replace(",130,", ",135,"), "utf-8-sig")
    note_changed_files(log, LOCAL, home.folder)
    assert entries(log)[-1]["about"]["lines"] == [
        "+ sbp_goal,2026-01-01,135,文件1号",
        "- sbp_goal,2026-01-01,130,文件1号",
    ]
    targets = home.folder / "targets.csv"
    targets.write_text(
        targets.read_text("utf-8-sig") + "hr_filing_rate,2026,centre,,0.96,,x,\r\n", "utf-8-sig"
    )
    note_changed_files(log, LOCAL, home.folder)
    assert entries(log)[-1]["what"] == "target"


def test_a_file_that_is_gone_and_a_sheet(home, log):
    path = home.folder / "parameters.csv"
    path.write_text("key,from,value,source\nsbp_goal,2026-01-01,130,x\n", "utf-8")
    (home.folder / "sheets").mkdir()
    (home.folder / "sheets" / "own.toml").write_text('key = "own"\n', "utf-8")
    assert note_changed_files(log, LOCAL, home.folder) == 2
    path.unlink()
    assert note_changed_files(log, LOCAL, home.folder) == 1
    assert [(row["what"], row["about"]["added"], row["about"]["removed"]) for row in entries(log)] == [
        ("parameter", 1, 0),
        ("score", 1, 0),
        ("parameter", 0, 1),
    ]
    assert note_changed_files(log, LOCAL, home.folder) == 0


# -- scopes that follow the list of units ------------------------------------------------------------


def units(home, store, stations: dict[str, str]) -> None:
    """A list of units comes in: stations and the centres that they belong to."""
    rows = "".join(f"{code},{code}站,station,{above}\n" for code, above in stations.items())
    path = home.folder / "units.csv"
    path.write_text(UNITS + "C2,第二中心,centre,B0\n" + rows, "utf-8")
    import_files(store, home, [path], by="wang")


def publish_units(store) -> None:
    """What a build does with them."""
    with store.records() as connection:
        known = connection.execute(select(records.unit).where(records.unit.c.known_to.is_(None))).mappings()
        columns = published.unit.c.keys()
        rows = [{name: row[name] for name in columns} for row in known]
    with store.change("published") as draft:
        create_missing(draft.published, published.metadata)
        draft.published.execute(published.unit.delete())
        draft.published.execute(published.unit.insert(), rows)


def test_whose_scope_follows_a_list_of_units_is_told_before_the_build(home, store_here, log):
    with log.writing() as connection:
        for name, role, own in (
            ("dir1", "director", ["C1"]),
            ("dir2", "director", ["C2"]),
            ("doc", "doctor", ["S2"]),
            ("wang", "officer", []),
        ):
            accounts.add(connection, name, name, role, "test", units=own)
    assert note_moved_scopes(log, WANG, store_here) == 0  # nothing was ever imported
    units(home, store_here, {"S1": "C1", "S2": "C1"})
    assert note_moved_scopes(log, WANG, store_here) == 0  # no scope before the first build
    publish_units(store_here)
    assert note_moved_scopes(log, WANG, store_here) == 0
    units(home, store_here, {"S1": "C1", "S2": "C2", "S3": "C2"})
    assert note_moved_scopes(log, WANG, store_here) == 2
    told = {row["about"]["account"]: row for row in entries(log)}
    assert {(row["what"], row["who"]) for row in told.values()} == {("account", "wang")}
    assert told["dir1"]["about"] == {"did": "scope", "account": "dir1", "units_out": ["S2"]}
    assert told["dir2"]["about"] == {"did": "scope", "account": "dir2", "units_in": ["S2", "S3"]}
    words = sentence("account", told["dir2"]["about"], Names(codes={"S2": "二站"}), "zh")
    assert "管辖范围" in words and "二站、S3" in words
    publish_units(store_here)
    assert note_moved_scopes(log, WANG, store_here) == 0


# -- the code: no way past the log -------------------------------------------------------------------


def calls(*rooms: str):
    """Every call in the modules of rooms: module, name of what is called, its arguments' names."""
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    yield f"{room}/{path.name}", ast.unparse(node.func), node


@pytest.mark.parametrize(
    "name",
    [
        "import_files",
        "import_into",
        "undoing.undo",
        "undoing.redo",
        "map_unit",
        "merge_subjects",
        "split_subject",
    ],
)
def test_no_import_or_decision_past_the_log(name):
    """Whoever calls from a page or a command says what notes it; what only looks, and keeps nothing, need not."""
    found = [
        (where, {word.arg for word in node.keywords})
        for where, called, node in calls("pages", "commands")
        if called == name
    ]
    assert found or name == "undoing.redo"
    assert [where for where, words in found if not words & {"noted", "keep"}] == []


def test_no_edit_of_the_register_past_the_log():
    """Pages write through ``logged_register``. The demo's officials are invented, and their edits are no deeds."""
    past = [
        where for where, called, _ in calls("pages") if called in ("register().writing", "store().change")
    ]
    assert past == []
    for where, called, node in calls("pages"):
        if called in ("files.keep", "files.remove"):
            assert ast.unparse(node.args[0]) == "logged_register()", where


def test_no_file_leaves_a_page_past_the_log():
    """One module knows Streamlit's download button, and what it gives comes from ``exports.download``."""
    assert {where for where, called, _ in calls("pages") if called.endswith("download_button")} == {
        "pages/_takeaway.py"
    }
    buttons = [node for where, called, node in calls("pages") if called.endswith("download_button")]
    assert [ast.unparse(node.args[1]) for node in buttons] == [
        "telling(download(log(), who, what, file, right))"
    ]


def test_every_list_of_persons_on_a_page_is_noted():
    """Modules of pages that read people call the log too."""
    for path in (ROOT / "pages").glob("*.py"):
        text = path.read_text("utf-8")
        if "import gap_page" in text or "fault_page" in text or "open_questions" in text:
            assert "noted_once(" in text, path.name
