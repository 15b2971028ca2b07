"""Strata are the plain count of the people who are in them, and of no one else."""

from __future__ import annotations

from collections import Counter

from hypothesis import given

from metrics.cards import CARDS
from metrics.context import Horizon, prepare, rules_of
from metrics.counting import Frame, count_cards
from metrics.figuring import Grids, figures
from metrics.strata import count_strata, declared, is_broken_down, strata_rules
from tests.plain import count as plain_count
from tests.plain.count import is_open
from tests.plain.district import District
from tests.plain.stay import managed_by
from tests.property.amount import examples
from tests.property.districts import FIRST, Plan, plans, tables
from tests.property.engine import filled, units_of

FIXED = Plan(seed=7, districts=2, persons=25, months=14)
KEYS = [
    key
    for key, card in CARDS.items()
    if is_broken_down(card) and card.kinds is None and key in plain_count.CARDS
]

AGES = {"0-6": (0, 6), "7-17": (7, 17), "18-34": (18, 34), "35-59": (35, 59)}
AGES |= {"60-64": (60, 64), "65-79": (65, 79), "80+": (80, 999)}


def engine(rows, plan: Plan, url: str = "duckdb:///:memory:") -> dict[tuple, tuple]:
    """(card, unit, month, stratum) -> (numerator, listed) as published."""
    cards = [CARDS[key] for key in KEYS]
    horizon = Horizon(FIRST, plan.last)
    with filled(rows, url) as connection:
        units = units_of(connection)
        frame = Frame(tuple(int(unit) for unit in units["unit"]), horizon)
        prepare(connection, [*rules_of(cards), *strata_rules(cards)], horizon)
        grids = Grids(count_cards(connection, cards, frame))
        strata = count_strata(connection, cards, frame, units, horizon)
        found, _ = figures(connection, cards, frame, horizon, units, grids, strata)
    found = found[found["stratum"] != ""]
    return {
        (row.indicator, row.unit, row.month, row.stratum): (row.numerator, row.listed)
        for row in found.astype(object).where(found.notna(), None).itertuples()
    }


def plain(rows, plan: Plan) -> dict[tuple, tuple]:
    """The same: each stratum's people make a district of their own."""
    whole = District(rows, FIRST, plan.last)
    months = [month for month in whole.months if month % 12 == 11 or month == plan.last]
    found = {}
    for month in months:
        for stratum, persons in people_by_stratum(whole, month).items():
            found |= _figures_of(rows, plan, month, stratum, persons)
    for grid, (manager, persons) in people_by_grid(whole, plan.last).items():
        of_grid = _figures_of(rows, plan, plan.last, f"grid:{grid}", persons)
        found |= {place: numbers for place, numbers in of_grid.items() if place[1] == manager}
    return found


def _figures_of(rows, plan: Plan, month: int, stratum: str, persons: set[int]) -> dict[tuple, tuple]:
    kept = {
        name: [row for row in some if "person" not in row or row["person"] in persons]
        for name, some in rows.items()
    }
    district = District(kept, FIRST, plan.last)
    district.months = district.year_so_far(month)  # what is counted month by month is summed over these
    found = {}
    for key in KEYS:
        for (unit, at, basis), (numerator, listed, _) in plain_count.CARDS[key].figures(district).items():
            if (
                at == month
                and basis == CARDS[key].bases[0]
                and (numerator or listed)
                and is_open(district, unit, at)
            ):
                found[key, unit, at, stratum] = (numerator, listed)
    return found


def people_by_stratum(district: District, month: int) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for number, row in district.masters.items():
        names = []
        if row["sex"] is not None:
            names.append(f"sex:{row['sex']}")
        if row["registered"] is not None:
            names.append("population:registered" if row["registered"] else "population:floating")
        if row["born_month"] is not None:
            age = (month - row["born_month"]) // 12
            names += [f"age:{code}" for code, (first, last) in AGES.items() if first <= age <= last]
        for name in names:
            found.setdefault(name, set()).add(number)
    return found


def people_by_grid(district: District, month: int) -> dict[int, tuple[int, set[int]]]:
    """Grid -> (the unit that manages most of its people, its people); a building is a part of its group."""
    people: dict[int, set[int]] = {}
    for number in district.persons:
        if (place := _home(district, number)) is not None and place % 10 < 5:
            people.setdefault(place - 3 if place % 10 == 4 else place, set()).add(number)
    found = {}
    for grid, persons in people.items():
        units = Counter(unit for one in persons if (unit := managed_by(district, one, month)) is not None)
        if units:
            found[grid] = (min(units, key=lambda unit: (-units[unit], unit)), persons)
    return found


def _home(district: District, person: int) -> int | None:
    """By the newest row of the register that names a place, else by the newest record that does."""
    rows = [(1, row["start_on"], row["place"]) for row in district.of(person, "residence")]
    rows += [(0, row["created_on"], row["place"]) for row in district.of(person, "health_record")]
    rows = [row for row in rows if row[2] is not None]
    return max(rows)[2] if rows else None


def differing(ours: dict, theirs: dict) -> dict:
    """Where the two differ; a unit of which nothing was delivered has no numerator."""
    return {
        place: (ours.get(place), theirs.get(place))
        for place in ours.keys() | theirs.keys()
        if ours.get(place) != theirs.get(place)
        and not (ours.get(place, (0,))[0] is None and place in theirs and ours[place][1] == theirs[place][1])
    }


def test_every_declared_stratum_is_checked():
    checked = {f"age:{code}" for code in AGES} | {"sex:1", "sex:2"}
    checked |= {"population:registered", "population:floating"}
    assert {stratum.key for stratum in declared()} == checked


def test_fixed_districts():
    rows = tables(FIXED)
    ours = engine(rows, FIXED)
    assert differing(ours, plain(rows, FIXED)) == {}
    assert {place[3].partition(":")[0] for place in ours} == {"sex", "age", "population", "grid"}


@examples(1)
@given(plan=plans.map(lambda plan: Plan(plan.seed, 1, min(plan.persons, 12), min(plan.months, 15))))
def test_any_district(plan):
    rows = tables(plan)
    assert differing(engine(rows, plan), plain(rows, plan)) == {}
