"""S25 supervision: visits, findings, and what became of them by when."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.ledgers import owed

_UNITS = """
        unit
        code | kind    | parent
        B    | bureau  | -
        C1   | centre  | B
        K1   | clinic  | C1
        S1   | station | C1
"""
_VISITS = """
        inspection
        unit | day        | kind      | announced | recorded
        C1   | 2025-03-01 | monthly   | no        | yes
        C1   | 2025-03-02 | irregular | yes       | no
        S1   | 2025-03-03 | annual    | no        | -
        S1   | 2025-03-04 | irregular | -         | yes
        K1   | 2025-03-05 | monthly   | no        | yes
        S1   | 2025-03-06 | other     | no        | yes       # no supervision
        S1   | 2025-04-01 | monthly   | yes       | yes
"""


def _problem(card: str, kind: str) -> Spec:
    return Spec(
        card,
        "findings of one kind in the month of the notice",
        f"""
        finding
        unit | day        | kind
        S1   | 2025-03-05 | {kind}
        S1   | 2025-03-06 | {kind}
        S1   | 2025-03-06 | sup_other
        S2   | 2025-04-01 | {kind}
        """,
        {("S1", "2025-03"): 2, ("S2", "2025-04"): 1, ("C1", "2025-04", "ytd"): 2 + 1},
    )


SPECS = [
    owed("sup_monthly", "inspection", "kind=monthly", "kind=irregular", "K"),
    Spec(
        "sup_rectify_3day",
        "written down by the third day after the notice, in the month of that day",
        """
        finding
        unit | day        | kind       | recorded_on
        S1   | 2025-03-01 | sup_drugs  | 2025-03-04       # the third day
        S1   | 2025-03-01 | sup_folic  | 2025-03-05       # a day too late
        S1   | 2025-03-10 | sup_paper  | -
        S1   | 2025-03-29 | sup_drugs  | 2025-03-29       # its time is over on 1 April
        S1   | 2025-03-28 | sup_drugs  | 2025-03-31
        S1   | 2025-03-10 | env_notice | 2025-03-10       # no supervision
        """,
        {("S1", "2025-03"): (1 + 1, 4), ("S1", "2025-04"): (1, 1)},
    ),
    Spec(
        "sup_handbook",
        "visits recorded in detail over visits of which it is known",
        _UNITS + _VISITS,
        {
            ("S1", "2025-03"): (1, 1),
            ("S1", "2025-04"): (1, 1),
            ("C1", "2025-03"): (1 + 1 + 1, 2 + 1 + 1),
        },
    ),
    Spec(
        "sup_center_count", "visits to centres", _UNITS + _VISITS, {("C1", "2025-03"): 2, ("B", "2025-03"): 2}
    ),
    Spec(
        "sup_station_count",
        "visits to stations and clinics, above them too",
        _UNITS + _VISITS,
        {
            ("S1", "2025-03"): 2,
            ("S1", "2025-04"): 1,
            ("K1", "2025-03"): 1,
            ("C1", "2025-04", "ytd"): 2 + 1 + 1,
        },
    ),
    Spec(
        "sup_irregular_checks",
        "visits of all kinds",
        _UNITS + _VISITS,
        {("S1", "2025-03"): 2, ("S1", "2025-04"): 1, ("C1", "2025-03"): 2 + 2 + 1},
    ),
    Spec(
        "sup_unannounced",
        "visits that are known to have come unannounced",
        _UNITS + _VISITS,
        {("S1", "2025-03"): 1, ("C1", "2025-03"): 1 + 1 + 1},
    ),
    Spec(
        "sup_findings_issued",
        "problems found by supervision",
        """
        finding
        unit | day        | kind
        S1   | 2025-03-05 | sup_drugs
        S1   | 2025-03-31 | sup_other
        S1   | 2025-03-06 | hidden_account      # an audit's
        S1   | 2025-03-06 | supper              # another word
        S2   | 2025-04-01 | sup_board
        """,
        {("S1", "2025-03"): 2, ("S2", "2025-04"): 1},
    ),
    Spec(
        "sup_findings_rectified",
        "problems closed by now, in the month in which they were found",
        """
        finding
        unit | day        | kind       | closed_on
        S1   | 2025-03-05 | sup_drugs  | 2025-03-20
        S1   | 2025-03-31 | sup_other  | 2025-06-01
        S1   | 2025-03-31 | sup_board  | -
        S1   | 2025-03-06 | env_notice | 2025-03-07
        """,
        {("S1", "2025-03"): 1 + 1, ("B", "2025-12", "ytd"): 2},
    ),
    Spec(
        "sup_findings_open",
        "found and not closed at the month's end",
        """
        finding
        unit | day        | kind       | closed_on
        S1   | 2025-03-31 | sup_drugs  | 2025-05-31       # closed on the last day: no longer open
        S1   | 2025-03-05 | sup_other  | 2025-03-31
        S1   | 2025-04-10 | sup_board  | -
        S1   | 2025-03-06 | env_notice | -
        """,
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03"): 1,
            ("S1", "2025-04"): 1 + 1,
            ("S1", "2025-05..2026-12"): 1,
            ("C1", "2025-04"): 2,
        },
    ),
    owed("sup_assessment_rounds", "appraisal", "kind=round", "kind=unit", "B", every=12, times=2),
    owed("sup_institution_annual_inspection", "inspection", "kind=annual", "kind=monthly", "K", every=12),
    Spec(
        "sup_close_or_rectify",
        "serious problems that were mended or closed down",
        """
        finding
        unit | day        | kind       | severity | outcome
        S1   | 2025-03-05 | sup_drugs  | high     | mended
        S1   | 2025-03-06 | sup_drugs  | high     | closed_down
        S1   | 2025-03-07 | sup_drugs  | high     | escalated
        S1   | 2025-03-08 | sup_drugs  | high     | -
        S1   | 2025-03-09 | sup_drugs  | low      | mended
        S1   | 2025-03-09 | sup_drugs  | -        | mended
        S1   | 2025-03-09 | env_notice | high     | mended
        """,
        {("S1", "2025-03"): 1 + 1},
    ),
    Spec(
        "sup_common_problems",
        "kinds of problems in the year so far; one kind at two units is one above them",
        """
        finding
        unit | day        | kind
        S1   | 2025-03-05 | sup_drugs
        S1   | 2025-04-06 | sup_drugs
        S1   | 2025-04-07 | sup_board
        S1   | 2025-04-08 | hidden_account
        S2   | 2025-04-09 | sup_drugs
        S2   | 2026-01-09 | sup_other
        """,
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03"): 1,
            ("S1", "2025-04..2025-12"): 2,
            ("S2", "2025-12"): 1,
            ("C1", "2025-12"): 2,
            ("S1", "2026-01"): 0,
            ("C1", "2026-01"): 1,
        },
    ),
    _problem("sup_problem_drugs", "sup_drugs"),
    _problem("sup_problem_folic", "sup_folic"),
    _problem("sup_problem_paper", "sup_paper"),
    _problem("sup_problem_board", "sup_board"),
    owed("sup_problem_analysis", "document", "kind=supervision_report", "kind=other", every=3),
    Spec(
        "sup_timely_rectify",
        "problems closed by their date, in the month of that date",
        """
        finding
        unit | day        | kind       | due_on     | closed_on
        S1   | 2025-03-01 | sup_drugs  | 2025-03-15 | 2025-03-15
        S1   | 2025-03-01 | sup_drugs  | 2025-03-15 | 2025-03-16
        S1   | 2025-03-01 | sup_drugs  | 2025-04-15 | 2025-03-02
        S1   | 2025-03-01 | sup_drugs  | 2025-04-15 | -
        S1   | 2025-03-01 | sup_drugs  | -          | 2025-03-02
        S1   | 2025-03-01 | env_notice | 2025-03-15 | 2025-03-15
        """,
        {("S1", "2025-03"): (1, 2), ("S1", "2025-04"): (1, 2)},
    ),
]
