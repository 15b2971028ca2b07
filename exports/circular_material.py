"""What a circular is written from, read for one published round."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from exports.circular import Appraised, Indicator, Ranked
from metrics import figures, published
from metrics.appraisal import rounds
from metrics.appraisal.material import days_of, figures_of
from metrics.appraisal.scoring import Figure, Line
from metrics.appraisal.sheet import Sheet
from metrics.card import Card
from metrics.cards import CARDS
from metrics.comparing.judging import compared
from metrics.figures import targets_in_force
from metrics.judgement import ranked
from metrics.own_work import own_part
from metrics.principal import Principal
from metrics.small_numbers import HIDDEN


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
    left_out = [unit for unit, _ in rounds.left_out(principal, register, number)]
    scores = {  # of those without a total too: their public lines stand in the tables of indicators
        int(unit): [
            rounds.as_line(line) for line in rounds.lines(principal, register, number, int(unit)).itertuples()
        ]
        for unit in [*results["unit"], *left_out]
    }
    return Appraised(
        bureau=bureau,
        sheet=sheet,
        month=int(row["month"]),
        first=first,
        last=last,
        results=results.sort_values(["final_rank", "unit"], ignore_index=True),
        before={} if before is None else {int(one.unit): int(one.final) for one in before.itertuples()},
        scores=scores,
        names=dict(zip(tree["unit"].astype(int), tree["name"], strict=True)),
        indicators=indicators(principal, published_, sheet, scores, int(row["month"]), row["period"], tree),
        findings=findings,
        mend_by=mend_by,
        left_out=left_out,
    )


def indicators(
    principal: Principal,
    connection: Connection,
    sheet: Sheet,
    scores: Mapping[int, Sequence[Line]],
    month: int,
    period: str,
    tree: pd.DataFrame,
) -> list[Indicator]:
    """Each item of the sheet that reads a card, with its rows in the three customary tables.

    The first table is what was frozen with the scores; what centres did themselves and what stands below them is of
    today's figures. ``baseline`` is what the scores asked for: in mid-year the part of a year's target due by then.
    """
    below = {unit: _under(tree, unit) for unit in scores}
    wanted = sorted({*scores, *(one for under in below.values() for one in under)})
    among = tree[tree["unit"].isin(wanted)]
    figures_now = figures_of(principal, connection, sheet, among, month, period, to_show=True)
    targets = targets_in_force(principal, connection, month // 12)
    names = dict(zip(tree["unit"].astype(int), tree["name"], strict=True))
    kinds = dict(zip(tree["unit"].astype(int), tree["kind"], strict=True))
    lines = {unit: {line.item: line for line in of} for unit, of in scores.items()}
    found = []
    for item in sheet.items:
        if item.card is None or not item.is_weighed:
            continue
        card = CARDS[item.card]
        now = {unit: of[item.key] for unit, of in figures_now.items() if item.key in of}
        sides = {
            "with": _ranked(
                card,
                [_frozen(lines[unit].get(item.key), names[unit], now.get(unit)) for unit in scores],
                month,
            ),
            "own": _own(card, now, below, names, month),
            "below": _ranked(
                card,
                [_row(now[one], names[one]) for under in below.values() for one in under if one in now],
                month,
            ),
        }
        baselines = {
            names[unit]: lines[unit][item.key].baseline for unit in scores if item.key in lines[unit]
        }
        kind = kinds[next(iter(scores))] if scores else "centre"
        target = targets.find(card.key, month // 12, -1, kind)[0]
        basis = item.basis or str(card.bases[0])
        found.append(Indicator(item, card, basis, target, baselines, sides, month))
    return found


def _under(tree: pd.DataFrame, unit: int) -> list[int]:
    return [int(one) for one in tree.loc[tree["parent"] == unit, "unit"]]


def _row(figure: Figure, name: str) -> Ranked:
    return _ranked_row(name, figure.numerator, figure.denominator, figure.value, figure.status)


def _frozen(line: Line | None, name: str, now: Figure | None) -> Ranked:
    """What was frozen with the score; of a figure that is hidden from whoever asks, nothing."""
    if line is None:
        return _ranked_row(name, None, None, None, "none")
    if line.hidden or (now is not None and now.status == HIDDEN):
        return _ranked_row(name, None, None, None, HIDDEN)
    status = "ok" if line.value is not None else line.reason if line.reason in published.STATUSES else "none"
    return _ranked_row(name, line.numerator, line.denominator, line.value, status)


def _ranked_row(name: str, *numbers_and_status) -> Ranked:
    *numbers, status = numbers_and_status
    return Ranked(name, *(math.nan if one is None else float(one) for one in numbers), status)


def _own(
    card: Card, now: dict[int, Figure], below: dict[int, list[int]], names: dict[int, str], month: int
) -> list[Ranked]:
    """Centres themselves; empty where the card's figures cannot be taken apart."""
    found = []
    for unit, under in below.items():
        whole, parts = now.get(unit), [now.get(one) for one in under]
        if (
            whole is None
            or whole.status != "ok"
            or any(part is None or part.status not in ("ok", "empty") for part in parts)
        ):
            continue
        mine = own_part(card, _counts(whole), [_counts(part) for part in parts])
        if mine is not None:
            found.append(Ranked(names[unit], *mine, "ok"))
    return _ranked(card, found, month)


def _counts(figure: Figure) -> tuple[float, float]:
    """Numerator and denominator; of a unit with nobody to serve both are 0."""
    if figure.status == "empty":
        return 0.0, 0.0
    return tuple(math.nan if one is None else float(one) for one in (figure.numerator, figure.denominator))


def _ranked(card: Card, rows: list[Ranked], month: int) -> list[Ranked]:
    """Best value first, with the ranks and verdicts of the page of comparison; who has no whole figure comes last."""
    if not rows:
        return []
    names = ("numerator", "denominator", "value", "status")
    frame = pd.DataFrame([{name: getattr(row, name) for name in names} for row in rows])
    # How widely means spread is not kept with a round: they get no rank.
    # Against a target a circular says in its sentences; here units are held against each other alone.
    frame = frame.assign(
        indicator=card.key,
        unit=range(len(rows)),
        expected=np.nan,
        target=np.nan,
        target_to=np.nan,
        deviation=np.nan,
    )
    told = compared(ranked(frame, card), card, month)
    placed = [replace(row, place=place) for row, place in zip(rows, told.itertuples(), strict=True)]
    return sorted(
        placed, key=lambda row: (math.isnan(row.place.rank), row.place.rank, math.isnan(row.value), row.unit)
    )
