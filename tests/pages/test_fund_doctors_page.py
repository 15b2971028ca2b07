"""Village doctors on the page of funds: who waits is named, what is published is frozen to the fen."""

from __future__ import annotations

import html
import json
import re

import pytest

from data.store import open_store
from metrics import published
from metrics.funds import settlements
from metrics.funds.money import yuan
from pages._text import text
from tests.pages import sample
from tests.pages.conftest import open_page
from tests.pages.district import STATION

ZH, EN = text("zh"), text("en")
YEAR = 2026
PEOPLE = dict.fromkeys(sample.CENTRES, 1000) | {STATION: 300}


def board(at, key: str) -> str:
    found = [one for one in at.get("bidi_component") if key in one.proto.id]
    return json.loads(found[0].proto.json)["html"] if found else ""


def rows_of(markup: str) -> list[list[str]]:
    body = markup.split("<tbody>")[1]
    return [
        [html.unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", body)
    ]


def opened(**more):
    at = open_page("funds.py", **({"lang": "zh", "month": "2026-10"} | more))
    assert not at.exception
    return at


@pytest.fixture
def settled(district):
    """A district whose centres have a published round; the station serves 300 of its centre's 1,000 people."""
    row = {"year": YEAR, "kind": "resident", "band": "all", "approved_by": "卫健局", "in_force": True}
    table, store = published.population, open_store(district.made)
    with store.change("published") as draft:
        draft.published.execute(table.delete().where(table.c.year == YEAR))
        rows = [
            {**row, "unit": unit, "persons": persons, "approved_on": None} for unit, persons in PEOPLE.items()
        ]
        draft.published.execute(table.insert(), rows)
    store.close()
    district.round(points=4000)
    return district


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_who_is_not_appraised_is_named(settled, words):
    language = "zh" if words is ZH else "en"
    at = opened(lang=language)
    (warning,) = [one.value for one in at.warning if "d1" in one.value]
    assert "d2" in warning and warning.startswith(words("fund_doctors.not_appraised", n=2, names="")[:3])
    _, first, second = rows_of(board(at, "fund_doctors"))
    assert (first[2], first[5], first[7]) == ("—", "—", words("fund_doctors.short_not_appraised"))
    assert (second[2], second[5]) == ("—", "—")


def test_published_with_the_settlement_and_frozen(settled):
    """Both score 95: half each of 40 % of what the centre earned for 300 of 1,000 people."""
    settled.round("doctors", points=9500)
    at = opened()
    at = next(one for one in at.button if one.label == ZH("funds.publish_yes")).click().run()
    assert not at.exception
    number = int(settled.ask(settlements.settlements)["settlement"].iloc[0])
    lines = settled.ask(settlements.lines_of, number)
    first, second = settled.ask(settlements.doctors_of, number)
    earned = next(line.earned for line in lines if line.unit == first.centre and not line.programme)
    pot = (earned * 120 + 500) // 1000
    assert (first.staff_no, second.staff_no) == ("d1", "d2")
    assert (first.earned, second.earned) == (pot - pot // 2, pot // 2)
    settled.round(
        "doctors", month=YEAR * 12 + 5, points=2000
    )  # another appraisal changes nothing that is published
    whole, *each = rows_of(board(opened(), "fund_doctors"))
    assert whole[4:6] == [yuan(pot), yuan(pot)]
    assert [row[5] for row in each] == [yuan(first.earned), yuan(second.earned)]
    assert [row[2] for row in each] == ["95.00", "95.00"]
