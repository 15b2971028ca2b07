"""What a circular is written from, read for one published round."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from exports.circular import Appraised, Indicator, Ranked
from metrics import figures, published
from metrics.appraisal import rounds
from metrics.appraisal.material import days_of, figures_of
from metrics.appraisal.scoring import Figure, Line
from metrics.appraisal.sheet import PERIOD, Item, Sheet
from metrics.card import Card
from metrics.cards import CARDS
from metrics.comparing.judging import compared
from metrics.comparing.levels import levels_in
from metrics.comparing.places import SIGN, THIN, UNKEPT
from metrics.figures import targets_in_force
from metrics.judgement import ranked
from metrics.own_work import own_part
from metrics.principal import Principal
from metrics.small_numbers import HIDDEN
from metrics.spreading import KEYS, with_deviation
from metrics.statistics.means import deviation_of


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
    spreads = _spreads(principal, connection, sheet, wanted, month)
    found = []
    for item in sheet.items:
        if item.card is None or not item.is_weighed:
            continue
        card = _as_scored(item)
        now = {unit: of[item.key] for unit, of in figures_now.items() if item.key in of}
        spread, is_kept = spreads.get(item.key, {}), item.key in spreads
        sides = {
            "with": _ranked(  # how widely means spread is not frozen with the scores
                card,
                [_frozen(lines[unit].get(item.key), names[unit], now.get(unit)) for unit in scores],
                month,
                is_kept=False,
            ),
            "own": _ranked(card, _own(card, now, spread, below, names), month, is_kept),
            "below": _ranked(
                card,
                [
                    replace(_row(now[one], names[one]), deviation=spread.get(one, math.nan))
                    for under in below.values()
                    for one in under
                    if one in now
                ],
                month,
                is_kept,
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


def _as_scored(item: Item) -> Card:
    """The card that an item reads, with the better side that the sheet gives it: who has full points is not told to be worse."""
    card = CARDS[item.card]
    return card if item.better is card.direction else replace(card, direction=item.better)


def _spreads(
    principal: Principal, connection: Connection, sheet: Sheet, units: Sequence[int], month: int
) -> dict[str, dict[int, float]]:
    """By item, of means: unit -> standard deviation of the single values. None is published of months added up."""
    means = {
        item.key: (item.card, item.basis or str(CARDS[item.card].bases[0]))
        for item in sheet.items
        if item.card is not None and CARDS[item.card].is_mean and item.basis != PERIOD
    }
    rows = [(card, unit, month, basis) for card, basis in sorted(set(means.values())) for unit in units]
    told = with_deviation(principal, connection, pd.DataFrame(rows, columns=KEYS), CARDS)
    by_figure = {
        key: dict(zip(of["unit"], of["deviation"], strict=True))
        for key, of in told.groupby(["indicator", "basis"])
    }
    return {item: by_figure.get(figure, {}) for item, figure in means.items()}


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
    card: Card,
    now: dict[int, Figure],
    spread: Mapping[int, float],
    below: dict[int, list[int]],
    names: dict[int, str],
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
            squares = _squares(whole, spread.get(unit)) - sum(
                _squares(part, spread.get(one)) for one, part in zip(under, parts, strict=True)
            )
            _, n, value = mine
            deviation = float(deviation_of(n, n * value, squares)) if card.is_mean else math.nan
            found.append(Ranked(names[unit], *mine, "ok", deviation))
    return found


def _squares(figure: Figure, deviation: float | None) -> float:
    """The sum of the squares of the single values of a mean; NaN where their spread is not known."""
    n, value = figure.denominator, figure.value
    if not n:
        return 0.0 if figure.status == "empty" else math.nan
    if n == 1:
        return float(value) ** 2
    return math.nan if deviation is None else (n - 1) * deviation**2 + n * float(value) ** 2


def _counts(figure: Figure) -> tuple[float, float]:
    """Numerator and denominator; of a unit with nobody to serve both are 0."""
    if figure.status == "empty":
        return 0.0, 0.0
    return tuple(math.nan if one is None else float(one) for one in (figure.numerator, figure.denominator))


def _ranked(card: Card, rows: list[Ranked], month: int, is_kept: bool = True) -> list[Ranked]:
    """Best value first, with the ranks and verdicts of the page of comparison; who has no whole figure comes last.

    ``is_kept``: whether the spread of a mean is known at all; where not, no unit is at fault that has no rank.
    """
    if not rows:
        return []
    names = ("numerator", "denominator", "value", "status", "deviation")
    frame = pd.DataFrame([{name: getattr(row, name) for name in names} for row in rows])
    # Against a target a circular says in its sentences; here units are held against each other alone.
    frame = frame.assign(
        indicator=card.key,
        unit=range(len(rows)),
        expected=np.nan,
        target=np.nan,
        target_to=np.nan,
    )
    told = compared(ranked(frame, card), card, month)
    if not is_kept:
        enough = told["denominator"] >= levels_in(month).mean_fewest
        told = told.assign(unranked=told["unranked"].mask((told["unranked"] == THIN) & enough, UNKEPT))
    placed = [replace(row, place=place) for row, place in zip(rows, told.itertuples(), strict=True)]
    return sorted(placed, key=partial(_order, SIGN[card.direction]))


def _order(sign: int, row: Ranked) -> tuple:
    """Ranks, then figures that have none from the best on, then units without a figure as they come. No NaN: nothing after it
    is compared."""
    no_rank, no_value = math.isnan(row.place.rank), math.isnan(row.value)
    return (
        no_rank,
        0 if no_rank else row.place.rank,
        no_value,
        0 if no_value else -sign * row.value,
        "" if no_value else row.unit,
    )
