"""Texts from outside, made fit to be kept and shown: as names of files, as cells of a spreadsheet, as words on a page."""

from __future__ import annotations

import re
import unicodedata

# Controls, what turns the direction of writing (a name could show as another), half a character, and what XML cannot hold.
_UNFIT = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
_IN_TEXTS = re.compile(f"[{_UNFIT}]")
_IN_CELLS = re.compile(f"[{_UNFIT}\t\r\n]")
_IN_NAMES = re.compile(r'[<>:"|?*]')
_NAME_BYTES = 200  # file systems take 255, and a suffix of ours may follow
# Windows opens devices under these names, whatever follows the first point.
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{kind}{number}" for kind in ("com", "lpt") for number in range(1, 10))]
)
# With these a spreadsheet takes a cell of a csv file for a formula; some read the full-width ones alike.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cleaned(text: str) -> str:
    """A text of several lines without what nobody sees."""
    return _IN_TEXTS.sub("", text)


def cleaned_cell(text: str) -> str:
    """The same for one line; tabs and line breaks go too."""
    return _IN_CELLS.sub("", text)


def file_name(given: str) -> str:
    """The name of a file that somebody uploads: no folders, nothing that a file system refuses or a terminal obeys."""
    last = re.split(r"[/\\]", given)[-1]
    last = unicodedata.normalize("NFC", _IN_NAMES.sub("", cleaned_cell(last))).strip(" .")
    stem, point, suffix = last.rpartition(".")
    if not point:
        stem, suffix = last, ""
    if stem.partition(".")[0].strip().lower() in _DEVICES:
        stem = f"_{stem}"
    ending = f"{point}{suffix}".encode()[:20].decode("utf-8", "ignore")
    return (stem.encode()[:_NAME_BYTES].decode("utf-8", "ignore") or "file") + ending


def harmless(text: str) -> str:
    """A text as a cell of csv: an apostrophe in front of what a spreadsheet would compute."""
    return f"'{text}" if text.startswith(_FORMULA) else text
