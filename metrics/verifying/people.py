"""Who was drawn, as a list or a check sheet shows them: masked, or in full for whoever has the right to full lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Integer, column, select, values

from data import records
from data.identity import Identifiers, masked, told
from data.store import Snapshot, Store
from metrics.card import Basis
from metrics.cards import CARDS
from metrics.context import prepare, rules_of
from metrics.facts import home
from metrics.gaps import described, last_rules, last_table
from metrics.past import built
from metrics.principal import Principal
from metrics.tables import CURRENT
from metrics.verifying.evidence import RULES, speaking_rows
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
    places = list(zip(persons, (int(one) for one in lines["unit"]), strict=True))
    about = _described(known, row, places).drop(columns="person")
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


def _described(known: Snapshot | Store, row: dict, places: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """sex, age, place and the record that speaks for each, in their order."""
    card, table, persons = (
        CARDS[row["indicator"]],
        last_table(CARDS[row["indicator"]]),
        [p for p, _ in places],
    )
    person = CURRENT["person"]
    chosen = select(records.person.c.person).where(records.person.c.person.in_(persons))
    horizons = built(known)
    with known.records() as connection:
        horizon = horizons.get(row["event"], horizons[None])
        rules = [*rules_of([card]), select(home.c.person), select(person.c.person), *last_rules(card), *RULES]
        prepare(connection, rules, horizon, known_at=row["event"], persons=chosen)
        among = []
        if table is not None and places:
            who = values(column("person", Integer), column("unit", Integer), name="who").data(list(places))
            basis = Basis(row["basis"])
            rows = speaking_rows(card, row["month"], basis, horizon, who)
            if rows is not None:
                spoke = rows.subquery()
                among = [table.c.row_id.in_(connection.execute(select(spoke.c.row_id)).scalars().all())]
        return described(connection, card, persons, row["month"], among)
