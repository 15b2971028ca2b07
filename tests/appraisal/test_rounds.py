"""Rounds on both engines: a draft follows the figures, a published score never does, an appeal stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from fractions import Fraction

import pytest

from data.register import EditedMeanwhileError, Register, open_register
from metrics.appraisal import rounds
from metrics.appraisal.material import standing
from metrics.appraisal.rounds import RoundError
from metrics.appraisal.scoring import Entry
from metrics.appraisal.sheet import find
from metrics.cards import CARDS
from metrics.carrying import register_rows
from metrics.funds.scores import quality
from metrics.principal import LOCAL, NotAllowedError, Scope
from tests.roles import as_role

from .district import (
    BOSS,
    DIRECTOR,
    EAST,
    EAST_1,
    EAST_2,
    SEPTEMBER,
    WEST,
    WEST_1,
    doctor,
    figure,
    target,
    write,
)
from .sheets import text_of

OFFICE = text_of(
    {
        "control": "method = 'proportional'; weight = 50; card = 'htn_control_rate'; baseline = 'target'",
        "elders": "method = 'proportional'; weight = 30; card = 'el_mgmt_rate'; baseline = 'target'; pro_rata = true",
        "visit": "method = 'manual'; weight = 20",
    },
    {
        "bonus": "method = 'bonus'; weight = 2",
        "more": "method = 'bonus'; weight = 2",
        "false": "method = 'veto'",
    },
    kinds='["centre"]',
    bonus=2,
)
TARGETS = [
    target("htn_control_rate", 0.6),
    target("htn_control_rate", 0.5, WEST),
    target("el_mgmt_rate", 0.64),
]


def figures(east: int = 45) -> list[dict]:
    return [
        figure("htn_control_rate", EAST, east, 100),  # target 0.6: 50 x 0.45 / 0.6 = 37.5
        figure("htn_control_rate", WEST, 45, 100),  # its own target 0.5: 50 x 0.45 / 0.5 = 45
        figure("el_mgmt_rate", EAST, 48, 100),  # due by the end of September 0.64 x 9 / 12 = 0.48: all 30
        figure("el_mgmt_rate", WEST, 36, 100),  # 30 x 0.36 / 0.48 = 22.5
    ]


@pytest.fixture
def register(installation) -> Iterator[Register]:
    opened = open_register(installation)
    yield opened
    opened.close()


@pytest.fixture
def office(installation):
    """The sheet of centres as a file of the bureau's own."""
    folder = installation.folder / "sheets"
    folder.mkdir()
    (folder / "office.toml").write_text(OFFICE, "utf-8")


class Office:
    """Shorthand for one who works with one round."""

    def __init__(self, register, store) -> None:
        self.register, self.store = register, store

    @contextmanager
    def writing(self):
        with self.register.writing() as w, self.store.published() as p, self.store.records() as r:
            yield w, p, r

    def open(self, sheet, month=SEPTEMBER, period="quarter") -> int:
        with self.register.writing() as w:
            return rounds.open_round(BOSS, w, sheet, month, period)

    def scores(self, number: int):
        with self.register.reading() as c, self.store.published() as p, self.store.records() as r:
            return standing(rounds.material(BOSS, c, p, r, number))

    def write(self, number, unit, item, staff_no="", version=0, **entry) -> int:
        with self.register.writing() as w:
            return rounds.save_entry(BOSS, w, number, unit, staff_no, item, Entry(**entry), version)

    def publish(self, number: int) -> None:
        with self.writing() as (w, p, r):
            rounds.publish(BOSS, w, p, r, number, rounds.round_of(w, number)["version"])

    def ask(self, function, *arguments, who=BOSS):
        with self.register.reading() as c:
            return function(who, c, *arguments)

    def results(self, number: int, who=BOSS) -> dict:
        table = self.ask(rounds.results, number, who=who)
        return {(row.unit, row.staff_no): row for row in table.itertuples()}


@pytest.fixture
def desk(register, store, office, monkeypatch, installation) -> Office:
    monkeypatch.setenv("JICENG_HOME", str(installation.folder))
    write(store, figures(), TARGETS)
    return Office(register, store)


@pytest.fixture
def sheet(desk):
    return find("small", "1")


def test_a_draft_follows_the_figures(desk, store, sheet) -> None:
    number = desk.open(sheet)
    before = desk.scores(number).table.set_index("unit")
    assert before["points"].to_dict() == {EAST: 6750, WEST: 6750}  # 37.5 + 30, 45 + 22.5; the visit is open
    assert before["open"].to_dict() == {EAST: 1, WEST: 1}
    assert before["rank"].to_dict() == {EAST: 1, WEST: 1}  # a tie shares the rank
    desk.write(number, EAST, "visit", points=1500)
    desk.write(number, WEST, "visit", points=2000)
    after = desk.scores(number).table.set_index("unit")
    assert after["points"].to_dict() == {EAST: 8250, WEST: 8750}
    assert after["grade"].to_dict() == {EAST: "good", WEST: "good"}
    assert after["rank"].to_dict() == {EAST: 2, WEST: 1}
    write(store, figures(east=60), TARGETS, event=8)
    assert desk.scores(number).table.set_index("unit")["points"].to_dict() == {EAST: 9500, WEST: 8750}


def test_what_is_open_cannot_be_published(desk, sheet) -> None:
    number = desk.open(sheet)
    desk.write(number, EAST, "visit", points=1500)
    with pytest.raises(RoundError, match="1 items of 1 subjects are open") as caught:
        desk.publish(number)
    assert "机构3" in caught.value["zh"]
    assert desk.ask(rounds.rounds).loc[0, "state"] == "draft"
    desk.write(number, WEST, "visit", applies=False, note="本季未访")
    desk.publish(number)


def published(desk, sheet) -> int:
    number = desk.open(sheet)
    desk.write(number, EAST, "visit", points=1500)
    desk.write(number, WEST, "visit", points=2000)
    desk.publish(number)
    return number


def test_later_builds_do_not_change_what_was_published(desk, store, sheet, installation) -> None:
    number = published(desk, sheet)
    golden = desk.ask(rounds.results, number)
    lines = desk.ask(rounds.lines, number, EAST)
    assert golden[["unit", "points", "full", "rank", "grade"]].to_numpy().tolist() == [
        [WEST, 8750, 10000, 1, "good"],
        [EAST, 8250, 10000, 2, "good"],
    ]
    assert lines[["item", "state", "weight", "points"]].to_numpy().tolist()[:3] == [
        ["control", "scored", 5000, 3750],
        ["elders", "scored", 3000, 3000],
        ["visit", "manual", 2000, 1500],
    ]
    assert lines.loc[1, ["numerator", "denominator", "value", "baseline"]].tolist() == [48, 100, 0.48, 0.48]
    row = desk.ask(lambda _who, c: rounds.round_of(c, number))
    assert (row["event"], row["definitions"], row["published_by"]) == (7, "d7", "局")
    # Other figures, other targets, and another sheet under the same name.
    write(store, figures(east=100), [target("htn_control_rate", 0.9)], event=9)
    file = installation.folder / "sheets" / "office.toml"
    file.write_text(OFFICE.replace("excellent = 90", "excellent = 80").replace("条目visit", "改名"), "utf-8")
    assert desk.ask(rounds.results, number).equals(golden)
    assert desk.ask(rounds.lines, number, EAST).equals(lines)
    kept = desk.ask(lambda _who, c: rounds.sheet_of(rounds.round_of(c, number)))
    assert kept == sheet
    assert kept.item("visit").words.zh == "条目visit"
    file.unlink()
    assert desk.ask(rounds.results, number).equals(golden)


def test_published_scores_cannot_be_edited(desk, sheet) -> None:
    number = published(desk, sheet)
    with pytest.raises(RoundError, match="no draft"):
        desk.write(number, EAST, "visit", points=100, version=1)
    with pytest.raises(RoundError, match="no draft"):
        desk.publish(number)


def test_two_people_do_not_overwrite_each_other(desk, sheet) -> None:
    number = desk.open(sheet)
    assert desk.write(number, EAST, "visit", points=1500) == 1
    with pytest.raises(EditedMeanwhileError):  # who read before anything was written
        desk.write(number, EAST, "visit", points=100)
    assert desk.write(number, EAST, "visit", points=1600, version=1) == 2
    with pytest.raises(EditedMeanwhileError):
        desk.write(number, EAST, "visit", points=100, version=1)
    table = desk.ask(rounds.entries, number)
    assert table[["unit", "item", "points", "version"]].to_numpy().tolist() == [[EAST, "visit", 1600, 2]]


def test_many_entries_stand_whole_or_not_at_all(desk, sheet) -> None:
    number = desk.open(sheet)
    told = {(unit, "", "visit"): Entry(points=1000) for unit in (EAST, WEST)}
    with desk.register.writing() as w:
        rounds.save_entries(BOSS, w, number, told)
    with pytest.raises(EditedMeanwhileError), desk.register.writing() as w:
        again = {(EAST, "", "visit"): Entry(points=1), (WEST, "", "visit"): Entry(points=2)}
        rounds.save_entries(BOSS, w, number, again, {(EAST, "", "visit"): 1})
    with desk.register.writing() as w:
        more = {(EAST, "", "visit"): Entry(points=1500), (WEST, "", "bonus"): Entry(points=50)}
        rounds.save_entries(BOSS, w, number, more, {(EAST, "", "visit"): 1})
    found = {
        (row.unit, row.item): (row.points, row.version)
        for row in desk.ask(rounds.entries, number).itertuples()
    }
    assert found == {(EAST, "visit"): (1500, 2), (WEST, "visit"): (1000, 1), (WEST, "bonus"): (50, 1)}
    assert desk.ask(rounds.history, number)["action"].tolist() == ["add", "add", "add", "change", "add"]


@pytest.mark.parametrize(
    ("item", "entry", "words"),
    [
        ("visit", {"points": 2001}, "between 0 and 20"),
        ("control", {"points": 100}, "say why"),
        ("control", {"applies": False}, "say why"),
        ("false", {"points": 0}, "no points"),
        ("false", {"applies": True}, "say why"),
    ],
)
def test_entries_are_checked(desk, sheet, item, entry, words) -> None:
    number = desk.open(sheet)
    with pytest.raises(RoundError, match=words):
        desk.write(number, EAST, item, **entry)


# -- appeals -----------------------------------------------------------------------------------------


def appeal(desk, number, unit, item, points, who=LOCAL) -> int:
    with desk.register.writing() as w:
        which = rounds.ask_appeal(who, w, number, unit, "", item, "数据有误")
    with desk.register.writing() as w:
        if points is None:
            rounds.refuse_appeal(BOSS, w, which, 1, "维持")
        else:
            rounds.grant_appeal(BOSS, w, which, 1, points, "经复核属实")
    return which


def test_the_second_score_stands_beside_the_first(desk, sheet) -> None:
    number = published(desk, sheet)
    appeal(desk, number, EAST, "control", 4500, who=DIRECTOR)  # 37.5 becomes 45: 82.5 + 7.5 = 90
    east, west = (desk.results(number)[unit, ""] for unit in (EAST, WEST))
    assert (east.points, east.rank, east.grade) == (8250, 2, "good")
    assert (east.second_points, east.final, east.final_rank, east.final_grade) == (9000, 9000, 1, "excellent")
    assert (west.points, west.rank, west.final, west.final_rank) == (8750, 1, 8750, 2)
    lines = desk.ask(rounds.lines, number, EAST).set_index("item")
    assert lines.loc["control", ["points", "second"]].tolist() == [3750, 4500]
    # A second appeal, against another item, adds to it.
    appeal(desk, number, EAST, "visit", 2000)
    assert desk.results(number)[EAST, ""].final == 9500
    actions = desk.ask(rounds.history, number)["action"].tolist()
    assert actions.count("grant") == 2
    assert actions[-1] == "second_score"


def test_quality_of_a_programme_follows_appeals(desk, sheet) -> None:
    """Hypertension 37.5 of 50 is 0.75; with the second score of 45 it is 0.9. The aged: 30 of 30."""
    number = published(desk, sheet)
    place = {"htn": (EAST, CARDS["htn_control_rate"].system), "aged": (EAST, CARDS["el_mgmt_rate"].system)}
    before = desk.ask(quality, number)
    assert (before[place["htn"]], before[place["aged"]]) == (Fraction(3, 4), 1)
    appeal(desk, number, EAST, "control", 4500)
    after = desk.ask(quality, number)
    assert after == {**before, place["htn"]: Fraction(9, 10)}


def test_the_newest_second_score_of_an_item_counts(desk, sheet) -> None:
    """Granted twice: 40, then 45 of 50; the sections that go into the records say the same as the score."""
    number = published(desk, sheet)
    for points in (4000, 4500):
        appeal(desk, number, EAST, "control", points)
    assert desk.results(number)[EAST, ""].final == 9000
    assert desk.ask(quality, number)[EAST, CARDS["htn_control_rate"].system] == Fraction(9, 10)
    with desk.register.reading() as connection:
        rows = register_rows(connection)["appraisal_item"]
    assert sum(row["score"] for row in rows if row["unit"] == EAST and row["score"] is not None) == 90


def test_refused_and_doubtful_appeals(desk, sheet) -> None:
    number = published(desk, sheet)
    appeal(desk, number, EAST, "control", None)
    assert desk.results(number)[EAST, ""].final == 8250
    assert desk.ask(rounds.appeals, number)["state"].tolist() == ["refused"]
    with pytest.raises(NotAllowedError):
        appeal(desk, number, WEST, "control", 100, who=DIRECTOR)
    with pytest.raises(RoundError, match="between 0 and 50"):
        appeal(desk, number, EAST, "control", 5001)


def test_bonuses_stay_capped_after_an_appeal(desk, sheet) -> None:
    number = desk.open(sheet)
    desk.write(number, EAST, "visit", points=1500)
    desk.write(number, EAST, "bonus", points=150)
    desk.write(number, WEST, "visit", points=1500)
    desk.publish(number)
    with pytest.raises(RoundError, match="bonuses are 2 points at most"):
        appeal(desk, number, EAST, "more", 51)  # 1.5 + 0.51
    assert desk.results(number)[EAST, ""].final == 8400  # nothing of it was kept
    assert desk.ask(rounds.appeals, number)["state"].tolist() == ["open"]


def test_an_appeal_can_lift_a_veto(desk, sheet) -> None:
    number = desk.open(sheet)
    desk.write(number, EAST, "visit", points=2000)
    desk.write(number, WEST, "visit", points=0)
    desk.write(number, EAST, "false", applies=True, note="抽查不实")
    desk.publish(number)
    east = desk.results(number)[EAST, ""]
    assert (east.points, east.veto, east.grade, east.rank) == (8750, "false", "unqualified", 2)
    assert (east.final_grade, east.final_rank) == ("unqualified", 2)
    appeal(desk, number, EAST, "false", 0)
    east = desk.results(number)[EAST, ""]
    assert (east.veto, east.grade, east.rank) == ("false", "unqualified", 2)
    assert (east.final, east.final_grade, east.final_rank) == (8750, "good", 1)


# -- rounds ------------------------------------------------------------------------------------------


def test_one_round_a_period_and_withdrawing(desk, sheet) -> None:
    number = published(desk, sheet)
    with pytest.raises(RoundError, match=f"round {number} of this sheet covers"):
        desk.open(sheet)
    with pytest.raises(RoundError, match="not the last one"):
        desk.open(sheet, SEPTEMBER - 1)
    with pytest.raises(RoundError, match="not the last one"):
        desk.open(sheet, SEPTEMBER, "half")
    with desk.register.writing() as w:
        rounds.withdraw(BOSS, w, number, 2, "人口数有误")
    assert desk.results(number)[WEST, ""].points == 8750  # still to be read
    again = desk.open(sheet)
    assert again == number + 1
    assert desk.ask(rounds.rounds)["state"].tolist() == ["draft", "withdrawn"]
    assert desk.ask(rounds.previous, again) is None


def test_the_round_before(desk, sheet) -> None:
    numbers = {}
    for month in (SEPTEMBER - 12, SEPTEMBER - 3, SEPTEMBER):
        numbers[month] = desk.open(sheet, month)
        for unit in (EAST, WEST):
            for item in ("control", "elders", "visit"):
                desk.write(numbers[month], unit, item, points=1000, note="手工")
        desk.publish(numbers[month])
    now = numbers[SEPTEMBER]
    assert desk.ask(rounds.previous, now) == numbers[SEPTEMBER - 3]
    assert desk.ask(rounds.previous, now, 12) == numbers[SEPTEMBER - 12]
    assert desk.ask(rounds.previous, numbers[SEPTEMBER - 12]) is None


def test_peers_are_seen_when_published_and_without_notes(desk, sheet) -> None:
    number = desk.open(sheet)
    with desk.register.reading() as c, desk.store.published() as p:
        assert set(rounds.material(DIRECTOR, c, p, None, number).subjects) == {(EAST, "")}
    assert desk.ask(rounds.results, number).empty
    for unit in (EAST, WEST):
        desk.write(number, unit, "visit", points=1500, note="现场")
    desk.publish(number)
    assert set(desk.results(number, who=DIRECTOR)) == {(EAST, ""), (WEST, "")}
    notes = [
        desk.ask(rounds.lines, number, unit, who=DIRECTOR)["note"].dropna().tolist() for unit in (EAST, WEST)
    ]
    assert notes == [["现场"], []]


def test_only_the_bureau_decides(desk, sheet) -> None:
    number = desk.open(sheet)
    with desk.writing() as (w, p, r):
        for forbidden in (
            lambda: rounds.open_round(DIRECTOR, w, sheet, SEPTEMBER - 3, "quarter"),
            lambda: rounds.publish(DIRECTOR, w, p, r, number, 1),
            lambda: rounds.withdraw(DIRECTOR, w, number, 1, "x"),
            lambda: rounds.save_entry(DIRECTOR, w, number, EAST, "", "visit", Entry(points=1)),
        ):
            with pytest.raises((NotAllowedError, RoundError)):
                forbidden()


def test_what_was_written_about_peers_is_not_seen(desk, sheet) -> None:
    """Points by hand, notes and appeals of West are not for the director of East: in the draft, nor when published."""
    number = desk.open(sheet)
    other = desk.open(sheet, SEPTEMBER - 3)
    for unit in (EAST, WEST):
        desk.write(number, unit, "visit", points=1500, note="现场")
        desk.write(other, unit, "visit", points=100, note="另一轮")

    def seen(who):
        entries = desk.ask(rounds.entries, number, who=who)["unit"].tolist()
        told = desk.ask(rounds.history, number, who=who)["unit"].dropna().astype(int).tolist()
        with desk.register.reading() as c, desk.store.published() as p:
            scored = {unit for unit, _ in rounds.material(who, c, p, None, number).entries}
        return entries, told, scored

    assert seen(BOSS) == ([EAST, WEST], [EAST, WEST], {EAST, WEST})
    assert seen(DIRECTOR) == ([EAST], [EAST], {EAST})
    desk.publish(number)
    appeal(desk, number, WEST, "control", 4600)
    assert seen(DIRECTOR) == ([EAST], [EAST], {EAST})
    assert desk.ask(rounds.history, number)["unit"].dropna().tolist() == [EAST, WEST, *[WEST] * 3]
    assert desk.ask(rounds.history, other)["unit"].dropna().tolist() == [EAST, WEST]


def test_history_tells_who_wrote_what(desk, sheet) -> None:
    number = desk.open(sheet)
    desk.write(number, EAST, "visit", points=1500)
    desk.write(number, EAST, "visit", points=1700, version=1)
    table = desk.ask(rounds.history, number)
    assert table[["action", "unit", "item"]].astype(object).fillna("").to_numpy().tolist() == [
        ["add", "", ""],
        ["add", EAST, "visit"],
        ["change", EAST, "visit"],
    ]
    assert (table.loc[2, "before"]["points"], table.loc[2, "after"]["points"]) == (1500, 1700)


# -- village doctors ---------------------------------------------------------------------------------

DOCTORS = text_of(
    {
        "control": "method = 'proportional'; weight = 40; card = 'htn_control_rate'; baseline = 0.5",
        "conduct": "method = 'manual'; weight = 60",
    },
    subject="doctor",
    kinds='["clinic"]',
)
STAFF = [
    doctor(EAST_1, "01", date(2020, 1, 1)),
    doctor(EAST_1, "02", date(2020, 1, 1), date(2026, 6, 30)),  # left before the third quarter
    doctor(EAST_1, "03", date(2026, 9, 30)),  # came on its last day
    doctor(EAST_2, "04", date(2020, 1, 1), date(2026, 7, 1)),  # was there on its first day
    doctor(WEST_1, "05", date(2026, 10, 1)),  # came after it
    doctor(WEST_1, "06", date(2020, 1, 1), role="nurse"),
]


@pytest.fixture
def clinics(desk, store, installation):
    (installation.folder / "sheets" / "office.toml").write_text(DOCTORS, "utf-8")
    units = (EAST_1, EAST_2, WEST_1)
    write(
        store,
        [figure("htn_control_rate", unit, 1, 4, month) for unit in units for month in QUARTERS],
        (),
        STAFF,
    )
    return find("small", "1")


QUARTERS = [SEPTEMBER - 12 + 3 * n for n in range(5)]


def test_doctors_employed_in_the_quarter_are_appraised(desk, clinics) -> None:
    number = desk.open(clinics)
    desk.write(number, EAST_1, "conduct", staff_no="01", points=6000)
    found = desk.scores(number)
    assert set(found.scores) == {(EAST_1, "01"), (EAST_1, "03"), (EAST_2, "04")}
    # 40 x 0.25 / 0.5 = 20 for everyone of the clinic, and what the person got.
    assert found.scores[EAST_1, "01"].points == 8000
    assert found.scores[EAST_1, "03"].points == 2000


def test_peers_do_not_see_doctors(desk, clinics) -> None:
    number = desk.open(clinics, SEPTEMBER - 3)
    for unit, staff_no in ((EAST_1, "01"), (EAST_1, "02"), (EAST_2, "04")):
        desk.write(number, unit, "conduct", staff_no=staff_no, points=6000)
    desk.publish(number)
    assert len(desk.results(number)) == 3
    other = as_role("西", "director", DIRECTOR.figures, Scope(frozenset({WEST, WEST_1})))
    assert desk.results(number, who=other) == {}
    assert desk.ask(rounds.lines, number, EAST_1, "01", who=other).empty
    assert len(desk.results(number, who=DIRECTOR)) == 3


def test_a_village_doctor_is_scored_by_the_centre_not_by_the_clinic(desk, clinics) -> None:
    number = desk.open(clinics)
    own = as_role("村医", "doctor", Scope(), Scope(frozenset({EAST_1})))
    entry = Entry(points=6000)
    with desk.register.writing() as w, pytest.raises(NotAllowedError):
        rounds.save_entry(own, w, number, EAST_1, "01", "conduct", entry)
    with desk.register.writing() as w:
        assert rounds.save_entry(DIRECTOR, w, number, EAST_1, "01", "conduct", entry) == 1


def test_warning_at_two_and_dismissal_at_three_within_twelve_months(desk, clinics) -> None:
    """Doctor 01 fails in quarters 1, 2, 4; doctor 04 in 2 and, before the appeal, in 3."""
    numbers = []
    for place, month in enumerate(QUARTERS[:4], 1):
        numbers.append(desk.open(clinics, month))
        for unit, staff_no in desk.scores(numbers[-1]).scores:
            failed = {"01": place in (1, 2, 4), "04": place in (2, 3)}.get(staff_no, False)
            desk.write(numbers[-1], unit, "conduct", staff_no=staff_no, points=3000 if failed else 6000)
        desk.publish(numbers[-1])

    def stages(month: int) -> dict:
        table = desk.ask(rounds.warned_doctors, month)
        return {row.staff_no: (row.times, row.stage) for row in table.itertuples()}

    assert stages(QUARTERS[0]) == {}
    assert stages(QUARTERS[1]) == {"01": (2, "warning")}
    assert stages(QUARTERS[2]) == {"01": (2, "warning"), "04": (2, "warning")}
    assert stages(QUARTERS[3]) == {"01": (3, "dismissal"), "04": (2, "warning")}
    # Twelve months after the first quarter it no longer counts.
    assert stages(QUARTERS[0] + 11)["01"] == (3, "dismissal")
    assert stages(QUARTERS[0] + 12)["01"] == (2, "warning")
    # What an appeal lifted counts no more: 20 + 60 of 100.
    with desk.register.writing() as w:
        which = rounds.ask_appeal(LOCAL, w, numbers[2], EAST_2, "04", "conduct", "签到遗漏")
        rounds.grant_appeal(BOSS, w, which, 1, 6000, "属实")
    assert stages(QUARTERS[3]) == {"01": (3, "dismissal")}
    # Of a withdrawn round nothing counts.
    with desk.register.writing() as w:
        rounds.withdraw(BOSS, w, numbers[3], 2, "重评")
    assert stages(QUARTERS[3]) == {"01": (2, "warning")}
