"""What an official does: open every page, walk from a tile to the people behind it, click the map."""

from __future__ import annotations

import pytest

from pages._menu import PAGES
from pages._text import text

ZH, EN = text("zh"), text("en")
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DARK = {"color_scheme": "dark"}


@pytest.mark.parametrize("name", list(PAGES))
@pytest.mark.parametrize("visitor", [{}, PHONE | DARK], indirect=True, ids=["desktop", "phone-dark"])
def test_every_page(visitor, name):
    """Every page draws, on a desktop and on a phone; no error, no request outside."""
    page = visitor.open("" if name == "overview" else name, ZH(f"{name}.title"))
    assert not page.get_by_test_id("stException").count()
    if name == "map":
        page.locator("canvas").first.wait_for()
        page.wait_for_timeout(2000)  # the map asks for what it draws with only now


def test_english(visitor):
    visitor.open("?lang=en", EN("overview.title"))
    visitor.page.get_by_role("heading", name=EN("overview.behind")).wait_for()


def test_from_a_tile_to_the_people(visitor):
    """Tile -> indicator -> a unit -> its list, without the page being loaded anew."""
    page = visitor.open("", ZH("overview.title"))
    loads = []
    page.on("load", lambda _: loads.append(page.url))
    page.locator("a.tile").first.click()
    page.get_by_role("heading", name=ZH("indicator.title"), level=1).wait_for()
    assert "ind=" in page.url
    page.get_by_role("heading", name=ZH("indicator.gap")).wait_for()
    before = page.url
    page.locator(".scroll a").first.click()
    page.wait_for_function("before => location.href !== before", arg=before)
    visitor.settle()
    assert "unit=" in page.url
    page.get_by_role("heading", name=ZH("indicator.gap")).wait_for()
    assert loads == []


def test_a_copied_address_shows_the_same(visitor):
    page = visitor.open("indicator", ZH("indicator.title"))
    address = page.url
    value = page.locator(".head .value").first.inner_text()
    page.goto(address)
    visitor.settle()
    assert page.locator(".head .value").first.inner_text() == value
    assert page.url == address


def test_the_menu_keeps_the_month(visitor):
    page = visitor.open("", ZH("overview.title"))
    month = [part for part in page.url.split("&") if "month=" in part]
    page.get_by_role("link", name=ZH("menu.scorecard")).first.click()
    page.get_by_role("heading", name=ZH("scorecard.title"), level=1).wait_for()
    visitor.settle()
    assert month[0].split("month=")[1][:7] in page.url


def test_a_click_on_the_map_opens_the_cell(visitor):
    page = visitor.open("map", ZH("map.title"))
    canvas = page.locator("canvas").first
    canvas.wait_for()
    page.wait_for_timeout(4000)
    box = canvas.bounding_box()
    for across, down in ((0.5, 0.5), (0.45, 0.55), (0.55, 0.45), (0.4, 0.5), (0.5, 0.4), (0.6, 0.6)):
        page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        page.wait_for_timeout(1500)
        if "cell=" in page.url:
            break
    assert "cell=" in page.url
    page.get_by_text(ZH("map.nearest"), exact=True).first.wait_for()


def test_a_download_has_a_name_and_content(visitor):
    page = visitor.open("scorecard", ZH("scorecard.title"))
    with page.expect_download() as started:
        page.get_by_role("button", name=ZH("download.card")).click()
    assert started.value.suggested_filename.endswith(".csv")
    content = started.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert ZH("export.demo") in content.decode("utf-8-sig")
