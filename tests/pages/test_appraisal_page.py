"""The page of appraisals, as the people who use it do: open, score, publish, appeal, try out; two at once."""

from __future__ import annotations

import json

import pytest

from metrics.appraisal import rounds
from metrics.appraisal.scoring import Entry
from metrics.principal import LOCAL
from pages._text import text, typed
from tests.pages.conftest import open_page
from tests.pages.district import CENTRE, SEPTEMBER, STATION
from tests.pages.photos import a_photo

ZH, EN = text("zh"), text("en")
CODE = "01"  # of the first centre


def boards(at) -> str:
    return "\n".join(json.loads(element.proto.json)["html"] for element in at.get("bidi_component"))


def said(at) -> str:
    kinds = ("success", "info", "warning", "error", "caption", "markdown")
    return "\n".join(element.value for kind in kinds for element in at.get(kind))


def element(at, kind: str, key: str):
    return next(one for one in at.get(kind) if one.key == key)


def opened(**more):
    at = open_page("appraisal.py", **({"lang": "zh", "sheet": "small"} | more))
    assert not at.exception
    return at


def pressed(at, label: str):
    """Press the button of a label."""
    at = next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def test_without_a_round_it_says_how_to_begin(district):
    at = opened()
    assert ZH("appraisal.no_rounds") in said(at)
    at = pressed(at, ZH("appraisal.open_round"))
    assert ZH("appraisal.opened") in said(at)
    assert list(district.ask(rounds.rounds)["month"]) == [SEPTEMBER]  # October is not the end of a quarter
    assert "草稿" in boards(at)


def test_a_draft_names_what_is_open_and_cannot_be_published(district):
    district.round()
    at = opened(show="open")
    assert ZH("appraisal.publish_not_yet", n=8) in said(at)  # eight centres, one item by hand each
    assert boards(at).count("条目plan，待评分") == 8


def test_an_item_is_scored_by_hand(district):
    number = district.round()
    at = opened(subject=CODE, item="plan")
    assert ZH("appraisal.score_by_hand", n=1) in [one.label for one in at.expander]
    form = f"entry_{number}/{CENTRE}//plan"
    element(at, "number_input", f"{form}_points").set_value(35.5)
    element(at, "text_area", f"{form}_note").set_value("方案齐全，少一份责任书")
    at = pressed(at, ZH("appraisal.save_score"))
    row = district.ask(rounds.entries, number).iloc[0]
    assert (row["points"], row["note"], row["edited_by"]) == (3550, "方案齐全，少一份责任书", "local")
    assert "得 35.5 分（满分 40 分）；说明：方案齐全" in boards(at)
    assert "失 4.5 分" in boards(at)


def test_what_does_not_apply_needs_a_reason(district):
    number = district.round()
    at = opened(subject=CODE, item="plan")
    element(at, "button_group", f"entry_{number}/{CENTRE}//plan_how").set_value("not")
    at = pressed(at, ZH("appraisal.save_score"))
    assert "请写明理由" in said(at)
    assert district.ask(rounds.entries, number).empty


def test_evidence_is_kept_and_what_is_none_is_refused(district):
    number = district.round()
    at = opened(subject=CODE, item="plan")
    form = f"entry_{number}/{CENTRE}//plan"
    element(at, "number_input", f"{form}_points").set_value(40.0)
    files = [("方案.png", a_photo(), "image/png"), ("photo.jpg", b"no picture", "image/jpeg")]
    element(at, "file_uploader", f"{form}_files").set_value(files)
    at = next(b for b in at.button if b.label == ZH("appraisal.save_score")).click().run()
    assert typed("方案.png") in said(at)
    assert any("photo.jpg" in error.value for error in at.error)


def test_who_is_slower_is_told_and_overwrites_nothing(district):
    number = district.round()
    at = opened(subject=CODE, item="plan")
    form = f"entry_{number}/{CENTRE}//plan"
    element(at, "number_input", f"{form}_points").set_value(40.0)
    district.do(rounds.save_entry, number, CENTRE, "", "plan", Entry(points=1000, note="先到"))
    at = pressed(at, ZH("appraisal.save_score"))
    assert any("王科长" in error.value and "没有保存" in error.value for error in at.error)
    assert district.ask(rounds.entries, number)["points"].tolist() == [1000]
    # Having seen it, pressing again writes over it.
    at = pressed(at, ZH("appraisal.save_score"))
    assert district.ask(rounds.entries, number)["points"].tolist() == [4000]


def test_one_item_of_all_is_scored_at_once_and_the_round_published(district):
    number = district.round()
    at = opened(show="open")
    element(at, "selectbox", "open_item").select("plan").run()
    element(at, "number_input", f"many_{number}_plan_points").set_value(40.0)
    at = pressed(at, ZH("appraisal.many_save", n=8))
    assert ZH("appraisal.nothing_open") in said(at)
    assert "第 12 批" in said(at)  # what is frozen is told before
    at = pressed(at, ZH("appraisal.publish_yes"))
    row = district.ask(lambda _, c: rounds.round_of(c, number))
    assert (row["state"], row["event"]) == ("published", 12)
    results = district.ask(rounds.results, number)
    assert len(results) == 8
    assert "已发布" in boards(at)
    assert element(at, "button_group", "filter_show").value == "ranking"


def test_a_published_round_can_be_withdrawn_with_a_reason(district):
    number = district.round(points=4000)
    at = opened()
    at = pressed(at, ZH("appraisal.withdraw_yes"))
    assert "请写明撤销的原因" in said(at)
    element(at, "text_input", f"withdraw_{number}_why").set_value("数据有误")
    at = pressed(at, ZH("appraisal.withdraw_yes"))
    assert district.ask(rounds.rounds)["state"].tolist() == ["withdrawn"]
    assert "数据有误" in boards(at)


def test_an_appeal_is_asked_granted_and_shown_beside_the_first_score(district):
    number = district.round(points=3000)
    at = opened(subject=CODE)
    form = f"appeal_{number}/{CENTRE}//0"
    element(at, "selectbox", f"{form}_item").select("plan")
    element(at, "text_area", f"{form}_reason").set_value("材料已补")
    at = pressed(at, ZH("appraisal.ask"))
    assert ZH("appraisal.asked_now") in said(at)
    at = opened(show="appeals")
    assert "材料已补" in said(at)
    element(at, "number_input", "answer_1_points").set_value(38.0)
    element(at, "text_area", "answer_1_answer").set_value("属实")
    at = pressed(at, ZH("appraisal.grant"))
    row = district.ask(rounds.results, number).set_index("unit").loc[CENTRE]
    assert row["final"] - row["points"] == 800  # 38 - 30
    at = opened(subject=CODE)
    assert '<span class="muted">30</span>' in boards(at)
    assert "38" in boards(at)


def test_an_appeal_is_refused_with_an_answer(district):
    number = district.round(points=3000)
    district.do(rounds.ask_appeal, number, CENTRE, "", "plan", "不服", by=LOCAL)
    at = opened(show="appeals")
    at = pressed(at, ZH("appraisal.refuse"))
    assert "请写明答复" in said(at)
    element(at, "text_area", "answer_1_answer").set_value("与现场不符")
    at = pressed(at, ZH("appraisal.refuse"))
    assert district.ask(rounds.appeals, number)["state"].tolist() == ["refused"]
    assert "与现场不符" in boards(at)


def test_ranks_moved_against_the_round_before(district):
    before = district.round(month=SEPTEMBER - 3, points=4000)
    number = district.round()
    units = district.ask(rounds.results, before)["unit"].tolist()
    worst = units[-1]
    for unit in units:
        points = 4000 if unit == worst else 0
        district.do(rounds.save_entry, number, int(unit), "", "plan", Entry(points=points))
    at = opened(round=str(number))
    assert "▲ 7" in boards(at)  # from the eighth place to the first


def test_village_doctors_are_warned_at_two_and_dismissed_at_three(district):
    for quarter in (6, 3):
        district.round("doctors", SEPTEMBER - quarter, points=1000)
    at = opened(sheet="doctors", show="doctors")
    assert boards(at).count("预警：十二个月内 2 次不称职") == 2
    number = district.round("doctors", SEPTEMBER, points=1000)
    at = opened(sheet="doctors", show="doctors", round=str(number))
    assert boards(at).count("十二个月内 3 次不称职，应解聘") == 2
    assert "d1" in boards(at)


def test_what_if_keeps_nothing(district):
    number = district.round()
    at = opened(show="what_if")
    assert ZH("appraisal.try_change") in said(at)
    at.selectbox(key="try_item").select("plan").run()
    at.selectbox(key="try_what").select("score").run()
    at.selectbox(key="try_subject").select((CENTRE, "")).run()
    at = at.number_input(key=f"try_points_plan_{(CENTRE, '')}").set_value(40.0).run()
    assert not at.exception
    assert "→" in boards(at)
    assert district.ask(rounds.entries, number).empty
    at.selectbox(key="try_what").select("weight").run()
    at = at.number_input(key="try_weight_plan").set_value(10.0).run()
    assert not at.exception
    assert "/70</b>" in boards(at)  # 60 + 10
    at.selectbox(key="try_item").select("control").run()
    at.selectbox(key="try_what").select("baseline").run()
    at = at.number_input(key="try_baseline_control").set_value(99.0).run()
    assert not at.exception


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("show", ["ranking", "open", "what_if", "history"])
def test_every_view_of_a_draft(district, language, show):
    district.round()
    at = opened(lang=language, show=show)
    assert at.title[0].value == text(language)("appraisal.title")


def test_links_to_nobody_and_nothing_are_told(district):
    district.round()
    assert ZH("appraisal.no_subject", value="99") in said(opened(subject="99"))
    at = opened(round="77")
    assert any("77" in warning.value for warning in at.warning)


def test_below_a_centre_only_its_own(district):
    district.round("doctors", points=9500)
    at = opened(sheet="doctors", unit="02")
    assert "d1" not in boards(at) or ZH("appraisal.under", name="石桥社区卫生服务中心") not in said(at)
    at = opened(sheet="doctors", unit="01")
    assert ZH("appraisal.under", name="清溪社区卫生服务中心") in said(at)
    assert STATION == 10
