"""S17 visits: counted at the unit that was visited, in the month of the visit."""

from __future__ import annotations

from tests.spec.harness import Spec


def _count(card: str, shows: str, columns: str, hit: str, misses: tuple[str, ...]) -> Spec:
    """Visits that a column marks: on December's last day, January's first and last, at another unit."""
    others = "\n".join(f"bob | S1 | 2025-01-15 | {miss}" for miss in misses)
    return Spec(
        card,
        shows,
        f"""
        encounter
        person | unit | day | {columns}
        ann | S1 | 2024-12-31 | {hit}
        ann | S1 | 2025-01-01 | {hit}
        ann | S1 | 2025-01-31 | {hit}      # the same person again
        cat | S2 | 2025-02-01 | {hit}
{others}
        """,
        {("S1", "2024-12"): 1, ("S1", "2025-01"): 1 + 1, ("S2", "2025-02"): 1},
    )


def _prescriptions(card: str, column: str) -> Spec:
    return Spec(
        card,
        "prescriptions, of those of which the source tells",
        f"""
        prescription
        person | unit | day        | {column}
        ann    | S1   | 2024-12-31 | yes
        ann    | S1   | 2025-01-01 | no
        ann    | S1   | 2025-01-31 | yes      # a second prescription of one person
        bob    | S1   | 2025-01-31 | no
        bob    | S1   | 2025-01-31 | -        # unknown: in neither part
        cat    | S2   | 2025-02-01 | no
        """,
        {("S1", "2024-12"): (1, 1), ("S1", "2025-01"): (1, 3), ("S2", "2025-02"): (0, 1)},
    )


_ALL_SERVICES = """
        encounter
        person | unit | day        | kind       | channel
        ann    | S1   | 2024-12-31 | outpatient | online
        ann    | S1   | 2025-01-01 | outpatient | onsite
        ann    | S1   | 2025-01-02 | emergency  | -
        ann    | S1   | 2025-01-31 | inpatient  | online

        service
        person | unit | day        | kind         | mode
        ann    | S1   | 2025-01-31 | consultation | online
        ann    | S1   | 2025-01-31 | consultation | phone
        ann    | S1   | 2025-01-31 | update       | online      # no service to a person
        ann    | S2   | 2025-02-01 | guidance     | -

        followup
        person | unit | day        | programme | mode
        ann    | S1   | 2025-01-31 | htn       | phone

        checkup
        person | unit | day
        ann    | S1   | 2025-01-31

        dose
        person | unit | day        | vaccine
        ann    | S1   | 2025-01-31 | flu

        referral
        person | unit | day        | direction
        ann    | S1   | 2025-01-31 | up                         # counts with its visit
"""


SPECS = [
    _count("op_visits", "outpatient visits only", "kind", "outpatient", ("emergency", "inpatient")),
    _count("emergency_visits", "emergencies only", "kind", "emergency", ("outpatient", "inpatient")),
    _count(
        "infusions",
        "visits with an infusion",
        "kind | infusion",
        "outpatient | yes",
        ("outpatient | no", "outpatient | -"),
    ),
    Spec(
        "service_persontimes",
        "visits, services, follow-ups, checks and doses together; updates of records are left out",
        _ALL_SERVICES,
        {("S1", "2024-12"): 1, ("S1", "2025-01"): 3 + 2 + 1 + 1 + 1, ("S2", "2025-02"): 1},
    ),
    Spec(
        "online_services",
        "online visits and online services",
        _ALL_SERVICES,
        {("S1", "2024-12"): 1, ("S1", "2025-01"): 1 + 1},
    ),
    Spec(
        "online_share",
        "online services, of all",
        _ALL_SERVICES,
        {
            ("S1", "2024-12"): (1, 1),
            ("S1", "2025-01"): (1 + 1, 3 + 2 + 1 + 1 + 1),
            ("S2", "2025-02"): (0, 1),
        },
    ),
    Spec(
        "op_elderly_share",
        "outpatient visits at 65 or over on the day, of those with a known date of birth",
        """
        person
        person | born_on
        ann    | 1960-03-15
        bob    | 1960-03-16
        cat    | -

        encounter
        person | unit | day        | kind
        ann    | S1   | 2025-03-15 | outpatient      # 65 on the day
        ann    | S1   | 2025-03-14 | outpatient      # 64
        bob    | S1   | 2025-03-15 | outpatient      # 64
        ann    | S1   | 2025-03-31 | emergency
        cat    | S1   | 2025-03-31 | outpatient      # age unknown
        ann    | S2   | 2025-04-01 | outpatient
        """,
        {("S1", "2025-03"): (1, 1 + 1 + 1), ("S2", "2025-04"): (1, 1)},
    ),
    Spec(
        "inpatients",
        "admissions by the day of discharge",
        """
        encounter
        person | unit | day        | kind       | discharged_on
        ann    | S1   | 2024-12-20 | inpatient  | 2025-01-01
        bob    | S1   | 2025-01-10 | inpatient  | 2025-01-31
        cat    | S1   | 2025-01-10 | inpatient  | -              # still in
        dan    | S1   | 2025-01-10 | outpatient | 2025-01-10
        eve    | S2   | 2024-12-20 | inpatient  | 2024-12-31
        """,
        {("S1", "2025-01"): "ann bob", ("S2", "2024-12"): "eve"},
    ),
    Spec(
        "rehab_visits",
        "visits to rehabilitation and rehabilitation services",
        """
        encounter
        person | unit | day        | kind       | department
        ann    | S1   | 2024-12-31 | outpatient | rehab
        ann    | S1   | 2025-01-01 | outpatient | general
        ann    | S1   | 2025-01-31 | outpatient | rehab
        bob    | S1   | 2025-01-31 | outpatient | -

        service
        person | unit | day        | kind
        ann    | S1   | 2025-01-31 | rehab
        ann    | S1   | 2025-01-31 | visit
        ann    | S2   | 2025-02-01 | rehab
        """,
        {("S1", "2024-12"): 1, ("S1", "2025-01"): 1 + 1, ("S2", "2025-02"): 1},
    ),
    Spec(
        "rx_qualified_rate",
        "qualified prescriptions, of those reviewed",
        """
        prescription
        person | unit | day        | reviewed | qualified
        ann    | S1   | 2024-12-31 | yes      | yes
        ann    | S1   | 2025-01-01 | yes      | no
        bob    | S1   | 2025-01-31 | yes      | yes
        cat    | S1   | 2025-01-31 | no       | yes        # not reviewed
        dan    | S1   | 2025-01-31 | -        | yes
        eve    | S1   | 2025-01-31 | yes      | -          # no result
        """,
        {("S1", "2024-12"): (1, 1), ("S1", "2025-01"): (1, 1 + 1)},
    ),
    _prescriptions("antibiotic_rate", "antibiotic"),
    _prescriptions("injection_rate", "injection"),
    _prescriptions("steroid_rate", "steroid"),
    _prescriptions("intravenous_rate", "intravenous"),
    Spec(
        "op_cost_per_visit",
        "fen of outpatient visits with a known fee; a fee of 0 is known",
        """
        encounter
        person | unit | day        | kind       | fee
        ann    | S1   | 2024-12-31 | outpatient | 1000
        ann    | S1   | 2025-01-01 | outpatient | 12850
        bob    | S1   | 2025-01-31 | outpatient | 0
        cat    | S1   | 2025-01-31 | outpatient | -         # unknown: in neither part
        dan    | S1   | 2025-01-31 | emergency  | 99900
        eve    | S2   | 2025-02-01 | outpatient | 4850
        """,
        {("S1", "2024-12"): (1000, 1), ("S1", "2025-01"): (12850 + 0, 1 + 1), ("S2", "2025-02"): (4850, 1)},
    ),
    Spec(
        "ip_cost_per_case",
        "fen of admissions by the day of discharge",
        """
        encounter
        person | unit | day        | kind       | discharged_on | fee
        ann    | S1   | 2024-12-20 | inpatient  | 2025-01-01    | 298000
        bob    | S1   | 2025-01-10 | inpatient  | 2025-01-31    | 100000
        cat    | S1   | 2025-01-10 | inpatient  | -             | 100000   # still in
        dan    | S1   | 2025-01-10 | inpatient  | 2025-01-31    | -        # fee unknown
        eve    | S1   | 2025-01-10 | outpatient | 2025-01-31    | 5000
        fay    | S2   | 2024-12-20 | inpatient  | 2024-12-31    | 50000
        """,
        {("S1", "2025-01"): (298000 + 100000, 1 + 1), ("S2", "2024-12"): (50000, 1)},
    ),
    Spec(
        "rx_amount_per_visit",
        "fen prescribed, by outpatient visit, with a prescription or without",
        """
        prescription
        person | unit | day        | amount
        ann    | S1   | 2024-12-31 | 1000
        ann    | S1   | 2025-01-01 | 3000
        ann    | S1   | 2025-01-31 | 2000
        bob    | S1   | 2025-01-31 | -

        encounter
        person | unit | day        | kind
        ann    | S1   | 2024-12-31 | outpatient
        ann    | S1   | 2025-01-01 | outpatient
        ann    | S1   | 2025-01-31 | outpatient
        bob    | S1   | 2025-01-31 | outpatient
        cat    | S1   | 2025-01-31 | emergency
        """,
        {("S1", "2024-12"): (1000, 1), ("S1", "2025-01"): (3000 + 2000, 1 + 1 + 1)},
    ),
    Spec(
        "wait_time",
        "minutes waited, by visit with a known wait",
        """
        encounter
        person | unit | day        | kind       | wait_minutes
        ann    | S1   | 2024-12-31 | outpatient | 20
        ann    | S1   | 2025-01-01 | outpatient | 0
        bob    | S1   | 2025-01-31 | outpatient | 31
        cat    | S1   | 2025-01-31 | outpatient | -
        """,
        {("S1", "2024-12"): (20, 1), ("S1", "2025-01"): (0 + 31, 1 + 1)},
    ),
    Spec(
        "emergency_response",
        "30 minutes or less, of emergencies with a known time",
        """
        encounter
        person | unit | day        | kind       | handled_minutes
        ann    | S1   | 2024-12-31 | emergency  | 5
        ann    | S1   | 2025-01-01 | emergency  | 29
        bob    | S1   | 2025-01-31 | emergency  | 30
        cat    | S1   | 2025-01-31 | emergency  | 31
        dan    | S1   | 2025-01-31 | emergency  | -
        eve    | S1   | 2025-01-31 | outpatient | 5
        """,
        {("S1", "2024-12"): (1, 1), ("S1", "2025-01"): (1 + 1, 3)},
    ),
    Spec(
        "appointment_share",
        "outpatient visits by appointment, of those of which the source tells",
        """
        encounter
        person | unit | day        | kind       | appointed
        ann    | S1   | 2024-12-31 | outpatient | yes
        ann    | S1   | 2025-01-01 | outpatient | yes
        bob    | S1   | 2025-01-31 | outpatient | no
        cat    | S1   | 2025-01-31 | outpatient | -
        dan    | S1   | 2025-01-31 | emergency  | yes
        """,
        {("S1", "2024-12"): (1, 1), ("S1", "2025-01"): (1, 1 + 1)},
    ),
    Spec(
        "op_utilisation_trust",
        "residents with a visit this year, each once, at the managing unit",
        """
        person
        person | registered | arrived_on | died_on
        ann    | yes        | -          | -
        bob    | yes        | -          | -
        cat    | yes        | -          | 2025-06-10     # stays to the year's end
        dan    | yes        | -          | -
        eve    | no         | 2025-03-31 | -              # a resident from September

        encounter
        person | unit | day        | kind
        ann    | S2   | 2025-02-28 | outpatient          # at S2; lives at S1
        ann    | S1   | 2025-03-01 | outpatient
        bob    | S1   | 2024-12-31 | outpatient
        cat    | S1   | 2025-05-01 | emergency
        eve    | S1   | 2025-05-01 | outpatient

        service
        person | day        | kind
        dan    | 2025-05-01 | consultation             # not a visit

        population
        unit | year | band | persons
        S1   | 2025 | all  | 9
        """,
        {
            ("S1", "2024-12"): ("bob", "ann bob cat dan", None),
            ("S1", "2025-01"): (0, 4, 9),
            ("S1", "2025-02..2025-04"): ("ann", 4, 9),
            ("S1", "2025-05..2025-08"): ("ann cat", 4, 9),
            ("S1", "2025-09..2025-12"): ("ann cat eve", 4 + 1, 9),
            ("S1", "2026-01"): (0, "ann bob dan eve", None),
            ("S2", "2025-02"): (0, 0, None),
        },
    ),
]
