"""What a circular is written from, read for one published round."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import pandas as pd
from sqlalchemy import Connection, select

from exports.circular import Appraised, Indicator, Ranked
from metrics import figures, published
from metrics.appraisal import rounds
from metrics.appraisal.material import days_of
from metrics.appraisal.sheet import PERIOD, Item, Sheet
from metrics.card import Basis, Card
from metrics.cards import CARDS
from metrics.judgement import Targets, ranked_by_card
from metrics.own_work import own_part
from metrics.principal import Principal
from metrics.reading import read_frame

_F = published.figure.c


def appraised(
    principal: Principal,
    register: Connection,
    published_: Connection,
    number: int,
    bureau: str,
    mend_by: date,
    findings: pd.DataFrame | None = None,
) -> Appraised:
    """The material of a published round of institutions.

    ``findings``: open findings (unit, what, due_on, days_left). Raises ValueError for a round of doctors: a circular
    names institutions.
    """
    row = rounds.round_of(register, number)
    sheet = rounds.sheet_of(row)
    if sheet.subject != "unit":
        raise ValueError("a circular is about institutions")
    results = rounds.results(principal, register, number)
    before_number = rounds.previous(principal, register, number)
    before = rounds.results(principal, register, before_number) if before_number else None
    tree = figures.units(principal, published_)
    first, last = days_of(row["month"], row["period"])
    return Appraised(
        bureau=bureau,
        sheet=sheet,
        month=int(row["month"]),
        first=first,
        last=last,
        results=results.sort_values(["final_rank", "unit"], ignore_index=True),
        before={} if before is None else {int(one.unit): int(one.final) for one in before.itertuples()},
        scores={
            int(unit): [
                rounds.as_line(line)
                for line in rounds.lines(principal, register, number, int(unit)).itertuples()
            ]
            for unit in results["unit"]
        },
        names=dict(zip(tree["unit"].astype(int), tree["name"], strict=True)),
        indicators=indicators(
            principal, published_, sheet, [int(u) for u in results["unit"]], int(row["month"]), tree
        ),
        findings=findings,
        mend_by=mend_by,
    )


def indicators(
    principal: Principal,
    connection: Connection,
    sheet: Sheet,
    among: Sequence[int],
    month: int,
    tree: pd.DataFrame,
) -> list[Indicator]:
    """Each item of the sheet that reads a card, once a card, with its rows in the three customary tables."""
    items: dict[str, Item] = {}
    for item in sheet.items:
        if item.card is not None and item.is_weighed:
            items.setdefault(item.card, item)
    cards = {key: CARDS[key] for key in items}
    below = {unit: _under(tree, unit) for unit in among}
    wanted = sorted({*among, *(one for under in below.values() for one in under)})
    rows = read_frame(
        connection,
        select(published.figure).where(
            _F.indicator.in_(list(cards)),
            _F.month == month,
            _F.stratum == "",
            _F.unit.in_(wanted),
            principal.figures.holds(_F.unit),
        ),
    ).astype(dict.fromkeys(["numerator", "listed", "denominator", "value"], float))
    targets = Targets(
        read_frame(connection, select(published.target).where(published.target.c.year == month // 12))
    )
    names = dict(zip(tree["unit"].astype(int), tree["name"], strict=True))
    kind = tree.loc[tree["unit"].isin(among), "kind"].iloc[0] if len(among) else "centre"
    found = []
    for key, item in items.items():
        card, basis = cards[key], _basis(item, cards[key])
        of = rows[(rows["indicator"] == key) & (rows["basis"] == basis)]
        by_unit = {int(row.unit): row for row in of.itertuples()}
        sides = {
            "with": _ranked(card, [_row(by_unit.get(unit), names[unit]) for unit in among]),
            "own": _own(card, by_unit, below, names),
            "below": _ranked(
                card,
                [
                    _row(by_unit[one], names[one])
                    for under in below.values()
                    for one in under
                    if one in by_unit
                ],
            ),
        }
        target = targets.find(key, month // 12, -1, kind)[0]
        found.append(Indicator(item, card, basis, target, sides))
    return found


def _basis(item: Item, card: Card) -> str:
    """The basis that the tables show: the item's, but of a period summed up the year so far."""
    known = [str(basis) for basis in card.bases]
    if item.basis and item.basis != PERIOD:
        return item.basis
    return str(Basis.YTD) if item.basis == PERIOD and str(Basis.YTD) in known else known[0]


def _under(tree: pd.DataFrame, unit: int) -> list[int]:
    return [int(one) for one in tree.loc[tree["parent"] == unit, "unit"]]


def _row(row, name: str) -> Ranked:
    if row is None:
        return Ranked(None, name, math.nan, math.nan, math.nan, "none")
    return Ranked(None, name, row.numerator, row.denominator, row.value, row.status)


def _own(card: Card, by_unit: dict, below: dict[int, list[int]], names: dict[int, str]) -> list[Ranked]:
    """Centres themselves; empty where the card's figures cannot be taken apart."""
    found = []
    for unit, under in below.items():
        whole = by_unit.get(unit)
        parts = [by_unit.get(one) for one in under]
        if whole is None or whole.status != "ok" or any(part is None for part in parts):
            continue
        mine = own_part(
            card, (whole.numerator, whole.denominator), [(part.numerator, part.denominator) for part in parts]
        )
        if mine is not None:
            found.append(Ranked(None, names[unit], *mine, "ok"))
    return _ranked(card, found)


def _ranked(card: Card, rows: list[Ranked]) -> list[Ranked]:
    """Best first, with ranks; who has no whole figure comes last without one."""
    if not rows:
        return []
    frame = pd.DataFrame([{"indicator": card.key, "value": row.value, "status": row.status} for row in rows])
    ranks = ranked_by_card(frame, {card.key: card})["rank"]
    placed = [
        Ranked(
            None if math.isnan(rank) else int(rank),
            row.unit,
            row.numerator,
            row.denominator,
            row.value,
            row.status,
        )
        for row, rank in zip(rows, ranks, strict=True)
    ]
    return sorted(placed, key=lambda row: (row.rank is None, row.rank or 0, math.isnan(row.value), row.unit))
