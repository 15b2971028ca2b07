"""S05: the guardian package, grids, notices, the online clinic, the appraisal of family doctors."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.ledgers import amounts, sampled
from tests.spec.sorts import checked


def grids(of: str) -> str:
    """Two towns with grids (villages, a community, groups) of one team, of two, of none, and of one that is not in the list."""
    return f"""
        unit
        code | kind   | parent | place_code
        B    | bureau | -      | -
        C1   | centre | B      | {of}town1
        C2   | centre | B      | {of}town2

        place
        place | code  | name | parent_code | level   | team_code
        p1    | {of}town1 | a    | -           | town    | {of}N1
        p2    | {of}v1    | b    | {of}town1       | village | {of}N1       # has groups of its own
        p3    | {of}g1    | c    | {of}v1          | group   | {of}N1
        p4    | {of}g2    | d    | {of}v1          | group   | {of}N2       # N2 stands twice
        p5    | {of}v2    | e    | {of}town1       | village | {of}N3       # no such team
        p6    | {of}v3    | f    | {of}town1       | village | {of}N1
        p7    | {of}v4    | g    | {of}town2       | village | {of}N4
        p8    | {of}v5    | h    | {of}town2       | community | -
        p9    | {of}b1    | i    | {of}v3          | building | {of}N1      # too small to be a grid

        team
        unit | code
        C1   | {of}N1
        C1   | {of}N2
        C2   | {of}N2
        C2   | {of}N4
        """


SPECS = [
    Spec(
        "fd_guardian_package_households",
        "households with the package in force; two members are one household, a family at two stations one above",
        """
        person
        person | unit
        ANN    | S1
        BOB    | S1
        CAT    | S2
        DAN    | S3
        EVE    | S3

        contract
        person | unit | start_on   | end_on     | stopped_on | package  | family
        ANN    | S1   | 2025-01-10 | 2025-12-31 | -          | 健康守护包 | f1
        BOB    | S1   | 2025-03-01 | 2025-06-30 | -          | 健康守护包 | f1
        CAT    | S2   | 2025-02-01 | 2025-12-31 | 2025-05-10 | guardian | f1
        DAN    | S3   | 2025-02-01 | 2025-12-31 | -          | 基础包    | f2
        EVE    | S3   | 2025-02-01 | 2025-12-31 | -          | 健康守护包 | -
        """,
        {
            ("S1", "2025-01..2025-12"): 1,
            ("S1", "2026-01"): 0,
            ("S2", "2025-01"): 0,
            ("S2", "2025-02..2025-04"): 1,
            ("S2", "2025-05"): 0,
            ("S3", "2025-03"): 0,
            ("C1", "2025-02..2025-04"): 1,
            ("B", "2025-02..2025-12"): 1,
        },
    ),
    Spec(
        "fd_guardian_visits",
        "of households with the package, those visited at home on two days of the month, whichever member it was",
        """
        person
        person | unit
        ANN    | S1
        BOB    | S1
        CAT    | S3

        contract
        person | unit | start_on   | end_on     | package  | family
        ANN    | S1   | 2025-01-10 | 2025-12-31 | 健康守护包 | f1
        BOB    | S1   | 2025-01-10 | 2025-03-31 | 健康守护包 | f1
        CAT    | S3   | 2025-01-10 | 2025-12-31 | 健康守护包 | f2

        service
        person | day        | kind     | mode
        ANN    | 2025-02-01 | guidance | home
        BOB    | 2025-02-28 | visit    | home
        ANN    | 2025-03-01 | guidance | home
        BOB    | 2025-03-01 | visit    | home     # the same day, the same household
        ANN    | 2025-03-02 | guidance | phone
        ANN    | 2025-04-02 | guidance | home
        BOB    | 2025-04-03 | guidance | home     # no longer has the package

        followup
        person | day        | programme | mode
        CAT    | 2025-03-10 | htn       | home
        CAT    | 2025-03-11 | dm        | home
        CAT    | 2025-03-12 | dm        | clinic
        CAT    | 2025-04-10 | htn       | home
        CAT    | 2025-04-10 | dm        | home     # the same visit
        """,
        {
            ("S1", "2025-01"): (0, 1),
            ("S1", "2025-02"): (1, 1),
            ("S1", "2025-03..2025-04"): (0, 1),
            ("S3", "2025-03"): (1, 1),
            ("S3", "2025-04"): (0, 1),
            ("B", "2025-02..2025-03"): (1, 2),
        },
    ),
    Spec(
        "fd_grid_management",
        "the smallest places with a team that stands once in the list, at the centre of their town, else the bureau",
        grids("one"),
        {
            ("C1", "2024-01..2026-12"): (1 + 1, 4),
            ("C2", "2025-03"): (1, 2),
            ("B", "2025-03"): (2 + 1, 4 + 2),
        },
    ),
    Spec(
        "fd_grids_without_team",
        "grids that name no team, or one that is not in the list",
        grids("no"),
        {("C1", "2024-01..2026-12"): 1, ("C2", "2025-03"): 1, ("B", "2025-03"): 1 + 1},
    ),
    Spec(
        "fd_grids_several_teams",
        "grids whose team's code stands twice in the list",
        grids("two"),
        {("C1", "2024-01..2026-12"): 1, ("C2", "2025-03"): 0, ("B", "2025-03"): 1},
    ),
    checked("fd_public_notice", "notice_town", "notice_building", of=4),
    amounts("fd_contact_cards", "contact_card"),
    checked("fd_coordination", "coordination_group", "coordination_channel", of=2),
    checked("fd_realtime_monitoring", "monitoring_contracts", "monitoring_watched", of=3),
    Spec(
        "fd_dual_assessment",
        "points reached over points possible, to the tenth, of three dimensions of the appraisal of family doctors",
        """
        appraisal_item
        unit | day        | kind          | dimension       | score | full
        C1   | 2025-03-31 | family_doctor | authenticity    | 28.5  | 30
        C1   | 2025-03-31 | family_doctor | standardisation | 30    | 40
        C1   | 2025-03-31 | family_doctor | satisfaction    | 25.25 | 30
        C1   | 2025-03-31 | family_doctor | workload        | 10    | 10
        C1   | 2025-03-31 | family_doctor | satisfaction    | -     | 30
        C1   | 2025-03-31 | unit          | satisfaction    | 9     | 10
        C2   | 2025-04-30 | family_doctor | authenticity    | 20    | 30
        """,
        {
            ("C1", "2025-03"): (285 + 300 + 253, 300 + 400 + 300),
            ("B", "2025-04", "ytd"): (285 + 300 + 253 + 200, 1000 + 300),
        },
    ),
    Spec(
        "fd_online_clinic",
        "four sessions a month by a centre; three are too few, and one of another kind is none",
        """
        activity
        unit | day        | kind
        C1   | 2025-01-03 | online_clinic
        C1   | 2025-01-10 | online_clinic
        C1   | 2025-01-17 | online_clinic
        C1   | 2025-01-24 | online_clinic
        C1   | 2025-02-07 | online_clinic
        C1   | 2025-02-14 | online_clinic
        C1   | 2025-02-21 | online_clinic
        C1   | 2025-02-28 | lecture
        S1   | 2025-02-28 | online_clinic     # a station's is not the centre's
        """,
        {
            ("C1", "2024-12"): (0, 0),  # nobody had begun
            ("C1", "2025-01"): (1, 1),
            ("C1", "2025-02"): (0, 1),
            ("C2", "2025-02"): (0, 1),
            ("B", "2025-02", "ytd"): (1, 2 + 2),
        },
    ),
    sampled("fd_discount", "exam_discount"),
]
