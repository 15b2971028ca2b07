"""Who fabricates in a district of `withheld_third`, how much, in which way and which of the visits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.truth.third_district import District
from tests.truth.third_honest import CHECKUP, SMI, Visits

KINDS = {  # kind of invention: weight among fabricators
    "copied": 14,  # last time's readings, changed a little
    "controlled": 12,  # a high reading becomes one below the threshold
    "calls": 12,  # follow-ups by telephone that nobody made, from memory
    "favourites": 11,  # a handful of pairs in turn
    "column": 9,  # a column of random numbers of a spreadsheet, the same for everybody
    "evenings": 9,  # made up on free days before the quarter's appraisal
    "unaware": 8,  # everybody every 90 days, also who is dead or in hospital
    "forms": 6,  # complete forms by the hundred
    "split": 6,  # a real visit fills several follow-ups
    "pasted": 6,  # last quarter's sheet with new dates
    "borrowed": 5,  # blocks of other people's readings
    "normal": 5,  # random numbers around what the person had
    "quota": 4,  # so many a day, down the list of names
    "story": 3,  # a pressure that falls from quarter to quarter
    "ghost": 3,  # as the person's own readings would have been: nobody can see it
}
WITHOUT_READINGS = ("evenings", "unaware", "quota")  # what shows where the register keeps none
NEED_LAST = ("copied", "split", "pasted")  # the first visit of a person is real
LEAST = 60  # invented visits


@dataclass(frozen=True)
class Maker:
    """A doctor, or a unit whose doctors all do it.

    share is that of the own visits that are invented; way: of some persons, in the later months, or here and there; digits and
    range are the numbers that come to this head."""

    doctors: tuple[int, ...]
    named: bool  # False: the unit as a whole
    kinds: tuple[str, ...]
    share: float
    way: str
    unaware: bool  # goes on with the dead
    burst: bool  # typed at one go
    own_phone: bool  # puts a telephone of the unit with the persons
    pretends: bool  # calls are put down as visits
    remembers: float  # how far an invented reading follows the person's own level
    digits: np.ndarray  # chance of each last digit
    middle: tuple[float, float]
    rate: int  # visits a day


def draw_makers(rng: np.random.Generator, d: District) -> list[Maker]:
    """None in every fifth district, else 3 to 25 % of the doctors and of the units that name no doctor."""
    share = rng.uniform(0.03, 0.25)
    if rng.random() < 0.2:
        return []
    groups = []
    for unit, doctors in d.doctors.groupby("unit").groups.items():
        together = not d.units.named[unit] or (len(doctors) in (2, 3) and rng.random() < 0.1)
        groups += [(tuple(doctors), False)] if together else [((doctor,), True) for doctor in doctors]
    persons = d.persons.loc[d.persons.role != 4].groupby("doctor").size()
    able = [k for k, (doctors, _) in enumerate(groups) if persons.reindex(list(doctors)).sum() >= 28]
    number = min(max(1, round(share * len(groups))), len(able))
    return [_maker(rng, d, *groups[k]) for k in sorted(rng.choice(able, number, replace=False))]


def _maker(rng: np.random.Generator, d: District, doctors: tuple[int, ...], named: bool) -> Maker:
    unit = d.doctors.unit[doctors[0]]
    names = list(KINDS) if d.units.keeps[unit] else list(WITHOUT_READINGS)
    weight = np.array([KINDS[name] for name in names], float)
    kinds = rng.choice(names, 2 if rng.random() < 0.2 else 1, replace=False, p=weight / weight.sum())
    if "ghost" in kinds:
        kinds = np.array(["ghost"])
    telling = ("unaware", "evenings", "quota", "forms")
    return Maker(
        doctors=doctors,
        named=named,
        kinds=tuple(str(kind) for kind in kinds),
        share=float(rng.uniform(0.3, 1.0)),
        way=str(rng.choice(["persons", "later", "scattered"], p=(0.45, 0.2, 0.35))),
        unaware=bool(
            "unaware" in kinds or (not {"controlled", "ghost"} & set(kinds) and rng.random() < 0.35)
        ),
        burst=bool(set(kinds) & set(telling) or ("ghost" not in kinds and rng.random() < 0.35)),
        own_phone=bool("calls" in kinds and rng.random() < 0.4),
        pretends=bool(rng.random() < 0.4),
        remembers=float(rng.choice([0, 0.35, 0.6], p=(0.45, 0.35, 0.2))),
        digits=rng.dirichlet(0.8 * np.array([1.2, 0.3, 1.8, 0.5, 1, 1.3, 1.8, 0.6, 2.2, 0.3])),
        middle=(float(rng.normal(131, 3)), float(rng.normal(80, 2))),
        rate=int(rng.choice([8, 10, 12, 15, 20, 25, 30])),
    )


def mark(rng: np.random.Generator, makers: list[Maker], v: Visits) -> None:
    """Says in `by` and `how` which planned visits are invented; those of `controlled` are chosen when they are measured."""
    for number, maker in enumerate(makers):
        own = np.flatnonzero(np.isin(v["doctor"], maker.doctors) & (v["kind"] != SMI))
        if set(maker.kinds) & set(NEED_LAST):
            own = own[v["kind"][own] != CHECKUP]
        person = v["person"][own]
        share = max(maker.share, LEAST / max(len(own), 1))
        if maker.way == "persons":
            _, position = np.unique(person, return_inverse=True)
            order = rng.random(position.max() + 1)[position]
        elif maker.way == "later":
            order = -v["day"][own] + rng.normal(0, 5, len(own))
        else:
            order = rng.random(len(own))
        chosen = own[np.argsort(order, kind="stable")[: int(np.ceil(share * len(own)))]]
        half = rng.random(int(v["person"].max()) + 1)[v["person"][chosen]] < 0.5
        how = np.where(half, maker.kinds[0], maker.kinds[-1]).astype(object)
        first = _first(v)[chosen]
        keep = (how != "controlled") & ~(first & np.isin(how, NEED_LAST))
        v["by"][chosen[keep]], v["how"][chosen[keep]] = number, how[keep]


def _first(v: Visits) -> np.ndarray:
    """Whether a visit is the person's first of the year."""
    order = np.lexsort((v["day"], v["person"]))
    first = np.empty(len(order), bool)
    first[order] = np.diff(v["person"][order], prepend=-1) != 0
    return first
