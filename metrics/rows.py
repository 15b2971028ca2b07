"""A principal's scope, as the PostgreSQL server is told (``data.store.rows``)."""

from __future__ import annotations

from data.store.rows import Rows
from metrics.principal import Principal


def rows_of(principal: Principal) -> Rows:
    """Whose rows somebody may read. Systems are not told: who is in charge of some sees the figures of all."""
    return Rows(
        principal.figures.units, principal.own.units, principal.persons.units, book=principal.may("import")
    )
