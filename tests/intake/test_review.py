"""What waits for people, and their answers on the command line."""

from __future__ import annotations

from dataclasses import replace

import pytest

import manage
from data.installation import HOME_VARIABLE
from data.intake.waiting import UnmappedCode, open_questions, unmapped_codes
from tests.intake.helpers import FOLLOWUPS, IDS, PERSONS, UNITS

_TWO_PEOPLE = f"""
    EMPI, 姓名, 身份证号码, 性别, 出生日期, 常住类型
    E1, 张三, {IDS["张三"]}, 男, 1950-01-01, 户籍
    E2, 李四, {IDS["张三"]}, 男, 1950-01-01, 户籍
"""


def test_codes_wait_with_their_rows(district):
    district.load(district.file("机构登记表_20240101.csv", UNITS), district.file("个人基本信息.csv", PERSONS))
    district.load(district.file("高血压随访_20250301.csv", FOLLOWUPS.replace("S1", "外部代码")))
    assert unmapped_codes(district.store) == [UnmappedCode("chis", "外部代码", 2)]


def test_questions_show_masked_names_only(district):
    district.load(district.file("个人基本信息_20240101.csv", _TWO_PEOPLE))
    (question,) = open_questions(district.store)
    assert question.reason == "same_number"
    assert sorted(question.persons.values()) == ["张*", "李*"]


@pytest.fixture
def say(district, monkeypatch, request):
    """A command's words -> its exit code; figures are not built, they are no part of this."""
    monkeypatch.setenv(HOME_VARIABLE, str(district.installation.folder))
    monkeypatch.setattr("commands.review.build_figures", lambda *_: None)
    monkeypatch.setattr("commands.review.open_installation", lambda: replace(district.installation))
    monkeypatch.setattr("commands.review.open_store", lambda _: _Shared(district.store))

    def run(*words: str) -> int:
        return manage._run(manage.parser().parse_args(words))

    return run


class _Shared:
    """The store of the test, which a command must not close."""

    def __init__(self, store) -> None:
        self._store = store

    def __getattr__(self, name: str):
        return getattr(self._store, name)

    def close(self) -> None:
        pass


def test_a_code_is_mapped_and_unmapped(district, say, capsys):
    district.masters()
    district.load(district.file("高血压随访_20250301.csv", FOLLOWUPS.replace("S1", "外部代码")))
    assert say("review") == 0
    assert "chis  外部代码  2" in capsys.readouterr().out
    assert say("map", "chis", "外部代码", "S2", "--from", "2025-02-01") == 0
    assert [u is None for _, u in district.now("followup", "day", "unit")] == [True, False, False]
    assert say("map", "chis", "外部代码", "-") == 0
    assert unmapped_codes(district.store)[0].rows == 2
    with pytest.raises(Exception, match="no code S9"):
        say("map", "chis", "外部代码", "S9")


def test_people_are_merged(district, say, capsys):
    district.load(district.file("个人基本信息_20240101.csv", _TWO_PEOPLE))
    assert say("review") == 0
    told = capsys.readouterr().out
    assert "张*" in told
    assert "张三" not in told
    assert IDS["张三"] not in told
    first, second = sorted(open_questions(district.store)[0].persons)
    assert say("merge", str(first), str(second)) == 0
    assert len(district.now("person", "person")) == 1
    assert say("review") == 0
    assert "Nothing waits" in capsys.readouterr().out


def test_a_person_is_split_off(district, say):
    twice = _TWO_PEOPLE.replace("李四", "张三")
    district.load(district.file("个人基本信息_20240101.csv", twice))
    ((one,),) = district.now("person", "person")
    assert say("split", str(one)) == 0
    assert len(district.now("person", "person")) == 2
