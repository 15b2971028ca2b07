"""Wrong numbers that the plain count found, each pinned by the smallest district that showed it."""

from __future__ import annotations

from datetime import date, datetime

from metrics.build import build
from metrics.cards import CARDS
from tests.plain.count import figures
from tests.plain.district import District
from tests.property.districts import FIRST, Plan, completed
from tests.property.engine import counted, filled
from tests.property.histories import History
from tests.property.stores import new_store, read_figures, write

CENTRE, OTHER = 2, 3
PLAN = Plan(seed=0, districts=1, persons=1, months=24)
UNITS = [
    {"unit": 1, "code": "1", "name": "局", "kind": "bureau"},
    {"unit": CENTRE, "code": "2", "name": "中心", "kind": "centre", "parent": 1},
    {"unit": OTHER, "code": "3", "name": "中心", "kind": "centre", "parent": 1},
]
SOMEBODY = {"person": 1, "unit": CENTRE, "born_on": date(1950, 6, 15), "entered_on": date(2020, 1, 1)}


def month(year: int, number: int) -> int:
    return year * 12 + number - 1


def figure(
    key: str, year: int, number: int, *, at: int = CENTRE, basis: str | None = None, **tables
) -> tuple:
    """(numerator, listed, denominator) of a card at a unit, which the plain count gives too."""
    given = {"unit": UNITS, "person": [SOMEBODY]} | tables
    rows = {
        name: [completed(name, row, place) for place, row in enumerate(some, 1)]
        for name, some in given.items()
    }
    place = (key, at, month(year, number), basis or CARDS[key].bases[0].value)
    with filled(rows) as connection:
        found = counted(connection, PLAN, [CARDS[key]])[place]
    assert found == figures(District(rows, FIRST, PLAN.last), [key])[place]
    return found


def test_rows_about_persons_without_a_master_wait():
    """An outpatient visit of someone not in the demographic master was counted."""
    visit = {"unit": CENTRE, "day": date(2024, 3, 1), "visit_no": "1", "kind": "outpatient"}
    visits = [visit | {"person": 1}, visit | {"person": 2}]
    assert figure("op_visits", 2024, 3, basis="month", encounter=visits) == (1, None, None)


def test_unknown_age_is_neither_old_nor_young():
    """A resident by the register whose birth date is missing counted as old, as a child and as key population."""
    person = [SOMEBODY | {"born_on": None}]
    residence = [{"person": 1, "unit": CENTRE, "start_on": date(2020, 1, 1)}]
    for key in ("fd_elder_rate", "fd_child_rate", "fd_key_contract_rate", "im_flu60_rate"):
        _, listed, _ = figure(key, 2024, 3, person=person, residence=residence)
        assert listed == 0, key


def test_nobody_is_managed_before_birth():
    """A child whom the register names from the family's arrival on was a child of 0 to 6 before it was born."""
    person = [SOMEBODY | {"born_on": date(2024, 6, 15)}]
    residence = [{"person": 1, "unit": CENTRE, "start_on": date(2023, 1, 1)}]
    assert figure("im_card_rate", 2024, 5, person=person, residence=residence) == (0, 0, 0)
    assert figure("im_card_rate", 2024, 6, person=person, residence=residence) == (0, 1, 1)


def test_a_death_on_a_record_of_an_unmapped_unit():
    """The death was noted on the newest record, whose unit is not mapped: the dead stayed a resident."""
    record = {"person": 1, "unit": None, "created_on": date(2024, 1, 1), "died_on": date(2024, 5, 20)}
    assert figure("fd_elder_rate", 2024, 5, health_record=[record]) == (0, 1, 1)
    assert figure("fd_elder_rate", 2024, 6, health_record=[record]) == (0, 0, 0)


def test_who_is_enrolled_again_owes_from_then_on():
    """A patient enrolled again in October owed the contacts of the whole year."""
    enrolments = [
        {"person": 1, "programme": "htn", "start_on": date(2022, 1, 1), "end_on": date(2023, 3, 1)},
        {"person": 1, "programme": "htn", "start_on": date(2024, 10, 10)},
    ]
    contact = {"person": 1, "programme": "htn", "unit": CENTRE, "day": date(2024, 11, 1), "mode": "clinic"}
    check = {"person": 1, "unit": CENTRE, "day": date(2024, 11, 1)}
    given = {"enrolment": enrolments, "followup": [contact], "checkup": [check]}
    assert figure("htn_standard_rate", 2024, 12, **given) == (1, 1, 1)


def test_a_contract_ends_in_the_month_of_its_last_day():
    """A contract that ended on 15 December counted as ended in November, and as not renewed."""
    contract = {"person": 1, "unit": CENTRE, "contract_no": "1", "signed_on": date(2024, 1, 1)}
    contracts = [
        contract | {"start_on": date(2023, 12, 16), "end_on": date(2024, 12, 15)},
        contract | {"start_on": date(2025, 1, 10), "end_on": date(2026, 1, 9)},
    ]
    assert figure("fd_renewal_rate", 2024, 11, basis="month", contract=contracts) == (0, 0, 0)
    assert figure("fd_renewal_rate", 2024, 12, basis="month", contract=contracts) == (1, 1, 1)


def test_a_person_assessed_twice_in_a_year_counts_once():
    """Two assessments counted as two; and one of a tag that began years ago was lost."""
    tag = {"person": 1, "tag": "sarcopenia_improved"}
    twice = [
        tag | {"start_on": date(2024, 2, 1), "end_on": date(2024, 2, 29)},
        tag | {"start_on": date(2024, 6, 1), "end_on": date(2024, 6, 30)},
    ]
    again = [tag | {"start_on": date(2022, 2, 1)}, tag | {"start_on": date(2024, 6, 1)}]
    assert figure("el_sarcopenia_improved", 2024, 7, person_tag=twice) == (1, None, None)
    assert figure("el_sarcopenia_improved", 2024, 7, person_tag=again) == (1, None, None)


def test_who_improved_and_left_stays_to_the_year_s_end():
    """The figure of a year fell when someone who counted in it moved away."""
    tag = {"person": 1, "tag": "care_plan_improved", "start_on": date(2024, 2, 1)}
    residence = [{"person": 1, "unit": CENTRE, "start_on": date(2020, 1, 1), "end_on": date(2024, 3, 1)}]
    assert figure("ncd_complex_improved", 2024, 12, person_tag=[tag], residence=residence) == (1, None, None)


def test_floating_children_owe_what_fell_due_before_they_came():
    """A child of two years who came without any dose was vaccinated to date."""
    child = SOMEBODY | {"born_on": date(2022, 1, 10), "registered": False, "arrived_on": date(2024, 8, 1)}
    assert figure("im_floating_children", 2024, 9, person=[child]) == (0, 1, 1)


def test_elders_who_are_not_yet_residents_are_a_key_population():
    """The items owed to an elder of two months' stay were no items owed to key populations."""
    elder = SOMEBODY | {"registered": False, "arrived_on": date(2024, 3, 1)}
    item = {
        "person": 1,
        "contract_no": "1",
        "item": "x",
        "due_on": date(2024, 5, 10),
        "done_on": date(2024, 5, 9),
    }
    residence = [{"person": 1, "unit": CENTRE, "start_on": date(2024, 3, 1), "end_on": date(2024, 6, 30)}]
    given = {"person": [elder], "contract_item": [item], "residence": residence}
    assert figure("fd_fulfilment_rate", 2024, 5, basis="month", **given) == (1, 1, 1)


def test_a_centre_that_closed_owes_no_population():
    """Once a centre had closed, the bureau had no denominator in any later year."""
    units = [row | ({"closed_on": date(2024, 6, 30)} if row["unit"] == OTHER else {}) for row in UNITS]
    approved = {"kind": "resident", "band": "all"}
    population = [
        approved | {"unit": CENTRE, "year": 2024, "persons": 10},
        approved | {"unit": OTHER, "year": 2024, "persons": 5},
        approved | {"unit": CENTRE, "year": 2025, "persons": 15},
    ]
    for year in (2024, 2025):
        *_, denominator = figure("hr_filing_rate", year, 12, at=1, unit=units, population=population)
        assert denominator == 15


def test_a_managed_elder_who_dies_stays_managed_in_the_year():
    """The record of a dead elder is cancelled: the elder stayed in the denominator alone."""
    record = {"person": 1, "unit": CENTRE, "created_on": date(2020, 1, 1)}
    died = record | {"cancelled_on": date(2024, 6, 10), "cancel_reason": "died", "died_on": date(2024, 6, 9)}
    check = {"person": 1, "unit": CENTRE, "day": date(2024, 3, 1), "complete": True}
    assert figure("el_mgmt_rate", 2024, 12, health_record=[died], checkup=[check])[:2] == (1, 1)


def test_a_household_is_counted_whole_after_an_import():
    """An incremental build counted a household again when a second member's record came."""
    history = History(PLAN)
    people = [SOMEBODY, SOMEBODY | {"person": 2}]
    records = [{"person": n, "unit": CENTRE, "created_on": date(2024, 1, 1), "family": 7} for n in (1, 2)]
    visits = [
        {"person": 1, "unit": CENTRE, "day": date(2024, n, 1), "visit_no": str(n), "kind": "outpatient"}
        for n in (1, 2, 3)
    ]
    history.versions = {name: [] for name in history.versions} | {
        "unit": [completed("unit", row, place) for place, row in enumerate(UNITS, 1)],
        "person": [completed("person", row, place) for place, row in enumerate(people, 1)],
        "encounter": [completed("encounter", row, place) for place, row in enumerate(visits, 1)],
        "health_record": [completed("health_record", records[0], 1)],
    }
    cards = [CARDS["hr_households"]]
    with new_store() as (store, place):
        write(store, history)
        build(store, place, cards=cards)
        history.event = 2
        history.versions["health_record"].append(completed("health_record", records[1], 2, event=2))
        write(store, history)
        assert build(store, place, cards=cards).kind == "incremental"
        rows = read_figures(store)
    assert set(rows.loc[rows["unit"] == CENTRE, "numerator"]) == {1}


def test_a_first_hepatitis_b_dose_late_in_life():
    """The seconds from birth to the dose of someone of 74 did not fit into 32 bits: the build stopped."""
    dose = {"person": 1, "unit": CENTRE, "vaccine": "hepb", "dose_no": 1, "day": date(2024, 3, 1)}
    newborn = {"person": 2, "unit": CENTRE, "born_on": date(2024, 3, 1)}
    given = {"person": [SOMEBODY, newborn], "dose": [dose | {"given_at": datetime(2024, 3, 1, 9)}]}
    assert figure("im_hepb_first_timely", 2024, 3, basis="month", **given) == (0, 1, 1)
