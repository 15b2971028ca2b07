"""Every spec, in the order of the systems."""

from __future__ import annotations

from tests.spec import periods
from tests.spec.cards import (
    s04_categories,
    s04_health_records,
    s05_family_doctor,
    s05_groups,
    s07_immunisation,
    s10_older_residents,
    s11_chronic_disease,
    s11_programmes,
    s17_visits,
)
from tests.spec.harness import Spec

SPECS: list[Spec] = [
    *s04_health_records.SPECS,
    *s04_categories.SPECS,
    *s05_family_doctor.SPECS,
    *s05_groups.SPECS,
    *s07_immunisation.SPECS,
    *s10_older_residents.SPECS,
    *s11_programmes.SPECS,
    *s11_chronic_disease.SPECS,
    *s17_visits.SPECS,
    *periods.SPECS,
]
