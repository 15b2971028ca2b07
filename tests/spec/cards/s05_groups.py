"""S05 family-doctor contracts of groups of residents."""

from __future__ import annotations

from tests.spec.harness import Spec


def _group_share(card: str, group: str, shows: str, expect: dict) -> Spec:
    """A share of a group of which ann and bob have a contract, bob from June 2025."""
    return Spec(
        card,
        shows,
        f"""
        {group}

        contract
        person | start_on   | end_on
        ann    | 2024-01-01 | 2026-12-31
        bob    | 2025-06-30 | 2026-12-31
        zoe    | 2024-01-01 | 2026-12-31       # not of the group
        """,
        expect,
    )


def _tagged(card: str, tag: str) -> Spec:
    return _group_share(
        card,
        f"""person_tag
        person | tag   | start_on   | end_on
        ann    | {tag} | 2025-02-28 | 2025-09-01
        bob    | {tag} | 2024-01-01 | -
        cat    | {tag} | 2024-01-01 | -
        zoe    | other | 2024-01-01 | -""",
        f"residents tagged {tag}",
        {
            ("S1", "2025-01"): (0, "bob cat"),
            ("S1", "2025-02..2025-05"): ("ann", "ann bob cat"),
            ("S1", "2025-06..2025-09"): ("ann bob", "ann bob cat"),
            ("S1", "2025-10"): ("bob", "bob cat"),
        },
    )


def _patients(card: str, programme: str, other: str) -> Spec:
    return _group_share(
        card,
        f"""enrolment
        person | programme   | start_on   | end_on
        ann    | {programme} | 2025-02-28 | 2025-09-01
        bob    | {programme} | 2024-01-01 | -
        cat    | {programme} | 2024-01-01 | -
        dan    | {programme} | 2024-12-05 | 2024-12-20
        zoe    | {other}     | 2024-01-01 | -""",
        "patients managed at the month's end",
        {
            ("S1", "2024-11"): (0, "bob cat"),
            ("S1", "2024-12"): (0, "bob cat dan"),  # managed for some days of a month
            ("S1", "2025-01"): (0, "bob cat"),
            ("S1", "2025-02..2025-05"): ("ann", "ann bob cat"),
            ("S1", "2025-06..2025-09"): ("ann bob", "ann bob cat"),
            ("S1", "2025-10"): ("bob", "bob cat"),
        },
    )


SPECS = [
    _tagged("fd_low_income_rate", "low_income"),
    _tagged("fd_special_family_rate", "special_family"),
    _tagged("fd_disabled_rate", "disabled"),
    _tagged("fd_pregnant_rate", "pregnant"),
    _group_share(
        "fd_elder_rate",
        """person
        person | born_on    | died_on
        ann    | 1960-03-31 | -
        bob    | 1960-04-01 | -
        cat    | 1950-01-01 | -
        dan    | 1959-12-10 | 2024-12-20     # in the month of the birthday
        zoe    | 1980-01-01 | -""",
        "65 on the last day of the month",
        {
            ("S1", "2024-12"): (0, "cat dan"),
            ("S1", "2025-01..2025-02"): (0, "cat"),
            ("S1", "2025-03"): ("ann", "cat ann"),
            ("S1", "2025-04..2025-05"): ("ann", "cat ann bob"),
            ("S1", "2025-06"): ("ann bob", "cat ann bob"),
        },
    ),
    _group_share(
        "fd_child_rate",
        """person
        person | born_on
        ann    | 2018-08-31        # 7 in August
        bob    | 2018-09-01        # 7 in September
        cat    | 2025-03-10
        zoe    | 1980-01-01""",
        "not yet 7 on the last day of the month",
        {
            ("S1", "2025-02"): ("ann", "ann bob"),
            ("S1", "2025-03..2025-05"): ("ann", "ann bob cat"),
            ("S1", "2025-06..2025-07"): ("ann bob", "ann bob cat"),
            ("S1", "2025-08"): ("bob", "bob cat"),
            ("S1", "2025-09"): (0, "cat"),
        },
    ),
    _patients("fd_htn_rate", "htn", "dm"),
    _patients("fd_dm_rate", "dm", "htn"),
]
