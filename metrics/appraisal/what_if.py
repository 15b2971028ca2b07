"""What if an item weighed more, asked for less, or were scored otherwise: ranks before and after. Nothing is kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from metrics.appraisal.material import Material, Standing, Subject, baseline_of
from metrics.appraisal.scoring import Entry, half_up
from metrics.appraisal.sheet import Item, Sheet
from metrics.cards import CARDS
from metrics.standards import MONTHS


def reweighted(material: Material, key: str, weight: int) -> Material:
    """The same with another weight (hundredths) of an item; the full points of the sheet follow.

    What the item says in points goes along in proportion: steps, deductions, their cap, and scores by hand.
    """
    item = material.sheet.item(key)
    share = Fraction(weight, item.weight)
    changed = replace(
        item,
        weight=weight,
        steps=tuple((bound, half_up(points * share)) for bound, points in item.steps),
        off=max(1, half_up(item.off * share)) if item.off else 0,
        cap=None if item.cap is None else half_up(item.cap * share),
    )
    entries = {
        subject: {name: _scaled(entry, share) if name == key else entry for name, entry in said.items()}
        for subject, said in material.entries.items()
    }
    sheet = _with(material.sheet, changed)
    full = sum(section.weight for section in sheet.sections)
    return replace(material, sheet=replace(sheet, full=full), entries=entries)


def rebased(material: Material, key: str, baseline: Decimal, month: int, period: str) -> Material:
    """The same with another baseline of an item, in the value's own unit (shares as 0.95), for every unit."""
    changed = replace(material.sheet.item(key), baseline=baseline)
    card = CARDS[changed.card]
    basis = changed.basis or str(card.bases[0])
    asked = baseline_of(changed, card, basis, month, math.nan, MONTHS[period])
    figures = {
        unit: {
            name: replace(figure, baseline=asked) if name == key else figure for name, figure in of.items()
        }
        for unit, of in material.figures.items()
    }
    return replace(material, sheet=_with(material.sheet, changed), figures=figures)


def rescored(material: Material, subject: Subject, key: str, points: int) -> Material:
    """The same with an item of one subject scored by hand, in hundredths of its weight in the sheet."""
    said = dict(material.entries.get(subject, {}))
    said[key] = Entry(points=points)
    return replace(material, entries={**material.entries, subject: said})


def compared(before: Standing, after: Standing) -> pd.DataFrame:
    """A row a subject, the best after the change first.

    unit, staff_no, points_before, points_after, full_before, full_after, grade_before, grade_after, rank_before,
    rank_after, moved (ranks won).
    """
    names = ["points", "full", "grade", "rank"]
    found = before.table[["unit", "staff_no", *names]].merge(
        after.table[["unit", "staff_no", *names]], on=["unit", "staff_no"], suffixes=("_before", "_after")
    )
    found = found.assign(moved=found["rank_before"] - found["rank_after"])
    return found.sort_values(["rank_after", "unit", "staff_no"], ignore_index=True)


def shares(standing: Standing) -> Mapping[int, Fraction]:
    """unit -> score, 0 to 100, as money is settled by it; whoever is vetoed has none."""
    found = {}
    for (unit, _), one in standing.scores.items():
        if one.full:
            share = Fraction(0) if one.veto else Fraction(one.points * 100, one.full)
            found[unit] = min(share, Fraction(100))
    return found


def _scaled(entry: Entry, share: Fraction) -> Entry:
    return entry if entry.points is None else replace(entry, points=half_up(entry.points * share))


def _with(sheet: Sheet, changed: Item) -> Sheet:
    sections = tuple(
        replace(section, items=tuple(changed if item.key == changed.key else item for item in section.items))
        for section in sheet.sections
    )
    return replace(sheet, sections=sections)
