"""Who fabricates in the sixth withheld world, alone or by order of the unit, and what their papers say in the end."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.truth.withheld_sixth_forged import KINDS, forge
from tests.truth.withheld_sixth_habits import Habits
from tests.truth.withheld_sixth_places import Places

LEAST_ROWS, LEAST_MADE, LEAST_SHARE = 70, 35, 0.26
COLUMNS = ("day", "sbp", "dbp", "fpg", "mode", "typed", "entered", "complete", "made")


def shown_names(places: Places, habits: Habits) -> list[str]:
    """The name under which each doctor's work is stored: nobody's, that of the unit's one account, or their own."""
    unit = places.doctors.unit.to_numpy()
    out = []
    for doctor, name in enumerate(places.doctors.name.tolist()):
        if habits.on["no_names"][doctor]:
            out.append("")
        elif habits.on["one_account"][doctor]:
            out.append(places.doctors.name.iloc[int(np.argmax(unit == unit[doctor]))])
        else:
            out.append(name)
    return out


def invent(
    rng: np.random.Generator, places: Places, habits: Habits, sheet: pd.DataFrame, turn: int
) -> tuple[pd.DataFrame, dict[tuple[int, str], str]]:
    """The sheet with `made`, and who made it up: (position of the unit, name shown or "" for all of it) with the kinds."""
    names, unit = shown_names(places, habits), places.doctors.unit.to_numpy()
    rows = np.bincount(sheet.doctor[sheet.gone == 0], minlength=len(unit))
    seen = sorted({(int(u), name) for u, name, r in zip(unit, names, rows, strict=True) if r > 0})
    most, wanted = 0.14 * len(seen), max(2, round(rng.uniform(0.05, 0.115) * len(seen)))
    out = sheet.assign(made=False)
    found: dict[tuple[int, str], str] = {}
    taken, lying, tastes = set(), 0, list(KINDS)
    tastes = [tastes[k] for k in np.random.default_rng(turn // len(tastes)).permutation(len(tastes))]
    at = (turn * 5) % len(tastes)
    for place in rng.permutation(len(seen)).tolist():
        if lying >= wanted:
            break
        where, name = seen[place]
        mates = [pair for pair in seen if pair[0] == where]
        whole = len(mates) > 1 and rng.random() < 0.3 and lying + len(mates) <= most
        if where in taken or sum(rows[unit == where]) < LEAST_ROWS:
            continue
        group = [
            d for d in range(len(unit)) if unit[d] == where and rows[d] > 0 and (whole or names[d] == name)
        ]
        if sum(rows[group]) < LEAST_ROWS or lying + len(mates if whole else [name]) > most:
            continue
        for attempt in range(7):
            told = [tastes[(at + attempt) % len(tastes)]]
            if rng.random() < 0.18:
                told.append(tastes[int(rng.integers(len(tastes)))])
            if (
                attempt == 0 and rng.random() < 0.12
            ):  # only where there is much diabetes is it a quarter of the rows
                told = ["glucose"]
            told = sorted(set(told))
            eager = 0.0 if attempt == 0 else 0.12 * attempt
            parts = [forge(rng, places, habits, sheet, doctor, told, eager) for doctor in group]
            if _enough(sheet, parts, group, rows):
                break
        else:
            continue
        at += attempt + 1
        for part in parts:
            for column in COLUMNS:
                out.loc[part.index, column] = part[column]
        found[(where, "" if whole else name)] = "+".join(told)
        taken.add(where)
        lying += len(mates) if whole else 1
    return out, found


def _enough(sheet: pd.DataFrame, parts: list[pd.DataFrame], group: list[int], rows: np.ndarray) -> bool:
    made = sum(len(part) for part in parts)
    added = sum(int((sheet.gone[part.index] > 0).sum()) for part in parts)
    each = all(
        len(part) >= 0.2 * rows[d] or rows[d] < LEAST_ROWS for part, d in zip(parts, group, strict=True)
    )
    return made >= LEAST_MADE and made >= LEAST_SHARE * (sum(rows[group]) + added) and each
