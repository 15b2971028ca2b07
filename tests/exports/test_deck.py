"""What the slides say, compared with the frames that they are made from."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pandas as pd
import pytest

from exports.map_questions import NOTHING
from exports.slides import Table, Tiles
from exports.words import text
from metrics import coverage, figures
from metrics.judgement import counts_people
from metrics.units import show
from tests.exports.conftest import make_deck
from tests.exports.meeting import APPRAISAL, CARDS, FINDINGS, MONTH, UNIT

HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def deck(district):
    """The deck with a published round and findings, in Chinese."""
    return make_deck(district, "zh", appraisal=APPRAISAL, findings=FINDINGS)


@pytest.fixture
def standing(read):
    frame = read(figures.standing, unit=UNIT, month=MONTH, cards=CARDS)
    return frame[[figures.is_ranking(CARDS[key]) for key in frame.index]]


@pytest.fixture
def behind(standing):
    return figures.worst_first(standing[standing["judgement"] == "below"], CARDS)


@pytest.fixture
def matrix(read, standing):
    aimed = standing[standing["target"].notna()].index
    return read(figures.matrix, unit=UNIT, month=MONTH, cards={key: CARDS[key] for key in aimed})


@pytest.fixture
def names(read):
    tree = read(figures.units)
    return dict(zip(tree["unit"], tree["name"], strict=True))


def slide(deck, key: str):
    return next(one for one in deck.slides if one.key == key)


def rows(block: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in block.rows]


def by_key(zh: str) -> str:
    return next(key for key, card in CARDS.items() if card.name.zh == zh)


def test_eight_to_twelve_slides_in_order(deck):
    keys = [one.key for one in deck.slides]
    assert keys[:9] == [
        *("stand", "behind", "ranking", "items", "trends"),
        *("comparison", "map", "findings", "work"),
    ]
    assert keys[9:] == ["definitions_1", "definitions_2"][: len(keys) - 9]
    assert 8 <= len(keys) + 1 <= 12  # with the cover


def test_what_has_nothing_to_say_is_left_out(district):
    keys = [one.key for one in make_deck(district, "zh").slides]
    assert "findings" not in keys
    assert 8 <= len(keys) + 1 <= 12


def test_tiles_are_figures(deck, standing):
    tiles = slide(deck, "stand").blocks[0]
    assert isinstance(tiles, Tiles) and len(tiles.tiles) == 8
    for tile in tiles.tiles:
        key = by_key(tile.name)
        assert tile.value == show(standing.at[key, "value"], CARDS[key].unit, "zh")
        assert tile.judgement == standing.at[key, "judgement"]


def test_message_counts_every_judgement(deck, standing):
    """175 indicators: so many reached, so many behind: the parts add up to the whole."""
    aimed = standing[standing["target"].notna()]
    numbers = [int(n) for n in re.findall(r"(\d+) 项", slide(deck, "stand").message)]
    assert numbers[0] == len(aimed) == sum(numbers[1:])


def test_behind_is_ordered_by_people(deck, behind):
    shown = rows(slide(deck, "behind").blocks[0])
    assert [by_key(row[0]) for row in shown] == list(behind.index[:10])
    for row in shown:
        key = by_key(row[0])
        assert row[1] == f"▼ {show(behind.at[key, 'value'], CARDS[key].unit, 'zh')}" + (
            "（部分）" if behind.at[key, "status"] == "part" else ""
        )
        assert row[2] == show(behind.at[key, "target"], CARDS[key].unit, "zh")
        if counts_people(CARDS[key]):
            assert row[4] == f"{int(behind.at[key, 'missing']):,} 人"


def test_ranking_by_score_is_the_published_round(deck):
    table, chart = slide(deck, "ranking").blocks
    assert rows(table) == [
        ["1", "甲中心", "96.50", "优秀", "▲ 1.20"],
        ["2", "乙中心", "81.25", "良好", "▼ 0.50"],
        ["3", "丙中心", "59.00", "不合格", "—"],
    ]
    assert [bar.value for bar in chart.bars] == [96.5, 81.25, 59.0]
    # (96.50 + 81.25 + 59.00) / 3 = 78.9166..., shown as 78.92
    assert "78.92" in slide(deck, "ranking").message


def test_ranking_by_targets_counts_again(district, matrix, names):
    """Met of judged by unit, counted with plain loops; the most first, and no rank: chance has a part in each."""
    table, chart = slide(make_deck(district, "zh"), "ranking").blocks
    met: dict[str, int] = {}
    of: dict[str, int] = {}
    for row in matrix.itertuples():
        if row.judgement != "none":
            of[names[row.unit]] = of.get(names[row.unit], 0) + 1
            met[names[row.unit]] = met.get(names[row.unit], 0) + (row.judgement in ("above", "at"))
    assert {row[0]: row[1] for row in rows(table)} == {name: f"{met[name]}/{of[name]}" for name in of}
    shares = [met[row[0]] / of[row[0]] for row in rows(table)]
    assert shares == sorted(shares, reverse=True)
    assert text("zh")("deck.rank") not in table.head
    assert [bar.label for bar in chart.bars] == [row[0] for row in rows(table)]


def test_items_count_red_and_yellow(deck, matrix, names):
    shown = rows(slide(deck, "items").blocks[0])
    for name, red, yellow, *_ in shown:
        mine = matrix[matrix["unit"].map(names) == name]["judgement"]
        assert (int(red), int(yellow)) == ((mine == "below").sum(), (mine == "course").sum())
    reds = [int(row[1]) for row in shown]
    assert reds == sorted(reds, reverse=True)


def test_trends_and_comparison_are_of_what_is_behind(deck, behind):
    first = [CARDS[key].name.zh for key in behind.index]
    assert [chart.caption.title for chart in slide(deck, "trends").blocks] == first[:4]
    assert [chart.caption.title for chart in slide(deck, "comparison").blocks] == first[:2]
    for chart in slide(deck, "trends").blocks:
        last = chart.lines[0].values[-1]
        assert last == pytest.approx(behind.at[by_key(chart.caption.title), "value"] * 100)
        assert len(chart.labels) == 13


def test_map_tells_who_lives_beyond(deck, read):
    cells = read(coverage.cells)
    beyond, made = cells["beyond"].sum(), slide(deck, "map")
    assert beyond and f"{beyond:,} 人" in made.message
    drawn, table = made.blocks
    assert sum(len(area.rings) for area in drawn.areas) == len(cells)
    pale = next(area for area in drawn.areas if area.fill == NOTHING)
    assert len(pale.rings) == (cells["beyond"] == 0).sum()
    worst = cells[cells["beyond"] > 0].sort_values(["beyond", "cell"], ascending=[False, True]).head(10)
    assert [row[1].text for row in table.rows] == [f"{n:,}" for n in worst["beyond"]]


def test_findings_are_told_as_given(deck):
    units, ages, kinds = slide(deck, "findings").blocks
    assert rows(units) == [["甲站", "2", "1", "9"], ["乙站", "1", "0", "2"]]
    assert [(bar.label, bar.value) for bar in ages.bars] == [("1-3", 2.0), ("4-10", 1.0)]
    assert rows(kinds) == [["A", "7", "2"], ["B", "5", "0"]]
    assert slide(deck, "findings").note == ""


def test_findings_that_have_no_room_are_counted(district):
    """Twelve units and nine kinds: two units are left out, which the slide says; every kind stands in its table."""
    many = replace(
        FINDINGS,
        units=tuple((f"站{n}", 1, 0, n) for n in range(12)),
        kinds=tuple((f"类{n}", 2, 0) for n in range(9)),
    )
    made = slide(make_deck(district, "zh", findings=many), "findings")
    assert (len(rows(made.blocks[0])), len(rows(made.blocks[2]))) == (10, 9)
    assert made.note == "另有 2 个机构、0 类问题未列出。"


def test_work_adds_up(deck, matrix, names):
    """A cell is the unit's own need a month; the last row is the sum of the rows above it."""
    table = slide(deck, "work").blocks[0]
    shown = rows(table)
    keys = [by_key(head.split("（")[0]) for head in table.head[1:]]
    own = {(names[row.unit], row.indicator): row.per_month for row in matrix.itertuples()}
    for place, key in enumerate(keys, 1):
        column = [0 if row[place] == "—" else int(row[place].replace(",", "")) for row in shown]
        assert column[-1] == sum(column[:-1])
        for row in shown[:-1]:
            need = own.get((row[0], key), math.nan)
            assert row[place] == ("—" if not need > 0 else f"{int(need):,}")


def test_every_indicator_shown_is_defined(deck):
    """In the annex, and in the notes of the slide that shows it."""
    defined = [
        row[0] for one in deck.slides if one.key.startswith("definitions") for row in rows(one.blocks[0])
    ]
    shown = {row[0] for row in rows(slide(deck, "behind").blocks[0])}
    shown |= {tile.name for tile in slide(deck, "stand").blocks[0].tiles}
    assert shown <= set(defined)
    assert len(defined) == len(set(defined))
    for tile, note in zip(slide(deck, "stand").blocks[0].tiles, slide(deck, "stand").notes, strict=True):
        card = CARDS[by_key(tile.name)]
        assert card.name.zh in note and card.rule.zh in note
        assert "目标" in note and "依据" in note


def test_notes_divide_as_the_slide_does(deck, standing):
    key = by_key(slide(deck, "behind").blocks[0].rows[0][0].text)
    row = standing.loc[key]
    assert (
        f"{int(row.numerator):,} ÷ {int(row.denominator):,} = {row.value * 100:.1f}%"
        in slide(deck, "behind").notes[0]
    )


def test_english_has_no_chinese_but_names(district, names, read):
    """Names of institutions and places and titles of local papers are as they are."""
    deck = make_deck(district, "en", findings=None)
    said = [deck.subtitle]
    for one in deck.slides:
        said += [one.title, one.message, one.note]
        for block in one.blocks:
            if isinstance(block, Table):
                said += [*block.head, *(cell for row in rows(block) for cell in row)]
    places = read(coverage.cells)["place_name"].unique()
    for name in sorted([*names.values(), *places], key=len, reverse=True):
        said = [line.replace(name, "") for line in said]
    said = [line.replace("年目标责任书", "") for line in said]
    assert not [line for line in said if HAN.search(line)]


def test_many_units_stay_on_their_slides(flat_district):
    """Forty stations: tables side by side hold every one, other slides say what they leave out."""
    deck = make_deck(flat_district, "zh")
    tables = slide(deck, "ranking").blocks
    told = [row[0] for table in tables for row in rows(table)]
    assert len(told) == len(set(told)) >= 37  # of forty, one delivered nothing and one only part
    assert len(rows(slide(deck, "items").blocks[0])) == 15
    assert "未列出" in slide(deck, "items").note
    work = rows(slide(deck, "work").blocks[0])
    assert len(work) == 15  # thirteen units, the others together, the sum
    assert work[-2][0].startswith("其他")
    assert 8 <= len(deck.slides) + 1 <= 12


def test_nothing_behind_still_makes_a_deck(district, monkeypatch):
    """Where every target is met there is nothing to do, and no empty slide."""
    real = figures.standing

    def content(*args, **kwargs) -> pd.DataFrame:
        frame = real(*args, **kwargs)
        return frame.assign(judgement=frame["judgement"].where(frame["judgement"] != "below", "above"))

    monkeypatch.setattr(figures, "standing", content)
    keys = [one.key for one in make_deck(district, "zh").slides]
    assert "behind" not in keys and "work" not in keys
    assert len(keys) + 1 >= 8


def test_progress_goes_forward(district):
    told: list[tuple[str, float]] = []
    make_deck(district, "zh", progress=lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_subtitle_names_quarter_and_month(deck):
    """October 2026 is in the fourth quarter."""
    assert deck.subtitle == text("zh")("deck.subtitle", year=2026, quarter=4, month="2026年10月")
