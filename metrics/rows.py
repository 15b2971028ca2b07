"""A principal's scope, as the PostgreSQL server is told (``data.store.rows``)."""

from __future__ import annotations

from data.store.rows import Rows
from metrics.principal import Principal


def rows_of(principal: Principal, *, work: bool = False) -> Rows:
    """Whose rows somebody may read. Systems are not told: who is in charge of some sees the figures of all.

    ``work``: for a list of things, such as duties not done. It names nobody, and its rules compare with the whole district
    (since when is this done anywhere? who lives nearest?), so all rows but names are there for it; the list itself is cut to
    the own units by its query.
    """
    persons, own = principal.persons.units, principal.own.units
    book = principal.may("import")
    if work:
        return Rows(principal.figures.units, None, None, persons, book=book)
    return Rows(principal.figures.units, own, persons, persons, book=book)
