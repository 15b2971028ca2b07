"""Small mistakes in a rule: each made in place on the SQLAlchemy expression, read as SQL, and taken back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import BindParameter, Select
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList
from sqlalchemy.sql.functions import Function

from metrics.sql import FOREVER

FLIP, SHIFT, LOGIC, DROP, CHOICE = "flip", "shift", "logic", "drop", "choice"

_COMPARISONS = {
    operators.le: operators.lt,
    operators.lt: operators.le,
    operators.ge: operators.gt,
    operators.gt: operators.ge,
}
_OPPOSITES = {
    operators.eq: operators.ne,
    operators.ne: operators.eq,
    operators.is_: operators.is_not,
    operators.is_not: operators.is_,
    operators.in_op: operators.not_in_op,
}
_CHOICES = {"min": "max", "max": "min", "least": "greatest", "greatest": "least"}


_BEGIN = re.compile(r"^greatest\(|[._]s$")
_END = re.compile(r"^least\(|\.e$")


@dataclass(frozen=True)
class Mutant:
    """One mistake: ``make`` puts it into the expression and gives back how to take it out."""

    kind: str
    name: str
    make: Callable[[], Callable[[], None]]

    def sql(self, write: Callable[[], str]) -> str:
        """What ``write`` says while the mistake is there."""
        undo = self.make()
        try:
            return write()
        finally:
            undo()


# Columns of the selects inside ``merged`` and ``without``: those helpers have mutants of their own.
_OF_HELPERS = {"opens", "island", "hole_s", "hole_e", "next_hole_s"}


def mutants(rule: Select, *, helpers: bool = False) -> Iterator[Mutant]:
    """Every mutant of a select, of the subqueries in it too, each part of the expression once.

    ``helpers``: also of what ``merged`` and ``without`` are made of.
    """
    seen: set[int] = set()
    waiting: list[tuple] = [(rule, None, False)]
    while waiting:
        element, parent, inside = waiting.pop()
        if id(element) in seen:
            continue
        seen.add(id(element))
        if isinstance(element, Select):
            inside = _is_of_helper(element)
        waiting += [(child, element, inside) for child in reversed(list(element.get_children()))]
        if helpers or not inside:
            yield from _of(element, parent)


def _is_of_helper(query: Select) -> bool:
    columns = {*query.selected_columns.keys()}
    for source in query.get_final_froms():
        columns.update(source.c.keys())
    return bool(columns & _OF_HELPERS)


def _of(element, parent) -> Iterator[Mutant]:
    if isinstance(element, BinaryExpression):
        yield from _of_comparison(element)
    elif isinstance(element, BooleanClauseList) and len(element.clauses) > 1:
        yield from _of_conditions(element)
    elif isinstance(element, BindParameter):
        yield from _of_constant(element, parent)
    elif isinstance(element, Function) and element.name in _CHOICES and len(element.clauses):
        other = _CHOICES[element.name]
        yield Mutant(CHOICE, f"{_text(element)} -> {other}", _set(element, "name", other))
    elif isinstance(element, Select):
        yield from _of_where(element)


def _of_comparison(element: BinaryExpression) -> Iterator[Mutant]:
    other = _COMPARISONS.get(element.operator)
    if other is not None:
        yield Mutant(FLIP, f"{_text(element)} -> {other.__name__}", _set(element, "operator", other))
    other = _OPPOSITES.get(element.operator)
    joins = element.operator is operators.eq and not isinstance(element.right, BindParameter)
    if other is not None and not joins:
        yield Mutant(FLIP, f"{_text(element)} -> {other.__name__}", _set(element, "operator", other))
    if element.operator is operators.between_op:
        low, high = element.right.clauses
        yield Mutant(SHIFT, f"{_text(element)} -> later", _set(element.right, "clauses", [low + 1, high]))
        yield Mutant(SHIFT, f"{_text(element)} -> earlier", _set(element.right, "clauses", [low, high - 1]))


def _of_conditions(element: BooleanClauseList) -> Iterator[Mutant]:
    other = operators.or_ if element.operator is operators.and_ else operators.and_
    yield Mutant(LOGIC, f"{_text(element)} -> {other.__name__}", _set(element, "operator", other))
    clauses = list(element.clauses)
    for place, clause in enumerate(clauses):
        kept = [*clauses[:place], *clauses[place + 1 :]]
        yield Mutant(DROP, f"{_text(element)} without {_text(clause)}", _set(element, "clauses", kept))


def _of_where(element: Select) -> Iterator[Mutant]:
    where = tuple(element._where_criteria)
    for place, clause in enumerate(where):
        if _keeps_spans(clause):
            continue  # a span that ends before it begins is counted nowhere, whether it is dropped or not
        kept = (*where[:place], *where[place + 1 :])
        yield Mutant(DROP, f"without where {_text(clause)}", _set(element, "_where_criteria", kept))


def _of_constant(element: BindParameter, parent) -> Iterator[Mutant]:
    value = element.value
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) >= FOREVER:
        return
    operator = getattr(parent, "operator", None)
    if operator in (operators.mul, operators.mod) and value == 12:
        return  # twelve months make a year
    around = _text(parent) if parent is not None else ""
    for step in (1, -1) if isinstance(value, int) else (0.1, -0.1):
        yield Mutant(SHIFT, f"{value:+} {step:+} in {around}", _set(element, "value", value + step))


def _keeps_spans(clause) -> bool:
    """Whether a condition only drops spans that end before they begin."""
    return (
        isinstance(clause, BinaryExpression)
        and clause.operator is operators.le
        and _BEGIN.search(_text(clause.left)) is not None
        and _END.search(_text(clause.right)) is not None
    )


def _set(element, attribute: str, value) -> Callable[[], Callable[[], None]]:
    def make() -> Callable[[], None]:
        before = getattr(element, attribute)
        setattr(element, attribute, value)
        return lambda: setattr(element, attribute, before)

    return make


def _text(element) -> str:
    """The element as SQL on one line, short enough for a name."""
    text = " ".join(str(element.compile(compile_kwargs={"literal_binds": True})).split())
    return text if len(text) <= 160 else f"{text[:100]} … {text[-56:]}"
