"""What an incremental build takes for granted: whose services a figure of a year reads, and what goes row by row."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import func, select

from metrics.card import Period
from metrics.cards import CARDS
from metrics.context import Horizon, named_tables, prepare, rules_of
from metrics.counting import Frame, count_card
from metrics.difference import goes_by_row
from metrics.tables import CURRENT
from metrics.touched import SERVICES
from tests.property.districts import Plan, tables
from tests.property.engine import filled

PLAN = Plan(seed=11, districts=4, persons=40, months=26)
YEAR = Horizon(2025 * 12, 2025 * 12 + 11)
ROWS = tables(PLAN)

_person, _followup = CURRENT["person"], CURRENT["followup"]
_seen = select(_followup.c.person, _followup.c.unit, _followup.c.month)


def _of_a_year(card) -> bool:
    services = named_tables(rules_of([card])) & SERVICES
    by_row = all(goes_by_row(rule, frozenset(services)) for rule in rules_of([card]))
    return card.period in (Period.IN_YEAR, Period.FLOW) and bool(services) and not by_row


def _counts(rows) -> dict[tuple[str, str], np.ndarray]:
    cards = [card for card in CARDS.values() if _of_a_year(card)]
    frame = Frame(tuple(row["unit"] for row in rows["unit"]), YEAR)
    with filled(rows) as connection:
        prepare(connection, rules_of(cards), YEAR)
        return {
            (card.key, part): counts
            for card in cards
            for part, counts in count_card(connection, card, frame).items()
        }


def test_figures_of_a_year_read_no_service_of_another_year():
    of_the_year = {
        name: [row for row in rows if name not in SERVICES or YEAR.first <= row["month"] <= YEAR.last]
        for name, rows in ROWS.items()
    }
    assert sum(map(len, of_the_year.values())) < sum(map(len, ROWS.values()))
    whole, alone = _counts(ROWS), _counts(of_the_year)
    assert len(whole) > 20
    assert [place for place in whole if not np.array_equal(whole[place], alone[place])] == []
    assert any(counts.any() for counts in whole.values())


@pytest.mark.parametrize(
    ("rule", "changed", "by_row"),
    [
        (_seen.where(_followup.c.mode == "home"), {"followup"}, True),
        (_seen.union_all(_seen), {"followup"}, True),
        (_seen.union(_seen), {"followup"}, False),
        (_seen.distinct(), {"followup"}, False),
        (_seen.limit(1), {"followup"}, False),
        (
            select(_followup.c.person, func.min(_followup.c.month)).group_by(_followup.c.person),
            {"followup"},
            False,
        ),
        (select(_followup.c.person, func.lead(_followup.c.month).over()), {"followup"}, False),
        (_seen.join(_person, _person.c.person == _followup.c.person), {"followup"}, True),
        (_seen.join(_person, _person.c.person == _followup.c.person), {"followup", "person"}, False),
        (_seen.outerjoin(_person, _person.c.person == _followup.c.person), {"followup"}, False),
        (_seen.where(_followup.c.person.in_(select(_person.c.person))), {"followup"}, False),
        (
            _seen.where(_followup.c.month == select(func.max(_person.c.born_month)).scalar_subquery()),
            set(),
            False,
        ),
    ],
)
def test_rules_that_go_row_by_row(rule, changed, by_row):
    subquery = select(*rule.subquery().c)
    assert goes_by_row(rule, frozenset(changed)) is by_row
    assert goes_by_row(subquery, frozenset(changed)) is by_row
