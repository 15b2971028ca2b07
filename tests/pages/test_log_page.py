"""The page of the log: filters, words, whether it stands, its file; and what the pages write into it."""

from __future__ import annotations

import sqlite3

import pytest

from data.access import audit, open_access, searching
from data.access.audit import Who
from data.access.searching import Wanted
from exports.log_words import Names, kind, sentence
from metrics.principal import EVERYTHING, NOTHING
from metrics.supervision import findings
from pages._log_show import SIZE
from pages._text import text
from tests.pages import sample
from tests.pages.conftest import open_page
from tests.pages.test_pages import boards, shown
from tests.roles import as_role

ZH, EN = text("zh"), text("en")
AUDITOR = as_role("ma", "auditor", NOTHING, NOTHING)
OFFICER = as_role("王科长", "officer", EVERYTHING, EVERYTHING)


@pytest.fixture
def log(district):
    opened = open_access(district.made)
    yield opened
    opened.close()


@pytest.fixture
def written(log, asked_by):
    asked_by(AUDITOR)
    for who, what, about in (
        (Who("li", "leader", "10.0.0.1"), "in", {"how": "password"}),
        (
            Who("li", "leader", "10.0.0.1"),
            "export",
            {"what": "deck", "file": "例会幻灯片.pptx", "bytes": 20480},
        ),
        (
            Who("wang", "director", "10.0.0.2"),
            "persons",
            {
                "list": "gap",
                "card": "htn_control_rate",
                "unit": sample.CENTRES[0],
                "month": "2026-10",
                "n": 47,
                "page": 2,
            },
        ),
    ):
        audit.write(log, who, what, about)
    return log


def entries(log, what: str = "") -> list[dict]:
    with log.reading() as connection:
        return list(searching.each(connection, Wanted(what=what)))


def test_entries_in_words(written):
    at = open_page("log.py")
    assert not at.exception
    said = boards(at)
    assert "例会幻灯片.pptx" in said and "20 KB" in said
    assert "血压控制率" in said and "47 人" in said and "第 2 页" in said
    assert "中心主任" in said and "10.0.0.2" in said
    assert said.index("查看人员名单") < said.index("例会幻灯片")  # newest first


def test_filters(written):
    assert "例会幻灯片" not in boards(open_page("log.py", did="persons"))
    assert "血压控制率" not in boards(open_page("log.py", who="li"))
    assert "例会幻灯片" not in boards(
        open_page("log.py", q="血压控制率")
    )  # a word stands for the card's code
    assert "血压控制率" in boards(open_page("log.py", q="血压控制率"))
    assert ZH("log.nothing") in shown(open_page("log.py", q="没有这样的词"))
    assert ZH("log.nothing") in shown(open_page("log.py", to="2020-12-31"))
    assert "例会幻灯片" in boards(open_page("log.py", **{"from": "2020-12-31"}))
    assert open_page("log.py", **{"from": "<script>"}).warning


def test_many_entries_are_paged(written):
    for number in range(2 * SIZE):
        audit.write(written, Who("li", "leader", ""), "export", {"what": f"v{number}"})
    at = open_page("log.py", p="2")
    assert boards(at).count("<tr>") == SIZE + 1
    assert "v99" not in boards(at)


def test_looking_is_an_entry_once_a_visit(written):
    at = open_page("log.py")
    at.selectbox(key="filter_did").select("persons").run()
    at.run()
    assert [row["about"] for row in entries(written, "log")] == [{"did": "look"}]
    open_page("log.py")
    assert len(entries(written, "log")) == 2


def test_verified_on_demand(written, district):
    at = open_page("log.py")
    at.button(key="verify_log").click().run()
    assert "与写入时一致" in at.success[0].value
    with sqlite3.connect(district.made.folder / "access.sqlite") as raw:
        raw.execute("DROP TRIGGER entry_no_update")
        raw.execute("UPDATE entry SET who = 'x' WHERE entry = 2")
    raw.close()
    at.button(key="verify_log").click().run()
    assert ZH("log.broken", n=2) in [one.value for one in at.error]


@pytest.mark.parametrize("role", ["leader", "officer", "director", "doctor", "clerk", "administrator"])
def test_the_log_is_for_auditors_alone(written, asked_by, role):
    """Whoever asks for its address gets another page, and nothing of it."""
    asked_by(as_role("x", role, EVERYTHING, EVERYTHING))
    before = len(entries(written))
    at = open_page()
    assert "例会幻灯片" not in boards(at)
    assert ZH("log.title") not in [title.value for title in at.title]
    assert len(entries(written, "log")) == 0
    assert len(entries(written)) == before


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("what", audit.KINDS)
def test_every_kind_has_a_word(what, language):
    assert kind(what, language)


@pytest.mark.parametrize(
    ("what", "about", "said"),
    [
        ("score", {"of": "appeal", "did": "grant", "history": [1, 2], "number": 3}, "采纳申诉；第 3 号"),
        (
            "supervision",
            {"of": "finding", "did": "evidence", "unit": 7, "number": 1},
            "上传凭据督导问题；第 1 号；第一中心",
        ),
        (
            "import",
            {"batch": 5, "files": 2, "rows": 1200, "new": 1000, "layouts": ["plain.person"]},
            "第 5 批；2 个文件；1,200 行；新增 1,000；人员",
        ),
        ("import", {"batch": 5, "layouts": list("abcde")}, "第 5 批；a、b、c、d等 5 类表"),
        ("failed", {"why": "wait"}, "失败次数过多，等待中"),
        (
            "account",
            {"did": "change", "account": "li", "before": {"role": "clerk"}, "after": {"role": "leader"}},
            "修改；账号：li；原为（角色：数据员）；现为（角色：局领导）",
        ),
        ("export", {"what": "gap x", "bytes": 100}, "1 KB；内容：gap x"),
        ("persons", {"unknown": "thing"}, "unknown：thing"),
    ],
)
def test_sentences(what, about, said):
    names = Names({7: "第一中心"}, {}, {"plain.person": "人员"})
    assert sentence(what, about, names, "zh") == said


# -- what pages write --------------------------------------------------------------------------------


def test_an_edit_on_a_page_is_an_entry(district, log, asked_by):
    asked_by(OFFICER)
    at = open_page("supervision.py", show="findings")
    assert not at.exception
    at.selectbox(key="issue__0_unit").select(sample.CENTRES[0])
    at.text_area(key="issue__0_what").input("登记不全")
    next(one for one in at.button if one.label == ZH("supervision.issue")).click().run()
    assert not at.exception
    (one,) = entries(log, "supervision")
    assert (one["who"], one["about"]["did"], one["about"]["unit"]) == ("王科长", "add", sample.CENTRES[0])
    assert "登记不全" not in str(one)
    assert len(district.ask(findings.findings)) == 1


def test_a_list_of_persons_is_an_entry_once_a_page(page, sample_installation, monkeypatch):
    told = []
    monkeypatch.setattr(
        "pages._log.note", lambda _log, who, what, about: told.append((who.name, what, about))
    )
    at = page("indicator.py", ind="htn_control_rate")
    at.run()
    lists = [about for _, what, about in told if what == "persons"]
    assert len(lists) == 1
    assert lists[0]["card"] == "htn_control_rate" and lists[0]["n"] == 47 and lists[0]["page"] == 1
    at.query_params["p"] = "2"
    at.run()
    assert [about["page"] for _, what, about in told if what == "persons"] == [1, 2]


def test_a_list_that_cannot_be_logged_is_not_shown(page, monkeypatch):
    from metrics.logbook import NotLoggedError

    def refuse(*_):
        raise NotLoggedError

    monkeypatch.setattr("pages._log.note", refuse)
    at = page("indicator.py", ind="htn_control_rate")
    assert not at.exception
    assert any("日志无法写入" in one.value for one in at.error)
    assert "**" not in boards(at)
