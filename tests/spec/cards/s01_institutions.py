"""S01 机构网络与设置: units that are open, where they lie, what they hold and offer."""

from __future__ import annotations

from tests.spec import ledgers, sorts
from tests.spec.harness import ABSENT, Spec

_OPEN = """
        unit
        code | kind    | parent | opened_on  | closed_on
        B    | bureau  | -      | -          | -
        C1   | centre  | B      | -          | -
        C2   | centre  | B      | 2025-02-10 | -
        S1   | station | C1     | -          | 2025-04-29
        S2   | station | C1     | 2025-03-31 | 2025-06-30
        K1   | clinic  | C1     | -          | -
        """


def places(of: str) -> str:
    """Two towns: the first with a centre, three villages and two communities, the second with a village and no unit."""
    return f"""
        unit
        code | kind    | parent | place_code | opened_on  | closed_on
        B    | bureau  | -      | -          | -          | -
        C1   | centre  | B      | {of}T1     | -          | -
        S1   | station | C1     | {of}V1     | -          | -
        K1   | clinic  | C1     | {of}V1     | -          | 2025-04-29
        K2   | clinic  | C1     | {of}V2     | 2025-02-10 | -
        K3   | clinic  | C1     | {of}G1     | 2025-06-01 | -
        K4   | clinic  | C1     | {of}V4     | 2025-07-01 | 2025-09-30
        K5   | clinic  | C1     | {of}XX     | -          | -
        K6   | clinic  | C1     | {of}Q1     | -          | -
        K7   | clinic  | C1     | {of}G2     | 2025-08-01 | -

        place
        unit | place  | code   | name | parent_code | level     | seat | dense
        B    | {of}T1 | {of}T1 | t1   | -           | town      | -    | -
        B    | {of}T2 | {of}T2 | t2   | -           | town      | -    | yes
        B    | {of}V1 | {of}V1 | v1   | {of}T1      | village   | no   | -
        B    | {of}V2 | {of}V2 | v2   | {of}T1      | village   | -    | yes
        B    | {of}V3 | {of}V3 | v3   | {of}T1      | village   | yes  | no
        B    | {of}V4 | {of}V4 | v4   | {of}T2      | village   | -    | -
        B    | {of}G1 | {of}G1 | g1   | {of}V2      | group     | -    | -
        B    | {of}Q1 | {of}Q1 | q1   | {of}T1      | community | -    | yes   # has one clinic, then two
        B    | {of}Q2 | {of}Q2 | q2   | {of}T1      | community | -    | -     # has none
        B    | {of}G2 | {of}G2 | g2   | {of}Q1      | group     | -    | -
        """


_TOWNS = places("a").replace("K4   | clinic ", "K4   | station")


def latest(card: str, kind: str) -> Spec:
    """Units whose latest appraisal of a kind was passed."""
    return Spec(
        card,
        "the latest result counts; one without a grade is none, and never looked at is not passed",
        f"""
        appraisal
        unit | day        | kind    | grade
        C1   | 2025-02-10 | {kind}  | good
        C1   | 2025-03-10 | {kind}  | -
        C1   | 2025-05-31 | {kind}  | unqualified
        S1   | 2025-03-01 | {kind}  | unqualified
        S1   | 2025-03-01 | {kind}  | qualified       # the later of one day
        C2   | 2025-02-10 | another | excellent
        B    | 2025-02-10 | {kind}  | excellent       # of no kind that is asked for
        """,
        {
            ("C1", "2025-01"): (0, 3),
            ("C1", "2025-02"): (1, 3),
            ("C1", "2025-03..2025-04"): (1 + 1, 3),
            ("C1", "2025-05..2025-12"): (1, 3),
            ("C2", "2025-05"): (0, 2),
            ("B", "2025-03"): (2, 5),
        },
    )


SPECS = [
    Spec(
        "org_count_total",
        "centres and stations open on the month's last day",
        _OPEN,
        {
            ("B", "2025-01"): 1 + 1,
            ("B", "2025-02"): 2 + 1,
            ("B", "2025-03"): 2 + 2,
            ("B", "2025-04..2025-05"): 2 + 1,
            ("B", "2025-06"): 2 + 1,  # closed after its last day
            ("B", "2025-07"): 2,
            ("C1", "2025-03"): 1 + 2,
            ("K1", "2025-03"): 0,
        },
    ),
    Spec(
        "org_count_centre",
        "centres open on the month's last day",
        _OPEN,
        {("B", "2025-01"): 1, ("B", "2025-02"): 1 + 1, ("C2", "2025-02"): 1, ("S1", "2025-02"): 0},
    ),
    Spec(
        "org_count_station",
        "stations open on the month's last day",
        _OPEN,
        {
            ("B", "2025-01..2025-02"): 1,
            ("B", "2025-03"): 1 + 1,
            ("C1", "2025-04"): 1,
            ("C2", "2025-04"): 0,
        },
    ),
    Spec(
        "org_build_completion_rate",
        "planned sites, of which some are in use; one that was never approved is not planned",
        """
        document
        unit | kind             | day        | start_on
        B    | site_plan        | 2025-01-10 | 2025-05-20
        B    | site_plan        | 2025-01-10 | -
        B    | site_plan        | 2025-03-10 | 2025-02-01      # in use before it was approved
        B    | site_plan        | -          | 2025-02-01
        B    | practice_licence | 2025-01-10 | 2025-02-01
        """,
        {
            ("B", "2024-12"): (0, 0),
            ("B", "2025-01..2025-02"): (0, 2),
            ("B", "2025-03..2025-04"): (1, 3),
            ("B", "2025-05..2026-12"): (1 + 1, 3),
        },
    ),
    Spec(
        "org_coverage_street_rate",
        "towns in which a centre or station lies; a clinic does not serve a town",
        places("covc"),
        {("B", "2025-01..2025-12"): (1, 2), ("C1", "2025-01"): ABSENT},
    ),
    Spec(
        "org_coverage_street_rate",
        "a station in a village serves its town while it is open",
        _TOWNS.replace("aT", "covsT").replace("aV", "covsV").replace("aG", "covsG").replace("aXX", "covsXX"),
        {("B", "2025-06"): (1, 2), ("B", "2025-07..2025-09"): (1 + 1, 2), ("B", "2025-10"): (1, 2)},
    ),
    latest("org_standard_compliant_rate", "standard_evaluation"),
    latest("org_annual_inspection_pass", "annual_inspection"),
    Spec(
        "org_annual_inspection_pass",
        "a result holds to the end of the next year",
        """
        unit
        code | kind   | parent
        B    | bureau | -
        K    | clinic | B

        appraisal
        unit | day        | kind              | grade
        K    | 2024-06-10 | annual_inspection | qualified
        """,
        {("K", "2024-05"): (0, 1), ("K", "2024-06..2025-12"): (1, 1), ("K", "2026-01"): (0, 1)},
    ),
    Spec(
        "org_inspection_failed_twice",
        "the last inspections of two years running, until the next year's",
        """
        appraisal
        unit | day        | kind                | grade
        S1   | 2023-05-10 | annual_inspection   | unqualified
        S1   | 2024-03-10 | annual_inspection   | unqualified
        S1   | 2024-05-10 | annual_inspection   | unqualified
        S1   | 2025-05-10 | annual_inspection   | qualified
        S2   | 2024-05-10 | annual_inspection   | unqualified
        S2   | 2024-06-10 | annual_inspection   | good           # passed when looked at again
        S2   | 2025-05-10 | annual_inspection   | unqualified
        S3   | 2024-05-10 | annual_inspection   | unqualified
        S3   | 2025-05-10 | standard_evaluation | unqualified
        S3   | 2026-05-10 | annual_inspection   | unqualified    # a year was left out
        C2   | 2025-05-10 | annual_inspection   | unqualified
        C2   | 2026-02-10 | annual_inspection   | unqualified
        """,
        {
            ("S1", "2024-04"): 0,
            ("S1", "2024-05..2025-04"): 1,
            ("S1", "2025-05"): 0,
            ("S2", "2025-06"): 0,
            ("S3", "2026-06"): 0,
            ("C2", "2026-01"): 0,
            ("C2", "2026-02..2026-12"): 1,
            ("B", "2024-12"): 1,
        },
    ),
    Spec(
        "org_service_population",
        "the population in force for the year; without one there is no figure",
        """
        population
        unit | year | band | persons
        C1   | 2025 | all  | 20000
        C1   | 2025 | 18+  | 15000
        C2   | 2025 | all  | 30000
        """,
        {
            ("C1", "2025-01..2025-12"): 20000,
            ("B", "2025-06"): 20000 + 30000,
            ("C1", "2026-01"): None,
            ("S1", "2025-01"): None,
        },
        status={("C1", "2026-01"): "no_denominator", ("S1", "2025-01"): "no_denominator"},
    ),
    Spec(
        "village_clinic_per_village",
        "villages but communities and seats of towns with exactly one clinic, at the centre of the town, else at the bureau",
        places("vil"),
        {
            ("C1", "2025-01"): (1, 2),  # K1 in V1
            ("C1", "2025-02..2025-03"): (1 + 1, 2),  # K2 in V2
            ("C1", "2025-04..2025-05"): (1, 2),
            ("C1", "2025-06"): (0, 2),  # K2 and K3 both in V2
            ("B", "2025-06"): (0, 2 + 1),
            ("B", "2025-07..2025-09"): (0 + 1, 2 + 1),  # K4 in V4, in whose town there is no centre
            ("B", "2025-10"): (0, 2 + 1),
        },
    ),
    Spec(
        "clinic_service_unit_rule",
        "at most 5,000 people, or a radius of at most 2 km",
        """
        unit
        code | kind   | parent
        B    | bureau | -
        C    | centre | B
        K1   | clinic | C
        K2   | clinic | C
        K3   | clinic | C

        population
        unit | year | band | persons | approved_on
        K1   | 2025 | all  | 5000    | 2025-01-31
        K2   | 2025 | all  | 5000    | 2025-01-31
        K2   | 2025 | all  | 5001    | 2025-02-20     # corrected
        K3   | 2025 | 18+  | 100     | 2025-01-31
        C    | 2025 | all  | 4000    | 2025-01-31

        facility
        unit | kind              | quantity | start_on   | end_on
        K2   | service_radius_km | 2        | 2025-03-01 | 2025-06-15
        K3   | service_radius_km | 2.1      | 2025-01-01 | -
        K1   | service_radius_km | 1.5      | 2025-12-01 | 2026-01-31
        """,
        {
            ("C", "2025-01..2025-02"): (1, 3),
            ("C", "2025-03..2025-05"): (1 + 1, 3),
            ("C", "2025-06..2025-12"): (1, 3),
            ("C", "2026-01"): (1, 3),
            ("C", "2026-02"): (0, 3),
        },
    ),
    sorts.held_by("org_licence_approval", "document", "practice_licence", "clinic"),
    sorts.held_by("org_independent_legal_entity", "document", "legal_entity", "station"),
    Spec(
        "org_approval_filed",
        "approvals in force, of which those filed with the city",
        """
        document
        unit | kind             | day        | start_on   | end_on     | good
        S1   | setting_approval | 2025-01-10 | -          | -          | yes
        S1   | setting_approval | 2025-01-10 | 2025-03-01 | 2025-05-15 | no
        S3   | setting_approval | 2025-01-10 | 2025-03-31 | -          | -
        S3   | practice_licence | 2025-01-10 | -          | -          | yes
        """,
        {
            ("S1", "2025-01"): (1, 1),
            ("S1", "2025-03..2025-04"): (1, 1 + 1),
            ("S1", "2025-05"): (1, 1),
            ("S3", "2025-04"): (0, 0),  # nobody said
            ("B", "2025-04"): (1, 2),
        },
    ),
    Spec(
        "six_functions_present",
        "functions with a service in the year so far, of six for each open centre and station",
        """
        unit
        code | kind    | parent | opened_on
        B    | bureau  | -      | -
        C    | centre  | B      | -
        S1   | station | C      | 2025-03-10
        K    | clinic  | C      | -

        encounter
        person | unit | day        | kind       | department
        ANN    | C    | 2025-01-10 | outpatient | general
        ANN    | C    | 2025-02-10 | outpatient | rehab
        ANN    | K    | 2025-01-10 | outpatient | general      # a clinic's does not count

        dose
        person | unit | day        | vaccine
        ANN    | C    | 2025-02-28 | flu
        ANN    | S1   | 2025-04-01 | flu

        checkup
        person | unit | day
        ANN    | C    | 2025-05-10

        child_visit
        person | unit | day        | kind
        ANN    | S1   | 2025-05-10 | check

        maternal_visit
        person | unit | day        | kind
        ANN    | S1   | 2025-04-10 | antenatal

        service
        person | unit | day        | kind
        ANN    | S1   | 2025-04-10 | rehab
        ANN    | C    | 2025-06-30 | family_planning
        ANN    | C    | 2025-03-30 | consultation

        activity
        unit | day        | kind
        C    | 2025-03-10 | meeting
        C    | 2025-04-10 | board
        """,
        {
            ("C", "2025-01"): (1, 6),
            ("C", "2025-02"): (1 + 1 + 1, 6),
            ("C", "2025-03"): (3, 6 + 6),
            ("S1", "2025-03"): (0, 6),
            ("S1", "2025-04..2025-12"): (1 + 1 + 1, 6),  # prevention, care of a mother, rehabilitation
            ("C", "2025-04"): (4 + 3, 12),
            ("C", "2025-05"): (5 + 3, 12),
            ("C", "2025-06..2025-12"): (6 + 3, 12),
            ("B", "2026-01"): (0, 12),
            ("K", "2025-01"): ABSENT,
        },
    ),
    Spec(
        "opc_share_community",
        "visits at all units over the visits of the area, in the months for which the bureau records these",
        """
        encounter
        person | unit | day        | kind
        ANN    | S1   | 2025-03-10 | outpatient
        ANN    | S3   | 2025-03-31 | emergency
        ANN    | S3   | 2025-04-01 | outpatient
        ANN    | S3   | 2025-03-10 | inpatient

        sample
        unit | day        | kind        | asked
        B    | 2025-03-31 | area_visits | 5
        B    | 2025-04-30 | area_visits | -
        B    | 2025-03-31 | bed_days    | 100
        """,
        {
            ("B", "2025-03"): (1 + 1, 5),
            ("B", "2025-04"): (0, 0),
            ("B", "2025-04", "ytd"): (1 + 1, 5),
            ("C1", "2025-03"): ABSENT,
        },
    ),
    ledgers.sampled("baseline_survey_items", "baseline_survey"),
    Spec(
        "three_level_network",
        "clinics under a centre that is open",
        """
        unit
        code | kind    | parent | opened_on  | closed_on
        B    | bureau  | -      | -          | -
        C1   | centre  | B      | 2025-02-10 | 2025-08-15
        S1   | station | C1     | -          | -
        K1   | clinic  | C1     | -          | 2025-06-10
        K2   | clinic  | S1     | -          | -
        K3   | clinic  | B      | -          | -
        K4   | clinic  | C1     | 2025-04-01 | -
        """,
        {
            ("B", "2025-01"): (0, 3),
            ("B", "2025-02..2025-03"): (1, 3),
            ("B", "2025-04..2025-05"): (1 + 1, 4),
            ("B", "2025-06..2025-07"): (1, 3),
            ("B", "2025-08"): (0, 3),
        },
    ),
    Spec(
        "floating_population_sites",
        "units that lie in a town, village or community marked as dense",
        places("den"),
        {
            ("C1", "2025-01"): 1,  # K6 in Q1
            ("C1", "2025-02..2025-05"): 1 + 1,  # K2 in V2
            ("C1", "2025-06"): 2 + 1,  # K3 in a group of V2
            ("B", "2025-07"): 3 + 1,  # K4 in a village of T2
            ("B", "2025-08..2025-09"): 4 + 1,  # K7 in a group of Q1
            ("K4", "2025-09"): 1,
            ("B", "2025-10"): 4,
        },
    ),
    Spec(
        "floating_population_covered",
        "dense places in which a unit is open, of all that are marked",
        places("dec"),
        {
            ("C1", "2025-01"): (1, 2),  # Q1, not yet V2
            ("C1", "2025-02..2025-12"): (1 + 1, 2),
            ("B", "2025-06"): (2, 2 + 1),
            ("B", "2025-07..2025-09"): (2 + 1, 3),
            ("B", "2025-10"): (2, 3),
        },
    ),
    Spec(
        "emergency_capacity_hours",
        "hours a week beyond office hours, in tenths",
        """
        facility
        unit | kind           | quantity | start_on   | end_on
        S1   | extended_hours | 4.5      | 2025-02-10 | -
        S1   | extended_hours | 8        | 2025-03-01 | 2025-05-30
        S1   | extended_hours | -        | 2025-03-01 | -
        S1   | beds           | 10       | 2025-03-01 | -
        S3   | extended_hours | 2.05     | 2025-03-01 | -
        """,
        {
            ("S1", "2025-02"): 45,
            ("S1", "2025-03..2025-04"): 45 + 80,
            ("S1", "2025-05"): 45,
            ("B", "2025-04"): 45 + 80 + 21,
        },
    ),
    Spec(
        "org_provincial_acceptance",
        "acceptances passed, of those with a result",
        """
        appraisal
        unit | day        | kind                | grade
        S1   | 2025-03-10 | acceptance          | qualified
        S1   | 2025-03-31 | acceptance          | unqualified
        S1   | 2025-03-31 | acceptance          | -
        S1   | 2025-03-31 | standard_evaluation | good
        S3   | 2025-04-10 | acceptance          | excellent
        """,
        {("S1", "2025-03"): (1, 2), ("S3", "2025-04"): (1, 1), ("B", "2025-04", "ytd"): (1 + 1, 2 + 1)},
    ),
    Spec(
        "org_planned_with_new_estates",
        "areas approved in the period that have an institution in their plan",
        """
        unit
        code | kind   | parent
        B    | bureau | -

        document
        unit | day        | month   | kind        | good
        B    | 2025-03-10 | 2025-03 | estate_plan | yes
        B    | 2025-03-31 | 2025-03 | estate_plan | no
        B    | 2025-04-01 | 2025-04 | estate_plan | -
        B    | -          | 2025-03 | estate_plan | yes       # not approved yet
        B    | 2025-03-31 | 2025-03 | site_plan   | yes
        """,
        {("B", "2025-03"): (1, 2), ("B", "2025-04"): (0, 0), ("B", "2025-04", "ytd"): (1, 2)},
    ),
]
