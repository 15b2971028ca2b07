"""What pressures and sugars the patients of the sixth withheld world really have on a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.truth.withheld_sixth_places import Places

STEP = 45


@dataclass
class Bodies:
    """Levels that drift slowly and with the seasons, and how much a single visit differs from them."""

    first: int
    sbp: np.ndarray
    dbp: np.ndarray
    fpg: np.ndarray
    season: np.ndarray
    slow: np.ndarray  # persons x knots, mmHg
    sweet: np.ndarray  # persons x knots, share
    sway: np.ndarray  # how much a visit differs, mmHg
    weather: np.ndarray  # the whole district on a day, mmHg

    def level(self, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        year = 2 * np.pi * (day - 15) / 365.25
        return (
            self.sbp[person]
            + self._between(self.slow, person, day)
            + self.season[person] * np.cos(year)
            + self.weather[np.clip(day - self.first, 0, len(self.weather) - 1)]
        )

    def pressures(
        self, person: np.ndarray, day: np.ndarray, rng: np.random.Generator, calm: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """As measured on a visit; the calm of a reading is 1 for a single one and less for an average."""
        much = self.sway[person] * rng.normal(0, 1, len(person))
        sbp = self.level(person, day) + much + calm * rng.normal(0, 3.5, len(person))
        moved = sbp - self.sbp[person]
        dbp = (
            self.dbp[person]
            + 0.42 * moved
            + (0.25 * self.sway[person] + 2.5 * calm) * rng.normal(0, 1, len(person))
        )
        return sbp, dbp

    def sugar(self, person: np.ndarray, day: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        feast = 1 + 0.04 * np.cos(2 * np.pi * (day - 50) / 365.25)
        often = 0.04 + 0.008 * self.sway[person] + 0.02 * (self.fpg[person] > 6.5)
        drift = np.exp(self._between(self.sweet, person, day))
        return self.fpg[person] * drift * feast * np.exp(often * rng.normal(0, 1, len(person)))

    def _between(self, knots: np.ndarray, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        at = np.clip((day - self.first) / STEP, 0, knots.shape[1] - 1.001)
        low = at.astype(int)
        part = at - low
        return knots[person, low] * (1 - part) + knots[person, low + 1] * part


def grow(rng: np.random.Generator, places: Places, settled: np.ndarray) -> Bodies:
    """The bodies of a district; `settled` doctors have patients who are well treated and hardly vary."""
    persons = places.persons
    n, age = len(persons), persons.age.to_numpy()
    htn, dm, doctor = persons.htn.to_numpy(), persons.dm.to_numpy(), persons.doctor.to_numpy()
    calm = settled[doctor]
    skill = rng.normal(0, 3, len(places.doctors))[doctor] + rng.normal(0, 2)
    salt = rng.normal(0, 1, n)
    salt = 0.5 * salt[persons["head"].to_numpy()] + 0.85 * salt
    sbp = np.where(htn, 135.5 + skill, 127 + 0.15 * (age - 65)) + salt * np.where(calm, 5, 9.5)
    sbp = np.where(htn & calm, sbp - 7, sbp) + np.where(rng.random(n) < 0.08, rng.exponential(13, n), 0) * htn
    dbp = 79 + 0.38 * (sbp - 134) - 0.28 * (age - 66) + rng.normal(0, 5, n)
    fpg = np.where(
        dm, np.exp(rng.normal(np.log(7.6), 0.2, n)) + rng.normal(0, 0.3), rng.normal(5.35, 0.55, n)
    )
    fpg = np.where(dm & calm, 0.5 * fpg + 3.3, fpg)
    knots = (places.last - places.first) // STEP + 4
    slow = _wander(rng, n, knots, 0.75) * np.where(calm, 1.6, rng.uniform(2.5, 7, n))[:, None]
    sweet = _wander(rng, n, knots, 0.75) * np.where(dm & ~calm, 0.1, 0.04)[:, None]
    # A part gets another drug at some time and falls to a new level.
    changed = (rng.random(n) < 0.15) & htn
    steps = np.arange(knots)[None, :] >= rng.integers(2, knots - 2, n)[:, None]
    slow -= steps * (changed * rng.uniform(4, 18, n))[:, None]
    sweet -= (
        (np.arange(knots)[None, :] >= rng.integers(2, knots - 2, n)[:, None])
        * ((rng.random(n) < 0.12) & dm).astype(float)[:, None]
        * 0.15
    )
    days = places.last - places.first + 60
    weather = np.convolve(rng.normal(0, 1, days + 6), np.ones(7) / 7**0.5, mode="valid") * rng.uniform(0.5, 2)
    return Bodies(
        places.first,
        np.clip(sbp, 96, 195),
        np.clip(dbp, 52, 115),
        np.clip(fpg, 3.9, 17),
        rng.normal(rng.uniform(2, 6), 1.5, n),
        slow,
        sweet,
        np.where(calm, rng.uniform(2, 3.5, n), np.exp(rng.normal(np.log(6.5), 0.3, n))),
        weather,
    )


def _wander(rng: np.random.Generator, n: int, knots: int, stays: float) -> np.ndarray:
    out = np.empty((n, knots))
    out[:, 0] = rng.normal(0, 1, n)
    for k in range(1, knots):
        out[:, k] = stays * out[:, k - 1] + (1 - stays**2) ** 0.5 * rng.normal(0, 1, n)
    return out
