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

checkup = CURRENT["checkup"]
contract = CURRENT["contract"]
contract_item = CURRENT["contract_item"]
dose = CURRENT["dose"]
encounter = CURRENT["encounter"]
enrolment = CURRENT["enrolment"]
followup = CURRENT["followup"]
health_record = CURRENT["health_record"]
person = CURRENT["person"]
person_tag = CURRENT["person_tag"]
prescription = CURRENT["prescription"]
referral = CURRENT["referral"]
residence = CURRENT["residence"]
service = CURRENT["service"]
team = CURRENT["team"]
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
