"""Forms: what is filled in becomes records by the way of every file, and figures follow."""

from __future__ import annotations

import shutil
import time
from functools import cache, partial
from pathlib import Path

import pytest
from sqlalchemy import select

from data.installation import HOME_VARIABLE, make_installation, open_installation
from data.intake.importing import import_files
from data.records import RECORDS, batch
from data.store import open_store
from metrics import published
from metrics.build import build
from metrics.card import Form
from metrics.cards import CARDS
from metrics.standards import standard_items
from pages import _job
from pages._text import text
from tests.intake.helpers import UNITS, write
from tests.intake.test_reported import FOLLOWUPS, PERSONS
from tests.pages.conftest import open_page

SOME = ("he_lectures", "he_awareness_rate")
_some = partial(build, cards=[CARDS[key] for key in SOME])


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """kind -> the folder of an installation with figures of January and February 2025, made once."""

    @cache
    def folder(kind: str) -> Path:
        base = tmp_path_factory.mktemp("counted")
        made = make_installation(base / "own", kind=kind)
        store = open_store(made)
        files = [
            write(base / f"{name}_20250301.csv", table)
            for name, table in {"机构登记表": UNITS, "居民基本信息表": PERSONS, "随访表": FOLLOWUPS}.items()
        ]
        import_files(store, made, files, by="tester")
        _some(store, made)
        store.close()
        return made.folder

    return folder


@pytest.fixture(params=["own"])
def own(request, counted, tmp_path, monkeypatch):
    """A copy of it (of one's own) for one test."""
    made = open_installation(shutil.copytree(counted(request.param), tmp_path / "own"))
    store = open_store(made)
    monkeypatch.setenv(HOME_VARIABLE, str(made.folder))
    monkeypatch.setattr(_job, "build", _some)
    monkeypatch.setattr(_job, "_jobs", {})  # copies have one name
    yield store, made
    _wait(made)
    store.close()


def _wait(made) -> None:
    """Until the figures are computed."""
    until = time.monotonic() + 120
    while (job := _job.last(made)) is not None and not job.ended:
        assert time.monotonic() < until
        time.sleep(0.05)


def _now(store, name: str, *columns: str) -> list[tuple]:
    table = RECORDS[name]
    with store.records() as connection:
        if not connection.dialect.has_table(connection, name, schema="records"):
            return []
        query = select(*[table.c[column] for column in columns]).where(table.c.known_to.is_(None))
        return sorted(map(tuple, connection.execute(query)), key=repr)


def _fill(at, what: str, **cells: str):
    """Fill in fields by the English names of their columns, and submit."""
    known = "form_turn" in at.session_state  # not a dict: it has no get
    turn = at.session_state["form_turn"] if known else 0
    for name, cell in cells.items():
        key = f"{what}_{turn}_{name}"
        kinds = (at.selectbox, at.date_input, at.text_input)
        found = next(element for kind in kinds for element in kind if element.key == key)
        found.set_value(cell)
    return at.button[0].click().run()


def _said(at) -> str:
    return "\n".join(
        element.value for kind in ("success", "info", "error", "warning") for element in at.get(kind)
    )


def test_an_activity_is_taken_in_and_counted(own):
    store, made = own
    at = open_page("forms.py", what="activity", unit="S1", lang="zh")
    at = _fill(at, "activity", kind="lecture", day="2025-02-10", people="35", topic="htn")
    assert not at.exception
    assert text("zh")("forms.taken", new=1, replaced=0, unchanged=0) in _said(at)
    assert _now(store, "activity", "kind", "topic", "people") == [("lecture", "htn", 35)]
    with store.records() as connection:
        assert connection.execute(select(batch.c.by).order_by(batch.c.batch.desc())).scalar() == "local"
    _wait(made)
    assert _lectures(store) == 1


def test_a_value_that_cannot_be_read_is_refused_with_its_field(own):
    store, _ = own
    at = open_page("forms.py", what="reported_count", unit="S1", lang="en")
    at = _fill(at, "reported_count", indicator="he_lectures", month="2025-02", numerator="many")
    said = _said(at)
    assert text("en")("forms.refused", n=1) in said
    assert "Numerator" in said and "many" in said
    assert _now(store, "reported_count", "numerator") == []
    # What was filled in is still there to be mended.
    assert at.text_input(key="reported_count_0_numerator").value == "many"
    at = _fill(at, "reported_count", numerator="12")
    assert _now(store, "reported_count", "indicator", "numerator") == [("he_lectures", 12.0)]


def test_a_required_field_that_is_empty_is_refused(own):
    store, _ = own
    at = open_page("forms.py", what="money", unit="S1", lang="zh")
    at = _fill(at, "money", amount="1.2万元")
    assert text("zh")("forms.refused", n=1) in _said(at)
    assert _now(store, "money", "amount") == []


def test_all_items_of_a_standard_at_once(own):
    store, _ = own
    standard = next(card.key for card in CARDS.values() if card.form is Form.CHECK)
    items = [item for item in standard_items() if item.standard == standard]
    at = open_page("forms.py", what="check_item", unit="S1", lang="zh", standard=standard)
    turn = f"check_item_0_{standard}"
    at.date_input(key=f"{turn}_day").set_value("2025-02-03")
    for place, item in enumerate(items):
        at.segmented_control(key=f"{turn}_{item.code}").select("0" if place else "1")
    at = at.button[0].click().run()
    assert not at.exception
    met = {item.code: place == 0 for place, item in enumerate(items)}
    assert dict(_now(store, "check_item", "item", "met")) == met


def test_an_entry_can_be_taken_back(own):
    store, made = own
    at = open_page("forms.py", what="activity", unit="S1", lang="en")
    at = _fill(at, "activity", kind="lecture", day="2025-02-10")
    _wait(made)
    at = at.run()
    undo = next(button for button in at.button if button.key and button.key.startswith("undo_"))
    at = undo.click().run()
    assert not at.exception
    assert _now(store, "activity", "kind") == []
    _wait(made)


@pytest.mark.parametrize("own", ["demo"], indirect=True)
def test_the_demo_keeps_an_entry_until_it_is_taken_back(own):
    """Someone who tries the demo sees the figure change, and change back; and is told to enter nothing real."""
    store, made = own
    at = open_page("forms.py", what="activity", unit="S1", lang="zh")
    assert text("zh")("forms.demo") in _said(at)
    at = _fill(at, "activity", kind="lecture", day="2025-02-10", people="35")
    _wait(made)
    assert _lectures(store) == 1
    at = at.run()
    undo = next(button for button in at.button if button.key and button.key.startswith("undo_"))
    undo.click().run()
    _wait(made)
    assert _lectures(store) != 1


ROWS = "机构编码,活动编号,活动类型,活动日期\nS1,1,健康讲座,2025-02-10\nS1,2,健康讲座,{day}\n"


@pytest.mark.parametrize("own", ["own", "demo"], indirect=True)
def test_a_filled_in_template_goes_the_same_way(own):
    store, made = own
    at = open_page("forms.py", what="activity", unit="S1", lang="zh")
    at = _upload(at, "activity", ROWS.format(day="2025-02-20"))
    assert not at.exception
    assert text("zh")("forms.taken", new=2, replaced=0, unchanged=0) in _said(at)
    _wait(made)
    assert _lectures(store) == 2


def test_of_a_template_what_is_wrong_is_told_by_line(own):
    store, made = own
    at = open_page("forms.py", what="activity", unit="S1", lang="zh")
    at = _upload(at, "activity", ROWS.format(day="2月30日"))
    said = _said(at)
    assert text("zh")("forms.refused", n=1) in said
    assert text("zh")("forms.line", line=3) + "活动日期" in said
    assert len(_now(store, "activity", "kind")) == 1, "the good row is taken in"
    _wait(made)


def test_a_file_of_something_else_is_not_taken(own):
    store, _ = own
    at = open_page("forms.py", what="facility", unit="S1", lang="zh")
    at = _upload(at, "facility", ROWS.format(day="2025-02-20"))
    assert "未收下" in _said(at)
    assert _now(store, "activity", "kind") == []


def _upload(at, what: str, content: str):
    """Give a file to the form's uploader, and press its button."""
    uploader = next(one for one in at.file_uploader if one.key == f"template_{what}_0")
    at = uploader.set_value(("某表.csv", content.encode(), "text/csv")).run()
    return at.button(key="upload_template").click().run()


def _lectures(store) -> float | None:
    """The lectures of February 2025 at S1, as published."""
    with store.published() as connection:
        figure, unit = published.figure, published.unit
        return connection.execute(
            select(figure.c.numerator)
            .join(unit, unit.c.unit == figure.c.unit)
            .where(unit.c.code == "S1", figure.c.indicator == "he_lectures")
            .where(figure.c.month == 2025 * 12 + 1, figure.c.basis == "month")
        ).scalar()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "what",
    ["document", "facility", "sample", "incident", "inspection", "finding", "staff", "training", "appraisal"],
)
def test_every_form_is_drawn(page, what, language):
    at = page("forms.py", what=what, lang=language)
    assert not at.exception
    assert len(at.text_input) + len(at.selectbox) + len(at.date_input) > 4
