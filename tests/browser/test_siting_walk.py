"""Where to open, as an official asks: propose, read the answer, take the plan over, close a unit by hand."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from pages._text import text

ZH, EN = text("zh"), text("en")
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def test_propose_then_close_a_unit_by_hand(visitor):
    page = visitor.open("siting", ZH("siting.title"))
    page.locator("canvas").first.wait_for()
    answer = page.locator(".said")
    before = answer.inner_text()
    page.get_by_role("button", name=ZH("siting.propose")).click()
    page.get_by_text(ZH("siting.site"), exact=True).first.wait_for()
    visitor.settle()
    expect(answer).not_to_have_text(before)
    won = int(re.search(r"可使 ([\d,]+) 人", answer.inner_text()).group(1).replace(",", ""))
    assert won > 0
    assert "ask=1" in page.url

    page.get_by_text(ZH("siting.way_hand"), exact=True).click()
    visitor.settle()
    page.get_by_role("button", name=ZH("siting.start_computed")).click()
    visitor.settle()
    expect(page.get_by_text(re.compile("与计算方案.*相同"))).to_be_visible()
    assert f"{won:,} 人" in answer.inner_text()
    assert "open=" in page.url

    box = page.get_by_role("combobox", name=re.compile(ZH("siting.hand_close")))
    box.click()
    page.get_by_role("option").first.click()
    page.get_by_text(ZH("siting.closes"), exact=True).wait_for()
    visitor.settle()
    assert "close=" in page.url
    assert "撤并 1 个机构" in answer.inner_text()

    # The link means the same to whoever gets it.
    said = answer.inner_text()
    page.reload()
    visitor.settle()
    expect(page.locator(".said")).to_have_text(said)


@pytest.mark.parametrize("visitor", [PHONE | {"color_scheme": "dark"}], indirect=True, ids=["phone-dark"])
def test_a_proposal_on_a_phone(visitor):
    page = visitor.open("siting?lang=en&ask=1&sites=cells&moves=1", EN("siting.title"))
    page.get_by_text(EN("siting.site"), exact=True).first.wait_for()
    page.locator("canvas").first.wait_for()
    width = "element => [element.scrollWidth, element.clientWidth]"
    needed, there = page.get_by_test_id("stMain").evaluate(width)
    assert needed <= there
