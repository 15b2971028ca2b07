"""S35: disinfection, waste, insurance, certificates, quality control."""

from __future__ import annotations

from tests.spec.ledgers import sampled
from tests.spec.sorts import checked, held_by, owed

SPECS = [
    checked("ic_sterilisation", "hand_hygiene", "aseptic_work", of=6, unit_kind="clinic"),
    sampled("ic_waste", "medical_waste"),
    held_by("ic_liability_insurance", "document", "liability_insurance", unit_kind="station"),
    sampled("ic_certificate_checks", "certificate_check"),
    owed("ic_quality_control", "activity", "quality_control", "quarter"),
]
