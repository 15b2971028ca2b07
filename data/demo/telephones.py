"""Whose telephone stands in whose file: families share one, and one clinic gives its doctor's for some who have none."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from data.demo.draw import stream
from data.demo.geography import Units
from data.demo.towns import MERGED

_SHARES = 0.25  # of those who could have one of their own
_GIVEN = 8  # at that clinic one in so many has the doctor's


def shared(
    seed: int,
    town: int,
    own: pa.Array,
    family: np.ndarray,
    dependent: np.ndarray,
    unit: np.ndarray,
    units: Units,
) -> pa.Array:
    """What stands in the files of a centre's people. ``own``: a number for each; ``dependent``: who is rung up through the family (a mask)."""
    rng = stream(seed, "telephones", town)
    _, first, household = np.unique(family, return_index=True, return_inverse=True)
    whose = np.where(dependent | (rng.random(len(own)) < _SHARES), first[household], np.arange(len(own)))
    here = np.flatnonzero(unit == with_the_doctors(units))
    whose[here[::_GIVEN]] = here[:1]  # the doctor is one of them
    return own.take(pa.array(whose))


def with_the_doctors(units: Units) -> int:
    """The clinic that does so: the poorest unit of the district below the centres."""
    below = [
        u for u, kind in enumerate(units.kind) if kind in ("station", "clinic") and units.name[u] != MERGED
    ]
    return min(below, key=lambda u: float(units.quality[u]))
