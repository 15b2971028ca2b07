"""S06 health education: activities in the month of their day, duties in the last month of their period."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.sorts import happened, held_by, owed


def _activities(card: str, shows: str, columns: str, rows: str, expect: dict) -> Spec:
    return Spec(card, shows, f"\nactivity\nunit | day | {columns}\n{rows}\n", expect)


def _survey(card: str, kind: str) -> Spec:
    return Spec(
        card,
        "people who meet the mark over people asked; surveys of a month are added up",
        f"""
        sample
        unit | day        | kind   | asked | positive
        S1   | 2025-03-05 | {kind} | 100   | 75
        S1   | 2025-03-20 | {kind} | 50    | 45
        S1   | 2025-04-01 | {kind} | -     | 30       # nobody wrote down how many were asked
        S2   | 2025-03-31 | other  | 10    | 10
        """,
        {("S1", "2025-03"): (75 + 45, 100 + 50)},
    )


def _only_centres(name: str, rows: str) -> str:
    return f"""
        unit
        code | kind   | parent | opened_on
        B    | bureau | -      | -
        C1   | centre | B      | -
        C2   | centre | B      | 2025-02-10

        {name}
        {rows}
        """


_LECTURES = """
        activity
        unit | day        | kind         | mode   | people
        S1   | 2025-03-05 | lecture      | onsite | 12
        S1   | 2025-03-06 | lecture      | online | -
        S1   | 2025-03-07 | lecture      | -      | 0
        S1   | 2025-03-08 | consultation | onsite | 90
        S3   | 2025-04-01 | lecture      | onsite | 30
"""

SPECS = [
    _survey("he_awareness_rate", "awareness"),
    _survey("he_behaviour_rate", "behaviour"),
    _survey("he_literacy_level", "literacy"),
    Spec(
        "he_course_quarterly",
        "a class of 30 in each quarter; a quarter that a unit was not open throughout is not owed",
        _only_centres(
            "activity",
            """unit | day        | kind    | people
        C1   | 2025-01-15 | lecture | 30
        C1   | 2025-04-15 | lecture | 29      # too few
        C1   | 2025-09-30 | lecture | 31
        C2   | 2025-05-01 | lecture | 40""",
        ),
        {
            ("C1", "2025-03"): (1, 1),
            ("C1", "2025-06"): (0, 1),
            ("C1", "2025-09"): (1, 1),
            ("C1", "2025-12"): (0, 1),
            ("C2", "2025-06"): (1, 1),  # its first whole quarter
            ("C2", "2025-09"): (0, 1),
            ("C1", "2025-12", "ytd"): (2, 4),
            ("B", "2025-12", "ytd"): (2 + 1, 4 + 3),
        },
    ),
    Spec(
        "he_lectures",
        "every lecture counts, on site and online, with any number of people; other activities do not",
        _LECTURES,
        {("S1", "2025-03"): 3, ("S3", "2025-04"): 1, ("B", "2025-04", "ytd"): 3 + 1},
    ),
    Spec(
        "he_lectures_onsite",
        "lectures held on site",
        _LECTURES,
        {("S1", "2025-03"): 1, ("S3", "2025-04"): 1, ("B", "2025-04", "ytd"): 1 + 1},
    ),
    Spec(
        "he_lectures_online",
        "lectures held online; one of which nobody says how it was held is neither",
        _LECTURES,
        {("S1", "2025-03"): 1, ("B", "2025-04", "ytd"): 1},
    ),
    Spec(
        "he_people_reached",
        "people at lectures, consultations and theme days; views of videos are not among them",
        """
        activity
        unit | day        | kind         | people
        S1   | 2025-03-05 | lecture      | 40
        S1   | 2025-03-06 | consultation | 100
        S1   | 2025-03-07 | theme_day    | 60
        S1   | 2025-03-08 | lecture      | -
        S1   | 2025-03-09 | video        | 900
        S3   | 2025-04-09 | theme_day    | 5
        """,
        {("S1", "2025-03"): 40 + 100 + 60, ("S3", "2025-04"): 5, ("B", "2025-04", "ytd"): 200 + 5},
    ),
    Spec(
        "he_boards",
        "a board renewed every month by centres, stations and clinics; a month missed is missed",
        """
        activity
        unit | day        | kind
        S3   | 2025-01-31 | board
        S3   | 2025-03-01 | board
        S3   | 2025-02-01 | lecture
        C2   | 2025-01-01 | board
        """,
        {
            ("S3", "2025-01"): (1, 1),
            ("S3", "2025-02"): (0, 1),
            ("S3", "2025-03"): (1, 1),
            ("C2", "2025-01"): (1 + 1, 2),
            ("C2", "2025-03", "ytd"): (2 + 1, 3 + 3),
        },
    ),
    owed("he_windows", "activity", "window", "quarter"),
    _activities(
        "he_materials",
        "copies handed out in the month; without a number nothing is added",
        "kind    | quantity",
        """S1 | 2025-03-05 | handout | 120
        S1 | 2025-03-31 | handout | 30
        S1 | 2025-03-06 | handout | -
        S1 | 2025-03-07 | board   | 50
        S3 | 2025-04-07 | handout | 8""",
        {("S1", "2025-03"): 120 + 30, ("S3", "2025-04"): 8, ("B", "2025-04", "ytd"): 150 + 8},
    ),
    _activities(
        "he_prescriptions",
        "kinds of prescriptions used this year; one kind at two stations is one at their centre",
        "kind | topic",
        """S1 | 2025-02-05 | he_prescription | diet
        S1 | 2025-04-05 | he_prescription | htn
        S1 | 2025-05-05 | he_prescription | htn
        S1 | 2025-02-06 | he_prescription | -
        S1 | 2025-02-07 | lecture | tb
        S2 | 2025-03-05 | he_prescription | htn""",
        {
            ("S1", "2025-01"): 0,
            ("S1", "2025-02..2025-03"): 1,
            ("S1", "2025-04..2025-12"): 2,
            ("C1", "2025-03..2025-12"): 2,
            ("S1", "2026-01"): 0,
        },
    ),
    owed("he_plan", "document", "he_plan", "year"),
    owed("he_summary", "document", "he_summary", "year"),
    _activities(
        "he_photo_evidence",
        "activities of which photographs are kept; not known is not kept, and an analysis is no activity of this kind",
        "kind | evidence",
        """S1 | 2025-03-05 | lecture | yes
        S1 | 2025-03-06 | board | no
        S1 | 2025-03-07 | video | -
        S1 | 2025-03-08 | he_evaluation | no
        S3 | 2025-04-08 | theme_day | yes""",
        {("S1", "2025-03"): (1, 3), ("S3", "2025-04"): (1, 1), ("B", "2025-04", "ytd"): (1 + 1, 3 + 1)},
    ),
    happened("he_theme_days", "activity", "theme_day"),
    happened("he_short_videos", "activity", "video"),
    _activities(
        "he_video_reach",
        "views of the videos of the month; those of a lecture do not count",
        "kind | people",
        """S1 | 2025-03-05 | video | 300
        S1 | 2025-03-06 | video | 200
        S1 | 2025-03-07 | video | -
        S1 | 2025-03-08 | lecture | 40""",
        {("S1", "2025-03"): 300 + 200, ("C1", "2025-03"): 500},
    ),
    _activities(
        "he_healthy_families",
        "families chosen, as many as each choice says",
        "kind | quantity",
        """S1 | 2025-03-05 | healthy_family | 20
        S1 | 2025-11-06 | healthy_family | 30
        S1 | 2025-11-07 | handout | 30""",
        {("S1", "2025-03"): 20, ("S1", "2025-11"): 30, ("B", "2025-12", "ytd"): 20 + 30},
    ),
    owed("he_evaluation_survey", "activity", "he_evaluation", "year"),
    held_by("he_community_diagnosis", "document", "community_diagnosis"),
    Spec(
        "he_community_diagnosis",
        "a report without a first day holds from its day of issue",
        """
        document
        unit | kind                | day        | start_on   | end_on
        C1   | community_diagnosis | 2025-03-05 | -          | 2025-06-30
        C1   | community_diagnosis | -          | -          | -
        """,
        {("C1", "2025-02"): (0, 1), ("C1", "2025-03..2025-06"): (1, 1), ("C1", "2025-07"): (0, 1)},
    ),
    Spec(
        "he_screening_program",
        "screenings of every kind; sealing teeth and fluoride are treatment",
        """
        screening
        person | unit | day        | kind
        ANN    | S1   | 2025-03-05 | vision
        ANN    | S1   | 2025-03-06 | vision
        BOB    | S1   | 2025-03-07 | oral
        BOB    | S1   | 2025-03-08 | sealant
        CAT    | S1   | 2025-03-09 | fluoride
        DAN    | S3   | 2025-04-09 | vision
        """,
        {("S1", "2025-03"): 3, ("S3", "2025-04"): 1, ("B", "2025-04", "ytd"): 3 + 1},
    ),
    _activities(
        "he_tobacco",
        "activities of any kind whose topic is tobacco",
        "kind | topic",
        """S1 | 2025-03-05 | lecture | tobacco
        S1 | 2025-03-06 | handout | tobacco
        S1 | 2025-03-07 | lecture | tb
        S1 | 2025-03-08 | lecture | -
        S3 | 2025-04-08 | theme_day | tobacco""",
        {("S1", "2025-03"): 2, ("S3", "2025-04"): 1, ("B", "2025-04", "ytd"): 2 + 1},
    ),
]
