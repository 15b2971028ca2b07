"""Who is asking, what they may see and do: the first argument of every query.

Scopes differ: a director sees published figures of peers, works on findings and scores of the own units only, and sees
people of the own units only where the role may see people at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, true

#: What one may do. What each role may is in ``metrics.roles``.
RIGHTS = (
    "figures",  # read what is published
    "persons",  # lists of the people of the own units, masked
    "reveal",  # a person's full name and numbers, for a reason
    "export",  # take files away
    "full_lists",  # take a list of people away with full names
    "import",  # bring source files in, take them back, read what was wrong in them
    "standards",  # targets, parameters, denominators
    "decide",  # open, publish and withdraw rounds and settlements, decide appeals, withdraw findings
    "score",  # score village doctors
    "supervise",  # visits and findings
    "signals",  # how many records are worth checking; with "persons" whose and why
    "verify",  # draw people of whom something is claimed, ask them, and write down what they say
    "answer",  # say what was done about a finding, appeal
    "accounts",  # who may come in, as what
    "log",  # read the log
)


class NotAllowedError(Exception):
    """The principal may not do it, or not see it."""


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
NOTHING = Scope(frozenset())


@dataclass(frozen=True)
class Principal:
    """Who is asking.

    figures   units whose published figures they may see
    own       units whose work they see and do: findings, visits, scores, money, evidence
    rights    what they may do (RIGHTS)
    systems   a programme officer's systems (S11, ...): people and standards of other systems are not theirs; empty: all
    address   from where they ask, for the log
    """

    name: str
    role: str
    figures: Scope
    own: Scope
    rights: frozenset[str] = frozenset()
    systems: frozenset[str] = frozenset()
    address: str = ""

    @property
    def persons(self) -> Scope:
        """Units whose people they may see."""
        return self.own if self.may("persons") else NOTHING

    def may(self, right: str) -> bool:
        """Whether they have a right. KeyError for a right that is none: a misspelt one would refuse everybody."""
        if right not in RIGHTS:
            raise KeyError(right)
        return right in self.rights

    def require(self, right: str) -> None:
        """Raises NotAllowedError without the right."""
        if not self.may(right):
            raise NotAllowedError(f"{self.name} ({self.role}) has no right to {right}")

    def require_own(self, unit: int) -> None:
        """Raises NotAllowedError where the work of a unit is none of theirs."""
        if unit not in self.own:
            raise NotAllowedError(f"unit {unit} is not among those of {self.name} ({self.role})")

    def in_charge_of(self, system: str) -> bool:
        """Whether a system is among theirs."""
        return not self.systems or system in self.systems

    def key(self) -> tuple:
        """All that decides what they see, as a value that a cache key can hold."""
        return (self.figures.key(), self.own.key(), tuple(sorted(self.rights)), tuple(sorted(self.systems)))


LOCAL = Principal("local", "local", EVERYTHING, EVERYTHING, frozenset(RIGHTS))
"""Whoever sits at this machine: of the command line, and of a server that asks for no password and answers here only."""
