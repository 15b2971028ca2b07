"""Facts can be computed one after the other."""

from __future__ import annotations

import warnings
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import dialect
from sqlalchemy.sql.compiler import FROM_LINTING

from metrics.cards import CARDS
from metrics.context import named_columns, named_tables, rules_of
from metrics.facts import FACTS, stay
from metrics.tables import CURRENT, metadata


def test_a_fact_names_only_records_and_facts_before_it():
    small = {"year", "course", "ancestry", "schedule", "duty_term", "standard_item", "reach"}
    known = set(CURRENT) | small
    for name, fact in FACTS.items():
        beneath = named_tables([fact.select])
        assert beneath <= known, f"{name} names {sorted(beneath - known)} before it is there"
        known.add(name)


def test_no_rule_pairs_rows_by_accident():
    """SQLAlchemy says so on PostgreSQL alone, where rules are not compiled to text first."""
    rules = [*rules_of(CARDS.values()), *(fact.select for fact in FACTS.values())]
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        for rule in rules:
            # A rule as it stands is linted whole; below another select, as it is counted.
            select(func.count()).select_from(rule.subquery()).compile(dialect=dialect(), linting=FROM_LINTING)
    assert [str(one.message) for one in found] == []
    assert len(rules) > len(CARDS)


def test_every_fact_is_a_table_that_rules_can_name():
    assert set(FACTS) <= set(metadata.tables)


def test_columns_are_copied_for_the_facts_that_are_given():
    """Facts made anew may read a column that those in force do not."""
    table = CURRENT["checkup"]
    rule = select(stay.c.person)
    given = {**FACTS, "stay": replace(FACTS["stay"], select=select(table.c.person, table.c.sbp))}
    assert "sbp" not in named_columns([rule]).get("checkup", set())
    assert named_columns([rule], given)["checkup"] >= {"person", "sbp"}
