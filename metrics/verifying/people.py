"""Who was drawn, as a list or a check sheet shows them: masked, or in full for whoever has the right to full lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import select

from data import records
from data.identity import Identifiers, masked, told
from data.store import Snapshot, Store
from metrics.cards import CARDS
from metrics.context import Horizon, prepare, rules_of
from metrics.facts import home
from metrics.figures import built
from metrics.gaps import described, last_rules
from metrics.principal import Principal
from metrics.tables import CURRENT
from metrics.verifying.frame import require_people


@dataclass(frozen=True, eq=False)
class People:
    """``rows``: line, unit, doctor, name_masked, sex, age, place, last_on, last_value (what the records claim, as known when the
    sample was drawn), signs, outcome, note, version; in full also name, phone, address. ``unread``: why names are missing, ""."""

    rows: pd.DataFrame
    unread: str = ""


def people(
    known: Snapshot | Store, principal: Principal, row: dict, lines: pd.DataFrame, full: bool = False
) -> People:
    """Some lines of a verification (``book.one``, ``book.lines``) with whom they are about.

    Raises NotAllowedError outside the scope, and with ``full`` without the right to full lists; whoever calls must log that.
    """
    if full:
        principal.require("full_lists")
    card = CARDS[row["indicator"]]
    require_people(known, principal, card, row["unit"])
    persons = [int(one) for one in lines["person"]]
    about = _described(known, row, persons).drop(columns="person")
    said = told(known, persons)
    names = masked(said)
    found = pd.concat([lines.reset_index(drop=True), about.reset_index(drop=True)], axis=1)
    found["name_masked"] = pd.Series([names.get(one) for one in persons], dtype=object)
    if full:
        for name in ("name", "phone", "address"):
            whole = [getattr(said.persons.get(one, Identifiers()), name) for one in persons]
            found[name] = pd.Series(whole, dtype=object)
    kept = ["line", "unit", "doctor", "name_masked", "sex", "age", "place", "last_on", "last_value"]
    kept += ["signs", "outcome", "note", "version"]
    return People(found[kept + (["name", "phone", "address"] if full else [])], said.unread)


def _described(known: Snapshot | Store, row: dict, persons: Sequence[int]) -> pd.DataFrame:
    """sex, age, place and last record of each, in their order."""
    card = CARDS[row["indicator"]]
    with known.published() as connection:
        build = built(connection)
    horizon = Horizon(build.first_month, build.last_month)
    person = CURRENT["person"]
    chosen = select(records.person.c.person).where(records.person.c.person.in_(list(persons)))
    with known.records() as connection:
        rules = [*rules_of([card]), select(home.c.person), select(person.c.person), *last_rules(card)]
        prepare(connection, rules, horizon, known_at=row["event"], persons=chosen)
        return described(connection, card, list(persons), row["month"])
