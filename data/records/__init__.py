"""The records of a district: typed, normalised tables that every layout feeds and every card reads.

Each table lives in the schema ``records``. Every row carries where it came from (batch, file,
line), which unit performed it (``unit``, resolved from ``source_unit``), whom it is about
(``person``, resolved from ``subject``) and when it was known (``known_from``/``known_to``).

Conventions
- ``*_on`` and ``day`` are DATE. ``month`` is an integer, ``year * 12 + month - 1``, set at intake
  from the service date, so that rules need no date functions.
- Money is integer fen. Blood pressure is integer mmHg, glucose mmol/L as a double.
- ``known_to`` is NULL for the version in force; nothing is overwritten.
- A NULL means "not delivered" or "not filled in", never zero.
"""

from __future__ import annotations

from sqlalchemy import Table

from data.records.bookkeeping import (
    batch,
    coverage,
    event,
    problem,
    sighting,
    source_file,
    source_unit,
    suspected,
    unread,
)
from data.records.care import (
    checkup,
    child_visit,
    contract,
    contract_item,
    dose,
    encounter,
    enrolment,
    followup,
    health_event,
    health_record,
    maternal_visit,
    pregnancy,
    prescription,
    referral,
    screening,
    service,
    tb_course,
    vaccination_card,
)
from data.records.people import person, person_tag, place, population, residence, team, unit
from data.records.table import SCHEMA, metadata
from data.records.work import (
    activity,
    appraisal,
    appraisal_item,
    check_item,
    delivery_note,
    document,
    drug_line,
    facility,
    finding,
    incident,
    inspection,
    lab_order,
    money,
    reported_count,
    sample,
    staff,
    training,
)

#: Every table that layouts feed, by name.
RECORDS: dict[str, Table] = {t.name: t for t in metadata.sorted_tables if "person" in t.info}

__all__ = [
    "RECORDS",
    "SCHEMA",
    "activity",
    "appraisal",
    "appraisal_item",
    "batch",
    "check_item",
    "checkup",
    "child_visit",
    "contract",
    "contract_item",
    "coverage",
    "delivery_note",
    "document",
    "dose",
    "drug_line",
    "encounter",
    "enrolment",
    "event",
    "facility",
    "finding",
    "followup",
    "health_event",
    "health_record",
    "incident",
    "inspection",
    "lab_order",
    "maternal_visit",
    "metadata",
    "money",
    "person",
    "person_tag",
    "place",
    "population",
    "pregnancy",
    "prescription",
    "problem",
    "referral",
    "reported_count",
    "residence",
    "sample",
    "screening",
    "service",
    "sighting",
    "source_file",
    "source_unit",
    "staff",
    "suspected",
    "tb_course",
    "team",
    "training",
    "unit",
    "unread",
    "vaccination_card",
]
