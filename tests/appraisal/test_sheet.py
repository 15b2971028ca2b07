"""Sheets: what ships, what a bureau writes, and what it is told when something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.appraisal import sheet as sheets
from metrics.appraisal import sheet_text
from metrics.appraisal.sheet import Method, SheetError, frozen_text, parse, sheets_in_force, shipped, shown
from metrics.appraisal.sheet_text import _ITEM, _ITEM_MAY
from metrics.cards import CARDS

from .sheets import COUNT, SHARE, text_of

JANUARY_2026 = 2026 * 12


# -- what ships --------------------------------------------------------------------------------------


def test_sheets_ship_for_centres_clinics_and_doctors() -> None:
    found = {sheet.key: sheet for sheet in shipped()}
    assert {key: (sheet.subject, sheet.full) for key, sheet in found.items()} == {
        "centre": ("unit", 10000),
        "clinic": ("unit", 10000),
        "doctor": ("doctor", 10000),
    }
    assert [section.key for section in found["centre"].sections] == [
        "organisation", "funds", "execution", "effect", "satisfaction", "extra",
    ]  # fmt: skip


@pytest.mark.parametrize("sheet", shipped(), ids=lambda sheet: sheet.key)
def test_a_shipped_sheet_is_complete(sheet) -> None:
    assert all(item.source for item in sheet.items)
    assert all(item.words.zh != item.words.en for item in sheet.items)
    methods = {item.method for item in sheet.items}
    assert {Method.MANUAL, Method.BONUS, Method.VETO, Method.DEDUCTION, Method.PROPORTIONAL} <= methods
    assert sum(item.card is not None for item in sheet.items) >= 15
    assert all(CARDS[item.card].alert is None for item in sheet.items if item.card)
    assert 0 < sheet.bonus <= sum(item.weight for item in sheet.items if item.method is Method.BONUS)


def test_the_centres_sheet_has_every_national_service() -> None:
    """Fourteen services: records, education, vaccines, children, mothers, elders, hypertension and diabetes,
    mental disorders, tuberculosis, Chinese medicine, infectious diseases, supervision, contraceptives, literacy."""
    centre = next(sheet for sheet in shipped() if sheet.key == "centre")
    systems = {CARDS[item.card].system for item in centre.items if item.card}
    assert systems >= {
        "S04",
        "S05",
        "S06",
        "S07",
        "S08",
        "S09",
        "S10",
        "S11",
        "S12",
        "S13",
        "S14",
        "S15",
        "S16",
        "S29",
    }
    assert {"contraceptives", "aware", "lectures"} <= {item.key for item in centre.items}


@pytest.mark.parametrize("sheet", shipped(), ids=lambda sheet: sheet.key)
def test_a_frozen_text_gives_the_sheet_back(sheet, monkeypatch) -> None:
    text = frozen_text(sheet)
    monkeypatch.setattr(sheet_text, "CARDS", {})  # cards may go; a published score stays
    assert parse(text, frozen=True) == sheet


# -- what is in force --------------------------------------------------------------------------------


def test_the_newest_version_that_has_begun_is_in_force() -> None:
    text = text_of({"a": "method = 'manual'; weight = 100"})
    versions = [
        parse(
            text.replace('version = "1"', f'version = "{year}"').replace(
                "year_from = 2024", f"year_from = {year}"
            )
        )
        for year in (2024, 2026)
    ]
    assert [sheet.version for sheet in sheets_in_force("centre", JANUARY_2026 - 1, versions)] == ["2024"]
    assert [sheet.version for sheet in sheets_in_force("centre", JANUARY_2026, versions)] == ["2026"]
    assert sheets_in_force("centre", 2023 * 12, versions) == []
    assert sheets_in_force("bureau", JANUARY_2026, versions) == []


def test_a_bureaus_sheet_takes_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    text = text_of({"a": "method = 'manual'; weight = 100"}, kinds='["centre"]').replace(
        'key = "small"', 'key = "centre"'
    )
    (tmp_path / "a.toml").write_text(text, "utf-8-sig")  # as editors on Windows write
    (tmp_path / "b.toml").write_text("key = ", "utf-8")
    found, wrong = sheets.own(tmp_path)
    assert [(sheet.key, sheet.own) for sheet in found] == [("centre", True)]
    assert "b.toml" in str(wrong[0])
    among = sheets.sheets(tmp_path)
    assert [sheet.own for sheet in sheets_in_force("centre", JANUARY_2026, among)] == [True]
    # Before its year the shipped one is in force.
    later = text.replace("year_from = 2024", "year_from = 2027").replace('version = "1"', 'version = "2027"')
    (tmp_path / "a.toml").write_text(later, "utf-8")
    among = sheets.sheets(tmp_path)
    assert [sheet.own for sheet in sheets_in_force("centre", JANUARY_2026, among)] == [False]
    assert [sheet.own for sheet in sheets_in_force("centre", JANUARY_2026 + 12, among)] == [True]


# -- what a bureau is told ---------------------------------------------------------------------------

GOOD = f"method = 'proportional'; weight = 100; {SHARE}; baseline = 0.9"


@pytest.mark.parametrize(
    ("fields", "zh", "en"),
    [
        (GOOD.replace("htn_control_rate", "htn_contrl"), "没有指标 htn_contrl", "there is no card htn_contrl"),
        (GOOD.replace("'proportional'", "'propotional'"), "method 只能是", "method is one of"),
        (GOOD.replace("0.9", "90"), "比例写作小数，例如 0.95", "a share is written as 0.95"),
        (GOOD.replace("0.9", "'0.9'"), "baseline 写数字", "without quotes"),
        (GOOD.replace("0.9", "0"), "baseline 须大于 0", "baseline must be more than 0"),
        (GOOD + "; weigth = 3", "不认识 weigth", "there is no field weigth"),
        (GOOD.replace("; baseline = 0.9", ""), "需要 baseline", "needs baseline"),
        (GOOD.replace("100", "99.999"), "最多两位小数", "two decimals at most"),
        (GOOD.replace("100", "0"), "weight 须大于 0", "weight must be more than 0"),
        (GOOD + "; basis = 'month'", "basis 只能是 ytd", "has the bases ytd"),
        (GOOD + "; off = 1", "不用 off", "off has no meaning"),
        (GOOD + "; pro_rata = 1", "true 或 false", "true or false"),
        (f"method = 'steps'; weight = 100; {SHARE}; steps = [[0.8, 50], [0.9, 100]]", "由最好的一档", "from the best"),
        (f"method = 'steps'; weight = 100; {SHARE}; steps = [[0.9, 101]]", "不能超过 weight", "more than weight"),
        (f"method = 'steps'; weight = 100; {SHARE}; steps = [0.9, 100]", "成对", "pairs"),
        (f"method = 'deduction'; weight = 100; {COUNT}; off = 1; cap = 101", "cap 须大于 0", "cap must be more"),
        ("method = 'deduction'; weight = 100; card = 'he_lectures'; off = 1", "要写 baseline", "needs a baseline"),
        (f"method = 'yes_no'; weight = 100; {SHARE}", "要写 baseline", "needs a baseline"),
        ("method = 'yes_no'; weight = 100; baseline = 1", "请写 card", "give a card"),
        ("method = 'proportional'; weight = 100; card = 'hr_count_total'; baseline = 9", "没有好坏方向", "no better side"),
        ("method = 'manual'; weight = 100; card = 'complaints'", "不用 card", "card has no meaning"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(fields: str, zh: str, en: str) -> None:
    with pytest.raises(SheetError) as caught:
        parse(text_of({"a": fields}), "表.toml")
    first, second = str(caught.value).split("\n")
    assert first.startswith("表.toml，条目 a：")
    assert second.startswith("表.toml, item a: ")
    assert zh in first
    assert en in second


@pytest.mark.parametrize(
    ("change", "en"),
    [
        (("full = 100", "full = 90"), "full is 90, but the weights of the items .* add up to 100"),
        (('kinds = ["centre"]', 'kinds = ["hospital"]'), "kinds is a list of"),
        (('kinds = ["centre"]', 'kinds = "centre"'), "kinds is a list of"),
        (("year_from = 2024", 'year_from = "2024"'), "year_from is a year"),
        (('subject = "unit"', 'subject = "person"'), "subject is one of unit, doctor"),
        (("good = 75", "good = 95"), "grades are 100 >="),
        (('version = "1"', 'version = ""'), "version must be a text"),
        (('version = "1"\n', ""), "version is missing"),
    ],
)
def test_the_head_is_checked(change: tuple[str, str], en: str) -> None:
    text = text_of({"a": GOOD}, kinds='["centre"]')
    assert change[0] in text
    with pytest.raises(SheetError, match=f"head of the sheet: .*{en}"):
        parse(text.replace(*change), "x.toml")


def test_keys_stand_once_and_cards_fit_the_kinds() -> None:
    half = GOOD.replace("100", "50")
    twice = text_of({"a": half}, {"a": half})
    with pytest.raises(SheetError, match="item a stands there twice"):
        parse(twice, "x.toml")
    of_clinics = "method = 'proportional'; weight = 100; card = 'five_records'; baseline = 1"
    parse(text_of({"a": of_clinics}, kinds='["centre"]'))  # of the centre with its clinics
    with pytest.raises(SheetError, match="about clinic only"):
        parse(text_of({"a": of_clinics}, kinds='["station"]'))


def test_a_broken_file_is_told_with_its_line() -> None:
    with pytest.raises(SheetError, match=r"not a valid TOML file .*line 3"):
        parse('key = "a"\nversion = "1"\nfull = \n', "x.toml")


@pytest.mark.parametrize(
    ("points", "text"), [(0, "0"), (1000, "10"), (904, "9.04"), (950, "9.5"), (-50, "−0.5"), (None, "—")]
)
def test_points_as_people_write_them(points, text) -> None:
    assert shown(points) == text


# -- whatever a file says ----------------------------------------------------------------------------

_FIELDS = (*_ITEM, *_ITEM_MAY)
_VALUES = st.sampled_from(
    ["''", "'x'", "'target'", "-1", "0", "1.5", "inf", "nan", "true", "[]", "[[1, 2]]", "[['a', 1]]", "{a = 1}", "2026-01-01"]
)  # fmt: skip


@given(st.sampled_from(shipped()), st.data())
def test_whatever_stands_in_a_field_it_is_read_or_told(sheet, data) -> None:
    """No text that is TOML ends in anything but a sheet or a message."""
    lines = frozen_text(sheet).split("\n")
    place = data.draw(st.sampled_from([n for n, line in enumerate(lines) if " = " in line]))
    name = data.draw(st.just(lines[place].split(" = ")[0]) | st.sampled_from(_FIELDS))
    lines[place] = f"{name} = {data.draw(_VALUES)}"
    try:
        read = parse("\n".join(lines), "x.toml", frozen=data.draw(st.booleans()))
    except SheetError as told:
        assert "x.toml" in str(told)
    else:
        assert read.items


def test_the_example_that_the_documentation_shows_can_be_read() -> None:
    text = (Path(__file__).parents[2] / "docs" / "appraisal.md").read_text("utf-8")
    example = text.split("```toml\n")[1].split("```")[0]
    assert parse(example.replace("full = 100", "full = 6"), "docs/appraisal.md").key == "centre"
