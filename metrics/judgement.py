"""Judging figures: target, what should be reached by now, who is missing, ranks. Pure arithmetic.

Frames have one row a figure with the columns of ``published.figure`` and gain named columns;
shares are 0..1 throughout, missing numbers are NaN.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from metrics.card import SCALE, Basis, Card, Direction, Gap, Period, Unit
from metrics.small_numbers import HIDDEN
from metrics.standards import number

ABOVE = "above"  # better than the target
AT = "at"  # it, or better by so little that it is not shown
COURSE = "course"  # not there yet, but where it should be by now
BELOW = "below"  # worse than it should be by now
NONE = "none"  # no target, no figure, or a figure that is only part
JUDGEMENTS = (ABOVE, AT, COURSE, BELOW, NONE)


def months_elapsed(card: Card, month: int) -> int:
    """Months of the card's year that have passed at the end of ``month``: 1 to 12."""
    first = number("season_first_month" if card.period is Period.SEASON else "year_first_month")
    return (month - (first - 1)) % 12 + 1


def accumulates(card: Card, basis: str) -> bool:
    """Whether the figure is expected to grow with the year, so that a part of it is due by now."""
    if card.direction is not Direction.HIGHER or card.level or card.derived is not None:
        return False
    if card.is_ratio:
        return card.period in (Period.IN_YEAR, Period.SEASON)
    return basis == Basis.YTD


def expected_by_now(
    card: Card, basis: str, month: int, target: float, reached: float | None = math.nan
) -> float:
    """The target, or the part of it due by now for a figure that grows with the year.

    ``reached``: the share of its year-end value that last year's figure had reached by this month;
    services have seasons. NaN: there was no last year, and the part is proportional to time. None: it is hidden from
    whoever asks, and so is the part: another one would judge the same figure differently for different readers.
    """
    if not accumulates(card, basis):
        return target
    if reached is None:
        return math.nan
    return target * (months_elapsed(card, month) / 12 if math.isnan(reached) else min(reached, 1.0))


def year_end_before(card: Card, month: int) -> int:
    """The last month of the card's year before the one that ``month`` lies in."""
    return month - months_elapsed(card, month)


def seasonal_course(
    figures: pd.DataFrame, before: pd.DataFrame, cards: Mapping[str, Card]
) -> dict[tuple[str, int, int], float | None]:
    """(indicator, unit, month) -> the share of its year-end value that last year's figure had reached by then; None
    where one of the two is hidden from whoever asks.

    ``before`` has the same columns and holds last year's months and year ends, where there are any.
    """
    hidden = before[before["status"] == HIDDEN]
    unseen = {(row.indicator, row.unit, row.month, row.basis) for row in hidden.itertuples()}
    whole = before[before["status"].isin(["ok", "part"])]
    known = {(row.indicator, row.unit, row.month, row.basis): row.value for row in whole.itertuples()}
    found = {}
    for row in figures.itertuples():
        ended = year_end_before(cards[row.indicator], row.month)
        places = [(row.indicator, row.unit, month, row.basis) for month in (row.month - 12, ended)]
        if not unseen.isdisjoint(places):
            found[row.indicator, row.unit, row.month] = None
            continue
        then, end = (known.get(place, math.nan) for place in places)
        if end > 0 and then == then:
            found[row.indicator, row.unit, row.month] = then / end
    return found


def missing(card: Card, target: float, numerator: float, denominator: float) -> float:
    """How many more are needed to reach the target; NaN where the question has no meaning.

    For a share where more is better: ceil(target * denominator) - numerator. For a count: what is
    left of the target. Never negative. The product is rounded first: 0.9 * 110 is 99, not 99.00...01.
    Of what should not happen at all (a count, less is better, target 0): how many too many.
    """
    if math.isnan(target) or math.isnan(numerator):
        return math.nan
    if card.direction is Direction.LOWER and target == 0 and not card.is_ratio:
        return numerator / scale_of(card)
    if card.direction is not Direction.HIGHER:
        return math.nan
    if card.unit is Unit.PERCENT:
        if math.isnan(denominator):
            return math.nan
        return max(0.0, math.ceil(round(target * denominator, 6)) - numerator) / scale_of(card)
    if card.is_ratio:
        return math.nan
    needed = math.ceil(round(target, 6))
    return max(0.0, needed - numerator / scale_of(card))


def scale_of(card: Card) -> float:
    """How many of what a numerator counts make one of what is missing: fen for yuan; 1 for shares of counts."""
    return SCALE.get(card.parts if card.is_ratio else card.unit, 1)


def best_pace(card: Card, basis: str, numerators: Mapping[int, float]) -> float:
    """The most by which the numerator ever grew in a month; NaN where that has no meaning.

    ``numerators``: by month, on one basis. A figure that starts anew each year grows from nothing in its
    year's first month.
    """
    grown = []
    for month, now in numerators.items():
        if basis == Basis.MONTH or (basis == Basis.YTD and months_elapsed(card, month) == 1):
            grown.append(now)
        elif basis in (Basis.YTD, Basis.AS_OF) and month - 1 in numerators:
            grown.append(now - numerators[month - 1])
    return max((one for one in grown if not math.isnan(one)), default=math.nan) / scale_of(card)


def last_chance(card: Card, month: int, short: float, pace: float) -> float:
    """The last month that may be the first one at the best pace, if the target is to be reached by the year's end.

    ``short``: how many are missing after ``month``. Once this is no later than ``month`` the target can no
    longer be reached even so. NaN where nobody is missing or no pace is known, and of what should not happen.
    """
    if card.direction is Direction.LOWER or math.isnan(short) or short <= 0 or math.isnan(pace) or pace <= 0:
        return math.nan
    end = month + 12 - months_elapsed(card, month)
    return float(end - math.ceil(round(short / pace, 6)) + 1)


def judge(
    card: Card, status: str, value: float, target: float, expected: float, target_to: float = math.nan
) -> str:
    """One of JUDGEMENTS. Only whole figures are judged (see ``judged`` for the one exception).

    ``target_to``: the upper end of a range; within it the target is met.
    """
    if status != "ok" or math.isnan(value) or math.isnan(target):
        return NONE
    if not math.isnan(target_to):
        return _judge_range(card, value, target, target_to)
    if card.direction is Direction.NONE:
        return NONE
    sign = 1 if card.direction is Direction.HIGHER else -1
    if sign * (value - target) > -_EQUAL:  # who misses it by a little has missed it
        return AT if _same(value, target, card.unit) else ABOVE
    if math.isnan(expected):  # the target is not met yet, and what is due by now is hidden
        return NONE
    if sign * (value - expected) > -_EQUAL or (expected != target and _same(value, expected, card.unit)):
        return COURSE
    return BELOW


def _judge_range(card: Card, value: float, low: float, high: float) -> str:
    """Within the range is at the target; beyond it is better only where the card's direction says so."""
    if low - _EQUAL < value < high + _EQUAL:
        return AT
    beyond = Direction.HIGHER if value > high else Direction.LOWER
    return ABOVE if card.direction is beyond else BELOW


_EQUAL = 1e-9  # the same number, computed in two ways


def missed(row) -> float:
    """The target that a judged figure has missed, or has not reached yet: beside it the figure is written with as many decimals as
    that takes (``units.enough_decimals``); NaN where it has reached it, or is not judged."""
    if row.judgement not in (BELOW, COURSE):
        return math.nan
    upper = getattr(row, "target_to", math.nan)  # not every frame has ranges
    return upper if row.value > upper else row.target


def _same(a: float, b: float, unit: Unit) -> bool:
    """Equal as far as is shown: half of the last decimal place."""
    return abs(a - b) < (0.0005 if unit is Unit.PERCENT else 0.05 if unit is Unit.YUAN else 0.5e-6)


class Targets:
    """The targets in force, looked up from the most particular to the most general."""

    def __init__(self, frame: pd.DataFrame) -> None:
        """``frame``: rows of ``published.target``."""
        self._of: dict[tuple, tuple[float, str, float]] = {}
        for row in frame.itertuples():
            if row.in_force:
                unit = None if pd.isna(row.unit) else int(row.unit)
                kind = None if pd.isna(row.unit_kind) else row.unit_kind
                upper = getattr(row, "value_to", None)
                value_to = math.nan if upper is None or pd.isna(upper) else float(upper)
                place = (row.indicator, int(row.year), kind, unit)
                self._of[place] = (float(row.value), row.source, value_to)

    def find(self, indicator: str, year: int, unit: int, kind: str) -> tuple[float, str]:
        """(target, source); (NaN, "") where none is in force. Of a range its lower end."""
        return self.find_range(indicator, year, unit, kind)[:2]

    def find_range(self, indicator: str, year: int, unit: int, kind: str) -> tuple[float, str, float]:
        """(target, source, upper end of a range or NaN): of the unit, else of its kind, else of all."""
        for of_kind, of_unit in ((kind, unit), (None, unit), (kind, None), (None, None)):
            found = self._of.get((indicator, year, of_kind, of_unit))
            if found:
                return found
        return math.nan, "", math.nan


def judged(
    figures: pd.DataFrame,
    cards: Mapping[str, Card],
    targets: Targets,
    kinds: Mapping[int, str],
    reached: Mapping[tuple[str, int, int], float | None] | None = None,
) -> pd.DataFrame:
    """Add target, target_to, target_source, expected, gap, missing, per_month, unnamed and judgement.

    target_to  the upper end, where the target is a range
    gap        value - target in the value's own unit (points are gap * 100); of a range, from its nearer end
    missing    how many more are needed to reach the target; of what should not happen, how many too many
    per_month  how many more are needed, spread over the months that are left of the card's year
    unnamed    people of the denominator in force who are not known by name; 0 where more are known than approved
    kinds      unit -> kind of unit
    reached    see ``seasonal_course``
    """
    rows = []
    for row in figures.itertuples():
        card = cards[row.indicator]
        target, source, target_to = targets.find_range(
            row.indicator, row.month // 12, row.unit, kinds.get(row.unit, "")
        )
        if row.basis == Basis.MONTH and not card.is_ratio and card.derived is None:
            target, target_to = target / 12, target_to / 12  # a month's share of the year's task
        share = (reached or {}).get((row.indicator, row.unit, row.month), math.nan)
        expected = (
            math.nan if math.isnan(target) else expected_by_now(card, row.basis, row.month, target, share)
        )
        short = (
            math.nan
            if pd.isna(row.value)  # no figure: nobody is known to be missing
            else missing(card, target, row.numerator, row.denominator)
        )
        left = max(1, 12 - months_elapsed(card, row.month))
        rows.append(
            {
                "target": target,
                "target_to": target_to,
                "target_source": source,
                "expected": expected,
                "gap": _gap(row.value, target, target_to),
                "missing": short,
                "per_month": math.nan
                if math.isnan(short) or card.direction is Direction.LOWER
                else math.ceil(short / left),
                "months_left": 12 - months_elapsed(card, row.month),
                "unnamed": _unnamed(row) if card.statistic else math.nan,
                "judgement": judge(card, _as_judged(row, kinds), row.value, target, expected, target_to),
            }
        )
    columns = [
        "target",
        "target_to",
        "target_source",
        "expected",
        "gap",
        "missing",
        "per_month",
        "months_left",
        "unnamed",
        "judgement",
    ]
    added = pd.DataFrame(rows, columns=columns, index=figures.index)
    return pd.concat([figures, added], axis=1)


def _gap(value: float, target: float, target_to: float) -> float:
    """How far a value is from its target; 0 within a range; NaN without a value."""
    if math.isnan(target_to) or not value >= target:
        return value - target
    return max(0.0, value - target_to)


def _unnamed(row) -> float:
    left = row.denominator - row.listed
    return max(0.0, left) if left == left else math.nan


def _as_judged(row, kinds: Mapping[int, str]) -> str:
    """The status by which a figure is judged.

    A district of forty units is hardly ever whole: its figure is judged all the same, with a note, or
    one late station would leave the bureau without an answer. Any other unit is judged only when whole.
    """
    return "ok" if row.status == "part" and kinds.get(row.unit) == "bureau" else row.status


def ranked(figures: pd.DataFrame, card: Card) -> pd.DataFrame:
    """Add rank (1 is best; equal values share a rank) and peers (how many are ranked).

    Only whole figures are ranked: a unit that delivered nothing is never a bad one. Warnings are not: they
    say who needs something, not who does well.
    """
    return ranked_by_card(figures.assign(indicator=card.key), {card.key: card})[
        [*figures.columns, "rank", "peers"]
    ]


def ranked_by_card(figures: pd.DataFrame, cards: Mapping[str, Card]) -> pd.DataFrame:
    """The same for figures of several cards, each among its own."""
    whole = (figures["status"] == "ok") & figures["value"].notna()
    sign = {
        key: math.nan
        if card.direction is Direction.NONE or card.alert is not None
        else (1.0 if card.direction is Direction.LOWER else -1.0)
        for key, card in cards.items()
    }
    key = figures["indicator"]
    worth = (figures["value"] * key.map(sign).astype(float)).where(whole)
    return figures.assign(
        rank=worth.groupby(key).rank(method="min"),
        peers=whole.groupby(key).transform("sum").astype(int),
    )


def counts_people(card: Card) -> bool:
    """Whether what is missing are people; otherwise it is doses, records, visits, or money told as people paid for."""
    if "money" in card.reads:
        return False
    return card.gap is Gap.PERSONS or card.unit is Unit.PERSONS or card.statistic is not None
