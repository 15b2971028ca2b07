"""S37: rows that are whole, in time, without contradiction, there once, plausible."""

from __future__ import annotations

from tests.spec.harness import Spec


def _in_time(card: str, table: str, columns: str, cells: str) -> Spec:
    return Spec(
        card,
        "entered on the day, seven days later, eight days later, before the service; without a day of entry it is not counted",
        f"""
        {table}
        person | unit | day        | entered_on | {columns}
        ANN    | S1   | 2025-03-05 | 2025-03-05 | {cells}
        BOB    | S1   | 2025-03-05 | 2025-03-12 | {cells}
        CAT    | S1   | 2025-03-05 | 2025-03-13 | {cells}
        DAN    | S1   | 2025-03-05 | 2025-03-04 | {cells}
        EVE    | S1   | 2025-03-05 | -          | {cells}
        FAY    | S3   | 2025-04-30 | 2025-05-01 | {cells}
        """,
        {
            ("S1", "2025-03"): (2, 4),
            ("S3", "2025-04"): (1, 1),  # in the month of the service
            ("B", "2025-04", "ytd"): (2 + 1, 4 + 1),
        },
    )


SPECS = [
    Spec(
        "dq_record_complete",
        "each of the five items missing once, at the unit that manages the person; a cancelled record does not count",
        """
        person
        person | sex | born_on
        ANN    | 2   | 1980-06-15
        BOB    | 1   | 1980-06-15
        CAT    | 2   | 1980-06-15
        DAN    | 1   | 1980-06-15
        EVE    | -   | 1980-06-15
        FAY    | 2   | 1980-06-15

        health_record
        person | unit | created_on | cancelled_on | cancel_reason | place | family | doctor
        ANN    | S1   | 2025-03-05 | -            | -             | P     | A      | Li
        BOB    | S1   | 2025-03-05 | -            | -             | -     | B      | Li
        CAT    | S1   | 2025-03-05 | -            | -             | P     | -      | Li
        DAN    | S1   | 2025-03-05 | -            | -             | P     | D      | -
        EVE    | S1   | 2025-03-05 | -            | -             | P     | E      | Li
        FAY    | S3   | 2025-04-05 | 2025-05-10   | refused       | P     | F      | Li
        """,
        {
            ("S1", "2025-02"): (0, 0),
            ("S1", "2025-03"): ("ANN", "ANN BOB CAT DAN EVE"),
            ("S3", "2025-04"): ("FAY", "FAY"),
            ("S3", "2025-05"): (0, 0),
            ("B", "2025-04"): (1 + 1, 5 + 1),
        },
    ),
    Spec(
        "dq_followup_complete",
        "what each disease needs, mode and doctor; other programmes are not counted",
        """
        followup
        person | unit | day        | programme | mode   | doctor | next_on    | sbp | dbp | fpg | rpg | condition
        ANN    | S1   | 2025-03-01 | htn       | clinic | Li     | 2025-06-01 | 130 | 80  | -   | -   | -
        BOB    | S1   | 2025-03-02 | htn       | clinic | Li     | 2025-06-01 | 130 | -   | -   | -   | -
        CAT    | S1   | 2025-03-03 | dm        | home   | Li     | 2025-06-01 | -   | -   | -   | 8.1 | -
        DAN    | S1   | 2025-03-04 | dm        | home   | Li     | 2025-06-01 | 130 | 80  | -   | -   | -
        EVE    | S1   | 2025-03-05 | smi       | home   | Li     | 2025-06-01 | -   | -   | -   | -   | stable
        FAY    | S2   | 2025-03-06 | htn       | -      | Li     | 2025-06-01 | 130 | 80  | -   | -   | -
        GUS    | S1   | 2025-03-07 | htn       | clinic | -      | 2025-06-01 | 130 | 80  | -   | -   | -
        HAL    | S1   | 2025-03-08 | elder     | clinic | Li     | 2025-06-01 | -   | -   | -   | -   | -
        IDA    | S3   | 2025-04-11 | dm        | clinic | Li     | 2025-07-01 | -   | -   | 7.5 | -   | -
        JAN    | S2   | 2025-03-09 | smi       | home   | Li     | 2025-06-01 | 130 | 80  | 7.5 | -   | -
        KAI    | S2   | 2025-03-10 | htn       | clinic | Li     | 2025-06-01 | -   | 80  | -   | -   | -
        """,
        {
            ("S1", "2025-03"): ("ANN CAT EVE", 6),
            ("S2", "2025-03"): (0, 3),
            ("S3", "2025-04"): ("IDA", 1),
            ("B", "2025-04", "ytd"): (3 + 1, 6 + 3 + 1),
        },
    ),
    Spec(
        "dq_followup_complete",
        "who goes on needs a next date, whose management ends does not; who was not found is not counted",
        """
        followup
        person | unit | day        | programme | mode   | doctor | next_on | outcome  | sbp | dbp
        ANN    | S1   | 2025-03-08 | htn       | clinic | Li     | -       | continue | 130 | 80
        BOB    | S1   | 2025-03-09 | htn       | clinic | Li     | -       | ended    | 130 | 80
        CAT    | S1   | 2025-03-10 | htn       | clinic | Li     | -       | lost     | -   | -
        DAN    | S1   | 2025-03-11 | htn       | clinic | Li     | -       | -        | 130 | 80
        """,
        {("S1", "2025-03"): ("BOB", 3)},
    ),
    Spec(
        "dq_checkup_complete",
        "the form complete (or not told), a pressure, and of older residents the assessment of self-care",
        """
        checkup
        person | unit | day        | reason | complete | sbp | dbp | self_care
        ANN    | S1   | 2025-03-01 | htn    | yes      | 130 | 80  | -
        BOB    | S1   | 2025-03-02 | htn    | no       | 130 | 80  | -
        CAT    | S1   | 2025-03-03 | elder  | yes      | 130 | 80  | 1
        DAN    | S1   | 2025-03-04 | elder  | yes      | 130 | 80  | -
        EVE    | S1   | 2025-03-05 | -      | yes      | 130 | -   | -
        GUS    | S3   | 2025-04-06 | elder  | yes      | 130 | 80  | 4
        """,
        {
            ("S1", "2025-03"): ("ANN CAT", 5),
            ("S3", "2025-04"): ("GUS", 1),
            ("B", "2025-04", "ytd"): (2 + 1, 5 + 1),
        },
    ),
    Spec(
        "dq_visit_complete",
        "diagnosis, department and fee; a fee of 0 is a fee",
        """
        encounter
        person | unit | day        | kind       | icd   | department | fee
        ANN    | S1   | 2025-03-01 | outpatient | I10   | general    | 1250
        BOB    | S1   | 2025-03-02 | outpatient | I10   | general    | 0
        CAT    | S1   | 2025-03-03 | emergency  | -     | general    | 1250
        DAN    | S1   | 2025-03-04 | outpatient | I10   | -          | 1250
        EVE    | S1   | 2025-03-05 | outpatient | I10   | general    | -
        FAY    | S3   | 2025-04-05 | inpatient  | E11.9 | general    | 99900
        """,
        {
            ("S1", "2025-03"): ("ANN BOB", 5),
            ("S3", "2025-04"): ("FAY", 1),
            ("B", "2025-04", "ytd"): (2 + 1, 5 + 1),
        },
    ),
    _in_time("dq_followup_in_time", "followup", "programme", "htn"),
    _in_time("dq_checkup_in_time", "checkup", "sbp", "130"),
    _in_time("dq_dose_in_time", "dose", "vaccine | dose_no", "mcv | 1"),
    Spec(
        "dq_alive",
        "on the day of birth and of death a service can be, a day before or after it cannot",
        """
        person
        person | born_on    | died_on
        ANN    | 1980-06-15 | 2025-03-10
        BOB    | 2025-03-10 | -
        CAT    | 1980-06-15 | -

        followup
        person | unit | day        | programme
        ANN    | S1   | 2025-03-10 | htn
        ANN    | S1   | 2025-03-11 | htn

        checkup
        person | unit | day        | sbp
        CAT    | S1   | 2025-03-11 | 130
        BOB    | S1   | 2025-03-09 | -

        encounter
        person | unit | day        | kind
        ANN    | S1   | 2025-04-11 | outpatient

        dose
        person | unit | day        | vaccine | dose_no
        BOB    | S1   | 2025-03-10 | hepb    | 1

        service
        person | unit | day        | kind
        ANN    | S3   | 2025-03-09 | guidance
        """,
        {
            ("S1", "2025-03"): (1 + 1 + 1, 5),
            ("S1", "2025-04"): (0, 1),
            ("S3", "2025-03"): (1, 1),
            ("B", "2025-04", "ytd"): (3 + 1, 5 + 1 + 1),
        },
    ),
    Spec(
        "dq_enrolled",
        "registered for the same disease on that day, first and last day included; at any unit",
        """
        enrolment
        person | unit | programme | start_on   | end_on
        ANN    | S2   | htn       | 2025-03-05 | 2025-03-20
        BOB    | S1   | htn       | 2025-03-05 | 2025-03-20
        CAT    | S1   | dm        | 2025-01-01 | -
        DAN    | S1   | htn       | 2025-03-21 | -

        followup
        person | unit | programme | day
        ANN    | S1   | htn       | 2025-03-05
        ANN    | S1   | htn       | 2025-03-20
        BOB    | S1   | htn       | 2025-03-21
        CAT    | S1   | htn       | 2025-03-10
        DAN    | S1   | htn       | 2025-03-20
        DAN    | S1   | elder     | 2025-03-20
        CAT    | S3   | dm        | 2025-04-10
        """,
        {
            ("S1", "2025-03"): (2, 5),
            ("S3", "2025-04"): (1, 1),
            ("B", "2025-04", "ytd"): (2 + 1, 5 + 1),
        },
    ),
    Spec(
        "dq_coherent",
        "pressures reversed or equal, a next date not after this one, an entry before it; what is not there contradicts nothing",
        """
        followup
        person | unit | programme | day        | sbp | dbp | next_on    | entered_on
        ANN    | S1   | htn       | 2025-03-05 | 130 | 80  | 2025-03-06 | 2025-03-05
        BOB    | S1   | htn       | 2025-03-05 | 80  | 130 | 2025-06-05 | 2025-03-05
        CAT    | S1   | htn       | 2025-03-05 | 90  | 90  | 2025-06-05 | 2025-03-05
        DAN    | S1   | htn       | 2025-03-05 | 130 | 80  | 2025-03-05 | 2025-03-05
        EVE    | S1   | htn       | 2025-03-05 | 130 | 80  | 2025-06-05 | 2025-03-04
        FAY    | S1   | htn       | 2025-03-05 | -   | 80  | -          | -
        GUS    | S3   | smi       | 2025-04-05 | -   | -   | 2025-07-05 | 2025-04-09
        """,
        {
            ("S1", "2025-03"): ("ANN FAY", 6),
            ("S3", "2025-04"): ("GUS", 1),
            ("B", "2025-04", "ytd"): (2 + 1, 6 + 1),
        },
    ),
    Spec(
        "dq_mother_coherent",
        "a woman of 12 to 60, dates in order, in the month of delivery or else of booking; whose sex is not known contradicts nothing",
        """
        person
        person | sex | born_on
        ANN    | 2   | 1995-06-15
        BOB    | 1   | 1995-06-15
        CAT    | 2   | 2013-03-10
        DEB    | 2   | 1964-03-11
        EVE    | 2   | 1964-03-10
        FAY    | 2   | 1995-06-15
        GIL    | -   | 1995-06-15
        HEL    | 2   | 2013-03-10
        IDA    | 2   | 1964-03-10

        pregnancy
        person | unit | booked_on  | delivered_on | discharged_on
        ANN    | S1   | 2024-08-01 | 2025-03-10   | 2025-03-10
        BOB    | S1   | 2024-08-01 | 2025-03-10   | -
        CAT    | S1   | 2024-08-01 | 2025-03-09   | -
        DEB    | S1   | 2024-08-01 | 2025-03-10   | -
        EVE    | S1   | 2024-08-01 | 2025-03-10   | 2025-03-09
        FAY    | S1   | 2025-03-11 | 2025-03-10   | -
        GIL    | S3   | 2025-04-10 | -            | -
        HEL    | S1   | 2024-08-01 | 2025-03-10   | -
        IDA    | S1   | 2024-08-01 | 2025-03-10   | -
        ANN    | S1   | 2025-03-10 | -            | 2025-03-09
        ANN    | S1   | 2025-03-10 | -            | 2025-03-10
        ANN    | S1   | 2024-08-01 | 2025-03-10   | 2025-03-09
        """,
        {
            ("S1", "2025-03"): (4, 11),  # ANN twice, DEB, HEL
            ("S3", "2025-04"): ("GIL", 1),
            ("B", "2025-04", "ytd"): (4 + 1, 11 + 1),
        },
    ),
    Spec(
        "dq_contract_single",
        "two that overlap by a day are both wrong; one stopped on the day on which the next begins is not, one never in force neither",
        """
        contract
        person | unit | start_on   | end_on     | stopped_on
        ANN    | S1   | 2025-01-01 | 2025-12-31 | -
        BOB    | S1   | 2025-01-01 | 2025-03-10 | -
        BOB    | S3   | 2025-03-10 | 2025-12-31 | -
        CAT    | S1   | 2025-01-01 | 2025-12-31 | 2025-03-10
        CAT    | S3   | 2025-03-10 | 2025-12-31 | -
        DAN    | S1   | 2025-01-01 | 2025-12-31 | -
        DAN    | S1   | 2025-03-01 | 2025-12-31 | 2025-03-01
        """,
        {
            ("S1", "2025-01"): ("ANN CAT DAN", 4),
            ("S3", "2025-03"): ("CAT", 2),
            ("B", "2025-03", "ytd"): (3 + 1, 4 + 2),
        },
    ),
    Spec(
        "dq_person_once",
        "two who share an ID number are both listed with all their valid records, wherever they are; decided, they are not",
        """
        health_record
        person | unit | created_on | cancelled_on | cancel_reason
        ANN    | S1   | 2025-01-05 | -            | -
        BOB    | S1   | 2025-01-05 | -            | -
        BOB    | S1   | 2025-03-05 | -            | -
        CAT    | S3   | 2025-01-05 | 2025-03-10   | other
        DAN    | S3   | 2025-01-05 | -            | -

        suspected
        person | alike | persons | known_to
        BOB    | BOB   | 2       | -
        CAT    | BOB   | 2       | -
        DAN    | ANN   | 2       | 1          # people told them apart
        ANN    | ANN   | 2       | 1
        """,
        {
            ("S1", "2025-01..2025-02"): ("ANN", "ANN BOB"),
            ("S1", "2025-03"): ("ANN", "ANN BOB BOB"),
            ("S3", "2025-02"): ("DAN", "CAT DAN"),
            ("S3", "2025-03"): ("DAN", "DAN"),
            ("B", "2025-02"): (1 + 1, 2 + 2),
        },
    ),
    Spec(
        "dq_record_once",
        "two valid records of a person are both listed while both are valid, at the unit that manages the person",
        """
        health_record
        person | unit | created_on | cancelled_on | cancel_reason
        ANN    | S1   | 2025-01-05 | -            | -
        BOB    | S1   | 2025-01-05 | -            | -
        BOB    | S1   | 2025-03-05 | 2025-06-10   | other
        CAT    | S3   | 2025-01-05 | 2025-03-05   | other
        CAT    | S3   | 2025-03-05 | -            | -
        """,
        {
            ("S1", "2025-01..2025-02"): ("ANN BOB", "ANN BOB"),
            ("S1", "2025-03..2025-05"): ("ANN", "ANN BOB BOB"),
            ("S1", "2025-06"): ("ANN BOB", "ANN BOB"),
            ("S3", "2025-02..2025-04"): ("CAT", "CAT"),
            ("B", "2025-04"): (1 + 1, 3 + 1),
        },
    ),
    Spec(
        "dq_followup_once",
        "the same programme on the same day twice, at one unit or two; another day or programme is another follow-up",
        """
        followup
        person | unit | programme | day        | mode
        ANN    | S1   | htn       | 2025-03-05 | clinic
        ANN    | S3   | htn       | 2025-03-05 | phone
        ANN    | S1   | dm        | 2025-03-05 | clinic
        ANN    | S1   | htn       | 2025-03-06 | clinic
        BOB    | S1   | htn       | 2025-03-05 | clinic
        """,
        {
            ("S1", "2025-03"): (3, 4),
            ("S3", "2025-03"): (0, 1),
            ("B", "2025-03", "ytd"): (3, 4 + 1),
        },
    ),
    Spec(
        "dq_visit_once",
        "the same day, unit, kind, department and diagnosis twice; another of these is another visit",
        """
        encounter
        person | unit | day        | kind       | department | icd
        ANN    | S1   | 2025-03-05 | outpatient | general    | I10
        ANN    | S1   | 2025-03-05 | outpatient | general    | I10
        ANN    | S1   | 2025-03-05 | outpatient | general    | E11
        ANN    | S1   | 2025-03-05 | outpatient | tcm        | I10
        ANN    | S1   | 2025-03-06 | outpatient | general    | I10
        ANN    | S3   | 2025-03-05 | outpatient | general    | I10
        BOB    | S1   | 2025-03-05 | emergency  | -          | -
        BOB    | S1   | 2025-03-05 | emergency  | -          | -
        """,
        {
            ("S1", "2025-03"): (3, 7),
            ("S3", "2025-03"): (1, 1),
            ("B", "2025-03", "ytd"): (3 + 1, 7 + 1),
        },
    ),
    Spec(
        "dq_dose_once",
        "the same vaccine on the same day twice, whatever its number; another vaccine or day is another dose",
        """
        dose
        person | unit | day        | vaccine | dose_no
        ANN    | S1   | 2025-03-05 | hepb    | 1
        ANN    | S1   | 2025-03-05 | hepb    | 2
        ANN    | S1   | 2025-03-05 | bcg     | 1
        BOB    | S1   | 2025-03-05 | hepb    | 1
        BOB    | S3   | 2025-04-05 | hepb    | 2
        """,
        {
            ("S1", "2025-03"): (2, 4),
            ("S3", "2025-04"): (1, 1),
            ("B", "2025-04", "ytd"): (2 + 1, 4 + 1),
        },
    ),
    Spec(
        "dq_readings_plausible",
        "limits are plausible, one beyond is not; who has no reading is not counted",
        """
        followup
        person | unit | programme | day        | sbp | dbp | fpg  | ppg  | rpg
        ANN    | S1   | htn       | 2025-03-05 | 60  | 30  | 1    | -    | -
        BOB    | S1   | htn       | 2025-03-05 | 301 | 80  | -    | -    | -
        CAT    | S1   | htn       | 2025-03-05 | 130 | 29  | -    | -    | -
        DAN    | S1   | dm        | 2025-03-05 | -   | -   | 51   | -    | -
        EVE    | S1   | dm        | 2025-03-05 | -   | -   | -    | 0.9  | -
        FAY    | S1   | dm        | 2025-03-05 | -   | -   | -    | -    | 50
        GUS    | S1   | dm        | 2025-03-05 | -   | -   | -    | -    | -
        JIM    | S2   | dm        | 2025-03-05 | -   | -   | 50   | 1    | 1
        KIM    | S2   | dm        | 2025-03-05 | -   | -   | -    | 50   | -
        LEO    | S2   | dm        | 2025-03-05 | -   | -   | -    | 51   | -
        MEG    | S2   | dm        | 2025-03-05 | -   | -   | -    | -    | 51
        NED    | S2   | dm        | 2025-03-05 | -   | -   | -    | -    | 0.9
        OLA    | S2   | dm        | 2025-03-05 | -   | -   | 0.9  | -    | -

        checkup
        person | unit | day        | sbp | dbp | fpg
        HAL    | S1   | 2025-03-05 | 300 | 200 | -
        IDA    | S3   | 2025-04-05 | 130 | 80  | 0.5
        """,
        {
            ("S1", "2025-03"): ("ANN FAY HAL", 7),
            ("S2", "2025-03"): ("JIM KIM", 6),
            ("S3", "2025-04"): (0, 1),
            ("B", "2025-04", "ytd"): (3 + 2, 7 + 6 + 1),
        },
    ),
    Spec(
        "dq_birth_plausible",
        "born on the day of the record or 120 years before; a day after it, or 121 years, is not plausible",
        """
        person
        person | unit | born_on
        ANN    | S1   | 2025-03-05
        BOB    | S1   | 2025-03-06
        CAT    | S1   | 1904-03-06
        DAN    | S1   | 1904-03-05
        EVE    | S3   | 1980-06-15

        health_record
        person | unit | created_on
        ANN    | S1   | 2025-03-05
        BOB    | S1   | 2025-03-05
        CAT    | S1   | 2025-03-05
        DAN    | S1   | 2025-03-05
        EVE    | S3   | 2025-04-05
        """,
        {
            ("S1", "2025-03"): ("ANN CAT", "ANN BOB CAT DAN"),
            ("S3", "2025-04"): ("EVE", "EVE"),
            ("B", "2025-04"): (2 + 1, 4 + 1),
        },
    ),
]
