"""Who is one person: by evidence, by decision, whatever the order of files."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import select

from data.identity import masked_names, name
from data.intake.deciding import DecisionError, merge_subjects, split_subject, to_review, undo_decision
from data.intake.undoing import undo
from tests.intake.helpers import IDS, UNITS, District
from tests.intake.kept import Kept

MASTER = f"""
    EMPI, 姓名, 身份证号码, 性别, 出生日期
    E1, 张三, {IDS["张三"]}, 男, 1950-01-01
    E2, 李四, {IDS["李四"]}, 女, 1960-02-02
"""
RECORDS_FILE = """
    档案编号, empiid, 管辖机构, 建档日期
    99010100100100001, E1, S1, 2024-01-01
    99010100100100002, E2, S2, 2024-01-01
"""
BY_NUMBER = f"""
    身份证号, 姓名, 机构编码, 管理类别, 随访日期, 收缩压
    {IDS["张三"]}, 张三, S1, htn, 2025-01-10, 150
    {IDS["李四"]}, , S2, htn, 2025-01-11, 140
    {IDS["王五"]}, 王五, S2, htn, 2025-01-12, 130
"""
BY_CODE = """
    随访标识, 档案编号, 随访日期, 随访机构, 收缩压(mmHg)
    V1, 99010100100100001, 2025-02-10, S1, 151
    V2, 9901010-0100100002, 2025-02-11, S2, 141
"""


def load_all(district, order=("units", "master", "records", "number", "code")) -> None:
    files = {
        "units": ("机构登记表_20240101.csv", UNITS),
        "master": ("个人基本信息_20240101.csv", MASTER),
        "records": ("健康档案_20240101.csv", RECORDS_FILE),
        "number": ("随访表_20250301.csv", BY_NUMBER),
        "code": ("高血压随访_20250301.csv", BY_CODE),
    }
    for key in order:
        district.load(district.file(*files[key]))


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Iterator[Kept]:
    """Districts that have loaded all files, by engine."""
    with ExitStack() as stack:
        yield Kept(tmp_path_factory.mktemp("kept"), stack)


@pytest.fixture
def loaded(district, engine_name, kept, request) -> District:
    """A district of one's own that has loaded all files: they are imported once an engine."""
    server = request.getfixturevalue("postgres_url") if engine_name == "postgresql" else None
    if engine_name not in kept.folders:
        load_all(district)
        kept.keep(district, engine_name, server)
    else:
        kept.give(district, engine_name, server)
    return district


def readings(district) -> dict[int, list[int]]:
    """Systolic readings of each person that has a master row, by sex."""
    sexes = dict(district.now("person", "person", "sex"))
    out: dict[int, list[int]] = {}
    for person, sbp in district.now("followup", "person", "sbp"):
        out.setdefault(sexes.get(person, 0), []).append(sbp)
    return {sex: sorted(values) for sex, values in out.items()}


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (3, 1, 4, 0, 2)])
def test_rows_find_their_person_in_any_order(district, order):
    keys = ("units", "master", "records", "number", "code")
    load_all(district, [keys[place] for place in order])
    assert readings(district) == {1: [150, 151], 2: [140, 141], 0: [130]}


def test_same_number_birth_and_name_is_one_person(loaded):
    district = loaded
    district.load(
        district.file("个人基本信息_20240301.csv", MASTER.replace("E1", "F1").replace("E2, 李四", "F2, 李思"))
    )
    assert len(district.now("person", "person")) == 3
    [(_, subjects)] = [item for item in to_review(district.store) if item[0] == "same_number"]
    assert len(subjects) == 2


def test_a_reference_with_another_name_goes_to_review(district):
    load_all(district, ("units", "master"))
    report = district.load(district.file("随访表_20250301.csv", BY_NUMBER.replace("张三,", "张山,")))
    assert report.files[0].account.waiting == 2
    assert [reason for reason, _ in to_review(district.store)] == ["reference_name"]


def test_a_corrected_number_moves_what_pointed_at_it(loaded):
    district = loaded
    corrected = MASTER.replace(IDS["李四"], "")
    report = district.load(district.file("个人基本信息_20240401.csv", corrected))
    assert report.files[0].account.replaced == 1
    assert readings(district) == {1: [150, 151], 2: [141], 0: [130, 140]}
    undo(district.store, district.installation, report.batch, by="tester")
    assert readings(district) == {1: [150, 151], 2: [140, 141], 0: [130]}


def test_undo_of_the_master_and_of_the_records(loaded):
    district = loaded
    undo(district.store, district.installation, 3, by="tester")
    assert readings(district) == {1: [150], 2: [140], 0: [130, 141, 151]}
    undo(district.store, district.installation, 2, by="tester")
    assert readings(district) == {0: [130, 140, 141, 150, 151]}


def test_people_merge_and_split_and_take_it_back(loaded):
    district = loaded
    persons = [person for (person,) in district.now("person", "person")]
    event = merge_subjects(district.store, district.installation, *persons, by="tester")
    assert len(district.now("person", "person")) == 1
    assert len({person for (person,) in district.now("health_record", "person")}) == 1
    undo_decision(district.store, district.installation, event, by="tester")
    assert len(district.now("person", "person")) == 2
    assert readings(district) == {1: [150, 151], 2: [140, 141], 0: [130]}
    with pytest.raises(DecisionError):
        undo_decision(district.store, district.installation, event, by="tester")


def test_a_split_outranks_the_evidence(loaded):
    district = loaded
    district.load(district.file("个人基本信息_20240301.csv", MASTER.replace("E1", "F1").replace("E2", "F2")))
    assert len(district.now("person", "person")) == 2
    with district.store.identity() as connection:
        subjects = [row[0] for row in connection.execute(select(name.c.subject).order_by(name.c.subject))]
    split_subject(district.store, district.installation, subjects[-1], by="tester")
    assert len(district.now("person", "person")) == 3


def test_names_are_masked(loaded):
    district = loaded
    persons = [person for (person,) in district.now("person", "person")]
    assert sorted(masked_names(district.store, persons).values()) == ["张*", "李*"]
    assert masked_names(district.store, []) == {}


def test_no_identifier_reaches_the_records(loaded):
    district = loaded
    with district.store.records() as connection:
        tables = connection.dialect.get_table_names(connection, schema="records")
        assert {"person", "problem", "source_file"} <= set(tables)
        for table in tables:
            text = repr(connection.exec_driver_sql(f'SELECT * FROM records."{table}"').fetchall())
            for secret in itertools.chain(IDS, IDS.values(), ["E1'", "E2'"]):
                assert secret not in text, table
