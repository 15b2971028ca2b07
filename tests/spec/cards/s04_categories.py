"""S04 health records by category of person."""

from __future__ import annotations

from tests.spec.harness import Spec


def _by_category(key: str, shows: str, given: str, expect: dict) -> Spec:
    return Spec(f"hr_by_category_{key}", shows, given, expect)


def _by_tag(tag: str) -> Spec:
    return _by_category(
        tag,
        "those who carry the tag and have a record, to the month in which it ends",
        f"""
        person_tag
        person | tag   | start_on   | end_on
        ann    | {tag} | 2025-02-28 | 2025-10-01   # leaves in the month after
        bob    | {tag} | 2024-01-01 | -
        cat    | other | 2024-01-01 | -
        dan    | {tag} | 2024-01-01 | -            # no record

        health_record
        person | created_on | cancelled_on | cancel_reason
        ann    | 2024-01-01 | -            | -
        bob    | 2025-01-31 | 2025-07-01   | refused
        cat    | 2024-01-01 | -            | -
        """,
        {
            ("S1", "2024-01..2024-12"): 0,
            ("S1", "2025-01"): "bob",
            ("S1", "2025-02..2025-06"): "ann bob",
            ("S1", "2025-07..2025-10"): "ann",
            ("S1", "2025-11..2026-12"): 0,
        },
    )


SPECS = [
    _by_category(
        "htn",
        "patients enrolled who have a record, to the month in which the enrolment ends",
        """
        enrolment
        person | programme | start_on   | end_on
        ann    | htn       | 2025-03-31 | 2025-08-10
        bob    | htn       | 2024-01-01 | -             # no record
        cat    | dm        | 2024-01-01 | -
        dan    | htn       | 2024-01-01 | -

        health_record
        person | created_on | cancelled_on | cancel_reason
        ann    | 2024-01-01 | -            | -
        cat    | 2024-01-01 | -            | -
        dan    | 2024-12-01 | 2026-02-28   | refused
        """,
        {
            ("S1", "2024-11"): 0,
            ("S1", "2024-12..2025-02"): "dan",
            ("S1", "2025-03..2025-08"): "dan ann",
            ("S1", "2025-09..2026-01"): "dan",
            ("S1", "2026-02"): 0,
        },
    ),
    _by_category(
        "dm",
        "type 2 and unnamed types; type 1 is not the programme's",
        """
        enrolment
        person | programme | subtype | start_on   | end_on
        ann    | dm        | type2   | 2025-03-31 | 2025-08-10
        bob    | dm        | type1   | 2024-01-01 | -
        cat    | htn       | -       | 2024-01-01 | -
        dan    | dm        | -       | 2024-01-01 | -

        health_record
        person | created_on | cancelled_on | cancel_reason
        ann    | 2024-01-01 | -            | -
        bob    | 2024-01-01 | -            | -
        cat    | 2024-01-01 | -            | -
        dan    | 2024-12-01 | 2026-02-28   | refused
        """,
        {
            ("S1", "2024-11"): 0,
            ("S1", "2024-12..2025-02"): "dan",
            ("S1", "2025-03..2025-08"): "dan ann",
            ("S1", "2025-09..2026-01"): "dan",
            ("S1", "2026-02"): 0,
        },
    ),
    _by_category(
        "child",
        "children until the month of their seventh birthday",
        """
        person
        person | born_on
        kid    | 2018-06-30
        baby   | 2025-03-10
        none   | 2020-01-01      # no record

        health_record
        person | created_on | cancelled_on | cancel_reason
        kid    | 2024-01-01 | -            | -
        baby   | 2025-04-30 | 2025-10-01   | refused
        """,
        {
            ("S1", "2025-03"): "kid",
            ("S1", "2025-04..2025-05"): "kid baby",
            ("S1", "2025-06..2025-09"): "baby",
            ("S1", "2025-10"): 0,
        },
    ),
    _by_tag("pregnant"),
    _by_tag("smi"),
    _by_category(
        "elder",
        "residents from the month of their 65th birthday",
        """
        person
        person | born_on
        ann    | 1960-06-30
        bob    | 1960-07-01
        cat    | 1950-01-01      # no record

        health_record
        person | created_on | cancelled_on | cancel_reason
        ann    | 2024-01-01 | -            | -
        bob    | 2024-01-01 | 2025-10-01   | refused
        """,
        {
            ("S1", "2025-05"): 0,
            ("S1", "2025-06"): "ann",
            ("S1", "2025-07..2025-09"): "ann bob",
            ("S1", "2025-10..2026-12"): "ann",
        },
    ),
]
