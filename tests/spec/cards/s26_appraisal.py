"""S26 appraisal: scores as points of 100, ranks, areas, weights, consequences."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.ledgers import owed, sampled


def _score(card: str, kind: str) -> Spec:
    return Spec(
        card,
        "tenths of points of 100, added up over appraisals; without a full score there is none",
        f"""
        appraisal
        unit | day        | kind   | score | full
        S1   | 2025-03-31 | {kind} | 95.2  | 100
        S1   | 2025-03-31 | {kind} | 45    | 50        # 90 of 100
        S1   | 2025-03-31 | {kind} | 10    | 0
        S1   | 2025-03-31 | {kind} | 10    | -
        S1   | 2025-03-31 | {kind} | -     | 100
        S1   | 2025-03-31 | round  | 50    | 100
        S2   | 2025-03-31 | {kind} | 80    | 100
        """,
        {("S1", "2025-03"): (952 + 900, 2), ("S2", "2025-03"): (800, 1), ("C1", "2025-03"): (1852 + 800, 3)},
    )


def _areas(card: str, kind: str) -> Spec:
    return Spec(
        card,
        "areas with a score in the year so far; the same at two units is one above them",
        f"""
        appraisal_item
        unit | day        | kind   | dimension | score
        S1   | 2025-03-31 | {kind} | records   | 8
        S1   | 2025-06-30 | {kind} | records   | 9
        S1   | 2025-06-30 | {kind} | child     | 9
        S1   | 2025-06-30 | {kind} | elder     | -
        S1   | 2025-06-30 | other  | mental    | 5
        S2   | 2025-06-30 | {kind} | child     | 7
        """,
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03..2025-05"): 1,
            ("S1", "2025-06..2025-12"): 2,
            ("S2", "2025-12"): 1,
            ("C1", "2025-12"): 2,
            ("S1", "2026-01"): 0,
        },
    )


def _followed(card: str, kind: str, *sanctions: str) -> Spec:
    rows = "\n        ".join(f"S1 | 2025-03-31 | {kind} | {sanction}" for sanction in sanctions)
    return Spec(
        card,
        "appraisals with the consequence",
        f"""
        appraisal
        unit | day | kind | sanction
        {rows}
        S1 | 2025-03-31 | {kind} | -
        S1 | 2025-03-31 | {kind} | nothing
        S2 | 2025-04-30 | {kind} | {sanctions[0]}
        """,
        {
            ("S1", "2025-03"): len(sanctions),
            ("S2", "2025-04"): 1,
            ("B", "2025-04", "ytd"): len(sanctions) + 1,
        },
    )


SPECS = [
    Spec(
        "ap_total_score",
        "a unit's own appraisals in tenths of points of 100; the bureau's is the mean over those of its centres",
        """
        unit
        code | kind    | parent
        B    | bureau  | -
        C1   | centre  | B
        C2   | centre  | B
        S1   | station | C1
        S2   | station | B

        appraisal
        unit | day        | kind  | score | full
        C1   | 2025-03-31 | unit  | 95.2  | 100
        C1   | 2025-06-30 | unit  | 45    | 50        # 90 of 100
        C1   | 2025-06-30 | unit  | 10    | 0
        C1   | 2025-06-30 | unit  | 10    | -
        C1   | 2025-06-30 | unit  | -     | 100
        C1   | 2025-06-30 | round | 50    | 100
        C2   | 2025-06-30 | unit  | 70    | 100
        S1   | 2025-03-31 | unit  | 60    | 100       # no part of its centre's
        S2   | 2025-03-31 | unit  | 50    | 100       # a station of the bureau itself
        B    | 2025-03-31 | unit  | 99    | 100       # the bureau as its city saw it
        """,
        {
            ("S1", "2025-03"): (600, 1),
            ("S2", "2025-03"): (500, 1),
            ("C1", "2025-03"): (952, 1),
            ("C1", "2025-06"): (900, 1),
            ("C1", "2025-06", "ytd"): (952 + 900, 2),
            ("C2", "2025-06"): (700, 1),
            ("B", "2025-03"): (952, 1),
            ("B", "2025-06"): (900 + 700, 2),
            ("B", "2025-12", "ytd"): (952 + 900 + 700, 3),
        },
    ),
    _score("ap_medical_ethics", "ethics"),
    _score("ap_peer_review", "peer"),
    Spec(
        "ap_rank",
        "among the stations of one centre and the centres of one bureau; equal scores share a place",
        """
        unit
        code | kind    | parent
        B    | bureau  | -
        C1   | centre  | B
        C2   | centre  | B
        S1   | station | C1
        S2   | station | C1
        S3   | station | C1
        S4   | station | C2
        K1   | clinic  | C1

        appraisal
        unit | day        | kind | score | full
        S1   | 2025-03-31 | unit | 90    | 100
        S2   | 2025-03-31 | unit | 45    | 50        # 90 of 100 as well
        S3   | 2025-03-31 | unit | 80    | 100
        S4   | 2025-03-31 | unit | 99    | 100       # of another centre
        K1   | 2025-03-31 | unit | 70    | 100       # a clinic
        C1   | 2025-03-31 | unit | 85    | 100       # below what its stations scored
        C2   | 2025-03-31 | unit | 89    | 100
        """,
        {
            ("S1", "2025-03"): 1,
            ("S2", "2025-03"): 1,
            ("S3", "2025-03"): 3,
            ("S4", "2025-03"): 1,
            ("K1", "2025-03"): 1,
            ("C1", "2025-03"): 2,
            ("C2", "2025-03"): 1,
            **{
                (unit, stretch): None
                for unit in ("S1", "S2", "S3", "S4")
                for stretch in ("2024-01..2025-02", "2025-04..2026-12")
            },
        },
    ),
    _areas("ap_dimensions", "unit"),
    _areas("ap_fd_dimensions", "family_doctor"),
    Spec(
        "ap_linked_to_pay",
        "staff employed at the month's end whose pay follows the appraisal, of those of whom it is known",
        """
        staff
        unit | staff_no | start_on   | end_on     | pay_linked
        S1   | 1        | 2025-01-31 | -          | yes
        S1   | 2        | 2025-01-01 | 2025-03-30 | yes
        S1   | 3        | 2025-01-01 | -          | no
        S1   | 4        | 2025-01-01 | -          | -
        """,
        {("S1", "2025-01..2025-02"): (2, 3), ("S1", "2025-03"): (1, 2), ("C1", "2025-03"): (1, 2)},
    ),
    Spec(
        "ap_indicators_defined",
        "the bureau and centres with standards in force",
        """
        document
        unit | day        | kind               | start_on   | end_on
        B    | 2025-01-01 | appraisal_standard | 2025-01-01 | 2025-12-31
        C1   | 2025-03-01 | appraisal_standard | 2025-03-01 | -
        C2   | 2025-03-01 | appraisal_standard | 2025-04-01 | 2025-12-31 # not in force yet
        S1   | 2025-03-01 | appraisal_standard | 2025-03-01 | -          # stations owe none
        """,
        {
            ("B", "2025-02"): (1, 3),
            ("B", "2025-03"): (1 + 1, 3),
            ("C1", "2025-03"): (1, 1),
            ("C2", "2025-03"): (0, 1),
            ("B", "2026-01"): (1, 3),
        },
    ),
    Spec(
        "ap_weights_weak",
        "areas that scored below 80 % in the same month last year: tenths of weight now less then",
        """
        appraisal_item
        unit | day        | kind  | dimension | weight | score | full
        S1   | 2024-06-30 | unit  | records   | 10     | 7.9   | 10
        S1   | 2024-06-30 | unit  | child     | 10     | 8     | 10        # not weak
        S1   | 2024-06-30 | unit  | elder     | 10     | 5     | 10
        S1   | 2024-06-30 | unit  | mental    | 10     | 5     | -
        S1   | 2024-06-30 | other | chronic   | 10     | 5     | 10
        S1   | 2025-06-30 | unit  | records   | 12.5   | 9     | 10
        S1   | 2025-06-30 | unit  | child     | 15     | 9     | 10
        S1   | 2025-06-30 | unit  | elder     | 9      | 9     | 10
        S1   | 2025-06-30 | unit  | mental    | 15     | 9     | 10
        S1   | 2025-06-30 | other | chronic   | 15     | 9     | 10
        S1   | 2025-07-31 | unit  | records   | 30     | 9     | 10        # no such month last year
        S2   | 2025-06-30 | unit  | elder     | 30     | 9     | 10        # another unit
        """,
        {("S1", "2025-06"): (125 - 100 + 90 - 100, 2)},
    ),
    owed("ap_internal_team_checks", "activity", "kind=team_check", "kind=board", every=3),
    _followed("ap_punish", "unit", "warned", "interviewed", "reclaimed", "dismissed"),
    sampled("ap_unit_responsibility", "department_letter"),
    Spec(
        "ap_cleaner_elimination",
        "cleaners replaced as last of the ranking",
        """
        appraisal
        unit | day        | kind    | sanction
        S1   | 2025-03-31 | cleaner | eliminated
        S1   | 2025-03-31 | cleaner | warned
        S1   | 2025-03-31 | doctor  | eliminated
        """,
        {("S1", "2025-03"): 1},
    ),
    _followed("ap_reward_excellent", "doctor", "rewarded"),
    owed("ap_periodic_evaluation", "appraisal", "kind=unit", "kind=round", "K", every=6),
]
