"""The record tables as rules see them: by name, without a schema.

A context (``metrics.context``) decides what a name means on its connection: all that is known,
what was known at an event, the persons of one unit. Here are only the columns, so that a
misspelt one fails when the card is imported.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, MetaData, SmallInteger, String, Table

from data.records import RECORDS

metadata = MetaData()

CURRENT: dict[str, Table] = {
    name: Table(name, metadata, *(Column(c.name, c.type) for c in table.columns))
    for name, table in RECORDS.items()
}

activity = CURRENT["activity"]
appraisal = CURRENT["appraisal"]
appraisal_item = CURRENT["appraisal_item"]
check_item = CURRENT["check_item"]
checkup = CURRENT["checkup"]
child_visit = CURRENT["child_visit"]
contract = CURRENT["contract"]
contract_item = CURRENT["contract_item"]
document = CURRENT["document"]
dose = CURRENT["dose"]
drug_line = CURRENT["drug_line"]
encounter = CURRENT["encounter"]
enrolment = CURRENT["enrolment"]
facility = CURRENT["facility"]
finding = CURRENT["finding"]
followup = CURRENT["followup"]
health_event = CURRENT["health_event"]
health_record = CURRENT["health_record"]
incident = CURRENT["incident"]
inspection = CURRENT["inspection"]
lab_order = CURRENT["lab_order"]
maternal_visit = CURRENT["maternal_visit"]
money = CURRENT["money"]
person = CURRENT["person"]
person_tag = CURRENT["person_tag"]
place = CURRENT["place"]
pregnancy = CURRENT["pregnancy"]
prescription = CURRENT["prescription"]
referral = CURRENT["referral"]
residence = CURRENT["residence"]
sample = CURRENT["sample"]
screening = CURRENT["screening"]
service = CURRENT["service"]
staff = CURRENT["staff"]
tb_course = CURRENT["tb_course"]
team = CURRENT["team"]
training = CURRENT["training"]
unit = CURRENT["unit"]
vaccination_card = CURRENT["vaccination_card"]

# Small tables that a context makes in Python.
year = Table(  # the years of the figures, by their first month
    "year",
    metadata,
    Column("y0", Integer),
    Column("y1", Integer),  # the year's last month
    Column("first_on", Date),
    Column("last_on", Date),
)

course = Table(  # which unit is credited with the people and late rows of a unit, from when to when
    "course",
    metadata,
    Column("unit", Integer),
    Column("from_on", Date),
    Column("to_on", Date),
    Column("credited", Integer),
)

ancestry = Table(  # every unit with itself and each unit above it
    "ancestry",
    metadata,
    Column("unit", Integer),
    Column("ancestor", Integer),
)

schedule = Table(  # the immunisation schedule: metrics/standards/schedule.csv
    "schedule",
    metadata,
    Column("vaccine", String),
    Column("dose_no", SmallInteger),
    Column("age_months", Integer),
    Column("first_born", Integer),  # month of birth from which on it is due
    Column("sex", SmallInteger),  # NULL: both
    Column("added", Integer),  # 1: newly added to the programme
)

duty_term = Table(  # what is owed when, by units of which kind: metrics/standards/duties.csv, a row a period
    "duty_term",
    metadata,
    Column("duty", String),
    Column("kind", String),  # of unit
    Column("first", Integer),  # months of the period, both included
    Column("last", Integer),
    Column("times", Integer),  # how often within it
    Column("people", Integer),  # at least so many attended each time; 0: any number
)

standard_item = Table(  # the items of the standards: metrics/standards/checks.csv
    "standard_item",
    metadata,
    Column("standard", String),  # key of the card
    Column("item", String),
    Column("number", Integer),  # tells the items of all standards apart
)

working_due = Table(  # when so many working days after a day are over: metrics/standards/holidays.csv
    "working_due",
    metadata,
    Column("day", Date),
    Column("days", Integer),
    Column("due_on", Date),
)

reach = Table(  # which unit is the nearest to a place with coordinates: metrics/coverage/spans.py
    "reach",
    metadata,
    Column("place", Integer),
    Column("kind", String),  # any: of all open units with coordinates but the bureau; second: the next one
    Column("unit", Integer),
    Column("metres", Integer),
    Column("s", Integer),
    Column("e", Integer),
)

unit_near = Table(  # which other unit is the nearest to an open unit: metrics/coverage/spans.py
    "unit_near",
    metadata,
    Column("unit", Integer),
    Column("kind", String),  # of the unit
    Column("other", Integer),
    Column("metres", Integer),
    Column("s", Integer),
    Column("e", Integer),
)

suspected = Table(  # persons who may be kept twice: data/intake/suspected.py
    "suspected",
    metadata,
    Column("person", Integer),
)

#: What small tables are made of, besides what is in no record: who names one names these.
MADE_OF: dict[str, tuple[str, ...]] = {"reach": ("place", "unit"), "unit_near": ("unit",)}
