"""Facts by name, in the order in which they can be computed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, Select, Table

from metrics.tables import metadata


@dataclass(frozen=True)
class Fact:
    """A named select; ``table`` is how rules refer to it."""

    name: str
    select: Select
    table: Table


FACTS: dict[str, Fact] = {}


def fact(name: str, rule: Select) -> Table:
    """Register a fact and give the table by which rules refer to it."""
    columns = rule.selected_columns
    table = Table(name, metadata, *(Column(c.name, _plain_type(c)) for c in columns))
    FACTS[name] = Fact(name, rule, table)
    return table


def _plain_type(column):
    return column.type.__class__()
