"""Persons of a list: masked, shown one at a time for a reason that is in the log, and taken away with a watermark."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from data.access import open_access
from data.access.tables import entry
from data.installation import HOME_VARIABLE, Installation, open_installation
from data.small_database import SmallDatabase
from data.store import Store, open_store
from exports.watermark import watermark
from metrics.gaps import gap_page
from metrics.logbook import NotLoggedError
from metrics.principal import EVERYTHING, NotAllowedError, Scope
from metrics.revealing import LONGEST, OfList, RevealError, reason_of, reveal
from pages._text import text
from tests.pages import marked
from tests.pages.conftest import open_page
from tests.pages.marked import CLINIC, OCTOBER, OTHER_CLINIC, PERSONS, SISTER
from tests.roles import as_role

ZH = text("zh")
OF = OfList(PERSONS, CLINIC, OCTOBER, "ytd")
DOCTOR = as_role("doctor", "doctor", Scope(frozenset({CLINIC})), Scope(frozenset({CLINIC})))
OFFICER = as_role("officer", "officer", EVERYTHING, EVERYTHING)
LEADER = as_role("leader", "leader", EVERYTHING, EVERYTHING)
WORDS = "通知复查"


@pytest.fixture
def made(marked_installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """A copy: its log is written."""
    shutil.copytree(marked_installation.folder, tmp_path / "own", ignore=shutil.ignore_patterns("*-shm"))
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "own"))
    return open_installation(tmp_path / "own")


@pytest.fixture
def store(made: Installation) -> Store:
    opened = open_store(made)
    yield opened
    opened.close()


@pytest.fixture
def log(made: Installation) -> SmallDatabase:
    return open_access(made)


def noted(log: SmallDatabase) -> list[dict]:
    with log.reading() as connection:
        rows = connection.execute(
            select(entry.c.about).where(entry.c.what == "reveal").order_by(entry.c.entry)
        )
        return [json.loads(about) for about in rows.scalars()]


def test_name_and_telephone_are_shown_once_it_is_in_the_log(store, log):
    found = reveal(store, log, DOCTOR, OF, CLINIC, "call", WORDS, most=9)
    assert (found.name, found.phone) == (f"Pxq{CLINIC}·全名", f"1380000{CLINIC:04}")
    [about] = noted(log)
    assert about == {
        "person": CLINIC,
        "list": "gap",
        "card": PERSONS,
        "unit": CLINIC,
        "month": "2026-10",
        "basis": "ytd",
        "reason": f"call: {WORDS}",
    }


def test_nobody_is_shown_whose_reveal_cannot_be_written(store, log, monkeypatch):
    monkeypatch.setattr("metrics.revealing.audit.append", _full)
    monkeypatch.setattr("metrics.revealing.told", pytest.fail)
    with pytest.raises(NotLoggedError):
        reveal(store, log, DOCTOR, OF, CLINIC, "call", WORDS, most=9)


def _full(*_given):
    raise OSError("no space left on device")


@pytest.mark.parametrize(("reason", "words"), [("", WORDS), ("why", WORDS), ("call", ""), ("call", " 1 。")])
def test_a_reason_is_required(store, log, reason, words):
    with pytest.raises(RevealError, match="reason"):
        reveal(store, log, DOCTOR, OF, CLINIC, reason, words, most=9)
    assert noted(log) == []


def test_a_day_and_account_has_a_limit(store, log):
    of = OfList(PERSONS, marked.CENTRE, OCTOBER, "ytd")
    for person in (CLINIC, SISTER):
        reveal(store, log, OFFICER, of, person, "visit", WORDS, most=2)
    with pytest.raises(RevealError, match="limit"):
        reveal(store, log, OFFICER, of, CLINIC, "visit", WORDS, most=2)
    assert reveal(store, log, DOCTOR, OF, CLINIC, "visit", WORDS, most=2).name  # another account
    assert len(noted(log)) == 3


def test_who_is_not_on_ones_list_is_not_shown(store, log):
    with pytest.raises(RevealError, match="gone"):  # somebody else's patient, under the own unit's list
        reveal(store, log, DOCTOR, OF, OTHER_CLINIC, "call", WORDS, most=9)
    with pytest.raises(NotAllowedError):
        reveal(
            store,
            log,
            DOCTOR,
            OfList(PERSONS, OTHER_CLINIC, OCTOBER, "ytd"),
            OTHER_CLINIC,
            "call",
            WORDS,
            most=9,
        )
    with pytest.raises(NotAllowedError):
        reveal(store, log, LEADER, OF, CLINIC, "call", WORDS, most=9)
    assert noted(log) == []


def test_full_lists_are_of_whoever_has_the_right(store):
    of = (PERSONS, CLINIC, OCTOBER, "ytd", 1, 20, "zh")
    assert list(gap_page(store, OFFICER, *of, full=True).rows["name"]) == [f"Pxq{CLINIC}·全名"]
    assert "name" not in gap_page(store, OFFICER, *of).rows
    with pytest.raises(NotAllowedError):
        gap_page(store, DOCTOR, *of, full=True)


def test_the_words_of_a_purpose_are_a_line_of_what_can_be_seen():
    """They stand in the log; a field of the page is cut by the framework, whatever else asks is refused."""
    assert reason_of("call", " 预约\u202e复诊\x00\n电话 ") == "call: 预约复诊 电话"
    assert len(reason_of("call", "长" * LONGEST)) == LONGEST + len("call: ")
    with pytest.raises(RevealError, match="long"):
        reason_of("call", "长" * (LONGEST + 1))


def test_a_watermark_says_who_took_how_many_in_both_languages():
    zh, en = watermark(DOCTOR, 12, False, shown="张医生")
    assert "含个人信息" in zh and "张医生（账号 doctor）" in zh and "共 12 行" in zh and "脱敏" in zh
    assert "personal information" in en and "account doctor" in en and "12 rows" in en
    assert "完整姓名" in watermark(DOCTOR, 12, True)[0]


def test_the_page_shows_one_person_for_this_visit_and_asks_why(made, log, asked_by):
    asked_by(DOCTOR)
    at = open_page("indicator.py", lang="zh", ind=PERSONS)
    assert not at.exception and "·全名" not in _boards(at)
    at.button(key="FormSubmitter:reveal_form-" + ZH("reveal.yes")).click().run()
    assert ZH("reveal.error_reason") in [one.value for one in at.error] and noted(log) == []
    at.selectbox(key="reveal_reason").set_value("call")
    at.text_input(key="reveal_words").set_value("\u202e" + WORDS + "\x00")
    at.button(key="FormSubmitter:reveal_form-" + ZH("reveal.yes")).click().run()
    assert not at.exception and f"Pxq{CLINIC}·全名" in _boards(at) and f"1380000{CLINIC:04}" in _boards(at)
    assert [about["person"] for about in noted(log)] == [CLINIC]
    assert not [one for one in at.get("popover") if one.proto.popover.label == ZH("reveal.full")]
    assert "·全名" not in _boards(open_page("indicator.py", lang="zh", ind=PERSONS))  # another visit


def _boards(at) -> str:
    return "\n".join(json.loads(element.proto.json)["html"] for element in at.get("bidi_component"))
