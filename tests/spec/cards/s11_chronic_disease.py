"""S11 hypertension and diabetes: contacts owed and made, the last reading, who is managed."""

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


def _enrolled(programme: str, people: str) -> str:
    rows = "\n".join(f"{person} | {programme} | 2024-05-01" for person in people.split())
    return f"enrolment\nperson | programme | start_on\n{rows}\n"


def _which_followup(card: str, programme: str, column: str, good: str, bad: str, shows: str) -> Spec:
    """Which follow-up decides: the last of the year so far, whatever its mode."""
    return Spec(
        card,
        shows,
        f"""
        {_enrolled(programme, "ann bob cat dan eve fay")}

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


def _readings(card: str, programme: str, shows: str, columns: str, rows: str, good: str) -> Spec:
    """One follow-up a person on 2025-06-15: who is at goal from June to the year's end."""
    lines = [line.partition("#")[0] for line in rows.strip().splitlines()]
    people = [line.split("|")[0].strip() for line in lines]
    # Performed here and there: many rows at one unit would promise rows in every month.
    followups = "\n".join(
        f"{line.split('|')[0]} | S{number % 3 + 1} | {programme} | 2025-06-15 | clinic | {line.split('|', 1)[1]}"
        for number, line in enumerate(lines)
    )
    return Spec(
        card,
        shows,
        f"""
        {_enrolled(programme, " ".join(people))}

        followup
        person | unit | programme | day | mode | {columns}
{followups}
        """,
        {
            ("S1", "2025-05"): (0, len(people)),
            ("S1", "2025-06..2025-12"): (good, len(people)),
            ("S1", "2026-01"): (0, len(people)),
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


def _count_followups(card: str, shows: str, programmes: tuple[str, ...]) -> Spec:
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


def _programme(programme: str) -> list[Spec]:
    return [
        *_standard(programme),
        *_on_schedule(programme),
        _which_followup(
            f"{programme}_adherence_rate",
            programme,
            "adherence",
            "regular",
            "irregular",
            "regular at the last follow-up of the year; none is no",
        ),
        _exam(programme),
        *_known(programme),
        _count_followups(
            f"{programme}_followup_count", "follow-ups of the programme, by any mode", (programme,)
        ),
    ]


SPECS = [
    *_programme("htn"),
    *_programme("dm"),
    _which_followup(
        "htn_control_rate",
        "htn",
        "sbp | dbp",
        "120 | 80",
        "160 | 80",
        "the last follow-up of the year so far decides, by any mode",
    ),
    _readings(
        "htn_control_rate",
        "htn",
        "below 140 and below 90",
        "sbp | dbp",
        """
        a | 139 | 89
        b | 140 | 80     # 140 is not below 140
        c | 120 | 90     # 90 is not below 90
        d | 139 | 90
        e | 140 | 89
        """,
        "a",
    ),
    _readings(
        "htn_control_rate",
        "htn",
        "no valid reading is not at goal",
        "sbp | dbp",
        """
        a | -   | 80
        b | 120 | -
        c | 0   | 0
        d | 999 | 80
        e | 85  | 85     # systolic not above diastolic
        f | 86  | 85
        g | 18  | 11     # kPa
        h | 60  | 30     # just plausible
        i | 59  | 30
        j | 60  | 29
        """,
        "f h",
    ),
    Spec(
        "htn_control_rate",
        "below 150 from the 65th birthday on, by the age on the day of the reading",
        """
        person
        person | born_on
        a      | 1960-06-15
        b      | 1960-06-16       # 64 on the day
        c      | 1960-06-15
        e      | 1960-06-15
        f      | 1960-06-16       # turns 65 after the reading: nothing changes
        g      | 1960-07-01
        h      | 1960-05-31

        enrolment
        person | programme | start_on
        a      | htn       | 2024-05-01
        b      | htn       | 2024-05-01
        c      | htn       | 2024-05-01
        e      | htn       | 2024-05-01
        f      | htn       | 2024-05-01
        g      | htn       | 2024-05-01
        h      | htn       | 2024-05-01

        followup
        person | programme | day        | mode   | sbp | dbp
        a      | htn       | 2025-06-15 | clinic | 149 | 89
        b      | htn       | 2025-06-15 | clinic | 149 | 89
        c      | htn       | 2025-06-15 | clinic | 150 | 89
        e      | htn       | 2025-06-14 | clinic | 149 | 89     # the day before
        f      | htn       | 2025-06-15 | clinic | 139 | 89
        g      | htn       | 2025-06-30 | clinic | 149 | 89     # a day before the birthday
        h      | htn       | 2025-06-01 | clinic | 149 | 89     # in the month after it
        """,
        {("S1", "2025-05"): (0, 7), ("S1", "2025-06..2025-12"): ("a f h", 7), ("S1", "2026-01"): (0, 7)},
    ),
    Spec(
        "htn_control_rate",
        "who dies or leaves stays in the year with the last reading, at the last managing unit",
        """
        person
        person | died_on
        ann    | 2025-05-10

        enrolment
        person | programme | start_on   | end_on
        ann    | htn       | 2024-05-01 | -
        bob    | htn       | 2024-05-01 | 2025-05-31
        cat    | htn       | 2024-05-01 | -

        residence
        person | unit | start_on   | end_on
        cat    | S1   | 2020-01-01 | 2025-05-31
        cat    | S2   | 2025-06-01 | -

        followup
        person | unit | programme | day        | mode   | sbp | dbp
        ann    | S1   | htn       | 2025-03-01 | clinic | 120 | 80
        bob    | S1   | htn       | 2025-03-01 | clinic | 160 | 80
        cat    | S1   | htn       | 2025-03-01 | clinic | 120 | 80
        """,
        {
            ("S1", "2025-03..2025-05"): ("ann cat", "ann bob cat"),
            ("S1", "2025-06..2025-12"): ("ann", "ann bob"),
            ("S2", "2025-05"): (0, 0),
            ("S2", "2025-06..2025-12"): ("cat", "cat"),
            ("S1", "2026-01"): (0, 0),
            ("S2", "2026-01"): (0, "cat"),
        },
    ),
    _which_followup(
        "dm_control_rate",
        "dm",
        "fpg",
        "6.1",
        "9.0",
        "the last follow-up of the year so far decides, by any mode",
    ),
    _readings(
        "dm_control_rate",
        "dm",
        "fasting glucose below 7.0; no valid reading is not at goal",
        "fpg | ppg | rpg",
        """
        a | 6.9  | -   | -
        b | 7.0  | -   | -     # 7.0 is not below 7.0
        c | -    | 6.0 | -     # after a meal is not fasting
        d | -    | -   | 6.0
        e | 110  | -   | -     # mg/dL
        f | 0    | -   | -
        g | 1.0  | -   | -     # just plausible
        h | 0.9  | -   | -
        i | 6.9  | 15  | 15
        """,
        "a g i",
    ),
    _count_followups("ncd_followup_count", "follow-ups of both programmes together", ("htn", "dm")),
    Spec(
        "ncd_timely_followup",
        "the next follow-up of the programme on or before the appointed day",
        """
        followup
        person | unit | programme | day        | next_on
        ann    | S1   | htn       | 2024-11-10 | 2025-01-31
        ann    | S1   | htn       | 2025-01-31 | 2025-04-30    # on the day
        ann    | S1   | htn       | 2025-05-01 | -             # a day late, and no new appointment
        bob    | S1   | htn       | 2024-11-10 | 2025-01-01
        bob    | S1   | dm        | 2024-12-10 | 2025-02-28    # the other programme does not help
        bob    | S2   | dm        | 2025-02-01 | 2025-06-01    # made by S2
        cat    | S1   | smi       | 2025-01-10 | 2025-03-01    # another programme
        """,
        {
            ("S1", "2025-01"): ("ann", "ann bob"),
            ("S1", "2025-02"): (1, 1),
            ("S1", "2025-04"): (0, 1),
            ("S2", "2025-06"): (0, 1),
        },
    ),
    Spec(
        "ncd_glucose_at_followup",
        "diabetes follow-ups with any glucose",
        """
        followup
        person | programme | day        | fpg | ppg | rpg | hba1c
        ann    | dm        | 2024-12-31 | 6.1 | -   | -   | -
        ann    | dm        | 2025-01-01 | -   | 8.0 | -   | -
        ann    | dm        | 2025-01-15 | -   | -   | 8.0 | -
        ann    | dm        | 2025-01-31 | -   | -   | -   | 6.5     # not a glucose
        bob    | htn       | 2025-01-31 | 6.1 | -   | -   | -       # not a diabetes follow-up
        """,
        {("S1", "2024-12"): (1, 1), ("S1", "2025-01"): (1 + 1, 3)},
    ),
    Spec(
        "ncd_new_found",
        "enrolments in either programme by their first day, at the enrolling unit",
        """
        enrolment
        person | unit | programme | start_on   | end_on
        ann    | S1   | htn       | 2024-12-31 | -
        ann    | S1   | dm        | 2025-01-01 | 2025-01-20
        bob    | S1   | htn       | 2025-01-31 | -
        bob    | S1   | smi       | 2025-01-31 | -
        cat    | S2   | htn       | 2025-02-01 | -
        """,
        {("S1", "2024-12"): 1, ("S1", "2025-01"): 1 + 1, ("S2", "2025-02"): 1},
    ),
    Spec(
        "ncd_multimorbid_mgmt",
        "managed for both at the month's end",
        """
        person
        person | died_on
        cat    | 2025-07-10

        enrolment
        person | programme | start_on   | end_on
        ann    | htn       | 2024-05-01 | 2025-10-01
        ann    | dm        | 2025-03-31 | -
        bob    | htn       | 2024-05-01 | -
        cat    | htn       | 2024-05-01 | -
        cat    | dm        | 2025-04-01 | -
        dan    | htn       | 2024-05-01 | 2025-02-28
        dan    | dm        | 2025-03-01 | -              # never both at once
        """,
        {
            ("S1", "2025-02"): 0,
            ("S1", "2025-03"): "ann",
            ("S1", "2025-04..2025-07"): "ann cat",
            ("S1", "2025-08..2025-10"): "ann",
            ("S1", "2025-11"): 0,
        },
    ),
    Spec(
        "ncd_complex_one_policy",
        "residents with an individual plan",
        """
        person_tag
        person | tag        | start_on   | end_on
        ann    | care_plan  | 2025-02-28 | 2025-09-01
        bob    | care_plan  | 2025-03-01 | -
        cat    | complex    | 2025-03-01 | -             # complex, without a plan
        """,
        {
            ("S1", "2025-01"): 0,
            ("S1", "2025-02"): "ann",
            ("S1", "2025-03..2025-09"): "ann bob",
            ("S1", "2025-10"): "bob",
        },
    ),
    Spec(
        "ncd_complex_improved",
        "from the month of the assessment to the year's end; a new year counts anew",
        """
        person
        person | died_on
        cat    | 2025-06-10

        person_tag
        person | tag                | start_on
        ann    | care_plan_improved | 2025-03-31
        ann    | care_plan_improved | 2025-05-01       # once a year
        bob    | care_plan_improved | 2024-12-31
        bob    | care_plan_improved | 2025-10-01       # improved again
        cat    | care_plan_improved | 2025-06-01       # who dies stays to the year's end
        dan    | care_plan          | 2025-03-31
        """,
        {
            ("S1", "2024-12"): "bob",
            ("S1", "2025-01..2025-02"): 0,
            ("S1", "2025-03..2025-05"): "ann",
            ("S1", "2025-06..2025-09"): "ann cat",
            ("S1", "2025-10..2025-12"): "ann cat bob",
            ("S1", "2026-01"): 0,
        },
    ),
    Spec(
        "htn_screen35_rate",
        "first visits at 35 or over on the day, with a systolic pressure",
        """
        person
        person | born_on
        ann    | 1990-03-15
        bob    | 1990-03-16
        cat    | 1980-01-01
        dan    | -                # age unknown

        encounter
        person | unit | day        | kind       | first_visit | sbp
        ann    | S1   | 2025-03-15 | outpatient | yes         | 120     # 35 on the day
        ann    | S1   | 2025-03-14 | outpatient | yes         | 120     # 34
        bob    | S1   | 2025-03-15 | outpatient | yes         | 120     # 34
        cat    | S1   | 2025-03-31 | outpatient | yes         | -
        cat    | S1   | 2025-03-31 | outpatient | no          | 120     # not a first visit
        cat    | S1   | 2025-03-31 | outpatient | -           | 120
        cat    | S2   | 2024-12-31 | outpatient | yes         | 120
        dan    | S1   | 2025-03-31 | outpatient | yes         | 120
        """,
        {("S1", "2025-03"): ("ann", "ann cat"), ("S2", "2024-12"): (1, 1)},
    ),
    Spec(
        "ncd_opc_share",
        "outpatient visits of patients known by then, or with a chronic main diagnosis",
        """
        enrolment
        person | programme | start_on
        ann    | htn       | 2025-03-31
        smi    | smi       | 2024-01-01

        person_tag
        person | tag          | start_on
        bob    | dm_diagnosed | 2024-01-01

        encounter
        person | unit | day        | kind       | icd
        ann    | S1   | 2025-02-28 | outpatient | J06      # not known yet
        ann    | S1   | 2025-03-01 | outpatient | J06
        bob    | S1   | 2025-03-31 | outpatient | -
        smi    | S1   | 2025-03-31 | outpatient | J06
        c1     | S1   | 2025-04-01 | outpatient | I10
        c2     | S1   | 2025-04-01 | outpatient | I15.9
        c3     | S1   | 2025-04-01 | outpatient | I16
        c4     | S1   | 2025-04-01 | outpatient | I09
        c5     | S1   | 2025-04-01 | outpatient | E10.1
        c6     | S1   | 2025-04-01 | outpatient | E14
        c7     | S1   | 2025-04-01 | outpatient | E15
        c8     | S1   | 2025-04-01 | outpatient | -
        c9     | S1   | 2025-04-01 | emergency  | I10      # not an outpatient visit
        d1     | S2   | 2024-12-31 | outpatient | E11.9
        """,
        {
            ("S1", "2025-02"): (0, "ann"),
            ("S1", "2025-03"): ("ann bob", "ann bob smi"),
            ("S1", "2025-04"): ("c1 c2 c5 c6", "c1 c2 c3 c4 c5 c6 c7 c8"),
            ("S2", "2024-12"): (1, 1),
        },
    ),
]
