"""What a change of the records changes in the counts: the state before and the state after, side by side.

A *difference* is a context in which every chosen person is there twice: as known now, and, under the
number ``-1 - person``, as known at an event. Rules treat them as two persons (they join and partition by
person), so one count with a sign gives what is counted now less what was counted then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    Join,
    Select,
    SelectBase,
    Subquery,
    Table,
    case,
    select,
    text,
    union_all,
)
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import Over
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import _CompoundSelectKeyword

from data import records
from metrics.context import (
    Horizon,
    create_facts,
    create_table,
    create_view,
    in_force,
    named_columns,
    named_tables,
)
from metrics.tables import CURRENT

# Columns whose values name someone: a household of two states is two households.
_NAMES = ("person", "family")


@dataclass(frozen=True)
class Chosen:
    """Whose rows a difference holds, and which of them.

    persons   a select of one column ``person``
    changed   tables of which only rows that came into or went out of force since the event are there
    months    rows of tables with a month are there only from these months; None: from all
    """

    persons: Select
    changed: frozenset[str] = frozenset()
    months: Horizon | None = None


def prepare_difference(
    connection: Connection, rules: Iterable[Select], horizon: Horizon, since: int, chosen: Chosen
) -> None:
    """Give the names in ``rules`` their meaning now and right after the event ``since``, side by side."""
    names, columns = named_tables(rules), named_columns(rules)
    create_table(connection, "chosen", chosen.persons)
    for known_at in (None, since):
        create_table(connection, _chosen_at(known_at), _with_master(known_at))
    for name in sorted(names & CURRENT.keys()):
        table = records.RECORDS[name]
        if table.info["person"]:
            copied = [table.c[column] for column in sorted({"person"} | columns.get(name, set()))]
            states = (_state(table, copied, known_at, since, chosen) for known_at in (None, since))
            create_table(connection, name, union_all(*states))
        else:
            create_view(connection, name, select(*table.c).where(in_force(table, None)))
    create_facts(connection, names, horizon)


def _chosen_at(known_at: int | None) -> str:
    return "chosen_now" if known_at is None else "chosen_before"


def _with_master(known_at: int | None) -> Select:
    """The chosen persons whose demographic master is there: rows about anyone else wait."""
    master = records.person
    among = master.c.person.in_(text("SELECT person FROM chosen"))
    return select(master.c.person).where(in_force(master, known_at), among).distinct()


def _state(table, columns: list[Column], known_at: int | None, since: int, chosen: Chosen) -> Select:
    """The chosen rows as known now (None) or right after the event, then under other names."""
    among = table.c.person.in_(text(f"SELECT person FROM {_chosen_at(known_at)}"))
    conditions = [in_force(table, known_at), among]
    if table.name in chosen.changed:
        conditions.append(table.c.known_from > since if known_at is None else table.c.known_to.is_not(None))
    if chosen.months is not None and "month" in table.c:
        conditions.append(table.c.month.between(chosen.months.first, chosen.months.last))
    return select(*(_named(column, known_at is not None) for column in columns)).where(*conditions)


def _named(column: Column, before: bool) -> ColumnElement:
    if column.name == "row_id":  # stays in order within a state, and is never the same in both
        return (column * 2 + int(before)).label(column.name)
    return (-1 - column).label(column.name) if before and column.name in _NAMES else column


def sign(person: ColumnElement) -> ColumnElement:
    """1 for what is known now, -1 for what was known before."""
    return case((person >= 0, 1), else_=-1)


# -- rules that go row by row -----------------------------------------------------------------------

_AGGREGATES = {"min", "max", "sum", "count", "avg"}


def goes_by_row(rule: SelectBase, changed: frozenset[str]) -> bool:
    """Whether each row of the changed tables adds to the rule's result by itself, whatever the other rows are.

    So it is when the rule only filters, joins (inner) and appends, and never joins two changed tables: then
    the changed rows alone give the difference.
    """
    if isinstance(rule, CompoundSelect):
        is_sum = rule.keyword is _CompoundSelectKeyword.UNION_ALL
        return is_sum and all(goes_by_row(part, changed) for part in rule.selects)
    if (
        not isinstance(rule, Select)
        or rule._group_by_clauses
        or rule._distinct
        or rule._has_row_limiting_clause
    ):
        return False
    sources, conditions = _sources(rule)
    expressions = [*rule.selected_columns, *conditions, *rule._where_criteria]
    return (
        not any(looks_further(expression) for expression in expressions)
        and all(_is_plain(source, changed) for source in sources)
        and sum(bool(_names_in(source) & changed) for source in sources) <= 1
    )


def _sources(rule: Select) -> tuple[list[FromClause], list[ColumnElement]]:
    """What a select reads itself, and the conditions under which that is joined; an outer join is left whole."""
    found, conditions, waiting = [], [], list(rule.get_final_froms())
    while waiting:
        source = waiting.pop()
        if isinstance(source, Join) and not (source.isouter or source.full):
            waiting += [source.left, source.right]
            conditions.append(source.onclause)
        else:
            found.append(source)
    return found, conditions


def _is_plain(source: FromClause, changed: frozenset[str]) -> bool:
    """A record table, or rows of some that go row by row."""
    if isinstance(source, Subquery):
        return goes_by_row(source.element, changed)
    return isinstance(source, Table) and source.name in CURRENT


def _names_in(source: FromClause) -> set[str]:
    return named_tables([source.element if isinstance(source, Subquery) else select(source)])


def looks_further(expression: ColumnElement) -> bool:
    """Whether an expression needs more than the row at hand."""
    return any(
        isinstance(element, Over | SelectBase)
        or (isinstance(element, FunctionElement) and getattr(element, "name", None) in _AGGREGATES)
        for element in visitors.iterate(expression)
    )
