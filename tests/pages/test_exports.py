"""What leaves: csv that opens rightly and runs nothing, and a note of every download."""

from __future__ import annotations

import logging

import pandas as pd

from exports.csv import csv_bytes
from exports.download import Download, download
from metrics.principal import LOCAL


def test_csv_opens_in_excel():
    """A byte order mark, rows, an empty cell for what is missing, and the notes below."""
    content = csv_bytes(pd.DataFrame({"机构": ["甲"], "值": [None]}), ["演示数据"])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").split("\r\n") == ["机构,值", "甲,", "", "演示数据", ""]


def test_csv_holds_no_formula():
    frame = pd.DataFrame({"=a": ["=1+1", "+86", "-3", "@x"], "n": [-1, 2, 3, 4]})
    lines = csv_bytes(frame).decode("utf-8-sig").split("\r\n")
    assert lines[:5] == ["'=a,n", "'=1+1,-1", "'+86,2", "'-3,3", "'@x,4"]


def test_every_download_is_noted(caplog):
    deliver = download(LOCAL, "gap htn 0102 2026-10", Download("a.csv", "text/csv", lambda: b"abc"))
    with caplog.at_level(logging.INFO, "jiceng.downloads"):
        assert deliver() == b"abc"
    assert "local" in caplog.text
    assert "gap htn 0102 2026-10" in caplog.text
