"""The page of funds, as the people who use it do: see what to do next, settle, try out, publish, take back with a reason."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from fractions import Fraction

import pytest

from data.store import open_store
from metrics import published
from metrics.appraisal import rounds
from metrics.appraisal.scoring import Entry
from metrics.appraisal.sheet import find
from metrics.funds import settlements
from metrics.funds.settling import COEFFICIENT
from metrics.funds.terms import terms_of
from pages._text import text
from tests.appraisal.sheets import text_of
from tests.pages import sample
from tests.pages.conftest import open_page
from tests.pages.district import OTHER

ZH, EN = text("zh"), text("en")
YEAR = 2026
PEOPLE = {unit: 1000 + 10 * place for place, unit in enumerate(sample.CENTRES)}


def boards(at) -> str:
    return "\n".join(json.loads(element.proto.json)["html"] for element in at.get("bidi_component"))


def board(at, key: str) -> str:
    """The HTML of one board; "" where it is not there."""
    found = [one for one in at.get("bidi_component") if one.proto.id.endswith(f"-{key}")]
    return json.loads(found[0].proto.json)["html"] if found else ""


def rows_of(markup: str) -> list[list[str]]:
    """The cells of a table, row by row, without its head."""
    body = markup.split("<tbody>")[1]
    return [
        [html.unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", body)
    ]


def said(at) -> str:
    kinds = ("success", "info", "warning", "error", "caption", "markdown")
    return "\n".join(element.value for kind in kinds for element in at.get(kind))


def labels(at) -> list[str]:
    return [one.label for one in at.button]


def element(at, kind: str, key: str):
    return next(one for one in at.get(kind) if one.key == key)


def pressed(at, label: str):
    at = next(one for one in at.button if one.label == label).click().run()
    assert not at.exception
    return at


def opened(**more):
    at = open_page("funds.py", **({"lang": "zh", "month": "2026-10"} | more))
    assert not at.exception
    return at


def approve(district, people: dict[int, int]) -> None:
    """Approved residents of the year, in place of those before."""
    table = published.population
    store = open_store(district.made)
    with store.change("published") as draft:
        draft.published.execute(table.delete().where(table.c.year == YEAR))
        draft.published.execute(
            table.insert(),
            [
                {
                    "unit": unit,
                    "year": YEAR,
                    "kind": "resident",
                    "band": "all",
                    "persons": persons,
                    "approved_by": "卫健局",
                    "approved_on": date(YEAR, 1, 15),
                    "in_force": True,
                }
                for unit, persons in people.items()
            ],
        )
    store.close()


@pytest.fixture
def funded(district):
    """A district with approved populations and a published round of centres."""
    approve(district, PEOPLE)
    district.round(points=4000)
    return district


def known(district):
    return district.ask(settlements.settlements)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_a_population_it_says_what_to_do_next(district, language):
    approve(district, PEOPLE)  # of another year
    at = opened(lang=language, month="2025-10")
    there = text(language)
    assert there("funds.no_population", year=2025) in said(at)
    assert "sources?" in board(at, "next")
    assert there("funds.publish_yes") not in labels(at)
    assert there("carry.no_settlement") in said(at)


def test_without_a_round_it_leads_to_the_appraisals(district):
    approve(district, PEOPLE)
    at = opened()
    assert ZH("funds.no_round", year=YEAR) in said(at)
    assert "appraisal?" in board(at, "next")
    assert ZH("funds.publish_yes") not in labels(at)


def test_a_round_of_stations_settles_no_centre(district):
    """Only rounds whose sheet is for centres can be chosen, however new another is."""
    sheet = text_of({"plan": 'method = "manual"; weight = 100'}, kinds='["station"]')
    sheet = sheet.replace('key = "small"', 'key = "stations"')
    (district.made.folder / "sheets" / "stations.toml").write_text(sheet, "utf-8")
    approve(district, PEOPLE)
    number = district.do(rounds.open_round, find("stations", "1"), YEAR * 12 + 8, "quarter")
    for unit in sample.STATIONS:
        district.do(rounds.save_entry, number, unit, "", "plan", Entry(points=9000))
    store = open_store(district.made)
    with store.snapshot() as snapshot, snapshot.published() as figures:
        district.do(rounds.publish, figures, None, number, 1)
    store.close()
    assert ZH("funds.no_round", year=YEAR) in said(opened())


@pytest.mark.parametrize("model", ["coefficient", "work_points"])
def test_a_centre_without_approved_residents_is_named(funded, model):
    """It has a score; without people nothing can be settled, and it must not vanish unsaid."""
    first, *others = PEOPLE
    approve(funded, {unit: PEOPLE[unit] for unit in others})
    at = opened(model=model)
    assert len(rows_of(board(at, "units"))) == len(others) + 1
    name = sample._units().set_index("unit")["name"][first]
    assert ZH("funds.not_approved", units=name) in said(at)


def test_every_column_adds_up_as_it_is_shown(funded):
    at = opened()
    *units, total = rows_of(board(at, "units"))
    assert len(units) == len(PEOPLE)
    for column in (1, *range(4, len(total))):
        parts = [round(float(row[column].replace(",", "")) * 100) for row in units]
        assert sum(parts) == round(float(total[column].replace(",", "")) * 100)
    # 99 yuan for each of 1,000 + 1,010 + ... + 1,070 people
    assert total[4] == f"{99 * sum(PEOPLE.values()):,}.00"
    *programmes, whole = rows_of(board(at, "programmes"))
    assert sum(round(float(row[1].replace(",", "")) * 100) for row in programmes) == round(
        float(whole[1].replace(",", "")) * 100
    )
    assert whole[1] == total[4]


def test_what_was_published_stays_as_it_was(funded):
    at = opened()
    before = rows_of(board(at, "units"))
    form = f"publish_{YEAR}_{COEFFICIENT}_1"
    element(at, "text_input", f"{form}_note").set_value("云卫发〔2026〕12号")
    at = pressed(at, ZH("funds.publish_yes"))
    assert ZH("funds.published_now") in said(at)
    row = known(funded).iloc[0]
    assert (row["state"], row["published_by"], row["year"], row["round"]) == ("published", "local", YEAR, 1)
    assert ZH("who.local") in board(at, "in_force")
    assert "云卫发〔2026〕12号" in board(at, "deeds")
    assert ZH("funds.publish_yes") not in labels(at)
    approve(funded, PEOPLE | {sample.CENTRES[0]: 2000})
    at = opened()
    assert rows_of(board(at, "units")) == before
    assert ZH("funds.changed_since", n=1, number=1) in said(at)


def test_withdrawing_needs_a_reason_in_words(funded):
    at = pressed(opened(), ZH("funds.publish_yes"))
    at = pressed(at, ZH("funds.withdraw_yes"))
    assert ZH("funds.error_reason") in said(at)
    assert known(funded)["state"].tolist() == ["published"]
    element(at, "text_area", "withdraw_1_why").set_value("人口数有误")
    at = pressed(at, ZH("funds.withdraw_yes"))
    row = known(funded).iloc[0]
    assert (row["state"], row["note"]) == ("withdrawn", "人口数有误")
    assert ZH("funds.did_withdraw", n=1) in board(at, "deeds")
    assert "人口数有误" in board(at, "deeds")
    at = pressed(at, ZH("funds.publish_yes"))  # and published anew
    assert known(funded)["state"].tolist() == ["published", "withdrawn"]


def test_who_publishes_second_is_told(funded):
    at = opened()
    with funded.register.writing() as connection:
        unit = sample.CENTRES[0]
        lines = settlements.settled(COEFFICIENT, terms_of(YEAR), {unit: 10}, {unit: Fraction(90)}, {}, {}, {})
        draft = settlements.open_draft(OTHER, connection, YEAR, COEFFICIENT, 1)
        settlements.publish(OTHER, connection, draft, 1, lines, terms_of(YEAR), 12)
    at = next(one for one in at.button if one.label == ZH("funds.publish_yes")).click().run()
    assert not at.exception
    assert known(funded)["published_by"].tolist() == ["王科长"]
    assert "王科长" in board(at, "in_force")


def test_what_if_keeps_nothing(funded):
    at = opened()
    assert ZH("funds.try_change") in said(at)
    element(at, "number_input", f"try_head_{YEAR}").set_value(100.0).run()
    assert not at.exception
    moved = rows_of(board(at, "what_if"))
    assert len(moved) == len(PEOPLE)
    assert all("→" in row[4] for row in moved)
    assert known(funded).empty
    # The rest of the page is as before: 99 yuan.
    assert rows_of(board(at, "units"))[-1][4] == f"{99 * sum(PEOPLE.values()):,}.00"


def test_by_work_points_needs_no_score(district):
    """Without an appraisal the money still goes by services; nobody's score is asked for, every unit is there."""
    approve(district, PEOPLE)
    at = opened(model="work_points")
    *units, total = rows_of(board(at, "units"))
    assert len(units) == len(PEOPLE)
    assert total[2] == f"{99 * sum(PEOPLE.values()):,}.00"
    element(at, "number_input", f"try_head_{YEAR}").set_value(100.0).run()
    assert len(rows_of(board(at, "what_if"))) == len(PEOPLE)
    assert not [one for one in at.selectbox if one.key == "try_unit"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_printed_amounts_do_not_agree(funded, language):
    """1,946,960 yuan in advance pay for 347,671.4 people at 8 yuan; so 834,411.43 yuan of reward, not 1,287,680."""
    at = opened(lang=language)
    assert text(language)("funds.gap_found", gap="453,268.57") in html.unescape(board(at, "reconciled"))


def test_it_says_which_score_earns_which_coefficient(funded):
    """The bands of the year as they are in force, and as they were applied once the settlement is published."""
    words = "系数按得分分档：90 分及以上为1；60 分及以上为得分÷100；其余为0。"
    at = opened()
    assert words in said(at)
    pressed(at, ZH("funds.publish_yes"))
    assert words in said(opened())
    assert "The coefficient by score: 1 from 90 points; score ÷ 100 from 60 points; 0 below." in said(
        opened(lang="en")
    )
