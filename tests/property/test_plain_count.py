"""The engine gives the numbers of an obvious count in plain Python, for every card, unit, month and basis."""

from __future__ import annotations

import ast
import random
import sys
from pathlib import Path

from hypothesis import given

from metrics.cards import CARDS
from tests.plain import count as plain_count
from tests.plain.count import CARDS as PLAIN
from tests.plain.count import figures
from tests.plain.district import District
from tests.property.amount import examples
from tests.property.districts import FIRST, Plan, Tables, plans, tables
from tests.property.engine import counted, filled
from tests.property.histories import History

# Each with 150 and more persons: rich enough to tell apart most of what can go wrong.
FIXED = Plan(seed=20240229, districts=8, persons=25, months=26)


COUNTED = [card for key, card in CARDS.items() if key in PLAIN]


def plain(rows: Tables, plan: Plan) -> dict[tuple, tuple]:
    return figures(District(rows, FIRST, plan.last))


def differing(ours: dict[tuple, tuple], theirs: dict[tuple, tuple]) -> dict[tuple, tuple]:
    """Places where two results differ, with what each says."""
    return {
        place: (ours.get(place), theirs.get(place))
        for place in ours.keys() | theirs.keys()
        if ours.get(place) != theirs.get(place)
    }


def test_every_card_is_counted_plainly():
    assert PLAIN.keys() == CARDS.keys()


def test_the_plain_count_knows_nothing_of_the_engine():
    """It reads the dated standards as files and imports nothing but itself and the standard library."""
    allowed = {*sys.stdlib_module_names, "tests.plain"}
    for path in Path(plain_count.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.partition(".")[0] in allowed or name.startswith("tests.plain"), (path.name, name)


def test_fixed_districts():
    rows = tables(FIXED)
    with filled(rows) as connection:
        assert differing(counted(connection, FIXED, COUNTED), plain(rows, FIXED)) == {}


@examples(1)
@given(plan=plans)
def test_any_district_in_any_order_of_rows(plan):
    rows = tables(plan)
    shuffled = {name: random.Random(plan.seed).sample(some, len(some)) for name, some in rows.items()}
    with filled(shuffled) as connection:
        assert differing(counted(connection, plan, COUNTED), plain(rows, plan)) == {}


@examples(1)
@given(plan=plans)
def test_what_was_known_at_an_event(plan):
    """Figures as known at an event are those that were built then, whatever became known afterwards."""
    history = History(plan)
    history.change()
    history.change()
    event = 1 + plan.seed % 3
    with filled(history.versions) as connection:
        engine = counted(connection, plan, COUNTED, known_at=event)
    assert differing(engine, plain(history.known_at(event), plan)) == {}
