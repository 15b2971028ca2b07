"""Every page in both languages, over figures, over nothing, and with a URL that makes no sense."""

from __future__ import annotations

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from data import words
from data.installation import HOME_VARIABLE, make_installation
from metrics import wording
from metrics.cards import CARDS
from pages._labels import dose_words
from pages._menu import PAGES
from pages._takeaway import csv_file, sheet_file
from pages._text import entries, text
from tests.pages import sample
from tests.pages.conftest import FRAME, open_page

SCRIPTS = [entry.script for entry in PAGES.values()]


def boards(at) -> str:
    """The HTML of every board."""
    return "\n".join(json.loads(element.proto.json)["html"] for element in at.get("bidi_component"))


def shown(at) -> str:
    """Everything that a page says: titles, captions, notices and boards."""
    said = [
        element.value
        for kind in ("title", "subheader", "caption", "info", "success", "warning")
        for element in at.get(kind)
    ]
    return "\n".join([*said, boards(at)])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_page_runs(page, script, language):
    """No exception, a title in the language, the data date and the batch."""
    at = page(script, lang=language)
    assert not at.exception
    key = next(name for name, entry in PAGES.items() if entry.script == script)
    assert at.title[0].value == text(language)(f"{key}.title")
    said = shown(at)
    if key != "log":  # of no figures
        assert "2026-10-31" in said
        assert text(language)("asof.batch", batch=12, event=12) in said


@pytest.mark.parametrize("script", SCRIPTS)
def test_empty_installation(script, tmp_path, monkeypatch):
    """Before anything is imported every page says so, and shows no number."""
    made = make_installation(tmp_path / "own", kind="own")
    monkeypatch.setenv(HOME_VARIABLE, str(made.folder))
    at = open_page(script)
    assert not at.exception
    assert at.info or at.error or script == "log.py"  # that it was opened is its first entry


def test_no_installation(tmp_path, monkeypatch):
    """A folder without an installation says what to do."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "nowhere"))
    at = AppTest.from_file(FRAME, default_timeout=30).run()
    assert "manage.py" in at.error[0].value


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(
    "junk", ["../../etc", "<script>alert(1)</script>", "9" * 50, "", "![x](http://x.example/y)"]
)
def test_url_that_makes_no_sense(page, script, junk):
    """Every parameter that a page knows falls back, with a notice where it was used."""
    names = (
        "lang",
        "month",
        "unit",
        "ind",
        "basis",
        "mode",
        "cell",
        "system",
        "show",
        "source",
        "batch",
        "p",
    )
    at = page(script, **dict.fromkeys(names, junk))
    assert not at.exception
    assert at.warning or script == "log.py"  # which knows none of these
    assert "<script>" not in boards(at)
    assert not any("![x](" in one.value for one in at.warning)  # Markdown would fetch the picture


def test_url_carries_the_view(page):
    """A copied URL shows the same: codes, not labels."""
    at = page("indicator.py", lang="en", ind="htn_control_rate", unit="02", month="2026-08")
    assert at.query_params["unit"] == "02"
    assert at.selectbox(key="filter_unit").value == "02"
    assert at.selectbox(key="filter_month").value == "2026-08"
    assert at.selectbox(key="filter_ind").value == "htn_control_rate"


def test_filter_writes_the_url(page):
    at = page("indicator.py", ind="htn_control_rate")
    at.selectbox(key="filter_unit").select("03").run()
    assert at.query_params["unit"] == "03"
    assert not at.exception


def test_language_switch_keeps_the_view(page):
    at = page("indicator.py", ind="htn_control_rate", unit="02")
    at.segmented_control(key="filter_lang").select("en").run()
    assert at.title[0].value == "Indicator"
    assert at.selectbox(key="filter_unit").value == "02"


def test_another_page_keeps_unit_and_month(page):
    """The menu drops the URL's parameters; the visit remembers what pages share."""
    at = page("overview.py", unit="04", month="2026-05", lang="en")
    at.query_params.clear()
    at.switch_page("scorecard.py").run()
    assert at.query_params["unit"] == "04"
    assert at.query_params["month"] == "2026-05"
    assert at.title[0].value == "Scorecard"


def _one_of_each_sort() -> list[str]:
    """A card of each combination of what pages look at."""
    sorts = {
        (card.form, card.period, card.unit, card.gap, card.is_personal, card.is_ratio, card.derived): key
        for key, card in CARDS.items()
    }
    return list(sorts.values())


@pytest.mark.parametrize(
    "keys", [_one_of_each_sort(), pytest.param(list(CARDS), marks=pytest.mark.long)], ids=["sorts", "all"]
)
def test_every_card_has_its_page(page, keys):
    """One visit through all of them, at a station that delivered nothing this month."""
    at = page("indicator.py", unit="0103")
    wrong = []
    for key in keys:
        at.query_params["ind"] = key
        at.query_params["basis"] = str(CARDS[key].bases[0])
        if at.run().exception or at.warning:
            wrong.append(key)
    assert not wrong


def test_every_card_in_the_catalogue(page):
    """The query of every card can be printed."""
    from pages._entry import sql_of

    for card in CARDS.values():
        assert "SELECT" in sql_of(card.numerator)


@pytest.mark.parametrize("month", [sample.FIRST, sample.LAST - 10])
def test_first_months(page, month):
    """A month without a last year, and a January."""
    from pages._month import code_of

    for script in ("overview.py", "indicator.py", "scorecard.py"):
        assert not page(script, month=code_of(month)).exception


def test_not_delivered_has_words(page):
    at = page("indicator.py", ind="htn_control_rate", unit="0103")
    assert text("zh")("status.none") in shown(at)
    assert text("zh")("gap.not_delivered") in shown(at)


def test_demo_is_named(page):
    at = page("overview.py")
    assert any(text("zh")("app.demo") in element.value for element in at.markdown)


def test_no_stray_text():
    """Every text is named by some page: word for word, or by an f-string whose fixed parts are its own."""
    source = "\n".join(path.read_text("utf-8") for path in FRAME.parent.glob("*.py"))
    named = set(re.findall(r"""["']([a-z_]+(?:\.\w+)+)["']""", source))
    made = re.findall(r'f"([a-z_]+\.[^"\n]*\{[^"\n]*)"', source)
    patterns = [
        re.compile("[^.]+".join(re.escape(part) for part in re.split(r"\{[^}]*\}", said))) for said in made
    ]
    shared = words.entries(wording.FOLDER, "zh")  # words that documents use too
    unused = [
        key
        for key in entries("zh")
        if key not in shared and key not in named and not any(pattern.fullmatch(key) for pattern in patterns)
    ]
    assert not unused, f"texts that no page uses: {unused}"


def test_another_year_keeps_the_month(page):
    """Where the year lacks the month, the nearest one that there is."""
    at = page("overview.py", month="2025-08")
    at.selectbox(key="filter_year").select("2026").run()
    assert at.query_params["month"] == "2026-08"
    at.query_params["month"] = "2025-12"
    at.run()
    at.selectbox(key="filter_year").select("2026").run()
    assert at.query_params["month"] == "2026-10"
    assert not at.exception


def test_a_list_that_is_cut_says_so(page, monkeypatch):
    """On the page, in the file's name and at the end of the file."""
    taken = []

    def file(made):
        def instead(here, name, *given):
            taken.append((name, list(next(one for one in given if isinstance(one, list)))))
            return made(here, name, *given)

        return instead

    monkeypatch.setattr("pages._gaps.csv_file", file(csv_file))
    monkeypatch.setattr("pages._gaps.sheet_file", file(sheet_file))
    monkeypatch.setattr("pages._gaps._MOST", 10)
    at = page("indicator.py", ind="htn_control_rate")
    assert text("zh")("gap.cut", n=10) in shown(at)
    assert len(taken) == 2  # csv and workbook
    for name, notes in taken:
        assert name.endswith(text("zh")("download.cut", n=10))
        assert notes == [text("zh")("gap.cut_note", n=10, total=47)]


def test_a_list_says_what_each_still_lacks(page):
    """What is lacking in words; the unit only where there are several."""
    said = text("zh")
    at = shown(page("indicator.py", ind="htn_control_rate", lang="zh"))
    visit = said("gap.lacks_n", n=2, service=said("visiting.service.htn_followup"))
    assert f"{visit}</td>" in at
    assert f"{visit}{said('list.enumeration')}{said('visiting.service.check')}</td>" in at
    assert f">{said('gap.unit')}</th>" in at


def test_the_progress_says_what_was_due(page):
    """A unit's part of the target stands where its progress is judged."""
    at = shown(page("indicator.py", ind="el_mgmt_rate", lang="zh"))
    assert at.count(f"{text('zh')('column.expected')}：") > 2


def test_a_list_has_no_columns_that_are_always_empty(page):
    """Nobody has a last visit or value where the indicator reads none."""
    heads = [f">{text('zh')(f'gap.{name}')}</th>" for name in ("last_on", "last_value")]
    assert all(head in shown(page("indicator.py", ind="htn_control_rate")) for head in heads)
    assert not any(head in shown(page("indicator.py", ind="reach_within_radius")) for head in heads)


def test_one_reason_of_all_is_said_once(page):
    at = page("indicator.py", ind="htn_control_rate", lang="zh")
    reason = "今年还没有随访"
    assert text("zh")("gap.reason_of_all", reason=reason) in shown(at)
    assert f">{text('zh')('gap.reason')}</th>" not in shown(at) and shown(at).count(reason) == 1


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "流感疫苗第 1 剂"), ("en", "Influenza vaccine, dose 1")]
)
def test_a_last_dose_is_said_in_words(use_demo, language, told):
    assert dose_words("flu 1", text(language)) == told
    assert dose_words("152/94", text(language)) == "152/94"


def test_records_newer_than_figures_are_told(page, monkeypatch):
    at = page("sources.py")
    assert text("zh")("data.behind") not in shown(at)
    monkeypatch.setattr("metrics.ledger.last_event", lambda *_: 13)
    at = page("sources.py")
    assert text("zh")("data.behind") in shown(at)
    assert "manage.py build" in at.get("code")[0].value


def test_one_page_one_generation(page, monkeypatch):
    """What is published while a page is drawn is not on it."""
    from pages import _open, _store

    page("overview.py")
    generations = []
    store = _store.store()
    with _store.one_generation() as held:
        monkeypatch.setattr(type(store), "generation", lambda _: pytest.fail("read past the snapshot"))
        for _ in range(2):
            with _store.one_generation() as again:
                generations.append(again)
        assert len(_open.units()) == 49
    assert generations == [held, held]


def test_unknown_columns_are_named(page):
    said = shown(page("sources.py"))
    assert text("zh")("data.unknown_columns") in said
    assert "村医签名" in said
