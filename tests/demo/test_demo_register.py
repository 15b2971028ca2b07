"""The demo's register: written once, whole, the same for the same seed; files and register tell no month twice."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Connection, func, select

from commands import demo_funds, demo_register, installation
from commands.demo_scene import last_day
from data import records
from data.demo.days import parse_month
from data.demo.towns import REFERENCE, TOWNS
from data.demo.written import SINCE, YEAR_BEFORE
from data.installation import Installation, open_installation
from data.intake.importing import import_files
from data.register import exists, open_register, tables
from data.register.evidence import content, listed
from data.store import open_store
from metrics import published
from metrics.supervision.deadlines import record_due

UNTIL = "2026-07"
#: What is of the hour in which it was written, and not of the seed.
HOURS = ("at", "edited_at", "added_at")
SUPERVISED = ("inspection", "finding")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A demo as it is before its register: files imported, figures built."""
    folder = tmp_path_factory.mktemp("register") / "built"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(installation, "_write_register", lambda *_, **__: None)
        installation.make_demo(folder, residents=2_000, seed=5, until=UNTIL, quiet=True)
    return folder


@pytest.fixture(scope="module")
def demo_written(built, tmp_path_factory) -> Installation:
    """The same demo brought up to date: what its officials wrote and what follows from it are there."""
    return installation.bring_up_to_date(another(built, tmp_path_factory.mktemp("whole")), quiet=True)


def another(built: Path, folder: Path) -> Installation:
    return open_installation(shutil.copytree(built, folder / "demo"))


def everything(made: Installation) -> dict[str, list[tuple]]:
    """Table -> its rows without the hours at which they were written."""
    register = open_register(made)
    with register.reading() as connection:
        found = {
            name.partition(".")[2]: [
                tuple(value for key, value in row._mapping.items() if key not in HOURS)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for name, table in tables.metadata.tables.items()
        }
    register.close()
    return found


def rows(made: Installation, statement) -> list[tuple]:
    register = open_register(made)
    with register.reading() as connection:
        found = [tuple(row) for row in connection.execute(statement)]
    register.close()
    return found


def events(made: Installation) -> int:
    return in_store(
        made, lambda connection: connection.execute(select(func.max(records.event.c.event))).scalar()
    )


def in_store(made: Installation, ask):
    store = open_store(made)
    try:
        with store.records() as connection:
            return ask(connection)
    finally:
        store.close()


def of_source(connection: Connection, name: str, *columns: str) -> dict[bool, list[tuple]]:
    """Whether it came from the register -> rows in force of a record table."""
    table, file = records.RECORDS[name], records.source_file.c
    told = connection.execute(
        select(file.layout, *[table.c[column] for column in columns])
        .join(table, file.file == table.c.file)
        .where(table.c.known_to.is_(None))
    )
    found: dict[bool, list[tuple]] = {True: [], False: []}
    for layout, *values in told:
        found[layout.startswith("register.")].append(tuple(values))
    return found


# -- once, whole, the same -------------------------------------------------------------------------


def test_it_is_written_once(demo_written):
    before, event = everything(demo_written), events(demo_written)
    store = open_store(demo_written)
    assert not demo_register.supervise(store, demo_written)
    assert not demo_register.appraise(store, demo_written)
    store.close()
    installation.bring_up_to_date(demo_written, quiet=True)
    assert everything(demo_written) == before
    assert events(demo_written) == event


@pytest.mark.long
def test_an_interrupted_one_goes_on_where_it_stood_and_the_same_seed_writes_the_same(
    demo_written, built, tmp_path, monkeypatch
):
    """The set-up ends after supervision, in the middle of appraisals, then after them."""
    made = another(built, tmp_path)

    def stopped_at(module, name: str) -> dict[str, list[tuple]]:
        with monkeypatch.context() as patch:
            patch.setattr(module, name, _interrupted)
            with pytest.raises(KeyboardInterrupt):
                installation.bring_up_to_date(made, quiet=True)
        return everything(made)

    def carried(name: str) -> bool:
        return bool(in_store(made, lambda c: of_source(c, name, "row_id"))[True])

    there = stopped_at(installation, "build_figures")
    assert there["visit"] and there["finding"] and not carried("inspection")
    there = stopped_at(demo_funds, "write")
    assert not there["appraisal_round"] and not there["settlement"] and carried("inspection")
    assert stopped_at(installation, "build_figures") == everything(demo_written)
    assert not carried("appraisal")
    installation.bring_up_to_date(made, quiet=True)
    assert events(made) == events(demo_written)


def test_scores_know_the_visits_that_were_made(demo_written):
    """A quarter's score of monthly visits is what stations and clinics were visited, not what files tell: nothing."""
    line, r = tables.appraisal_line.c, tables.appraisal_round.c
    found = rows(
        demo_written,
        select(line.numerator, line.denominator)
        .join(tables.appraisal_round, r.round == line.round)
        .where(r.sheet == "centre", r.month >= SINCE, line.item == "supervises"),
    )
    assert len(found) >= len(TOWNS)
    assert sum(top for top, _ in found) > 0.6 * sum(bottom for _, bottom in found) > 0


def _interrupted(*_, **__):
    raise KeyboardInterrupt


def _both(store, made: Installation) -> bool:
    """What is left to write, without figures in between; whether anything was."""
    return bool(demo_register.supervise(store, made) + demo_register.appraise(store, made))


def test_one_piece_of_evidence_that_was_not_kept_follows(demo_written, built, tmp_path, monkeypatch):
    made = another(built, tmp_path)
    kept = []

    def keep_one(*arguments):
        if kept:
            raise KeyboardInterrupt
        kept.append(arguments)
        return real(*arguments)

    real = demo_register.demo_evidence.files.keep
    store = open_store(made)
    with monkeypatch.context() as patch:
        patch.setattr(demo_register.demo_evidence.files, "keep", keep_one)
        with pytest.raises(KeyboardInterrupt):
            _both(store, made)
    assert not demo_register.is_appraised(made)
    assert _both(store, made)
    store.close()
    assert demo_register.is_appraised(made)
    assert len(everything(made)["evidence"]) == len(everything(demo_written)["evidence"]) == 2


def test_a_demo_of_the_years_before_and_own_data_have_none(demo, tmp_path):
    assert not exists(demo)
    own = installation._make(tmp_path / "own", kind="own", name="X")
    store = open_store(own)
    assert not demo_register.is_due(store, own)
    store.close()


def test_a_demo_of_an_earlier_version_keeps_what_its_files_tell(built, tmp_path):
    """Then visits of 2026 came in a file, as one does here."""
    made = another(built, tmp_path)
    store = open_store(made)
    (code,) = in_store(made, lambda c: [c.execute(select(records.unit.c.code).limit(1)).scalar()])
    file = tmp_path / "督导检查登记表_20260805.csv"
    file.write_text(f"机构编码,督导编号,督导类型,督导日期\n{code},900,monthly,2026-03-02\n", "utf-8-sig")
    report = import_files(store, made, [file], by="test")
    assert report.files[0].layout == "plain.inspection"
    assert not demo_register.is_due(store, made)
    store.close()


# -- files and register ----------------------------------------------------------------------------


def test_no_month_of_a_unit_is_in_files_and_register(demo_written):
    def told(connection):
        found = {}
        for name, extra in (("inspection", ()), ("finding", ("kind",)), ("appraisal", ("kind", "staff_no"))):
            both = of_source(connection, name, "unit", "month", *extra)
            if name == "finding":
                both = {of: [row for row in all_ if row[2].startswith("sup_")] for of, all_ in both.items()}
                both = {of: [row[:2] for row in all_] for of, all_ in both.items()}
            found[name] = both
        return found

    for name, both in in_store(demo_written, told).items():
        assert both[True] and both[False]
        assert set(both[True]) & set(both[False]) == set(), name
        assert len(both[False]) > len(both[True]) / 2, "the two years before come in files"
        if name in SUPERVISED:
            assert min(month for _, month in both[True]) == SINCE
            assert max(month for _, month in both[False]) == SINCE - 1
    last = parse_month(UNTIL)
    assert {month for _, month in in_store(demo_written, told)["inspection"][True]} == set(
        range(SINCE, last + 1)
    )


def test_the_reference_centre_scored_for_2025_what_is_known_of_it(demo_written):
    store = open_store(demo_written)
    figure, unit = published.figure.c, published.unit.c
    with store.published() as connection:
        value = connection.execute(
            select(figure.value)
            .join(published.unit, unit.unit == figure.unit)
            .where(
                unit.name == TOWNS[REFERENCE].centre,
                figure.indicator == "ap_total_score",
                figure.basis == "ytd",
                figure.month == YEAR_BEFORE,
                figure.stratum == "",
            )
        ).scalar_one()
    store.close()
    assert value == pytest.approx(95.2)


def test_money_of_2025_comes_to_what_was_settled(demo_written):
    """70 % in advance and December's payment, from the ledger's files, and the rest, from the register."""
    line, s = tables.settlement_line.c, tables.settlement.c
    earned = rows(
        demo_written,
        select(line.unit, line.earned)
        .join(tables.settlement, s.settlement == line.settlement)
        .where(s.state == "published", s.year == 2025, line.programme == ""),
    )
    money = in_store(demo_written, lambda c: of_source(c, "money", "unit", "account", "month", "amount"))
    paid: Counter[int] = Counter()
    for unit, account, month, amount in money[True] + money[False]:
        if account in ("fund_prepaid", "fund_settled") and month // 12 == 2025:
            paid[unit] += amount
    assert len(earned) == len(TOWNS)
    assert {unit: paid[unit] for unit, _ in earned} == dict(earned)


def test_village_doctors_share_what_their_centres_earned(demo_written):
    """Who was appraised is settled; of each centre's pot nothing is lost, and nobody's money is said twice."""
    d = tables.settlement_doctor.c
    names = ["centre", "unit", "entitlement", "earned", "score", "coefficient", "reason", "in_ledger"]
    found = pd.DataFrame(rows(demo_written, select(*[d[name] for name in names])), columns=names)
    settled = found[found["reason"] == ""]
    assert len(settled) > len(found) / 2
    assert settled["earned"].notna().all() and settled["score"].notna().all()
    assert 0 in set(settled["coefficient"]), "the one who was found unqualified"
    for _, mine in found[found["entitlement"].notna()].groupby("centre"):
        scored = mine[mine["reason"] == ""]
        if (scored["coefficient"] > 0).any():
            assert scored["earned"].sum() == scored["entitlement"].sum()
    said = in_store(demo_written, lambda c: of_source(c, "money", "unit", "account", "month"))
    due = {
        of: {
            unit for unit, account, month in told if account == "village_subsidy_due" and month // 12 == 2025
        }
        for of, told in said.items()
    }
    assert set(found.loc[found["in_ledger"], "unit"]) <= due[False]
    assert due[True] == set(settled.loc[~settled["in_ledger"], "unit"])
    assert not due[True] & due[False]


# -- what it shows ---------------------------------------------------------------------------------


def test_findings_stand_wherever_one_can_stand(demo_written):
    f = tables.finding.c
    found = pd.DataFrame(
        rows(demo_written, select(f.state, f.recheck, f.due_on, f.issued_on, f.recorded_on, f.escalation)),
        columns=["state", "recheck", "due_on", "issued_on", "recorded_on", "escalation"],
    )
    assert set(found["state"]) == {"open", "recorded", "escalated", "closed", "withdrawn"}
    open_ = found[found["state"] == "open"]
    today = last_day(parse_month(UNTIL))
    assert (open_["recheck"] == "not_mended").any(), "re-checked and not mended"
    assert (open_["due_on"] < today).any() and (open_["due_on"] > today).any(), "overdue, and not yet"
    never = open_[open_["recorded_on"].isna()]
    assert any(record_due(day) < today for day in never["issued_on"]), "nobody answered in time"
    assert {"warning_letter", "fund_deduction"} <= set(found["escalation"])


def test_visits_were_made_missed_called_off_and_planned_ahead(demo_written):
    v = tables.visit.c
    found = rows(demo_written, select(v.state, v.kind, v.planned_on, v.edited_by))
    assert {kind for state, kind, *_ in found if state == "done"} == {"monthly", "irregular", "annual"}
    today = last_day(parse_month(UNTIL))
    assert {day > today for state, _, day, _ in found if state == "planned"} == {True, False}
    assert any(state == "cancelled" for state, *_ in found)
    ahead = {by for state, _, day, by in found if day > today}
    assert ahead == {f"{TOWNS[REFERENCE].centre}主任"}, "one director has planned the month to come"


def test_rounds_appeals_and_settlements_stand_in_each_state(demo_written):
    r, a, s = tables.appraisal_round.c, tables.appeal.c, tables.settlement.c
    rounds = rows(demo_written, select(r.sheet, r.month, r.period, r.state, r.published_at))
    assert ("centre", YEAR_BEFORE, "year", "published") in [one[:4] for one in rounds]
    assert ("centre", SINCE + 5, "quarter", "draft") in [one[:4] for one in rounds]
    assert {sheet for sheet, *_, state, _ in rounds if state == "published"} == {"centre", "clinic", "doctor"}
    assert all(at.date() > last_day(month) for *_, month, _, _, at in rounds if at is not None)
    appeals = dict(rows(demo_written, select(a.state, a.points)))
    assert set(appeals) == {"granted", "refused", "open"}
    assert appeals["granted"] is not None
    assert {(2025, "coefficient", "published"), (2026, "coefficient", "draft")} == set(
        rows(demo_written, select(s.year, s.model, s.state))
    )


def test_evidence_is_a_photo_of_a_finding_and_a_paper_of_a_score(demo_written):
    e = tables.evidence.c
    kept = rows(demo_written, select(e.of, e.key, e.media))
    assert {(of, media) for of, _, media in kept} == {
        ("finding", "image/png"),
        ("appraisal_entry", "application/pdf"),
    }
    register = open_register(demo_written)
    with register.reading() as connection:
        files = [row for of, key, _ in kept for row in listed(connection, of, key)]
    register.close()
    assert [len(content(demo_written, row)) for row in files] == [row["size"] for row in files]


def test_nothing_is_of_a_day_to_come(demo_written):
    f, v = tables.finding.c, tables.visit.c
    today = last_day(parse_month(UNTIL))
    days = rows(demo_written, select(f.issued_on, f.recorded_on, f.rechecked_on, f.closed_on, f.escalated_on))
    days += rows(demo_written, select(v.done_on))
    assert all(isinstance(day, date) and day <= today for row in days for day in row if day is not None)
