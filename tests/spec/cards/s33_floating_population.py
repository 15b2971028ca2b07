"""S33 floating population: served like registered residents."""

from __future__ import annotations

from tests.spec.harness import Spec

_SERVED = """
        person
        person | registered | arrived_on
        ann    | no         | 2023-01-10
        bob    | no         | 2025-01-10    # a resident from July
        cat    | yes        | -
        dan    | yes        | -
        eve    | no         | 2023-01-10
        fay    | no         | 2023-01-10

        dose
        person | vaccine | day
        eve    | flu     | 2025-05-05

        encounter
        person | kind       | day
        fay    | outpatient | 2025-03-05    # at the doctor's

        referral
        person | day        | direction
        fay    | 2025-03-05 | up

        followup
        person | programme | day
        ann    | htn       | 2025-03-05
        bob    | htn       | 2025-03-05
        cat    | htn       | 2025-04-05
        ann    | htn       | 2024-04-05

        service
        person | kind   | day
        dan    | update | 2025-03-05    # no service
"""

SPECS = [
    Spec(
        "fl_equal_service",
        "floating residents with any public-health service this year; a visit to the doctor is none",
        _SERVED,
        {
            ("S1", "2025-02"): (0, "ann eve fay"),
            ("S1", "2025-03..2025-04"): ("ann", "ann eve fay"),
            ("S1", "2025-05..2025-06"): ("ann eve", "ann eve fay"),
            ("S1", "2025-07..2025-12"): ("ann bob eve", "ann bob eve fay"),
        },
    ),
    Spec(
        "fl_registered_service",
        "registered residents with any public-health service this year",
        _SERVED,
        {("S1", "2025-03"): (0, "cat dan"), ("S1", "2025-04..2025-12"): ("cat", "cat dan")},
    ),
    Spec(
        "fl_key_services",
        "key services given to people who are not registered here, at the performing unit",
        """
        person
        person | registered
        ann    | no
        bob    | yes
        cat    | -

        followup
        unit | person | programme | day
        S2   | ann    | htn       | 2025-03-05
        S1   | bob    | htn       | 2025-03-05
        S1   | cat    | htn       | 2025-03-05

        dose
        person | vaccine | day
        ann    | flu     | 2025-03-05
        ann    | covid   | 2025-03-06

        child_visit
        person | kind  | day
        ann    | check | 2025-03-05

        maternal_visit
        person | kind      | day
        ann    | antenatal | 2025-03-05

        checkup
        person | day
        ann    | 2025-03-05

        service
        person | kind     | day
        ann    | guidance | 2025-03-05
        ann    | visit    | 2025-03-05    # no key service
        """,
        {("S1", "2025-03"): 2 + 1 + 1 + 1 + 1, ("S2", "2025-03"): 1},
    ),
]
