"""Over the small demo district: the frame is whom the figure counts, the draw follows from its seed, and a sheet comes back."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from sqlalchemy import func, select, update

from data import records
from data.installation import make_installation
from data.register import Register, open_register
from data.register.tables import verification, verification_person
from data.store import Store, open_store
from exports.about import about
from exports.check_sheet import Check, check_docx, check_xlsx
from metrics import figures, published
from metrics.cards import CARDS
from metrics.gaps import named_values
from metrics.principal import EVERYTHING, LOCAL, NotAllowedError, Scope
from metrics.verifying import book, drawing
from metrics.verifying import frame as frames
from metrics.verifying.book import Answer
from metrics.verifying.errors import VerifyError
from metrics.verifying.frame import can_verify, counts, frame, read_counted
from metrics.verifying.people import people
from metrics.verifying.planning import BELOW, EACH, strata
from metrics.verifying.reading import answers_of
from tests.roles import as_role

DECEMBER = 2025 * 12 + 11
#: Spans of the year, spans as they stand, a cohort, events; by different records.
SOME = (
    "htn_standard_rate",
    "el_mgmt_rate",
    "fd_contract_rate",
    "hr_filing_rate",
    "ch_newborn_visit_rate",
    "im_vaccine_bcg",
)


@pytest.fixture(scope="module")
def store(demo) -> Iterator[Store]:
    opened = open_store(demo)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def bureau(store) -> int:
    with store.published() as connection:
        return int(figures.units(LOCAL, connection)["unit"].iloc[0])


@pytest.fixture
def register(tmp_path) -> Iterator[Register]:
    opened = open_register(make_installation(tmp_path / "own", kind="own"))
    yield opened
    opened.close()


def basis_of(key: str) -> str:
    return str(CARDS[key].bases[0])


@pytest.mark.parametrize("key", SOME)
def test_the_frame_is_whom_the_figure_counts_at_every_unit(store, bureau, key) -> None:
    found = frame(store, LOCAL, key, bureau, DECEMBER, basis_of(key))
    f = published.figure.c
    with store.published() as connection:
        rows = connection.execute(
            select(f.unit, f.numerator, f.denominator).where(
                f.indicator == key,
                f.month == DECEMBER,
                f.basis == basis_of(key),
                f.stratum == "",
                f.numerator > 0,
            )
        ).all()
        asked = {
            spread: counts(LOCAL, connection, key, bureau, DECEMBER, basis_of(key), spread)
            for spread in (BELOW, EACH)
        }
    below: dict[int, int] = {}
    for unit in found.counted["unit"]:
        at = int(unit)
        while at is not None:
            below[at] = below.get(at, 0) + 1
            at = found.parents[at]
    assert below == {int(row.unit): int(row.numerator) for row in rows} and below[bureau] > 0
    assert not found.counted.duplicated(["person", "unit"]).any()
    for spread, said in asked.items():  # what is told before anything is drawn is what is drawn from
        of = found.counted["unit"].map(strata(found.parents, bureau, spread))
        assert said.strata == of.value_counts().to_dict()


@pytest.mark.parametrize(("key", "programme"), [("htn_standard_rate", "htn"), ("mh_standard_rate", "smi")])
def test_the_record_that_speaks_is_the_persons_last_one(store, bureau, key, programme) -> None:
    """Against the followups themselves: of the programme and the year, at their unit where there is one, else above or below it; how
    many the doctor had."""
    asked = frame(store, LOCAL, key, bureau, DECEMBER, "ytd")
    found = asked.counted

    def line(unit: int | None) -> list[int]:
        return [] if unit is None else [unit, *line(asked.parents[unit])]

    table = records.followup
    with store.records() as connection:
        everything = connection.execute(select(table).where(table.c.known_to.is_(None))).all()
    rows = [
        row for row in everything if row.programme == programme and DECEMBER - 11 <= row.month <= DECEMBER
    ]
    days = Counter((row.unit, row.doctor, row.day) for row in rows)
    typed = Counter((row.unit, row.entered_on) for row in rows if row.entered_on)
    of: dict[int, list] = {}
    for row in rows:
        of.setdefault(row.person, []).append(row)
    several = {row.person for row in everything if row.programme != programme}
    assert len(found) and (programme != "htn" or several & set(found["person"]))
    far = 0
    for one in found.itertuples():
        mine = of.get(one.person, [])
        near = [row for row in mine if one.unit in line(row.unit) or row.unit in line(one.unit)]
        far += len(near) < len(mine)
        mine = [row for row in mine if row.unit == one.unit] or near
        if not mine:
            assert pd.isna(one.day) and pd.isna(one.day_services)
            continue
        row = max(mine, key=lambda each: (each.day, each.row_id))
        assert (one.day, one.doctor) == (row.day, row.doctor)
        assert one.day_services == days[row.unit, row.doctor, row.day]
        assert one.typed_rows == typed[row.unit, row.entered_on]
    assert far or programme != "htn"  # somebody has a record of a unit that is neither, and it does not speak


def test_programmes_and_vaccines_are_those_of_the_cards_own_rule() -> None:
    asked = {
        key: set(named_values(CARDS[key], column))
        for key, column in (
            ("mh_mgmt_rate", "programme"),
            ("dm_control_rate", "programme"),
            ("ncd_timely_followup", "programme"),
            ("hr_visit_rate", "programme"),
            ("im_vaccine_bcg", "vaccine"),
        )
    }
    assert list(asked.values()) == [{"smi"}, {"dm"}, {"htn", "dm"}, set(), {"bcg"}]


def test_only_shares_of_people_counted_once_can_be_checked(store, bureau) -> None:
    assert all(can_verify(CARDS[key]) for key in SOME)
    for key in ("htn_followup_count", "post_certificate_rate", "reach_within_radius", "sup_monthly"):
        assert not can_verify(CARDS[key]), key
    with pytest.raises(VerifyError) as error:
        frame(store, LOCAL, "htn_followup_count", bureau, DECEMBER, basis_of("htn_followup_count"))
    assert error.value.reason == "card"


def test_who_may_draw(store, bureau) -> None:
    asked = ("htn_standard_rate", bureau, DECEMBER, "ytd")
    with store.published() as connection:
        tree = figures.units(LOCAL, connection)
        centre = int(tree.loc[tree["kind"] == "centre", "unit"].iloc[0])
        officer = as_role("li", "officer", EVERYTHING, EVERYTHING)
        for who in (
            as_role("chen", "leader", EVERYTHING, EVERYTHING),
            as_role("wang", "director", EVERYTHING, Scope(frozenset({centre}))),
            replace(officer, systems=frozenset({"S04"})),
            replace(officer, own=Scope(frozenset({centre}))),
        ):
            with pytest.raises(NotAllowedError):
                frame(store, who, *asked)
            with pytest.raises(NotAllowedError):
                counts(who, connection, *asked, BELOW)
    assert len(frame(store, officer, *asked).counted)


def started(store: Store, register: Register, bureau: int, size: int = 80) -> int:
    made = drawing.sample(store, LOCAL, "el_mgmt_rate", bureau, DECEMBER, "ytd", size=size, spread=BELOW)
    with register.writing() as connection:
        return drawing.keep(LOCAL, connection, made)


def test_the_draw_follows_from_the_seed_and_what_was_known(store, register, bureau) -> None:
    number = started(store, register, bureau)
    with register.writing() as connection:
        assert drawing.repeats(store, LOCAL, connection, number)
        v, p = verification, verification_person
        seed = connection.execute(select(v.c.seed)).scalar_one()
        connection.execute(update(v).values(seed=seed + 1))
        assert not drawing.repeats(store, LOCAL, connection, number)
        connection.execute(update(v).values(seed=seed))
        other = connection.execute(select(func.max(p.c.person))).scalar_one() + 1
        connection.execute(update(p).where(p.c.line == 1).values(person=other))  # somebody was exchanged
        assert not drawing.repeats(store, LOCAL, connection, number)
        connection.execute(update(v).values(definitions="other"))
        with pytest.raises(VerifyError) as error:
            drawing.repeats(store, LOCAL, connection, number)
        assert error.value.reason == "moved_on"


def test_a_unit_that_counted_nobody_is_read_again_too(store, register, bureau, monkeypatch) -> None:
    """Which units decides who is prepared, and so how crowded a day was."""
    read = []

    def spied(known, card, units, *others):
        read.append((units, *others))
        return read_counted(known, card, units, *others)

    monkeypatch.setattr(frames, "read_counted", spied)
    monkeypatch.setattr(drawing, "read_counted", spied)
    made = drawing.sample(store, LOCAL, "mh_standard_rate", bureau, DECEMBER, "ytd", size=22, spread=BELOW)
    with register.writing() as connection:
        number = drawing.keep(LOCAL, connection, made)
        assert drawing.repeats(store, LOCAL, connection, number)
        frozen = book.units_of(LOCAL, connection, number)["unit"].tolist()
    assert len(read) == 2 and read[0] == read[1] and set(frozen) < set(read[0][0])


@pytest.fixture
def sheet(store, register, bureau):
    """``sheet(full)``: what a check sheet is made of, for the first draw."""
    number = started(store, register, bureau)

    def make(full: bool) -> tuple[Check, object]:
        with register.reading() as connection:
            row, lines = book.one(LOCAL, connection, number), book.lines(LOCAL, connection, number)
        found = people(store, LOCAL, row, lines, full=full)
        assert not found.unread
        with store.published() as connection:
            built, tree = figures.built(connection), figures.units(LOCAL, connection)
        names = dict(zip(tree["unit"], tree["name"], strict=True))
        check = Check(
            number=number,
            card=CARDS["el_mgmt_rate"],
            month=DECEMBER,
            unit="云岭县",
            rows=found.rows,
            counted=row["counted"],
            names=names,
            reason="call: 核实" if full else "",
            marks=("末行",),
        )
        return check, about(built, "云岭县", DECEMBER, "local")

    return make


def words_of(content: bytes) -> list[str]:
    """Every text of a document's tables, row by row."""
    return [
        "|".join(cell.text for cell in row.cells)
        for table in docx.Document(io.BytesIO(content)).tables
        for row in table.rows
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_masked_sheet_names_nobody_and_a_full_one_everybody(sheet, language) -> None:
    full, whose = sheet(True)
    masked, _ = sheet(False)
    names = [name for name in full.rows["name"] if name]
    phones = [phone for phone in full.rows["phone"] if phone]
    assert names and phones
    printed = "\n".join(words_of(check_docx(full, whose, language)))
    assert all(name in printed for name in (*names, *phones))
    hidden = "\n".join(words_of(check_docx(masked, whose, language)))
    assert not [one for one in (*names, *phones) if one in hidden]
    assert all(one in hidden for one in masked.rows["name_masked"])
    book_ = openpyxl.load_workbook(io.BytesIO(check_xlsx(masked, whose, language)))
    cells = "\n".join(str(cell.value) for one in book_.worksheets for row in one.iter_rows() for cell in row)
    assert not [one for one in (*names, *phones) if one in cells] and "末行" in cells


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_filled_in_sheet_comes_back(sheet, tmp_path: Path, language) -> None:
    check, whose = sheet(True)
    check.rows.loc[check.rows["line"] == 2, "version"] = 4  # somebody wrote there three times
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(check_xlsx(check, whose, language))
    assert answers_of(path, check.number, "1GB") == []
    book_ = openpyxl.load_workbook(path)
    page = book_.worksheets[0]
    validation = page.data_validations.dataValidation[0]
    outcomes = json.loads(validation.formula1).split(",")
    width = page.max_column - 1  # the last one, hidden, holds the lines' versions
    assert page.column_dimensions[page.cell(4, width + 1).column_letter].hidden
    for at, outcome in ((5, outcomes[0]), (6, outcomes[1]), (9, outcomes[5])):
        page.cell(at, width - 1).value = outcome
    page.cell(6, width).value = "没有做"
    book_.save(path)
    assert answers_of(path, check.number, "1GB") == [
        Answer(1, "confirmed"),
        Answer(2, "denied", "没有做", version=4),
        Answer(5, "gone"),
    ]
    with pytest.raises(VerifyError) as error:
        answers_of(path, check.number + 1, "1GB")
    assert error.value.reason == "other_sheet"
    page.cell(7, width - 1).value = "也许"
    book_.save(path)
    with pytest.raises(VerifyError) as error:
        answers_of(path, check.number, "1GB")
    assert error.value.reason == "bad_outcome" and "3" in error.value["zh"]


@pytest.mark.parametrize(
    "content", [b"not a workbook", b"PK\x03\x04 broken", "核实编号,1\n序号,姓名\n1,张三\n".encode()]
)
def test_a_file_that_is_no_sheet_is_refused(tmp_path: Path, content) -> None:
    path = tmp_path / ("sheet.csv" if b"," in content else "sheet.xlsx")
    path.write_bytes(content)
    with pytest.raises(VerifyError) as error:
        answers_of(path, 1, "1GB")
    assert error.value.reason == "no_sheet"


def test_whole_names_need_the_right_to_full_lists(store, register, bureau) -> None:
    number = started(store, register, bureau)
    with register.reading() as connection:
        row, lines = book.one(LOCAL, connection, number), book.lines(LOCAL, connection, number)
    bare = replace(LOCAL, rights=LOCAL.rights - {"full_lists"})
    assert "name" not in people(store, bare, row, lines).rows
    with pytest.raises(NotAllowedError):
        people(store, bare, row, lines, full=True)
    with pytest.raises(NotAllowedError):
        people(store, replace(LOCAL, rights=LOCAL.rights - {"verify"}), row, lines)
