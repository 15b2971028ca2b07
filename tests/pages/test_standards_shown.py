"""What the indicator page shows of targets, parameters, denominators, and of how long there is still time."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pandas as pd
import plotly.graph_objects as go
import pytest

from charts.trend import trend
from metrics import figures
from metrics.cards import CARDS
from metrics.judgement import best_pace, last_chance
from metrics.principal import LOCAL
from pages._denominators import changes_of_kind
from pages._month import month_name
from pages._text import text
from pages._words import too_late
from tests.pages import sample
from tests.pages.test_pages import boards, shown

ZH, EN = text("zh"), text("en")
CARD = CARDS[sample.DISPUTED]
JANUARY = 2026 * 12
WORDS = {name: name for name in ("value", "last_year", "target")}


@pytest.fixture(scope="module")
def course(sample_store):
    with sample_store.published() as connection:
        return figures.course(LOCAL, connection, 1, CARD, "as_of")


# -- how long there is still time ----------------------------------------------------------------------


def _chance(page, monkeypatch, missing: int, pace: int, language: str) -> str:
    """The head while so many are missing in October and the best month ever brought ``pace``."""
    real = figures.course

    def course(*arguments, **named):
        frame = real(*arguments, **named)
        chance = last_chance(CARD, sample.LAST, missing, pace)
        return frame.assign(missing=missing, per_month=missing / 2, best_pace=pace, last_chance=chance)

    course.__qualname__ = f"course_{missing}_{pace}"  # answers are remembered by name
    monkeypatch.setattr(figures, "course", course)
    at = page("indicator.py", ind=CARD.key, lang=language)
    assert not at.exception
    return boards(at)


@pytest.mark.parametrize("words", [ZH, EN])
def test_by_when_it_must_begin(page, monkeypatch, words):
    """100 are missing, the best month brought 60: November and December are needed."""
    html = _chance(page, monkeypatch, 100, 60, words.language)
    assert words("chance.until") in html
    assert month_name(JANUARY + 10, words) in html
    assert words("chance.gone") not in html


@pytest.mark.parametrize("words", [ZH, EN])
def test_out_of_reach_is_said(page, monkeypatch, words):
    """150 at 60 a month would take three months; two are left."""
    html = _chance(page, monkeypatch, 150, 60, words.language)
    assert words("chance.gone") in html
    assert words("chance.until") not in html


@pytest.mark.parametrize(
    ("last", "late"), [(sample.LAST, True), (sample.LAST + 1, False), (float("nan"), False)]
)
def test_too_late(last, late):
    assert too_late(SimpleNamespace(month=sample.LAST, last_chance=last)) is late


def test_best_month_ever():
    """10 → 25 → 31: the best month brought 15."""
    assert best_pace(CARD, "as_of", {JANUARY: 10, JANUARY + 1: 25, JANUARY + 2: 31}) == 15


# -- denominators --------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [ZH, EN])
def test_denominators_stand_side_by_side(page, words):
    at = page("indicator.py", ind=CARD.key, lang=words.language)
    said = shown(at)
    assert words("denominator_kind.title", band=words("band.all")) in said
    for kind in ("resident", "registered", "recorded"):
        assert words(f"denominator_kind.{kind}") in said
    rows = re.findall(r"<tr>.*?</tr>", boards(at))
    this_year = next(row for row in rows if "9,102" in row)
    assert "✓ 8,202" in this_year and "7,302" in this_year  # 8,200 + 2 in 2026
    assert sample.APPROVAL in this_year and "2026-02-20" in this_year
    assert any("✓ 9,101" in row and "8,201" in row for row in rows)  # the year before


def test_a_card_of_people_listed_has_no_such_panel(page):
    key = next(key for key, card in CARDS.items() if card.is_ratio and card.statistic is None)
    assert "✓ 8,2" not in boards(page("indicator.py", ind=key))


def test_the_definition_names_the_kind_in_force(page):
    said = boards(page("indicator.py", ind=CARD.key))
    by = {"band": ZH("band.all")}
    assert ZH("rule.by_statistic", kind=ZH("denominator_kind.registered"), **by) in said
    before = boards(page("indicator.py", ind=CARD.key, month="2025-12"))
    assert ZH("rule.by_statistic", kind=ZH("denominator_kind.resident"), **by) in before


@pytest.mark.parametrize("words", [ZH, EN])
def test_another_kind_is_marked_in_the_trend(course, words):
    changes = changes_of_kind(SimpleNamespace(text=words), course)
    kind = words("denominator_kind.registered")
    assert changes == {JANUARY: words("denominator_kind.changed", year=2026, kind=kind)}
    figure = trend(course, CARD, WORDS, words.language, str, False, sample.LAST, changes=changes)
    assert go.Figure(figure)
    (line,), (note,) = figure["layout"]["shapes"], figure["layout"]["annotations"]
    assert line["x0"] == line["x1"] == note["x"] == "2026-01-01"
    assert line["line"]["dash"] != "solid" and note["text"] == changes[JANUARY]


def test_years_without_a_population_are_no_change():
    kinds = ["resident", None, None, "resident", "mixed"]
    course = pd.DataFrame({"month": range(JANUARY, JANUARY + 5), "denominator_kind": kinds})
    assert list(changes_of_kind(SimpleNamespace(text=EN), course)) == [JANUARY + 4]


# -- targets and parameters ----------------------------------------------------------------------------


@pytest.mark.parametrize("script", ["indicator.py", "catalogue.py"])
def test_targets_that_disagree_are_all_shown(page, script):
    said = boards(page(script, ind=CARD.key, lang="en"))
    assert EN("rule.targets") in said
    assert sample.OTHER_PAPER in said and "60.0%" in said
    in_force = re.findall(r'class="strong">([^<]*)</span><span class="muted">([^<]*)', said)
    assert any(EN("catalogue.target_in_force") in paper for _, paper in in_force)
    assert not any("60.0%" in aim or sample.OTHER_PAPER in paper for aim, paper in in_force)


def test_a_single_target_stands_in_the_head_alone(page):
    said = boards(page("indicator.py", ind=CARD.key, lang="en", month="2025-12"))
    assert EN("rule.targets") not in said


@pytest.mark.parametrize(("month", "value"), [("2026-05", "6"), ("2026-06", "7.5")])
def test_the_parameter_in_force_in_the_month(page, month, value):
    """The bureau's own 7.5 holds from June 2026 on."""
    said = boards(page("indicator.py", ind=CARD.key, lang="en", month=month))
    assert f": {value} (from " in said
    assert (EN("parameter.own") in said.replace("&#x27;", "'")) is (value == "7.5")


def test_the_catalogue_shows_every_dated_value(page):
    said = boards(page("catalogue.py", ind=CARD.key, lang="en"))
    assert ": 6 (from " in said and ": 7.5 (from 2026-06-01" in said
