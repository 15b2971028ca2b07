"""What a round is scored from: the sheet, the figures of every subject, and what people wrote. Read once, scored often.

A what-if is the same material with something replaced (``dataclasses.replace``): another sheet, figure or entry.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd
from sqlalchemy import Connection, and_, or_, select

from data.records import staff
from data.store import read_frame
from metrics import published
from metrics.appraisal.scoring import Entry, Figure, Score, ranks, score
from metrics.appraisal.sheet import PERIOD, TARGET, Item, Sheet
from metrics.card import SCALE, Basis, Card
from metrics.cards import CARDS
from metrics.figures import targets_in_force, units
from metrics.judgement import accumulates, months_elapsed
from metrics.principal import Principal
from metrics.small_numbers import HIDDEN, NUMERATOR, VALUE, shown_to
from metrics.standards import MONTHS

Subject = tuple[int, str]  # unit and staff number; "" where the unit itself is appraised
VILLAGE_DOCTOR = "village_doctor"
_GOOD = ("ok", "part", "empty")


@dataclass(frozen=True)
class Material:
    """Everything that the scores of a round are made of.

    units    unit, name, kind, parent (NaN: none) of the subjects' units
    figures  by unit: by item key; doctors of a unit share what was measured there
    entries  by subject: by item key
    """

    sheet: Sheet
    subjects: tuple[Subject, ...]
    units: pd.DataFrame
    figures: Mapping[int, Mapping[str, Figure]]
    entries: Mapping[Subject, Mapping[str, Entry]]


@dataclass(frozen=True)
class Standing:
    """Scores of all subjects and where they stand.

    table: unit, staff_no, kind, parent, points, full, grade (None while items are open), veto, open (how many items),
    rank, peers (in the district), parent_rank, parent_peers; of subjects to whom nothing applies the ranks are NaN.
    """

    scores: Mapping[Subject, Score]
    table: pd.DataFrame


def standing(material: Material) -> Standing:
    """The scores of a material, ranked among units of the same kind."""
    scores = {
        subject: score(
            material.sheet, material.figures.get(subject[0], {}), material.entries.get(subject, {})
        )
        for subject in material.subjects
    }
    about = material.units.set_index("unit")
    kind = about["kind"].to_dict()
    parent = {unit: None if pd.isna(above) else int(above) for unit, above in about["parent"].items()}
    table = pd.DataFrame(
        [
            {
                "unit": unit,
                "staff_no": staff_no,
                "kind": kind[unit],
                "parent": parent[unit],
                "points": one.points,
                "full": one.full,
                "grade": one.grade,
                "veto": one.veto,
                "open": len(one.open_items),
            }
            for (unit, staff_no), one in scores.items()
        ],
        columns=["unit", "staff_no", "kind", "parent", "points", "full", "grade", "veto", "open"],
    )
    return Standing(scores, with_ranks(table))


def with_ranks(
    table: pd.DataFrame, points: str = "points", veto: str = "veto", prefix: str = ""
) -> pd.DataFrame:
    """Add rank, peers, parent_rank, parent_peers (each with a prefix); a subject without full points has none."""
    keys = list(zip(table["unit"], table["staff_no"], strict=True))
    counted = {key: row for key, row in zip(keys, table.itertuples(), strict=True) if row.full > 0}
    worth = {key: getattr(row, points) for key, row in counted.items()}
    vetoed = {key for key, row in counted.items() if isinstance(getattr(row, veto), str)}
    out = table
    for name, group in (
        ("", {key: row.kind for key, row in counted.items()}),
        (
            "parent_",
            {key: (row.kind, -1 if pd.isna(row.parent) else row.parent) for key, row in counted.items()},
        ),
    ):
        place = ranks(worth, group, vetoed)
        among = pd.Series(group, dtype=object).value_counts().to_dict() if group else {}
        out = out.assign(
            **{
                f"{prefix}{name}rank": [float(place.get(key, math.nan)) for key in keys],
                f"{prefix}{name}peers": [float(among.get(group.get(key), math.nan)) for key in keys],
            }
        )
    return out


# -- who is appraised ------------------------------------------------------------------------------


def days_of(month: int, period: str) -> tuple[date, date]:
    """First and last day of the period that ends with a month."""
    first = month - MONTHS[period] + 1
    last = calendar.monthrange(month // 12, month % 12 + 1)[1]
    return date(first // 12, first % 12 + 1, 1), date(month // 12, month % 12 + 1, last)


def appraised_units(
    principal: Principal, connection: Connection, sheet: Sheet, month: int, period: str
) -> pd.DataFrame:
    """The units of a sheet's kinds that were open at the end of the period: unit, name, kind, parent; tree order."""
    _, last = days_of(month, period)
    tree = units(principal, connection)
    opened = pd.to_datetime(tree["opened_on"]).isna() | (
        pd.to_datetime(tree["opened_on"]) <= pd.Timestamp(last)
    )
    closed = pd.to_datetime(tree["closed_on"]) <= pd.Timestamp(last)
    found = tree[tree["kind"].isin(sheet.kinds) & opened & ~closed]
    return found[["unit", "name", "kind", "parent"]].reset_index(drop=True)


def village_doctors(
    principal: Principal, records: Connection, among: Iterable[int], month: int, period: str
) -> list[Subject]:
    """Village doctors employed at some time of the period, of units whose people the principal may see."""
    first, last = days_of(month, period)
    statement = (
        select(staff.c.unit, staff.c.staff_no)
        .where(
            staff.c.known_to.is_(None),
            staff.c.role == VILLAGE_DOCTOR,
            staff.c.start_on <= last,
            or_(staff.c.end_on.is_(None), staff.c.end_on >= first),
            staff.c.unit.in_(list(among)),
            principal.own.holds(staff.c.unit),
        )
        .distinct()
        .order_by(staff.c.unit, staff.c.staff_no)
    )
    return [(int(unit), number) for unit, number in records.execute(statement)]


# -- figures ---------------------------------------------------------------------------------------


def figures_of(
    principal: Principal,
    connection: Connection,
    sheet: Sheet,
    among: pd.DataFrame,
    month: int,
    period: str,
    to_show: bool = False,
) -> dict[int, dict[str, Figure]]:
    """The figures that a sheet reads, of units (unit, kind), in one query: by unit, by item key.

    Scores are made of the figures as they are. ``to_show``: small numbers that are none of the principal's to see are
    hidden (``metrics.small_numbers``).
    """
    items = [item for item in sheet.items if item.card is not None]
    if not items or among.empty:
        return {}
    months = range(month - MONTHS[period] + 1, month + 1)
    rows = _rows(principal, connection, items, among["unit"].tolist(), month, months, to_show)
    targets = targets_in_force(principal, connection, month // 12)
    found: dict[int, dict[str, Figure]] = {}
    for unit, kind in zip(among["unit"], among["kind"], strict=True):
        unit = int(unit)
        mine = found[unit] = {}
        for item in items:
            card = CARDS[item.card]
            basis = item.basis or str(card.bases[0])
            if basis == PERIOD:
                parts = [rows.get((item.card, unit, one, Basis.MONTH)) for one in months]
                told = added_up(card, parts)
            else:
                told = rows.get((item.card, unit, month, basis))
            if told is None:
                if card.kinds is None or kind in card.kinds:
                    continue  # not delivered
                told = (None, None, None, "empty", False) if not _has_below(card, kind) else None
                if told is None:
                    continue
            numerator, denominator, value, status, hidden = told
            target = (
                targets.find(item.card, month // 12, unit, kind)[0] if item.baseline == TARGET else math.nan
            )
            baseline = baseline_of(item, card, basis, month, target, len(months))
            mine[item.key] = Figure(numerator, denominator, value, baseline, status, hidden)
    return found


def _has_below(card: Card, kind: str) -> bool:
    return kind == "centre" and bool({"station", "clinic"} & set(card.kinds))


def _rows(
    principal, connection, items: list[Item], among: list[int], month: int, months: range, to_show: bool
) -> dict:
    """(indicator, unit, month, basis) -> (numerator, denominator, value, status, whether some of it is not public)."""
    f = published.figure.c
    at_end, monthly = {}, set()
    for item in items:
        basis = item.basis or str(CARDS[item.card].bases[0])
        if basis == PERIOD:
            monthly.add(item.card)
        else:
            at_end.setdefault(basis, set()).add(item.card)
    wanted = [
        and_(f.basis == basis, f.month == month, f.indicator.in_(sorted(keys)))
        for basis, keys in at_end.items()
    ]
    if monthly:
        wanted.append(
            and_(f.basis == Basis.MONTH, f.month.in_(list(months)), f.indicator.in_(sorted(monthly)))
        )
    statement = select(
        f.indicator, f.unit, f.month, f.basis, f.numerator, f.denominator, f.value, f.status, f.hidden
    ).where(f.stratum == "", f.unit.in_(among), principal.figures.holds(f.unit), or_(*wanted))
    if not to_show:
        return {
            tuple(row[:4]): (*row[4:8], bool(row[8] & (NUMERATOR | VALUE)))
            for row in connection.execute(statement)
        }
    shown = shown_to(principal, read_frame(connection, statement))
    shown = shown.astype(object).where(shown.notna(), None)
    return {row[:4]: (*row[4:], row[7] == HIDDEN) for row in shown.itertuples(index=False, name=None)}


def added_up(card: Card, parts: list[tuple | None]) -> tuple | None:
    """The months of a period as one figure: (numerator, denominator, value, status, hidden); None where none is there."""
    there = [part for part in parts if part is not None]
    if not there:
        return None
    statuses = {part[3] for part in there}
    hidden = any(part[4] for part in there)
    if HIDDEN in statuses:
        return None, None, None, HIDDEN, True
    whole = [part for part in there if part[3] in _GOOD]
    if statuses == {"empty"} and len(there) == len(parts):
        return None, 0, None, "empty", hidden
    if not any(part[3] in ("ok", "part") for part in whole):
        bad = [part[3] for part in there if part[3] not in _GOOD]
        return None, None, None, bad[0] if bad else "none", hidden
    complete = len(whole) == len(parts) and "part" not in statuses
    top = sum(part[0] or 0 for part in whole)
    if not card.is_ratio:
        return top, None, top / SCALE.get(card.unit, 1), "ok" if complete else "part", hidden
    bottom = sum(part[1] or 0 for part in whole)
    if not bottom:
        return top, 0, None, "empty" if complete else "none", hidden
    return top, bottom, top / (bottom * SCALE.get(card.unit, 1)), "ok" if complete else "part", hidden


def baseline_of(item: Item, card: Card, basis: str, month: int, target: float, months: int) -> float | None:
    """The number that an item's value is compared with; None where the sheet names none, or no target is in force.

    A year's target of a count is divided over the months that the figure counts; pro rata the part of the baseline
    that is due by now is taken where the figure grows with the year.
    """
    if item.baseline is None:
        return None
    if item.baseline == TARGET:
        if math.isnan(target):
            return None
        base = Fraction(repr(float(target)))
        if not card.is_ratio and card.derived is None and basis in (Basis.MONTH, PERIOD):
            base = base * (months if basis == PERIOD else 1) / 12
    else:
        base = Fraction(item.baseline)
    if item.pro_rata and accumulates(card, basis):
        base = base * months_elapsed(card, month) / 12
    return float(base)
