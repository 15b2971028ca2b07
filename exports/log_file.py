"""The log as a csv file: each entry in words and as it is kept, with its hash."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from data.access.searching import Wanted, each
from exports.csv import csv_bytes
from exports.log_words import Names, at_home, kind, role, sentence
from exports.words import text
from metrics.logbook import plain


def csv_of(
    connection: Connection, wanted: Wanted, last: int, names: Names, language: str = "zh"
) -> tuple[bytes, int]:
    """The entries that are wanted up to the entry ``last``, oldest first: the file, and how many there are."""
    said = text(language)
    rows = [
        (
            one["entry"],
            f"{at_home(one['at']):%Y-%m-%d %H:%M:%S}",
            f"{one['at']:%Y-%m-%dT%H:%M:%SZ}",
            one["who"],
            role(one["role"], language),
            one["address"],
            kind(one["what"], language),
            sentence(one["what"], one["about"], names, language),
            plain(one["about"]),
            one["chain"],
        )
        for one in each(connection, wanted, last)
    ]
    heads = ("entry", "at", "utc", "who", "role", "address", "what", "words", "about", "chain")
    frame = pd.DataFrame(rows, columns=[said(f"log.head.{name}") for name in heads], dtype=object)
    return csv_bytes(frame, [said("log.file_note", n=len(rows), last=last)]), len(rows)
