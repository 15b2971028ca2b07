"""Every row is accounted for, and the records hold what the files say."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from data.intake.undoing import redo, undo
from data.records import RECORDS, problem, source_file
from tests.intake.helpers import FOLLOWUPS, PERSONS, UNITS, account

PRESSURES = [
    (date(2025, 1, 10), 150, 95),
    (date(2025, 2, 10), 138, 88),
    (date(2025, 2, 11), 128, 78),
]


def pressures(district) -> list[tuple]:
    return sorted(district.now("followup", "day", "sbp", "dbp"))


def test_new_rows(district):
    district.masters()
    report = district.load(district.file("高血压随访_20250301.csv", FOLLOWUPS, "gb18030"))
    assert account(report) == (3, 0, 0, 0, 0)
    assert report.files[0].encoding == "gb18030"
    assert report.files[0].made_on == date(2025, 3, 1)
    assert pressures(district) == PRESSURES
    assert [row[0] for row in district.now("followup", "month")] == [2025 * 12, 2025 * 12 + 1, 2025 * 12 + 1]


def test_what_is_not_data_is_set_aside(district):
    district.masters()
    rows = FOLLOWUPS.strip().splitlines()
    text = "\n".join(
        [
            "高血压随访登记表,,,,,",
            ",,,,,",
            rows[0],
            ",,,,mmHg,mmHg",
            *rows[1:],
            rows[0],
            ",,,,,",
            "合计,,,,3,",
            "填表人：张,,,,,",
        ]
    )
    report = district.load(district.file("高血压随访.csv", text))
    assert account(report) == (3, 0, 0, 0, 0)
    assert report.files[0].set_aside == 8


def test_refused_and_flagged_rows(district):
    district.masters()
    report = district.load(
        district.file(
            "高血压随访_20250301.csv",
            """
            随访标识, EMPIID, 随访日期, 随访机构, 收缩压(mmHg), 舒张压(mmHg), 随访方式
            V1, E1, 2025-01-10, S1, 15x, 95, 1
            V2, E1, 3月5日, S1, 138, 88, 1
            V3, , 2025-02-11, S2, 128, 78, 1
            , E2, 2025-02-11, S2, 128, 78, 1
            V5, E2, 2025-02-11, S2, 500, 78, 7
            V6, E2, 1949-02-11, S2, 78, 120, 1
            """,
        )
    )
    assert account(report) == (3, 0, 0, 0, 3)
    found = district.query(
        select(problem.c.line, problem.c.column_name, problem.c.value, problem.c.rule, problem.c.severity)
    )
    assert sorted(found, key=repr) == [
        (2, "收缩压(mmHg)", "15x", "number_masked", "flag"),
        (3, "随访日期", "3月5日", "date_no_year", "reject"),
        (4, None, None, "person_unknown", "reject"),
        (5, "随访标识", "", "required_missing", "reject"),
        (6, "收缩压(mmHg)", "500", "implausible_value", "flag"),
        (6, "随访方式", "7", "code_unknown", "flag"),
        (7, "day", "1949-02-11", "before_birth", "flag"),
        (7, "收缩压(mmHg)", "78", "pressure_order", "flag"),
    ]
    assert sorted(district.now("followup", "sbp", "dbp"), key=repr) == [(500, 78), (78, 120), (None, 95)]


def test_duplicates_within_a_file(district):
    district.masters()
    text = FOLLOWUPS + "    V1, E1, 2025-01-10, S1, 150, 95\n    V2, E1, 2025-02-10, S1, 139, 88\n"
    report = district.load(district.file("高血压随访_20250301.csv", text))
    assert account(report) == (3, 1, 1, 0, 0)
    assert pressures(district)[1] == (date(2025, 2, 10), 139, 88)


def test_the_same_file_again_changes_nothing(district):
    district.masters()
    path = district.file("高血压随访_20250301.csv", FOLLOWUPS)
    district.load(path)
    versions = district.versions("followup")
    report = district.load(path)
    assert account(report) == (0, 0, 3, 0, 0)
    assert report.files[0].same_as
    assert district.versions("followup") == versions


def test_a_corrected_file_replaces_and_the_old_version_is_kept(district):
    district.masters()
    district.load(district.file("a/高血压随访_20250301.csv", FOLLOWUPS))
    corrected = FOLLOWUPS.replace("150, 95", "145, 90")
    report = district.load(district.file("b/高血压随访_20250301.csv", corrected))
    assert account(report) == (0, 1, 2, 0, 0)
    assert pressures(district)[0] == (date(2025, 1, 10), 145, 90)
    table = RECORDS["followup"]
    old = district.query(select(table.c.sbp).where(table.c.known_to == report.event))
    assert old == [(150,)]


def test_an_older_file_that_comes_late_does_not_win(district):
    district.masters()
    district.load(district.file("高血压随访_20250401.csv", FOLLOWUPS.replace("150, 95", "145, 90")))
    report = district.load(district.file("高血压随访_20250301.csv", FOLLOWUPS))
    assert account(report) == (0, 0, 3, 0, 0)
    assert pressures(district)[0] == (date(2025, 1, 10), 145, 90)


def test_undo_and_redo(district):
    district.masters()
    first = district.load(district.file("高血压随访_20250301.csv", FOLLOWUPS))
    second = district.load(district.file("高血压随访_20250401.csv", FOLLOWUPS.replace("150, 95", "145, 90")))
    undo(district.store, district.installation, second.batch, by="tester")
    assert pressures(district) == PRESSURES
    redo(district.store, district.installation, second.batch, by="tester")
    assert pressures(district)[0][1] == 145
    undo(district.store, district.installation, first.batch, by="tester")
    assert pressures(district)[0][1] == 145
    assert len(pressures(district)) == 3  # the others were read again by the second file
    undo(district.store, district.installation, second.batch, by="tester")
    assert pressures(district) == []


def test_undo_of_a_batch_whose_file_was_imported_twice(district):
    district.masters()
    path = district.file("高血压随访_20250301.csv", FOLLOWUPS)
    first, again = district.load(path), district.load(path)
    undo(district.store, district.installation, first.batch, by="tester")
    assert pressures(district) == PRESSURES
    undo(district.store, district.installation, again.batch, by="tester")
    assert pressures(district) == []


def test_a_snapshot_withdraws_what_it_lacks(district):
    district.masters()
    district.load(district.file("高血压随访_20250301.csv", FOLLOWUPS))
    without = "\n".join(line for line in FOLLOWUPS.splitlines() if "V2" not in line)
    delta = district.load(district.file("高血压随访_20250401.csv", without))
    assert delta.files[0].account.withdrawn == 0
    whole = district.load(district.file("高血压随访_全_20250402.csv", without + "\n"), snapshot=True)
    assert whole.files[0].account.withdrawn == 0  # February is not among the months of the unit S1 in it
    without = FOLLOWUPS.replace("V2, E1", "V9, E1")
    whole = district.load(district.file("高血压随访_20250403.csv", without), snapshot=True)
    assert whole.files[0].account.withdrawn == 1
    assert len(pressures(district)) == 3
    undo(district.store, district.installation, whole.batch, by="tester")
    assert pressures(district) == PRESSURES


def test_rows_wait_for_units_and_persons(district):
    report = district.load(district.file("高血压随访_20250301.csv", FOLLOWUPS))
    assert account(report) == (0, 0, 0, 3, 0)
    waiting = district.query(select(problem.c.rule, problem.c.value).where(problem.c.severity == "wait"))
    assert sorted(waiting) == [("person_waiting", "2"), ("unit_unmapped", "S1"), ("unit_unmapped", "S2")]
    district.masters()
    assert all(unit is not None for (unit,) in district.now("followup", "unit"))
    again = district.load(district.file("高血压随访_20250302.csv", FOLLOWUPS))
    assert account(again) == (0, 0, 3, 0, 0)


def test_late_rows_of_a_merged_unit_go_to_its_successor(district):
    district.masters()
    district.load(district.file("高血压随访_20250301.csv", FOLLOWUPS))
    closed = UNITS.replace("S2, 二站, station, C1, ,", "S2, 二站, station, C1, 2025-02-11, S1")
    district.load(district.file("机构登记表_20250302.csv", closed))
    codes = dict(district.now("unit", "unit", "code"))
    assert sorted((day, codes[unit]) for day, unit in district.now("followup", "day", "unit")) == [
        (date(2025, 1, 10), "S1"),
        (date(2025, 2, 10), "S1"),
        (date(2025, 2, 11), "S1"),
    ]


def test_unreadable_files_are_reported_and_the_others_are_read(district, tmp_path):
    district.masters()
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK\x03\x04 not a workbook")
    odd = district.file("其他.csv", "a, b\n1, 2")
    good = district.file("高血压随访_20250301.csv", FOLLOWUPS)
    report = district.load(bad, odd, good)
    assert [part.problem for part in report.files] == ["file_damaged", "layout_unknown", None]
    assert len(pressures(district)) == 3
    assert "表头" in report.text("zh")
    assert "layout" in report.text("en")
    assert len(district.query(select(source_file.c.file))) == 5


def test_a_folder_is_read_without_notes_and_leftovers(district):
    folder = district.file(".home/_files/机构登记表_20240101.csv", UNITS).parent
    district.file(".home/_files/更深/个人基本信息_20240101.csv", PERSONS)
    for name in ("_about/planted.csv", "~$个人基本信息.xlsx", ".hidden.csv", "readme.md"):
        district.file(f".home/_files/{name}", PERSONS)
    report = district.load(folder)
    assert [part.name for part in report.files] == ["机构登记表_20240101.csv", "个人基本信息_20240101.csv"]


def test_unknown_columns_are_reported(district):
    district.masters()
    text = "\n".join(
        line + (", 奇怪的列" if "标识" in line else ", 1") for line in FOLLOWUPS.strip().splitlines()
    )
    report = district.load(district.file("高血压随访_20250301.csv", text))
    assert report.files[0].unknown == ("奇怪的列",)


def test_persons_are_counted_once(district):
    district.masters()
    both = PERSONS.replace("E1", "X1").replace("E2", "X2")
    district.load(district.file("个人基本信息_20240201.csv", both))
    assert len(district.now("person", "person")) == 4  # without ID numbers nobody is the same


def test_a_rejected_row_of_a_snapshot_withdraws_nothing_that_is_known(district):
    district.masters()
    district.load(district.file("高血压随访_20250301.csv", FOLLOWUPS))
    damaged = FOLLOWUPS.replace("E1, 2025-01-10", "E1, 2025-01-32") + "V4, E1, 2025-01-11, S1, 140, 90\n"
    whole = district.load(district.file("高血压随访_20250402.csv", damaged), snapshot=True)
    assert (whole.files[0].rejected, whole.files[0].account.withdrawn) == (1, 0)
    assert PRESSURES[0] in pressures(district)
    older = district.load(district.file("高血压随访_20250215.csv", FOLLOWUPS.replace("150, 95", "151, 96")))
    assert PRESSURES[0] in pressures(district)  # whatever settles the row anew
    undo(district.store, district.installation, older.batch, by="tester")
    undo(district.store, district.installation, whole.batch, by="tester")
    redo(district.store, district.installation, whole.batch, by="tester")
    assert PRESSURES[0] in pressures(district)


def test_a_rejected_row_that_could_be_any_row_keeps_its_unit(district):
    district.masters()
    district.load(district.file("高血压随访_20250301.csv", FOLLOWUPS + "V4, E2, 2025-02-12, S2, 131, 81\n"))
    nameless = """
        随访标识, EMPIID, 随访日期, 随访机构, 收缩压(mmHg), 舒张压(mmHg)
        , E1, 2025-01-10, S1, 150, 95
        V2, E1, 2025-02-10, S1, 138, 88
        V8, E1, 2025-01-05, S1, 138, 88
        V3, E2, 2025-02-11, S2, 128, 78
    """
    whole = district.load(district.file("高血压随访_20250402.csv", nameless), snapshot=True)
    assert whole.files[0].account.withdrawn == 1  # of S2
    assert PRESSURES[0] in pressures(district)
    found = district.query(
        select(problem.c.line, problem.c.value).where(problem.c.rule == "snapshot_withdraws_nothing")
    )
    assert found == [(2, "S1")]


def test_a_rejected_row_without_a_unit_keeps_everything(district):
    district.masters()
    district.load(district.file("高血压随访_20250301.csv", FOLLOWUPS + "V4, E2, 2025-02-12, S2, 131, 81\n"))
    shifted = FOLLOWUPS.replace("V1, E1, 2025-01-10, S1, 150, 95", "V1, E1, x, 2025-01-10, S1, 150, 95")
    whole = district.load(district.file("高血压随访_20250402.csv", shifted), snapshot=True)
    assert whole.files[0].account.withdrawn == 0
    assert len(pressures(district)) == 4


def test_unknown_columns_are_kept_and_told(district):
    district.masters()
    district.load(district.file("随访_20250301.csv", FOLLOWUPS.replace("收缩压(mmHg)", "收缩压(mmHg), 怪列")))
    report = district.load(district.file("高血压随访_20250302.csv", FOLLOWUPS))
    told = district.query(
        select(source_file.c.unknown_columns).where(source_file.c.batch == report.batch - 1)
    )
    assert told == [("怪列",)]
    assert "怪列" not in report.text("zh")


def test_a_mended_limit_reads_a_known_file_anew(district):
    district.masters()
    path = district.file("高血压随访_20250301.csv", FOLLOWUPS)
    assert district.load(path).files[0].flagged == 0
    (district.installation.folder / "limits.toml").write_text("[limits]\nsbp = [60, 140]\n", "utf-8")
    again = district.load(path).files[0]
    assert (again.same_as, again.flagged, again.account.unchanged) == (None, 1, 3)
    assert district.load(path).files[0].same_as == again.file


def test_findings_hold_no_identifiers(district):
    district.load(
        district.file(
            "个人基本信息_20240101.csv",
            """
            EMPI, 姓名, 身份证号码, 性别, 出生日期, 常住类型, 联系电话
            E1, 张三, 990101195001010011, 男, 13900000000, 户籍, 139x
            E2, 李四, 9901011950, 女, 1960-02-30, 户籍, 13900000000
            """,
        )
    )
    found = district.query(select(problem.c.column_name, problem.c.value).order_by(problem.c.line))
    assert ("身份证号码", f"9{'*' * 16}1") in found
    assert ("身份证号码", f"9{'*' * 8}0") in found
    assert ("出生日期", f"1{'*' * 9}0") in found  # a telephone number, shifted by a column
    assert ("出生日期", "1960-02-30") in found
