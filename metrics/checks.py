"""What a row of a card of data quality must be, thing by thing: the card's rule and the list of faulty rows are made of the same checks.

A *check* is one condition with a name. A row is as it should be where every check holds; the list says which did not, and
shows the values that it looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, Table, and_, not_, or_

#: What is to be done about a fault: fill in, correct, enter sooner, register the patient, take the copy away, find out who is who.
REMEDIES = ("fill", "correct", "sooner", "register", "drop", "identify")


@dataclass(frozen=True, eq=False)
class Check:
    """One thing that a row must be.

    key      names it in words (``quality.fault.*`` and ``quality.right.*`` of the pages)
    holds    the condition; of spans it may depend on the month that is asked about
    shows    the columns that it looks at, whose values are shown
    remedy   one of REMEDIES
    asked    of which rows it is asked; None: of all
    file     which file brought what it looks at; None: the row's own
    """

    key: str
    holds: ColumnElement | Callable[[int], ColumnElement]
    shows: tuple[ColumnElement, ...]
    remedy: str = "correct"
    asked: ColumnElement | None = None
    file: ColumnElement | None = None

    def good(self, month: int | None = None) -> ColumnElement:
        """Whether a row passes; it does where it is not asked."""
        holds = self.holds if isinstance(self.holds, ColumnElement) else self.holds(month)
        return holds if self.asked is None else or_(not_(self.asked), holds)


@dataclass(frozen=True, eq=False)
class Copies:
    """Where the other rows are that say the same: an alias of the table, and the condition that ties the two."""

    other: FromClause
    tie: ColumnElement | Callable[[int], ColumnElement]

    def tied(self, month: int) -> ColumnElement:
        return self.tie if isinstance(self.tie, ColumnElement) else self.tie(month)


@dataclass(frozen=True, eq=False)
class RowsOf:
    """Rows of one table that a card asks to be right.

    among      which rows it asks
    day        the day that a row is of; None: its ``day``
    month      the month of its figure; None: its ``month``
    with_person  the conditions name the demographic master too
    twins      the list names who a row's person may be the same as
    """

    table: Table
    checks: tuple[Check, ...]
    among: tuple[ColumnElement, ...] = ()
    day: ColumnElement | None = None
    month: ColumnElement | None = None
    with_person: bool = False
    copies: Copies | None = None
    twins: bool = False

    @property
    def good(self) -> ColumnElement:
        """Whether a row passes every check; for checks that need no month."""
        return and_(*(check.good() for check in self.checks))
