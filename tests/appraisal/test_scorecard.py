"""The scorecard of a centre, counted by hand: what moved its score, what cost it most, what is open and due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from data.register import Register, open_register
from data.words import entries
from metrics.appraisal import rounds
from metrics.appraisal.scoring import Entry
from metrics.appraisal.sheet import find
from metrics.principal import LOCAL, Principal, Scope
from metrics.scorecard import Scorecard, Value, gather
from metrics.scorecard_words import (
    before_title,
    change_words,
    cost_words,
    duty_words,
    moved_words,
    peers_words,
    year_title,
)
from metrics.sentences import FOLDER, sentences
from metrics.supervision import findings
from tests.pages.test_text import HAN, placeholders
from tests.roles import as_role

from .district import BOSS, DIRECTOR, EAST, EAST_1, EAST_2, SEPTEMBER, WEST, WEST_1, figure, target, write
from .sheets import text_of

JUNE, YEAR_BEFORE = SEPTEMBER - 3, SEPTEMBER - 12
TODAY = date(2026, 10, 7)
CENTRES = text_of(
    {
        "control": "method = 'proportional'; weight = 50; card = 'htn_control_rate'; baseline = 'target'",
        "visit": "method = 'manual'; weight = 50",
    },
    kinds='["centre"]',
)
POSTS = text_of({"visit": "method = 'manual'; weight = 100"}, kinds='["clinic"]').replace(
    '"small"', '"posts"'
)
#: Under control of a hundred, and points of the visit.
EAST_DID = {YEAR_BEFORE: (30, 5000), JUNE: (36, 4000), SEPTEMBER: (45, 3500)}
WEST_DID = {YEAR_BEFORE: (60, 5000), JUNE: (54, 5000), SEPTEMBER: (54, 5000)}


@pytest.fixture
def register(installation) -> Iterator[Register]:
    opened = open_register(installation)
    yield opened
    opened.close()


class Desk:
    """Shorthand for a bureau at work."""

    def __init__(self, register, store) -> None:
        self.register, self.store = register, store

    def publish(self, key: str, month: int, entries: dict[tuple[int, str], Entry]) -> int:
        with self.register.writing() as w, self.store.published() as p, self.store.records() as r:
            number = rounds.open_round(BOSS, w, find(key, "1"), month, "quarter")
            for (unit, item), entry in entries.items():
                rounds.save_entry(BOSS, w, number, unit, "", item, entry, 0)
            rounds.publish(BOSS, w, p, r, number, rounds.round_of(w, number)["version"])
        return number

    def card(self, unit: int = EAST, month: int = SEPTEMBER, who: Principal = BOSS) -> Scorecard:
        with self.store.published() as p, self.register.reading() as r:
            return gather(who, p, r, unit, month, TODAY)


@pytest.fixture
def desk(register, store, monkeypatch, installation) -> Desk:
    monkeypatch.setenv("JICENG_HOME", str(installation.folder))
    (installation.folder / "sheets").mkdir()
    for name, text in (("centres", CENTRES), ("posts", POSTS)):
        (installation.folder / "sheets" / f"{name}.toml").write_text(text, "utf-8")
    shares = [
        figure("htn_control_rate", unit, did[month][0], 100, month)
        for unit, did in ((EAST, EAST_DID), (WEST, WEST_DID))
        for month in did
    ]
    clinics = [figure("htn_control_rate", EAST_1, 1, 4), figure("htn_control_rate", EAST_2, 3, 4)]
    duties = [
        figure("he_boards", EAST, 1, 3, basis="month"),
        figure("ins_monthly_report", EAST, 1, 1, basis="month"),
    ]
    targets = [target("htn_control_rate", 0.6, year=year) for year in (2025, 2026)]
    write(store, [*shares, *clinics, *duties], targets)
    return Desk(register, store)


@pytest.fixture
def three(desk) -> dict[int, int]:
    """A year before, June and September, published: month -> round."""
    return {
        month: desk.publish(
            "small",
            month,
            {
                (EAST, "visit"): Entry(points=EAST_DID[month][1]),
                (WEST, "visit"): Entry(points=WEST_DID[month][1]),
            },
        )
        for month in EAST_DID
    }


def test_score_and_rank_with_last_quarter_and_last_year(desk, three) -> None:
    card = desk.card()
    # 50 x 0.45 / 0.6 = 37.5 and 35 by hand; 50 x 0.36 / 0.6 = 30 and 40; 50 x 0.30 / 0.6 = 25 and 50
    assert (card.score.points, card.quarter.points, card.year.points) == (7250, 7000, 7500)
    assert (card.against(card.quarter), card.against(card.year)) == (250, -250)
    assert (card.score.rank, card.score.peers, card.score.grade) == (2, 2, "qualified")
    assert (card.score.round, card.quarter.month, card.year.month) == (three[SEPTEMBER], JUNE, YEAR_BEFORE)
    assert before_title(card, "zh") == "上季度（2026年6月）"
    assert year_title(card, "en") == "A year before (Sep 2025)"


def test_peers_are_published_figures(desk, three) -> None:
    card = desk.card()
    # 50 x 0.54 / 0.6 = 45 and 50
    assert [(one.unit, one.points, one.rank) for one in card.peers] == [(WEST, 9500, 1), (EAST, 7250, 2)]
    assert card.ahead.unit == WEST
    assert desk.card(WEST).ahead is None
    assert peers_words(card, "zh") == (
        "2 家同类机构：最高 95.00 分，中位 83.75 分，最低 72.50 分；前一名是机构3（95.00 分），相差 22.50 分"
    )


def test_what_moved_the_score_adds_up(desk, three) -> None:
    card = desk.card()
    assert [(one.item.key, one.change) for one in card.moved] == [("control", 750), ("visit", -500)]
    assert sum(one.change for one in card.moved) == card.against(card.quarter)
    assert card.moved_by_others(1) == -500
    assert [moved_words(one, "zh") for one in card.moved] == ["36.0% → 45.0%", "人工评分"]
    assert [change_words(one.change) for one in card.moved] == ["▲ 7.50", "▼ 5.00"]
    assert desk.card(month=JUNE).quarter.month == YEAR_BEFORE  # the one before, a quarter or not


def test_a_weight_that_comes_from_elsewhere_moves_nothing(desk) -> None:
    full = Entry(points=5000)
    for month, entry in ((JUNE, Entry(applies=False, note="未开展")), (SEPTEMBER, Entry(points=5000))):
        desk.publish("small", month, {(EAST, "visit"): entry, (WEST, "visit"): full})
    card = desk.card()
    # June: 100 x 0.36 / 0.6 = 60, lost 40. September: 37.5 and 50, lost 12.5. The visit lost nothing either time.
    assert (card.quarter.points, card.score.points) == (6000, 8750)
    assert [(one.item.key, one.change) for one in card.moved] == [("control", 2750)]


def test_what_cost_most_and_what_would_win_it_back(desk, three) -> None:
    costs = desk.card().costs
    told = [(one.item.key, one.lost, one.quarter, one.year) for one in costs]
    assert told == [("visit", 1500, 1000, 0), ("control", 1250, 2000, 2500)]
    assert (costs[1].way, costs[1].needed) == ("more_people", 15)  # 60 of 100 less 45
    assert cost_words(costs[1], "zh") == "再做 15 人可得回 12.5 分"
    assert len(costs[1].trend) == 13
    assert (costs[1].trend[0], costs[1].trend[9], costs[1].trend[12]) == (0.3, 0.36, 0.45)
    assert costs[0].trend == ()  # by hand


def test_an_appeal_counts(desk, three) -> None:
    with desk.register.writing() as w:
        number = rounds.ask_appeal(LOCAL, w, three[SEPTEMBER], EAST, "", "visit", "记录在案")
    with desk.register.writing() as w:
        rounds.grant_appeal(BOSS, w, number, 1, 4500, "属实")
    card = desk.card()
    assert (card.score.points, card.costs[0].item.key, card.costs[1].lost) == (8250, "control", 500)
    assert sum(one.change for one in card.moved) == card.against(card.quarter) == 1250


def test_clinics_stand_side_by_side_the_lowest_first(desk, three) -> None:
    points = {EAST_1: 8000, EAST_2: 6000, WEST_1: 5000}
    desk.publish("posts", JUNE, {(unit, "visit"): Entry(points=n) for unit, n in points.items()})
    card = desk.card()
    assert card.columns == ("htn_control_rate",)
    assert [(one.unit, one.score.points) for one in card.stations] == [(EAST_2, 6000), (EAST_1, 8000)]
    assert card.stations[0].values["htn_control_rate"] == Value(0.75, "ok", "above")
    assert card.stations[1].values["htn_control_rate"].judgement == "below"
    assert card.whole["htn_control_rate"].value == 0.45
    assert desk.card(EAST_1).stations == ()
    assert (desk.card(EAST_1).score.parent_rank, desk.card(EAST_1).score.rank) == (1, 1)


def test_open_findings_are_its_own_and_name_nobody(desk) -> None:
    with desk.register.writing() as w:
        for unit, due in (
            (EAST_1, date(2026, 10, 10)),
            (EAST, date(2026, 10, 1)),
            (WEST_1, date(2026, 10, 9)),
        ):
            findings.issue(
                BOSS, w, unit, "sup_board", "low", "展板缺", issued_on=date(2026, 9, 28), due_on=due,
                responsible="某人", today=TODAY,
            )  # fmt: skip
    card = desk.card()
    assert [(one.unit, one.days_left) for one in card.findings] == [(EAST, -6), (EAST_1, 3)]
    assert card.overdue == 1
    assert [(one.unit, one.open, one.overdue) for one in card.stations if one.open] == [(EAST_1, 1, 0)]
    assert "某人" not in repr(card)
    # A peer's findings are not there for a director, its published score is.
    assert desk.card(WEST, who=DIRECTOR).findings == ()


def test_duties_of_the_month_what_is_not_done_first(desk) -> None:
    duties = desk.card().duties
    assert (duties[0].key, duties[0].done, duties[0].owed) == ("he_boards", 1, 3)
    assert (duties[-1].key, duties[-1].is_done) == ("ins_monthly_report", True)
    assert all(one.done is None for one in duties[1:-1])  # not delivered is not "not done"
    assert duty_words(duties[0], "zh").endswith("（1/3）")
    assert "he_plan" not in [one.key for one in duties]  # due at the year's end


def test_nothing_published(desk) -> None:
    with desk.register.writing() as w:
        rounds.open_round(BOSS, w, find("small", "1"), SEPTEMBER, "quarter")  # a draft is nobody's score
    card = desk.card()
    assert (card.score, card.quarter, card.year) == (None, None, None)
    assert (card.peers, card.moved, card.costs, card.ahead) == ((), (), (), None)
    assert card.against(card.quarter) is None
    # 60 of 100 less 45, in the three months that are left
    work = {one.key: (one.missing, one.per_month) for one in card.work}
    assert work["htn_control_rate"] == (15, 5)


def test_a_unit_out_of_scope_is_not_there(desk, three) -> None:
    only_east = as_role("东", "director", Scope(frozenset({EAST})), Scope(frozenset({EAST})))
    with pytest.raises(LookupError):
        desk.card(WEST, who=only_east)
    assert [one.unit for one in desk.card(who=only_east).peers] == [EAST]
    assert WEST not in desk.card(who=only_east).names


def test_the_words_are_alike_in_both_languages() -> None:
    zh, en = (
        {k: v for k, v in entries(FOLDER, code).items() if k.startswith("card.")} for code in ("zh", "en")
    )
    assert set(zh) == set(en)
    assert not [key for key in zh if set(placeholders(zh[key])) != set(placeholders(en[key]))]
    assert not [key for key in en if HAN.search(en[key])]
    assert sentences("zh")("card.first")
