"""S04 health records: what counts as a record, from when to when, and whose."""

from __future__ import annotations

from tests.spec.harness import Spec

_SEVEN = "ann bob cat dan eve fay hal"


def _share_of_records(card: str, shows: str, column: str) -> Spec:
    return Spec(
        card,
        shows,
        f"""
        health_record
        person | created_on | {column} | cancelled_on | cancel_reason
        ann    | 2025-02-28 | yes      | -            | -
        ann    | 2025-03-01 | no       | -            | -       # a record of its own
        bob    | 2024-01-01 | no       | -            | -
        cat    | 2024-01-01 | -        | -            | -       # the source does not say
        dan    | 2024-01-01 | yes      | 2025-06-10   | lost    # not valid at the end of June
        eve    | 2024-01-01 | yes      | 2025-08-01   | moved   # leaves in the month after
        fay    | 2025-03-05 | yes      | 2025-04-30   | other   # one month only

        residence
        person | start_on                                       # managed here still, whatever the records say
        eve    | 2020-01-01
        """,
        {
            ("S1", "2025-01"): ("dan eve", "bob cat dan eve"),
            ("S1", "2025-02"): ("ann dan eve", "ann bob cat dan eve"),
            ("S1", "2025-03"): ("ann dan eve fay", "ann ann bob cat dan eve fay"),
            ("S1", "2025-04..2025-05"): ("ann dan eve", "ann ann bob cat dan eve"),
            ("S1", "2025-06..2025-08"): ("ann eve", "ann ann bob cat eve"),
            ("S1", "2025-09..2025-12"): ("ann", "ann ann bob cat"),
        },
    )


SPECS = [
    Spec(
        "hr_filing_rate",
        "residents with a valid record at the month's end; the dead and departed leave in the month after",
        """
        person
        person | registered | arrived_on | died_on
        fay    | yes        | -          | -             # has a record for a month
        gus    | no         | 2025-01-20 | -             # a resident after six months, in July
        hal    | yes        | -          | 2025-04-10

        health_record
        person | created_on | cancelled_on | cancel_reason
        ann    | 2025-01-31 | -            | -           # the last day of January
        bob    | 2025-02-01 | -            | -           # the first of February
        cat    | 2024-01-05 | 2025-03-01   | refused     # not valid at the end of March
        dan    | 2024-01-05 | 2025-03-31   | died        # still counts in March
        eve    | 2024-02-01 | 2025-04-30   | other
        eve    | 2025-03-15 | -            | -           # two records of one person count once
        fay    | 2025-08-05 | 2025-09-10   | refused
        gus    | 2025-01-20 | -            | -
        hal    | 2024-01-05 | -            | -

        population
        unit | year | band | persons
        S1   | 2025 | all  | 10
        S1   | 2025 | 65+  | 99
        """,
        {
            ("S1", "2025-01"): ("ann cat dan eve hal", _SEVEN, 10),
            ("S1", "2025-02"): ("ann bob cat dan eve hal", _SEVEN, 10),
            ("S1", "2025-03"): ("ann bob dan eve hal", _SEVEN, 10),
            ("S1", "2025-04"): ("ann bob eve hal", "ann bob cat eve fay hal", 10),
            ("S1", "2025-05..2025-06"): ("ann bob eve", "ann bob cat eve fay", 10),
            ("S1", "2025-07"): ("ann bob eve gus", "ann bob cat eve fay gus", 10),
            ("S1", "2025-08"): ("ann bob eve fay gus", "ann bob cat eve fay gus", 10),
            ("S1", "2025-09..2025-12"): ("ann bob eve gus", "ann bob cat eve fay gus", 10),
            ("S1", "2026-01"): ("ann bob eve gus", "ann bob cat eve fay gus", None),  # none approved for 2026
        },
    ),
    Spec(
        "ehr_filing_rate",
        "only a record that the source marks as electronic",
        """
        health_record
        person | created_on | electronic | cancelled_on | cancel_reason
        ann    | 2025-03-31 | yes        | -            | -
        bob    | 2024-01-01 | no         | -            | -
        cat    | 2024-01-01 | -          | -            | -       # the source does not say
        dan    | 2024-01-01 | yes        | 2025-06-15   | lost
        eve    | 2024-01-01 | no         | -            | -
        eve    | 2025-05-01 | yes        | -            | -

        population
        unit | year | band | persons
        S1   | 2025 | all  | 8
        """,
        {
            ("S1", "2025-02"): ("dan", 5, 8),
            ("S1", "2025-03..2025-04"): ("ann dan", 5, 8),
            ("S1", "2025-05"): ("ann dan eve", 5, 8),
            ("S1", "2025-06..2025-12"): ("ann eve", 5, 8),
        },
    ),
    Spec(
        "ehr_filing_rate",
        "a unit whose source never says has no figure, and nor has what stands above it",
        """
        health_record
        person | unit | created_on | electronic
        ann    | S1   | 2024-01-01 | yes
        bob    | S1   | 2024-01-01 | -
        cat    | S2   | 2024-01-01 | -
        dan    | S3   | 2024-01-01 | no
        eve    | S2   | 2025-03-31 | no

        population
        unit | year | band | persons
        S1   | 2025 | all  | 8
        S2   | 2025 | all  | 8
        S3   | 2025 | all  | 8
        C1   | 2025 | all  | 16
        """,
        {
            ("S1", "2025-01"): ("ann", "ann bob", 8),
            ("S2", "2025-01..2025-02"): (0, "cat eve", 8),
            ("S2", "2025-03"): (0, "cat eve", 8),  # one is told: the others are not electronic
            ("S3", "2025-01"): (0, "dan", 8),
            ("C1", "2025-01..2025-02"): ("ann", "ann bob cat eve", 16),
            ("C1", "2025-03"): ("ann", "ann bob cat eve", 16),
        },
        status={("S2", "2025-01..2025-02"): "untold", ("C1", "2025-01..2025-02"): "untold"},
    ),
    Spec(
        "hr_dynamic_update_rate",
        "a visit, check, follow-up, consultation or referral of the year; electronic records where known",
        """
        health_record
        person | created_on | electronic | cancelled_on | cancel_reason
        ann    | 2024-05-01 | yes        | -            | -
        bob    | 2024-05-01 | yes        | -            | -
        cat    | 2024-05-01 | no         | -            | -        # on paper: in neither part
        dan    | 2024-05-01 | -          | -            | -        # the source does not say: counts
        eve    | 2024-05-01 | yes        | -            | -
        fay    | 2024-05-01 | yes        | -            | -
        gus    | 2024-05-01 | yes        | -            | -
        hal    | 2024-05-01 | yes        | -            | -
        ivy    | 2024-05-01 | yes        | 2025-09-10   | lost
        jim    | 2026-02-28 | yes        | 2026-03-31   | lost     # one month only
        kay    | 2024-05-01 | yes        | 2026-02-28   | moved    # leaves in the month after

        residence
        person | start_on                                          # managed here still
        kay    | 2020-01-01

        encounter
        person | day        | kind
        ann    | 2025-03-31 | outpatient
        cat    | 2025-03-31 | outpatient

        service
        person | day        | kind
        bob    | 2025-02-01 | update             # changing the record is not using it
        dan    | 2025-12-31 | consultation
        ivy    | 2025-04-02 | consultation

        checkup
        person | day
        eve    | 2025-01-01

        followup
        person | day        | programme
        fay    | 2024-12-31 | htn                # last year's

        referral
        person | day        | direction
        gus    | 2025-06-15 | up

        dose
        person | day        | vaccine
        hal    | 2025-06-15 | flu                # not one of the services that count
        """,
        {
            ("S1", "2024-04"): (0, 0),
            ("S1", "2024-05"): (0, "ann bob dan eve fay gus hal ivy kay"),
            ("S1", "2024-12"): ("fay", 9),
            ("S1", "2025-01..2025-02"): ("eve", 9),
            ("S1", "2025-03"): ("ann eve", 9),
            ("S1", "2025-04..2025-05"): ("ann eve ivy", 9),
            ("S1", "2025-06..2025-08"): ("ann eve ivy gus", 9),
            ("S1", "2025-09..2025-11"): ("ann eve gus", 9 - 1),
            ("S1", "2025-12"): ("ann eve gus dan", 8),
            ("S1", "2026-01"): (0, 8),
            ("S1", "2026-02"): (0, 8 + 1),
            ("S1", "2026-03"): (0, 9 - 1 - 1),
        },
    ),
    Spec(
        "hr_count_total",
        "each valid record, where its person is managed on the last day of the month",
        """
        health_record
        person | unit | created_on | cancelled_on | cancel_reason
        ann    | S1   | 2025-03-31 | -            | -
        ann    | S1   | 2025-05-01 | -            | -          # a second record is a record
        bob    | S1   | 2024-01-01 | 2025-06-30   | lost       # not valid at the end of June
        cat    | S1   | 2024-01-01 | 2025-06-30   | moved      # leaves in the month after
        dan    | S1   | 2024-01-01 | -            | -
        eve    | S2   | 2024-01-01 | 2025-08-01   | moved      # leaves in the month after
        fay    | S2   | 2024-03-05 | 2024-04-30   | other      # one month only

        residence
        person | unit | start_on   | end_on
        eve    | S2   | 2020-01-01 | -
        dan    | S1   | 2020-01-01 | 2025-04-14
        dan    | S2   | 2025-04-15 | -
        """,
        {
            ("S1", "2025-02"): "bob cat dan",
            ("S1", "2025-03"): "ann bob cat dan",
            ("S1", "2025-04"): "ann bob cat",
            ("S1", "2025-05"): "ann ann bob cat",
            ("S1", "2025-06"): "ann ann cat",
            ("S1", "2025-07..2026-12"): "ann ann",
            ("S2", "2024-02"): "eve",
            ("S2", "2024-03"): "eve fay",
            ("S2", "2024-04..2025-03"): "eve",
            ("S2", "2025-04..2025-08"): "eve dan",
            ("S2", "2025-09..2026-12"): "dan",
        },
    ),
    Spec(
        "hr_new_count",
        "persons by the day of their first record, at the unit that made it",
        """
        health_record
        person | unit | created_on | cancelled_on | cancel_reason
        ann    | S1   | 2024-12-31 | -            | -
        bob    | S1   | 2025-01-01 | -            | -
        cat    | S1   | 2025-01-31 | -            | -
        cat    | S2   | 2025-02-10 | -            | -          # a second record is no new person
        dan    | S1   | 2025-04-05 | -            | -
        dan    | S1   | 2025-04-05 | -            | -          # two on one day: once
        eve    | S1   | 2023-05-01 | 2024-02-01   | lost
        eve    | S1   | 2025-05-05 | -            | -          # had a record before
        fay    | S2   | 2025-06-10 | 2025-06-20   | refused
        """,
        {
            ("S1", "2024-12"): "ann",
            ("S1", "2025-01"): "bob cat",
            ("S1", "2025-04"): "dan",
            ("S2", "2025-06"): "fay",
        },
    ),
    Spec(
        "hr_households",
        "a household at several units is one household at every level above",
        """
        health_record
        person | unit | family | created_on | cancelled_on | cancel_reason
        ann    | S1   | wang   | 2025-01-31 | -            | -
        bob    | S2   | wang   | 2025-02-01 | -            | -
        cat    | S3   | li     | 2024-05-01 | 2025-06-30   | lost
        dan    | S1   | -      | 2024-05-01 | -            | -     # belongs to no known household
        eve    | S1   | wang   | 2025-03-01 | -            | -
        fay    | S3   | wang   | 2025-04-01 | -            | -
        """,
        {
            ("S1", "2024-12"): 0,
            ("S1", "2025-01..2026-12"): "wang",
            ("S2", "2025-01"): 0,
            ("S2", "2025-02..2026-12"): "wang",
            ("C1", "2025-01..2026-12"): "wang",
            ("S3", "2025-03"): "li",
            ("S3", "2025-04..2025-05"): "li wang",
            ("C2", "2025-06..2026-12"): "wang",
            ("B", "2024-12"): "li",
            ("B", "2025-01..2025-05"): "li wang",
            ("B", "2025-06..2026-12"): "wang",
        },
    ),
    Spec(
        "hr_updated_count",
        "a person counts once a year from the first update on, at the managing unit",
        """
        person
        person | died_on
        eve    | 2025-08-10

        health_record
        person | created_on
        ann    | 2020-01-01
        bob    | 2020-01-01
        cat    | 2020-01-01
        dan    | 2020-01-01
        eve    | 2020-01-01

        service
        person | unit | day        | kind
        ann    | S1   | 2025-01-31 | update
        ann    | S1   | 2025-03-10 | update
        bob    | S1   | 2024-12-31 | update
        cat    | S1   | 2025-05-01 | consultation
        dan    | S2   | 2025-06-01 | update           # made at S2, managed at S1
        eve    | S1   | 2025-07-05 | update           # who dies stays to the year's end
        """,
        {
            ("S1", "2024-12"): "bob",
            ("S1", "2025-01..2025-05"): "ann",
            ("S1", "2025-06"): "ann dan",
            ("S1", "2025-07..2025-12"): "ann dan eve",
            ("S1", "2026-01"): 0,
            ("S2", "2025-06..2025-12"): 0,
        },
    ),
    Spec(
        "hr_keypop_filing_rate",
        "key populations by age on the last day of the month, by tag and by enrolment",
        """
        person
        person | unit | born_on
        old1   | S1   | 1960-06-30     # 65 in June
        old2   | S1   | 1960-07-01     # 65 in July
        kid    | S1   | 2018-06-15     # 7 in June: no longer counts
        baby   | S1   | 2025-03-31
        adult  | S1   | 1980-01-01
        preg   | S2   | 1995-01-01
        htn    | S2   | 1980-01-01
        dm     | S2   | 1980-01-01
        dm1    | S2   | 1980-01-01
        dis    | S2   | 1980-01-01
        low    | S2   | 1980-01-01
        fam    | S2   | 1980-01-01
        tub    | S2   | 1980-01-01
        smi    | S2   | 1980-01-01
        poor   | S2   | 1980-01-01

        health_record
        person | unit | created_on | cancelled_on | cancel_reason
        old1   | S1   | 2024-01-01 | 2025-10-01   | refused
        kid    | S1   | 2024-01-01 | -            | -
        adult  | S1   | 2024-01-01 | -            | -
        preg   | S2   | 2024-01-01 | -            | -
        dis    | S2   | 2024-01-01 | -            | -
        poor   | S2   | 2024-01-01 | -            | -

        person_tag
        person | tag            | start_on   | end_on
        preg   | pregnant       | 2025-02-28 | 2025-10-01
        dis    | disabled       | 2024-01-01 | -
        low    | low_income     | 2024-01-01 | -
        fam    | special_family | 2024-01-01 | -
        tub    | tb             | 2024-01-01 | -
        smi    | smi            | 2024-01-01 | -
        poor   | poverty        | 2024-01-01 | -      # not on the list of key populations

        enrolment
        person | unit | programme | start_on   | subtype
        htn    | S2   | htn       | 2025-04-30 | -
        dm     | S2   | dm        | 2025-05-01 | type2
        dm1    | S2   | dm        | 2024-01-01 | type1   # not the programme's
        """,
        {
            ("S1", "2025-02"): ("kid", "kid"),
            ("S1", "2025-03..2025-05"): ("kid", "kid baby"),
            ("S1", "2025-06"): ("old1", "old1 baby"),
            ("S1", "2025-07..2025-09"): ("old1", "old1 old2 baby"),
            ("S1", "2025-10..2025-12"): (0, "old1 old2 baby"),
            ("S2", "2025-01"): ("dis", "dis low fam tub smi"),
            ("S2", "2025-02..2025-03"): ("preg dis", "dis low fam tub smi preg"),
            ("S2", "2025-04"): ("preg dis", "dis low fam tub smi preg htn"),
            ("S2", "2025-05..2025-10"): ("preg dis", "dis low fam tub smi preg htn dm"),
            ("S2", "2025-11"): ("dis", "dis low fam tub smi htn dm"),
        },
    ),
    Spec(
        "hr_60plus_filing_rate",
        "60 on the last day of the month",
        """
        person
        person | born_on
        ann    | 1965-03-31
        bob    | 1965-04-01
        cat    | 1950-01-01
        dan    | 1950-01-01

        health_record
        person | created_on | cancelled_on | cancel_reason
        ann    | 2024-01-01 | -            | -
        bob    | 2024-01-01 | -            | -
        dan    | 2024-01-01 | 2025-10-01   | refused

        population
        unit | year | band | persons
        S1   | 2025 | 60+  | 5
        S1   | 2025 | all  | 50
        """,
        {
            ("S1", "2025-02"): ("dan", "cat dan", 5),
            ("S1", "2025-03"): ("dan ann", "cat dan ann", 5),
            ("S1", "2025-04..2025-09"): ("dan ann bob", "cat dan ann bob", 5),
            ("S1", "2025-10..2025-12"): ("ann bob", "cat dan ann bob", 5),
        },
    ),
    _share_of_records("hr_completeness_rate", "valid records with every required item filled in", "complete"),
    _share_of_records("hr_unified_code", "valid records with a valid code of 17 digits", "code_valid"),
    Spec(
        "hr_electronic_entry_rate",
        "electronic records of those that the source tells apart",
        """
        health_record
        person | created_on | electronic | cancelled_on | cancel_reason
        ann    | 2025-02-28 | yes        | -            | -
        ann    | 2025-03-01 | no         | -            | -
        bob    | 2024-01-01 | no         | -            | -
        cat    | 2024-01-01 | -          | -            | -      # unknown: in neither part
        dan    | 2024-01-01 | yes        | 2025-06-10   | lost
        eve    | 2024-01-01 | yes        | 2025-08-01   | moved  # leaves in the month after
        fay    | 2025-03-05 | yes        | 2025-04-30   | other  # one month only

        residence
        person | start_on                                        # managed here still
        eve    | 2020-01-01
        """,
        {
            ("S1", "2025-01"): ("dan eve", "bob dan eve"),
            ("S1", "2025-02"): ("ann dan eve", "ann bob dan eve"),
            ("S1", "2025-03"): ("ann dan eve fay", "ann ann bob dan eve fay"),
            ("S1", "2025-04..2025-05"): ("ann dan eve", "ann ann bob dan eve"),
            ("S1", "2025-06..2025-08"): ("ann eve", "ann ann bob eve"),
            ("S1", "2025-09..2025-12"): ("ann", "ann ann bob"),
        },
    ),
    Spec(
        "hr_card_coverage",
        "residents who hold a card and have a valid record",
        """
        person
        person | health_card
        ann    | yes
        bob    | yes              # no record
        cat    | no
        dan    | yes
        eve    | -                # unknown

        health_record
        person | created_on | cancelled_on | cancel_reason
        ann    | 2025-03-31 | -            | -
        cat    | 2024-01-01 | -            | -
        dan    | 2024-01-01 | 2025-05-01   | lost
        eve    | 2024-01-01 | -            | -
        """,
        {
            ("S1", "2025-02"): "dan",
            ("S1", "2025-03..2025-04"): "ann dan",
            ("S1", "2025-05..2026-12"): "ann",
        },
    ),
    Spec(
        "hr_disease_archive_fill",
        "visits written to the record, of those of which the source tells",
        """
        encounter
        person | unit | day        | kind       | linked
        ann    | S1   | 2024-12-31 | outpatient | yes
        ann    | S1   | 2025-01-01 | inpatient  | no
        ann    | S1   | 2025-01-31 | emergency  | yes
        bob    | S1   | 2025-02-10 | outpatient | -        # unknown: in neither part
        bob    | S2   | 2025-03-10 | outpatient | yes      # at the unit that was visited
        """,
        {("S1", "2024-12"): (1, 1), ("S1", "2025-01"): (1, 1 + 1), ("S2", "2025-03"): (1, 1)},
    ),
    Spec(
        "hr_visit_rate",
        "key residents with a contact by phone or at home this year",
        """
        person_tag
        person | tag      | start_on
        ann    | disabled | 2024-01-01
        bob    | disabled | 2024-01-01
        cat    | disabled | 2024-01-01
        dan    | disabled | 2024-01-01
        eve    | disabled | 2024-01-01
        gus    | disabled | 2025-06-01     # counts from then on, with the visit made before

        followup
        person | day        | programme | mode
        ann    | 2025-03-31 | htn       | home
        cat    | 2025-03-31 | htn       | clinic
        eve    | 2024-12-31 | htn       | phone
        gus    | 2025-02-01 | htn       | home

        service
        person | day        | kind         | mode
        bob    | 2025-04-01 | consultation | phone
        dan    | 2025-04-01 | consultation | online
        fay    | 2025-04-01 | visit        | home     # of no key population
        """,
        {
            ("S1", "2024-12"): ("eve", "ann bob cat dan eve"),
            ("S1", "2025-01..2025-02"): (0, 5),
            ("S1", "2025-03"): ("ann", 5),
            ("S1", "2025-04..2025-05"): ("ann bob", 5),
            ("S1", "2025-06..2025-12"): ("ann bob gus", 5 + 1),
            ("S1", "2026-01"): (0, 6),
        },
    ),
]
