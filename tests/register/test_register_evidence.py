"""Evidence: what is kept, what is refused, and what is left when it is taken away."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image
from sqlalchemy import select

from data.register import add, history_of
from data.register.evidence import EvidenceError, content, keep, listed, media_of, remove
from data.register.tables import appraisal_entry, evidence, visit


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(made, "PNG")
    return made.getvalue()


PNG = picture()


def archive(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return made.getvalue()


KINDS = {
    "image/jpeg": b"\xff\xd8\xff\xe0" + b"x" * 9,
    "image/png": PNG,
    "image/webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "application/pdf": b"%PDF-1.7\n",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": archive(
        "[Content_Types].xml", "word/document.xml"
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": archive(
        "[Content_Types].xml", "xl/workbook.xml"
    ),
}


@pytest.fixture
def a_visit(register) -> str:
    with register.writing() as connection:
        row = {"unit": 7, "kind": "monthly", "planned_on": date(2026, 3, 5), "state": "planned"}
        return str(add(connection, visit, row, "li"))


def of_visit(register, key: str) -> list[dict]:
    with register.reading() as connection:
        return listed(connection, "visit", key)


@pytest.mark.parametrize("media", KINDS)
def test_the_content_says_what_a_file_is(media):
    assert media_of(KINDS[media]) == media


@pytest.mark.parametrize(
    "bytes_",
    [
        b"<html>",
        b"MZ\x90\x00",
        b"GIF89a",
        b"PK\x03\x04 damaged",
        b"RIFF\x10\x00\x00\x00WAVE",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<svg><script>alert(1)</script></svg>" + PNG,
        b"<!--" + PNG + b"--><script>alert(1)</script>",
        b"MZ\x90\x00" + archive("[Content_Types].xml", "xl/workbook.xml"),
        b"<html>" + archive("[Content_Types].xml", "word/document.xml"),
        b"\n%PDF-1.7\n",
        archive("readme.txt"),
        archive("word/document.xml"),
        archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"),
        archive("[Content_Types].xml", "xl/workbook.xml", "word/document.xml"),
    ],
)
def test_nothing_else_is_kept_whatever_its_name(register, installation, a_visit, bytes_):
    with pytest.raises(EvidenceError, match=r"照片 JPG[\s\S]*photos as JPG"):
        keep(register, installation, "visit", a_visit, "photo.jpg", bytes_, "li")
    assert of_visit(register, a_visit) == []
    assert not (installation.folder / "evidence").exists()


def test_a_file_is_kept_once_and_read_back(register, installation, a_visit):
    number = keep(register, installation, "visit", a_visit, "现场.PNG", PNG, "li")
    assert keep(register, installation, "visit", a_visit, "again.png", PNG, "li") == number
    (row,) = of_visit(register, a_visit)
    assert (row["name"], row["media"], row["size"], row["added_by"]) == (
        "现场.PNG",
        "image/png",
        len(PNG),
        "li",
    )
    assert content(installation, row) == PNG
    with register.reading() as connection:
        assert [step["action"] for step in history_of(connection, "visit", a_visit)] == ["add", "evidence"]


def test_a_name_is_no_path_and_ends_as_its_content_says(register, installation, a_visit):
    keep(register, installation, "visit", a_visit, "..\\..\\x/../凭据\u202egpj.exe", PNG, "li")
    assert [row["name"] for row in of_visit(register, a_visit)] == ["凭据gpj.exe.png"]


def test_what_is_too_large_or_empty_is_refused(register, installation, a_visit):
    small = replace(installation, config=replace(installation.config, evidence_mb=1))
    keep(register, small, "visit", a_visit, "a.png", PNG.ljust(1024 * 1024, b"x"), "li")
    with pytest.raises(EvidenceError, match="evidence_mb"):
        keep(register, small, "visit", a_visit, "a.png", PNG.ljust(1024 * 1024 + 1, b"x"), "li")
    with pytest.raises(EvidenceError, match="空文件"):
        keep(register, small, "visit", a_visit, "a.png", b"", "li")


def test_evidence_of_nothing_is_refused(register, installation, a_visit):
    for of, key in (("visit", "99"), ("visit", "x"), ("appraisal_entry", "1/7")):
        with pytest.raises(LookupError):
            keep(register, installation, of, key, "a.png", PNG, "li")
    with pytest.raises(ValueError, match="history"):
        keep(register, installation, "history", "1", "a.png", PNG, "li")


def test_a_row_with_several_parts_in_its_key(register, installation):
    row = {"round": 1, "unit": 7, "staff_no": "", "item": "a/b"}
    with register.writing() as connection:
        add(connection, appraisal_entry, row, "li")
    assert keep(register, installation, "appraisal_entry", "1/7//a/b", "a.png", PNG, "li") == 1


def test_bytes_go_with_the_last_row_that_has_them(register, installation, a_visit):
    with register.writing() as connection:
        row = {"unit": 8, "kind": "monthly", "planned_on": date(2026, 3, 5), "state": "planned"}
        other = str(add(connection, visit, row, "li"))
    first = keep(register, installation, "visit", a_visit, "a.png", PNG, "li")
    second = keep(register, installation, "visit", other, "b.png", PNG, "li")
    (row,) = of_visit(register, other)
    remove(register, installation, first, "wang", "another visit's photo")
    assert of_visit(register, a_visit) == []
    assert content(installation, row) == PNG
    remove(register, installation, second, "wang", "taken twice")
    with pytest.raises(EvidenceError, match="备份"):
        content(installation, row)
    with pytest.raises(LookupError):
        remove(register, installation, second, "wang", "taken twice")
    with register.reading() as connection:
        last = history_of(connection, "visit", a_visit)[-1]
        rows = connection.execute(select(evidence.c.removed_by, evidence.c.removed_why)).all()
    assert (last["action"], last["by"], last["before"]["name"]) == ("remove_evidence", "wang", "a.png")
    assert last["after"] == {"reason": "another visit's photo"}
    assert {tuple(row) for row in rows} == {("wang", "another visit's photo"), ("wang", "taken twice")}


def test_nothing_goes_without_a_reason(register, installation, a_visit):
    number = keep(register, installation, "visit", a_visit, "a.png", PNG, "li")
    with pytest.raises(EvidenceError, match="原因"):
        remove(register, installation, number, "wang", "  ")
    (row,) = of_visit(register, a_visit)
    assert content(installation, row) == PNG


def test_a_damaged_file_is_told(register, installation, a_visit):
    keep(register, installation, "visit", a_visit, "a.png", PNG, "li")
    (row,) = of_visit(register, a_visit)
    next((installation.folder / "evidence").rglob(row["sha256"])).write_bytes(PNG + b"!")
    with pytest.raises(EvidenceError, match="损坏"):
        content(installation, row)
