"""Accounts of units see what lies below their units. Where a list of units moves some, the log says whose scope follows.

It is written before the build that makes it so: pages take the units as published.
"""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from data import records
from data.access import accounts
from data.access.accounts import OF_UNITS
from data.small_database import SmallDatabase
from data.store import Store, StoreError
from metrics import figures
from metrics.logbook import note
from metrics.principal import LOCAL, Principal
from metrics.roles import Tree


def note_moved_scopes(log: SmallDatabase, principal: Principal, store: Store) -> int:
    """Note for every account of units which units come into its scope, or leave it, with the next build; gives how many
    accounts. None before the first build: there was no scope. Raises NotLoggedError.
    """
    with store.snapshot() as known:
        if known.generation == 0:
            return 0
        try:
            with known.published() as connection:
                before = figures.units(LOCAL, connection)
        except StoreError:  # nothing was ever built
            return 0
        with known.records() as connection:
            after = _known_units(connection)
    if _pairs(before) == _pairs(after):
        return 0
    with log.reading() as connection:
        concerned = [one for one in accounts.everyone(connection) if one.role in OF_UNITS]
    old, new = Tree.of(before), Tree.of(after)
    codes = _codes(before) | _codes(after)
    noted = 0
    for one in concerned:
        was, will = old.with_those_below(one.units), new.with_those_below(one.units)
        if was == will:
            continue
        gained, lost = (sorted(codes[unit] for unit in units) for units in (will - was, was - will))
        about = {"did": "scope", "account": one.name, "units_in": gained, "units_out": lost}
        note(log, principal, "account", {name: value for name, value in about.items() if value})
        noted += 1
    return noted


def _known_units(connection: Connection) -> pd.DataFrame:
    """The units that the next build publishes: unit, code, parent."""
    unit = records.unit.c
    rule = select(unit.unit, unit.code, unit.parent).where(unit.known_to.is_(None), unit.unit.is_not(None))
    return pd.DataFrame(connection.execute(rule).mappings().all(), columns=["unit", "code", "parent"])


def _pairs(frame: pd.DataFrame) -> set[tuple[int, str, int | None]]:
    return {
        (int(row.unit), row.code, None if pd.isna(row.parent) else int(row.parent))
        for row in frame.itertuples()
    }


def _codes(frame: pd.DataFrame) -> dict[int, str]:
    return dict(zip(map(int, frame["unit"]), frame["code"], strict=True))
