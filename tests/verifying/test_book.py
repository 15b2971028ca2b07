"""A verification in the register, on both engines: the draw, the answers, the end, and who may know what of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import select

from data.register import EditedMeanwhileError
from data.register.tables import history, verification_person
from metrics.principal import NotAllowedError
from metrics.verifying import book, drawing
from metrics.verifying.book import Answer, Entered
from metrics.verifying.errors import VerifyError
from metrics.verifying.outcomes import OUTCOMES
from metrics.verifying.results import results
from tests.verifying.conftest import (
    BUREAU,
    CENTRE,
    CLERK,
    CLINIC,
    DIRECTOR,
    FRAME,
    LEADER,
    OCTOBER,
    OFFICER,
    OTHER,
    STRANGER,
)

TODAY = date(2026, 11, 20)


def answer_all(do, ask, number: int, outcome: str = "confirmed") -> None:
    lines = ask(book.lines, OFFICER, number)
    do(book.enter_many, OFFICER, number, [Answer(int(one), outcome) for one in lines["line"]], TODAY)


def test_a_draw_is_written_down_whole(start, ask) -> None:
    number = start(note=" 年度考核 ")
    row, lines = ask(book.one, OFFICER, number), ask(book.lines, OFFICER, number)
    assert (row["state"], row["size"], row["event"], row["note"], row["counted"]) == (
        "open", 60, 7, "年度考核", 180,
    )  # fmt: skip
    assert 0 <= row["seed"] < 2**48 and row["definitions"] == FRAME.definitions
    assert lines["line"].tolist() == list(range(1, 61)) and lines["outcome"].isna().all()
    people = FRAME.counted.set_index("person")
    assert lines["person"].is_unique
    assert (people.loc[lines["person"], "unit"].to_numpy() == lines["unit"].to_numpy()).all()
    risky = people.loc[lines["person"], "day_services"].to_numpy() > 40
    assert [("busy" in signs) for signs in lines["signs"]] == risky.tolist()
    assert {None if pd.isna(one) else one for one in lines["doctor"]} == {None, "张医生"}
    units = ask(book.units_of, OFFICER, number).set_index("unit")
    assert units["numerator"].to_dict() == {BUREAU: 180, CENTRE: 90, OTHER: 90, CLINIC: 60}
    assert units["asked"].to_dict() == {BUREAU: True, CENTRE: True, OTHER: True, CLINIC: False}


def test_the_same_seed_draws_the_same_people_and_the_seed_is_not_chosen(start, ask) -> None:
    first, second = start(), start()
    rows = [ask(book.one, OFFICER, number) for number in (first, second)]
    lines = [ask(book.lines, OFFICER, number) for number in (first, second)]
    assert rows[0]["seed"] != rows[1]["seed"]
    assert lines[0]["person"].tolist() != lines[1]["person"].tolist()
    for row, drawn in zip(rows, lines, strict=True):
        again = drawing.drawn(FRAME, OCTOBER, BUREAU, 60, "below", row["seed"])
        assert again["person"].tolist() == drawn["person"].tolist()
        assert again["chance"].tolist() == pytest.approx(drawn["chance"].tolist())
    listed = ask(book.verifications, OFFICER)
    assert listed["nth"].tolist() == [2, 1]  # the newest first; both are there


def test_every_unit_is_in_the_sample(start, ask) -> None:
    lines = ask(book.lines, OFFICER, start(size=24, spread="each"))
    counts = lines["unit"].value_counts().to_dict()
    assert counts == {CENTRE: 8, CLINIC: 8, OTHER: 8}
    whole = ask(book.lines, OFFICER, start(size=180))
    assert sorted(whole["person"]) == FRAME.counted["person"].tolist() and (whole["chance"] == 1).all()


@pytest.mark.parametrize("spread", ["below", "each"])
def test_people_counted_at_a_unit_that_is_closed_by_now(start, ask, spread) -> None:
    """The clinic was closed in June: it has no figure in October, and those counted there are in the bureau's."""
    figures = {unit: of for unit, of in FRAME.figures.items() if unit != CLINIC}
    number = start(of=replace(FRAME, figures=figures), spread=spread)
    units = ask(book.units_of, OFFICER, number).set_index("unit")
    assert units["numerator"].to_dict() == {BUREAU: 180, CENTRE: 90, OTHER: 90, CLINIC: 60}
    assert pd.isna(units.loc[CLINIC, "denominator"]) and units.loc[CENTRE, "denominator"] == 150
    found = ask(results, OFFICER, None, number).set_index("unit")
    assert found.loc[BUREAU, "drawn"] == 60 and found.loc[BUREAU, "reported"] == 180 / 300
    assert (CLINIC in found.index) == (spread == "each")
    if spread == "each":
        assert found.loc[CLINIC, "drawn"] > 0 and pd.isna(found.loc[CLINIC, ["reported", "best"]]).all()


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_answer_is_entered_and_in_the_history(start, do, ask, register, outcome) -> None:
    number = start()
    do(book.enter, OFFICER, number, 1, Answer(5, outcome, " 电话 "), TODAY)
    line = ask(book.lines, OFFICER, number).set_index("line").loc[5]
    assert (line["outcome"], line["note"], line["edited_by"], line["version"]) == (outcome, "电话", "li", 2)
    with register.reading() as connection:
        last = connection.execute(select(history).order_by(history.c.entry.desc()).limit(1)).one()
    assert (last.of, last.key, last.action) == ("verification_person", f"{number}/5", "answer")
    assert ask(book.verifications, OFFICER)["asked"].tolist() == [1]
    assert ask(book.verifications, OFFICER)["answered"].tolist() == [int(outcome in ("confirmed", "denied"))]


def test_two_who_enter_the_same_line_do_not_overwrite_each_other(start, do) -> None:
    number = start()
    do(book.enter, OFFICER, number, 1, Answer(5, "confirmed"), TODAY)
    with pytest.raises(EditedMeanwhileError):
        do(book.enter, OFFICER, number, 1, Answer(5, "denied"), TODAY)


def test_a_sheet_is_entered_whole_or_not_at_all(start, do, ask) -> None:
    number = start()
    first = [Answer(1, "confirmed"), Answer(2, "denied", "未做")]
    assert do(book.enter_many, OFFICER, number, first, TODAY) == Entered(2)
    same = [*first, Answer(3, "gone")]  # what stands there already is not written again
    assert do(book.enter_many, OFFICER, number, same, TODAY) == Entered(1)
    with pytest.raises(VerifyError) as error:
        do(book.enter_many, OFFICER, number, [Answer(4, "denied"), Answer(61, "denied")], TODAY)
    assert error.value.reason == "no_line"
    with pytest.raises(VerifyError):
        do(book.enter_many, OFFICER, number, [Answer(4, "denied"), Answer(5, "maybe")], TODAY)
    outcomes = ask(book.lines, OFFICER, number).set_index("line")["outcome"]
    assert outcomes[3] == "gone" and pd.isna(outcomes[4])


def test_an_old_sheet_does_not_undo_newer_answers(start, do, ask) -> None:
    """Taken when 1 was confirmed; then 1 and 3 are asked again on the page, and the sheet comes back with 1, 2, 3 and 4."""
    number = start()
    do(book.enter, OFFICER, number, 1, Answer(1, "confirmed"), TODAY)
    do(book.enter, OFFICER, number, 2, Answer(1, "denied", "本人说没有"), TODAY)
    do(book.enter, OFFICER, number, 1, Answer(3, "refused"), TODAY)
    sheet = [Answer(1, "confirmed", version=2), Answer(2, "gone"), Answer(3, "denied"), Answer(4, "denied")]
    assert do(book.enter_many, OFFICER, number, sheet, TODAY) == Entered(2, (1, 3))
    lines = ask(book.lines, OFFICER, number).set_index("line")
    assert lines["outcome"].loc[[1, 2, 3, 4]].tolist() == ["denied", "gone", "refused", "denied"]
    assert lines["note"][1] == "本人说没有" and lines["version"].loc[[1, 2, 3, 4]].tolist() == [3, 2, 2, 2]
    newer = [Answer(1, "confirmed", version=3)]  # of a sheet taken after that
    assert do(book.enter_many, OFFICER, number, newer, TODAY) == Entered(1)


def test_a_check_ends_when_everybody_has_an_outcome_and_stays_as_it_is(start, do, ask) -> None:
    number = start()
    do(book.enter, OFFICER, number, 1, Answer(1, "confirmed"), TODAY)
    with pytest.raises(VerifyError) as error:
        do(book.close, OFFICER, number, 1)
    assert error.value.reason == "not_all" and "59" in error.value["zh"]
    answer_all(do, ask, number, "not_reached")
    do(book.close, OFFICER, number, 1)
    row = ask(book.one, OFFICER, number)
    assert (row["state"], row["closed_by"]) == ("closed", "li")
    with pytest.raises(VerifyError) as error:
        do(book.enter, OFFICER, number, 2, Answer(1, "denied"), TODAY)
    assert error.value.reason == "closed"
    with pytest.raises(VerifyError):
        do(book.close, OFFICER, number, 2)


def test_who_is_drawn_is_for_who_checks_and_results_for_whom_they_concern(start, do, ask) -> None:
    number = start()
    for who in (LEADER, DIRECTOR, STRANGER, CLERK):
        with pytest.raises(LookupError):
            ask(book.one, who, number)
        assert ask(book.verifications, who).empty
        for refused in (
            lambda who=who: ask(book.lines, who, number),
            lambda who=who: do(book.enter, who, number, 1, Answer(1, "confirmed"), TODAY),
            lambda who=who: do(book.close, who, number, 1),
        ):
            with pytest.raises((LookupError, NotAllowedError)):
                refused()
    answer_all(do, ask, number)
    do(book.close, OFFICER, number, 1)
    for who in (LEADER, DIRECTOR, STRANGER):
        assert ask(book.one, who, number)["state"] == "closed"
        assert len(ask(book.verifications, who)) == 1
        with pytest.raises(NotAllowedError):
            ask(book.lines, who, number)
    assert set(ask(book.units_of, DIRECTOR, number)["unit"]) == {CENTRE, CLINIC}
    assert set(ask(book.units_of, STRANGER, number)["unit"]) == {OTHER}
    with pytest.raises(LookupError):
        ask(book.one, CLERK, number)


def test_an_officer_of_other_systems_knows_nobody(start, ask) -> None:
    number = start()
    with pytest.raises(LookupError):
        ask(book.one, replace(OFFICER, systems=frozenset({"S04"})), number)
    assert len(ask(book.lines, replace(OFFICER, systems=frozenset({"S11"})), number)) == 60


def test_nobody_is_named_in_the_register() -> None:
    """By number only: no column could hold a name, telephone or address of a resident."""
    assert {column.name for column in verification_person.c} == {
        "verification", "line", "person", "unit", "doctor", "chance", "risk", "signs", "outcome", "asked_on", "note",
        "version", "edited_at", "edited_by",
    }  # fmt: skip
