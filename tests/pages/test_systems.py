"""What the pages show of 36 systems: groups, lists of things, duties, checks, warnings, the whole catalogue."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from metrics import figures
from metrics.card import Form, Gap
from metrics.cards import CARDS
from metrics.catalogue import requirements
from metrics.duties import best_of_year, done_periods, duty_keys, periods_of_year
from metrics.judgement import ranked
from metrics.principal import LOCAL, Scope
from metrics.strata import declared, is_broken_down
from metrics.things import ThingPage, item_history
from pages._calendar import calendar
from pages._text import text
from tests.pages import sample
from tests.pages.test_pages import shown
from tests.roles import as_role

ZH, EN = text("zh"), text("en")
SHARE = next(
    key for key, card in CARDS.items() if is_broken_down(card) and card.gap is Gap.PERSONS and card.statistic
)
WARNING = next(key for key, card in CARDS.items() if card.alert is not None and card.is_personal)
DUTY = duty_keys()[0]


# -- groups ------------------------------------------------------------------------------------------


def test_groups_of_an_indicator(page):
    said = shown(page("indicator.py", ind=SHARE, lang="zh"))
    assert ZH("breakdown.title") in said
    for stratum in declared():
        if stratum.key in sample._PARTS:
            assert stratum.name.zh in said
    assert ZH("breakdown.listed") in said  # not the approved population
    assert "流动人口与户籍人口相差" in said
    assert ZH("breakdown.left_sex", n="").strip() in said.replace(",", "") or "性别不详" in said


def test_groups_say_which_month_they_are_of(page):
    said = shown(page("indicator.py", ind=SHARE, month="2026-03"))
    assert ZH("breakdown.month", month="2025年12月") in said


def test_grids_stand_at_the_unit_that_manages_them(page):
    assert "清溪村 一组" in shown(page("indicator.py", ind=SHARE, unit="0101"))
    assert "清溪村 一组" not in shown(page("indicator.py", ind=SHARE))


def test_a_breakdown_divides_the_whole_by_those_listed(sample_store):
    with sample_store.published() as connection:
        rows = figures.breakdown(LOCAL, connection, 1, CARDS[SHARE], sample.LAST, str(CARDS[SHARE].bases[0]))
        nobody = as_role("x", "auditor", Scope(frozenset()), Scope(frozenset()))
        assert figures.breakdown(nobody, connection, 1, CARDS[SHARE], sample.LAST, "as_of").empty
    whole = rows.iloc[0]
    assert whole["dimension"] == "all"
    assert whole["value"] == whole["numerator"] / whole["denominator"]
    assert set(rows["dimension"]) == {"all", "sex", "age", "population"}


# -- lists of things -----------------------------------------------------------------------------------


def _list_of(page, monkeypatch, key: str, rows: list[dict]):
    asked = []

    def thing_page(_known, _principal, key, *_rest):
        asked.append(key)
        columns = ("unit", "unit_name", "first", "month", "what", "reason")
        return ThingPage(len(rows), pd.DataFrame(rows, columns=list(columns)))

    monkeypatch.setattr("pages._gaps.thing_page", thing_page)
    said = shown(page("indicator.py", ind=key))
    assert set(asked) == {key}
    return said


def test_periods_of_a_duty_are_listed(page, monkeypatch):
    row = {"unit_name": "望山站", "first": 2026 * 12, "month": 2026 * 12 + 2, "reason": "该期没有记录"}
    said = _list_of(page, monkeypatch, DUTY, [row])
    assert ZH("gap.title_things") in said
    assert "2026-01 – 2026-03" in said and "望山站" in said


def test_a_warning_says_who_acts(page):
    said = shown(page("indicator.py", ind=WARNING))
    assert ZH("gap.title_action") in said
    alert = CARDS[WARNING].alert
    assert ZH("gap.acts", owner=alert.owner.zh, days=ZH("alert.days", n=alert.days)) in said


# -- duties and checks ---------------------------------------------------------------------------------


def test_a_calendar_never_speaks_by_colour_alone():
    periods = [(0, 2), (3, 5), (6, 8), (9, 11)]
    found = {2: (1.0, 1.0), 5: (1.0, 3.0), 8: (0.0, 2.0)}
    html = calendar(periods, found, 8, EN)
    assert [html.count(mark) for mark in "●◐○·"] == [1, 1, 1, 1]
    assert "1 of 3 done" in html
    assert "●" not in calendar(periods, {}, 11, EN)  # passed and not owed: blank


@pytest.mark.parametrize("key", duty_keys())
def test_periods_of_a_year_follow_the_terms(key):
    periods = periods_of_year(key, {"bureau", "centre", "station", "clinic"}, 2026)
    assert periods == sorted(set(periods))
    assert all(2026 * 12 <= last < 2027 * 12 for _, last in periods)
    assert not periods_of_year(key, set(), 2026)


def test_duties_at_the_bureau(page):
    at = page("duties.py", duty=DUTY)
    assert not at.exception
    said = shown(at)
    assert CARDS[DUTY].name.zh in said
    assert ZH("duties.of", name=CARDS[DUTY].name.zh) in said
    for mark in ZH("duties.legend").split("|"):
        assert mark.strip() in said


def test_duties_count_periods_of_the_year_so_far(sample_store):
    with sample_store.published() as connection:
        rows = done_periods(LOCAL, connection, (1, 2), 2026, sample.LAST)
    assert set(rows["unit"]) <= {1, 2}
    assert rows["month"].between(2026 * 12, sample.LAST).all()


QUARTERS = [(2026 * 12 + 3 * n, 2026 * 12 + 3 * n + 2) for n in range(4)]
APRIL, AUGUST, DECEMBER = (2026 * 12 + n for n in (3, 7, 11))


@pytest.mark.parametrize(
    ("found", "until", "best"),
    [
        ({}, 2026 * 12 + 1, None),  # nothing was due yet
        ({QUARTERS[0][1]: (4, 5)}, APRIL, (19, 20)),  # one of five missed the first quarter
        ({QUARTERS[0][1]: (0, 5), QUARTERS[1][1]: (6, 6)}, AUGUST, (18, 23)),  # a sixth since the second
        ({one: (1, 1) for _, one in QUARTERS}, DECEMBER, (4, 4)),
    ],
)
def test_what_can_still_be_done_of_a_year_s_duty(found, until, best):
    assert best_of_year(found, QUARTERS, until) == best


def test_duties_say_what_the_year_can_still_reach(page, sample_store):
    """By hand from the published periods: what was done and what is to come, of all that the year asks for."""
    with sample_store.published() as connection:
        rows = done_periods(LOCAL, connection, (sample.BUREAU,), 2026, sample.LAST)
    said, told = shown(page("duties.py")), 0
    for key, of in rows.groupby("indicator"):
        periods = periods_of_year(key, {"bureau", "centre", "station"}, 2026)  # the sample has no clinics
        more = of.sort_values("month")["owed"].iloc[-1] * sum(last > sample.LAST for _, last in periods)
        best = f'title="{of["done"].sum() + more:,.0f} / {of["owed"].sum() + more:,.0f}"'
        assert (best in said) == bool(periods), key
        told += bool(periods)
    assert told > 20


def test_items_of_a_station(page, sample_store):
    said = shown(page("duties.py", unit="0101", lang="en"))
    assert EN("duties.is_met") in said
    assert EN("duties.not_met") in said
    assert "2026-08-04" in said
    [standard] = sample.CHECKED
    if standard in CARDS:
        history = item_history(sample_store, LOCAL, 10, sample.LAST)
        assert [met for _, met in history[0].checks] == [False, True]
        assert history[1].checks[-1][1] is False
        assert all(not item.checks for item in history[2:])


# -- warnings, tiles, scorecard --------------------------------------------------------------------------


def test_the_overview_says_what_needs_action(page):
    said = shown(page("overview.py"))
    assert ZH("overview.act") in said
    assert CARDS[WARNING].alert.short.zh in said
    assert CARDS[WARNING].name.zh not in said  # the heading says already that they are warnings
    assert CARDS[WARNING].alert.owner.zh in said


def test_warnings_are_not_ranked_and_no_tile():
    frame = pd.DataFrame({"status": ["ok"], "value": [3.0]})
    assert math.isnan(ranked(frame, CARDS[WARNING])["rank"].iloc[0])
    assert not figures.is_ranking(CARDS[WARNING])


def test_tiles_are_of_many_systems(sample_store):
    with sample_store.published() as connection:
        standing = figures.standing(LOCAL, connection, 1, sample.LAST, CARDS)
    keys = figures.headline(standing, CARDS, 8)
    assert len(keys) == 8
    assert len({CARDS[key].system for key in keys}) == 8
    assert all(CARDS[key].form in (Form.INDICATOR, Form.DOCUMENT) for key in keys)


def test_the_scorecard_tells_duties_in_a_line(page):
    at = page("scorecard.py", show="all")
    said = shown(at)
    assert CARDS[DUTY].name.zh not in said
    assert ZH("scorecard.duties", done="", owed="").split()[0] in said


def test_another_system_opens_with_its_first_card(page):
    at = page("indicator.py", ind=SHARE)
    at.selectbox(key="filter_of_system").select("S06").run()
    assert CARDS[at.query_params["ind"]].system == "S06"
    assert not at.exception


# -- the catalogue -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_requirement_can_be_found(language):
    """By its own key, by its name, and by the name and key of each of its cards."""
    from pages._entry import found

    for row in requirements()[::7]:
        words = [row.row, row.name[language], *(card.name[language] for card in row.cards)]
        for wanted in [*words, *(card.key for card in row.cards)]:
            assert row in found(None, wanted, "all", "all", "all"), wanted
        assert row in found(None, "", row.system, "all", "all")
        assert row not in found(None, "", "S99", "all", "all")


def test_the_catalogue_is_paged_and_filtered(page):
    at = page("catalogue.py", form="duty")
    rows = [row for row in requirements() if any(card.form is Form.DUTY for card in row.cards)]
    said = shown(at)
    assert ZH("catalogue.count", n=len(rows), of=len(requirements()), cards=len(CARDS)) in said
    last = page("catalogue.py", p="99")
    assert not last.exception
    assert requirements()[-1].name.zh in shown(last)


def test_an_entry_is_whole(page):
    card = CARDS[SHARE]
    at = page("catalogue.py", ind=SHARE)
    said = shown(at)
    assert card.rule.zh.split("，")[0] in said
    assert ZH("rule.targets") in said and ZH("rule.parameters") in said
    assert "目标责任书" in said  # where the target comes from
    assert any("SELECT" in block.value for block in at.get("code"))
