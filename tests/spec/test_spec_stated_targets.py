"""Every number that the list of requirements states as a target is held as data, or is said to be none, and why.

``catalogue_targets.csv``: the requirement, the stated number (a share as a decimal), how it is held (target,
parameter, duty, check, or reason), by what, and the sources that state it. ``words``: the source names no number,
and by says what it says instead.
"""

from __future__ import annotations

import csv
import math
from functools import cache
from pathlib import Path

import pytest

from metrics import standards
from metrics.card import Card, Form
from metrics.cards import CARDS
from metrics.targets import targets

with (Path(__file__).parent / "catalogue_targets.csv").open(encoding="utf-8", newline="") as _file:
    STATED = list(csv.DictReader(_file))


def cards_of(row: str) -> list[Card]:
    return [card for card in CARDS.values() if row in card.catalogue]


@cache
def held() -> dict[str, set[tuple[float, str]]]:
    """Card -> its shipped targets, ends of ranges among them, with their sources."""
    found: dict[str, set[tuple[float, str]]] = {}
    for target in targets(set(CARDS)):
        for value in (target["value"], target["value_to"]):
            if value is not None:
                found.setdefault(target["indicator"], set()).add((value, target["source"]))
    return found


def _name(stated: dict[str, str]) -> str:
    return f"{stated['row']}={stated['value']}"


@pytest.mark.parametrize("stated", STATED, ids=_name)
def test_a_stated_number_is_held(stated: dict[str, str]) -> None:
    value, by, row = float(stated["value"] or "nan"), stated["by"], stated["row"]
    cards = cards_of(row)
    assert cards, "no card answers the requirement"
    match stated["held_as"]:
        case "target":
            pairs = set().union(*(held().get(card.key, set()) for card in cards))
            sources = stated["sources"].split(";")
            assert any(value == v and any(s in source for s in sources) for v, source in pairs), pairs
        case "parameter":
            assert value in {v.value for v in standards.shipped_parameters()[by]}
            assert any(by in card.parameters for card in cards)
        case "duty":
            terms = [term for card in cards for term in standards.duties().get(card.key, ())]
            assert any(value in (term.times, term.people) for term in terms)
        case "check":
            keys = {card.key for card in cards}
            items = [item.standard for item in standards.standard_items()]
            assert any(items.count(key) == value for key in keys)
        case "reason":
            assert by
        case "words":
            assert by
            assert math.isnan(value)
        case other:
            pytest.fail(f"held as {other}?")


def test_what_is_owed_or_checked_is_to_be_met_whole() -> None:
    """A duty or a standard without a target would be judged by nobody."""
    lacking = [
        card.key
        for card in CARDS.values()
        if card.form in (Form.DUTY, Form.CHECK)
        and 1.0 not in {value for value, _ in held().get(card.key, ())}
    ]
    assert lacking == []


def test_where_sources_disagree_one_is_in_force_and_the_others_are_there() -> None:
    rows = [t for t in targets(set(CARDS)) if t["indicator"] == "hr_filing_rate" and t["year"] == 2026]
    assert {(t["value"], t["in_force"]) for t in rows} == {(0.95, True), (0.80, False)}
    places: dict[tuple, list[bool]] = {}
    for target in targets(set(CARDS)):
        place = (target["indicator"], target["year"], target["unit_kind"])
        places.setdefault(place, []).append(target["in_force"])
    assert [place for place, said in places.items() if sum(said) > 1] == []
