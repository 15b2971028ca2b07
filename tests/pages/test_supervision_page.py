"""The page of supervision, as the people who use it do: plan, visit, issue, write down, re-check; two at once."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta

import docx
import pytest

from data.register.evidence import keep
from metrics.principal import LOCAL
from metrics.supervision import findings, visits
from pages._text import text
from tests.pages import sample
from tests.pages.conftest import open_page
from tests.pages.district import STATION
from tests.pages.photos import a_photo

ZH = text("zh")


def today() -> date:
    """Asked anew each time: a run of all tests may last over midnight."""
    return date.today()


def this_month() -> int:
    return today().year * 12 + today().month - 1


def boards(at) -> str:
    return "\n".join(json.loads(element.proto.json)["html"] for element in at.get("bidi_component"))


def said(at) -> str:
    kinds = ("success", "info", "warning", "error", "caption", "markdown")
    return "\n".join(element.value for kind in kinds for element in at.get(kind))


def element(at, kind: str, key: str):
    return next(one for one in at.get(kind) if one.key == key)


def opened(**more):
    at = open_page("supervision.py", **({"lang": "zh"} | more))
    assert not at.exception
    return at


def pressed(at, label: str):
    at = next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def issued(district, days_ago: int = 0, unit: int = STATION, kind: str = "sup_drugs", **more) -> int:
    day = today() - timedelta(days_ago)
    return district.do(findings.issue, unit, kind, "low", "缺少急救药品", issued_on=day, **more)


def test_the_month_is_planned_once_for_every_unit(district):
    n = len(sample.STATIONS)
    at = pressed(opened(), ZH("supervision.plan_month", n=n))
    assert ZH("supervision.planned_now", n=n) in said(at)
    first, last = visits.days_of(this_month())
    rows = district.ask(visits.visits, first, last)
    assert len(rows) == n
    assert set(rows["state"]) == {"planned"}
    assert all(ZH("supervision.plan_month", n=n) != button.label for button in at.button)


def test_a_visit_is_recorded_with_its_account(district):
    number = district.do(visits.plan, STATION, "monthly", today())
    at = opened(visit=str(number))
    element(at, "text_area", f"done_{number}_account").set_value("查看了台账，电话核实 5 户")
    at = pressed(at, ZH("supervision.save_done"))
    row = district.ask(visits.one, number)
    assert (row["state"], row["done_on"], row["account"]) == ("done", today(), "查看了台账，电话核实 5 户")
    assert "查看了台账" in boards(at)
    assert f"1 / {len(sample.STATIONS)}" in boards(opened())


def test_a_visit_is_moved_and_cancelled_with_a_reason(district):
    number = district.do(visits.plan, STATION, "monthly", today())
    at = opened(visit=str(number))
    element(at, "date_input", f"move_{number}_day").set_value(today() + timedelta(1))
    at = pressed(at, ZH("supervision.move_yes"))
    assert district.ask(visits.one, number)["planned_on"] == today() + timedelta(1)
    at = pressed(at, ZH("supervision.cancel_yes"))
    assert "请写明原因" in said(at)
    element(at, "text_input", f"cancel_{number}_why").set_value("道路中断")
    pressed(at, ZH("supervision.cancel_yes"))
    assert district.ask(visits.one, number)["state"] == "cancelled"


def test_a_finding_is_issued_with_its_deadline_and_evidence(district):
    at = opened(show="findings")
    assert ZH("supervision.no_findings") in said(at)
    due = f"{today() + timedelta(3):%Y-%m-%d}"  # three calendar days
    assert due in said(at)
    element(at, "selectbox", "issue__0_unit").select(STATION)
    element(at, "selectbox", "issue__0_kind").select("sup_glucose")
    element(at, "text_area", "issue__0_what").set_value("20 人次随访有 4 人次未测血糖")
    element(at, "file_uploader", "issue__0_files").set_value([("a.png", a_photo(), "image/png")])
    at = pressed(at, ZH("supervision.issue"))
    row = district.ask(findings.one, 1)
    assert (row["unit"], row["kind"], row["state"], f"{row['due_on']}") == (
        STATION,
        "sup_glucose",
        "open",
        due,
    )
    assert len(district.ask(findings.evidence, 1)) == 1
    assert "20 人次随访有 4 人次未测血糖" in boards(at)
    assert ZH("supervision.days_left", n=3) in boards(at)


def test_evidence_is_taken_away_with_a_reason_that_the_story_tells(district):
    number = issued(district)
    keep(district.register, district.made, "finding", str(number), "现场.png", a_photo(), LOCAL.name)
    at = pressed(opened(finding=number), ZH("edit.remove_yes"))
    assert "请写明删除的原因" in said(at)
    assert len(district.ask(findings.evidence, number)) == 1
    element(at, "text_input", "remove_evidence_1_why").set_value("拍错了机构")
    at = pressed(at, ZH("edit.remove_yes"))
    assert ZH("edit.removed") in said(at)
    assert district.ask(findings.evidence, number) == []
    assert "拍错了机构" in boards(at) and "现场.png" in boards(at)


def test_evidence_of_what_is_closed_stays(district):
    number = issued(district)
    keep(district.register, district.made, "finding", str(number), "a.png", a_photo(), LOCAL.name)
    district.do(findings.record, number, 1, "补齐", "齐全", on=today())
    district.do(findings.recheck, number, 2, mended=True, on=today())
    assert ZH("edit.remove_yes") not in [button.label for button in opened(finding=number).button]


def test_a_text_beyond_every_limit_is_refused_and_nothing_stands(district):
    at = opened(show="findings")
    element(at, "selectbox", "issue__0_unit").select(STATION)
    element(at, "text_area", "issue__0_what").set_value("长" * 10**6)
    at = pressed(at, ZH("supervision.issue"))
    assert "1,000,000" in said(at) and not at.exception
    assert district.ask(findings.findings).empty


def test_nothing_is_issued_without_words(district):
    at = opened(show="findings")
    element(at, "selectbox", "issue__0_unit").select(STATION)
    at = pressed(at, ZH("supervision.issue"))
    assert "请写明发现的问题" in said(at)
    assert district.ask(findings.findings).empty


def test_overdue_is_red_and_a_word_and_repeated_is_flagged(district):
    issued(district, 40)
    issued(district, 10)
    html = boards(opened(show="findings"))
    assert f"▼ {ZH('supervision.overdue_by', n=37)}" in html  # 40 days ago, three days given
    assert f"▼ {ZH('supervision.overdue_by', n=7)}" in html
    assert ZH("supervision.repeated_times", n=2) in html
    only = boards(opened(show="findings", which="repeated"))
    assert ZH("supervision.overdue_by", n=37) not in only


def test_from_measure_to_closed(district):
    number = issued(district, 2)
    at = opened(finding=str(number))
    element(at, "text_area", f"record_{number}_measure").set_value("已补齐")
    element(at, "text_area", f"record_{number}_effect").set_value("现有 12 种")
    at = pressed(at, ZH("supervision.save"))
    assert district.ask(findings.one, number)["state"] == "recorded"
    at = pressed(at, ZH("supervision.save_recheck"))
    assert ZH("supervision.choose_recheck") in said(at)
    element(at, "button_group", f"recheck_{number}_mended").set_value("mended")
    at = pressed(at, ZH("supervision.save_recheck"))
    row = district.ask(findings.one, number)
    assert (row["state"], row["closed_on"]) == ("closed", today())
    assert "已补齐" in boards(at)
    assert not [one for one in at.expander if one.label == ZH("supervision.do_record")]


def test_what_is_not_mended_goes_further_with_a_deduction(district):
    number = issued(district, 10)
    at = opened(finding=str(number))
    element(at, "selectbox", f"escalate_{number}_step").select("fund_deduction").run()
    element(at, "number_input", f"escalate_{number}_amount").set_value(500.0)
    pressed(at, ZH("supervision.escalate_yes"))
    row = district.ask(findings.one, number)
    assert (row["state"], row["deduction"]) == ("escalated", 50_000)  # fen


def test_what_is_within_its_time_goes_no_further(district):
    number = issued(district)
    at = pressed(opened(finding=str(number)), ZH("supervision.escalate_yes"))
    assert "暂不能升级处理" in said(at)


def test_two_people_write_down_at_once(district):
    number = issued(district, 1)
    at = opened(finding=str(number))
    element(at, "text_area", f"record_{number}_measure").set_value("我的措施")
    element(at, "text_area", f"record_{number}_effect").set_value("我的效果")
    district.do(findings.amend, number, 1, demand="三日内补齐")
    at = pressed(at, ZH("supervision.save"))
    assert any("王科长" in error.value for error in at.error)
    row = district.ask(findings.one, number)
    assert (row["measure"], row["demand"]) == (None, "三日内补齐")
    pressed(at, ZH("supervision.save"))
    assert district.ask(findings.one, number)["measure"] == "我的措施"


def test_the_notice_has_every_finding_of_the_day(district):
    first = issued(district, 1, demand="补齐药品")
    issued(district, 1, kind="sup_board")
    issued(district, 5)
    at = opened(finding=str(first))
    labels = [one.proto.label for one in at.get("download_button")]
    assert ZH("supervision.take_notice", n=2) in labels


def test_tables_count_by_unit_and_kind(district):
    issued(district, 1)
    issued(district, 0, kind="sup_board")
    at = opened(show="tables", span="year")
    html = boards(at)
    assert "药品不全" in html and "宣传资料不全" in html
    assert ZH("supervision.nothing_again") in said(at)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("show", ["plan", "findings", "tables"])
def test_every_view_in_both_languages(district, language, show):
    issued(district, 30)
    at = opened(lang=language, show=show)
    assert at.title[0].value == text(language)("supervision.title")


@pytest.mark.parametrize("what", ["finding", "visit"])
def test_links_to_nothing_are_told(district, what):
    assert ZH(f"supervision.no_{what}", n=99) in said(opened(**{what: "99"}))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_notice_as_a_document(district, language):
    from datetime import datetime

    from exports import docx_blocks
    from exports.about import About
    from exports.notice import document
    from metrics.supervision.notice import notice

    number = issued(district, 0, demand="补齐药品")
    told = district.ask(
        notice,
        [number],
        by=LOCAL,
        bureau="清江区卫生健康局",
        unit_names={STATION: "清溪站"},
        language=language,
    )
    about = About(
        bureau="清江区卫生健康局",
        unit="清溪站",
        month=this_month(),
        data_until=today(),
        event=1,
        batch=1,
        definitions="d",
        by="local",
        at=datetime(2026, 1, 1),
        is_demo=False,
    )
    paper = docx.Document(io.BytesIO(docx_blocks.docx_bytes(document(told, about, language))))
    words = "\n".join(p.text for p in paper.paragraphs)
    assert "清溪站" in words
    assert told.number in words
    problems, slip = paper.tables
    assert [cell.text for cell in problems.rows[1].cells][3:5] == ["缺少急救药品", "补齐药品"]
    assert problems.rows[1].cells[5].text == f"{today() + timedelta(3):%Y-%m-%d}"
    assert slip.rows[1].cells[1].text == "缺少急救药品"


def test_closed_in_time_are_those_due_this_year_as_in_the_tables(district):
    """Due on 3 and on 5 of the last month, the first closed in time, the second still open: one of two."""
    year = today().year if today().month > 1 else today().year - 1
    first, last = (date(year, (today().month - 2) % 12 + 1, day) for day in (3, 5))
    one = district.do(findings.issue, STATION, "sup_drugs", "low", "缺药", issued_on=first, due_on=first)
    district.do(findings.issue, STATION, "sup_folic", "low", "迟发", issued_on=last, due_on=last)
    version = district.ask(findings.one, one)["version"]
    version = district.do(findings.record, one, version, "已补", "已到位", on=first)
    district.do(findings.recheck, one, version, mended=True, on=first)
    at = opened(plan=f"{year}-{first.month:02d}")
    assert ZH("supervision.closed_in_time", year=year) in boards(at)
    assert "50.0%" in boards(at)
    assert " 1/2<" in boards(at)


def test_the_counts_say_that_imported_findings_are_not_among_them(district):
    issued(district)
    assert ZH("supervision.to_indicator") in boards(opened(show="findings"))
    assert ZH("supervision.to_indicator") not in boards(opened(show="plan"))
