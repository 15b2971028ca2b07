"""Templates of the plain layouts: a workbook that people fill in, made from the layout itself."""

from __future__ import annotations

import io

import xlsxwriter

from data.intake.layouts import Layout, LayoutColumn

#: With this begins the name of every file that a form on a page writes.
FORM_PREFIX = "网页填报"

_ROWS = 5_000  # rows with drop-down lists
_TITLES = {
    "zh": ("填报说明", ("列名", "必填", "填写方法", "也可写作", "示例")),
    "en": ("How to fill in", ("Column", "Required", "How to fill in", "Also accepted", "Example")),
}
_HOW = {
    "text": ("文字", "Text"),
    "int": ("整数", "A whole number"),
    "number": ("数字", "A number"),
    "money": ("金额，单位元", "An amount in yuan"),
    "date": ("日期，如 2025-03-05", "A date, like 2025-03-05"),
    "datetime": ("日期和时间，如 2025-03-05 09:30", "A date and time, like 2025-03-05 09:30"),
    "month": ("月份，如 2025-03", "A month, like 2025-03"),
    "code": ("从列表中选择", "Choose from the list"),
    "codes": ("从列表中选择，可选多项，用“、”分开", "Choose from the list; several with a comma between"),
    "filled": ("有则填写", "Fill in where there is one"),
    "bp": ("血压，如 140/90", "Blood pressure, like 140/90"),
    "coordinates": ("经度,纬度，如 104.0657,30.6595", "Longitude,latitude, like 104.0657,30.6595"),
    "degrees": ("十进制度，如 104.0657", "Decimal degrees, like 104.0657"),
    "id_number": ("18 位身份证号", "An ID number of 18 characters"),
    "record_code": ("17 位档案编号", "A record code of 17 digits"),
    "unit": ("机构登记表中的编码或名称", "Code or name from the register of organisations"),
    "place": ("管理网格登记表中的编码", "Code from the register of the management grid"),
    "family": ("家庭编号", "The household's number"),
    "person": ("系统内的人员编号", "The system's number of the person"),
    "name": ("姓名", "Name"),
    "phone": ("电话", "Telephone"),
}
_EXAMPLES = {
    "text": "",
    "int": "1",
    "number": "6.1",
    "money": "120.50",
    "date": "2025-03-05",
    "datetime": "2025-03-05 09:30",
    "month": "2025-03",
    "filled": "",
    "bp": "140/90",
    "coordinates": "104.0657,30.6595",
    "degrees": "104.0657",
    "id_number": "11010519491231002X",
    "record_code": "51010400100100001",
    "unit": "C01",
    "place": "510104001001",
    "family": "F0001",
    "person": "P0001",
    "name": "张三",
    "phone": "",
}


def template(layout: Layout, language: str = "zh") -> bytes:
    """An xlsx: a sheet with the header and drop-down lists, and a sheet that explains each column.

    The example stands on the second sheet only, so that nobody delivers it with the data.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        _entry_sheet(book, layout, language)
        _help_sheet(book, layout, language)
    return buffer.getvalue()


def columns_shown(layout: Layout) -> list[LayoutColumn]:
    """The columns of a template: one for each thing, required ones marked; no second way to say the same."""
    shown, fed, labels = [], set(), set()
    for column in layout.columns:
        if fed.issuperset(column.to) or column.label in labels:
            continue
        shown.append(column)
        fed.update(column.to)
        labels.add(column.label)
    return shown


def _entry_sheet(book: xlsxwriter.Workbook, layout: Layout, language: str) -> None:
    sheet = book.add_worksheet(layout.words[language][:31])
    text = book.add_format({"num_format": "@"})
    plain = book.add_format({"bold": True, "bg_color": "#DDE6ED", "border": 1})
    required = book.add_format({"bold": True, "bg_color": "#DDE6ED", "border": 1, "font_color": "#9C0006"})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns_shown(layout)):
        sheet.set_column(place, place, max(12, 2 * len(column.label) + 2), text)
        sheet.write_string(0, place, _header(column, language), required if column.required else plain)
        choices = _choices(column, language)
        if column.open or column.type == "codes":
            choices = []  # a drop-down would refuse what is not listed
        # Excel keeps at most 255 characters of a list that is written into the rule itself.
        if choices and len(",".join(choices)) <= 255:
            rule = {"validate": "list", "source": choices, "ignore_blank": True, "error_type": "warning"}
            sheet.data_validation(1, place, _ROWS, place, rule)


def _help_sheet(book: xlsxwriter.Workbook, layout: Layout, language: str) -> None:
    title, headers = _TITLES[language]
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (header, width) in enumerate(zip(headers, (22, 8, 46, 40, 24), strict=True)):
        sheet.set_column(place, place, width, wrap)
        sheet.write_string(0, place, header, bold)
    yes = "是" if language == "zh" else "yes"
    for line, column in enumerate(columns_shown(layout), 1):
        others = [label for label in column.labels if label != _header(column, language)]
        cells = (
            _header(column, language),
            yes if column.required else "",
            _how(column, language),
            "、".join(others) if language == "zh" else ", ".join(others),
            _choices(column, language)[0] if column.codes else _EXAMPLES.get(column.type, ""),
        )
        for place, cell in enumerate(cells):
            sheet.write_string(line, place, cell)


def _header(column: LayoutColumn, language: str) -> str:
    """The preferred header; in English the last spelling, which is the English one of the plain layouts."""
    return column.label if language == "zh" else column.labels[-1]


def _choices(column: LayoutColumn, language: str) -> list[str]:
    """One spelling of each value, in the order of the list."""
    seen: dict[object, str] = {}
    for code in column.codes:
        if code.offered:
            seen.setdefault(code.value, code.label if language == "zh" else code.code)
    return list(seen.values())


def hint(column: LayoutColumn, language: str) -> str:
    """How a column is filled in, without its list."""
    return _HOW[column.type][0 if language == "zh" else 1] + _in_unit(column, language)


def _in_unit(column: LayoutColumn, language: str) -> str:
    """The unit that a bare number is in, in brackets; units written in Chinese say nothing in English."""
    if not column.units or column.type == "money":
        return ""
    unit = next(iter(column.units))
    if language == "zh":
        return f"（{unit}）"
    return f" ({unit})" if unit.isascii() else ""


def _how(column: LayoutColumn, language: str) -> str:
    how = _HOW[column.type][0 if language == "zh" else 1]
    if column.codes:
        listed = (
            "、".join(_choices(column, language))
            if language == "zh"
            else ", ".join(_choices(column, language))
        )
        how = f"{how}：{listed}" if language == "zh" else f"{how}: {listed}"
        if column.open:
            how += "；没有的可直接填写" if language == "zh" else "; or write what is not listed"
    return how + _in_unit(column, language)
