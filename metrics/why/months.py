"""One month against an earlier one: each as it was reported in time, and what came late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from metrics.card import Card
from metrics.causes import (
    Part,
    add_populations,
    base_of,
    by_people,
    counted_otherwise,
    has_no_list,
    late_part,
    take_out_merged,
    tell_who_is_owed,
)
from metrics.past import KNOWN, Standing
from metrics.why.dated import Times, as_after, as_before, by_the_end, times_of
from metrics.why.parameters import Block, at_end, blocks_of, changed_between, is_ruled_by, made_by, some_of
from metrics.why.reading import Reading
from metrics.why.sharing import Counted, Split, shared_out


@dataclass(frozen=True)
class Side:
    """Both months by the new values of some parameters and the old ones of all others; ``reading``: the earlier one's."""

    reading: Reading
    before: pd.DataFrame
    after: pd.DataFrame


#: By the new values of which parameters -> both months.
Sides = dict[frozenset[Block], Side]


def between_months(
    reading: Reading,
    earlier: int,
    month: int,
    told: dict[int, pd.Series],
    now: dict[int, pd.DataFrame],
    progress: Callable[[float], None],
) -> Split:
    """``told``: the published figures of the two months; ``now``: ``made_of`` of both as all is known now."""
    card = reading.card
    standings = [reading.standing(one) for one in (earlier, month)]
    in_time = []
    for place, (one, standing) in enumerate(zip((earlier, month), standings, strict=True)):
        in_time.append(now[one] if standing is None else reading.of(standing, one)[one])
        progress(0.3 + 0.1 * (place + 1))
    times = times_of(card, reading.basis, earlier, month, reading.horizons[None])
    if times.back not in (0, month - earlier) and _is_by_the_end(reading, times, standings[0], in_time[0]):
        times = by_the_end(times)
    changes = changed_between(card, times)
    blocks = blocks_of({key: one for key, one in changes.items() if is_ruled_by(card, key, times)})
    sides = _by_old_and_new(reading, blocks, times, standings, in_time, progress)
    blocks = {block: who for block in blocks if (who := _counted_otherwise(block, sides))}
    late = late_part(now[earlier], in_time[0], now[month], in_time[1])
    counted = {
        chosen: Counted(
            base_of(card, in_time[0], sides[chosen].before),
            _parts(card, sides[chosen], late, standings[0], earlier, month, told),
        )
        for chosen in some_of(blocks)
    }
    people = {block: None if -1 in who else len(who) for block, who in blocks.items()}
    how = tuple("" if standing is None else standing.how for standing in standings)
    return shared_out(card, told[earlier], told[month], counted, people, changes, how)


def _is_by_the_end(reading: Reading, times: Times, standing: Standing | None, rows: pd.DataFrame) -> bool:
    """Whether a parameter changed within the earlier figure's time, and only its value at the end counts there.

    So it is of who is something at the month's end; who once was within the year is counted by the values of then.
    """
    card = reading.card
    if card.is_events:
        return False
    ruled = at_end(card, times)
    if ruled is None:
        return False
    other = reading.under(ruled).of(standing or Standing(KNOWN), times.earlier)[times.earlier]
    return not counted_otherwise(rows, other)


def _by_old_and_new(
    reading: Reading,
    blocks: tuple[Block, ...],
    times: Times,
    standings: list[Standing | None],
    in_time: list[pd.DataFrame],
    progress: Callable[[float], None],
) -> Sides:
    """Both months by every choice of old and new values: two counts a choice, but for the two that are the figures themselves."""
    first, last = (standing or Standing(KNOWN) for standing in standings)
    choices = list(some_of(blocks))
    sides = {}
    for place, chosen in enumerate(choices):
        old = reading.under(made_by(reading.card, set(blocks) - chosen, as_before, times))
        new = reading.under(made_by(reading.card, chosen, as_after, times))
        before = new.of(first, times.earlier)[times.earlier] if chosen else in_time[0]
        after = old.of(last, times.month)[times.month] if len(chosen) < len(blocks) else in_time[1]
        sides[chosen] = Side(new, before, after)
        progress(0.5 + 0.4 * (place + 1) / len(choices))
    return sides


def _counted_otherwise(block: Block, sides: Sides) -> set[int]:
    """Who counts otherwise by a block's new values, in either month, whatever the others' values are."""
    found: set[int] = set()
    for chosen, side in sides.items():
        if block not in chosen:
            other = sides[chosen | {block}]
            found |= counted_otherwise(side.before, other.before) | counted_otherwise(side.after, other.after)
    return found


def _parts(
    card: Card,
    side: Side,
    late: Part,
    standing: Standing | None,
    earlier: int,
    month: int,
    told: dict[int, pd.Series],
) -> dict[str, Part]:
    """What each cause adds by one choice of values; ``standing``: what was known of the earlier month."""
    asked, rows = side.reading, [side.before, side.after]
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
