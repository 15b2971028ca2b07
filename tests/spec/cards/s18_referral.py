"""S18: patients sent up and down, how fast, and what ties the centre to hospitals."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.sorts import checked, happened, issued, named, stands

_BOTH = """
        referral
        person | unit | day        | direction
        ANN    | S1   | 2025-03-05 | up
        BOB    | S1   | 2025-03-31 | up
        CAT    | S1   | 2025-03-15 | down
        DAN    | S1   | 2025-03-16 | -
        EVE    | S3   | 2025-04-01 | down
        FAY    | S3   | 2025-04-02 | down
"""

SPECS = [
    Spec(
        "rf_up",
        "patients sent up, in the month of the day; without a direction it is neither",
        _BOTH,
        {("S1", "2025-03"): 2, ("B", "2025-04", "ytd"): 2},
    ),
    Spec(
        "rf_down",
        "patients sent down, in the month of the day",
        _BOTH,
        {("S1", "2025-03"): 1, ("S3", "2025-04"): 2, ("B", "2025-04", "ytd"): 1 + 2},
    ),
    Spec(
        "rf_down_up_ratio",
        "sent down over sent up; nobody sent up is no figure",
        _BOTH,
        {
            ("S1", "2025-03"): (1, 2),
            ("S3", "2025-04"): (2, 0),
            ("B", "2025-04", "ytd"): (1 + 2, 2),
        },
    ),
    Spec(
        "rf_time",
        "mean time of referrals in tenths of an hour, halves up; without a time they are left out",
        """
        referral
        person | unit | day        | direction | minutes
        ANN    | S1   | 2025-03-05 | up        | 120        # 2.0 hours
        BOB    | S1   | 2025-03-06 | up        | 33         # 0.55, so 0.6
        CAT    | S1   | 2025-03-07 | down      | 62         # 1.03, so 1.0
        DAN    | S1   | 2025-03-08 | up        | -
        EVE    | S1   | 2025-03-09 | up        | 0
        FAY    | S3   | 2025-04-09 | up        | 2          # 0.03, so 0.0
        """,
        {
            ("S1", "2025-03"): (20 + 6 + 10 + 0, 4),
            ("S3", "2025-04"): (0, 1),
            ("B", "2025-04", "ytd"): (36 + 0, 4 + 1),
        },
    ),
    named("rf_green_channel_hospitals", "document", "referral_agreement", "topic"),
    issued("rf_green_channel_hospitals", "referral_agreement"),
    Spec(
        "rf_severe_success",
        "severe emergencies sent up that were handed over, of those whose outcome is known",
        """
        referral
        person | unit | day        | direction | severe | success
        ANN    | S1   | 2025-03-05 | up        | yes    | yes
        BOB    | S1   | 2025-03-06 | up        | yes    | no
        CAT    | S1   | 2025-03-07 | up        | yes    | -
        DAN    | S1   | 2025-03-08 | up        | no     | yes
        EVE    | S1   | 2025-03-09 | down      | yes    | yes
        FAY    | S3   | 2025-04-09 | up        | yes    | yes
        """,
        {
            ("S1", "2025-03"): (1, 2),
            ("S3", "2025-04"): (1, 1),
            ("B", "2025-04", "ytd"): (1 + 1, 2 + 1),
        },
    ),
    stands("rf_reserved_slots", "document", "referral_agreement", n="items"),
    Spec(
        "rf_discharge_followup",
        "patients sent down in a month who were seen since, whenever that was",
        """
        referral
        person | unit | day        | direction | followed_on
        ANN    | S1   | 2025-03-05 | down      | 2025-03-10
        BOB    | S1   | 2025-03-06 | down      | 2025-07-10
        CAT    | S1   | 2025-03-07 | down      | -
        CAT    | S1   | 2025-03-09 | down      | 2025-03-08    # before the patient came back
        DAN    | S1   | 2025-03-08 | up        | 2025-03-10
        EVE    | S3   | 2025-04-09 | down      | -
        """,
        {
            ("S1", "2025-03"): (1 + 1, 4),
            ("S3", "2025-04"): (0, 1),
            ("B", "2025-04", "ytd"): (2, 4 + 1),
        },
    ),
    Spec(
        "rf_telemedicine",
        "encounters held remotely; online with the own doctor is not it",
        """
        encounter
        person | unit | day        | kind       | channel
        ANN    | S1   | 2025-03-05 | outpatient | remote
        BOB    | S1   | 2025-03-06 | outpatient | online
        CAT    | S1   | 2025-03-07 | outpatient | -
        DAN    | S3   | 2025-04-07 | inpatient  | remote
        """,
        {("S1", "2025-03"): 1, ("S3", "2025-04"): 1, ("B", "2025-04", "ytd"): 1 + 1},
    ),
    Spec(
        "rf_mutual_recognition",
        "tests for which another hospital's result was accepted, of those of which the source tells",
        """
        lab_order
        unit | day        | recognised
        S1   | 2025-03-05 | yes
        S1   | 2025-03-06 | no
        S1   | 2025-03-07 | no
        S1   | 2025-03-08 | -
        S3   | 2025-04-08 | yes
        """,
        {
            ("S1", "2025-03"): (1, 3),
            ("S3", "2025-04"): (1, 1),
            ("B", "2025-04", "ytd"): (1 + 1, 3 + 1),
        },
    ),
    Spec(
        "rf_multi_site",
        "doctors registered at several sites, while they work here",
        """
        staff
        unit | staff_no | multi_site | start_on   | end_on
        C1   | 1        | yes        | 2025-02-10 | -
        C1   | 2        | yes        | 2025-01-01 | 2025-05-30
        C1   | 3        | no         | 2020-01-01 | -
        C1   | 4        | -          | 2020-01-01 | -
        C2   | 1        | yes        | 2025-03-31 | 2025-03-31
        """,
        {
            ("C1", "2025-01"): 1,
            ("C1", "2025-02..2025-04"): 1 + 1,
            ("C1", "2025-05"): 1,
            ("C2", "2025-03"): 1,
            ("C2", "2025-04"): 0,
            ("B", "2025-03"): 2 + 1,
        },
    ),
    happened("rf_expert_sessions", "activity", "expert_session"),
    Spec(
        "rf_expert_persons",
        "patients seen at sessions of specialists; a session without a number adds nothing",
        """
        activity
        unit | day        | kind           | people
        S1   | 2025-03-05 | expert_session | 40
        S1   | 2025-03-06 | expert_session | 12
        S1   | 2025-03-07 | expert_session | -
        S1   | 2025-03-08 | lecture        | 99
        S3   | 2025-04-08 | expert_session | 5
        """,
        {("S1", "2025-03"): 40 + 12, ("S3", "2025-04"): 5, ("B", "2025-04", "ytd"): 52 + 5},
    ),
    checked("rf_specialist_platform", "platform_htn", "platform_tb", of=3),
]
