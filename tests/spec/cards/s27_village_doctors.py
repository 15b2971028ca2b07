"""S27 village doctors: contracts, appraisals by quarter and year, what follows, deposit and insurance."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.ledgers import money_summed
from tests.spec.sorts import untold

_UNITS = """
        unit
        code | kind   | parent
        B    | bureau | -
        C1   | centre | B
        K1   | clinic | C1
        K2   | clinic | C1
"""
# Unqualified in June, September and March: three within twelve months from March to May 2026.
_UNQUALIFIED = """
        staff
        unit | staff_no | role           | start_on   | end_on
        K1   | 1        | village_doctor | 2024-01-01 | -
        K1   | 2        | village_doctor | 2024-01-01 | 2026-04-15
        K1   | 3        | nurse          | 2024-01-01 | -
        K2   | 1        | village_doctor | 2024-01-01 | -             # another's number one

        appraisal
        unit | day        | kind        | staff_no | grade
        K1   | 2025-06-30 | doctor      | 1        | unqualified
        K1   | 2025-09-30 | doctor      | 1        | unqualified
        K1   | 2025-12-31 | doctor      | 1        | qualified
        K1   | 2026-03-31 | doctor      | 1        | unqualified
        K1   | 2025-06-30 | doctor      | 2        | unqualified
        K1   | 2025-09-30 | doctor      | 2        | unqualified
        K1   | 2026-03-31 | doctor      | 2        | unqualified
        K1   | 2025-06-30 | doctor      | 3        | unqualified
        K1   | 2025-09-30 | doctor      | 3        | unqualified
        K1   | 2026-03-31 | doctor      | 3        | unqualified
        K2   | 2025-03-31 | doctor      | 1        | unqualified
        K2   | 2025-06-30 | doctor      | 1        | unqualified
        K2   | 2025-06-30 | doctor_year | 1        | unqualified   # no quarter
        K2   | 2026-03-31 | doctor      | 1        | unqualified   # the first is twelve months ago
"""


def _known_of_doctors(card: str, column: str, yes: str = "yes", no: str = "no") -> Spec:
    return Spec(
        card,
        "village doctors employed at the month's end for whom it holds, of those of whom it is known",
        f"""{_UNITS}
        staff
        unit | staff_no | role           | start_on   | end_on     | {column}
        K1   | 1        | village_doctor | 2025-01-31 | -          | {yes}
        K1   | 2        | village_doctor | 2025-01-01 | 2025-03-30 | {yes}
        K1   | 3        | village_doctor | 2025-01-01 | -          | {no}
        K1   | 4        | village_doctor | 2025-01-01 | -          | -
        K1   | 5        | nurse          | 2025-01-01 | -          | {yes}
        """,
        {("K1", "2025-01..2025-02"): (2, 3), ("K1", "2025-03"): (1, 2), ("C1", "2025-03"): (1, 2)},
    )


SPECS = [
    Spec(
        "vd_appointed",
        "village doctors employed under a filed contract that covers the month's end",
        f"""{_UNITS}
        staff
        unit | staff_no | role           | start_on   | end_on     | contract_from | contract_to | contract_filed
        K1   | 1        | village_doctor | 2024-01-01 | -          | 2025-01-01    | 2025-12-31  | yes
        K1   | 2        | village_doctor | 2024-01-01 | -          | 2025-01-01    | 2025-12-30  | no
        K1   | 3        | village_doctor | 2024-01-01 | -          | -             | -           | yes
        K1   | 4        | village_doctor | 2025-02-01 | 2025-03-30 | 2025-01-01    | -           | yes
        K1   | 5        | nurse          | 2024-01-01 | -          | 2025-01-01    | 2025-12-31  | yes
        """,
        {
            ("K1", "2024-12"): (0, 3),
            ("K1", "2025-01"): (1, 3),
            ("K1", "2025-02"): (1 + 1, 4),
            ("K1", "2025-03..2025-12"): (1, 3),
            ("K1", "2026-01"): (0, 3),
            ("B", "2025-02"): (2, 4),
        },
    ),
    Spec(
        "vd_quarterly_appraisal",
        "each quarter of each village doctor employed throughout; another's, another year's and a yearly one do not count",
        f"""{_UNITS}
        staff
        unit | staff_no | role           | start_on   | end_on
        K1   | 1        | village_doctor | 2020-01-01 | -
        K1   | 2        | village_doctor | 2025-01-01 | 2025-06-30
        K1   | 3        | village_doctor | 2025-01-02 | -             # not from the first day of January
        K1   | 4        | nurse          | 2020-01-01 | -
        C1   | 5        | village_doctor | 2020-01-01 | -             # the centre is not concerned

        appraisal
        unit | day        | kind        | staff_no
        K1   | 2025-02-15 | doctor      | 1
        K1   | 2025-03-31 | doctor      | 1        # twice is once
        K1   | 2025-06-30 | doctor      | 2
        K1   | 2025-06-30 | doctor_year | 1
        K1   | 2025-08-30 | doctor      | 3
        K2   | 2025-08-30 | doctor      | 1
        """,
        {
            ("K1", "2025-03"): (1, 2),  # of 1 and 2
            ("K1", "2025-05"): (0, 0),
            ("K1", "2025-06"): (1, 3),  # of 1, 2 and 3
            ("K1", "2025-09"): (1, 2),  # of 1 and 3
            ("C1", "2025-09", "ytd"): (1 + 1 + 1, 2 + 3 + 2),
        },
    ),
    Spec(
        "vd_dismiss_three",
        "three unqualified quarters within twelve months, whether still employed or not",
        _UNITS + _UNQUALIFIED,
        {
            ("K1", "2026-02"): 0,
            ("K1", "2026-03..2026-05"): 2,
            ("K1", "2026-06"): 0,
            ("K2", "2024-12..2026-12"): 0,
            ("C1", "2026-03"): 2,
        },
    ),
    Spec(
        "vd_not_dismissed",
        "of these, who is still employed at the month's end",
        _UNITS + _UNQUALIFIED,
        {("K1", "2026-03"): 2, ("K1", "2026-04..2026-05"): 1, ("K1", "2026-06"): 0},
    ),
    Spec(
        "vd_annual_fail_exit",
        "yearly appraisals that found a village doctor unqualified",
        """
        appraisal
        unit | day        | kind        | staff_no | grade
        S1   | 2025-12-31 | doctor_year | 1        | unqualified
        S1   | 2025-12-31 | doctor_year | 2        | qualified
        S1   | 2025-12-31 | doctor      | 3        | unqualified
        S1   | 2025-12-31 | doctor_year | 4        | -
        """,
        {("S1", "2025-12"): 1, ("B", "2025-12", "ytd"): 1},
    ),
    Spec(
        "vd_failed_not_exited",
        "employed after a failed year, from its first failure on",
        f"""{_UNITS}
        staff
        unit | staff_no | role           | start_on   | end_on
        K1   | 1        | village_doctor | 2024-01-01 | 2026-02-27
        K1   | 2        | village_doctor | 2024-01-01 | -
        K1   | 3        | nurse          | 2024-01-01 | -
        K1   | 4        | village_doctor | 2024-01-01 | 2025-11-30    # had left before

        appraisal
        unit | day        | kind        | staff_no | grade
        K1   | 2025-12-31 | doctor_year | 1        | unqualified
        K1   | 2024-12-31 | doctor_year | 2        | qualified
        K1   | 2025-12-31 | doctor      | 2        | unqualified
        K1   | 2025-12-31 | doctor_year | 3        | unqualified
        K1   | 2025-12-31 | doctor_year | 4        | unqualified
        K2   | 2025-12-31 | doctor_year | 2        | unqualified   # another clinic's number two
        """,
        {("K1", "2025-11"): 0, ("K1", "2025-12..2026-01"): 1, ("K1", "2026-02"): 0, ("K2", "2026-01"): 0},
    ),
    Spec(
        "vd_liability_deposit",
        "fen paid over village doctors employed at the month's end",
        f"""{_UNITS}
        staff
        unit | staff_no | role           | start_on   | end_on     | deposit
        K1   | 1        | village_doctor | 2025-01-31 | -          | 1000000
        K1   | 2        | village_doctor | 2025-01-01 | 2025-03-30 | 500000
        K1   | 3        | village_doctor | 2025-01-01 | -          | -
        K1   | 4        | nurse          | 2025-01-01 | -          | 900000
        """,
        {("K1", "2025-02"): (1000000 + 500000, 3), ("K1", "2025-03"): (1000000, 2)},
    ),
    Spec(
        "vd_deposit_paid",
        "village doctors with 5000 yuan or more, of all employed",
        f"""{_UNITS}
        staff
        unit | staff_no | role           | start_on   | deposit
        K1   | 1        | village_doctor | 2025-01-31 | 500000
        K1   | 2        | village_doctor | 2025-01-31 | 499999
        K1   | 3        | village_doctor | 2025-01-31 | -
        K1   | 4        | nurse          | 2025-01-31 | 900000
        """,
        {("K1", "2025-01"): (1, 3)},
    ),
    untold(
        "vd_appointed",
        "role | contract_from | contract_filed",
        "village_doctor | 2024-01-01 | yes",
        "village_doctor | - | -",
    ),
    untold("vd_liability_deposit", "role | deposit", "village_doctor | 900000", "village_doctor | -", 900000),
    untold("vd_deposit_paid", "role | deposit", "village_doctor | 900000", "village_doctor | -"),
    Spec(
        "vd_archive",
        "appraisals of village doctors in the file, of those of which it is known",
        """
        appraisal
        unit | day        | kind        | filed
        S1   | 2025-03-31 | doctor      | yes
        S1   | 2025-03-31 | doctor      | no
        S1   | 2025-03-31 | doctor_year | yes
        S1   | 2025-03-31 | doctor      | -
        S1   | 2025-03-31 | unit        | yes
        """,
        {("S1", "2025-03"): (2, 3)},
    ),
    _known_of_doctors("vd_wage_subsidy", "paid"),
    Spec(
        "vd_social_insurance",
        "village doctors with both insurances, of those of whom both are known",
        f"""{_UNITS}
        staff
        unit | staff_no | role           | start_on   | pension | medical_insurance
        K1   | 1        | village_doctor | 2025-01-31 | yes     | yes
        K1   | 2        | village_doctor | 2025-01-31 | yes     | no
        K1   | 3        | village_doctor | 2025-01-31 | yes     | -
        K1   | 4        | nurse          | 2025-01-31 | yes     | yes
        """,
        {("K1", "2025-01"): (1, 2)},
    ),
    Spec(
        "vd_legal_person",
        "clinics whose licence in force names the director",
        f"""{_UNITS}
        document
        unit | day        | kind                  | start_on   | end_on
        K1   | 2025-01-01 | legal_person_director | 2025-01-01 | 2025-06-29
        K2   | 2025-01-01 | licence               | 2025-01-01 | -
        C1   | 2025-01-01 | legal_person_director | 2025-01-01 | -
        """,
        {("K1", "2025-01..2025-05"): (1, 1), ("K1", "2025-06"): (0, 1), ("C1", "2025-05"): (1, 2)},
    ),
    money_summed("vd_compensation_liability", "compensation"),
    Spec(
        "vd_home_visit_rx_signature",
        "prescriptions of home visits that are signed, of those of which it is known",
        """
        prescription
        person | unit | day        | home_visit | signed
        ann    | S1   | 2025-03-01 | yes        | yes
        ann    | S1   | 2025-03-02 | yes        | no
        bob    | S1   | 2025-03-31 | yes        | -
        bob    | S1   | 2025-03-31 | no         | yes
        cat    | S1   | 2025-03-31 | -          | yes
        """,
        {("S1", "2025-03"): (1, 2)},
    ),
    Spec(
        "vd_training_link",
        "renewed contracts with a training of the twelve months before",
        f"""{_UNITS}
        staff
        unit | staff_no | role           | start_on   | contract_from
        K1   | 1        | village_doctor | 2020-01-01 | 2025-06-15
        K1   | 2        | village_doctor | 2020-01-01 | 2025-06-15
        K1   | 3        | village_doctor | 2025-06-15 | 2025-06-15    # the first contract
        K1   | 4        | nurse          | 2020-01-01 | 2025-06-15
        K2   | 1        | village_doctor | 2020-01-01 | 2025-06-15

        training
        unit | day        | kind | staff_no
        K1   | 2024-06-01 | tcm  | 1
        K1   | 2024-05-31 | tcm  | 2        # a month too early
        K1   | 2025-06-16 | tcm  | 2        # a day too late
        K1   | 2025-06-01 | tcm  | 3
        K2   | 2025-06-15 | tcm  | 1
        """,
        {("K1", "2025-06"): (1, 2), ("K2", "2025-06"): (1, 1), ("C1", "2025-06"): (1 + 1, 2 + 1)},
    ),
    Spec(
        "vd_open_recruitment",
        "village doctors who started in the month: hired openly, of those of known mode",
        """
        staff
        unit | staff_no | role           | start_on   | hire_mode
        S1   | 1        | village_doctor | 2025-03-01 | open
        S1   | 2        | village_doctor | 2025-03-31 | other
        S1   | 3        | village_doctor | 2025-03-31 | -
        S1   | 4        | nurse          | 2025-03-31 | open
        """,
        {("S1", "2025-03"): (1, 2)},
    ),
]
