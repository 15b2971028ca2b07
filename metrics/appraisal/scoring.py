"""Scoring: a sheet, the figures of one subject and what people wrote about it give a score. Pure arithmetic.

Weights and points are whole hundredths. A share of a weight is exact (fractions of whole numbers) and rounded half
up once, when it becomes the points of a line; the total is the sum of the lines' points.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from metrics.appraisal.sheet import TARGET, Item, Method, Sheet
from metrics.card import Direction

SCORED = "scored"  # from the figure
MANUAL = "manual"  # by a person
NOT_APPLICABLE = "not_applicable"  # its weight went to the others
NO_FIGURE = "no_figure"  # the figure was not delivered, or only in part: somebody must decide
OPEN = "open"  # nobody has scored it yet
STATES = (SCORED, MANUAL, NOT_APPLICABLE, NO_FIGURE, OPEN)
#: Why a line is not scored by its figure: statuses of figures, and these.
NO_TARGET, UNSCORED, SAID = "no_target", "unscored", "said"

K = TypeVar("K", bound=Hashable)  # who is ranked


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure as an item reads it. Shares are 0..1; ``status`` as in ``metrics.published.STATUSES``.

    ``hidden``: it is none for whoever may not see the people behind it (``metrics.small_numbers``).
    """

    numerator: float | None
    denominator: float | None  # None: a count
    value: float | None
    baseline: float | None  # None: the sheet's own number, or nothing to compare with
    status: str = "ok"
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person wrote about an item.

    applies  False: does not apply (of a veto: is not pronounced); True: applies (accepts a figure delivered in part;
             of a veto: is pronounced); None: as the figures say
    points   hundredths of the item's own weight in the sheet; None: as the figures say
    """

    applies: bool | None = None
    points: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """The score of one item. ``points`` is None while there is none; ``weight`` is after redistribution.

    A veto has weight 0, and points (0) only where it is pronounced. ``hidden``: what its figure says is not public, nor
    the points that follow from it (``metrics.appraisal.showing``).
    """

    item: str
    state: str
    weight: int
    points: int | None
    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    baseline: float | None = None
    reason: str = ""
    note: str | None = None
    hidden: bool = False

    @property
    def is_pronounced(self) -> bool:
        """Whether it is a veto that was pronounced."""
        return self.weight == 0 and self.points is not None

    @property
    def lost(self) -> int:
        """Points that a scored line did not get."""
        return 0 if self.points is None else max(0, self.weight - self.points)


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one subject.

    points      hundredths: the sum of the lines, bonuses included
    full        of the weighed items; 0 where none applies
    grade       None while items are open, or none applies
    veto        key of the item that vetoed; None: none
    open_items  keys of the items that somebody must decide
    """

    lines: tuple[Line, ...]
    points: int
    full: int
    grade: str | None
    veto: str | None
    open_items: tuple[str, ...]

    def line(self, item: str) -> Line:
        """The line of an item. Raises KeyError."""
        for line in self.lines:
            if line.item == item:
                return line
        raise KeyError(item)


def score(sheet: Sheet, figures: Mapping[str, Figure], entries: Mapping[str, Entry]) -> Score:
    """The score by a sheet. Raises ValueError when an entry gives more than an item has."""
    drawn = {item.key: _drawn(item, figures.get(item.key), entries.get(item.key)) for item in sheet.items}
    weights = redistributed(sheet, {key for key, (state, *_) in drawn.items() if state == NOT_APPLICABLE})
    lines, left = [], sheet.bonus
    for item in sheet.items:
        state, share, reason = drawn[item.key]
        weight = weights.get(item.key, item.weight)
        if item.method is Method.VETO:
            points = None if not share else 0
        else:
            points = None if share is None else half_up(share * weight)
        if item.method is Method.BONUS and points is not None:
            points = min(points, left)
            left -= points
        lines.append(_line(item, state, weight, points, reason, figures.get(item.key), entries.get(item.key)))
    return totalled(sheet, lines)


def totalled(sheet: Sheet, lines: Sequence[Line]) -> Score:
    """The score that lines add up to."""
    undecided = tuple(
        line.item
        for item, line in zip(sheet.items, lines, strict=True)
        if line.state in (NO_FIGURE, OPEN) and item.method is not Method.BONUS
    )
    veto = next((line.item for line in lines if line.is_pronounced), None)
    points = sum(line.points or 0 for line in lines)
    applies = any(
        item.is_weighed and line.state != NOT_APPLICABLE
        for item, line in zip(sheet.items, lines, strict=True)
    )
    full = sheet.full if applies else 0
    grade = None if undecided or not full else "unqualified" if veto else sheet.grades.of(points, full)
    return Score(tuple(lines), points, full, grade, veto, undecided)


def redistributed(sheet: Sheet, without: set[str]) -> dict[str, int]:
    """Weights of the weighed items when some do not apply (0 for these): in hundredths, adding up to the full points.

    What does not apply passes its weight to the others of its section in proportion; a section of which nothing
    applies passes its points to the other sections in proportion. Largest remainders see to the sum.
    """
    sections = [[item for item in section.items if item.is_weighed] for section in sheet.sections]
    applying = [[item for item in items if item.key not in without] for items in sections]
    totals = [sum(item.weight for item in items) for items in sections]
    if any(items and not some for items, some in zip(sections, applying, strict=True)):
        parts = [total if some else 0 for total, some in zip(totals, applying, strict=True)]
        totals = apportion(sum(totals), parts)
    found = {item.key: 0 for items in sections for item in items}
    for some, total in zip(applying, totals, strict=True):
        parts = apportion(total, [item.weight for item in some])
        found.update(zip((item.key for item in some), parts, strict=True))
    return found


def apportion(total: int, parts: Sequence[int]) -> list[int]:
    """A whole number divided in proportion to parts, by largest remainder; the first of equals comes first."""
    whole = sum(parts)
    if not whole:
        return [0] * len(parts)
    found = [total * part // whole for part in parts]
    order = sorted(range(len(parts)), key=lambda place: -(total * parts[place] % whole))
    for place in order[: total - sum(found)]:
        found[place] += 1
    return found


def half_up(number: Fraction) -> int:
    """A number that is not negative, rounded to a whole one; halves go up."""
    return math.floor(number + Fraction(1, 2))


def mean_points(points: Iterable[int]) -> int | None:
    """The mean of points that are not negative, whole; halves go up, as whoever checks it by hand would have it."""
    all_ = [int(one) for one in points]
    return half_up(Fraction(sum(all_), len(all_))) if all_ else None


def ranks(points: Mapping[K, int], group: Mapping[K, Hashable], vetoed: Collection[K]) -> dict[K, int]:
    """Places within each group, 1 the best; equal points share a place, the vetoed come after everybody else."""
    found: dict[K, int] = {}
    members: dict[Hashable, list[K]] = {}
    for subject in points:
        members.setdefault(group[subject], []).append(subject)
    for among in members.values():
        among.sort(key=lambda one: (one in vetoed, -points[one]))
        for place, subject in enumerate(among, 1):
            before = among[place - 2] if place > 1 else None
            same = before is not None and (before in vetoed, points[before]) == (
                subject in vetoed,
                points[subject],
            )
            found[subject] = found[before] if same else place
    return found


# -- one item --------------------------------------------------------------------------------------


def _drawn(item: Item, figure: Figure | None, entry: Entry | None) -> tuple[str, Fraction | None, str]:
    """(state, share of the weight or None, why); of a veto the share says whether it is pronounced."""
    entry = entry or Entry()
    if item.method is Method.VETO:
        return _veto(item, figure, entry)
    if entry.applies is False:
        return NOT_APPLICABLE, None, SAID
    if entry.points is not None:
        if not 0 <= entry.points <= item.weight:
            raise ValueError(f"item {item.key}: {entry.points} hundredths of {item.weight}")
        return MANUAL, Fraction(entry.points, item.weight), ""
    if item.card is None:
        return (MANUAL, Fraction(0), "") if item.method is Method.BONUS else (OPEN, None, UNSCORED)
    why = unusable(item, figure, accepted=entry.applies is True)
    if why == "empty":
        return (OPEN, None, UNSCORED) if entry.applies else (NOT_APPLICABLE, None, why)
    if why:
        return (OPEN if why == NO_TARGET else NO_FIGURE), None, why
    return SCORED, earned(item, figure), "part" if figure.status == "part" else ""


def _veto(item: Item, figure: Figure | None, entry: Entry) -> tuple[str, Fraction | None, str]:
    if entry.applies is not None or item.card is None:
        return MANUAL, Fraction(bool(entry.applies)), ""
    why = unusable(item, figure, accepted=False)
    if why == "empty":
        return NOT_APPLICABLE, None, why
    if why:
        return (OPEN if why == NO_TARGET else NO_FIGURE), None, why
    return SCORED, Fraction(not _meets(item, figure)), ""


def unusable(item: Item, figure: Figure | None, accepted: bool) -> str:
    """Why an item cannot be scored by its figure; "" when it can. ``accepted``: a figure delivered in part will do."""
    if figure is None:
        return "none"
    if figure.status == "empty" or (figure.status == "ok" and figure.denominator == 0):
        return "empty"
    if figure.status != "ok" and not (figure.status == "part" and accepted):
        return figure.status
    if _is_missing(figure.value):
        return "none"
    if item.baseline == TARGET and _is_missing(figure.baseline):
        return NO_TARGET
    return ""


def earned(item: Item, figure: Figure) -> Fraction:
    """The share of its weight that an item earns by a figure: 0 to 1, exactly."""
    value, baseline = exact_value(figure), _baseline(item, figure)
    if item.method is Method.PROPORTIONAL:
        return _proportion(item, value, baseline)
    if item.method is Method.YES_NO:
        return Fraction(_meets(item, figure))
    if item.steps:
        for bound, points in item.steps:
            if _reaches(item, value, Fraction(bound)):
                return Fraction(points, item.weight)
        return Fraction(0)
    if item.method is Method.BONUS:
        beyond = max(Fraction(0), (value - baseline) * _sign(item))
        return min(Fraction(1), Fraction(item.off * math.floor(beyond / Fraction(item.per)), item.weight))
    return 1 - Fraction(deducted(item, figure), item.weight)


def misses(item: Item, figure: Figure) -> Fraction:
    """What a deduction counts: how far the value is from its baseline; without one those who are missing."""
    baseline = _baseline(item, figure)
    if baseline is not None:
        return max(Fraction(0), (baseline - exact_value(figure)) * _sign(item))
    if figure.denominator is None:
        return max(Fraction(0), exact_value(figure))
    of_bad_ones = item.better is Direction.LOWER
    numerator, denominator = Fraction(figure.numerator), Fraction(figure.denominator)
    return max(Fraction(0), numerator if of_bad_ones else denominator - numerator)


def deducted(item: Item, figure: Figure) -> int:
    """Hundredths of the item's own weight that a deduction takes: for every full ``per`` missed, up to the cap."""
    most = item.weight if item.cap is None else item.cap
    return min(most, item.off * math.floor(misses(item, figure) / Fraction(item.per)))


def exact_value(figure: Figure) -> Fraction:
    """The value without the error of binary fractions: from the counts where it is their quotient."""
    top, bottom, value = figure.numerator, figure.denominator, figure.value
    if not _is_missing(top) and not _is_missing(bottom) and bottom:
        quotient = Fraction(top) / Fraction(bottom)
        if math.isclose(float(quotient), value, rel_tol=1e-9, abs_tol=1e-12):
            return quotient
    return _exact(value)


def _proportion(item: Item, value: Fraction, baseline: Fraction) -> Fraction:
    if _reaches(item, value, baseline):
        return Fraction(1)
    if item.better is Direction.HIGHER:
        return max(Fraction(0), value / baseline) if baseline > 0 else Fraction(0)
    return max(Fraction(0), baseline / value) if value > 0 else Fraction(0)


def _meets(item: Item, figure: Figure) -> bool:
    return _reaches(item, exact_value(figure), _baseline(item, figure))


def _reaches(item: Item, value: Fraction, bound: Fraction) -> bool:
    return value >= bound if item.better is Direction.HIGHER else value <= bound


def _sign(item: Item) -> int:
    return 1 if item.better is Direction.HIGHER else -1


def _baseline(item: Item, figure: Figure) -> Fraction | None:
    """The figure's baseline (a target, or what is due by now), else the sheet's number."""
    if not _is_missing(figure.baseline):
        return _exact(figure.baseline)
    return Fraction(item.baseline) if isinstance(item.baseline, Decimal) else None


def _exact(number: float) -> Fraction:
    return Fraction(Decimal(repr(float(number))))


def _is_missing(number: float | None) -> bool:
    return number is None or math.isnan(number)


def _line(item, state, weight, points, reason, figure: Figure | None, entry: Entry | None) -> Line:
    told = figure or Figure(None, None, None, None)
    baseline = told.baseline
    if _is_missing(baseline) and isinstance(item.baseline, Decimal):
        baseline = float(item.baseline)
    numbers = (told.numerator, told.denominator, told.value, baseline)
    plain = (None if _is_missing(number) else float(number) for number in numbers)
    note = entry.note if entry else None
    return Line(item.key, state, weight, points, *plain, reason, note, told.hidden)
