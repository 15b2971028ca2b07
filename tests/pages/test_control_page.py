"""The section "change" of an indicator's page, marked events and their forms, and new changes on the overview."""

from __future__ import annotations

import csv
import io
import re

import numpy as np
import pytest
from sqlalchemy import select

from data.installation import HOME_VARIABLE, home, make_installation, open_installation
from data.register import open_register
from data.store import open_store, read_frame
from exports import papers
from metrics import figures, published
from metrics.card import Direction
from metrics.cards import CARDS
from metrics.changing import marking, notices
from metrics.changing.control import HIDDEN_MONTHS, control
from metrics.changing.suited import is_raised, unsuited
from metrics.principal import EVERYTHING, LOCAL, Scope
from metrics.small_numbers import BITS
from pages._text import text
from tests.pages import sample
from tests.pages.conftest import open_page
from tests.pages.test_pages import boards
from tests.roles import as_role

FLOW = next(
    key
    for key, card in CARDS.items()
    if is_raised(card) and card.is_listed and card.direction is Direction.HIGHER
)
CUMULATIVE = next(key for key, card in CARDS.items() if unsuited(card) == "year")
STOCK = next(key for key, card in CARDS.items() if unsuited(card) == "stock")
LEADER = as_role("领导", "leader", EVERYTHING, EVERYTHING)
CODE, OTHER_CODE = "02", "03"  # of two centres that delivered all


def shown(at) -> str:
    """Everything that the page says: Markdown, captions, and the HTML of its boards."""
    said = [
        element.value for kind in ("markdown", "caption", "subheader", "info") for element in at.get(kind)
    ]
    return "\n".join([*map(str, said), boards(at)])


@pytest.fixture
def own(tmp_path, monkeypatch):
    """An installation of one's own with the sample's figures of one flow, and its register."""
    made = make_installation(tmp_path / "own", kind="own")
    monkeypatch.setenv(HOME_VARIABLE, str(made.folder))
    store = open_store(made)
    sample.fill(store, {FLOW: CARDS[FLOW]}, "own")
    store.close()
    register = open_register(made)
    yield register
    register.close()


@pytest.mark.parametrize(
    ("lang", "signs"), [("zh", ("变了没有", "照这样能不能达标")), ("en", ("Has it changed?", "Can it meet"))]
)
def test_a_flow_has_a_chart_and_two_signs(page, lang, signs):
    at = page("indicator.py", ind=FLOW, unit=CODE, lang=lang)
    assert not at.exception
    said = shown(at)
    assert all(one in said for one in signs)
    assert len(at.get("plotly_chart")) >= 2


@pytest.mark.parametrize(("key", "why"), [(CUMULATIVE, "本年累计数"), (STOCK, "月末时点数")])
def test_cumulative_figures_have_a_reason_instead(page, key, why):
    at = page("indicator.py", ind=key, unit=CODE)
    assert not at.exception
    said = shown(at)
    assert why in said
    assert "变了没有" not in said


def test_notices_stand_on_the_overview_and_at_their_pair(page):
    month = f"{sample.LAST // 12}-{sample.LAST % 12 + 1:02}"
    raised = next(key for key, card in CARDS.items() if is_raised(card))
    said = shown(page("overview.py", unit=CODE, month=month))
    assert "新变化" in said
    assert CARDS[raised].name.zh in said
    of_pair = shown(page("indicator.py", ind=raised, unit=CODE, month=month))
    assert "持续变化提示" in of_pair
    before = shown(page("overview.py", unit=CODE, month=f"{sample.LAST // 12}-{sample.LAST % 12:02}"))
    assert "本月没有新的持续变化" in before
    assert re.search(r"逐个机构、逐项指标看了 [1-9][\d, ]* 组当月数", before)


def test_how_much_was_looked_at_is_what_is_public(sample_store):
    among, month = (1, 3, 10), sample.LAST - 1
    director = as_role("主任", "director", Scope(frozenset({3, 10})), Scope(frozenset({3, 10})))
    with sample_store.published() as connection:
        rows = read_frame(connection, select(published.figure).where(published.figure.c.month == month))
        ours = [notices.looked_at(who, connection, among, month, CARDS) for who in (LOCAL, director)]
    looked = [
        row.unit
        for row in rows.itertuples()
        if (row.basis, row.stratum) == ("month", "")
        and row.unit in among
        and is_raised(CARDS[row.indicator])
        and not row.hidden & (BITS["numerator"] | BITS["denominator"] | BITS["value"])
        and row.value is not None
        and row.value == row.value
    ]
    assert ours == [len(looked), len([unit for unit in looked if unit != 1])]
    assert ours[1] > 0


def test_notices_are_of_ones_scope(sample_store):
    director = as_role("主任", "director", Scope(frozenset({3, 10})), Scope(frozenset({3, 10})))
    everybody = range(1, 50)
    with sample_store.published() as connection:
        found = notices.raised_in(director, connection, everybody, sample.LAST)
        assert set(found["unit"]) == {3, 10}
        assert len(notices.raised_in(LOCAL, connection, everybody, sample.LAST)) == 49
        assert notices.raised_in(LOCAL, connection, everybody, sample.LAST - 1).empty
        card = CARDS[found["indicator"].iloc[0]]
        assert notices.of_pair(director, connection, 4, card, sample.LAST).empty
        assert notices.of_pair(LOCAL, connection, 1, card, sample.LAST)["month"].tolist() == [
            sample.LAST,
            sample.LAST - 3,
        ]


def test_what_is_hidden_has_no_part_in_the_chart(sample_store, monkeypatch):
    """Some months of a centre hidden: for whoever does not see its people there is no chart, whatever is behind the mask."""
    read, card, unit = figures.read_frame, CARDS[FLOW], sample.CENTRES[1]

    def masked(factor):
        def reading(connection, statement):
            frame = read(connection, statement)
            if "hidden" not in frame.columns:
                return frame
            gone = (frame["unit"] == unit) & (frame["month"] % 5 == 0)
            return frame.assign(
                hidden=np.where(gone, 15, 0), value=frame["value"].where(~gone, frame["value"] * factor)
            )

        return reading

    found = []
    for factor in (1.0, 0.5):
        monkeypatch.setattr(figures, "read_frame", masked(factor))
        with sample_store.published() as connection:
            found += [control(who, connection, unit, card, sample.LAST) for who in (LEADER, LOCAL)]
    leader, everything, other_leader, other = found
    assert leader.reason == other_leader.reason == HIDDEN_MONTHS
    assert (leader.hidden, leader.known) == (other_leader.hidden, other_leader.known)
    assert leader.chart is None
    assert everything.reason == ""
    assert not np.array_equal(everything.chart.value, other.chart.value)


def test_an_event_is_marked_changed_and_taken_away(own):
    at = open_page("indicator.py", ind=FLOW, unit=CODE)
    assert not at.exception
    form = next(one.key for one in at.text_input if str(one.key).startswith("mark_"))
    at.text_input(form).input("新增<b>体检车")
    button = next(one for one in at.button if one.label == "保存")
    at = button.click().run()
    assert not at.exception
    with own.reading() as connection:
        events = marking.events_of(LOCAL, connection, sample.CENTRES[1], CARDS[FLOW])
    assert events[["unit", "indicator", "words", "rebase"]].values.tolist() == [
        [sample.CENTRES[1], FLOW, "新增<b>体检车", True]
    ]
    said = shown(at)
    assert "新增&lt;b&gt;体检车" in said
    assert "<b>体检车" not in said
    at.text_input("mark_1_words").input("换了体检车")
    next(one for one in at.button if one.label == "去掉")  # both are in the form
    at = (
        next(one for one in at.button if one.label == "保存" and "mark_1" in str(one.key or one.proto))
        .click()
        .run()
    )
    assert not at.exception
    with own.reading() as connection:
        events = marking.events_of(LOCAL, connection, sample.CENTRES[1], CARDS[FLOW])
    assert events["words"].tolist() == ["换了体检车"]
    at = next(one for one in at.button if one.label == "去掉").click().run()
    with own.reading() as connection:
        assert marking.events_of(LOCAL, connection, sample.CENTRES[1], CARDS[FLOW]).empty


def test_who_may_not_mark_has_no_form(own, asked_by):
    with own.writing() as connection:
        marking.mark(LOCAL, connection, None, None, sample.LAST - 3, "停电", True)
    asked_by(as_role("主任", "director", EVERYTHING, Scope(frozenset({3}))))
    at = open_page("indicator.py", ind=FLOW, unit=CODE)
    assert not at.exception
    assert "停电" in shown(at)
    assert not [one for one in at.text_input if str(one.key).startswith("mark_")]


def test_an_event_without_words_is_refused(own):
    at = open_page("indicator.py", ind=FLOW, unit=OTHER_CODE)
    at = next(one for one in at.button if one.label == "保存").click().run()
    assert [one.value for one in at.error] == ["请写明事件。"]
    with own.reading() as connection:
        assert marking.events_of(LOCAL, connection, sample.CENTRES[2], CARDS[FLOW]).empty


def test_the_picture_is_what_everybody_may_see(own, monkeypatch):
    with own.writing() as connection:
        marking.mark(LOCAL, connection, sample.CENTRES[1], CARDS[FLOW], sample.LAST - 5, "新增体检车", False)
        marking.mark(LOCAL, connection, sample.CENTRES[2], CARDS[FLOW], sample.LAST - 5, "别处的事", False)
    store = open_store(open_installation(home()))
    with store.published() as published, own.reading() as register:
        desk = papers.Desk(
            principal=LOCAL,
            published=published,
            register=register,
            unit=sample.CENTRES[1],
            month=sample.LAST,
            language="zh",
        )
        drawn = papers.control_picture(desk, FLOW, "svg")
        assert drawn.name.endswith(".svg") and "控制图" in drawn.name
        assert drawn.content.startswith(b"<?xml")
        about = []
        monkeypatch.setattr(papers, "picture", lambda chart, kind: about.append(chart) or b"")
        papers.control_picture(desk, FLOW, "png")
        read = figures.read_frame

        def hidden(connection, statement):
            frame = read(connection, statement)
            return frame.assign(hidden=15) if "hidden" in frame.columns else frame

        monkeypatch.setattr(figures, "read_frame", hidden)
        with pytest.raises(papers.NoChartError, match="未公开"):
            papers.control_picture(desk, FLOW, "png")
        found = control(LOCAL, published, sample.CENTRES[1], CARDS[FLOW], sample.LAST)
    store.close()
    (chart,) = about
    assert "新增体检车" in chart.caption.note and "别处的事" not in chart.caption.note
    shown = {line.name: line.values for line in chart.lines}
    for name, values in (
        ("当月", found.chart.value),
        ("中线", found.chart.centre),
        ("上限", found.chart.high),
    ):
        np.testing.assert_allclose(shown[name], values * 100)
    assert chart.lines[0].open == frozenset(np.flatnonzero(found.chart.way))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_points_go_into_a_file(page, lang, monkeypatch):
    taken = {}
    monkeypatch.setattr(
        "pages._carry.file_button", lambda label, what, file, *look: taken.setdefault(what, file)
    )
    at = page("indicator.py", ind=FLOW, unit=CODE, lang=lang)
    assert not at.exception
    file = next(file for what, file in taken.items() if what.startswith(f"control {FLOW}"))
    rows = list(csv.reader(io.StringIO(file.make().decode("utf-8-sig"))))
    said = text(lang)
    head = [name.partition(" (")[0] for name in rows[0]]
    assert {said("control.column_low"), said("control.column_rule"), said("column.month")} <= set(head)
    months = [row for row in rows[1:] if row and row[0][:2] == "20"]
    assert len(months) == 34
    at_centre, at_low, at_high = (
        head.index(said(f"control.column_{one}")) for one in ("centre", "low", "high")
    )
    for row in months:
        assert float(row[at_low]) <= float(row[at_centre]) <= float(row[at_high])
