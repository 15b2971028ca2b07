"""Why a figure changed: the difference of two figures of one card and unit, taken apart into causes that add up to it exactly.

Each cause has a number of the numerator and of the denominator, and the causes' numbers add up to the difference by themselves. What
each does to the value is its Shapley share (``metrics.statistics.splitting``), in fractions: nothing is left over.

services     the same people: more of them count, or fewer
denominator  who is owed: who was born or came, who died or left; the approved population
units        people who are listed at another unit now, or were before: they moved, or their unit was merged; of events and
             things what stood at a merged unit before (``merging``)
late         what was entered, or first known, after the month's report day
rewritten    people of whom a row that was reported has been changed or withdrawn since (a month then and now)
definition   another share or kind of the approved population is divided by
parameters   dated parameters of the rule were changed between the two months: the later month is counted as if they had not been, and the
             earlier one as if they had been as long before it (``anew``). Whole numbers become halves then: every other cause has the
             mean of what it does by the old values and by the new ones
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data.store import Snapshot, Store, read_frame
from metrics import published
from metrics.anew import (
    SHARED,
    Ruled,
    as_is,
    changed,
    changed_before,
    changed_within,
    made_anew,
    not_changed,
    rests_on,
)
from metrics.card import SCALE, Basis, Card, Period, Unit
from metrics.cards import CARDS
from metrics.causes import (
    Part,
    add_populations,
    by_people,
    cause_of,
    has_no_list,
    late_part,
    rewritten_since,
    side_by_side,
    switched_part,
    take_out_merged,
    tell_who_is_owed,
)
from metrics.context import Horizon
from metrics.gaps import first_month_of, units_below
from metrics.horizons import NothingToComputeError
from metrics.late import events, report_day
from metrics.made_of import made_of
from metrics.merging import between, mergers, stood_there
from metrics.past import (
    KNOWN,
    Built,
    Standing,
    built,
    can_tell,
    figures_then,
    horizon_at,
    may_ask,
    prepare_for,
    standing_on,
)
from metrics.principal import NotAllowedError, Principal
from metrics.standards import number
from metrics.statistics.splitting import shapley

CAUSES = ("services", "denominator", "units", "late", "rewritten", "definition", "parameters")
#: A cause that other causes hang on: who counts by the new values is not who counted by the old ones.
SWITCH = "parameters"
#: A month as it was reported, against what is known of it now.
THEN = "then"


@dataclass(frozen=True)
class Cause:
    """What one cause adds: to numerator and denominator (as ``published.figure`` has them), and to the value.

    people   of how many persons or things; None where nobody is counted one by one (events, populations)
    merged   of units where rows cannot be told apart: the merged units that it is about
    born, came, died, left   who is owed: how many of them; 0 where it is another cause
    """

    name: str
    numerator: int | Fraction
    denominator: int | Fraction
    value: Fraction
    people: int | None = None
    merged: tuple[int, ...] = ()
    born: int = 0
    came: int = 0
    died: int = 0
    left: int = 0


@dataclass(frozen=True)
class Split:
    """Two figures and what lies between them; ``reason``: why there is no split ("" where there is one).

    parameters   key -> its values at the two months (``anew.changed``), of those that were changed between them
    how          how it is known what was reported in time, of both months: ``past.KNOWN`` or ``past.ENTERED``
    """

    before: tuple[int, int | None, Fraction] | None = None
    after: tuple[int, int | None, Fraction] | None = None
    causes: tuple[Cause, ...] = ()
    reason: str = ""
    parameters: dict[str, tuple[float, float]] = field(default_factory=dict)
    how: tuple[str, str] = ("", "")


def split(
    known: Snapshot | Store,
    principal: Principal,
    key: str,
    unit: int,
    month: int,
    basis: str,
    before: int | str,
    progress: Callable[[float], None] = lambda share: None,
) -> Split:
    """The figure of ``month`` against that of the month ``before``, or against itself as it was reported (THEN).

    Raises NotAllowedError for whoever may not open the list behind the figure.
    """
    card = CARDS[key]
    with known.published() as connection:
        units = units_below(connection, unit)
    units = [unit, *(one for one in units if one != unit)]
    if not may_ask(principal, card, units):
        raise NotAllowedError(f"{principal.name} may not see the records of unit {unit}")
    if not can_tell(card) or card.derived is not None:
        return Split(reason="derived")
    earlier = month if before == THEN else int(before)
    with known.published() as connection:
        told = {one: _published(connection, card, unit, one, basis) for one in {earlier, month}}
    if any(row is None for row in told.values()):
        return Split(reason="no_figure")
    reading = _Reading(known, as_is(key), units, basis, built(known))
    now = reading.of(Standing(KNOWN), earlier, month)
    progress(0.3)
    for one, row in told.items():
        if not _agree(card, row, now[one]):
            return Split(reason="reported")  # by the unit alone, without the records that it is made of
    if before == THEN:
        return _then_and_now(known, principal, reading, unit, month, told[month], now[month])
    if cannot_tell_parameters(card, basis, earlier, month, reading.horizons[None]):
        return Split(reason="parameters")
    standings = [reading.standing(one) for one in (earlier, month)]
    in_time = []
    for place, (one, standing) in enumerate(zip((earlier, month), standings, strict=True)):
        in_time.append(now[one] if standing is None else reading.of(standing, one)[one])
        progress(0.3 + 0.2 * (place + 1))
    values = _parameters(card, earlier, month, first_of_time(card, basis, month, reading.horizons[None]))
    # By the values of the earlier month's time, then by those of the later one's.
    sides, readings = [in_time], [reading]
    if values:
        old = reading.under(_made(key, values, not_changed, earlier, month))
        new = reading.under(_made(key, values, changed_before, earlier, month))
        first, last = (standing or Standing(KNOWN) for standing in standings)
        sides = [
            [in_time[0], old.of(last, month)[month]],
            [new.of(first, earlier)[earlier], in_time[1]],
        ]
        readings = [reading, new]
        progress(0.9)
    late = late_part(now[earlier], in_time[0], now[month], in_time[1])
    by_values = []
    for side, asked in zip(sides, readings, strict=True):
        parts = by_people(card, *side)
        if has_no_list(card):
            stood = asked.stood_at_merged(principal, standings[0] or Standing(KNOWN), earlier, month)
            take_out_merged(card, stood, side, parts)
        parts["late"] = late
        if card.statistic is not None:
            parts = {name: replace(part, denominator=0) for name, part in parts.items()}
            with known.published() as connection:
                add_populations(connection, card, unit, earlier, month, told, parts)
        if card.is_personal and not card.is_events:
            with known.records() as connection:
                tell_who_is_owed(connection, card, side, earlier, month, parts)
        by_values.append(parts)
    switch = switched_part(card, sides) if values else None
    how = tuple("" if standing is None else standing.how for standing in standings)
    return shared_out(card, told[earlier], told[month], [by_values[0], by_values[-1]], values, how, switch)


# -- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Reading:
    """One card of some units, in whatever state of knowledge."""

    known: Snapshot | Store
    ruled: Ruled
    units: Sequence[int]
    basis: str
    horizons: Built

    @property
    def card(self) -> Card:
        return self.ruled.card

    def under(self, ruled: Ruled) -> _Reading:
        """The same by a card made of other values."""
        return replace(self, ruled=ruled)

    def of(self, standing: Standing, *months: int) -> dict[int, pd.DataFrame]:
        """month -> ``made_of``; nobody where nothing was known."""
        with self.known.records() as connection:
            horizon = self._prepared(connection, standing)
            return {
                one: made_of(connection, self.card, self.units, one, self.basis, horizon)
                for one in set(months)
            }

    def stood_at_merged(
        self, principal: Principal, standing: Standing, earlier: int, month: int
    ) -> pd.DataFrame:
        """``merging.stood_there`` of the units that were merged in or out between the two months, as far as they are the principal's."""
        with self.known.records() as connection:
            merged = between(mergers(connection, self.units, standing.event), earlier, month)
            merged = [one for one in merged if may_ask(principal, self.card, [one.unit])]
            horizon = self._prepared(connection, standing) if merged else self.horizons[None]
            return stood_there(connection, self.card, merged, earlier, month, self.basis, horizon)

    def _prepared(self, connection: Connection, standing: Standing) -> Horizon:
        horizon = horizon_at(standing.event, self.horizons)
        prepare_for(connection, self.card, self.units, horizon, standing, self.ruled.facts)
        return horizon

    def standing(self, month: int) -> Standing | None:
        """What was known of a month on its report day; None where that day is still to come: all of it is in time."""
        day = report_day(month)
        with self.known.records() as connection:
            book = events(connection)
            if book.empty or book["on"].max().date() <= day:
                return None
            return standing_on(connection, month, day, self.horizons)


def _published(connection: Connection, card: Card, unit: int, month: int, basis: str) -> pd.Series | None:
    """The figure that is published, None where it has no value."""
    c = published.figure.c
    names = (c.numerator, c.denominator, c.value, c.origin)
    where = (c.indicator == card.key, c.unit == unit, c.month == month, c.basis == basis, c.stratum == "")
    rows = read_frame(connection, select(*names).where(*where))
    return None if rows.empty or pd.isna(rows.iloc[0]["value"]) else rows.iloc[0]


def _agree(card: Card, row: pd.Series, rows: pd.DataFrame) -> bool:
    """Whether the rows come to what is published: they do, but where a unit's own report stands for them."""
    if row["origin"] != "records" or int(row["numerator"]) != int(rows["n"].sum()):
        return False
    return not card.is_ratio or card.statistic is not None or int(row["denominator"]) == int(rows["d"].sum())


def _then_and_now(
    known: Snapshot | Store,
    principal: Principal,
    reading: _Reading,
    unit: int,
    month: int,
    told: pd.Series,
    now: pd.DataFrame,
) -> Split:
    """A month as it was reported, against what is known of it now."""
    standing = reading.standing(month)
    if standing is None:
        return Split(reason="not_yet")
    card = reading.card
    with known.records() as connection:
        try:
            rows = figures_then(connection, principal, card, unit, standing, reading.horizons)
        except NothingToComputeError:
            return Split(reason="no_figure")
    rows = rows[(rows["month"] == month) & (rows["basis"] == reading.basis) & rows["value"].notna()]
    if rows.empty:
        return Split(reason="no_figure")
    then = reading.of(standing, month)[month]
    if not _agree(card, rows.iloc[0], then):
        return Split(reason="reported")
    both = side_by_side(then, now)
    with known.records() as connection:
        touched = rewritten_since(connection, card, standing, set(both["who"]))
    cause = np.where(
        cause_of(card, both) == "units", "units", np.where(both["who"].isin(touched), "rewritten", "late")
    )
    parts = {name: Part() for name in ("units", "rewritten", "late")}
    for name, part in parts.items():
        chosen = both[(cause == name) & ((both["dn"] != 0) | (both["dd"] != 0))]
        if len(chosen):
            part.add(chosen)
    if card.statistic is not None:
        for part in parts.values():
            part.denominator = 0
        change = int(told["denominator"]) - int(rows.iloc[0]["denominator"])
        parts["denominator"] = Part(denominator=change)
    return shared_out(card, rows.iloc[0], told, [parts, parts], {}, (standing.how, ""))


# -- adding up ------------------------------------------------------------------------------------


def first_of_time(card: Card, basis: str, month: int, horizon: Horizon) -> int:
    """The first month that a figure is about: of a year so far, of twelve months; else the month itself."""
    if basis not in (Basis.YTD, Basis.R12):
        return month
    if card.period is Period.SEASON:
        return month - (month - (number("season_first_month") - 1)) % 12
    return first_month_of(month, Basis(basis), horizon)


def cannot_tell_parameters(card: Card, basis: str, earlier: int, month: int, horizon: Horizon) -> bool:
    """Whether months of the earlier figure were counted by different values of a parameter, and their counterparts were otherwise.

    The later figure would have to be counted by values that change at a counterpart, which no rule was ever made with. Two figures
    of one year so far are about the same months, up to the earlier one: nothing sets these apart.
    """
    first, later = (first_of_time(card, basis, one, horizon) for one in (earlier, month))
    if first in (earlier, later):
        return False
    return any(
        changed_within(key, first, earlier) and rests_on(card.key, {key: not_changed(key, first, earlier)})
        for key in _asked(card)
    )


def _asked(card: Card) -> list[str]:
    """Parameters that a card may rest on, but for the share of a population, which is told apart."""
    told = card.statistic.share if card.statistic is not None else None
    return [key for key in (*card.parameters, *SHARED) if key != told]


def _parameters(card: Card, earlier: int, month: int, first: int) -> dict[str, tuple[float, float]]:
    """Parameters that were changed between the two months; ``first``: the first month that the later figure is about."""
    found = {key: changed(key, earlier, month, first) for key in _asked(card)}
    return {
        key: values
        for key, values in found.items()
        if values is not None
        and (key in card.parameters or rests_on(card.key, {key: not_changed(key, earlier, month)}))
    }


def _made(key: str, values: Iterable[str], how: Callable, earlier: int, month: int) -> Ruled:
    """The card by other values of some parameters: ``how`` of ``metrics.anew`` says which."""
    return made_anew(key, {one: how(one, earlier, month) for one in values})


def shared_out(
    card: Card,
    before: pd.Series,
    after: pd.Series,
    by_values: list[dict[str, Part]],
    parameters: dict[str, tuple[float, float]],
    how: tuple[str, str],
    switch: Part | None = None,
) -> Split:
    """``by_values``: each cause by the old values and by the new ones; ``switch``: what the new ones do to the earlier month."""
    old, new = by_values
    nothing, ratio = Part(), card.is_ratio
    names = [
        name
        for name in CAUSES
        if any((part := side.get(name)) and (part.numerator or part.denominator) for side in by_values)
    ]
    if switch is not None and (switch.people != 0):
        names.append(SWITCH)
    first, last = (
        (int(row["numerator"]), int(row["denominator"]) if ratio else None) for row in (before, after)
    )

    def numbers(chosen: frozenset) -> tuple[int, int]:
        """Numerator and denominator when just these causes have been switched."""
        parts = [(new if SWITCH in chosen else old).get(name, nothing) for name in chosen - {SWITCH}]
        parts += [switch] if SWITCH in chosen else []
        numerator = first[0] + sum(part.numerator for part in parts)
        return numerator, (first[1] or 0) + sum(part.denominator for part in parts)

    def value(chosen: frozenset) -> Fraction:
        numerator, denominator = numbers(chosen)
        return worth(card, numerator, denominator if ratio else None)

    try:
        shares = shapley(names, value)
    except ZeroDivisionError:
        return Split(reason="nobody")
    numerators, denominators = (
        shapley(names, lambda chosen, place=place: Fraction(numbers(chosen)[place])) for place in (0, 1)
    )
    causes = []
    for name in names:
        about = switch if name == SWITCH else _about(new.get(name), old.get(name))
        made = _whole(numerators[name]), _whole(denominators[name]) if ratio else 0
        causes.append(Cause(name, *made, shares[name], about.people, about.merged, **about.more))
    ends = [(*one, worth(card, *one)) for one in (first, last)]
    return Split(ends[0], ends[1], tuple(causes), "", parameters, how)


def _about(new: Part | None, old: Part | None) -> Part:
    """Whom a cause is about: by the new values, or by the old ones where it is nobody by these."""
    return new if new is not None and (new.numerator or new.denominator or old is None) else old


def _whole(number: Fraction) -> int | Fraction:
    return int(number) if number.denominator == 1 else number


def worth(card: Card, numerator: int, denominator: int | None) -> Fraction:
    """A figure's value, exactly: ``shaping.value_of`` in fractions. ZeroDivisionError where there is nobody to divide by."""
    scale = Fraction(str(SCALE.get(card.unit, 1)))
    if denominator is None:
        return Fraction(numerator) / scale
    if denominator <= 0:
        raise ZeroDivisionError(denominator)
    return Fraction(numerator) / (denominator * scale)


def in_points(card: Card, value: Fraction) -> float:
    """A share of a change as pages show it: percentage points of a share, else in the card's unit."""
    return float(value * 100 if card.unit is Unit.PERCENT else value)
