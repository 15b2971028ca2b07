"""S01, S02, S33: how far residents live from a unit. Every table lies in a part of the country of its own.

A hundredth of a degree of latitude is 1.11 km. The bureau has coordinates too: nobody goes there.
"""

from __future__ import annotations

from tests.spec.cards.s01_institutions import places
from tests.spec.harness import ABSENT, Spec

RADIUS = """
        unit
        code | kind    | parent | lon   | lat   | opened_on  | closed_on
        B    | bureau  | -      | 101.0 | 30.10 | -          | -
        C1   | centre  | B      | 101.9 | 30.90 | -          | -
        S1   | station | C1     | -     | -     | -          | -
        K1   | clinic  | C1     | 101.0 | 30.05 | -          | -
        K2   | clinic  | C1     | 101.0 | 30.10 | 2025-03-10 | 2025-06-29

        person
        person | registered | arrived_on
        ann    | yes        | -
        bob    | no         | -
        cat    | no         | -
        dan    | yes        | -
        eve    | no         | -
        fay    | yes        | -
        gus    | no         | 2024-11-10        # a resident from May on
        hal    | yes        | -

        place
        place | code | name | level   | lon   | lat
        g1    | g1   | a    | village | 101.0 | 30.06
        g2    | g2   | b    | village | 101.0 | 30.09
        g3    | g3   | c    | village | -     | -
        g4    | g4   | d    | village | 101.0 | 30.068044546     # 2,000.3 m from K1
        g5    | g5   | e    | village | 101.0 | 30.068049056     # 2,000.8 m

        residence
        person | start_on   | place | end_on
        ann    | 2024-01-01 | g1    | -
        bob    | 2024-01-01 | g2    | -
        cat    | 2024-01-01 | g3    | -
        dan    | 2024-01-01 | -     | -
        eve    | 2024-01-01 | g4    | -
        fay    | 2024-01-01 | g5    | -
        gus    | 2024-11-10 | g1    | -
        hal    | 2024-01-01 | g1    | 2025-01-20
        """

_SECOND = """
        unit
        code | kind    | parent | lon   | lat   | opened_on  | closed_on
        B    | bureau  | -      | 103.0 | 30.05 | -          | -
        C1   | centre  | B      | 103.9 | 30.90 | -          | -
        S1   | station | C1     | -     | -     | -          | -
        K1   | clinic  | C1     | 103.0 | 30.05 | -          | -
        S2   | station | C1     | 103.0 | 30.06 | 2025-03-10 | 2025-06-29

        place
        place | code | name | level   | lon   | lat
        g1    | g1   | a    | village | 103.0 | 30.055
        g2    | g2   | b    | village | 103.0 | 30.035       # 1.7 and 2.8 km
        g3    | g3   | c    | village | 103.0 | 30.09        # 4.4 and 3.3 km

        residence
        person | start_on   | place
        ann    | 2024-01-01 | g1
        bob    | 2024-01-01 | g2
        cat    | 2024-01-01 | g3
        """


def served(lon: str) -> str:
    """A clinic with two people close by and one not, one with nine and one, one with nobody, one nobody knows where."""
    some = "\n".join(f"        p{n}     | 2024-01-01 | g3    | -" for n in range(8))
    return f"""
        unit
        code | kind    | parent | lon   | lat   | opened_on  | closed_on
        B    | bureau  | -      | {lon}.0 | 33.05 | -          | -
        C1   | centre  | B      | {lon}.9 | 33.90 | -          | -
        S1   | station | C1     | -     | -     | -          | -
        K1   | clinic  | C1     | {lon}.0 | 33.05 | -          | -
        K2   | clinic  | C1     | {lon}.3 | 33.05 | -          | 2025-09-30
        K3   | clinic  | C1     | {lon}.7 | 33.05 | -          | -
        K4   | clinic  | C1     | -     | -     | -          | -

        place
        place | code | name | level   | lon   | lat
        g1    | g1   | a    | village | {lon}.0 | 33.055
        g2    | g2   | b    | village | {lon}.0 | 33.027       # 2.6 km
        g3    | g3   | c    | village | {lon}.3 | 33.05
        g4    | g4   | d    | village | {lon}.3 | 33.08        # 3.3 km

        residence
        person | start_on   | place | end_on
        ann    | 2024-01-01 | g1    | -
        bob    | 2024-01-01 | g1    | -
        cat    | 2024-01-01 | g2    | 2025-05-31
        q1     | 2024-01-01 | g3    | 2025-06-10
        q2     | 2024-01-01 | g4    | -
{some}
        """


def overlap(lon: str) -> str:
    """Clinics with another one, a station, the bureau and nobody close by."""
    return f"""
        unit
        code | kind    | parent | lon   | lat         | opened_on
        B    | bureau  | -      | {lon}.3 | 33.05       | -
        C1   | centre  | B      | {lon}.9 | 33.90       | -
        K1   | clinic  | C1     | {lon}.0 | 33.05       | -
        K3   | clinic  | C1     | {lon}.0 | 33.07       | -              # 1.6 km from K2
        K4   | clinic  | C1     | {lon}.3 | 33.05       | -              # in the bureau's house
        K5   | clinic  | C1     | -     | -           | -
        K6   | clinic  | C1     | {lon}.3 | 33.05902    | -              # 1,000 m from K4
        S2   | station | C1     | {lon}.0 | 33.075      | 2025-05-01
        K2   | clinic  | C1     | {lon}.0 | 33.0554     | 2025-03-10
        """


SPECS = [
    Spec(
        "reach_within_radius",
        "2,000 m is within and 2,001 m is not; who has no place, or one without coordinates, is in neither part",
        RADIUS,
        {
            ("S1", "2024-12"): ("ann eve hal", "ann bob eve fay hal"),
            ("S1", "2025-02"): ("ann eve", "ann bob eve fay"),
            ("S1", "2025-03..2025-04"): ("ann bob eve", "ann bob eve fay"),
            ("S1", "2025-05"): ("ann bob eve gus", "ann bob eve fay gus"),
            ("S1", "2025-06..2026-12"): ("ann eve gus", "ann bob eve fay gus"),
            ("K1", "2025-03"): (0, 0),  # people count where they are managed
            ("B", "2025-05"): (4, 5),
        },
    ),
    Spec(
        "reach_second_choice",
        "of those within 2 km of a unit, those with another one within 2 km",
        _SECOND,
        {
            ("S1", "2025-02"): (0, "ann bob"),
            ("S1", "2025-03..2025-05"): ("ann", "ann bob"),
            ("S1", "2025-06..2026-12"): (0, "ann bob"),
            ("B", "2025-04"): (1, 2),
        },
    ),
    Spec(
        "fl_within_radius",
        "the same of floating residents",
        RADIUS.replace("101.", "105."),
        {
            ("S1", "2025-02"): ("eve", "bob eve"),
            ("S1", "2025-03"): ("bob eve", "bob eve"),
            ("S1", "2025-05"): ("bob eve gus", "bob eve gus"),
            ("S1", "2025-06"): ("eve gus", "bob eve gus"),
            ("C1", "2025-06"): (2, 3),
        },
    ),
    Spec(
        "clinic_nearest_people",
        "no clinic has as many as 5,000; one with nobody is within the rule, one without coordinates in neither part",
        served("107"),
        {
            ("K1", "2025-01..2025-12"): (1, 1),
            ("K3", "2025-01"): (1, 1),
            ("K4", "2025-01"): (0, 0),
            ("C1", "2025-09"): (3, 3),
            ("C1", "2025-10"): (2, 2),  # K2 is closed
            ("S1", "2025-01"): ABSENT,
        },
    ),
    Spec(
        "clinic_radius_share",
        "at least nine of ten of whom a clinic is nearest for live within 2 km",
        served("109"),
        {
            ("K1", "2025-01..2025-05"): (0, 1),  # two of three
            ("K1", "2025-06..2026-12"): (1, 1),
            ("K2", "2025-01..2025-06"): (1, 1),  # nine of ten
            ("K2", "2025-07..2025-09"): (0, 1),  # eight of nine
            ("K3", "2025-01..2025-09"): (0, 0),
            ("K4", "2025-01"): (0, 0),
            ("C1", "2025-05"): (0 + 1, 1 + 1),
            ("C1", "2025-07"): (1 + 0, 1 + 1),
            # The people of K2, which is closed, are 28 km from K1 and 37 km from K3: K1 has them all.
            ("K1", "2025-10..2026-12"): (0, 1),
            ("B", "2025-10"): (0, 1),
        },
    ),
    Spec(
        "village_without_clinic",
        "villages but communities and seats of towns in which no clinic is open, at the centre of the town, else at the bureau",
        places("vno"),
        {
            ("C1", "2025-01"): 1,  # V2
            ("C1", "2025-02..2025-03"): 0,
            ("C1", "2025-04..2026-12"): 1,  # V1, closed before April's end
            ("B", "2025-01"): 1 + 1,  # V4 lies in a town without a centre
            ("B", "2025-07..2025-09"): 1 + 0,
            ("B", "2025-10"): 1 + 1,
        },
    ),
    Spec(
        "village_several_clinics",
        "villages but communities in which two clinics are open, one of them in a group of the village",
        places("vtwo"),
        {
            ("C1", "2025-01..2025-05"): 0,
            ("C1", "2025-06..2026-12"): 1,  # K2 and K3 in V2
            ("B", "2025-06"): 1,
        },
    ),
    Spec(
        "clinic_overlap",
        "another unit less than 1 km away, whatever its kind, but for the bureau; 1,000 m is not less",
        overlap("111"),
        {
            ("K1", "2025-01..2025-02"): (0, 1),
            ("K1", "2025-03..2026-12"): (1, 1),
            ("K2", "2025-03"): (1, 1),
            ("K3", "2025-01..2025-04"): (0, 1),
            ("K3", "2025-05"): (1, 1),
            ("K4", "2025-05"): (0, 1),
            ("K5", "2025-05"): (0, 0),
            ("K6", "2025-05"): (0, 1),
            ("C1", "2025-02"): (0, 4),
            ("C1", "2025-03..2025-04"): (2, 5),
            ("B", "2025-05"): (3, 5),
        },
    ),
    Spec(
        "clinic_area_nearest",
        "whose nearest unit is a clinic of 80 m² and more; whose nearest one is a station is in neither part",
        """
        unit
        code | kind    | parent | lon   | lat   | opened_on
        B    | bureau  | -      | 113.0 | 33.05 | -
        C1   | centre  | B      | 113.9 | 33.90 | -
        S1   | station | C1     | 113.5 | 33.05 | -
        K1   | clinic  | C1     | 113.0 | 33.05 | -
        K2   | clinic  | C1     | 113.3 | 33.05 | 2025-06-01

        place
        place | code | name | level   | lon   | lat
        g1    | g1   | a    | village | 113.0 | 33.06
        g2    | g2   | b    | village | 113.3 | 33.06
        g3    | g3   | c    | village | 113.5 | 33.06

        residence
        person | start_on   | place
        ann    | 2024-01-01 | g1
        bob    | 2024-01-01 | g2      # nearer to S1 than to K1, until K2 opens
        cat    | 2024-01-01 | g3

        facility
        unit | kind         | quantity | start_on
        K1   | medical_area | 80       | 2025-03-01
        K1   | land_area    | 900      | 2025-01-01
        K2   | medical_area | 79.9     | 2025-01-01
        S1   | medical_area | 200      | 2025-01-01
        """,
        {
            ("S1", "2025-02"): (0, "ann"),
            ("S1", "2025-03..2025-05"): ("ann", "ann"),
            ("S1", "2025-06..2026-12"): ("ann", "ann bob"),
            ("B", "2025-06"): (1, 2),
        },
    ),
]
