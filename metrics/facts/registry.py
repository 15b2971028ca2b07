"""Facts by name, in the order in which they can be computed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, MetaData, Select, Table

from metrics.tables import metadata


@dataclass(frozen=True)
class Fact:
    """A named select; ``table`` is how rules refer to it."""

    name: str
    select: Select
    table: Table


FACTS: dict[str, Fact] = {}


def fact(name: str, rule: Select) -> Table:
    """Register a fact and give the table by which rules refer to it. ValueError when one of the name is there."""
    if name in FACTS:
        raise ValueError(f"the fact {name} is declared twice")
    columns = rule.selected_columns
    # Made anew (``metrics.anew``) a fact is another table of the same name.
    among = MetaData() if name in metadata.tables else metadata
    table = Table(name, among, *(Column(c.name, _plain_type(c)) for c in columns))
    FACTS[name] = Fact(name, rule, table)
    return table


def _plain_type(column):
    return column.type.__class__()
