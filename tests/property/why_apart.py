"""Splits of a district in which a clinic is merged and several parameters change, and plain counts by every choice of values.

Run as a process (``why_dated`` says why), prints JSON. The counts are those of ``tests.plain``: the rules as they are told, person by
person, which share no code with the cards, here with a parameter's values looked up in another month.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations

from metrics.build import build
from metrics.cards import CARDS
from metrics.principal import LOCAL
from metrics.why.asking import split
from tests.plain import district as plain_district
from tests.plain.count import CARDS as PLAIN
from tests.plain.district import District, dated_values
from tests.property.districts import completed
from tests.property.stores import new_store, write_tables
from tests.property.why_dated import known_in_time, plain

FIRST = 2024 * 12
DECEMBER = FIRST + 23
CONTROL, HANDOVER = "htn_control_rate", "el_chronic_handover"
BUREAU, TOWN, VALLEY, STATION, CLINIC = 1, 2, 3, 4, 5
#: card, basis, unit, the earlier month, the later one, and how many months back each month stands (0: against the earlier one).
ASKED = (
    (CONTROL, "ytd", TOWN, DECEMBER - 12, DECEMBER, 12),
    (CONTROL, "ytd", STATION, DECEMBER, DECEMBER + 1, 12),
    (CONTROL, "ytd", STATION, DECEMBER - 7, DECEMBER, 0),
    (HANDOVER, "ytd", STATION, DECEMBER - 12, DECEMBER, 12),
)

Choice = frozenset[str]


def drawn(seed: int) -> dict[str, list[dict]]:
    """Patients whose readings lie about the goals, in four units; the valley's clinic is merged into the town's station in July 2025."""
    draw = random.Random(seed)
    rows: dict[str, list[dict]] = {
        name: [] for name in ("person", "residence", "enrolment", "followup", "checkup")
    }
    merged = {"closed_on": date(2025, 7, 1), "successor": STATION}
    places = {BUREAU: ("bureau", None), TOWN: ("centre", BUREAU), VALLEY: ("centre", BUREAU)}
    places |= {STATION: ("station", TOWN), CLINIC: ("clinic", VALLEY)}
    units = [
        {"unit": unit, "code": f"U{unit}", "name": f"机构{unit}", "kind": kind, "parent": parent}
        | (merged if unit == CLINIC else {})
        for unit, (kind, parent) in places.items()
    ]

    def reading() -> dict:
        return {"sbp": draw.randint(122, 152), "dbp": draw.randint(74, 95), "fpg": draw.randint(50, 75) / 10}

    for person in range(1, 61):
        about = {"person": person, "unit": draw.choice([TOWN, STATION, STATION, VALLEY, CLINIC, CLINIC])}
        born = date(draw.randint(1945, 1970), draw.randint(1, 12), 5)
        rows["person"].append(about | {"born_on": born, "registered": True, "sex": 1})
        rows["residence"].append(about | {"start_on": date(2020, 1, 1)})
        if person % 2:
            rows["enrolment"].append(about | {"programme": "htn", "start_on": date(2023, 1, 1)})
            rows["followup"] += [
                about | reading() | {"programme": "htn", "mode": "clinic", "day": date(year, month, 9)}
                for year in (2024, 2025)
                for month in draw.sample(range(1, 13), 4)
            ] + [
                about
                | reading()
                | {"programme": "htn", "mode": "clinic", "day": date(2026, 1, draw.randint(1, 28))}
            ]
        else:
            day = date(2023, 11, 1) + dt.timedelta(days=draw.randint(0, 780))
            if draw.random() < 0.5:  # handed over in the months that twelve months gain and lose
                day = date(draw.choice([2024, 2025]), 4, 1) - dt.timedelta(days=draw.randint(1, 90))
            rows["checkup"] += [
                about | reading() | {"day": day + dt.timedelta(days=later), "complete": True}
                for later in (0, 200)
            ]
            if draw.random() < 0.5:
                rows["enrolment"].append(
                    about | {"programme": draw.choice(["htn", "dm"]), "start_on": day + dt.timedelta(days=10)}
                )
    return {
        name: [completed(name, one, place) for place, one in enumerate(some, 1)]
        for name, some in {"unit": units, **rows}.items()
    }


def choices(keys: list[str]) -> Iterator[Choice]:
    for size in range(len(keys) + 1):
        yield from map(frozenset, combinations(keys, size))


def counted(tables: dict, asked: tuple, changed: Choice, keys: list[str]) -> list[int]:
    """Numerator and denominator of the earlier figure, then of the later one, by the new values of ``changed`` alone."""
    key, basis, unit, earlier, month, back = asked
    first, begin = (one // 12 * 12 for one in (earlier, month))

    def later_as_before(one: int) -> int:
        return one if one <= earlier else min(one - back, earlier) if back else earlier

    def earlier_as_after(one: int) -> int:
        if not back:
            return one + month - earlier if one + month - earlier > earlier else one
        return min(one + back, month) if first <= one < begin else one

    if not back:  # of one year so far, what was changed before the earlier month's end holds in both
        changed = {one for one in changed if at(one, earlier) != at(one, month)}
    old = figures_by(tables, key, earlier, {one: by_month(one, earlier_as_after) for one in changed})
    new = figures_by(tables, key, month, {one: by_month(one, later_as_before) for one in set(keys) - changed})
    return [*old[unit, earlier, basis][:2], *new[unit, month, basis][:2]]


def figures_by(tables: dict, key: str, month: int, values: dict[str, list]) -> dict[tuple, tuple]:
    """The plain figures of a month where some parameters have these dated values."""
    district = District(tables, FIRST, month)
    district.months = range(month, month + 1)  # no others are asked for
    real = plain_district.dated_values
    plain_district.dated_values = lambda name: values.get(name) or real(name)
    try:
        return PLAIN[key].figures(district)
    finally:
        plain_district.dated_values = real


def by_month(key: str, others: Callable[[int], int]) -> list[tuple[date, float]]:
    """A parameter's values, one each month, each that of another month."""
    months = range(FIRST - 36, FIRST + 30)
    return [(date(month // 12, month % 12 + 1, 1), at(key, others(month))) for month in months]


def at(key: str, month: int) -> float:
    """What holds at the end of a month."""
    values = dated_values(key)
    begun = [value for start, value in values if start.year * 12 + start.month - 1 <= month]
    return begun[-1] if begun else values[0][1]


def main() -> None:
    tables, answers = drawn(int(sys.argv[1])), []
    with new_store() as (store, place):
        write_tables(store, tables)
        known_in_time(store, last=date(2026, 1, 31))
        build(store, place, cards=[CARDS[key] for key in (CONTROL, HANDOVER)])
        for asked in ASKED:
            key, basis, unit, earlier, month, _ = asked
            found = split(store, LOCAL, key, unit, month, basis, earlier)
            keys = [one for one in CARDS[key].parameters if one in sys.argv[2:]]
            by_choice = [[sorted(one), counted(tables, asked, one, keys)] for one in choices(keys)]
            answers.append({"asked": asked, "split": plain(found), "counted": by_choice})
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
