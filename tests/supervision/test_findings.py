"""How a finding goes on: the way through its states, who may take it there, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from data.register import EditedMeanwhileError
from data.register.evidence import keep
from data.words import LANGUAGES, entries
from metrics.principal import NotAllowedError
from metrics.sentences import FOLDER
from metrics.supervision import findings, kinds, states
from metrics.supervision.findings import amend, escalate, one, recheck, record, withdraw
from metrics.supervision.states import ACTIONS, VISIT_ACTIONS, SupervisionError, allowed
from tests.supervision.conftest import BUREAU, CENTRE, CLINIC, OTHER, TODAY

D = date.fromisoformat


def of(row: dict, *names: str) -> tuple:
    return tuple(row[name] for name in names)


def refused(reason: str):
    return pytest.raises(SupervisionError, check=lambda error: error.reason == reason)


def test_found_written_down_rechecked_closed(do, ask, issue):
    number = issue("2026-03-02", demand="补齐", responsible="张医生")
    row = ask(one, CLINIC, number)
    assert of(row, "state", "due_on", "responsible", "version") == ("open", D("2026-03-05"), "张医生", 1)
    assert do(record, CLINIC, number, 1, "已采购", "药品齐全", on=D("2026-03-04"), today=TODAY) == 2
    assert of(ask(one, CLINIC, number), "state", "recorded_on") == ("recorded", D("2026-03-04"))
    do(recheck, CENTRE, number, 2, mended=True, on=D("2026-03-10"), mended_on=D("2026-03-05"), today=TODAY)
    row = ask(one, BUREAU, number)
    assert of(row, "state", "recheck", "rechecked_on", "closed_on", "edited_by") == (
        "closed",
        "mended",
        D("2026-03-10"),
        D("2026-03-05"),
        "wang",
    )
    steps = ask(findings.story, CLINIC, number)
    assert [(step["by"], step["action"]) for step in steps] == [
        ("li", "add"),
        ("zhao", "record"),
        ("wang", "recheck"),
    ]
    assert steps[1]["before"]["state"] == "open" and steps[1]["after"]["measure"] == "已采购"
    with refused("not_now"):
        do(record, CLINIC, number, 3, "a", "b", on=TODAY, today=TODAY)


def test_not_mended_is_open_again_and_may_be_taken_further(do, ask, issue):
    number = issue("2026-03-02", due_on=D("2026-03-30"))
    do(record, CLINIC, number, 1, "a", "b", on=D("2026-03-03"), today=TODAY)
    with refused("not_yet"):  # in time, neither severe nor repeated
        do(escalate, BUREAU, number, 2, "interview", on=D("2026-03-04"), today=TODAY)
    do(recheck, BUREAU, number, 2, mended=False, on=D("2026-03-05"), words="仍缺", today=TODAY)
    assert of(ask(one, BUREAU, number), "state", "recheck", "recheck_note", "closed_on") == (
        "open",
        "not_mended",
        "仍缺",
        None,
    )
    with refused("not_now"):  # nothing new was written down
        do(recheck, BUREAU, number, 3, mended=True, on=D("2026-03-06"), today=TODAY)
    do(record, CLINIC, number, 3, "c", "d", on=D("2026-03-07"), today=TODAY)
    assert of(ask(one, BUREAU, number), "recorded_on", "measure") == (D("2026-03-03"), "c")  # the first day
    do(escalate, BUREAU, number, 4, "warning_letter", on=D("2026-03-08"), today=TODAY)
    do(escalate, BUREAU, number, 5, "fund_deduction", on=D("2026-03-09"), deduction=50_000, today=TODAY)
    row = ask(one, BUREAU, number)
    assert of(row, "state", "escalation", "escalated_on", "deduction") == (
        "escalated",
        "fund_deduction",
        D("2026-03-09"),
        50_000,
    )
    do(recheck, CENTRE, number, 6, mended=False, on=D("2026-03-10"), today=TODAY)
    assert ask(one, BUREAU, number)["state"] == "escalated"
    do(recheck, CENTRE, number, 7, mended=True, on=D("2026-03-12"), today=TODAY)
    assert of(ask(one, BUREAU, number), "state", "closed_on") == ("closed", D("2026-03-12"))


def test_closing_a_place_down_closes_the_finding(do, ask, issue):
    number = issue("2026-03-02", severity="high")
    do(escalate, BUREAU, number, 1, "closed_down", on=D("2026-03-02"), today=TODAY)
    assert of(ask(one, BUREAU, number), "state", "closed_on", "escalation") == (
        "closed",
        D("2026-03-02"),
        "closed_down",
    )


@pytest.mark.parametrize(
    ("on", "more", "allowed_"),
    [
        ("2026-03-05", {}, False),  # the last day for an answer
        ("2026-03-06", {}, True),  # nothing was written down in time
        ("2026-03-03", {"severity": "high"}, True),
        ("2026-03-06", {"due_on": D("2026-03-20")}, True),
    ],
)
def test_when_it_may_be_taken_further(do, issue, on, more, allowed_):
    number = issue("2026-03-02", **more)
    if allowed_:
        assert do(escalate, BUREAU, number, 1, "interview", on=D(on), today=TODAY) == 2
    else:
        with refused("not_yet"):
            do(escalate, BUREAU, number, 1, "interview", on=D(on), today=TODAY)


def test_a_repeated_problem_may_be_taken_further_at_once(do, issue):
    issue("2025-03-03")  # within twelve months before 2 March 2026
    number = issue("2026-03-02")
    assert do(escalate, BUREAU, number, 1, "interview", on=D("2026-03-02"), today=TODAY) == 2


def test_two_who_write_at_once_do_not_overwrite_each_other(do, ask, issue):
    number = issue("2026-03-02")
    do(record, CLINIC, number, 1, "甲", "甲", on=D("2026-03-03"), today=TODAY)
    with pytest.raises(EditedMeanwhileError) as caught:
        do(record, CENTRE, number, 1, "乙", "乙", on=D("2026-03-03"), today=TODAY)
    assert (caught.value.by, caught.value.row["measure"]) == ("zhao", "甲")
    assert ask(one, BUREAU, number)["measure"] == "甲"
    assert len(ask(findings.story, BUREAU, number)) == 2


def test_whoever_is_not_in_charge_of_the_unit_sees_nothing(do, ask, issue, register, installation):
    number = issue("2026-03-02")
    keep(register, installation, "finding", str(number), "a.pdf", b"%PDF-1.7", "li")
    assert len(ask(findings.findings, CLINIC)) == 1
    assert [file["name"] for file in ask(findings.evidence, CLINIC, number)] == ["a.pdf"]
    assert ask(findings.findings, OTHER).empty  # though OTHER may see the unit's figures
    for look in (one, findings.story, findings.evidence):
        with pytest.raises(LookupError):
            ask(look, OTHER, number)
    for function, given, named in (
        (record, ("a", "b"), {"on": TODAY}),
        (recheck, (), {"mended": True, "on": TODAY}),
        (escalate, ("interview",), {"on": TODAY}),
        (amend, (), {"what": "x"}),
        (withdraw, ("x",), {}),
    ):
        with pytest.raises(LookupError):
            do(function, OTHER, number, 1, *given, **named)
    with pytest.raises(NotAllowedError):
        do(findings.issue, OTHER, 7, "sup_drugs", "low", "x", issued_on=TODAY, today=TODAY)


def test_each_role_does_what_is_its_own(do, ask, issue):
    number = issue("2026-03-02")
    row = ask(one, BUREAU, number)
    assert allowed(BUREAU, row) == ("amend", "record", "escalate", "withdraw")
    assert allowed(CENTRE, row) == ("amend", "record", "escalate")
    assert allowed(CLINIC, row) == ("record",)
    assert allowed(OTHER, row) == ()
    for function, given, named in (
        (recheck, (), {"mended": True, "on": TODAY}),
        (escalate, ("interview",), {"on": TODAY}),
        (amend, (), {"what": "x"}),
        (withdraw, ("x",), {}),
    ):
        with pytest.raises(NotAllowedError):
            do(function, CLINIC, number, 1, *given, **named)
    with pytest.raises(NotAllowedError):
        do(findings.issue, CLINIC, 7, "sup_drugs", "low", "x", issued_on=TODAY, today=TODAY)
    with pytest.raises(NotAllowedError):
        do(withdraw, CENTRE, number, 1, "x")


def test_what_was_issued_can_be_put_right_or_taken_back(do, ask, issue):
    number = issue("2026-03-02")
    do(amend, CENTRE, number, 1, what=" 缺两种药 ", due_on=D("2026-03-20"), severity="middle")
    assert of(ask(one, BUREAU, number), "what", "due_on", "severity", "state") == (
        "缺两种药",
        D("2026-03-20"),
        "middle",
        "open",
    )
    with refused("due_before"):
        do(amend, CENTRE, number, 2, due_on=D("2026-03-01"))
    with pytest.raises(TypeError):
        do(amend, CENTRE, number, 2, state="closed")
    with refused("no_reason"):
        do(withdraw, BUREAU, number, 2, " ")
    do(withdraw, BUREAU, number, 2, "误发")
    row = ask(one, BUREAU, number)
    assert of(row, "state", "recheck_note") == ("withdrawn", "误发")
    assert allowed(BUREAU, row) == ()


def test_what_cannot_be_is_refused(do, issue):
    for reason, given in (
        ("kind", {"kind": "env_notice"}),
        ("severity", {"severity": "grave"}),
        ("due_before", {"due_on": D("2026-03-01")}),
        ("no_what", {"what": "  "}),
        ("other_unit", {"visit_number": 99}),
    ):
        with refused(reason):
            issue("2026-03-02", **given)
    with refused("future"):
        do(findings.issue, BUREAU, 7, "sup_drugs", "low", "x", issued_on=D("2026-04-01"), today=TODAY)
    number = issue("2026-03-02")
    for reason, function, given, named in (
        ("no_measure", record, ("", "b"), {"on": TODAY}),
        ("no_effect", record, ("a", " "), {"on": TODAY}),
        ("future", record, ("a", "b"), {"on": D("2026-04-01")}),
        ("before_issued", record, ("a", "b"), {"on": D("2026-03-01")}),
        ("not_now", recheck, (), {"mended": True, "on": TODAY}),
        ("step", escalate, ("prison",), {"on": TODAY}),
        ("deduction", escalate, ("fund_deduction",), {"on": TODAY}),
        ("deduction", escalate, ("fund_deduction",), {"on": TODAY, "deduction": 0}),
        ("deduction", escalate, ("interview",), {"on": TODAY, "deduction": 5}),
    ):
        with refused(reason):
            do(function, BUREAU, number, 1, *given, **named, today=TODAY)
    do(record, BUREAU, number, 1, "a", "b", on=D("2026-03-04"), today=TODAY)
    for day in ("2026-03-01", "2026-03-11"):
        with refused("mended_on"):
            do(recheck, BUREAU, number, 2, mended=True, on=D("2026-03-10"), mended_on=D(day), today=TODAY)


def test_everything_has_words_in_both_languages():
    for language in LANGUAGES:
        told = entries(FOLDER, language)
        wanted = {
            *(f"kind.{kind}" for kind in kinds.finding_kinds()),
            *(f"visit.{kind}" for kind in kinds.visit_kinds()),
            *(f"severity.{one}" for one in kinds.SEVERITIES),
            *(f"step.{one}" for one in kinds.STEPS),
            *(f"state.{one}" for one in (*states.STANDING, states.CLOSED, states.WITHDRAWN)),
            *(f"action.{one}" for one in (*ACTIONS, *VISIT_ACTIONS, "add", "evidence", "remove_evidence")),
        }
        assert {f"supervision.{key}" for key in wanted} <= told.keys()
    assert {key for key in entries(FOLDER, "zh") if key.startswith("supervision.")} == {
        key for key in entries(FOLDER, "en") if key.startswith("supervision.")
    }
    error = SupervisionError("kind", kind="x")
    assert "x" in error["zh"] and "x" in error["en"]
