"""Facts can be computed one after the other."""

from __future__ import annotations

from metrics.context import named_tables
from metrics.facts import FACTS
from metrics.tables import CURRENT, metadata


def test_a_fact_names_only_records_and_facts_before_it():
    small = {"year", "course", "ancestry", "schedule", "duty_term", "standard_item"}
    known = set(CURRENT) | small
    for name, fact in FACTS.items():
        beneath = named_tables([fact.select])
        assert beneath <= known, f"{name} names {sorted(beneath - known)} before it is there"
        known.add(name)


def test_every_fact_is_a_table_that_rules_can_name():
    assert set(FACTS) <= set(metadata.tables)
