"""S11 what hypertension and diabetes share: contacts owed and made, checks, who is known and managed."""

from __future__ import annotations

from tests.spec.harness import Spec

_OTHER = {"htn": "dm", "dm": "htn"}


def _met(programme: str) -> tuple[str, str, dict]:
    """What is shown, the facts, and who has met the year's requirement of those managed."""
    given = f"""
        person
        person | died_on
        hal    | 2025-05-10

        enrolment
        person | programme   | start_on   | end_on
        ann    | {programme} | 2024-05-01 | -
        bob    | {programme} | 2024-05-01 | -
        cat    | {programme} | 2024-05-01 | -
        dan    | {programme} | 2024-05-01 | -
        eve    | {programme} | 2025-07-02 | -           # 183 days: ceil(4 x 183 / 365) = 3
        fay    | {programme} | 2025-07-03 | -           # 182 days: ceil(4 x 182 / 365) = 2
        ivy    | {programme} | 2025-10-02 | -           # 91 days: one contact
        jim    | {programme} | 2025-10-01 | -           # 92 days: ceil(4 x 92 / 365) = 2
        gus    | {programme} | 2024-05-01 | 2025-02-01  # managed in the year, so in it to its end
        hal    | {programme} | 2024-05-01 | -
        zoe    | {_OTHER[programme]} | 2024-05-01 | -

        followup
        person | programme   | day        | mode
        ann    | {programme} | 2025-02-10 | clinic
        ann    | {programme} | 2025-04-10 | station
        ann    | {programme} | 2025-06-10 | community
        ann    | {programme} | 2025-08-31 | home        # the fourth
        bob    | {programme} | 2025-02-10 | clinic
        bob    | {programme} | 2025-04-10 | clinic
        bob    | {programme} | 2025-06-10 | clinic
        bob    | {programme} | 2025-08-31 | phone       # not face to face
        bob    | {_OTHER[programme]} | 2025-09-01 | clinic   # the other programme
        cat    | {programme} | 2025-01-01 | clinic
        cat    | {programme} | 2025-02-01 | clinic
        cat    | {programme} | 2025-03-01 | clinic
        cat    | {programme} | 2025-04-01 | clinic      # waits for the check
        dan    | {programme} | 2025-02-10 | clinic
        dan    | {programme} | 2025-02-10 | home        # the same day: one contact
        dan    | {programme} | 2025-04-10 | clinic
        dan    | {programme} | 2025-06-10 | clinic
        dan    | {programme} | 2024-12-31 | clinic      # last year's
        eve    | {programme} | 2025-08-10 | clinic
        eve    | {programme} | 2025-09-10 | clinic
        fay    | {programme} | 2025-08-10 | clinic
        fay    | {programme} | 2025-10-01 | clinic
        ivy    | {programme} | 2025-11-01 | clinic
        jim    | {programme} | 2025-11-01 | clinic

        checkup
        person | day
        ann    | 2025-03-05
        bob    | 2025-03-05
        cat    | 2025-12-31
        dan    | 2025-03-05
        eve    | 2025-08-10
        fay    | 2025-08-10
        ivy    | 2025-11-01
        jim    | 2025-11-01
        zoe    | 2025-08-10
        """
    old = "ann bob cat dan gus hal"
    expect = {
        ("S1", "2024-12"): (0, old),
        ("S1", "2025-01..2025-06"): (0, old),
        ("S1", "2025-07"): (0, f"{old} eve fay"),
        ("S1", "2025-08..2025-09"): ("ann", f"{old} eve fay"),
        ("S1", "2025-10"): ("ann fay", f"{old} eve fay ivy jim"),
        ("S1", "2025-11"): ("ann fay ivy", f"{old} eve fay ivy jim"),
        ("S1", "2025-12"): ("ann fay ivy cat", f"{old} eve fay ivy jim"),
        ("S1", "2026-01"): (0, "ann bob cat dan eve fay ivy jim"),
    }
    return "four face-to-face contacts and a check, pro rata rounded up within the first year", given, expect


def _standard(programme: str) -> list[Spec]:
    shows, given, expect = _met(programme)
    return [
        Spec(f"{programme}_standard_rate", shows, given, expect),
        Spec(
            f"{programme}_managed",
            shows,
            given,
            {place: figure[0] for place, figure in expect.items()},
        ),
    ]


def _on_schedule(programme: str) -> list[Spec]:
    card = f"{programme}_on_schedule_rate"
    return [
        Spec(
            card,
            "one contact owed on the 92nd day (2 April), two on the 183rd (2 July), three on the 274th (1 October)",
            f"""
            enrolment
            person | programme   | start_on
            ann    | {programme} | 2024-05-01
            bob    | {programme} | 2024-05-01
            cat    | {programme} | 2024-05-01
            dan    | {programme} | 2024-05-01
            eve    | {programme} | 2024-05-01

            followup
            person | programme   | day        | mode
            eve    | {programme} | 2025-06-10 | clinic      # in June one is enough, in July two are owed
            ann    | {programme} | 2025-04-30 | clinic
            ann    | {programme} | 2025-08-01 | clinic      # behind in July
            ann    | {programme} | 2025-10-31 | clinic      # in December a fourth is missing
            bob    | {programme} | 2025-03-31 | phone       # not face to face: behind from April
            cat    | {programme} | 2025-01-10 | clinic
            cat    | {programme} | 2025-02-10 | clinic
            cat    | {programme} | 2025-03-10 | clinic
            cat    | {programme} | 2025-12-01 | clinic
            dan    | {programme} | 2025-01-10 | clinic
            dan    | {programme} | 2025-02-10 | clinic
            dan    | {programme} | 2025-03-10 | clinic
            dan    | {programme} | 2025-04-10 | clinic      # in December the check is missing

            checkup
            person | day
            ann    | 2025-05-01
            bob    | 2025-05-01
            cat    | 2025-05-01
            """,
            {
                ("S1", "2025-01..2025-03"): ("ann bob cat dan eve", 5),
                ("S1", "2025-04..2025-05"): ("ann cat dan", 5),
                ("S1", "2025-06"): ("ann cat dan eve", 5),
                ("S1", "2025-07"): ("cat dan", 5),
                ("S1", "2025-08..2025-11"): ("ann cat dan", 5),
                ("S1", "2025-12"): ("cat", 5),
                ("S1", "2026-01..2026-03"): ("ann bob cat dan eve", 5),
                ("S1", "2026-04"): (0, 5),
            },
        ),
        Spec(
            card,
            "days count from enrolment or arrival, and stop when the patient is managed no more",
            f"""
            person
            person | arrived_on | died_on
            ann    | -          | -
            bob    | 2025-03-31 | -                # 92 days: 30 June
            cat    | 2025-04-01 | -                # 92 days: 1 July
            dan    | -          | 2025-03-20       # nothing owed before the death
            eve    | -          | 2025-04-02       # owed in the month of the death

            enrolment
            person | programme   | start_on   | end_on
            ann    | {programme} | 2025-03-03 | -           # 92 days: 2 June
            bob    | {programme} | 2024-05-01 | -
            cat    | {programme} | 2024-05-01 | -
            dan    | {programme} | 2024-05-01 | -
            eve    | {programme} | 2024-05-01 | -
            fay    | {programme} | 2025-06-05 | 2025-06-20  # nothing owed
            """,
            {
                ("S1", "2025-01..2025-02"): ("dan eve", "dan eve"),
                ("S1", "2025-03"): ("dan eve ann bob", "dan eve ann bob"),
                ("S1", "2025-04..2025-05"): ("dan ann bob cat", "dan eve ann bob cat"),
                ("S1", "2025-06"): ("dan cat fay", "dan eve ann bob cat fay"),
                ("S1", "2025-07..2025-11"): ("dan fay", "dan eve ann bob cat fay"),
                ("S1", "2025-12"): (0, "dan eve ann bob cat fay"),
            },
        ),
        Spec(
            card,
            "an earlier contact is no stock for the next year",
            f"""
            enrolment
            person | programme   | start_on
            ann    | {programme} | 2024-05-01

            followup
            person | programme   | day        | mode
            ann    | {programme} | 2025-12-31 | clinic
            ann    | {programme} | 2026-04-01 | clinic
            """,
            {
                ("S1", "2025-11"): (0, "ann"),
                ("S1", "2026-03..2026-06"): ("ann", "ann"),
                ("S1", "2026-07"): (0, "ann"),
            },
        ),
    ]


def enrolled(programme: str, people: str) -> str:
    rows = "\n".join(f"{person} | {programme} | 2024-05-01" for person in people.split())
    return f"enrolment\nperson | programme | start_on\n{rows}\n"


def which_followup(card: str, programme: str, column: str, good: str, bad: str, shows: str) -> Spec:
    """Which follow-up decides: the last of the year so far, whatever its mode."""
    return Spec(
        card,
        shows,
        f"""
        {enrolled(programme, "ann bob cat dan eve fay")}

        followup
        person | programme   | day        | mode   | entered_on | {column}
        ann    | {programme} | 2025-02-28 | clinic | 2025-02-28 | {good}
        ann    | {programme} | 2025-05-01 | clinic | 2025-05-01 | {bad}       # the later one decides
        bob    | {programme} | 2025-04-10 | clinic | 2025-04-10 | {bad}
        bob    | {programme} | 2025-04-11 | phone  | 2025-04-11 | {good}      # by any mode
        cat    | {programme} | 2024-12-31 | clinic | 2024-12-31 | {good}      # last year's
        dan    | {programme} | 2025-06-10 | clinic | 2025-06-12 | {good}      # entered later on the same day
        dan    | {programme} | 2025-06-10 | clinic | 2025-06-11 | {bad}
        eve    | {_OTHER[programme]} | 2025-06-10 | clinic | 2025-06-11 | {good}   # the other programme
        zoe    | {programme} | 2025-06-10 | clinic | 2025-06-10 | {good}      # not enrolled
        """,
        {
            ("S1", "2024-12"): ("cat", 6),
            ("S1", "2025-01"): (0, 6),
            ("S1", "2025-02..2025-03"): ("ann", 6),
            ("S1", "2025-04"): ("ann bob", 6),
            ("S1", "2025-05"): ("bob", 6),
            ("S1", "2025-06..2025-12"): ("bob dan", 6),
            ("S1", "2026-01"): (0, 6),
        },
    )


def _exam(programme: str) -> Spec:
    return Spec(
        f"{programme}_exam_rate",
        "patients managed in the year with a check of the year",
        f"""
        person
        person | died_on
        dan    | 2025-05-10

        enrolment
        person | programme   | start_on
        ann    | {programme} | 2024-05-01
        bob    | {programme} | 2025-04-30
        cat    | {programme} | 2024-05-01
        dan    | {programme} | 2024-05-01
        zoe    | {_OTHER[programme]} | 2024-05-01

        checkup
        person | day        | complete
        ann    | 2025-03-31 | no
        ann    | 2025-06-01 | yes
        bob    | 2025-01-10 | yes          # before the enrolment, in the same year
        cat    | 2024-12-31 | yes
        dan    | 2025-05-01 | yes          # stays to the year's end
        zoe    | 2025-03-31 | yes
        """,
        {
            ("S1", "2024-12"): ("cat", "ann cat dan"),
            ("S1", "2025-01..2025-02"): (0, "ann cat dan"),
            ("S1", "2025-03"): ("ann", "ann cat dan"),
            ("S1", "2025-04"): ("ann bob", "ann bob cat dan"),
            ("S1", "2025-05..2025-12"): ("ann bob dan", "ann bob cat dan"),
            ("S1", "2026-01"): (0, "ann bob cat"),
        },
    )


def _known(programme: str) -> list[Spec]:
    given = f"""
        person
        person | died_on
        fay    | 2025-08-10
        gus    | -              # healthy

        person_tag
        person | tag                   | start_on
        ann    | {programme}_diagnosed | 2025-02-28
        bob    | {programme}_diagnosed | 2024-01-01
        eve    | {_OTHER[programme]}_diagnosed | 2024-01-01

        enrolment
        person | programme   | start_on   | end_on
        ann    | {programme} | 2025-04-30 | 2025-10-01     # stays diagnosed
        cat    | {programme} | 2025-03-01 | -              # managed without a diagnosis on file
        fay    | {programme} | 2024-01-01 | -
        eve    | {_OTHER[programme]} | 2024-01-01 | -

        population
        unit | year | band | persons
        S1   | 2025 | all  | 20
        S1   | 2025 | 18+  | 1000
        S1   | 2026 | 18+  | 1003
        """
    stretches = {
        "2025-01": ("fay", "bob fay"),
        "2025-02": ("fay", "bob fay ann"),
        "2025-03": ("fay cat", "bob fay ann cat"),
        "2025-04..2025-08": ("fay cat ann", "bob fay ann cat"),
        "2025-09..2025-10": ("cat ann", "bob ann cat"),
        "2025-11..2025-12": ("cat", "bob ann cat"),
    }
    residents = {m: 6 if m < "2025-09" else 6 - 1 for m in stretches}
    # 25.2 % of 1,003 adults are 252.76, rounded 253; 9.7 % are 97.29, rounded 97.
    estimated = {"htn": {"2025": 252, "2026": 253}, "dm": {"2025": 97, "2026": 97}}[programme]
    return [
        Spec(
            f"{programme}_mgmt_rate",
            "patients managed, of residents diagnosed or enrolled",
            given,
            {("S1", m): figure for m, figure in stretches.items()},
        ),
        Spec(
            f"{programme}_prevalence",
            "residents diagnosed or enrolled, of all residents",
            given,
            {("S1", m): (known, residents[m], 20) for m, (_, known) in stretches.items()},
        ),
        Spec(
            f"{programme}_discovery_rate",
            "patients managed, of those estimated among residents of 18 and over",
            given,
            {
                **{("S1", m): (managed, estimated["2025"]) for m, (managed, _) in stretches.items()},
                ("S1", "2026-01"): ("cat", estimated["2026"]),
                ("S1", "2024-12"): ("fay", None),
            },
        ),
    ]


def count_followups(card: str, shows: str, programmes: tuple[str, ...]) -> Spec:
    return Spec(
        card,
        shows,
        """
        followup
        person | unit | programme | day        | mode
        ann    | S1   | htn       | 2024-12-31 | clinic
        ann    | S1   | htn       | 2025-01-01 | phone     # any mode
        ann    | S1   | htn       | 2025-01-31 | -
        ann    | S1   | dm        | 2025-01-31 | clinic
        ann    | S1   | dm        | 2025-02-01 | clinic
        bob    | S1   | smi       | 2025-01-31 | clinic
        bob    | S2   | htn       | 2025-03-31 | clinic    # at the performing unit
        bob    | S2   | dm        | 2025-03-31 | clinic
        """,
        {
            ("S1", "2024-12"): {"htn": 1, "dm": 0}.get(programmes[0]) if len(programmes) == 1 else 1,
            ("S1", "2025-01"): {("htn",): 2, ("dm",): 1, ("htn", "dm"): 2 + 1}[programmes],
            ("S1", "2025-02"): {("htn",): 0, ("dm",): 1, ("htn", "dm"): 1}[programmes],
            ("S2", "2025-03"): len(programmes),
        },
    )


def _per_patient(programme: str) -> Spec:
    other = {"htn": "dm", "dm": "htn"}[programme]
    return Spec(
        f"{programme}_followups_per_patient",
        "follow-ups of the year so far over the patients managed in it; other programmes' and other people's are none",
        f"""
        person
        person | died_on
        ann    | -
        bob    | 2025-05-10
        cat    | -

        enrolment
        person | programme   | start_on
        ann    | {programme} | 2024-05-01
        bob    | {programme} | 2024-05-01

        followup
        person | unit | programme   | day        | mode
        ann    | S1   | {programme} | 2024-12-31 | clinic    # last year's
        ann    | S1   | {programme} | 2025-01-10 | clinic
        ann    | S2   | {programme} | 2025-04-10 | phone     # made elsewhere: where she is managed
        ann    | S1   | {programme} | 2025-04-10 | home      # two on one day are two
        ann    | S1   | {other}     | 2025-04-10 | clinic
        bob    | S1   | {programme} | 2025-03-31 | clinic    # stays with his, dead or not
        cat    | S1   | {programme} | 2025-03-31 | clinic    # not enrolled
        """,
        {
            ("S1", "2024-12"): (1, 2),
            ("S1", "2025-01..2025-02"): (1, 2),
            ("S1", "2025-03"): (1 + 1, 2),
            ("S1", "2025-04..2025-12"): (1 + 1 + 2, 2),
            ("S1", "2026-01"): (0, 1),
        },
    )


def _programme(programme: str) -> list[Spec]:
    return [
        *_standard(programme),
        *_on_schedule(programme),
        which_followup(
            f"{programme}_adherence_rate",
            programme,
            "adherence",
            "regular",
            "irregular",
            "regular at the last follow-up of the year; none is no",
        ),
        _exam(programme),
        *_known(programme),
        count_followups(
            f"{programme}_followup_count", "follow-ups of the programme, by any mode", (programme,)
        ),
        _per_patient(programme),
    ]


SPECS = [
    *_programme("htn"),
    *_programme("dm"),
]
