"""What each role may see and do. An account's role and units become a principal here, and nowhere else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from data.access.accounts import OF_UNITS, ROLES, Account
from metrics.principal import EVERYTHING, NOTHING, Principal, Scope

_BUREAU = ("figures", "export", "standards", "score", "supervise")
#: Rights of each role; every role of the accounts is here.
RIGHTS_OF: dict[str, frozenset[str]] = {
    "leader": frozenset((*_BUREAU, "decide", "signals")),
    "officer": frozenset(
        (*_BUREAU, "decide", "signals", "persons", "reveal", "full_lists", "import", "verify")
    ),
    "director": frozenset(("figures", "export", "persons", "reveal", "score", "supervise", "answer")),
    "doctor": frozenset(("figures", "export", "persons", "reveal", "answer")),
    "clerk": frozenset(("figures", "import")),
    "auditor": frozenset(("log",)),
    "administrator": frozenset(("figures", "accounts")),
}
assert set(RIGHTS_OF) == set(ROLES)

#: What an officer of some systems leaves to those of all: it concerns every system, or people of others.
OF_ALL_SYSTEMS = frozenset(("decide", "import"))

#: Roles that see published figures of every unit, though they work for some: a director compares with peers.
SEES_PEERS = ("director",)


#: Roles that see the work of every unit. Who brings files in, or keeps accounts, has no need of it.
SEES_ALL_WORK = ("leader", "officer")


@dataclass(frozen=True)
class Tree:
    """What of the units is needed: number by code, and the parent of each number (None: the bureau)."""

    numbers: Mapping[str, int]
    parents: Mapping[int, int | None]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Tree:
        """Of units with their unit, code and parent (missing: the bureau)."""
        numbers = dict(zip(frame["code"], map(int, frame["unit"]), strict=True))
        above = {int(row.unit): int(row.parent) for row in frame.itertuples() if not pd.isna(row.parent)}
        return cls(numbers, {unit: above.get(unit) for unit in numbers.values()})

    def with_those_below(self, codes: Collection[str]) -> frozenset[int]:
        """The units of the codes and all below them; codes that are no unit's give nothing."""
        top = {self.numbers[code] for code in codes if code in self.numbers}
        return frozenset(unit for unit in self.parents if top & self._line(unit)) | frozenset(top)

    def _line(self, unit: int) -> set[int]:
        """The unit and those above it."""
        line: set[int] = set()
        at: int | None = unit
        while at is not None and at not in line:
            line.add(at)
            at = self.parents.get(at)
        return line


def principal_of(one: Account, tree: Tree, address: str = "") -> Principal:
    """The principal that an account is, with the units as they are now."""
    rights, systems = RIGHTS_OF[one.role], frozenset(one.systems)
    if one.role == "officer" and systems:
        rights = rights - OF_ALL_SYSTEMS
    if one.role in OF_UNITS:
        own = Scope(tree.with_those_below(one.units))
        figures = EVERYTHING if one.role in SEES_PEERS else own
    else:
        figures = EVERYTHING if "figures" in rights else NOTHING
        own = EVERYTHING if one.role in SEES_ALL_WORK else NOTHING
    return Principal(one.name, one.role, figures, own, rights, systems, address)
