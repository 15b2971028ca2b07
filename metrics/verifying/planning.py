"""How many to draw, and how they are spread over units. Plain numbers; nothing is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from metrics.appraisal.scoring import apportion
from metrics.statistics.sampling import sample_size
from metrics.verifying.errors import VerifyError

#: Which units get a sample of their own: those right below the one that is checked, or every one that has people.
BELOW, EACH = "below", "each"
SPREADS = (BELOW, EACH)


@dataclass(frozen=True)
class Needed:
    """People to draw: for the precision of the whole, for the same precision in each unit, and the fewest possible."""

    whole: int
    each: int
    fewest: int


def strata(parents: Mapping[int, int | None], top: int, spread: str) -> dict[int, int]:
    """unit -> the unit with whose people its people are drawn, of all units at or below ``top``.

    ``parents``: of each of them, None of the top. Below: a centre with its stations and clinics, and the top's own people by
    themselves. Each: every unit by itself.
    """
    if spread not in SPREADS:
        raise ValueError(f"no way to spread a sample: {spread}")
    if spread == EACH:
        return {unit: unit for unit in parents}
    found = {}
    for unit in parents:
        at = unit
        while at != top and parents[at] != top:
            at = parents[at]
        found[unit] = at
    return found


def shares(counts: Mapping[int, int], size: int, least: int) -> dict[int, int]:
    """stratum -> how many are drawn of its ``counts`` people: ``least`` (all where there are fewer), the rest in proportion.

    Raises VerifyError where the size does not reach for the least, or is larger than all.
    """
    floor = fewest(counts, least)
    if size < sum(floor.values()):
        raise VerifyError("too_few", least=sum(floor.values()), each=least)
    if size > sum(counts.values()):
        raise VerifyError("too_many", most=sum(counts.values()))
    room = [counts[one] - floor[one] for one in counts]
    more = apportion(size - sum(floor.values()), room)
    return {one: floor[one] + extra for one, extra in zip(counts, more, strict=True)}


def fewest(counts: Mapping[int, int], least: int) -> dict[int, int]:
    """stratum -> the fewest that may be drawn there."""
    return {one: min(people, least) for one, people in counts.items()}


def needed(
    counts: Mapping[int, int],
    value: float,
    precision: float,
    confidence: float,
    *,
    share: float,
    reach: float,
    least: int,
) -> Needed:
    """How many to draw so that the true rate is known to about ``precision`` to either side.

    counts     people counted, by stratum
    value      the figure as reported, a share: the true rate is it times the verified share, so its interval is as much wider
    precision  in the figure's own terms: 0.05 is five points
    share      of the records expected to be true; ``reach``: of the people drawn expected to answer
    """
    if not value > 0 or not precision > 0:
        raise ValueError("a figure and a precision above 0 are needed")
    half = min(precision / value, 0.99)
    alone = {
        one: max(min(people, least), sample_size(people, half, confidence, share=share, answering=reach))
        for one, people in counts.items()
    }
    least_of_all = sum(fewest(counts, least).values())
    whole = sample_size(sum(counts.values()), half, confidence, share=share, answering=reach)
    return Needed(max(whole, least_of_all), sum(alone.values()), least_of_all)
