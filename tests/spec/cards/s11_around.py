"""S11: the yearly analysis of patients' problems, and their clubs."""

from __future__ import annotations

from tests.spec.sorts import in_use, owed, stands

SPECS = [
    owed("ncd_health_problem_analysis", "document", "ncd_analysis", "year"),
    stands("ncd_patient_club", "facility", "patient_club"),
    in_use("ncd_patient_club", "patient_club"),
]
