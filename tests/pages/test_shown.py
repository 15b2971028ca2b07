"""What an official reads on a page: the right number beside the right name, and no code of ours."""

from __future__ import annotations

import re
from html import unescape
from types import SimpleNamespace

import pandas as pd
import pytest

from charts.bars import bars
from metrics import figures
from metrics.card import Change, Form, Gap
from metrics.cards import CARDS
from metrics.catalogue import requirements
from metrics.principal import LOCAL
from metrics.things import thing_page
from pages._denominators import band_words
from pages._labels import code_words, named_by
from pages._text import text
from pages._words import SHAPES, missing_text
from tests.pages import sample
from tests.pages.test_pages import boards, shown
from tests.pages.test_systems import _list_of

ZH, EN = text("zh"), text("en")
RANGE = "gp_per_10k"
FALLS = CARDS["el_fall_rate_change"]
WORDS = {name: name for name in ("target", "part", "above", "at", "course", "below", "none")}


def rows_of(html: str) -> list[list[str]]:
    """The texts of every table row's cells."""
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", html, re.S)
    ]


# -- what of an address could not be used --------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "name", "what"),
    [
        ("indicator.py", "ind", "indicator"),
        ("indicator.py", "basis", "basis"),
        ("scorecard.py", "show", "show"),
        ("sources.py", "batch", "batch"),
    ],
)
def test_a_parameter_of_one_page_that_makes_no_sense_is_told(page, script, name, what):
    at = page(script, **{name: "nonsense"})
    assert ZH("notice.unknown", what=ZH(f"filter.{what}"), value="nonsense") in shown(at)


# -- the head of an indicator --------------------------------------------------------------------------


def test_the_gap_stands_before_what_the_value_is_made_of(page):
    said = boards(page("indicator.py", ind="htn_control_rate"))
    places = [said.index(f">{ZH(f'column.{name}')}<") for name in ("target", "gap", "missing")]
    assert places == sorted(places)
    assert places[-1] < said.index(ZH("column.made_of"))


def test_without_a_target_nothing_is_said_of_one(page):
    head = boards(page("indicator.py", ind=sample.REPORTED)).split('class="quiet"')[0]
    assert ZH("tile.no_target") in head
    assert f">{ZH('column.target')}<" not in head


@pytest.mark.parametrize("words", [ZH, EN])
def test_a_target_with_two_ends_shows_both(page, monkeypatch, words):
    real = figures.course

    def course(*arguments, **named):
        return real(*arguments, **named).assign(target=2.0, target_to=3.0, gap=0.0)

    course.__name__ = "course_with_a_range"  # answers are remembered by name
    monkeypatch.setattr(figures, "course", course)
    said = boards(page("indicator.py", ind=RANGE, lang=words.language))
    assert "2.00–3.00" in said


def test_a_change_has_no_parts_and_no_change_of_its_own(page):
    said = boards(page("indicator.py", ind=FALLS.key))
    assert FALLS.derived.how is Change.RELATIVE
    for name in ("made_of", "change"):
        assert ZH(f"column.{name}") not in said
    assert "— / —" not in said
    assert ZH("rule.of_another") in said


@pytest.mark.parametrize("words", [ZH, EN])
def test_a_warning_says_who_acts_where_others_say_their_target(page, words):
    card = next(card for card in CARDS.values() if card.alert is not None)
    head = boards(page("indicator.py", ind=card.key, lang=words.language)).split('class="quiet"')[0]
    assert card.alert.owner[words.language] in unescape(head)
    assert words("tile.no_target") not in head


def test_a_list_only_where_there_is_one(page):
    card = next(card for card in CARDS.values() if card.gap is Gap.NONE and card.is_ratio)
    at = page("indicator.py", ind=card.key)
    titles = {element.value for element in at.subheader}
    assert not titles & {ZH("gap.title_people"), ZH("gap.title_things")}


def test_ages_are_said_in_words():
    class Here:
        def __init__(self, words):
            self.text = words

    assert band_words(Here(ZH), "65+") == "65岁及以上"
    assert band_words(Here(EN), "65+") == "aged 65 and over"
    assert band_words(Here(ZH), "0-6") == "0–6岁"
    assert band_words(Here(ZH), "f15-49") == "15–49岁女性"


# -- units side by side --------------------------------------------------------------------------------


def test_columns_in_which_nothing_stands_are_left_out(page):
    card = next(card for card in CARDS.values() if card.alert is not None)
    said = boards(page("indicator.py", ind=card.key))
    assert f'<th class="c">{ZH("column.rank")}<' not in said
    assert f">{ZH('column.judgement')}<" not in said
    assert f">{ZH('column.rank')}<" in boards(page("indicator.py", ind="htn_control_rate"))


def _comparison(*values: float, target: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit": range(len(values)),
            "value": values,
            "status": "ok",
            "judgement": "below",
            "target": target,
            "target_to": float("nan"),
        }
    )


def test_bars_below_nothing_are_drawn():
    """A fall by 50.4 % is a bar to the left, and the target of −15 % a line within the chart."""
    frame = _comparison(-0.504, -0.024, 0.19, target=-0.15)
    drawn = bars(frame, dict.fromkeys(range(3), "n"), FALLS, WORDS, SHAPES, "zh", False)
    low, high = drawn["layout"]["xaxis"]["range"]
    assert low < -50.4 and high > 19
    assert low < drawn["layout"]["shapes"][0]["x0"] == -15.0


def test_a_number_that_its_bar_cannot_hold_stands_beside_it():
    """White on white was not to be read: 5 of 89, and 0."""
    frame = _comparison(89, 5, 0, target=12)
    drawn = bars(frame, dict.fromkeys(range(3), "n"), CARDS["he_lectures"], WORDS, SHAPES, "zh", False)
    bar = drawn["data"][0]
    assert bar["text"] == ["▼ 0", "▼ 5", "▼ 89"]  # drawn from below
    assert bar["textposition"] == ["outside", "outside", "inside"]
    inside = bar["textfont"]["color"][2]
    assert bar["textfont"]["color"][:2] != [inside, inside]


# -- overview and scorecard ----------------------------------------------------------------------------


def test_a_unit_is_behind_on_all_that_it_is_behind_on(page, sample_store):
    """Not only on the eight that have a column."""
    with sample_store.published() as connection:
        standing = figures.standing(LOCAL, connection, 1, sample.LAST, CARDS)
        aimed = [
            key for key in standing.index if figures.is_ranking(CARDS[key]) and standing.at[key, "target"] > 0
        ]
        held = {key: CARDS[key] for key in aimed}
        matrix = figures.matrix(LOCAL, connection, 1, sample.LAST, held)
    behind = matrix[matrix["judgement"] == "below"].groupby("unit").size()
    names = {
        unit: f"{town}社区卫生服务中心" for unit, town in zip(sample.CENTRES, sample._TOWNS, strict=True)
    }
    said = {row[0]: row[1] for row in rows_of(boards(page("overview.py"))) if len(row) > 4}
    assert max(behind) > 18  # more than the overview names
    for unit, n in behind.items():
        assert said[names[unit]] == str(n)


def test_a_rank_stands_only_where_there_is_somebody_to_compare_with(page):
    rank = f">{ZH('column.rank')}<"
    assert rank not in boards(page("scorecard.py")).split("heat")[0]
    assert rank in boards(page("scorecard.py", unit="02"))


def test_a_unit_that_a_card_is_not_about_is_not_called_late():
    from pages._matrix import heat_cell

    here = SimpleNamespace(cards=CARDS, language="zh")
    assert "—" in heat_cell(here, None, "htn_control_rate")


# -- the catalogue -------------------------------------------------------------------------------------


def test_each_card_stands_beside_its_own_target(page, sample_store):
    """Of a requirement with several cards each has a row."""
    row = next(row for row in requirements() if len(row.cards) > 2)
    said = rows_of(boards(page("catalogue.py", q=row.row)))
    for card in row.cards:
        [cells] = [cells for cells in said if card.name.zh in cells and len(cells) in (2, 5)]
        beside = cells[cells.index(card.name.zh, 2 if len(cells) == 5 else 0) + 1]
        assert re.fullmatch(r"—|[\d.,–−]+.*", beside)


# -- codes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [ZH, EN])
def test_a_list_of_things_shows_words_and_not_codes(page, monkeypatch, words):
    row = {"unit_name": "望山站", "month": sample.LAST, "what": "disease", "reason": "未按时上报"}
    said = _list_of(
        lambda script, **named: page(script, lang=words.language, **named),
        monkeypatch,
        "doc_report_forms",
        [row],
    )
    assert {"zh": "传染病", "en": "Infectious diseases"}[words.language] in said
    assert '<td class="w">disease<' not in said


def test_what_is_in_no_list_is_shown_as_written(page):
    column = named_by(CARDS["doc_report_forms"])
    assert column.label == "文件主题"
    assert code_words(column, "别的", "en") == "别的"
    assert named_by(CARDS["org_standard_compliant_rate"]) is None  # units bear names


def test_every_list_that_is_named_by_a_code_has_words(page):
    """Whatever column a card names its things by, its list has English."""
    plain = (Form.INDICATOR, Form.DOCUMENT)
    for card in CARDS.values():
        if card.gap is Gap.THINGS and not card.is_personal and card.form in plain:
            column = named_by(card)
            codes = () if column is None else column.codes
            assert all(code.words("en").isascii() for code in codes), card.key


def test_a_list_whose_rule_groups_by_a_bound_value_can_be_read(sample_store):
    """DuckDB takes a bound value in GROUP BY for another one than the same in SELECT: the page fell over it."""
    card = CARDS["three_basics_exam"]
    assert "GROUP BY" in str(card.numerator)
    found = thing_page(sample_store, LOCAL, card.key, 1, sample.LAST, str(card.bases[0]), 1, 20, "zh")
    assert found.total >= len(found.rows)


def test_what_is_missing_of_money_is_money():
    """Fen are told as yuan; an amount held against people, as people whom it pays for."""
    assert missing_text(1234.0, CARDS["fund_usage_scope"], ZH) == "1,234 元"
    assert missing_text(265.0, CARDS["fund_prepay_70"], ZH) == "265 人的经费"
