"""The people of one centre: born, moved in, moved out, died, and where they live."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.demo import identity, telephones
from data.demo.days import FAR, birthday, day, months_of
from data.demo.draw import stream, weighted
from data.demo.geography import Places, Units
from data.demo.rows import glue
from data.demo.towns import MERGED, MERGED_ON, REFERENCE, SUCCESSOR, TOWNS

START = day(2024)
POOREST = -0.72  # quality below which a unit leaves one in seven without a record
RECORDED = 0.915  # of the statistical residents have a record: the rest is a gap in coverage

# Relative numbers by age 7, 12, ..., 62 and 65, 67, ..., 97 (elders and children follow the town).
_ADULT_AGES = np.array([7, 12, 17, 22, 27, 32, 37, 42, 47, 52, 57, 62, 65], float)
_ADULT_DENSITY = np.array([1.25, 1.2, 0.95, 0.85, 1.05, 1.4, 1.4, 1.2, 1.3, 1.65, 1.6, 1.15, 1.1])
_ELDER_AGES = np.array([65, 70, 75, 80, 85, 90, 98], float)
_ELDER_DENSITY = np.array([1.3, 1.1, 0.72, 0.42, 0.22, 0.08, 0.01])


@dataclass
class People:
    """One row a person (index = the person's number within the centre). Days are int32, ``FAR`` never.

    ``unit`` manages the person at the end; ``unit_before`` until ``moved_on`` where that is not FAR.
    ``recorded``: has a health record; ``electronic`` is part of it.
    """

    sex: np.ndarray
    born: np.ndarray
    born_hour: np.ndarray
    died: np.ndarray
    left: np.ndarray
    registered: np.ndarray
    arrived: np.ndarray
    place: np.ndarray
    family: np.ndarray
    unit: np.ndarray
    unit_before: np.ndarray
    moved_on: np.ndarray
    recorded: np.ndarray
    record_on: np.ndarray
    electronic: np.ndarray

    def __len__(self) -> int:
        return len(self.sex)

    @property
    def end(self) -> np.ndarray:
        """First day on which the person is no longer here (died or left)."""
        return np.minimum(self.died, self.left)

    @property
    def begin(self) -> np.ndarray:
        """First day here, as far as the records know."""
        return self.record_on

    def present(self, on: int) -> np.ndarray:
        """Who has a record and is here on a day (a mask)."""
        return self.recorded & (self.record_on <= on) & (self.end > on)

    def resident(self, on: int) -> np.ndarray:
        """Who is present and, if floating, has been here for six months (a mask)."""
        return self.present(on) & self.settled(on)

    def settled(self, on: int) -> np.ndarray:
        """Who has been here for six months or is no newcomer (a mask)."""
        months = months_of(np.array([on]))[0] - months_of(np.where(self.arrived < FAR, self.arrived, 0))
        return (self.arrived == FAR) | (months >= 6)

    def whole_year(self, year: int) -> np.ndarray:
        """Who was here, on record, from the year's first to its last day under one centre."""
        return self.recorded & (self.record_on <= day(year)) & (self.end > day(year, 12, 31))

    def age_on(self, on: int | np.ndarray, years: int) -> np.ndarray:
        """Who has turned ``years`` on a day (a mask)."""
        return birthday(self.born, years) <= on

    def unit_on(self, person: np.ndarray, on: np.ndarray) -> np.ndarray:
        """Which unit managed each person on a day."""
        return np.where(on < self.moved_on[person], self.unit_before[person], self.unit[person])


@dataclass(frozen=True)
class Identities:
    """Names and numbers, one a person."""

    empi: pa.Array
    name: pa.Array
    id_number: pa.Array
    phone: pa.Array
    address: pa.Array
    record_code: pa.Array


def make_people(
    seed: int, town: int, statistical: int, units: Units, places: Places, last_year: int
) -> People:
    """Everyone of a centre who is on record at some time from 2024 to the end of ``last_year``.

    ``statistical`` is the resident population of 2025; about ``RECORDED`` of it has a record then.
    """
    rng = stream(seed, "people", town)
    years = last_year - 2024 + 1
    target = statistical * RECORDED
    births = int(statistical * TOWNS[town].children / 7 * 0.87)
    arrivals = int(statistical * 0.021)
    at_start = int(target * 1.026) - births - arrivals
    born = np.concatenate(
        [_born_at_start(rng, TOWNS[town].elders, TOWNS[town].children, at_start)]
        + [START + y * 365 + rng.integers(0, 365, int(births * 0.96**y)) for y in range(years)]
        + [_born_at_start(rng, 0.05, 0.05, arrivals) for _ in range(years)]
    ).astype(np.int32)
    n = len(born)
    # Of 100 at the start 13 are floating, long known; later arrivals are floating except one in ten.
    newcomer = np.arange(n) >= n - arrivals * years
    newborn = ~newcomer & (np.arange(n) >= at_start)
    registered = np.where(newcomer, rng.random(n) < 0.1, rng.random(n) < 0.87)
    arrived = np.full(n, FAR, np.int32)
    earlier = ~registered & ~newcomer & ~newborn
    arrived[earlier] = np.maximum(START - rng.integers(200, 4000, earlier.sum()), born[earlier])
    year_of_arrival = np.repeat(np.arange(years), arrivals)
    arrived[newcomer] = START + year_of_arrival * 365 + rng.integers(0, 365, arrivals * years)
    born[newcomer] = np.minimum(born[newcomer], arrived[newcomer] - 60)

    record_on = _record_days(rng, born, arrived, newborn, newcomer)
    died = _deaths(rng, born, record_on, years)
    left = np.full(n, FAR, np.int32)
    leaves = rng.random(n) < np.where(registered, 0.004, 0.055) * years
    left[leaves] = START + rng.integers(30, 365 * years, leaves.sum())
    left[(left <= record_on + 60) | (left >= died)] = FAR

    own_places = np.flatnonzero((places.town == town) & (places.weight > 0))
    place = own_places[weighted(rng, places.weight[own_places], n)]
    unit = places.unit[place]
    # Who has no record is of working age: the key populations are known best.
    working = (born > day(1963)) & (born < day(2004))
    recorded = ~working | (rng.random(n) < 0.98)
    # The poorest units know some of the key populations and have made no record for them.
    recorded &= (units.quality[unit] > POOREST) | (np.arange(n) % 7 > 0)
    people = People(
        sex=_sexes(rng, n),
        born=born,
        born_hour=rng.integers(0, 24, n),
        died=died,
        left=left,
        registered=registered,
        arrived=arrived,
        place=place,
        family=_families(rng, place),
        unit=unit,
        unit_before=unit.copy(),
        moved_on=np.full(n, FAR, np.int32),
        recorded=recorded,
        record_on=record_on,
        electronic=np.ones(n, bool),
    )
    _move(rng, people, town, units, places, years)
    return people


def _born_at_start(rng: np.random.Generator, elders: float, children: float, n: int) -> np.ndarray:
    """Birthdays of people of an age structure on 1 January 2024."""
    ages = np.arange(0, 100)
    density = np.interp(ages, _ADULT_AGES, _ADULT_DENSITY)
    young, old = ages < 7, ages >= 65
    # Births have fallen for years: seven-year-olds are half as many again as newborns.
    child, elder = np.linspace(0.8, 1.3, 100)[ages * young], np.interp(ages, _ELDER_AGES, _ELDER_DENSITY)
    middle = density * ~young * ~old
    weights = (
        child * young / (child * young).sum() * children
        + elder * old / (elder * old).sum() * elders * 0.965  # more turn 65 than die: grows to its share
        + middle / middle.sum() * (1 - children - elders)
    )
    return START - (weighted(rng, weights, n) + rng.random(n)) * 365.2425


def _record_days(
    rng: np.random.Generator, born: np.ndarray, arrived: np.ndarray, newborn: np.ndarray, newcomer: np.ndarray
) -> np.ndarray:
    n = len(born)
    old = day(2009, 6) + (rng.beta(1.1, 1.6, n) * (START - day(2009, 6) - 40)).astype(np.int64)
    days = rng.integers(1, 40, n)
    days = np.where(newborn, -(-days // 3), days)  # a newborn's record is made at the first visit at home
    first = np.maximum(np.where(arrived < FAR, arrived, born) + days, born + 1)
    record = np.where(newborn | newcomer, first, np.maximum(old, first))
    return np.where(newborn | newcomer, record, np.minimum(record, START - 1)).astype(np.int32)


def _deaths(rng: np.random.Generator, born: np.ndarray, record_on: np.ndarray, years: int) -> np.ndarray:
    died = np.full(len(born), FAR, np.int32)
    for y in range(years):
        age = (START + y * 365 + 180 - born) / 365.2425
        risk = 0.00042 * np.exp(0.096 * np.maximum(age - 30, 0))
        dies = (died == FAR) & (rng.random(len(born)) < risk) & (record_on < START + y * 365)
        died[dies] = START + y * 365 + (rng.random(dies.sum()) * 365).astype(np.int64)
    return died


def _sexes(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.where(rng.random(n) < 0.507, 1, 2)


def _families(rng: np.random.Generator, place: np.ndarray) -> np.ndarray:
    """Households of one to five neighbours, numbered."""
    order = np.lexsort((rng.random(len(place)), place))
    last_of_household = rng.random(len(place)) < 1 / 2.7
    ordered = place[order]
    new = np.r_[True, (ordered[1:] != ordered[:-1]) | last_of_household[:-1]]
    family = np.empty(len(place), np.int64)
    family[order] = np.cumsum(new)
    return family


def _move(
    rng: np.random.Generator, people: People, town: int, units: Units, places: Places, years: int
) -> None:
    """A few people change their unit within the centre; a merged clinic hands all of its people over."""
    own = units.of_town(town)
    movers = (rng.random(len(people)) < 0.007 * years) & (people.end == FAR)
    closes = units.named(MERGED) if units.town[units.named(MERGED)] == town else -1
    when = START + rng.integers(20, 365 * years - 30, len(people))
    movers &= (when > people.record_on + 120) & (people.unit != closes)
    target = own[rng.integers(len(own), size=len(people))]
    if REFERENCE < town < len(TOWNS) - 1:
        # Some go to a centre further down the list: centres are made in that order.
        further = np.flatnonzero(units.town > town)
        away = rng.random(len(people)) < 0.25
        target[away] = further[rng.integers(len(further), size=away.sum())]
    movers &= (target != people.unit) & (target != closes)
    people.unit[movers] = target[movers]
    people.moved_on[movers] = when[movers]
    if closes >= 0:
        merged = day(*MERGED_ON)
        handed = (people.unit == closes) & (people.end > merged)
        late = handed & (people.record_on >= merged)
        successor = units.named(SUCCESSOR)
        people.unit[handed] = successor
        people.unit_before[late] = successor
        people.moved_on[handed & ~late] = merged


def make_identities(
    seed: int, town: int, people: People, units: Units, places: Places, today: int
) -> Identities:
    """Names and numbers of a centre's people. Three in ten infants have no ID number yet."""
    rng = stream(seed, "identities", town)
    n = len(people)
    # Registered people were first registered here, the others somewhere else: both codes do not exist.
    here, elsewhere = 990_100 + 4 * town + rng.integers(0, 4, n), 990_500 + 20 * town + rng.integers(0, 20, n)
    area = np.where(people.registered, here, elsewhere)
    code = np.array(places.code, object)[people.place]
    label = np.array(
        ["云岭县" + TOWNS[t].name + name for t, name in zip(places.town, places.name, strict=True)], object
    )[people.place]
    numbers = pa.array(rng.integers(1, 300, n)).cast(pa.string())
    no_number = (people.born > today - 300) & (rng.random(n) < 0.3)
    number = identity.id_numbers(rng, area, people.born, people.sex)
    dependent = ~people.age_on(today, 16) | people.age_on(today, 72)
    return Identities(
        empi=identity.empi(town + 1, n),
        name=identity.names(rng, people.sex),
        id_number=pc.if_else(pa.array(no_number), pa.scalar(None, pa.string()), number),
        phone=telephones.shared(
            seed, town, identity.phones(rng, n), people.family, dependent, people.unit, units
        ),
        address=glue(pa.array(label, pa.string()), numbers, "号"),
        record_code=identity.record_codes(
            pa.array(code, pa.string()), _serials(np.array(places.parent)[people.place])
        ),
    )


def _serials(village: np.ndarray) -> np.ndarray:
    """1, 2, 3, ... within each village, by order of the person's number."""
    order = np.argsort(village, kind="stable")
    ordered = village[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    serial = np.empty(len(village), np.int64)
    serial[order] = np.arange(len(village)) - np.repeat(starts, np.diff(np.r_[starts, len(village)])) + 1
    return serial
