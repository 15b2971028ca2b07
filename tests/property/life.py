"""Draws for one person, and when and where things happen."""

from __future__ import annotations

import datetime as dt
import random

from tests.plain.months import first_day, last_day

FIRST, LAST = 2023 * 12 + 9, 2026 * 12 + 3  # months in which things happen
WHERE = (2, 3, 4, 4, 5, 5, 6)
_SOME_DAYS = [
    dt.date(2024, 1, 1),
    dt.date(2024, 2, 28),
    dt.date(2024, 2, 29),
    dt.date(2024, 12, 31),
    dt.date(2025, 1, 1),
    dt.date(2025, 2, 28),
    dt.date(2025, 12, 31),
]


class Life:
    """Draws for one person."""

    def __init__(self, draw: random.Random, person: int, base: int) -> None:
        self.draw, self.person = draw, person
        self.everywhere = [base + unit for unit in WHERE]
        self.around = draw.randint(FIRST, LAST)  # things cluster around a month of the person's own
        self.born_hour = draw.choice([None, *range(24)]) if draw.random() < 0.8 else None
        self.units = draw.sample(self.everywhere, 2)

    def chance(self, of: float) -> bool:
        return self.draw.random() < of

    def day(self) -> dt.date:
        kind = self.draw.random()
        if kind < 0.15:
            return self.draw.choice(_SOME_DAYS)
        month = self.draw.randint(FIRST, LAST)
        if kind < 0.4:
            month = min(max(self.around + self.draw.randint(-1, 1), FIRST), LAST)
        start = first_day(month)
        return self.draw.choice([start, last_day(month), start + dt.timedelta(days=self.draw.randint(0, 27))])

    def maybe(self, value, of: float = 0.8):
        return value if self.chance(of) else None

    def truth(self) -> bool | None:
        return self.draw.choice([True, True, False, None])

    def unit(self) -> int | None:
        return self.draw.choice(self.units) if self.chance(0.93) else None

    def some(self, most: int) -> range:
        return range(self.draw.choice([0, *range(most + 1)]))

    def row(self, **values) -> dict:
        return {"person": self.person, **values}

    def services(self, most: int, **values) -> list[dict]:
        """Up to ``most`` rows with a day and a unit; a value that can be called is drawn anew for each."""
        return [
            self.row(
                unit=self.unit(),
                day=self.day(),
                **{name: value() if callable(value) else value for name, value in values.items()},
            )
            for _ in self.some(most)
        ]


def within(life: Life, month: int) -> dt.date:
    return life.draw.choice([first_day(month), last_day(month), first_day(month) + dt.timedelta(days=14)])
