"""The question: two figures of one card and unit, and why they differ."""

from __future__ import annotations

from collections.abc import Callable

from data.store import Snapshot, Store
from metrics.anew import as_is
from metrics.cards import CARDS
from metrics.gaps import units_below
from metrics.past import KNOWN, Standing, built, can_tell, may_ask
from metrics.principal import NotAllowedError, Principal
from metrics.why.months import between_months
from metrics.why.reading import Reading, agree, published_figure
from metrics.why.reported import then_and_now
from metrics.why.sharing import Split

#: A month as it was reported, against what is known of it now.
THEN = "then"


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
        told = {one: published_figure(connection, card, unit, one, basis) for one in {earlier, month}}
    if any(row is None for row in told.values()):
        return Split(reason="no_figure")
    reading = Reading(principal, known, as_is(key), units, basis, built(known))
    now = reading.of(Standing(KNOWN), earlier, month)
    progress(0.3)
    for one, row in told.items():
        if not agree(card, row, now[one]):
            return Split(reason="reported")  # by the unit alone, without the records that it is made of
    if before == THEN:
        return then_and_now(reading, month, told[month], now[month])
    return between_months(reading, earlier, month, told, now, progress)
