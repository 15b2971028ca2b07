"""From the page into the meeting: a deck and a picture are made, saved and opened; a year's money is settled and taken back."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

from playwright.sync_api import expect
from pptx import Presentation

from pages._text import text

ZH = text("zh")


def opened_list(visitor) -> None:
    """Open the list of what can be taken away."""
    visitor.page.get_by_text(ZH("carry.title"), exact=True).first.click()
    visitor.page.wait_for_timeout(400)  # it slides in


def taken(visitor, kind: str) -> tuple[str, bytes]:
    """Make a file, wait for it, save it: its name and its bytes."""
    page = visitor.page
    page.get_by_role("button", name=ZH("carry.make", kind=kind)).first.click()
    save = page.get_by_role("button", name=ZH("carry.save", kind=kind)).first
    save.wait_for(timeout=180_000)
    visitor.settle()
    with page.expect_download() as started:
        save.click()
    return started.value.suggested_filename, started.value.path().read_bytes()


def test_the_deck_is_made_saved_and_opens(visitor):
    page = visitor.open("", ZH("overview.title"))
    opened_list(visitor)
    page.get_by_text(ZH("carry.deck"), exact=True).wait_for()
    name, content = taken(visitor, "PPT")
    assert name.endswith(".pptx")
    deck = Presentation(io.BytesIO(content))
    assert 8 <= len(deck.slides) <= 12
    assert any(shape.has_chart for slide in deck.slides for shape in slide.shapes)
    assert deck.slides[1].has_notes_slide  # the definitions of what stands on it
    # Of another language nothing is made yet.
    page.keyboard.press("Escape")
    page.get_by_text("English", exact=True).first.click()
    page.get_by_role("heading", name=text("en")("overview.title"), level=1).wait_for()
    visitor.settle()
    page.get_by_text(text("en")("carry.title"), exact=True).first.click()
    page.get_by_role("button", name=text("en")("carry.make", kind="PPT")).wait_for()
    assert not page.get_by_role("button", name=text("en")("carry.save", kind="PPT")).count()


def test_a_picture_of_the_chart_shown_is_saved(visitor):
    page = visitor.open("indicator?ind=htn_control_rate", ZH("indicator.title"))
    unit = page.get_by_role("combobox", name=ZH("filter.unit")).first.input_value()
    opened_list(visitor)
    name, content = taken(visitor, "SVG")
    assert name.endswith(".svg")
    words = "".join(ET.fromstring(content).itertext())
    assert "血压控制率" in words
    assert unit.strip() in words
    assert "数据截至" in words


def test_a_year_is_settled_published_and_taken_back(visitor):
    page = visitor.open("funds?month=2025-12&model=work_points", ZH("funds.title"))
    page.get_by_text(ZH("funds.publish"), exact=True).click()
    page.get_by_role("button", name=ZH("funds.publish_yes")).click()
    page.get_by_text(ZH("funds.published_now")).wait_for()
    visitor.settle()
    page.get_by_text("已发布：第").wait_for()
    page.get_by_text(ZH("funds.withdraw"), exact=True).click()
    confirm = page.get_by_role("button", name=ZH("funds.withdraw_yes"))
    confirm.click()
    page.get_by_text(ZH("funds.error_reason")).wait_for()  # no reason, nothing withdrawn
    visitor.settle()
    page.get_by_label(ZH("funds.why_withdrawn")).fill("核定人口有误")
    confirm.click()
    page.get_by_text(ZH("funds.withdrawn_now")).wait_for()
    visitor.settle()
    page.locator("td", has_text="核定人口有误").first.wait_for()
    expect(page.get_by_text(ZH("funds.publish"), exact=True)).to_be_visible()
