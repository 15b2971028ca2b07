"""S14 tuberculosis: courses by the day of notice, of treatment and of its end."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.table import yearly_duty

_COURSES = """
        person
        person | unit
        eve    | S2
        fay    | S2

        tb_course
        unit | person | notified_on | managed_on | ended_on   | completed | doses_due | doses_taken
        S1   | ann    | 2025-02-20  | 2025-03-05 | 2025-08-30 | yes       | 180       | 162          # 90 %
        S1   | bob    | 2025-03-01  | 2025-03-05 | 2025-08-31 | yes       | 180       | 161
        S1   | cat    | 2025-03-31  | -          | -          | -         | -         | -
        S1   | dan    | 2025-03-31  | 2025-04-01 | 2025-08-05 | no        | 100       | 100          # broken off
        S2   | eve    | 2025-03-31  | 2025-05-01 | 2025-08-05 | yes       | -         | -
        S2   | fay    | 2025-03-31  | 2025-05-01 | -          | yes       | 10        | 10           # of unknown end
"""

SPECS = [
    Spec(
        "tb_suspect_referred",
        "referred up for tuberculosis",
        """
        referral
        unit | person | day        | direction | disease
        S1   | ann    | 2025-03-05 | up        | tb
        S1   | bob    | 2025-03-05 | up        | htn
        S1   | cat    | 2025-03-05 | down      | tb
        S2   | cat    | 2025-04-05 | up        | tb
        """,
        {("S1", "2025-03"): 1, ("S2", "2025-04"): 1},
    ),
    Spec(
        "tb_dot_managed",
        "from the first supervised visit until the course ends",
        _COURSES,
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03"): "ann bob",
            ("S1", "2025-04..2025-07"): "ann bob dan",
            ("S1", "2025-08"): "bob",  # in force on the last day
            ("S1", "2025-09"): 0,
            ("S2", "2025-05..2025-07"): "eve fay",
            ("S2", "2026-12"): "fay",
        },
    ),
    Spec(
        "tb_dot_managed",
        "each patient once, at the unit that manages the patient, until death",
        """
        person
        person | died_on
        ann    | 2025-05-10
        bob    | -

        tb_course
        unit | person | notified_on | managed_on | ended_on
        S1   | ann    | 2025-03-01  | 2025-03-05 | -
        C1   | bob    | 2025-03-01  | 2025-03-05 | -
        C1   | bob    | 2025-04-01  | 2025-04-05 | -           # notified again
        """,
        {
            ("S1", "2025-03..2025-05"): "ann bob",
            ("S1", "2025-06"): "bob",
            ("C1", "2025-06"): 1,
        },
    ),
    Spec(
        "tb_mgmt_rate",
        "managed of those notified, in the month of notice",
        _COURSES,
        {
            ("S1", "2025-02"): ("ann", "ann"),
            ("S1", "2025-03"): ("bob dan", "bob cat dan"),
            ("S2", "2025-03"): (2, 2),
        },
    ),
    Spec(
        "tb_regular_rate",
        "at least nine of ten doses, of those who completed treatment",
        _COURSES,
        {("S1", "2025-08"): ("ann", "ann bob"), ("S2", "2025-08"): (0, "eve")},
    ),
    yearly_duty("hiv_tb_control", "tb", column="topic"),
]
