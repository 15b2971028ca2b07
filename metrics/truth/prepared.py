"""Contacts in an order that the signals share: by person and day, with the readings before, at the level of units or of doctors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metrics.truth.rules import Rules
from metrics.truth.work import Work

AWAY = ("home", "phone", "group", "online")
#: What the patient says is no reading of the doctor's: it is coarser, often the same, and the best that can be written.
HEARSAY = ("phone", "online")


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

    def persons(self, person: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """Different persons (``person``: of each contact) among the chosen contacts of each group."""
        inside = chosen & (self.of >= 0)
        each = pd.DataFrame({"group": self.of[inside], "person": person[inside]}).drop_duplicates()
        return np.bincount(each["group"], minlength=self.number).astype(float)

    def only(self, unit: int, doctor: str) -> Level:
        """The one group; nobody where there is no such group."""
        mine = ((self.groups["unit"] == unit) & (self.groups["doctor"] == doctor)).to_numpy()
        inside = np.isin(self.of, np.flatnonzero(mine))
        return Level(self.groups[mine].reset_index(drop=True), np.where(inside, 0, -1))

    def total(self, weight: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        inside = chosen & (self.of >= 0)
        return np.bincount(self.of[inside], weights=weight[inside], minlength=self.number)


@dataclass(frozen=True)
class Prepared:
    """``contacts`` of known people in order of person, day, row; the first row of a person's visit is ``first``."""

    work: Work
    contacts: pd.DataFrame
    first: np.ndarray
    units: Level
    doctors: Level


def prepare(work: Work, rules: Rules) -> Prepared:
    contacts = work.contacts.sort_values(["person", "day", "row_id"], kind="stable").reset_index(drop=True)
    for name in ("sbp", "dbp", "fpg"):
        low, high = getattr(rules, f"{name}_low"), getattr(rules, f"{name}_high")
        contacts[name] = contacts[name].where(contacts[name].between(low, high))
    exchanged = contacts["sbp"] <= contacts["dbp"]  # a slip of the pen, no reading
    contacts[["sbp", "dbp"]] = contacts[["sbp", "dbp"]].mask(exchanged)
    told = contacts["mode"].isin(HEARSAY)
    contacts[["sbp", "dbp", "fpg"]] = contacts[["sbp", "dbp", "fpg"]].mask(told)
    contacts["doctor"] = contacts["doctor"].fillna("")
    birth = work.persons.drop_duplicates("person").set_index("person")["birth"].astype("datetime64[ns]")
    years = (contacts["day"] - birth.reindex(contacts["person"]).to_numpy()).dt.days / 365.25
    contacts["elder"] = (years >= rules.elder_bp_age).to_numpy()
    same = (contacts["person"].diff() == 0) & (contacts["day"].diff() <= pd.Timedelta(days=rules.visit_days))
    same |= _carried(contacts, rules)
    return Prepared(work, contacts, ~same.to_numpy(), _units(contacts), _doctors(contacts, rules))


def _carried(contacts: pd.DataFrame, rules: Rules) -> pd.Series:
    """Follow-ups that bear the readings of the checkup just before: it may serve for them, so both are one visit."""
    last = contacts[["person", "kind", "day", "sbp", "dbp", "fpg"]].shift()
    soon = contacts["day"] - last["day"] <= pd.Timedelta(days=rules.carried_days)
    served = (
        (contacts["person"] == last["person"]) & (last["kind"] == "checkup") & (contacts["kind"] != "checkup")
    )
    read = ["sbp", "dbp", "fpg"]
    agree = ((contacts[read] == last[read]) | contacts[read].isna()).all(axis=1) & contacts[read].notna().any(
        axis=1
    )
    return served & soon & agree


def strata(prepared: Prepared, level: Level, rules: Rules) -> dict[str, Level]:
    """Rows in which inventions gather, by themselves: typed late, the newest, and those made away from the unit."""
    c = prepared.contacts
    late = typed_late(prepared, rules)
    until = prepared.work.until if prepared.work.until is not None else c["day"].max()
    recent = c["day"] > until - pd.Timedelta(days=rules.recent_days)
    away = c["mode"].isin(AWAY)
    return {
        name: Level(level.groups, np.where(chosen, level.of, -1))
        for name, chosen in (("late", late), ("recent", recent), ("away", away))
    }


def typed_late(prepared: Prepared, rules: Rules) -> np.ndarray:
    """[contacts]: whether a row was typed more than ``rules.late_days`` after the service."""
    c = prepared.contacts
    return ((c["entered_on"] - c["day"]).dt.days > rules.late_days).to_numpy()


def _units(contacts: pd.DataFrame) -> Level:
    of, unit = pd.factorize(contacts["unit"], sort=True)
    return Level(pd.DataFrame({"unit": unit, "doctor": ""}), of)


def _doctors(contacts: pd.DataFrame, rules: Rules) -> Level:
    """Doctors of units that have several; who does nearly all of a unit's work is the unit."""
    each = contacts.groupby(["unit", "doctor"], as_index=False).size()
    share = each["size"] / each.groupby("unit")["size"].transform("sum")
    each = each[(each["doctor"] != "") & ~(share >= rules.sole_pct / 100)].reset_index(drop=True)
    keys = pd.MultiIndex.from_frame(each[["unit", "doctor"]])
    of = keys.get_indexer(pd.MultiIndex.from_frame(contacts[["unit", "doctor"]]))
    return Level(each[["unit", "doctor"]], of)


def before(
    prepared: Prepared, chosen: np.ndarray, back: int, within: Level | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """(now, then): places of chosen contacts, and of the same person's chosen one ``back`` visits earlier; one a day counts.

    ``within``: only visits of the same group are looked at, so that what one makes up is not laid at another's door.
    """
    at = np.flatnonzero(chosen & prepared.first & (True if within is None else within.of >= 0))
    person = prepared.contacts["person"].to_numpy()
    if within is not None:
        at = at[np.lexsort((at, person[at], within.of[at]))]
    now, then = at[back:], at[:-back] if back else at
    same = person[now] == person[then]
    if within is not None:
        same &= within.of[now] == within.of[then]
    return now[same], then[same]


def typed_last(prepared: Prepared, now: np.ndarray, then: np.ndarray) -> np.ndarray:
    """Of each pair the contact that was typed last: whoever copied, copied what was there. The later one where both are as old."""
    typed = prepared.contacts["entered_on"].to_numpy()
    return np.where(typed[then] > typed[now], then, now)
