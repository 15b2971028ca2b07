"""Honest habits of the doctors, units and districts of the sixth withheld world, drawn before anybody fabricates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.truth.withheld_sixth_places import Places

DEVICES = ("one", "even", "zeros", "fives", "kpa")
GLUCOSE = ("tenths", "halves", "whole", "converted", "entered_in_mg", "laboratory")
VISITING = (
    "spread",
    "appointment",
    "campaign",
    "late",
    "down_the_list",
    "rounds",
    "market",
    "tablets",
    "fixed_days",
)
TYPING = (
    "same_day",
    "next_days",
    "weekly",
    "monthly",
    "quarterly",
    "before_appraisal",
    "half_yearly",
    "in_advance",
    "dated_by_typing",
)
ORDER = ("by_day", "by_list", "by_hamlet")

# Habits that are there or not: the chance, and how much of it is shared by a whole unit.
SWITCHES = {
    "averages": (0.12, 0.4),
    "measures_again": (0.16, 0.4),
    "shy_of_140": (0.1, 0.3),
    "settled_patients": (0.08, 0.5),
    "random_sugar": (0.12, 0.5),
    "short_of_strips": (0.12, 0.8),
    "carries_laboratory": (0.1, 0.6),
    "tells_by_phone": (0.3, 0.4),
    "home_logs": (0.07, 0.3),
    "two_forms_two_days": (0.1, 0.5),
    "follows_up_at_checkup": (0.22, 0.8),
    "checkup_reading_on_both": (0.3, 0.7),
    "visits_again_when_high": (0.14, 0.4),
    "works_on_sundays": (0.35, 0.4),
    "sent_to_help": (0.12, 0.2),
    "mistypes": (0.1, 0.3),
    "always_same_way": (0.2, 0.7),
}
# Of a whole unit, and of a whole district.
UNIT = {
    "no_names": 0.05,
    "one_account": 0.05,
    "no_days_of_typing": 0.05,
    "no_ways": 0.06,
    "no_sugars": 0.04,
    "paper_first_year": 0.03,
    "own_checkups": 0.3,
    "form_never_complete": 0.1,
    "no_complete": 0.2,
}
DISTRICT = {
    "moved_system": 0.14,
    "copies_last_sugar": 0.12,
    "default_for_blank": 0.1,
    "no_days_of_typing_anywhere": 0.08,
    "no_ways_anywhere": 0.08,
    "household_unknown": 0.15,
    "places_unknown": 0.15,
    "one_clerk": 0.06,
}


@dataclass
class Habits:
    """Arrays by doctor; units' and district's habits are spread to their doctors, but for `district`."""

    device: np.ndarray
    device_later: np.ndarray
    switch_on: np.ndarray
    strength: np.ndarray
    bias: np.ndarray
    glucose: np.ndarray
    glucose_bias: np.ndarray
    visiting: np.ndarray
    typing: np.ndarray
    order: np.ndarray
    miss: np.ndarray
    tests: np.ndarray  # how often glucose is measured at all
    home: np.ndarray
    phone: np.ndarray
    on: dict[str, np.ndarray]
    district: dict[str, bool]
    moved_on: int  # the day of the move to another system, where there is one

    def of(self, doctor: int) -> list[str]:
        """Names of the odd habits of one doctor."""
        told = [name for name, there in self.on.items() if there[doctor]]
        told += [name for name, there in self.district.items() if there]
        pairs = (
            (DEVICES, self.device),
            (GLUCOSE, self.glucose),
            (VISITING, self.visiting),
            (TYPING, self.typing),
        )
        for names, codes in pairs:
            if codes[doctor]:
                told.append(names[codes[doctor]])
        if self.device[doctor] != self.device_later[doctor]:
            told.append("new_device")
        if self.miss[doctor] > 0.22:
            told.append("misses_many")
        return told


def acquire(rng: np.random.Generator, places: Places) -> Habits:
    unit = places.doctors.unit.to_numpy()
    units, count = len(places.units) - 1, len(unit)

    def code(weights: list[float], shared: float, spread: float) -> np.ndarray:
        """One of some ways: what is bought or ordered for a unit, else a doctor's own; no two districts are alike."""
        chance = rng.dirichlet(np.array(weights) * spread)
        ours = rng.choice(len(weights), units, p=chance)
        own = rng.choice(len(weights), count, p=chance)
        return np.where(rng.random(count) < shared, ours[unit], own)

    device = code([0.4, 0.25, 0.15, 0.1, 0.1], 0.6, 6)
    renewed = rng.random(count) < 0.18
    later = np.where(renewed, np.where(rng.random(count) < 0.75, 0, 1), device)
    switch_on = rng.integers(places.first + 120, places.last - 90, count)
    if rng.random() < 0.12:  # the county buys for everybody
        later = np.where(rng.random(count) < 0.85, 0, later)
        switch_on = np.full(count, rng.integers(places.first + 150, places.last - 150))
    on = {}
    for name, (chance, shared) in SWITCHES.items():
        chance = float(np.clip(chance * rng.lognormal(0, 0.5), 0, 0.6))
        ours, own = rng.random(units) < chance, rng.random(count) < chance
        on[name] = np.where(rng.random(count) < shared, ours[unit], own)
    for name, chance in UNIT.items():
        on[name] = (rng.random(units) < chance)[unit]
    district = {name: bool(rng.random() < chance) for name, chance in DISTRICT.items()}
    typing = code([0.22, 0.18, 0.15, 0.15, 0.1, 0.07, 0.04, 0.04, 0.05], 0.55, 8)
    if district["one_clerk"]:
        typing = np.full(count, 3)
    glucose = code([0.5, 0.08, 0.05, 0.14, 0.03, 0.2], 0.75, 5)
    mg = (glucose == 4) & (rng.random(units) < 0.6)[unit]  # it is the whole unit that types mg/dL
    all_mg = np.isin(unit, unit[mg])
    glucose = np.where(all_mg, 4, np.where(glucose == 4, 0, glucose))
    return Habits(
        device,
        later,
        switch_on,
        rng.uniform(0.55, 1.0, count),
        rng.normal(0, 2.5, count) + rng.normal(0, 1.5, units)[unit],
        glucose,
        rng.normal(1, 0.035, count),
        code([0.26, 0.1, 0.12, 0.1, 0.1, 0.1, 0.08, 0.08, 0.06], 0.35, 8),
        typing,
        rng.choice(3, count, p=[0.6, 0.25, 0.15]),
        np.clip(rng.beta(2, 14, count) + (rng.random(count) < 0.1) * 0.15, 0.01, 0.45),
        np.where(rng.random(count) < 0.4, 1.0, rng.uniform(0.6, 0.99, count)),
        rng.beta(1.2, 2.5, count),
        rng.beta(1.0, 14, count),
        on,
        district,
        int(rng.integers(places.first + 120, places.last - 60)),
    )


def written_pressure(
    value: np.ndarray, code: np.ndarray, strength: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """A pressure as the device shows it and the hand writes it."""
    luck = rng.random(len(value)) < strength
    even = 2 * np.round(value / 2)
    kpa = np.where(
        strength > 0.8, np.round(np.round(value / 7.5, 1) * 7.5), np.round(np.round(value / 3.75) * 3.75)
    )
    out = np.round(value)
    out = np.where((code == 1) & (luck | (strength > 0.8)), even, out)
    out = np.where(code == 2, np.where(luck, 10 * np.round(value / 10), even), out)
    out = np.where(code == 3, np.where(luck, 5 * np.round(value / 5), np.round(value)), out)
    return np.where(code == 4, kpa, out)


def written_sugar(value: np.ndarray, code: np.ndarray) -> np.ndarray:
    """A glucose in mmol/L as the meter, the hand or the laboratory writes it; the code 4 types mg/dL."""
    out = np.round(value, 1)
    out = np.where(code == 1, np.round(value * 2) / 2, out)
    out = np.where(code == 2, np.round(value), out)
    out = np.where(code == 3, np.round(np.round(value * 18) / 18, 1), out)
    out = np.where(code == 4, np.round(value * 18), out)
    return np.where(code == 5, np.round(value, 2), out)
