"""Files that are out to harm: real ones of every format, and what can be done to them."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

import xlsxwriter

HEAD = ["随访标识", "EMPIID", "随访日期", "随访机构", "收缩压(mmHg)", "舒张压(mmHg)"]
ROWS = [[f"V{n}", f"E{1 + n % 2}", f"2025-01-{n + 10}", "S1", str(140 + n), "90"] for n in range(6)]
_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
)

#: What somebody may put into a cell to see what happens.
CELLS = (
    *("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1＋1", '=HYPERLINK("http://x","y")'),
    *(
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "${7*7}",
        "{{7*7}}",
        "'; DROP TABLE person; --",
    ),
    *("张\u202e三", "\u2066x\u2069", "\x01\x02", "\x7f", "\ufeff", "\ufffe", "a\u0300" * 50, "😀", "𠮷"),
    *(
        "../../etc/passwd",
        "C:\\con",
        "nul",
        "1e400",
        "-1e400",
        "NaN",
        "inf",
        "1" * 400,
        "0x1F",
        "１２３",
        "٣",
        "²",
    ),
    *(
        "9999-99-99",
        "0000-00-00",
        "2025-02-30",
        "99999999999",
        "-1",
        "1899-12-31",
        "10000-01-01",
        "x" * 40_000,
        " " * 999,
    ),
)
NAMES = (
    *(
        "<script>alert(1)</script>.csv",
        "../../../evil_20250101.csv",
        "..\\..\\evil.csv",
        "C:\\con.csv",
        "con.csv",
        "a\x00b.csv",
    ),
    *(
        "随访" * 200 + ".csv",
        "a\u202evsc.exe.csv",
        ".csv",
        "",
        ".",
        "..",
        "a\n.csv",
        "|rm -rf.csv",
        "nul",
        "COM1.xlsx",
        "x." + "y" * 300,
    ),
)


def csv_text(rows: list[list[str]]) -> str:
    return "".join(
        ",".join(f'"{c}"' if set(c) & set(',"\n\r') else c for c in row) + "\n" for row in [HEAD, *rows]
    )


def csv_of(encoding: str) -> bytes:
    mark = {"utf-16-le": b"\xff\xfe"}.get(encoding, b"")
    return mark + csv_text(ROWS).encode(encoding)


def html() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in [HEAD, *ROWS])
    return f"<html><meta charset=utf-8><table>{rows}</table></html>".encode()


def xlsx() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("高血压随访")
        for line, row in enumerate([HEAD, *ROWS]):
            sheet.write_row(line, 0, row)
    return out.getvalue()


def ods(more: str = "") -> bytes:
    def row(cells: list[str]) -> str:
        cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
        return f"<table:table-row>{''.join(cell.format(c) for c in cells)}</table:table-row>"

    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry'
        f' manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    rows = "".join(map(row, [HEAD, *ROWS])) + more
    return zipped(
        {
            "mimetype": kind.encode(),
            "META-INF/manifest.xml": manifest.encode(),
            "content.xml": _ODS.format(rows=rows).encode(),
        }
    )


#: name -> a sound file; all hold the same rows.
SOUND: dict[str, Callable[[], bytes]] = {
    "utf8.csv": lambda: csv_of("utf-8"),
    "utf8_mark.csv": lambda: csv_of("utf-8-sig"),
    "gb.csv": lambda: csv_of("gb18030"),
    "utf16.csv": lambda: csv_of("utf-16-le"),
    "tabs.xls": lambda: csv_text(ROWS).replace(",", "\t").encode("gb18030"),
    "page.xls": html,
    "book.xlsx": xlsx,
    "open.ods": ods,
}


# -- zips


def members(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        return {name: file.read(name) for name in file.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def patched(book: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with the members whose names hold ``part`` changed."""
    return zipped(
        {name: change(content) if part in name else content for name, content in members(book).items()}
    )


def cell_at(place: str) -> bytes:
    """A workbook with one more cell, wherever it is said to stand."""
    row = re.sub(r"\D", "", place)
    more = f'<row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData>'.encode()
    return patched(xlsx(), "sheet1", lambda xml: xml.replace(b"</sheetData>", more))


def bomb(megabytes: int) -> bytes:
    """A workbook of some kilobytes whose one text unpacks to so much."""
    out, parts = io.BytesIO(), members(xlsx())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            with file.open(name, "w", force_zip64=True) as member:
                if "sharedStrings" not in name:
                    member.write(content)
                    continue
                head, _, tail = content.partition(b"</sst>")
                member.write(head + b"<si><t>")
                for _ in range(megabytes):
                    member.write(b"a" * 1_000_000)
                member.write(b"</t></si></sst>" + tail)
    return out.getvalue()


def lying_bomb(megabytes: int) -> bytes:
    """The same, said to be small in its list of members."""
    book = bytearray(bomb(megabytes))
    with zipfile.ZipFile(io.BytesIO(bytes(book))) as file:
        true = file.getinfo("xl/sharedStrings.xml").file_size
    at = book.rfind(b"xl/sharedStrings.xml") - 46 + 24  # the size unpacked, in the central list
    assert int.from_bytes(book[at : at + 4], "little") == true
    book[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(book)


# -- mutations


def mutated(name: str, seed: int) -> bytes:
    """A sound file, spoilt in some way; the same for the same seed."""
    luck = random.Random(f"{name} {seed}")
    content = SOUND[name]()
    if content.startswith(b"PK") and luck.random() < 0.6:  # inside, in a zip that is whole
        parts = members(content)
        part = luck.choice([one for one in parts if one.endswith(".xml")])
        return zipped(parts | {part: _spoilt(parts[part], luck)})
    if name.endswith(".csv") and luck.random() < 0.6:
        encoding = {"gb.csv": "gb18030", "utf16.csv": "utf-16-le"}.get(name, "utf-8")
        rows = [list(row) for row in ROWS]
        for _ in range(luck.randint(1, 6)):
            row = luck.choice(rows)
            row[luck.randrange(len(row))] = luck.choice(CELLS).replace('"', '""')
        return csv_text(rows).encode(encoding, "ignore")
    return _spoilt(content, luck)


def _spoilt(content: bytes, luck: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(luck.randint(1, 4)):
        at, end = sorted((luck.randrange(len(data) + 1), luck.randrange(len(data) + 1)))
        end = min(end, at + luck.choice((1, 4, 40, 4000)))
        what = luck.randrange(6)
        if what == 0 and at < len(data):
            data[at] ^= 1 << luck.randrange(8)
        elif what == 1:
            del data[at:end]
        elif what == 2:
            data[at:at] = data[at:end] * luck.randint(1, 50)
        elif what == 3:
            data[at:at] = luck.choice(CELLS).encode("utf-8", "ignore")
        elif what == 4:
            data[at:end] = luck.randbytes(end - at)
        else:
            data[at:at] = luck.choice(
                (b"\x00", b'"', b"\r", b"&a;", b"<!--", b"<![CDATA[", b"]]>", b"</", b"<tr>", b"\xff")
            )
        if not data:
            break
    return bytes(data)
