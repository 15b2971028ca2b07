"""Tables behind the traps. As a process of its own: those that need a bureau's parameters, prints JSON.

The project year begins in October, and the standard per head is 8 yuan as in the source: both in a bureau's
own file, in the folder that JICENG_HOME names.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

OWN = (
    "key,from,value,source\n"
    "year_first_month,2020-01-01,10,003_bec17c85df752c38.txt\n"
    "fund_per_head,2020-01-01,8,003_bec17c85df752c38.txt\n"
)

# 1,946,960 yuan are 70 % of 8 yuan for 347,671 people; 1,287,680 yuan are 30 % of 8 yuan for 536,533.
_PAYMENTS = """
        money
        unit | day        | account      | amount
        C1   | 2025-11-10 | fund_prepaid | 194696000
        C1   | 2026-03-10 | fund_settled | 128768000

        population
        unit | year | band | persons
        C1   | 2025 | all  | 347671
        C1   | 2026 | all  | 347671
        """

UNDER_OWN = [
    (
        "fund_prepay_70",
        "trap 1: the prepayment is for 347,671 people: 194,696,000 fen / (0.7 x 800)",
        _PAYMENTS,
        {("C1", "2026-03"): (347671, 347671)},
        "ytd",
    ),
    (
        "fund_reward_30",
        "trap 1: the reward is for 536,533 people, half as many again: 128,768,000 fen / (0.3 x 800)",
        _PAYMENTS,
        {("C1", "2026-03"): (536533, 347671)},
        "ytd",
    ),
    (
        "fund_reconciled",
        "trap 1: together for 243,370 + 160,960 people by 8 yuan: 116 % of those there are",
        _PAYMENTS,
        {("C1", "2026-03"): (243370 + 160960, 347671)},
        "ytd",
    ),
    (
        "el_examined",
        "trap 5: two rounds, in October and March, are one project year; September's is the year before",
        """
        person
        person | born_on
        ann    | 1950-01-01
        bob    | 1950-01-01
        cat    | 1950-01-01
        dan    | 1950-01-01

        checkup
        person | day
        ann    | 2024-09-30
        bob    | 2024-10-01
        cat    | 2025-03-31
        bob    | 2025-03-31     # in both rounds: one person
        """,
        {
            ("S1", "2024-09"): "ann",
            ("S1", "2024-10..2025-02"): "bob",
            ("S1", "2025-03..2025-09"): "bob cat",
            ("S1", "2025-10"): 0,
        },
    ),
]

_KEY_PEOPLE = """
        person
        person | born_on
        ann    | 1950-01-01
        bob    | 1950-01-01
        cat    | 1950-01-01
        dan    | 1990-01-01

        contract
        person | start_on   | end_on
        ann    | 2025-01-01 | 2025-12-31
        dan    | 2025-01-01 | 2025-12-31
        """

AS_SHIPPED = {
    "trap_02": [
        (
            "org_build_completion_rate",
            "seven sites planned, six in use: 6 / 7 and not the printed 100 %",
            "document\nunit | kind      | day        | start_on\n"
            + "".join("B    | site_plan | 2025-01-10 | 2025-02-01\n" for _ in range(6))
            + "B    | site_plan | 2025-01-10 | -\n",
            {("B", "2025-03"): (6, 7)},
        )
    ],
    "trap_03": [
        (
            "fd_key_share",
            "of two contracted one is of the key populations",
            _KEY_PEOPLE,
            {("S1", "2025-03"): ("ann", "ann dan")},
        ),
        (
            "fd_key_contract_rate",
            "of three of the key populations one is contracted",
            _KEY_PEOPLE,
            {("S1", "2025-03"): ("ann", "ann bob cat")},
        ),
    ],
    "trap_04": [
        (
            "el_examined",
            "three checks of two people are two people",
            """
            person
            person | born_on
            ann    | 1950-01-01
            bob    | 1950-01-01

            checkup
            person | day
            ann    | 2025-03-01
            ann    | 2025-06-01
            bob    | 2025-06-01
            """,
            {("S1", "2025-06"): "ann bob"},
        )
    ],
    "trap_06": [
        (
            "htn_followups_per_patient",
            "three follow-ups of one patient, none of the other: 1.5 each, below the four of a year",
            """
            enrolment
            person | programme | start_on
            ann    | htn       | 2024-05-01
            bob    | htn       | 2024-05-01

            followup
            person | programme | day        | mode
            ann    | htn       | 2025-02-10 | clinic
            ann    | htn       | 2025-05-10 | clinic
            ann    | htn       | 2025-08-10 | clinic
            """,
            {("S1", "2025-12"): (3, 2)},
        )
    ],
    "trap_14": [
        (
            card,
            "two patients managed, of five estimated among twenty adults; one of the two at goal",
            """
            enrolment
            person | programme | start_on
            ann    | htn       | 2024-05-01
            bob    | htn       | 2024-05-01

            followup
            person | programme | day        | mode   | sbp | dbp
            ann    | htn       | 2025-02-10 | clinic | 120 | 80
            bob    | htn       | 2025-02-10 | clinic | 160 | 80

            population
            unit | year | band | persons
            S1   | 2025 | 18+  | 20
            """,
            {("S1", "2025-03"): figure},
        )
        for card, figure in (
            ("htn_control_rate", ("ann", "ann bob")),  # 50 %, of those managed
            ("htn_discovery_rate", (2, 5)),  # 20 x 0.252 = 5.04
        )
    ],
}


def differing(tables: Iterable[tuple]) -> list[str]:
    """Where the figures are not those of the tables, in words."""
    from data.installation import make_installation
    from data.store import open_store
    from metrics.cards import CARDS
    from metrics.context import prepare, rules_of
    from tests.spec.harness import HORIZON, Spec, World, differences

    specs = [Spec(*table) for table in tables]
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(make_installation(Path(folder) / "installation", kind="own"))
        world = World(specs)
        world.fill(store)
        with store.records() as connection:
            world.connection = connection
            keys = {spec.card for spec in specs}
            # Denominators may ask who is known by name: the facts of one card about residents are always there.
            rules = rules_of(CARDS[key] for key in sorted(keys | {"hr_filing_rate"}))
            prepare(connection, rules, HORIZON)
            found = [line for spec in specs for line in differences(spec, world.figures(spec))]
        store.close()
    return found


if __name__ == "__main__":
    json.dump(differing(UNDER_OWN), sys.stdout)
