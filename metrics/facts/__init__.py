"""The named populations and events that cards share: who lives where, who is managed, who was seen.

A fact is a select over records and earlier facts; a context computes it once and keeps it as a
temporary table of that name. ``FACTS`` holds them in an order in which they can be computed: a module
imports the facts that it builds on, so these are there first.
"""

from __future__ import annotations

from metrics.facts.children import (
    child_met,
    child_on_schedule,
    child_year,
    children_due,
    children_of_year,
    children_with,
)
from metrics.facts.contacts import (
    FACE_TO_FACE,
    checked,
    contact_days,
    contacts,
    met_standard,
    on_schedule,
    patient_year,
)
from metrics.facts.contracts import contract_span, contracted, contracted_resident
from metrics.facts.doses import dose_due, dose_owed
from metrics.facts.groups import aged, key_person, key_resident, tagged, with_tag
from metrics.facts.homes import home
from metrics.facts.last_followup import last_followup
from metrics.facts.mental import smi_last, smi_on_schedule
from metrics.facts.mothers import delivery
from metrics.facts.patients import (
    enrolled,
    managed,
    managed_year,
    patients_as_of,
    patients_of_year,
    within_year,
)
from metrics.facts.reach import metres_of, reached, residents_near, within_km
from metrics.facts.recorded import (
    recorded,
    recorded_electronic,
    recorded_in_year,
    recorded_resident,
    recorded_told,
)
from metrics.facts.registry import FACTS, Fact, fact
from metrics.facts.services import assessed, first_of_year, first_seen, served, served_rolling
from metrics.facts.stay import by_year, record_in_force, resident, resident_year, stay
from metrics.facts.work import checked_unit, item_state, open_unit

__all__ = [
    "FACE_TO_FACE",
    "FACTS",
    "Fact",
    "aged",
    "assessed",
    "by_year",
    "checked",
    "checked_unit",
    "child_met",
    "child_on_schedule",
    "child_year",
    "children_due",
    "children_of_year",
    "children_with",
    "contact_days",
    "contacts",
    "contract_span",
    "contracted",
    "contracted_resident",
    "delivery",
    "dose_due",
    "dose_owed",
    "enrolled",
    "fact",
    "first_of_year",
    "first_seen",
    "home",
    "item_state",
    "key_person",
    "key_resident",
    "last_followup",
    "managed",
    "managed_year",
    "met_standard",
    "metres_of",
    "on_schedule",
    "open_unit",
    "patient_year",
    "patients_as_of",
    "patients_of_year",
    "reached",
    "record_in_force",
    "recorded",
    "recorded_electronic",
    "recorded_in_year",
    "recorded_resident",
    "recorded_told",
    "resident",
    "resident_year",
    "residents_near",
    "served",
    "served_rolling",
    "smi_last",
    "smi_on_schedule",
    "stay",
    "tagged",
    "with_tag",
    "within_km",
    "within_year",
]
