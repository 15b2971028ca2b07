"""What of scores somebody is shown: no line that tells a small number, and no total that does.

A line whose figure is not public has neither counts nor points for whoever may not see the people behind it. Its total
stays where it leaves the hidden counts open (``metrics.appraisal.guessing``); else the subject is left out of the results,
and ranks are among those who are shown. Who may see the people sees everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from metrics.appraisal.guessing import tells
from metrics.appraisal.material import Material, Standing, with_ranks
from metrics.appraisal.scoring import SCORED, Line
from metrics.appraisal.sheet import Item, Sheet
from metrics.cards import CARDS
from metrics.principal import Principal
from metrics.small_numbers import is_of_persons, sees_all, threshold


def is_theirs(principal: Principal, unit: int, item: Item) -> bool:
    """Whether the people behind an item's figure at a unit are somebody's to see."""
    card = CARDS.get(item.card)
    return unit in principal.persons and (card is None or principal.in_charge_of(card.system))


def total_is_theirs(principal: Principal, unit: int) -> bool:
    """Whether the people behind all items at a unit are."""
    return unit in principal.persons and not principal.systems


def shown_line(principal: Principal, unit: int, line: Line, item: Item) -> Line:
    """A line as somebody may see it; ``hidden`` says that it is hidden from them.

    A veto that a figure pronounced is public: only its numbers are hidden.
    """
    if not line.hidden or is_theirs(principal, unit, item):
        return replace(line, hidden=False)
    points = None if line.state == SCORED and line.weight else line.points
    return replace(line, numerator=None, denominator=None, value=None, points=points)


def shown_lines(principal: Principal, unit: int, lines: Sequence[Line], sheet: Sheet) -> list[Line]:
    """All lines of a subject as somebody may see them."""
    return [shown_line(principal, unit, line, sheet.item(line.item)) for line in lines]


def total_is_hidden(sheet: Sheet, lines: Sequence[Line], month: int) -> bool:
    """Whether the total of these lines is not public: it would tell what one of them stands on."""
    return tells(sheet, lines, threshold(month))


def shown_results(principal: Principal, table: pd.DataFrame, *ranked: tuple[str, str, str]) -> pd.DataFrame:
    """Results without subjects whose total is hidden from somebody; ``hidden``: bool.

    ``ranked``: which ranks are made anew then, among those that are left: columns of points and veto, prefix of the ranks.
    """
    gone = table["hidden"].astype(bool) & ~table["unit"].map(lambda unit: total_is_theirs(principal, unit))
    if not gone.any():
        return table
    table = table[~gone].reset_index(drop=True)
    for points, veto, prefix in ranked:
        table = with_ranks(table, points, veto, prefix)
    return table


def shown_standing(principal: Principal, material: Material, found: Standing, month: int) -> Standing:
    """The standing of a draft as somebody may see it."""
    scores, hidden = {}, {}
    for (unit, staff_no), one in found.scores.items():
        theirs = sees_all(principal) or total_is_theirs(principal, unit)
        hidden[unit, staff_no] = not theirs and total_is_hidden(material.sheet, one.lines, month)
        if not hidden[unit, staff_no]:
            lines = shown_lines(principal, unit, one.lines, material.sheet)
            scores[unit, staff_no] = replace(one, lines=tuple(lines))
    keys = zip(found.table["unit"], found.table["staff_no"], strict=True)
    table = found.table.assign(hidden=[hidden[key] for key in keys])
    return Standing(scores, shown_results(principal, table, ("points", "veto", "")).drop(columns="hidden"))


def hides_from(principal: Principal, material: Material, scores: Mapping[tuple[int, str], object]) -> bool:
    """Whether some line of a draft is hidden from somebody: then nothing may be tried out on it by them."""
    items = {item.key: item for item in material.sheet.items}
    return any(
        figure.hidden and not is_theirs(principal, unit, items[key])
        for unit in {unit for unit, _ in scores}
        for key, figure in material.figures.get(unit, {}).items()
    )


def hidden_before(line: Line, item: Item) -> bool:
    """Whether a line published before masks were kept with scores is taken for hidden: whatever counts persons."""
    card = CARDS.get(item.card)
    return card is not None and is_of_persons(card) and line.numerator is not None
