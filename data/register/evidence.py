"""Evidence: files that prove what a row of the register says.

Bytes lie in ``<installation>/evidence``, named by their digest; the register knows what they belong to. What a file
is, its first bytes say, whatever its name. Photos are kept without where and with what they were taken
(``photos.py``), papers as they are. On a bureau server with several machines the folder must be shared.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import uuid
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from data.installation import Installation
from data.register.book import Register, next_number, note, written
from data.register.photos import PhotoError, TooLargeError, plain
from data.register.tables import SCHEMA, evidence, metadata

FOLDER = "evidence"
#: What evidence may belong to: tables of the register.
OF = ("finding", "visit", "appraisal_entry", "appeal")
#: Media type -> how such a file's name may end, the usual way first.
ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
}
_OFFICE = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx"}
_LONGEST_NAME = 120
_MB = 1024 * 1024
_MILLION = 1_000_000


class EvidenceError(Exception):
    """A file that is not kept; the message says why and what to do, in both languages."""


def keep(
    register: Register,
    installation: Installation,
    of: str,
    key: str,
    name: str,
    content: bytes,
    by: str,
) -> int:
    """Keep a file as evidence of the row ``key`` (its parts joined by /) of a table; gives its number.

    Raises EvidenceError for what is too large or not among ``ENDINGS``, LookupError when there is no such row. The same
    file given twice for one row is kept once. Whoever calls must have made sure that the row is in scope.
    """
    media = checked(installation, name, content)
    if media.startswith("image/"):
        content = _plain_photo(installation, name, content, media)
    digest = hashlib.sha256(content).hexdigest()
    with register.writing() as connection:
        _require_row(connection, of, key)
        there = connection.execute(
            select(evidence.c.evidence).where(*_in_place(of, key), evidence.c.sha256 == digest)
        ).scalar()
        if there is not None:
            return there
        _write(installation, digest, content)
        row = {
            "evidence": next_number(connection, evidence),
            "of": of,
            "key": key,
            "name": _clean(name, media),
            "media": media,
            "size": len(content),
            "sha256": digest,
            "added_at": datetime.now().replace(microsecond=0),
            "added_by": by,
        }
        connection.execute(insert(evidence).values(row))
        note(connection, of, key, "evidence", by, after={"name": row["name"], "sha256": digest})
        return row["evidence"]


def checked(installation: Installation, name: str, content: bytes) -> str:
    """The media type of a file that may be kept. Raises EvidenceError for any other."""
    most = installation.config.evidence_mb
    if not content:
        raise EvidenceError(f"{name} 是空文件，请重新选择。\n{name} is empty: choose another file.")
    if len(content) > most * _MB:
        size = len(content) / _MB
        raise EvidenceError(
            f"{name} 有 {size:.1f} MB，超过上限 {most} MB。请压缩后再传，或由管理员修改 config.toml 中的 evidence_mb。\n"
            f"{name} has {size:.1f} MB, more than the {most} MB that are kept: make it smaller, or change evidence_mb "
            "in config.toml."
        )
    media = media_of(content)
    if media is None:
        raise EvidenceError(
            f"{name} 不是可以保存的文件（按内容判断）。可用照片 JPG、PNG、WebP，文件 PDF、DOCX、XLSX（不含宏）。\n"
            f"{name} is no file that is kept (judged by what is in it): photos as JPG, PNG or WebP, papers as PDF, DOCX "
            "or XLSX without macros."
        )
    return media


def _plain_photo(installation: Installation, name: str, content: bytes, media: str) -> bytes:
    """The photo without its metadata. Raises EvidenceError where it has too many pixels or cannot be read."""
    most = installation.config.evidence_megapixels
    try:
        return plain(content, media, most * _MILLION)
    except TooLargeError as error:
        size = "" if error.size is None else " × ".join(f"{side:,}" for side in error.size)
        raise EvidenceError(
            f"{name} 的画面{f'（{size} 像素）' if size else ''}超过上限 {most} 百万像素，可能会占满内存。"
            "请缩小后再传，或由管理员修改 config.toml 中的 evidence_megapixels。\n"
            f"The picture of {name}{f' ({size} pixels)' if size else ''} is larger than the {most} million pixels that "
            "are kept, and could fill the memory: make it smaller, or change evidence_megapixels in config.toml."
        ) from error
    except PhotoError as error:
        raise EvidenceError(
            f"{name} 不是完整的照片，无法读取。请重新拍照或另存后再传。\n"
            f"{name} is no whole photo and cannot be read: take it again, or save it anew."
        ) from error


def media_of(content: bytes) -> str | None:
    """What a file is, by its content; None for whatever is not kept."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    return _office(content) if content.startswith(b"PK\x03\x04") else None


def _office(content: bytes) -> str | None:
    """Word and Excel files are archives: told by the parts in them. Nothing is unpacked; macros are not kept."""
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names) or "[Content_Types].xml" not in names:
        return None
    endings = [ending for part, ending in _OFFICE.items() if part in names]
    return next((media for media, known in ENDINGS.items() if known[:1] == tuple(endings)), None)


def listed(connection: Connection, of: str, key: str) -> list[dict[str, Any]]:
    """The evidence of a row, oldest first: rows of the table ``evidence``, without what was removed.

    Whoever asks must have made sure that the row is in the asker's scope.
    """
    rows = connection.execute(select(evidence).where(*_in_place(of, key)).order_by(evidence.c.evidence))
    return [dict(row) for row in rows.mappings()]


def content(installation: Installation, row: Mapping[str, Any]) -> bytes:
    """The bytes of a piece of evidence. Raises EvidenceError when they are gone or damaged."""
    try:
        found = _path(installation, row["sha256"]).read_bytes()
    except OSError as error:
        raise EvidenceError(
            f"{row['name']} 的文件不在了，请从备份恢复 {FOLDER} 文件夹。\n"
            f"The file of {row['name']} is gone: restore the folder {FOLDER} from a backup."
        ) from error
    if hashlib.sha256(found).hexdigest() != row["sha256"]:
        raise EvidenceError(
            f"{row['name']} 的文件已损坏，请从备份恢复 {FOLDER} 文件夹。\n"
            f"The file of {row['name']} is damaged: restore the folder {FOLDER} from a backup."
        )
    return found


def remove(register: Register, installation: Installation, number: int, by: str, reason: str) -> None:
    """Take a piece of evidence away, its bytes too where no other row has the same file; that it was there stays, and why
    it went. Raises EvidenceError without a reason, LookupError where it is not there (any more).

    Whoever calls must have made sure that it may be taken away (``metrics.proof``).
    """
    if not (why := written(reason).strip()):
        raise EvidenceError("请写明删除的原因。\nSay why it is taken away.")
    with register.writing() as connection:
        row = connection.execute(
            select(evidence).where(evidence.c.evidence == number, evidence.c.removed_at.is_(None))
        ).mappings()
        row = row.first()
        if row is None:
            raise LookupError(f"no evidence {number}")
        connection.execute(
            update(evidence)
            .where(evidence.c.evidence == number)
            .values(removed_at=datetime.now().replace(microsecond=0), removed_by=by, removed_why=why)
        )
        before = {"name": row["name"], "sha256": row["sha256"]}
        after = {"reason": why}
        note(connection, row["of"], row["key"], "remove_evidence", by, before=before, after=after)
    # Only once that stands; and alone, so that nobody keeps the same file meanwhile.
    with register.writing() as connection:
        others = select(func.count()).where(
            evidence.c.sha256 == row["sha256"], evidence.c.removed_at.is_(None)
        )
        if not connection.execute(others).scalar_one():
            _path(installation, row["sha256"]).unlink(missing_ok=True)


def _in_place(of: str, key: str) -> list:
    return [evidence.c.of == of, evidence.c.key == key, evidence.c.removed_at.is_(None)]


def _require_row(connection: Connection, of: str, key: str) -> None:
    if of not in OF:
        raise ValueError(f"evidence belongs to one of {', '.join(OF)}, not to {of!r}")
    table = metadata.tables[f"{SCHEMA}.{of}"]
    columns = list(table.primary_key.columns)
    parts = key.split("/", len(columns) - 1)
    try:
        where = [c == c.type.python_type(part) for c, part in zip(columns, parts, strict=True)]
    except ValueError as error:
        raise LookupError(f"no {of} {key!r}") from error
    if connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one() != 1:
        raise LookupError(f"no {of} {key!r}")


def _path(installation: Installation, digest: str) -> Path:
    return installation.folder / FOLDER / digest[:2] / digest


def _write(installation: Installation, digest: str, content: bytes) -> None:
    """Whole or not at all: written beside, then renamed."""
    path = _path(installation, digest)
    if path.exists() and path.read_bytes() == content:
        return
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    part = path.with_name(f"{digest}.{uuid.uuid4().hex}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _clean(name: str, media: str) -> str:
    """The name without folders and control characters, ending as its content says."""
    name = PurePosixPath(name.replace("\\", "/")).name
    name = re.sub(r'[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069<>:"|?*]', "", name).strip(" .") or "file"
    endings = ENDINGS[media]
    if not name.lower().endswith(endings):
        name += endings[0]
    if len(name) > _LONGEST_NAME:
        stem, _, ending = name.rpartition(".")
        name = f"{stem[: _LONGEST_NAME - len(ending) - 1]}.{ending}"
    return name
