"""What leaves: csv that opens rightly and runs nothing, and a note of every download."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace

import pandas as pd
import pytest
from sqlalchemy.exc import OperationalError

from data.access import audit, searching
from data.access.tables import PLAN
from data.small_database import DatabaseBusyError, open_database
from exports.csv import csv_bytes
from exports.download import Download, download
from metrics.logbook import NotLoggedError
from metrics.principal import LOCAL, NOTHING, NotAllowedError
from tests.roles import as_role


def test_csv_opens_in_excel():
    """A byte order mark, rows, an empty cell for what is missing, and the notes below."""
    content = csv_bytes(pd.DataFrame({"机构": ["甲"], "值": [None]}), ["演示数据"])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").split("\r\n") == ["机构,值", "甲,", "", "演示数据", ""]


def test_csv_holds_no_formula():
    frame = pd.DataFrame({"=a": ["=1+1", "+86", "-3", "@x"], "n": [-1, 2, 3, 4]})
    lines = csv_bytes(frame).decode("utf-8-sig").split("\r\n")
    assert lines[:5] == ["'=a,n", "'=1+1,-1", "'+86,2", "'-3,3", "'@x,4"]


@pytest.fixture
def log(tmp_path):
    opened = open_database(SimpleNamespace(database="", folder=tmp_path), PLAN)
    yield opened
    opened.close()


FILE = Download("名单.csv", "text/csv", lambda: b"abc", {"n": 3})


def entries(log) -> list[dict]:
    with log.reading() as connection:
        return searching.page(connection, searching.Wanted(), 1, 10)


def test_every_download_is_noted(log):
    assert download(log, LOCAL, "gap htn 0102 2026-10", FILE)() == b"abc"
    (one,) = entries(log)
    assert (one["who"], one["what"]) == ("local", "export")
    assert one["about"] == {"what": "gap htn 0102 2026-10", "file": "名单.csv", "n": 3, "bytes": 3}


def test_what_people_called_their_own_file_is_not_noted(log):
    file = Download("张三.jpg", "image/jpeg", lambda: b"abc", named_here=False)
    download(log, LOCAL, "evidence finding 1 2", file)()
    assert "张三" not in str(entries(log))


def test_nothing_is_given_without_the_right(log):
    who = as_role("ma", "auditor", NOTHING, NOTHING)
    with pytest.raises(NotAllowedError):
        download(log, who, "deck", FILE)()
    assert entries(log) == []


def test_nothing_is_given_when_the_log_cannot_be_written(log, monkeypatch):
    """Busy, or a disk that is full: whoever asked gets a message, not the file."""

    @contextmanager
    def writing():
        raise DatabaseBusyError("busy")
        yield

    monkeypatch.setattr(log, "writing", writing)
    with pytest.raises(NotLoggedError, match="日志无法写入"):
        download(log, LOCAL, "deck", FILE)()


def test_nothing_is_given_when_the_disk_is_full(log, monkeypatch):
    def full(*_):
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(audit, "append", full)
    with pytest.raises(NotLoggedError, match="The log cannot be written"):
        download(log, LOCAL, "deck", FILE)()
