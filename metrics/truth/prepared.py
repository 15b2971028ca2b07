"""Contacts in an order that the signals share: by person and day, with the readings before, at the level of units or of doctors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.truth.rules import Rules
from metrics.truth.work import Work

SOLE = 0.9  # one doctor has so much of a unit's work: then unit and doctor are the same
_PLAUSIBLE = {"sbp": (60, 300), "dbp": (30, 200), "fpg": (1, 50)}


@dataclass(frozen=True)
class Level:
    """Groups that are judged against each other: ``groups`` (unit, doctor), and the group of each contact (-1: none)."""

    groups: pd.DataFrame
    of: np.ndarray

    @property
    def number(self) -> int:
        return len(self.groups)

    def count(self, chosen: np.ndarray) -> np.ndarray:
        """Chosen contacts (a mask) of each group."""
        return np.bincount(self.of[chosen & (self.of >= 0)], minlength=self.number).astype(float)

    def total(self, weight: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        inside = chosen & (self.of >= 0)
        return np.bincount(self.of[inside], weights=weight[inside], minlength=self.number)


@dataclass(frozen=True)
class Prepared:
    """``contacts`` of known people in order of person, day, row; the first of a person and day is ``first``."""

    work: Work
    contacts: pd.DataFrame
    first: np.ndarray
    units: Level
    doctors: Level


def prepare(work: Work, rules: Rules) -> Prepared:
    contacts = work.contacts.sort_values(["person", "day", "row_id"], kind="stable").reset_index(drop=True)
    for name, (low, high) in _PLAUSIBLE.items():
        contacts[name] = contacts[name].where(contacts[name].between(low, high))
    contacts["doctor"] = contacts["doctor"].fillna("")
    birth = contacts["person"].map(work.persons.drop_duplicates("person").set_index("person")["birth"])
    years = (contacts["day"] - birth).dt.days / 365.25
    contacts["elder"] = (years >= rules.elder_age).to_numpy()
    same = (contacts["person"].diff() == 0) & (contacts["day"].diff() == pd.Timedelta(0))
    return Prepared(work, contacts, ~same.to_numpy(), _units(contacts), _doctors(contacts))


def _units(contacts: pd.DataFrame) -> Level:
    of, unit = pd.factorize(contacts["unit"], sort=True)
    return Level(pd.DataFrame({"unit": unit, "doctor": ""}), of)


def _doctors(contacts: pd.DataFrame) -> Level:
    """Doctors of units that have several; who does nearly all of a unit's work is the unit."""
    each = contacts.groupby(["unit", "doctor"], as_index=False).size()
    share = each["size"] / each.groupby("unit")["size"].transform("sum")
    each = each[(each["doctor"] != "") & ~(share >= SOLE)].reset_index(drop=True)
    keys = pd.MultiIndex.from_frame(each[["unit", "doctor"]])
    of = keys.get_indexer(pd.MultiIndex.from_frame(contacts[["unit", "doctor"]]))
    return Level(each[["unit", "doctor"]], of)


def before(prepared: Prepared, chosen: np.ndarray, back: int) -> tuple[np.ndarray, np.ndarray]:
    """(now, then): places of chosen contacts, and of the same person's chosen one ``back`` visits earlier; one a day counts."""
    at = np.flatnonzero(chosen & prepared.first)
    person = prepared.contacts["person"].to_numpy()
    now, then = at[back:], at[:-back] if back else at
    same = person[now] == person[then]
    return now[same], then[same]
