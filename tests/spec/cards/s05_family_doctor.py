"""S05 family-doctor contracts: in force on the last day of the month, kept, renewed, paid."""

from __future__ import annotations

from tests.spec.harness import Spec

# The two days of a contract that holds through all that a table shows.
_ALWAYS = "2024-01-01 | 2026-12-31"


def _fees(card: str, column: str) -> Spec:
    return Spec(
        card,
        "fen by the day of signing, at the unit that signed",
        f"""
        contract
        person | unit | signed_on  | start_on   | end_on     | {column}
        ann    | S1   | 2024-12-31 | 2025-01-01 | 2025-12-31 | 1200
        bob    | S1   | 2025-01-01 | 2025-01-01 | 2025-12-31 | 3050
        cat    | S1   | 2025-01-31 | 2025-02-01 | 2026-01-31 | 1
        dan    | S1   | 2025-01-31 | 2025-02-01 | 2026-01-31 | 0
        eve    | S1   | 2025-03-31 | 2025-04-01 | 2026-03-31 | -      # not known
        fay    | S2   | 2025-03-31 | 2025-04-01 | 2026-03-31 | 9900
        """,
        {("S1", "2024-12"): 1200, ("S1", "2025-01"): 3050 + 1, ("S2", "2025-03"): 9900},
    )


def _once_a_year(card: str, kind: str) -> Spec:
    return Spec(
        card,
        "a person once a year, from the first time on, at the managing unit",
        f"""
        person
        person | died_on
        eve    | 2025-08-10

        service
        person | unit | day        | kind
        ann    | S1   | 2025-01-31 | {kind}
        ann    | S1   | 2025-03-10 | {kind}
        bob    | S1   | 2024-12-31 | {kind}
        cat    | S1   | 2025-05-01 | consultation
        dan    | S2   | 2025-06-01 | {kind}          # given by S2, managed at S1
        eve    | S1   | 2025-07-05 | {kind}          # who dies stays to the year's end
        """,
        {
            ("S1", "2024-12"): "bob",
            ("S1", "2025-01..2025-05"): "ann",
            ("S1", "2025-06"): "ann dan",
            ("S1", "2025-07..2025-12"): "ann dan eve",
            ("S1", "2026-01"): 0,
            ("S2", "2025-06..2025-12"): 0,
        },
    )


SPECS = [
    Spec(
        "fd_contract_rate",
        "in force on the last day of the month: the last day counts, the day of a termination does not",
        """
        person
        person | died_on
        hal    | 2025-05-10
        ivy    | -                # no contract

        contract
        person | start_on   | end_on     | stopped_on
        ann    | 2025-01-31 | 2026-01-30 | -
        bob    | 2025-02-01 | 2025-06-30 | -            # still in force on 30 June
        cat    | 2024-07-01 | 2025-06-29 | -            # not any more on 30 June
        dan    | 2024-01-01 | 2026-12-31 | 2025-04-30   # not any more on 30 April
        fay    | 2024-01-01 | 2026-12-31 | 2025-05-01   # still in force on 30 April
        gus    | 2024-01-01 | 2026-12-31 | -
        gus    | 2025-01-01 | 2025-12-31 | -            # two contracts of one person count once
        hal    | 2024-01-01 | 2026-12-31 | -

        population
        unit | year | band | persons
        S1   | 2025 | all  | 20
        S1   | 2026 | all  | 21
        """,
        {
            ("S1", "2024-12"): ("cat dan fay gus hal", 8, None),
            ("S1", "2025-01"): ("ann cat dan fay gus hal", 8, 20),
            ("S1", "2025-02..2025-03"): ("ann bob cat dan fay gus hal", 8, 20),
            ("S1", "2025-04"): ("ann bob cat fay gus hal", 8, 20),
            ("S1", "2025-05"): ("ann bob cat gus hal", 8, 20),
            ("S1", "2025-06"): ("ann bob gus", 8 - 1, 20),
            ("S1", "2025-07..2025-12"): ("ann gus", 7, 20),
            ("S1", "2026-01"): ("gus", 7, 21),
        },
    ),
    Spec(
        "fd_persons",
        "residents, each once: a floating person counts after six months",
        """
        person
        person | registered | arrived_on | died_on
        ann    | no         | 2025-01-10 | -
        cat    | no         | 2024-12-31 | -
        dan    | yes        | 2025-01-10 | -              # registered here: a resident at once
        eve    | no         | 2024-01-20 | 2024-07-31     # a resident for a month
        fay    | no         | 2024-01-20 | 2024-06-30     # never

        residence
        person | unit | start_on   | end_on
        gus    | S2   | 2025-03-05 | 2025-03-05           # here for a day

        contract
        person | start_on   | end_on
        ann    | 2025-02-01 | 2026-01-31
        bob    | 2025-02-01 | 2025-08-30
        bob    | 2025-08-01 | 2026-07-30     # the new one begins before the old one ends
        cat    | 2025-02-01 | 2025-12-30
        dan    | 2025-02-01 | 2025-03-31
        eve    | 2024-02-01 | 2025-01-31
        fay    | 2024-02-01 | 2025-01-31
        gus    | 2024-02-01 | 2025-12-31
        """,
        {
            ("S1", "2024-06"): 0,
            ("S1", "2024-07"): "eve",
            ("S1", "2024-08..2025-01"): 0,
            ("S2", "2025-02"): 0,
            ("S2", "2025-03"): "gus",
            ("S2", "2025-04"): 0,
            ("S1", "2025-02..2025-03"): "bob dan",
            ("S1", "2025-04..2025-05"): "bob",
            ("S1", "2025-06"): "bob cat",
            ("S1", "2025-07..2025-11"): "ann bob cat",
            ("S1", "2025-12..2026-01"): "ann bob",
            ("S1", "2026-02..2026-06"): "bob",
            ("S1", "2026-07"): 0,
        },
    ),
    Spec(
        "fd_households",
        "a household counts where a member is under contract, once at every level above",
        """
        health_record
        person | unit | family | created_on
        ann    | S1   | wang   | 2024-01-01
        bob    | S2   | wang   | 2024-01-01
        cat    | S3   | li     | 2024-01-01
        eve    | S1   | zhao   | 2024-01-01     # no contract

        contract
        person | start_on   | end_on
        ann    | 2025-01-31 | 2025-12-31
        bob    | 2025-03-01 | 2025-06-29
        cat    | 2024-01-01 | 2025-10-31
        """,
        {
            ("S1", "2025-01..2025-12"): "wang",
            ("S1", "2026-01"): 0,
            ("S2", "2025-02"): 0,
            ("S2", "2025-03..2025-05"): "wang",
            ("S2", "2025-06"): 0,
            ("C1", "2025-01..2025-12"): "wang",
            ("B", "2024-12"): "li",
            ("B", "2025-01..2025-10"): "li wang",
            ("B", "2025-11..2025-12"): "wang",
        },
    ),
    Spec(
        "fd_every_family_doctor",
        "households with a member under contract, of households with a recorded member",
        """
        health_record
        person | unit | family | created_on | cancelled_on | cancel_reason
        ann    | S1   | wang   | 2024-01-01 | -            | -
        bob    | S1   | wang   | 2024-01-01 | -            | -
        cat    | S1   | li     | 2024-01-01 | 2025-06-30   | lost
        dan    | S2   | wang   | 2024-01-01 | -            | -
        eve    | S2   | zhao   | 2025-03-31 | -            | -

        contract
        person | start_on   | end_on
        ann    | 2025-01-31 | 2026-12-31
        eve    | 2025-02-01 | 2026-12-31
        """,
        {
            ("S1", "2024-12"): (0, "wang li"),
            ("S1", "2025-01..2025-05"): ("wang", "wang li"),
            ("S1", "2025-06"): ("wang", "wang"),
            ("S2", "2025-01..2025-02"): (0, "wang"),
            ("S2", "2025-03"): ("zhao", "wang zhao"),
            ("C1", "2025-01..2025-02"): ("wang", "wang li"),
            ("C1", "2025-03"): ("wang zhao", "wang li zhao"),
            ("B", "2025-06..2026-12"): ("wang zhao", "wang zhao"),
        },
    ),
    Spec(
        "fd_team_pairing",
        "one record that names a doctor is enough for the household",
        """
        health_record
        person | unit | family | created_on | doctor | cancelled_on | cancel_reason
        ann    | S1   | wang   | 2024-01-01 | Sun    | -            | -
        bob    | S1   | wang   | 2024-01-01 | -      | -            | -
        cat    | S1   | li     | 2024-01-01 | -      | 2025-06-30   | lost
        eve    | S2   | li     | 2025-03-31 | Sun    | -            | -
        """,
        {
            ("S1", "2025-02..2025-05"): ("wang", "wang li"),
            ("S1", "2025-06"): ("wang", "wang"),
            ("S2", "2025-02"): (0, 0),
            ("S2", "2025-03"): ("li", "li"),
            ("C1", "2025-02"): ("wang", "wang li"),
            ("C1", "2025-03"): ("wang li", "wang li"),
        },
    ),
    Spec(
        "fd_key_contract_rate",
        "key residents with a contract, of key residents known by name",
        f"""
        person
        person | born_on
        ann    | 1960-06-30       # 65 in June
        bob    | 1950-01-01
        kid    | 2018-06-15       # 7 in June
        zoe    | 1980-01-01

        contract
        person | start_on   | end_on
        ann    | {_ALWAYS}
        bob    | 2025-04-01 | 2025-09-29
        zoe    | {_ALWAYS}
        """,
        {
            ("S1", "2025-03"): (0, "bob kid"),
            ("S1", "2025-04..2025-05"): ("bob", "bob kid"),
            ("S1", "2025-06..2025-08"): ("ann bob", "ann bob"),
            ("S1", "2025-09"): ("ann", "ann bob"),
        },
    ),
    Spec(
        "fd_key_share",
        "key residents among those under contract: not the coverage of the key populations",
        f"""
        person
        person | born_on
        ann    | 1960-06-30
        bob    | 1950-01-01       # no contract: in neither part
        zoe    | 1980-01-01
        yan    | 1980-01-01

        contract
        person | start_on   | end_on
        ann    | {_ALWAYS}
        zoe    | {_ALWAYS}
        yan    | 2025-03-31 | 2025-12-30
        """,
        {
            ("S1", "2025-02"): (0, "ann zoe"),
            ("S1", "2025-03..2025-05"): (0, "ann zoe yan"),
            ("S1", "2025-06..2025-11"): ("ann", "ann zoe yan"),
            ("S1", "2025-12"): ("ann", "ann zoe"),
        },
    ),
    Spec(
        "fd_standard_mgmt_rate",
        "every item due this year is done by the month's end, be it late",
        f"""
        contract
        person | start_on   | end_on
        ann    | {_ALWAYS}
        bob    | {_ALWAYS}
        cat    | {_ALWAYS}          # owes nothing
        dan    | {_ALWAYS}
        eve    | {_ALWAYS}

        contract_item
        person | item  | due_on     | done_on
        ann    | check | 2025-03-31 | 2025-05-01     # behind in March and April
        bob    | check | 2025-04-01 | -              # behind from April to the year's end
        dan    | check | 2024-12-31 | -              # last year's
        eve    | check | 2025-02-10 | 2025-02-28     # late, but done at the month's end
        eve    | visit | 2025-06-15 | 2025-08-01
        eve    | drugs | 2025-10-15 | 2025-09-30     # before it is due
        fay    | check | 2025-03-31 | -              # no contract
        """,
        {
            ("S1", "2024-11"): (5, "ann bob cat dan eve"),
            ("S1", "2024-12"): ("ann bob cat eve", 5),
            ("S1", "2025-01..2025-02"): ("ann bob cat dan eve", 5),
            ("S1", "2025-03"): ("bob cat dan eve", 5),
            ("S1", "2025-04"): ("cat dan eve", 5),
            ("S1", "2025-05"): ("ann cat dan eve", 5),
            ("S1", "2025-06..2025-07"): ("ann cat dan", 5),
            ("S1", "2025-08..2025-12"): ("ann cat dan eve", 5),
            ("S1", "2026-01"): ("ann bob cat dan eve", 5),
        },
    ),
    Spec(
        "fd_fulfilment_rate",
        "items by the month in which they are due, of those who then are a key population, at the managing unit",
        """
        person
        person | born_on
        ann    | 1950-01-01
        bob    | 1980-01-01       # of no key population
        cat    | 1960-06-30       # 65 in June
        dan    | 1950-01-01

        person_tag
        person | tag      | start_on   | end_on
        eve    | disabled | 2024-01-01 | 2025-07-31   # no longer when the item is due

        residence
        person | unit | start_on   | end_on
        dan    | S1   | 2020-01-01 | 2025-04-30
        dan    | S2   | 2025-05-01 | -

        contract_item
        person | unit | item  | due_on     | done_on
        ann    | S2   | check | 2025-03-31 | 2025-03-10   # done by S2, managed at S1
        ann    | S1   | visit | 2025-03-01 | -
        bob    | S1   | check | 2025-03-15 | 2025-03-15
        cat    | S1   | check | 2025-05-20 | -
        cat    | S1   | visit | 2025-06-01 | 2025-06-30
        dan    | S1   | check | 2025-04-30 | 2025-07-01   # late counts as delivered
        dan    | S1   | visit | 2025-05-01 | -
        eve    | S1   | check | 2025-08-01 | -
        """,
        {
            ("S1", "2025-03"): (1, 1 + 1),
            ("S1", "2025-06"): (1, 1),
            ("S1", "2025-04"): (1, 1),
            ("S2", "2025-05"): (0, 1),
        },
    ),
    Spec(
        "fd_special_fulfilment_rate",
        "disabled or solitary residents under contract with nothing overdue",
        f"""
        person_tag
        person | tag            | start_on   | end_on
        ann    | disabled       | 2025-02-28 | -
        bob    | solitary       | 2024-01-01 | 2025-08-01
        cat    | disabled_elder | 2024-01-01 | -
        cat    | disabled       | 2024-01-01 | -             # two tags, one person
        dan    | low_income     | 2024-01-01 | -             # not one of the groups
        eve    | disabled       | 2024-01-01 | -             # no contract

        contract
        person | start_on   | end_on
        ann    | {_ALWAYS}
        bob    | {_ALWAYS}
        cat    | 2024-01-01 | 2025-11-29
        dan    | {_ALWAYS}

        contract_item
        person | item  | due_on     | done_on
        ann    | check | 2025-04-30 | 2025-06-01
        ann    | visit | 2025-09-30 | 2025-10-01       # behind in September only
        ann    | drugs | 2025-12-01 | -                # behind to the year's end
        bob    | check | 2025-05-01 | -
        """,
        {
            ("S1", "2025-01"): ("bob cat", "bob cat"),
            ("S1", "2025-02..2025-03"): ("ann bob cat", "ann bob cat"),
            ("S1", "2025-04"): ("bob cat", "ann bob cat"),
            ("S1", "2025-05"): ("cat", "ann bob cat"),
            ("S1", "2025-06..2025-08"): ("ann cat", "ann bob cat"),
            ("S1", "2025-09"): ("cat", "ann cat"),
            ("S1", "2025-10"): ("ann cat", "ann cat"),
            ("S1", "2025-11"): ("ann", "ann"),
            ("S1", "2025-12"): (0, "ann"),
            ("S1", "2026-01"): ("ann", "ann"),
        },
    ),
    Spec(
        "fd_renewal_rate",
        "of contracts that ended in a month, not stopped, those in force at the end of the following one",
        """
        person
        person | died_on
        hal    | 2025-05-10

        contract
        person | start_on   | end_on     | stopped_on
        ann    | 2024-07-01 | 2025-06-29 | -
        ann    | 2025-07-31 | 2026-07-30 | -            # in force again at the end of July
        bob    | 2024-07-01 | 2025-06-30 | -
        bob    | 2025-08-01 | 2026-07-31 | -            # too late
        cat    | 2024-03-15 | 2025-03-14 | -            # ends within March
        cat    | 2025-03-15 | 2026-03-14 | -
        dan    | 2024-03-15 | 2025-03-14 | -            # not renewed
        eve    | 2024-03-15 | 2025-03-14 | 2025-02-01   # was stopped
        fay    | 2024-01-01 | 2024-12-31 | -
        fay    | 2024-12-15 | 2025-12-14 | -            # renewed before it ended
        gus    | 2024-07-01 | 2025-06-30 | -
        gus    | 2025-07-01 | 2025-07-31 | -            # for a month
        hal    | 2024-07-01 | 2025-06-30 | -            # died before it ended
        """,
        {
            ("S1", "2024-12"): ("fay", "fay"),
            ("S1", "2025-03"): ("cat", "cat dan"),
            ("S1", "2025-06"): ("ann gus", "ann bob gus"),
            ("S1", "2025-07"): (0, "gus"),
            ("S1", "2025-12"): (0, "fay"),
            ("S1", "2026-03"): (0, "cat"),
            ("S1", "2026-07"): (0, "ann bob"),
        },
    ),
    Spec(
        "fd_paid_persons",
        "residents with a contract in force whose fee is above zero",
        f"""
        contract
        person | start_on   | end_on     | fee
        ann    | 2025-01-31 | 2025-12-30 | 1
        bob    | {_ALWAYS} | 0
        cat    | {_ALWAYS} | -                    # free of charge, or not known
        dan    | {_ALWAYS} | 0
        dan    | 2025-03-01 | 2025-05-31 | 12000  # a second contract, paid
        """,
        {
            ("S1", "2024-12"): 0,
            ("S1", "2025-01..2025-02"): "ann",
            ("S1", "2025-03..2025-05"): "ann dan",
            ("S1", "2025-06..2025-11"): "ann",
            ("S1", "2025-12"): 0,
        },
    ),
    Spec(
        "fd_paid_households",
        "households with a member under a paid contract, counted anew at every level",
        f"""
        health_record
        person | unit | family | created_on
        ann    | S1   | wang   | 2024-01-01
        bob    | S2   | wang   | 2024-01-01
        cat    | S2   | li     | 2024-01-01

        contract
        person | start_on   | end_on     | fee
        ann    | 2025-01-31 | 2025-12-30 | 1
        bob    | 2025-03-01 | 2025-05-31 | 12000
        cat    | {_ALWAYS} | 0
        """,
        {
            ("S1", "2025-01..2025-11"): "wang",
            ("S1", "2025-12"): 0,
            ("S2", "2025-02"): 0,
            ("S2", "2025-03..2025-05"): "wang",
            ("S2", "2025-06"): 0,
            ("C1", "2025-01..2025-11"): "wang",
            ("B", "2025-03"): "wang",
        },
    ),
    _fees("fd_paid_amount", "fee"),
    _fees("fd_fee_insurance", "fee_insurance"),
    _fees("fd_fee_fund", "fee_fund"),
    Spec(
        "fd_package_count",
        "kinds of package in force, each once at every level",
        f"""
        person
        person | unit | died_on
        ann    | S1   | -
        bob    | S1   | -
        cat    | S2   | -
        dan    | S2   | 2025-05-10
        eve    | S3   | -
        fay    | S3   | -

        residence
        person | unit | start_on   | end_on
        fay    | S3   | 2020-01-01 | 2025-08-31
        fay    | S1   | 2025-09-01 | -
        gus    | S1   | 2025-02-10 | -
        hal    | S3   | 2020-01-01 | 2025-03-31

        contract
        person | start_on   | end_on     | package
        ann    | {_ALWAYS} | basic
        bob    | 2025-01-31 | 2025-06-29 | basic     # the same package
        cat    | {_ALWAYS} | basic
        dan    | {_ALWAYS} | elder                  # until its only holder has died
        eve    | {_ALWAYS} | -                      # not known
        fay    | {_ALWAYS} | guard                  # moves from S3 to S1 in September
        gus    | 2024-01-01 | 2025-02-28 | solo      # came in the contract's last month
        hal    | 2025-03-05 | 2025-12-31 | brief     # left in its first
        """,
        {
            ("S1", "2024-12..2025-01"): "basic",
            ("S1", "2025-02"): "basic solo",
            ("S1", "2025-03..2025-08"): "basic",
            ("S1", "2025-09"): "basic guard",
            ("S2", "2025-05"): "basic elder",
            ("S2", "2025-06"): "basic",
            ("S3", "2025-02"): "guard",
            ("S3", "2025-03"): "guard brief",
            ("S3", "2025-04..2025-08"): "guard",
            ("S3", "2025-09"): 0,
            ("C1", "2025-05"): "basic elder",
            ("B", "2025-05"): "basic elder guard",
            ("B", "2025-06"): "basic guard",
        },
    ),
    Spec(
        "fd_home_visits",
        "services and follow-ups at home, each time, at the performing unit",
        """
        service
        person | unit | day        | kind         | mode
        ann    | S1   | 2024-12-31 | visit        | home
        ann    | S1   | 2025-01-01 | home_nursing | home
        ann    | S1   | 2025-01-31 | visit        | home
        bob    | S1   | 2025-01-31 | visit        | phone
        bob    | S1   | 2025-01-31 | visit        | -

        followup
        person | unit | day        | programme | mode
        ann    | S1   | 2025-01-31 | htn       | home
        bob    | S1   | 2025-01-31 | htn       | clinic
        bob    | S2   | 2025-02-01 | dm        | home
        """,
        {("S1", "2024-12"): 1, ("S1", "2025-01"): 2 + 1, ("S2", "2025-02"): 1},
    ),
    _once_a_year("fd_home_nursing", "home_nursing"),
    _once_a_year("fd_drug_delivery", "drug_delivery"),
    Spec(
        "fd_team_leader",
        "teams whose leader is trained; unknown is not trained",
        """
        team
        unit | code | leader_gp
        S1   | t1   | yes
        S1   | t2   | no
        S1   | t3   | -
        S3   | t4   | yes
        """,
        {("S1", "2024-01..2026-12"): (1, 3), ("S2", "2025-01"): (0, 0), ("B", "2025-01"): (1 + 1, 3 + 1)},
    ),
]
