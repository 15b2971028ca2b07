"""Too little variety: readings that differ less, or crowd more, than those of peers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from metrics.truth.found import Found
from metrics.truth.peers import Stands, values
from metrics.truth.prepared import Level, Prepared
from metrics.truth.readings import Readings
from metrics.truth.rounding import added
from metrics.truth.rules import Rules

_CLUSTERED = 2.0  # visits of one person go together: so many make about one


def narrow(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Standard deviation of all readings of a group (the columns' geometric mean), without what rounding adds."""
    wide, number, persons = _deviation(prepared, level, readings)
    error = np.sqrt(_CLUSTERED / (2 * np.maximum(persons * 2, 2)))
    error = np.where(number >= rules.fewest, error, np.nan)
    stands = values(np.log(wide), error, rules.spread_width, -1)
    return _as_found(np.log(wide), stands, number, readings.known)


def _deviation(prepared: Prepared, level: Level, readings: Readings):
    chosen = readings.known & (level.of >= 0)
    number = level.count(chosen)
    persons = (
        pd.DataFrame({"group": level.of[chosen], "person": prepared.contacts["person"].to_numpy()[chosen]})
        .drop_duplicates()
        .groupby("group")
        .size()
        .reindex(range(level.number), fill_value=0)
        .to_numpy(float)
    )
    logs = np.zeros(level.number)
    for k, weight in enumerate(readings.weight):
        value = np.where(chosen, readings.value[:, k], 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = level.total(value, chosen) / number
            variance = level.total(value**2, chosen) / number - mean**2
        logs += np.log(np.maximum(variance - added(weight), 0.25)) / 2
    return np.exp(logs / len(readings.weight)), number, persons


def crowded(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Share of readings in the fullest cell of ten by ten: whole decades, so rounding does not matter."""
    chosen = readings.known & (level.of >= 0)
    number = level.count(chosen)
    cell = (readings.value // 10).astype("float64")
    frame = pd.DataFrame(
        {"group": level.of[chosen], **{str(k): cell[chosen, k] for k in range(cell.shape[1])}}
    )
    each = frame.groupby(list(frame.columns))["group"].transform("size")
    fullest = each.groupby(frame["group"]).transform("max")
    most = each.groupby(frame["group"]).max().reindex(range(level.number)).to_numpy(float)
    behind = np.zeros(len(level.of), bool)
    behind[np.flatnonzero(chosen)[(each == fullest).to_numpy()]] = True
    with np.errstate(invalid="ignore", divide="ignore"):
        share = most / number
        error = np.sqrt(_CLUSTERED * (1 - share + 1 / number) / (share * number))
    error = np.where(number >= rules.fewest, error, np.nan)
    stands = values(np.log(share), error, rules.spread_width * 1.5, 1)
    return _as_found(np.log(share), stands, number, behind)


def _as_found(logs: np.ndarray, stands: Stands, number: np.ndarray, behind: np.ndarray) -> Found:
    shown = [np.exp(part) for part in (logs, stands.expected, stands.low, stands.high)]
    return Found(*shown, number, stands.p, behind)
