"""One month against an earlier one: each as it was reported in time, and what came late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from metrics.anew import changed_before, not_changed
from metrics.card import Card
from metrics.causes import (
    Part,
    add_populations,
    by_people,
    has_no_list,
    late_part,
    switched_part,
    take_out_merged,
    tell_who_is_owed,
)
from metrics.past import KNOWN, Standing
from metrics.why.parameters import cannot_tell_parameters, changed_between, first_of_time, made_by
from metrics.why.reading import Reading
from metrics.why.sharing import Split, shared_out

#: The rows of the earlier month and of the later one, and by which reading the causes between them are told.
Side = tuple[Reading, list[pd.DataFrame]]


def between_months(
    reading: Reading,
    earlier: int,
    month: int,
    told: dict[int, pd.Series],
    now: dict[int, pd.DataFrame],
    progress: Callable[[float], None],
) -> Split:
    """``told``: the published figures of the two months; ``now``: ``made_of`` of both as all is known now."""
    card, horizon = reading.card, reading.horizons[None]
    if cannot_tell_parameters(card, reading.basis, earlier, month, horizon):
        return Split(reason="parameters")
    standings = [reading.standing(one) for one in (earlier, month)]
    in_time = []
    for place, (one, standing) in enumerate(zip((earlier, month), standings, strict=True)):
        in_time.append(now[one] if standing is None else reading.of(standing, one)[one])
        progress(0.3 + 0.2 * (place + 1))
    values = changed_between(card, earlier, month, first_of_time(card, reading.basis, month, horizon))
    sides: list[Side] = [(reading, in_time)]
    if values:
        sides = _by_old_and_new(reading, values, earlier, month, standings, in_time)
        progress(0.9)
    late = late_part(now[earlier], in_time[0], now[month], in_time[1])
    by_values = [_parts(card, side, late, standings[0], earlier, month, told) for side in sides]
    switch = switched_part(card, [rows for _, rows in sides]) if values else None
    how = tuple("" if standing is None else standing.how for standing in standings)
    return shared_out(card, told[earlier], told[month], [by_values[0], by_values[-1]], values, how, switch)


def _by_old_and_new(
    reading: Reading,
    values: dict[str, tuple[float, float]],
    earlier: int,
    month: int,
    standings: list[Standing | None],
    in_time: list[pd.DataFrame],
) -> list[Side]:
    """Both months by the values of the earlier month's time, then by those of the later one's."""
    key = reading.card.key
    old = reading.under(made_by(key, values, not_changed, earlier, month))
    new = reading.under(made_by(key, values, changed_before, earlier, month))
    first, last = (standing or Standing(KNOWN) for standing in standings)
    return [
        (reading, [in_time[0], old.of(last, month)[month]]),
        (new, [new.of(first, earlier)[earlier], in_time[1]]),
    ]


def _parts(
    card: Card,
    side: Side,
    late: Part,
    standing: Standing | None,
    earlier: int,
    month: int,
    told: dict[int, pd.Series],
) -> dict[str, Part]:
    """What each cause adds by one set of values; ``standing``: what was known of the earlier month."""
    asked, rows = side
    parts = by_people(card, *rows)
    if has_no_list(card):
        stood = asked.stood_at_merged(standing or Standing(KNOWN), earlier, month)
        take_out_merged(card, stood, rows, parts)
    parts["late"] = late
    if card.statistic is not None:
        parts = {name: replace(part, denominator=0) for name, part in parts.items()}
        with asked.known.published() as connection:
            add_populations(connection, card, asked.unit, earlier, month, told, parts)
    if card.is_personal and not card.is_events:
        with asked.known.records() as connection:
            tell_who_is_owed(connection, card, rows, earlier, month, parts)
    return parts
