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


def narrow(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Standard deviation of all readings of a group (the columns' geometric mean), without what rounding adds.

    The ill differ more than others do: readings count on the width of their sort (``Readings.even``).
    """
    wide, number, persons = _deviation(prepared, level, readings)
    error = np.sqrt(rules.clustered / (2 * np.maximum(persons * 2, 2)))
    error = np.where(number >= rules.fewest, error, np.nan)
    stands = values(np.log(wide), error, rules.spread_width, -1)
    return _as_found(np.log(wide), stands, number, readings.known)


def _deviation(prepared: Prepared, level: Level, readings: Readings):
    chosen = readings.known & (level.of >= 0)
    number = level.count(chosen)
    persons = level.persons(prepared.contacts["person"].to_numpy(), chosen)
    logs = np.zeros(level.number)
    for k, weight in enumerate(readings.weight):
        value = np.where(chosen, readings.even[:, k], 0)
        stretch = readings.stretch[:, k] ** 2
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = level.total(value, chosen) / number
            variance = level.total(value**2, chosen) / number - mean**2
            rounded = added(weight) * level.total(stretch, chosen) / number
        logs += np.log(np.maximum(variance - rounded, 0.25)) / 2
    return np.exp(logs / len(readings.weight)), number, persons


def crowded(prepared: Prepared, level: Level, readings: Readings, rules: Rules) -> Found:
    """Share of readings in the fullest cell of ten by ten, over that of such a mix of sorts: whole decades, so rounding does not matter."""
    chosen = readings.known & (level.of >= 0)
    number = level.count(chosen)
    cells = pd.MultiIndex.from_arrays((readings.value[chosen] // 10).astype(np.int64).T).factorize()[0]
    frame = pd.DataFrame({"group": level.of[chosen], "cell": cells, "like": readings.like[chosen]})
    each = frame.groupby(["group", "cell"])["like"].transform("size")
    fullest = each.groupby(frame["group"]).transform("max")
    most = each.groupby(frame["group"]).max().reindex(range(level.number)).to_numpy(float)
    behind = np.zeros(len(level.of), bool)
    behind[np.flatnonzero(chosen)[(each == fullest).to_numpy()]] = True
    with np.errstate(invalid="ignore", divide="ignore"):
        share = most / number
        error = np.sqrt(rules.clustered * (1 - share + 1 / number) / (share * number))
    error = np.where(number >= rules.fewest, error, np.nan)
    usual = _fullest_of_mix(frame, level.number)
    stands = values(np.log(share / usual), error, rules.spread_crowded, 1)
    as_shares = Stands(*(part + np.log(usual) for part in stands[:3]), stands.p)
    return _as_found(np.log(share), as_shares, number, behind)


def _fullest_of_mix(frame: pd.DataFrame, groups: int) -> np.ndarray:
    """[groups]: share of the fullest cell if each sort of readings of a group lay as that sort does in the district."""
    if frame.empty:
        return np.full(groups, np.nan)
    lies = pd.crosstab(frame["like"], frame["cell"], normalize="index")
    mix = pd.crosstab(frame["group"], frame["like"], normalize="index")
    usual = (mix[lies.index].to_numpy() @ lies.to_numpy()).max(1)
    return pd.Series(usual, mix.index).reindex(range(groups)).to_numpy(float)


def _as_found(logs: np.ndarray, stands: Stands, number: np.ndarray, behind: np.ndarray) -> Found:
    shown = [np.exp(part) for part in (logs, stands.expected, stands.low, stands.high)]
    return Found(*shown, number, stands.p, behind)
