"""The page of checks by sample, as the people who use it do: draw, enter, close, look at the result. And points and money by hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from fractions import Fraction

import pytest

from data.installation import HOME_VARIABLE, Installation, open_installation
from data.register import Register, open_register
from data.store import Store, open_store
from metrics import figures
from metrics.appraisal.material import figures_of
from metrics.appraisal.sheet import sheets_in_force
from metrics.funds import settlements
from metrics.funds.entitlement import entitlements
from metrics.funds.terms import terms_of
from metrics.principal import EVERYTHING, LOCAL, Scope
from metrics.verifying import book, drawing
from metrics.verifying.book import Answer
from metrics.verifying.frame import frame
from metrics.verifying.money import money
from metrics.verifying.points import item_of, points
from pages._text import text
from tests.pages.conftest import open_page
from tests.roles import as_role

ZH = text("zh")
CARD, DECEMBER = "el_mgmt_rate", 2025 * 12 + 11


@pytest.fixture(scope="module")
def copied(demo: Installation, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The small demo, to write in."""
    folder = tmp_path_factory.mktemp("verify") / "own"
    shutil.copytree(demo.folder, folder)
    return open_installation(folder)


@pytest.fixture
def here(copied: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.setenv(HOME_VARIABLE, str(copied.folder))
    return copied


@pytest.fixture
def register(here: Installation) -> Iterator[Register]:
    opened = open_register(here)
    yield opened
    opened.close()


@pytest.fixture
def store(here: Installation) -> Iterator[Store]:
    opened = open_store(here)
    yield opened
    opened.close()


def boards(at) -> str:
    return "\n".join(json.loads(element.proto.json)["html"] for element in at.get("bidi_component"))


def opened(**more: str):
    at = open_page("verify.py", **({"lang": "zh"} | more))
    assert not at.exception
    return at


def pressed(at, key: str):
    at = next(button for button in at.button if button.key == key).click().run()
    assert not at.exception
    return at


def said(at) -> str:
    return "\n".join(
        element.value for kind in ("success", "info", "error", "caption") for element in at.get(kind)
    )


def test_a_sample_is_drawn_asked_and_told(here, register, monkeypatch) -> None:
    def counted(*asked):
        with register.writing():  # nobody's edit waits for it
            return frame(*asked)

    monkeypatch.setattr(drawing, "frame", counted)
    at = opened(show="draw", ind=CARD)
    takes = boards(at)
    assert ZH("verify.takes_whole", n="5") in takes
    at = pressed(at, "verify_draw")
    number = int(at.query_params["check"][0])
    assert "抽取" in said(at) and f"line_{number}_1_confirmed" in {button.key for button in at.button}
    at = pressed(at, f"line_{number}_1_denied")
    assert ZH("verify.entered", line=1, outcome=ZH("verify_outcome.denied")) in said(at)
    assert f"line_{number}_2_confirmed" in {button.key for button in at.button}  # the next one
    with register.reading() as connection:
        lines = book.lines(LOCAL, connection, number)
    assert lines["outcome"].tolist()[0] == "denied" and lines["outcome"].isna().sum() == len(lines) - 1
    assert "verify_close" not in {button.key for button in at.button}
    with register.writing() as connection:
        rest = [Answer(int(one), "confirmed") for one in lines["line"][1:]]
        book.enter_many(LOCAL, connection, number, rest)
    at = opened(check=str(number), part="entry")
    assert ZH("verify.all_entered") in said(at)
    at = pressed(at, "verify_close")
    assert ZH("verify.closed_now") in said(at)
    at = pressed(opened(check=str(number)), "verify_repeat")
    assert ZH("verify.repeats", seed="").rstrip("。").split("：")[0] in said(at)
    assert ZH("verify.col_estimate") in boards(at)
    listed = boards(opened(show="checks"))
    assert ZH("verify.state_closed") in listed and f"{len(lines)}/{len(lines)}" in listed


@pytest.mark.parametrize("role", ["leader", "director"])
def test_who_cannot_draw_is_not_told_to_press_a_button_that_is_not_there(
    here, asked_by, monkeypatch, role
) -> None:
    known = book.verifications
    monkeypatch.setattr(book, "verifications", lambda *asked: known(*asked).iloc[:0])
    asked_by(as_role("wu", role, EVERYTHING, EVERYTHING))
    at = opened()
    assert ZH("verify.none_yet") in said(at) and ZH("verify.none") not in said(at)
    assert ZH("verify.tab_draw") not in str(at.get("button_group"))


def test_what_others_are_shown(here, register, store, asked_by) -> None:
    with store.published() as connection:
        tree = figures.units(LOCAL, connection)
    bureau, centre = (int(tree.loc[tree["kind"] == kind, "unit"].iloc[0]) for kind in ("bureau", "centre"))
    made = drawing.sample(store, LOCAL, CARD, bureau, DECEMBER, "ytd", size=90, note="每家都抽")
    with register.writing() as connection:
        number = drawing.keep(LOCAL, connection, made)
        lines = book.lines(LOCAL, connection, number)
        book.enter_many(LOCAL, connection, number, [Answer(int(one), "confirmed") for one in lines["line"]])
    leader = as_role("chen", "leader", EVERYTHING, EVERYTHING)
    asked_by(leader)
    assert ZH("verify.no_check", n=number) in "\n".join(
        one.value for one in opened(check=str(number)).warning
    )
    with register.writing() as connection:
        book.close(LOCAL, connection, number, 1)
    at = opened(check=str(number))
    shown = boards(at)
    assert ZH("verify.col_estimate") in shown and ZH("verify.col_denied") not in shown
    assert ZH("verify.why_single") in shown  # all said the same
    with register.reading() as connection:
        seed = str(book.one(LOCAL, connection, number)["seed"])
    assert seed not in shown and "每家都抽" not in shown and ZH("verify.seed") not in shown
    assert not at.get("download_button") and "verify_repeat" not in {button.key for button in at.button}
    asked_by(as_role("wang", "director", EVERYTHING, Scope(frozenset({centre}))))
    shown = boards(opened(check=str(number)))
    names = tree.set_index("unit")["name"]
    assert names[centre] in shown
    assert not [name for unit, name in names.items() if unit not in (centre, bureau) and f">{name}<" in shown]


def test_points_are_those_of_the_sheet_worked_out_by_hand(here, register, store) -> None:
    """In proportion to the target: the sheet says so, and a fraction gives the hundredths."""
    with store.published() as known, register.reading() as connection:
        tree = figures.units(LOCAL, known)
        centres = tree.loc[tree["kind"] == "centre", "unit"].astype(int).tolist()
        shares = dict.fromkeys(centres, (0.6, 0.5, 0.7))
        row = {"indicator": CARD, "basis": "ytd", "month": DECEMBER}
        found = points(LOCAL, connection, known, row, shares).set_index("unit")
        (sheet,) = sheets_in_force("centre", DECEMBER)[:1]
        item = item_of(sheet, CARD, "ytd")
        read = figures_of(LOCAL, known, sheet, tree[tree["unit"].isin(centres)], DECEMBER, "quarter")
    assert item.method.value == "proportional" and len(found)
    for unit, one in found.iterrows():
        figure = read[unit][item.key]
        for name, share in (("before", 1), ("after", 0.6), ("after_low", 0.5), ("after_high", 0.7)):
            value = Fraction(int(figure.numerator), int(figure.denominator)) * Fraction(str(share))
            exact = min(Fraction(1), value / Fraction(str(figure.baseline))) * item.weight
            assert abs(one[name] - exact) <= Fraction(1, 2) + Fraction(1, 1000), (unit, name)
        assert one["after"] < one["before"]


def test_money_is_that_of_the_programme_shared_out_by_hand(here, register, store) -> None:
    row = {"indicator": CARD, "basis": "ytd", "month": DECEMBER}
    year, terms = 2025, terms_of(2025)
    with store.published() as known, register.reading() as connection:
        people = settlements.population(LOCAL, known, year)
        done = settlements.services(LOCAL, known, year)
        unit = next(unit for unit in people if done.get((unit, CARD)))
        found = money(LOCAL, connection, known, row, {unit: (0.5, 0.4, 0.6)})
    assert found.why_not == {"coefficient": "no_round"}
    one = found.frames["work_points"].iloc[0]
    ((programme, each),) = [
        (of, points_) for (of, card), points_ in terms.work_points.items() if card == CARD
    ]
    cards = {card: worth for (of, card), worth in terms.work_points.items() if of == programme}
    assert cards == {CARD: each}
    pot = sum(due.programmes[programme] for due in entitlements(terms, people).values())
    counts = {at: done.get((at, CARD), 0) for at in people}
    others = sum(counts.values()) - counts[unit]

    def part(share: float) -> float:
        return pot * share * counts[unit] / (others + share * counts[unit])

    for name, share in (("after", 0.5), ("after_low", 0.4), ("after_high", 0.6)):
        assert one["before"] - one[name] == pytest.approx(part(1) - part(share), abs=2)  # fen
    assert others and one["after_low"] < one["after"] < one["after_high"] < one["before"]


def test_without_an_estimate_nothing_is_said_of_points_and_money(here, register, store) -> None:
    row = {"indicator": CARD, "basis": "ytd", "month": DECEMBER}
    with store.published() as known, register.reading() as connection:
        assert points(LOCAL, connection, known, row, {}).empty
        assert set(money(LOCAL, connection, known, row, {}).why_not.values()) == {"no_estimate"}
        other = {"indicator": "htn_standard_rate", "basis": "ytd", "month": DECEMBER}
        bureau = int(figures.units(LOCAL, known)["unit"].iloc[0])
        assert set(money(LOCAL, connection, known, other, {bureau: (1, 1, 1)}).why_not.values()) == {
            "no_population"
        }
        assert points(
            LOCAL, connection, known, other, {bureau: (0.5, 0.5, 0.5)}
        ).empty  # no sheet is of a bureau


def test_the_indicator_leads_there(here) -> None:
    at = open_page("indicator.py", lang="zh", ind=CARD)
    assert ZH("verify.of_figure") in boards(at) and "verify?" in boards(at)
    at = open_page("indicator.py", lang="zh", ind="htn_followup_count")
    assert ZH("verify.of_figure") not in boards(at)
