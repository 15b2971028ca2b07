"""Who is asking, and what they may see: the first argument of every query.

Two scopes, because they differ: a director may see published figures of peers, and lists of
persons of their own units only.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, true


@dataclass(frozen=True)
class Scope:
    """A set of unit numbers, or every unit when ``units`` is None."""

    units: frozenset[int] | None = None

    def __contains__(self, unit: int) -> bool:
        return self.units is None or int(unit) in self.units

    @property
    def everything(self) -> bool:
        return self.units is None

    def holds(self, column: ColumnElement) -> ColumnElement[bool]:
        """The condition that keeps the rows of this scope's units."""
        return true() if self.units is None else column.in_(sorted(self.units))

    def key(self) -> tuple[int, ...] | None:
        """The scope as a value that a cache key can hold."""
        return None if self.units is None else tuple(sorted(self.units))


EVERYTHING = Scope()


@dataclass(frozen=True)
class Principal:
    """``figures``: units whose figures they may see; ``persons``: units whose people they may see."""

    name: str
    role: str
    figures: Scope
    persons: Scope


LOCAL = Principal("local", "bureau", EVERYTHING, EVERYTHING)
"""Whoever sits at this machine: until sign-in exists the server answers on loopback only."""
