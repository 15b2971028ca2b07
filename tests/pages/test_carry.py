"""What can be taken away: named at the head of the page, made with progress, and never saved under another view."""

from __future__ import annotations

import io

import pytest
from docx import Document

from data.store import open_store
from exports import papers
from exports.fonts import NoFontError
from exports.papers import PPTX, Paper
from metrics import figures
from metrics.appraisal import rounds
from metrics.appraisal.scoring import Entry
from metrics.cards import CARDS
from metrics.principal import LOCAL
from pages._text import text, typed
from tests.pages.conftest import open_page
from tests.pages.district import CENTRE

ZH, EN = text("zh"), text("en")
MAKE_DECK, SAVE_DECK = ZH("carry.make", kind="PPT"), ZH("carry.save", kind="PPT")


def labels(at) -> list[str]:
    """Every button, whether it makes or saves."""
    return [one.label for kind in ("button", "download_button") for one in at.get(kind)]


def captions(at) -> list[str]:
    return [one.value for one in at.caption]


def pressed(at, label: str):
    at = next(one for one in at.button if one.label == label).click().run()
    assert not at.exception
    return at


@pytest.fixture
def quick_deck(monkeypatch) -> list[tuple[int, int, str]]:
    """A deck that is made at once; gives for whom it was made: unit, month, language."""
    made = []

    def deck(desk, progress) -> Paper:
        progress("figures", 0.0)
        progress("A slide", 0.5)
        made.append((desk.unit, desk.month, desk.language))
        return Paper("deck.pptx", PPTX, b"PK deck")

    monkeypatch.setattr(papers, "quarterly_deck", deck)
    return made


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_overview_offers_three_papers(page, language):
    said = text(language)
    at = page("overview.py", lang=language)
    assert [said("carry.make", kind=kind) for kind in ("PPT", "Word", "Excel")] == [
        label for label in labels(at) if label.startswith(said("carry.make", kind="").strip())
    ]
    lines = "\n".join(one.value for one in at.markdown)
    for name in ("deck", "workbook"):
        assert said(f"carry.{name}") in lines
        assert said(f"carry.{name}_about") in lines


def test_what_was_made_can_be_saved(page, quick_deck):
    at = pressed(page("overview.py"), MAKE_DECK)
    assert len(quick_deck) == 1
    assert SAVE_DECK in labels(at)
    assert MAKE_DECK not in labels(at)
    assert ZH("carry.made", name=typed("deck.pptx"), kb="1") in captions(at)


@pytest.mark.parametrize(
    "other", [{"month": "2026-08"}, {"unit": "02"}, {"lang": "en"}], ids=["month", "unit", "language"]
)
def test_another_view_has_no_old_file(page, quick_deck, other):
    """Of another month, unit or language nothing is made yet; back again it is made anew."""
    at = pressed(page("overview.py", lang="zh", unit="01", month="2026-10"), MAKE_DECK)
    for name, value in other.items():
        at.query_params[name] = value
    at.run()
    said = text(other.get("lang", "zh"))
    assert said("carry.save", kind="PPT") not in labels(at)
    at = pressed(at, said("carry.make", kind="PPT"))
    assert len(set(quick_deck)) == 2


def test_an_edit_of_the_register_makes_it_anew(district, quick_deck):
    """The deck tells of appraisals and findings: an old one must not be saved after an edit."""
    number = district.round()
    at = pressed(open_page("overview.py", lang="zh"), MAKE_DECK)
    assert SAVE_DECK in labels(at)
    district.do(rounds.save_entry, number, CENTRE, "", "plan", Entry(points=1000))
    at.run()
    assert SAVE_DECK not in labels(at)
    assert MAKE_DECK in labels(at)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_a_chinese_font_it_says_what_to_do(page, monkeypatch, language):
    def picture(*_args) -> Paper:
        raise NoFontError

    monkeypatch.setattr(papers, "picture_paper", picture)
    at = page("indicator.py", lang=language, ind="htn_control_rate")
    at = pressed(at, text(language)("carry.make", kind="PNG"))
    [told] = [one.value for one in at.error]
    assert "Noto Sans CJK" in told
    assert ("字体" in told) is (language == "zh")
    assert text(language)("carry.save", kind="PNG") not in labels(at)


def test_a_picture_is_of_what_is_shown(page, monkeypatch):
    """The chart, the unit, the month and the basis of the page."""
    asked = []

    def picture(desk, indicator, chart, kind, basis) -> Paper:
        asked.append((desk.unit, desk.month, indicator, chart, kind, basis))
        return Paper("a.svg", papers.PICTURES["svg"], b"<svg/>")

    monkeypatch.setattr(papers, "picture_paper", picture)
    at = page("indicator.py", lang="zh", ind="htn_control_rate", unit="02", month="2026-08")
    basis = str(CARDS["htn_control_rate"].bases[0])
    [trend, _units] = [one for one in at.button if one.label == ZH("carry.make", kind="SVG")]
    trend.click().run()
    at = next(one for one in at.button if one.label == ZH("carry.make", kind="SVG")).click().run()
    assert not at.exception
    assert [one[2:] for one in asked] == [
        ("htn_control_rate", "trend", "svg", basis),
        ("htn_control_rate", "units", "svg", basis),
    ]
    assert {one[:2] for one in asked} == {(asked[0][0], 2026 * 12 + 7)}


def test_where_nothing_can_be_made_it_says_why(page):
    at = page("scorecard.py", lang="zh")
    assert ZH("carry.no_card") in captions(at)  # the bureau has no scorecard
    at = page("scorecard.py", lang="zh", unit="02")
    assert ZH("carry.no_card") not in captions(at)
    assert ZH("carry.save", kind="Word") in labels(at)


def test_of_a_draft_there_is_no_circular(district):
    district.round()
    at = open_page("appraisal.py", lang="zh", sheet="small")
    assert ZH("carry.circular_draft") in captions(at)
    assert ZH("carry.make", kind="Word") not in labels(at)


def test_the_circular_of_a_published_round_names_the_centres(district):
    district.round(points=4000)
    at = open_page("appraisal.py", lang="zh", sheet="small")
    at = pressed(at, ZH("carry.make", kind="Word"))
    assert ZH("carry.save", kind="Word") in labels(at)
    _, made = at.session_state["prepared"]
    [paper] = made.values()
    words = "\n".join(
        cell.text for table in Document(io.BytesIO(paper.content)).tables for cell in table._cells
    )
    store = open_store(district.made)
    with store.published() as connection:
        names = figures.units(LOCAL, connection).set_index("unit")["name"]
    store.close()
    assert names[CENTRE] in words


def test_doctors_have_no_circular(district):
    district.round("doctors", points=10000)
    at = open_page("appraisal.py", lang="zh", sheet="doctors")
    assert ZH("carry.circular_doctors") in captions(at)
    assert ZH("carry.no_doctors") in captions(at)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_list_names_its_files_in_the_language_of_the_page(page, monkeypatch, language):
    labels = []
    monkeypatch.setattr("pages._gaps.file_button", lambda label, *_: labels.append(label))
    at = page("indicator.py", lang=language, ind="htn_control_rate")
    assert not at.exception
    masked = {"zh": "下载名单（{}，脱敏）", "en": "List ({}, masked)"}[language]
    assert labels == [masked.format("csv"), masked.format("Excel")]
