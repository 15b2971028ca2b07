"""What an official does: open every page, walk from a tile to the people behind it, click the map."""

from __future__ import annotations

import math
import re

import pytest
from playwright.sync_api import expect

from charts.grid import HEIGHT
from charts.grid_view import bounds_of, map_view
from data.store import open_store
from metrics import coverage
from metrics.principal import LOCAL
from pages._map_data import land_of
from pages._map_show import WIDTHS
from pages._menu import PAGES
from pages._text import text

ZH, EN = text("zh"), text("en")
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DARK = {"color_scheme": "dark"}


@pytest.mark.parametrize("name", list(PAGES))
def test_every_page(visitor, name):
    """Every page draws; no error, no request outside."""
    _seen(visitor, name, "", ZH)


@pytest.mark.parametrize("name", list(PAGES))
@pytest.mark.parametrize("visitor", [PHONE | DARK], indirect=True, ids=["phone-dark"])
def test_every_page_on_a_phone(visitor, name):
    """The same, and the page is no wider: tables may scroll within themselves. English has the longer words."""
    page = _seen(visitor, name, "?lang=en", EN)
    width = "element => [element.scrollWidth, element.clientWidth]"
    needed, there = page.get_by_test_id("stMain").evaluate(width)
    assert needed <= there


def _seen(visitor, name, asked, words):
    page = visitor.open(("./" if name == "overview" else name) + asked, words(f"{name}.title"))
    assert not page.get_by_test_id("stException").count()
    if name == "map":
        page.locator("canvas").first.wait_for()
        page.wait_for_timeout(2000)  # the map asks for what it draws with only now
    return page


def test_the_first_page_has_an_address_of_its_own_too(visitor):
    """It lies at the root, but who types its name is not told that there is no such page."""
    page = visitor.open("overview?lang=en", EN("overview.title"))
    assert "/overview?" in page.url
    assert not page.get_by_role("dialog").count()
    page.get_by_test_id("stTopNavLink").first.click()
    page.wait_for_function("() => location.pathname === '/'")


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
    page.get_by_role("heading", name=ZH("gap.title_people")).wait_for()
    visitor.settle()
    before = page.url
    page.locator(".scroll a").first.click()
    page.wait_for_function("before => location.href !== before", arg=before)
    visitor.settle()
    assert "unit=" in page.url
    page.get_by_role("heading", name=ZH("gap.title_people")).wait_for()
    assert loads == []


def test_from_a_warning_to_what_needs_action(visitor):
    """Overview -> the list behind a warning, with who acts."""
    page = visitor.open("", ZH("overview.title"))
    page.get_by_role("heading", name=ZH("overview.act")).wait_for()
    warnings = page.locator("table", has_text=ZH("column.owner"))
    warnings.first.wait_for()
    warnings.first.locator("a").first.click()
    page.get_by_role("heading", name=ZH("indicator.title"), level=1).wait_for()
    visitor.settle()
    page.get_by_role("heading", name=re.compile("需要处理")).first.wait_for()


def test_a_duty_opens_its_institutions(visitor):
    page = visitor.open("duties", ZH("duties.title"))
    page.locator(".calendar").first.wait_for()
    page.locator("tr", has=page.locator(".calendar")).first.locator("a").first.click()
    page.wait_for_function("() => location.search.includes('duty=')")
    visitor.settle()
    page.get_by_text(ZH("duties.open")).first.wait_for()


def test_a_requirement_is_found_and_opened(visitor):
    """Search -> entry -> figure."""
    page = visitor.open("catalogue?q=hr_filing_rate", ZH("catalogue.title"))
    page.locator(".scroll a").first.click()
    page.wait_for_function("() => location.search.includes('row=')")
    visitor.settle()
    page.get_by_text(ZH("catalogue.figure")).first.click()
    page.wait_for_function("() => location.search.includes('ind=')")
    page.get_by_role("heading", name=ZH("indicator.title"), level=1, exact=True).wait_for()
    visitor.settle()
    page.get_by_role("heading", name=ZH("breakdown.title")).wait_for()


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


def place_of(cell, lattice, view) -> tuple[float, float]:
    """Where the middle of a cell is drawn, in pixels right of and below the middle of the map."""

    def mercator(lon: float, lat: float) -> tuple[float, float]:
        size = 512 * 2**view.zoom
        up = math.asinh(math.tan(math.radians(lat)))
        return size * lon / 360, -size * up / math.tau

    x, y = mercator(*map(float, lattice.centre(cell["column"], cell["row"])))
    middle = mercator(view.longitude, view.latitude)
    return x - middle[0], y - middle[1]


def test_a_click_on_the_map_opens_the_cell(visitor, demo):
    """A cell far from every unit, so that no unit's mark lies over it; its row is marked, and closing closes it."""
    store = open_store(demo)
    with store.published() as connection:
        cells, about = coverage.cells(LOCAL, connection), coverage.about(LOCAL, connection)
        lands = coverage.ground(connection, "boundaries")
    store.close()
    cell = cells.loc[cells["metres"].idxmax()]
    bounds = [bounds_of(cells, about.lattice), *(land_of(shape) for shape in lands["shape"])]
    west, south = (min(one[side] for one in bounds) for side in (0, 1))
    east, north = (max(one[side] for one in bounds) for side in (2, 3))
    page = visitor.open("map?mode=metres", ZH("map.title"))
    canvas = page.locator("canvas").first
    canvas.wait_for()
    page.wait_for_timeout(4000)  # the first frame of WebGL without a graphics card
    box = canvas.bounding_box()
    view = map_view((west, south, east, north), WIDTHS["two_thirds"], HEIGHT)
    right, below = place_of(cell, about.lattice, view)
    x, y = box["x"] + box["width"] / 2 + right, box["y"] + box["height"] / 2 + below
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y, steps=3)
    page.locator(".deck-tooltip", has_text=cell["place_name"]).wait_for()  # the cell is under the pointer
    page.mouse.down()
    page.wait_for_timeout(60)
    page.mouse.up()
    page.wait_for_function("() => location.search.includes('cell=')")
    assert f"cell={cell['cell']}" in page.url
    page.get_by_text(ZH("map.nearest"), exact=True).first.wait_for()
    page.locator("td b", has_text="▸").first.wait_for()
    page.get_by_text(ZH("map.close")).click()
    page.wait_for_function("() => !location.search.includes('cell=')")


def test_a_row_of_the_list_opens_the_cell_beside_two_maps(visitor):
    page = visitor.open("map?mode=beyond&with=people", ZH("map.title"))
    page.locator("canvas").nth(1).wait_for()
    row = page.locator(".scroll a").first
    named = row.inner_text()
    row.click()
    page.wait_for_function("() => location.search.includes('cell=')")
    assert "with=people" in page.url
    page.locator("td b", has_text=named).wait_for()
    page.get_by_text(ZH("map.contracted"), exact=True).first.wait_for()


def test_a_download_has_a_name_and_content(visitor):
    page = visitor.open("scorecard", ZH("scorecard.title"))
    page.get_by_text(ZH("carry.title"), exact=True).first.click()
    with page.expect_download() as started:
        page.get_by_role("button", name=ZH("carry.save", kind="CSV")).click()
    assert started.value.suggested_filename.endswith(".csv")
    content = started.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert ZH("export.demo") in content.decode("utf-8-sig")


def test_a_form_says_what_is_wrong_and_then_takes_it(visitor):
    """An unreadable number is named; the mended row is taken in, and taken back."""
    page = visitor.open("forms?what=activity", ZH("forms.title"))
    people = page.get_by_role("textbox", name="参加人数")
    people.fill("many")
    page.get_by_role("button", name=ZH("forms.submit")).click()
    page.get_by_text(ZH("forms.refused", n=1)).wait_for()  # what kind of activity, and when?
    page.get_by_text("活动类型“").wait_for()
    visitor.settle()
    people.fill("35")
    kind = page.get_by_role("combobox", name="活动类型")
    kind.fill("健康讲座")
    kind.press("Enter")
    page.get_by_test_id("stDateInputField").first.get_by_role("spinbutton").first.click()
    page.keyboard.type("20250210")
    page.get_by_role("button", name=ZH("forms.submit")).click()
    page.get_by_text(ZH("forms.taken", new=1, replaced=0, unchanged=0)).wait_for()
    visitor.settle()  # until then the buttons further down are those of before
    expect(page.get_by_role("button", name=ZH("forms.submit"))).to_be_enabled(timeout=300_000)  # computed
    visitor.settle()
    page.get_by_role("button", name=ZH("forms.undo")).first.click()
    page.get_by_text(ZH("data.undone")).first.wait_for(timeout=180_000)
    expect(page.get_by_role("button", name=ZH("forms.submit"))).to_be_enabled(timeout=300_000)
