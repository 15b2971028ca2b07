"""One table a parser: what a cell holds, and what is read from it (None: nothing filled in; a text: the rule)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from data.intake.dates import parse_date, parse_datetime, parse_month
from data.intake.findings import UnreadableError
from data.intake.id_numbers import is_record_code, parse_id_number, parse_record_code
from data.intake.names import parse_name
from data.intake.numbers import parse_int, parse_money, parse_number, parse_pressure


def outcome(parse, *arguments, **options):
    try:
        return parse(*arguments, **options)
    except UnreadableError as error:
        return error.rule


DAY = date(2025, 3, 5)
DATES = {
    "2025年3月5日": DAY,
    "2025年03月05日": DAY,
    "20250305": DAY,
    "2025-3-5": DAY,
    "2025/3/5": DAY,
    "2025.3.5": DAY,
    "２０２５－３－５": DAY,
    "2025-03-05 00:00:00": DAY,
    "2025-03-05T10:22:33": DAY,
    "2025/3/5 9:05": DAY,
    "20250305153012": DAY,
    "45721": DAY,
    "45721.5": DAY,
    " 2025-03-05\t": DAY,
    "'2025-03-05": DAY,
    "1949-10-01": date(1949, 10, 1),
    "": None,
    "—": None,
    "无": None,
    "1900-01-01": None,
    "9999-12-31": None,
    "0001-01-01": None,
    "3月5日": "date_no_year",
    "25-3-5": "date_short_year",
    "2025年3月": "date_no_day",
    "202503": "date_no_day",
    "2025年1季度": "date_no_day",
    "2025-02-30": "date_impossible",
    "1月xx日": "date_unreadable",
    "去年": "date_unreadable",
}


@pytest.mark.parametrize(("cell", "expected"), DATES.items())
def test_dates(cell, expected):
    assert outcome(parse_date, cell) == expected


def test_times_serials_of_1904_and_bare_months():
    assert parse_datetime("2025年3月5日 9时05分") == datetime(2025, 3, 5, 9, 5)
    assert parse_datetime("45721.75") == datetime(2025, 3, 5, 18)
    assert parse_date("44259", from_1904=True) == DAY
    assert parse_date("2025年3月", month_is_enough=True) == date(2025, 3, 1)


MONTHS = {
    "2025-03": 24302,
    "202503": 24302,
    "2025年3月": 24302,
    "2025/3": 24302,
    "2025-03-31": 24302,
    "": None,
    "2025-13": "month_unreadable",
    "3月": "month_unreadable",
}


@pytest.mark.parametrize(("cell", "expected"), MONTHS.items())
def test_months(cell, expected):
    assert outcome(parse_month, cell) == expected


GLUCOSE = {"mmol/L": 1.0, "mg/dl": 0.0555}
NUMBERS = {
    "6.1": 6.1,
    "６．１": 6.1,
    "6。1": 6.1,
    "1,234": 1234.0,
    "１，２３４．５": 1234.5,
    "-0.5": -0.5,
    "6.1 mmol/L": 6.1,
    "6.1ＭＭＯＬ／Ｌ": 6.1,
    "100mg/dl": 5.55,
    "12.3%": 0.123,
    "3万": 30_000.0,
    "1e3": 1000.0,
    "": None,
    "/": None,
    "—": None,
    "不详": None,
    "1xx": "number_masked",
    "120xx余份": "number_masked",
    "1**": "number_masked",
    "?23": "number_masked",
    "2-3": "number_range",
    "2～3": "number_range",
    "2至3": "number_range",
    "1,23": "number_unreadable",
    "空腹6.1 餐后8.0": "number_unreadable",
    "6.1kg": "number_unreadable",
    "高": "number_unreadable",
}


@pytest.mark.parametrize(("cell", "expected"), NUMBERS.items())
def test_numbers(cell, expected):
    assert outcome(parse_number, cell, GLUCOSE) == (
        pytest.approx(expected) if isinstance(expected, float) else expected
    )


def test_the_neighbouring_unit_decides():
    assert parse_number("100", GLUCOSE, "mg/dL") == pytest.approx(5.55)
    assert outcome(parse_number, "100", GLUCOSE, "斤") == "unit_unknown"


def test_whole_numbers():
    assert parse_int("120.0") == 120
    assert parse_int("120mmHg", {"mmHg": 1}) == 120
    assert outcome(parse_int, "120.5") == "number_not_whole"


MONEY = {
    "128.5": 12850,
    "128.50元": 12850,
    "￥1,200": 120_000,
    "1.2万元": 1_200_000,
    "": None,
    "免费": "number_unreadable",
}


@pytest.mark.parametrize(("cell", "expected"), MONEY.items())
def test_money(cell, expected):
    assert outcome(parse_money, cell) == expected


PRESSURES = {
    "140/90": (140, 90),
    "１４０／９０ mmHg": (140, 90),
    "140 / 90": (140, 90),
    "": None,
    "—": None,
    "140": "pressure_unreadable",
    "1xx/90": "number_masked",
}


@pytest.mark.parametrize(("cell", "expected"), PRESSURES.items())
def test_pressures(cell, expected):
    assert outcome(parse_pressure, cell) == expected


ID_NUMBERS = {
    "11010519491231002X": "11010519491231002X",
    "11010519491231002x": "11010519491231002X",
    "１１０１０５１９４９１２３１００２Ｘ": "11010519491231002X",
    " 110105 19491231 002X": "11010519491231002X",
    "'11010519491231002X": "11010519491231002X",
    "440524188001010014": "440524188001010014",
    "110105491231002": "11010519491231002X",
    "": None,
    "无": None,
    "110105194912310021": "id_checksum",
    "110105194912310000": "id_damaged",
    "1.10105E+17": "id_damaged",
    "110105********002X": "id_masked",
    "11010519491231": "id_length",
    "111111111111111111": "id_dummy",
    "110105194913310021": "id_birth_date",
    "E12345678": "id_other_document",
}


@pytest.mark.parametrize(("cell", "expected"), ID_NUMBERS.items())
def test_id_numbers(cell, expected):
    found = outcome(parse_id_number, cell)
    assert getattr(found, "text", found) == expected


def test_what_an_id_number_says():
    number = parse_id_number("11010519491231002X")
    assert (number.born_on, number.sex) == (date(1949, 12, 31), 2)


RECORD_CODES = {
    "51010400100100001": ("51010400100100001", True),
    "510104-001-001-00001": ("51010400100100001", True),
    "510104 001 001 00001": ("51010400100100001", True),
    "510104001001000012": ("510104001001000012", False),
    "51010400100000001": ("51010400100000001", False),
    "H0012": ("H0012", False),
}


@pytest.mark.parametrize(("cell", "expected"), RECORD_CODES.items())
def test_record_codes(cell, expected):
    code = parse_record_code(cell)
    assert (code, is_record_code(code)) == expected


def test_a_record_code_that_was_a_number():
    assert outcome(parse_record_code, "5.10104001001E+16") == "record_code_damaged"


NAMES = {
    " 张 三 ": "张三",
    "张三（已故）": "张三",
    "阿依古丽•买买提": "阿依古丽·买买提",
    "阿依古丽．买买提": "阿依古丽·买买提",
    "𠮷田": "𠮷田",
    "john  smith": "JOHN SMITH",
    "": None,
    "不详": None,
}


@pytest.mark.parametrize(("cell", "expected"), NAMES.items())
def test_names(cell, expected):
    assert parse_name(cell) == expected
