"""The comparison on its page, in files and on the page of method: words, shapes, sentences, both languages."""

from __future__ import annotations

import json
from html import unescape
from types import SimpleNamespace

import pandas as pd
import pytest

from data import words
from metrics.cards import CARDS
from metrics.comparing.judging import compared
from metrics.comparing.places import DIRECTION, OVER, PART, UNKNOWN
from metrics.comparing.sorts import UNCERTAIN, Sort, sort_of
from metrics.principal import EVERYTHING
from metrics.standards import parameters
from pages._compared import reason_of, said_of
from pages._method import ENTRIES, FOLDER, levels, sections
from pages._text import text
from tests.pages import sample, test_pages
from tests.pages.test_comparing import MONTH, table
from tests.pages.test_pages import shown
from tests.roles import as_role


def boards(at) -> str:
    """What the boards say, as it is read."""
    return unescape(test_pages.boards(at))


def board_of(at, word: str) -> str:
    """The board that holds a word."""
    return next(
        html
        for element in at.get("bidi_component")
        if word in (html := json.loads(element.proto.json)["html"])
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_share_has_interval_verdicts_and_rank(page, language):
    at = page("indicator.py", ind="hr_filing_rate", unit="0", lang=language)
    assert not at.exception
    said = text(language)
    table = board_of(at, f">{said('compare.to_target')}</th>")
    assert said("compare.to_peers") in table
    assert "–" in table and f"● {said('comparing.word.same')}" in table
    assert said("compare.method", inner="95", outer="99.8") in boards(at)
    assert "method?" in boards(at) and "about=verdict" in boards(at)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_figure_of_the_year_says_what_it_is_held_against(page, language):
    """26 % in October is better than what is due then: not than the year's target, which the head must not say."""
    said = text(language)
    at = page("indicator.py", ind="htn_standard_rate", unit="0", lang=language)
    table = board_of(at, f">{said('compare.to_due')}</th>")
    assert f">{said('compare.to_target')}</th>" not in table
    assert said("compare.method_due", inner="95", outer="99.8") in boards(at)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_count_is_not_ranked_and_says_why(page, language):
    at = page("indicator.py", ind="hr_count_total", unit="0", lang=language)
    said = text(language)
    assert said("compare.not_ranked") in boards(at)
    assert said("comparing.unranked.count") in boards(at)
    table = board_of(at, f">{said('column.unit')}</th>")
    assert said("column.rank") not in table and said("compare.to_peers") not in table


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_mean_has_interval_verdicts_and_funnel(page, language):
    said = text(language)
    at = page("indicator.py", ind="op_cost_per_visit", unit="0", lang=language, plot="funnel")
    assert not at.exception
    table = board_of(at, f">{said('compare.to_peers')}</th>")
    assert "–" in table and f"● {said('comparing.word.same')}" in table
    drawn = json.loads(at.get("plotly_chart")[-1].proto.spec)
    assert {trace["mode"] for trace in drawn["data"]} == {"lines", "markers+text"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_prices_that_never_vary_have_no_verdict_and_it_is_said(language):
    """Every visit at 10 yuan in eleven clinics, at 50 in one: no word against the others, and why."""
    rows = [(100 * 1_000, 100)] * 11 + [(100 * 5_000, 100)]
    card = CARDS["op_cost_per_visit"]
    found = compared(table(*rows, scale=100).assign(deviation=0.0, basis="ytd"), card, MONTH)
    view = SimpleNamespace(link=lambda page, **asked: page)
    here = SimpleNamespace(text=text(language), month=MONTH, language=language, view=view)
    names = {unit: f"U{unit}" for unit in found["unit"]}
    shown, said = said_of(here, found, card, names, pd.DataFrame()), text(language)
    assert said("compare.no_funnel") in shown
    # There are twelve of them: that they are too few to be ranked would be wrong.
    assert said("comparing.unranked.unspread") in shown
    assert said("comparing.unranked.few", n=5) not in shown


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_not_known_one_by_one_is_told(page, language):
    """A station reported only a sum: no interval, and why."""
    said = text(language)
    at = page("indicator.py", ind="op_cost_per_visit", unit="03", lang=language)
    assert said("comparing.unranked.thin", n=30) in boards(at)
    at = page("indicator.py", ind="rx_amount_per_visit", unit="0", lang=language)
    assert said("comparing.unranked.apart") in boards(at)


@pytest.mark.parametrize(
    ("unranked", "reason"),
    [
        (["", "thin"], ""),
        (["thin", "thin"], "thin"),  # nobody has cases enough: listed by value, which is no rank
        (["thin", "few", "few"], "few"),
        (["hidden", "part"], ""),
        (["thin", "hidden"], "thin"),
    ],
)
def test_why_nobody_is_ranked(unranked, reason):
    assert reason_of(pd.DataFrame({"unranked": unranked})) == reason


def test_the_funnel_is_a_switch(page):
    bars = page("indicator.py", ind="hr_filing_rate", unit="0", lang="zh")
    funnel = page("indicator.py", ind="hr_filing_rate", unit="0", lang="zh", plot="funnel")
    assert [len(at.get("plotly_chart")) for at in (bars, funnel)] == [2, 2]
    assert text("zh")("compare.legend", inner="95", outer="99.8") in shown(funnel)
    drawn = json.loads(funnel.get("plotly_chart")[1].proto.spec)
    assert {trace["mode"] for trace in drawn["data"]} == {"lines", "markers+text"}
    count = page("indicator.py", ind="hr_count_total", unit="0", lang="zh", plot="funnel")
    assert not count.exception and len(count.get("plotly_chart")) == 2


def test_a_leader_reads_the_same_page(page, asked_by):
    asked_by(as_role("领导", "leader", EVERYTHING, EVERYTHING))
    at = page("indicator.py", ind="htn_control_rate", unit="0", lang="zh", plot="funnel")
    assert not at.exception


def test_the_scorecard_ranks_only_what_may_be_ranked(page):
    at = page("scorecard.py", unit="02", lang="zh")
    assert not at.exception
    assert text("zh")("compare.not_ranked") in boards(at)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_method_has_every_section(page, language):
    at = page("method.py", lang=language, about="funnel")
    assert not at.exception
    every = sections(language, levels(sample.LAST))
    assert len(at.expander) == len(every)
    opened = [one.label for one in at.expander if one.proto.expanded]
    assert len(opened) == 1 and every["funnel"]["name"] in opened[0]
    assert "99.8" in boards(at)


def test_sections_match_in_both_languages():
    zh, en = (words.entries(FOLDER, language) for language in ("zh", "en"))
    assert list(zh) == list(en)
    assert {key.partition(".")[2] for key in zh} == set(ENTRIES)
    assert all(zh.values()) and all(en.values())


def test_levels_are_dated_and_have_a_source():
    for key in ("interval_pct", "funnel_outer_pct", "rank_reliable_pct", "casemix_widths"):
        assert all(value.source for value in parameters()[key])
    assert levels(sample.LAST)["interval_pct"] == "95"


def test_words_for_every_reason_that_a_card_can_have():
    unranked = {str(sort_of(card)) for card in CARDS.values()} - {*UNCERTAIN, Sort.STOCK}
    for language in ("zh", "en"):
        for reason in (*unranked, DIRECTION, OVER, PART, UNKNOWN, "hidden", "few", "alike", "noisy", "equal"):
            assert text(language)(f"comparing.unranked.{reason}", n=5)
