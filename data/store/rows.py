"""Which rows somebody may see, as the PostgreSQL server is told for each transaction in which a page reads.

The server holds every row against it a second time, whatever a query forgot (``data.postgres.guarding``). The files of a
DuckDB installation know no such thing: there the queries alone decide.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

Units = Collection[int] | None  # None: every unit


@dataclass(frozen=True)
class Rows:
    """By unit: whose published figures, whose work, whose people, whose people's names; and whether the book of imports.

    People are numbers here, and what was done for them; their names are apart.
    """

    figures: Units = ()
    own: Units = ()
    people: Units = ()
    names: Units = ()
    book: bool = False

    def settings(self) -> dict[str, str]:
        """Names of settings of a transaction, and their values."""
        units = {"figures": self.figures, "own": self.own, "people": self.people, "names": self.names}
        told = {f"jiceng.{name}": _told(of) for name, of in units.items()}
        return told | {"jiceng.book": "yes" if self.book else ""}


def _told(units: Units) -> str:
    return "all" if units is None else ",".join(str(int(unit)) for unit in sorted(units))


NOTHING = Rows()
#: Asked for each time that something is read: who asks may be found only after the state to read was chosen.
Asking = Callable[[], Rows]
