"""A mistake in any rule makes a figure differ from the plain count: flipped comparisons, windows a month off, ...

The district's figures are compared with the plain count once; a mutant must then differ from them.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib import import_module

import pytest

from metrics.card import Card, Form
from metrics.cards import CARDS
from metrics.facts import FACTS
from tests.mutation.equivalents import is_equivalent, unexamined
from tests.mutation.mutants import FLIP, SHIFT, Mutant
from tests.mutation.world import World, fact_mutants, facts_of, own_mutants, shifted, world
from tests.plain.count import figures
from tests.plain.district import District
from tests.plain.reach import CARDS as REACH
from tests.property import test_reach_plain
from tests.property.districts import FIRST, Plan, tables
from tests.property.engine import counted, filled
from tests.spec.cards.s37_data_quality import SPECS
from tests.spec.harness import rows_of_specs

PLAN = Plan(seed=7, districts=8, persons=150, months=26)
ROWS = tables(PLAN)
_entries = random.Random(7)
for _row in (row for name in ("followup", "checkup", "dose") for row in ROWS[name]):
    _row["entered_on"] = _row["day"] + dt.timedelta(days=_entries.choice([-1, 0, 3, 7, 8, 40]))
# Mistakes about reach show where there are many clinics, one in this town and one in that.
TOWNS = [Plan(seed, districts=1, persons=30, months=test_reach_plain.MONTHS) for seed in (3, 4, 5)]


@pytest.fixture(scope="module")
def place() -> Iterator[World]:
    with world(PLAN, ROWS) as made:
        yield made


@pytest.fixture(scope="module")
def towns() -> Iterator[list[World]]:
    cards = [CARDS[key] for key in REACH]
    with ExitStack() as held:
        yield [held.enter_context(world(plan, test_reach_plain.tables(plan.seed), cards)) for plan in TOWNS]


@pytest.fixture(scope="module")
def tables_of_quality() -> Iterator[World]:
    """The tables of the specs of data quality: rows on every limit."""
    cards = [card for card in CARDS.values() if card.form is Form.QUALITY]
    with world(PLAN, rows_of_specs(SPECS), cards) as made:
        yield made


def _in_all(
    card: Card, place: World, towns: list[World], specs: World, survivors: Callable[[World], list[str]]
) -> set[str]:
    """What goes unnoticed wherever the card is counted."""
    where = towns if card.key in REACH else [place, specs] if card.form is Form.QUALITY else [place]
    return set.intersection(*(set(survivors(one)) for one in where))


@pytest.mark.long
def test_without_a_mistake_it_is_the_plain_count():
    with filled(ROWS) as connection:
        assert counted(connection, PLAN) == figures(District(ROWS, FIRST, PLAN.last))


def _unnoticed(owner: str, chosen: list[Mutant], is_noticed: Callable[[Mutant], bool]) -> list[str]:
    """Names of mistakes that change nothing and are not listed as such."""
    noticed: set[str] = set()
    survivors = []
    for mutant in chosen:
        if is_equivalent(owner, mutant.name):
            continue
        if is_noticed(mutant):
            noticed.add(mutant.name)
        else:
            survivors.append(mutant.name)
    return [
        f"{owner}: {name}"
        for name in survivors
        if not (is_equivalent(owner, name, elsewhere=True) and name in noticed)
    ]


def _survivors(place: World, card: Card, chosen: list[Mutant]) -> list[str]:
    return _unnoticed(card.key, chosen, lambda mutant: place.is_killed(card, mutant))


def _unmoved(place: World, moved: list[tuple[str, Card]]) -> list[str]:
    return [
        f"{card.key}: {name}"
        for name, card in moved
        if not is_equivalent(card.key, name) and not place.differs(card)
    ]


@pytest.mark.parametrize("most", [1, pytest.param(4, marks=pytest.mark.long)])
def test_a_window_a_month_off_is_noticed(place, towns, tables_of_quality, most):
    """Of each card one end of its window, drawn; all of them in the long tests."""
    unmoved = set()
    for card in CARDS.values():
        every = shifted(card)
        moved = random.Random(card.key).sample(every, min(most, len(every)))
        unmoved |= _in_all(
            card, place, towns, tables_of_quality, lambda where, moved=moved: _unmoved(where, moved)
        )
    assert sorted(unmoved - unexamined()) == []


@pytest.mark.parametrize("most", [1, pytest.param(3, marks=pytest.mark.long)])
def test_a_few_mistakes_in_every_card_are_noticed(place, towns, tables_of_quality, most):
    """Of each card's own rule one comparison, one number and one more; by default the first of these that there is."""
    survivors = set()
    for card in CARDS.values():
        chosen = _a_few(card)[:most]
        survivors |= _in_all(
            card,
            place,
            towns,
            tables_of_quality,
            lambda where, card=card, chosen=chosen: _survivors(where, card, chosen),
        )
    assert sorted(survivors - unexamined()) == []


def _a_few(card: Card) -> list[Mutant]:
    draw = random.Random(card.key)
    own = [
        mutant
        for mutant in own_mutants(card)
        if not any(is_equivalent(card.key, mutant.name, elsewhere=where) for where in (False, True))
    ]
    found = ([mutant for mutant in own if kind in (mutant.kind, None)] for kind in (FLIP, SHIFT, None))
    return [draw.choice(some) for some in found if some]


def test_every_card_notices_a_flipped_comparison(place):
    """Cards whose own rule compares nothing rest on facts that do."""
    waiting = {
        card.key: facts_of(card)
        for card in CARDS.values()
        if not any(mutant.kind == FLIP for mutant in own_mutants(card)) and facts_of(card)
    }
    for fact in reversed(list(FACTS)):
        for mutant in fact_mutants(fact):
            if mutant.kind == FLIP and any(fact in facts for facts in waiting.values()):
                for key in place.changed_by(fact, mutant, among=list(waiting)):
                    del waiting[key]
    assert waiting == {}


# Systems whose every mistake has been looked at; the others came later (see ``unexamined``).
_EXAMINED = ("s04_health_records", "s05_family_doctor", "s05_delivery", "s07_immunisation")
_EXAMINED += ("s10_older_residents", "s11_programmes", "s11_chronic_disease")
_EXAMINED += ("s17_visits",)
_KEYS = [card.key for name in _EXAMINED for card in import_module(f"metrics.cards.{name}").CARDS]


@pytest.mark.long
@pytest.mark.parametrize("key", _KEYS)
def test_every_mistake_in_a_card_is_noticed(place, key):
    assert _survivors(place, CARDS[key], own_mutants(CARDS[key])) == []


@pytest.mark.long
@pytest.mark.parametrize("fact", sorted(FACTS))
def test_every_mistake_in_a_fact_is_noticed(place, fact):
    def is_noticed(mutant: Mutant) -> bool:
        return bool(place.changed_by(fact, mutant, enough=1))

    assert _unnoticed(fact, fact_mutants(fact), is_noticed) == []
