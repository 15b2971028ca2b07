"""What every part of a centre's simulation shares."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from data.demo.days import FAR, day, first_of_month
from data.demo.draw import pick, stream
from data.demo.geography import Places, Units
from data.demo.people import People
from data.demo.plan import Plan
from data.demo.towns import COUNTY_CLINIC, REFERENCE


@dataclass
class World:
    """One centre in the making.

    ``plans`` by year; ``last`` is the last day of the last month that is written; ``exported`` the
    day on which the files are made; ``needs_check`` and ``no_check`` (by year) are persons who must,
    or must not, have a health check because their programme's standard depends on it.
    """

    seed: int
    town: int
    units: Units
    places: Places
    people: People
    plans: dict[int, Plan]
    until: int
    years: list[int]  # of which rows are written; plans may reach further
    diagnosed_on: np.ndarray | None = (
        None  # day of the first diagnosis of hypertension or diabetes, FAR: none
    )
    needs_check: dict[int, np.ndarray] = field(default_factory=dict)
    no_check: dict[int, np.ndarray] = field(default_factory=dict)
    memo: dict = field(default_factory=dict)  # of what is costly to count twice

    @property
    def diagnosed(self) -> np.ndarray:
        """Who is diagnosed with hypertension or diabetes at some time (a mask)."""
        return self.diagnosed_on < FAR

    @property
    def last(self) -> int:
        return first_of_month(self.until + 1) - 1

    @property
    def exported(self) -> int:
        return self.last + 5

    @property
    def centre(self) -> int:
        return int(self.units.of_town(self.town)[0])

    @property
    def is_reference(self) -> bool:
        return self.town == REFERENCE

    @property
    def county_clinic(self) -> int:
        return self.units.named(COUNTY_CLINIC)

    def stream(self, *topic: object) -> np.random.Generator:
        return stream(self.seed, self.town, *topic)

    @property
    def of_model(self) -> np.ndarray:
        """Who belongs to the model clinic (a mask)."""
        return self.people.unit == self.units.model

    @property
    def cared_for(self) -> np.ndarray:
        """Who is in a programme of their own: mothers, severe mental disorder, tuberculosis (a mask)."""
        mask = np.zeros(len(self.people), bool)
        mask[self.memo["cared_for"]] = True
        return mask

    def liking(self, person: np.ndarray) -> np.ndarray:
        """The quality of each person's unit, for :func:`data.demo.draw.pick`."""
        return self.units.quality[self.people.unit[person]]

    def untouched(self, year: int) -> np.ndarray:
        """Who receives no service at all in a year (a mask): healthy adults with an electronic record.

        Exactly the share of electronic records that is not in use, by the plan.
        """
        if ("untouched", year) not in self.memo:
            rng = self.stream("untouched", year)
            usable = self.people.present(day(year, 12, 31)) & self.people.electronic
            adult = self.people.age_on(day(year - 1), 18) & ~self.people.age_on(day(year + 2), 65)
            able = np.flatnonzero(usable & adult & ~self.diagnosed & ~self.cared_for)
            idle = pick(
                rng, able, round((1 - self.plans[year].shares["hr_dynamic_update_rate"]) * usable.sum())
            )
            mask = np.zeros(len(self.people), bool)
            mask[idle] = True
            self.memo["untouched", year] = mask
        return self.memo["untouched", year]

    def late(self, rng: np.random.Generator, days: np.ndarray) -> np.ndarray:
        """When each row was entered: most at once, some weeks later, never after the export."""
        kind = rng.random(len(days))
        lag = np.where(
            kind < 0.8,
            rng.integers(0, 3, len(days)),
            np.where(kind < 0.95, rng.integers(3, 21, len(days)), rng.integers(21, 90, len(days))),
        )
        return np.minimum(days + lag, self.exported).astype(np.int32)

    def clip(self, days: np.ndarray) -> np.ndarray:
        """Days after the last one become FAR: they have not happened yet."""
        return np.where(days > self.last, FAR, days).astype(np.int32)
