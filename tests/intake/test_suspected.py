"""Who may be kept twice, beside the records: what files say of numbers, names and births, less what people decided."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from data.intake.deciding import merge_subjects, split_subject, undo_decision
from data.intake.id_numbers import check_character
from data.intake.suspected import catch_up, of_review
from data.intake.undoing import undo
from data.records import suspected
from tests.intake.helpers import IDS, UNITS

MASTER = f"""
    EMPI, 姓名, 身份证号码, 性别, 出生日期
    E1, 张三, {IDS["张三"]}, 男, 1950-01-01
    E2, 李四, {IDS["李四"]}, 女, 1960-02-02
"""
AGAIN = f"""
    EMPI, 姓名, 身份证号码, 性别, 出生日期
    F1, 张三, {IDS["张三"]}, 男, 1950-01-01
    F2, 李思, {IDS["李四"]}, 女, 1960-02-02
"""


def now(district) -> list[tuple]:
    """(person, alike, persons) in force."""
    c = suspected.c
    return sorted(district.query(select(c.person, c.alike, c.persons).where(c.known_to.is_(None))))


def test_a_number_under_another_name_until_somebody_decides(district):
    district.load(district.file("机构登记表_20240101.csv", UNITS))
    district.load(district.file("个人基本信息_20240101.csv", MASTER))
    assert now(district) == []
    batch = district.load(district.file("个人基本信息_20240301.csv", AGAIN)).batch
    # The first of the second file is the first once more: the same number, name and birth.
    born = {person: str(day) for person, day in district.now("person", "person", "born_on")}
    second, other = sorted(person for person, day in born.items() if day == "1960-02-02")
    assert len(born) == 3
    both = [(second, second, 2), (other, second, 2)]
    assert now(district) == both

    apart = split_subject(district.store, district.installation, other, by="tester")
    assert now(district) == []
    undo_decision(district.store, district.installation, apart, by="tester")
    assert now(district) == both

    one = merge_subjects(district.store, district.installation, second, other, by="tester")
    assert now(district) == []
    undo_decision(district.store, district.installation, one, by="tester")
    assert now(district) == both

    undo(district.store, district.installation, batch, by="tester")
    assert now(district) == []
    # What was known after each event stays: three times both came and went.
    assert len(district.query(select(suspected.c.person))) == 6


def test_records_of_an_older_release_catch_up_and_no_more_is_written(district):
    district.load(district.file("机构登记表_20240101.csv", UNITS))
    district.load(district.file("个人基本信息_20240101.csv", MASTER))
    district.load(district.file("个人基本信息_20240301.csv", AGAIN))
    there = now(district)
    with district.store.change("records") as draft:
        draft.records.execute(suspected.delete())
    catch_up(district.store)
    assert now(district) == there
    generation = district.store.generation()
    catch_up(district.store)
    assert district.store.generation() == generation


@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_what_plain_sets_say(district, seed):
    """Files with few numbers, names and births: who is one person, and whose number another has, by the rows alone."""
    draw = random.Random(seed)
    bodies = [f"99010119500101{n:03}" for n in range(1, 7)]
    numbers = [body + check_character(body) for body in bodies]
    rows = [
        (f"E{n}", draw.choice("甲乙") + "某", draw.choice(numbers), draw.choice(["1950-01-01", "1950-01-02"]))
        for n in range(14)
    ]
    district.load(district.file("机构登记表_20240101.csv", UNITS))
    for part, some in enumerate((rows[:6], rows[6:])):
        lines = "\n".join(f"{index}, {who}, {number}, 男, {born}" for index, who, number, born in some)
        header = "EMPI, 姓名, 身份证号码, 性别, 出生日期\n"
        district.load(district.file(f"个人基本信息_2024010{part + 1}.csv", header + lines))
    sharing = {number: {row[1:] for row in rows if row[2] == number} for number in numbers}
    wanted = sorted(len(persons) for persons in sharing.values() if len(persons) > 1 for _ in persons)
    assert wanted and sorted(persons for *_, persons in now(district)) == wanted
    with district.store.identity() as connection:
        assert sorted(of_review(connection).itertuples(index=False, name=None)) == now(district)
