"""Indicators of reach in districts of many clinics: the engine against the plain count, and a part against the whole."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from metrics.cards import CARDS
from tests.plain.count import figures
from tests.plain.district import District
from tests.plain.months import first_day, last_day
from tests.plain.reach import CARDS as PLAIN
from tests.property.amount import examples
from tests.property.districts import FIRST, Plan, Tables, completed
from tests.property.engine import counted, filled
from tests.property.test_plain_count import differing

MONTHS = 14


def tables(seed: int) -> Tables:
    """A town of three villages and a community, a centre, eight clinics that open and close, thirty people in twelve groups."""
    draw = random.Random(seed)

    def point() -> dict:
        if draw.random() < 0.1:
            return {"lon": None, "lat": None}
        return {"lon": 104 + round(draw.random() / 20, 6), "lat": 30 + round(draw.random() / 20, 6)}

    def day():
        month = draw.randint(FIRST, FIRST + MONTHS)
        return draw.choice([first_day(month), last_day(month)])

    villages = ["V1", "V2", "V3", "Q1"]
    units = [{"kind": "bureau", "parent": None}, {"kind": "centre", "parent": 1, "place_code": "T"}]
    for _ in range(8):
        clinic = {"kind": "clinic", "parent": 2, "place_code": draw.choice(villages)}
        opened, closed = draw.choice([None, None, day()]), draw.choice([None, None, day()])
        units.append(clinic | {"opened_on": opened, "closed_on": closed})
    places = [{"code": "T", "level": "town"}]
    places += [
        {"code": code, "level": "village" if code[0] == "V" else "community", "parent_code": "T"}
        for code in villages
    ]
    places += [{"code": f"G{n}", "level": "group", "parent_code": draw.choice(villages)} for n in range(12)]
    people = range(1, 31)
    areas = [
        {
            "unit": unit,
            "kind": "medical_area",
            "start_on": day(),
            "quantity": draw.choice([60.0, 80.0, 120.0]),
        }
        for unit in range(3, 11)
    ]
    rows = {
        "unit": [
            {"unit": n, "code": f"U{n}", "name": f"U{n}"} | one | point() for n, one in enumerate(units, 1)
        ],
        "place": [{"place": n, "name": one["code"]} | one | point() for n, one in enumerate(places, 1)],
        "person": [
            {"person": n, "unit": 2, "born_on": first_day(23_000), "registered": draw.random() < 0.6}
            for n in people
        ],
        "residence": [
            {
                "person": n,
                "unit": draw.randint(2, 10),
                "start_on": draw.choice([first_day(FIRST - 20), day()]),
                "end_on": draw.choice([None, None, last_day(FIRST + 9)]),
                "place": draw.choice([None, *range(6, 18)]),
            }
            for n in people
        ],
        "facility": areas,
    }
    return {
        name: [completed(name, row, nth) | _said(row) for nth, row in enumerate(some, 1)]
        for name, some in rows.items()
    }


def _said(row: dict) -> dict:
    return {"place": row["place"]} if "place" in row else {}


@examples(8)
@given(seed=st.integers(0, 10**6))
def test_reach_as_counted_plainly(seed):
    rows, plan = tables(seed), Plan(seed, 1, 30, MONTHS)
    cards = [CARDS[key] for key in PLAIN]
    with filled(rows) as connection:
        engine = counted(connection, plan, cards)
    assert differing(engine, figures(District(rows, FIRST, plan.last), tuple(PLAIN))) == {}
