"""The circular of a published round, its numbers compared with the register and the published figures by plain code."""

from __future__ import annotations

import io
import math
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import docx
import pytest
from sqlalchemy import select

from data.register.tables import appraisal_line
from exports import docx_blocks, papers
from exports.circular import Indicator, Ranked, _indicator_tables, _is_first
from exports.circular_material import _ranked
from exports.words import text
from metrics import figures
from metrics.appraisal import rounds
from metrics.cards import CARDS
from metrics.principal import LOCAL
from tests.exports.desk import FOUND, TODAY, Material, shown_points

MONTH = 2025 * 12 + 11
GRADES = {
    "zh": ("优秀", "良好", "合格", "不合格"),
    "en": ("excellent", "good", "qualified", "unqualified"),
}


@pytest.fixture(scope="module", params=["zh", "en"])
def written(request, material: Material):
    """The language, the paper, its tables by caption, the results as they lie in the register, and names of units."""
    with material.desk(request.param) as desk:
        paper = papers.circular_paper(desk, material.rounds[1])
        tree = figures.units(LOCAL, desk.published)
        names = dict(zip(tree["unit"].astype(int), tree["name"], strict=True))
        now, before = (shown_points(desk.register, n) for n in reversed(material.rounds))
        lines = desk.register.execute(
            select(appraisal_line).where(appraisal_line.c.round == material.rounds[1])
        ).fetchall()
        sheet = rounds.sheet_of(rounds.round_of(desk.register, material.rounds[1]))
    opened = docx.Document(io.BytesIO(paper.content))
    return request.param, paper, opened, tables(opened), now, before, lines, sheet, names


def tables(opened) -> list[tuple[str, list[list[str]]]]:
    """(the paragraph above, rows of texts) of each table."""
    found, above = [], ""
    for element in opened.element.body:
        if element.tag.endswith("}p"):
            above = "".join(t.text or "" for t in element.iter("{*}t")) or above
        elif element.tag.endswith("}tbl"):
            found.append(
                (
                    above,
                    [
                        ["".join(t.text or "" for t in cell.iter("{*}t")) for cell in row.iter("{*}tc")]
                        for row in element.iter("{*}tr")
                    ],
                )
            )
    return found


def test_its_name_and_kind(written):
    language, paper, *_ = written
    assert paper.name.endswith(".docx")
    assert not set(paper.name) & set('<>:"/\\|?*')
    assert paper.media == docx_blocks.MEDIA
    assert ("2025年第4季度" if language == "zh" else "quarter 4 of 2025") in paper.name


def test_scores_ranks_and_changes(written):
    """Rank: one more than how many have more points. Change: against the same unit's points of the round before."""
    language, _, _, of, now, before, _, sheet, names = written
    (rows,) = [rows for caption, rows in of if caption == text(language)("circular.score_table")]
    wanted = set()
    assert now
    for unit, points in now.items():
        rank = 1 + sum(other > points for other in now.values())
        change = points - before.get(unit, points)
        sign = "0.00" if not change else f"{'▲' if change > 0 else '▼'} {abs(change) / 100:.2f}"
        sign = sign if unit in before else "—"
        share = points / sheet.full
        grade = GRADES[language][0 if share >= 0.9 else 1 if share >= 0.75 else 2 if share >= 0.6 else 3]
        wanted.add((str(rank), names[unit], f"{points / 100:.2f}", sign, grade))
    assert {tuple(row) for row in rows[1:]} == wanted
    assert [int(row[0]) for row in rows[1:]] == sorted(int(row[0]) for row in rows[1:])


def test_the_mean_is_that_of_the_table(written):
    language, _, opened, _, now, *_ = written
    mean = (Decimal(sum(now.values())) / len(now) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    said = text(language)("circular.mean", mean=f"{mean:.2f}")
    assert any(said in paragraph.text for paragraph in opened.paragraphs)


def test_each_indicator_with_numerator_denominator_and_rate(written):
    """The centres' table of every indicator of the sheet: counts as they were frozen, the rate their quotient."""
    language, _, _, of, _, _, lines, sheet, names = written
    checked = hidden = 0
    for item in sheet.items:
        if item.card is None or not item.is_weighed or CARDS[item.card].unit != "percent":
            continue
        name = CARDS[item.card].name[language]
        rows = next(
            rows
            for caption, rows in of
            if caption.startswith(text(language)("circular.side_with", name=name, target=""))
        )
        shown = {row[1]: row[2:] for row in rows[1:]}
        for line in lines:
            if line.item != item.key or line.value is None or line.denominator is None:
                continue
            if line.hidden:  # a circular is published
                assert shown[names[line.unit]] == [text(language)("status.hidden")] * 3
                hidden += 1
                continue
            scale = CARDS[item.card].top_scale
            checked += 1
            top, bottom, rate = shown[names[line.unit]]
            if scale == 1:
                assert (top, bottom) == (f"{line.numerator:,.0f}", f"{line.denominator:,.0f}")
            decimals = len(re.match(r"[\d,]+\.(\d+)", rate)[1])
            value = line.numerator / line.denominator * 100
            assert rate.startswith(f"{value:,.{decimals}f}"), (name, rate)
            if decimals > 1:  # 89.95 of 90.0: with one fewer it would read as what was asked
                assert (
                    f"{value:.{decimals - 1}f}"
                    == f"{round(value, 1):.{decimals - 1}f}"
                    != f"{value:.{decimals}f}"
                ), name
    assert checked > 20
    assert hidden > 20


def test_open_findings_with_their_days(written):
    language, _, opened, of, *_ = written
    rows = of[-1][1]
    open_ones = [found for found in FOUND if found[5] != "药品过期"]  # that one was mended
    assert sorted(row[1] for row in rows[1:]) == sorted(found[5] for found in open_ones)
    said = text(language)
    for _, _, _, _, due, what in open_ones:
        (row,) = [row for row in rows[1:] if row[1] == what]
        days = (due - TODAY).days
        assert row[2] == f"{due:%Y-%m-%d}"
        assert row[3] == (said("circular.late", days=-days) if days < 0 else said("circular.left", days=days))
    told = said("circular.demand_findings", open=3, late=sum(found[4] < TODAY for found in open_ones))
    assert told in [paragraph.text for paragraph in opened.paragraphs]
    assert date(2026, 1, 4) > TODAY


def test_a_rate_above_100_is_flagged():
    from metrics.appraisal.sheet import find

    item = next(one for one in find("centre", "2024").items if one.card == "htn_control_rate")
    card = CARDS["htn_control_rate"]
    rows = _ranked(card, [Ranked("甲", 12.0, 10.0, 1.2, "ok"), Ranked("乙", 5.0, 10.0, 0.5, "ok")], MONTH)
    one = Indicator(item, card, "as_of", float("nan"), {}, {"with": rows}, MONTH)
    (table,) = _indicator_tables(one, text("zh"))
    assert [row[-1] for row in table.rows] == ["120.0（超100%）", "50.0"]


def test_clinics_without_anyone_to_serve_are_counted_and_not_listed():
    """Three clinics, one of them with nobody: two rows and a note; among centres all are listed."""
    from metrics.appraisal.sheet import find

    item = next(one for one in find("centre", "2024").items if one.card == "htn_control_rate")
    nan, said = float("nan"), text("zh")
    card, nobody = CARDS["htn_control_rate"], Ranked("丙", 0.0, 0.0, nan, "empty")
    rows = [Ranked("甲", 9.0, 10.0, 0.9, "ok"), Ranked("乙", nan, nan, nan, "none"), nobody]
    rows = _ranked(card, rows, MONTH)
    one = Indicator(item, card, "as_of", nan, {}, {"with": rows, "below": rows}, MONTH)
    centres, below = _indicator_tables(one, said)
    assert [row[1] for row in centres.rows] == ["甲", "乙", "丙"]
    assert [row[1] for row in below.rows] == ["甲", "乙"]
    assert said("circular.left_out", number=1, why="本期无此项") in below.note
    assert "未列出" not in centres.note
    alone = Indicator(item, card, "as_of", nan, {}, {"below": [rows[2]]}, MONTH)
    assert _indicator_tables(alone, said) == []


def _shares(*tops: int) -> list[Ranked]:
    return [Ranked(f"{top}", float(top), 1000.0, top / 1000, "ok") for top in tops]


def test_ranks_are_those_of_the_page_of_comparison():
    """Far apart: ranks with their intervals, first beyond doubt. Within chance: no rank at all, and it says why."""
    from metrics.appraisal.sheet import find

    card, said = CARDS["htn_control_rate"], text("zh")
    item = next(one for one in find("centre", "2024").items if one.card == card.key)
    apart = _ranked(card, _shares(900, 700, 500, 490, 300, 100), MONTH)
    (table,) = _indicator_tables(Indicator(item, card, "as_of", math.nan, {}, {"with": apart}, MONTH), said)
    assert table.head[0] == said("circular.rank")
    assert [row[0] for row in table.rows] == ["1 (1)", "2 (2)", "3 (3–4)", "4 (3–4)", "5 (5)", "6 (6)"]
    assert said("circular.rank_interval", percent=95) in table.note
    assert [row.unit for row in apart if _is_first(row)] == ["900"]
    alike = _ranked(card, _shares(512, 505, 500, 498, 493, 490), MONTH)
    (table,) = _indicator_tables(Indicator(item, card, "as_of", math.nan, {}, {"with": alike}, MONTH), said)
    assert table.head[0] == said("circular.to_peers")
    assert {row[0] for row in table.rows} == {said("comparing.word.same")}
    assert said("circular.not_ranked", why=said("comparing.unranked.alike")) in table.note
    assert not any(_is_first(row) for row in alike)


def test_days_have_no_leading_noughts(written):
    language, _, opened, *_ = written
    under = opened.paragraphs[1].text
    assert under == ("（2025年10月1日至2025年12月31日）" if language == "zh" else under)
    assert "01月" not in under


def test_a_round_of_doctors_has_no_circular_and_a_draft_neither(material: Material):
    with material.desk() as desk:
        draft = rounds.rounds(LOCAL, desk.register).query("state == 'draft'")["round"].iloc[0]
        with pytest.raises((ValueError, LookupError, rounds.RoundError)):
            papers.circular_paper(desk, 999)
        assert int(draft) not in material.rounds
