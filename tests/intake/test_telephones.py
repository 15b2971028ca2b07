"""Telephones are brought to one form and marked: equal ones are told without being opened, and nothing else is."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from data import identity, marking, resealing
from data.identity import link, name, telephones, with_telephone
from data.intake.undoing import undo
from data.keys import KeyFileError
from data.records import RECORDS
from data.sealing import Sealer
from data.telephones import number_of

HEAD = "EMPI, 姓名, 身份证号码, 性别, 出生日期, 常住类型, 本人电话, 家庭电话"
PERSONS = f"""
    {HEAD}
    E1, 张三, , 男, 1950-01-01, 户籍, 139 1234 5678,
    E2, 李四, , 女, 1960-02-02, 户籍, +86-13912345678,
    E3, 王五, , 女, 1961-02-02, 户籍, , １３９１２３４５６７８
    E4, 赵六, , 女, 1962-02-02, 户籍, 13912345679,
    E5, 钱七, , 女, 1963-02-02, 户籍, 无,
    E6, 孙八, , 女, 1964-02-02, 户籍, ,
"""


@pytest.fixture
def peopled(district):
    district.load(district.file("个人基本信息_20250301.csv", PERSONS))
    return district


def person_of(district) -> dict[str, int]:
    told = identity.told(district.store, [one for (one,) in district.now("person", "person")])
    return {said.name: person for person, said in told.persons.items()}


def sharing(district, persons=None) -> set[frozenset[str]]:
    """Who has the same telephone, by name."""
    names = {person: called for called, person in person_of(district).items()}
    found = telephones(district.store, persons)
    return {frozenset(names[one] for one in part["person"]) for _, part in found.groupby("phone")}


TOGETHER = {frozenset({"张三", "李四", "王五"}), frozenset({"赵六"})}


# -- one form


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("13912345678", "13912345678"),
        (" 139-1234-5678 ", "13912345678"),
        ("１３９１２３４５６７８", "13912345678"),
        ("+8613912345678", "13912345678"),
        ("0086 139 1234 5678", "13912345678"),
        ("8613912345678", "13912345678"),
        ("013912345678", "13912345678"),
        ("（0755）2671-2345", "075526712345"),
        ("+86 755 26712345", "075526712345"),
        ("+86 10 86123456", "01086123456"),
        ("0755-26712345转801", "075526712345"),
        ("26712345", "26712345"),
        ("2671234", "2671234"),
        ("无/13912345678", "13912345678"),
        ("13912345678，26712345", "13912345678"),
        ("010-86123456", "01086123456"),
        ("86123456", "86123456"),  # begins with 86, and is none from abroad
        ("13812345678 13987654321", "13812345678"),
        ("13812345678(儿子13900000000)", "13812345678"),
        ("（儿子）13000000000 １３８１２３４５６７８", "13812345678"),
        ("13812345678-2", "13812345678"),
        ("13000000000 0551-63612345", "055163612345"),
        ("13812345678 63612345", "13812345678"),
        ("0551-63612345-8001", "055163612345"),
        ("(0551)63612345－8001", "055163612345"),
        ("+86 551 63612345-8001", "055163612345"),
        ("63612345-8001", "63612345"),
        ("1381234-5678", "13812345678"),  # no extension
        ("01385123456-7", "13851234567"),
        ("0551-6361-2345", "055163612345"),
        ("13688888888", "13688888888"),
        ("0551-66666666", "055166666666"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(written, meant):
    assert number_of(written) == meant


@pytest.mark.parametrize(
    "written",
    [None, "", " ", "无", "不详", "-", "0", "110", "12345", "00000000000", "11111111111", "13000000000",
     "１１１１１１１１", "1234567", "12345678", "12345678901", "990101195001010010", "139123456781391234", "0000000", "8888888",
     "138000000000", "0551-0000000", "13000000000 无", "13000000000 3", "63612345-63612346"],
)  # fmt: skip
def test_what_is_obviously_no_number_is_none(written):
    assert number_of(written) is None


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", "+86", "0086", "86", "0", "+86 ", "(+86)"]),
    st.lists(st.integers(1, 10), max_size=4),
    st.sampled_from(" -－."),
    st.booleans(),
)
def test_blanks_prefixes_and_wide_digits_change_nothing(number, prefix, places, between, wide):
    cut = "".join(digit + (between if place in places else "") for place, digit in enumerate(number, 1))
    written = prefix + cut
    if wide:
        written = written.translate({ord(digit): 0xFF10 + int(digit) for digit in string.digits})
    assert number_of(written) == number_of(number)
    assert number_of(number) in (number, None)


# -- marks


def test_marks_tell_equal_numbers_and_belong_to_a_key():
    sealer = Sealer({1: b"a" * 32, 2: b"b" * 32}, 2)
    assert sealer.mark("phone", "1") == sealer.mark("phone", "1", 2) != sealer.mark("phone", "2")
    assert sealer.mark("phone", "1") != sealer.mark("phone", "1", 1)
    assert sealer.mark("phone", "1") != sealer.mark("name", "1")
    assert sealer.mark("phone", None) == sealer.mark("phone", "") == 0
    assert all(0 < sealer.mark("phone", str(n)) < 1 << 63 for n in range(200))


def test_who_has_the_same_telephone_is_told_after_an_import(peopled):
    assert sharing(peopled) == TOGETHER


def test_it_is_told_of_some_people_alone(peopled):
    mine = person_of(peopled)
    assert sharing(peopled, [mine["张三"], mine["王五"], mine["孙八"]]) == {frozenset({"张三", "王五"})}
    assert telephones(peopled.store, []).empty


def test_of_as_many_people_as_a_town_has(peopled):
    mine = person_of(peopled)
    many = [*mine.values(), *range(1_000_000, 1_040_000)]
    assert sharing(peopled, many) == sharing(peopled, many) == TOGETHER
    assert len(telephones(peopled.store, many)) == with_telephone(peopled.store) == 4


def test_a_person_of_several_subjects_is_asked_for_by_the_person_s_number(peopled):
    mine = person_of(peopled)
    first, second = sorted((mine["赵六"], mine["孙八"]))
    with peopled.store.change("identity") as draft:
        together = [{"subject": one, "person": first, "known_from": 1} for one in (first, second)]
        draft.identity.execute(insert(link), together)
    assert telephones(peopled.store, [first])["person"].tolist() == [first]
    assert telephones(peopled.store, [second]).empty
    assert with_telephone(peopled.store) == len(telephones(peopled.store)) == 4


def test_a_corrected_number_counts_and_an_undone_correction_does_not(peopled):
    corrected = PERSONS.replace("+86-13912345678", "13912345679")
    batch = peopled.load(peopled.file("个人基本信息_20250401.csv", corrected)).batch
    assert sharing(peopled) == {frozenset({"张三", "王五"}), frozenset({"李四", "赵六"})}
    undo(peopled.store, peopled.installation, batch, by="tester")
    assert sharing(peopled) == TOGETHER


def test_the_records_hold_no_mark(peopled):
    """What tells equal telephones lies beside the sealed rows and nowhere else."""
    with peopled.store.identity() as connection:
        marks = {str(row[0]) for row in connection.execute(select(name.c.phone_mark)) if row[0]}
    assert len(marks) == 2
    with peopled.store.records() as connection:
        said = " ".join(str(row) for table in RECORDS.values() for row in connection.execute(select(table)))
    assert "1950" in said
    assert not any(mark in said for mark in marks)


def test_another_key_keeps_who_shares_and_no_old_mark(peopled):
    def marks():
        with peopled.store.identity() as connection:
            return {row[0] for row in connection.execute(select(name.c.phone_mark)) if row[0]}

    before = marks()
    resealing.rotate(peopled.store, peopled.installation)
    assert sharing(peopled) == TOGETHER
    assert not marks() & before


# -- the release before


def make_unmarked(district) -> None:
    """As the release before left it: on a server an empty column, in files none."""
    with district.store.change("identity") as draft:
        if district.installation.database:
            draft.identity.execute(update(name).values(phone_mark=None))
        else:
            draft.identity.exec_driver_sql("ALTER TABLE identity.name DROP COLUMN phone_mark")


def test_rows_of_an_older_release_are_marked_once(peopled, monkeypatch):
    monkeypatch.setattr(marking, "_ROWS", 2)
    make_unmarked(peopled)
    assert telephones(peopled.store).empty
    assert marking.mark_old(peopled.store, peopled.installation) == 6
    assert sharing(peopled) == TOGETHER
    generation = peopled.store.generation()
    assert marking.mark_old(peopled.store, peopled.installation) == 0
    assert peopled.store.generation() == generation  # nothing was written


def test_another_key_for_rows_of_an_older_release_marks_them(peopled):
    make_unmarked(peopled)
    assert resealing.rotate(peopled.store, peopled.installation)[1] == 6
    assert sharing(peopled) == TOGETHER
    assert marking.mark_old(peopled.store, peopled.installation) == 0
    assert len(peopled.installation.identity_key.read()) == 1


def test_new_rows_are_told_beside_older_ones_that_are_marked_later(peopled):
    make_unmarked(peopled)
    more = f"{HEAD}\nE7, 周九, , 女, 1965-02-02, 户籍, 13912345679,"
    peopled.load(peopled.file("个人基本信息_补_20250401.csv", more))
    assert marking.mark_old(peopled.store, peopled.installation) == 6
    assert frozenset({"赵六", "周九"}) in sharing(peopled)


def test_without_the_key_it_waits_and_an_empty_store_has_nothing_to_mark(peopled, installation):
    make_unmarked(peopled)
    path = installation.identity_key.path
    path.rename(path.with_suffix(".away"))
    with pytest.raises(KeyFileError):
        marking.mark_old(peopled.store, installation)
    path.with_suffix(".away").rename(path)
    assert marking.mark_old(peopled.store, installation) == 6


@pytest.mark.parametrize("engine_name", ["duckdb"])
def test_a_row_that_cannot_be_opened_has_no_telephone(peopled):
    make_unmarked(peopled)
    mine = person_of(peopled)["张三"]
    with peopled.store.change("identity") as draft:
        draft.identity.execute(update(name).where(name.c.subject == mine).values(sealed=b"x" * 60))
    assert marking.mark_old(peopled.store, peopled.installation) == 6
    assert mine not in set(telephones(peopled.store)["person"])
