"""A select as a frame: what a page reads is of the same types whichever engine holds it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import create_engine, make_url, text

from data.store import read_frame

ROWS = """
    SELECT * FROM (VALUES
        (CAST(1 AS SMALLINT), CAST(7 AS BIGINT), CAST(0.5 AS DOUBLE PRECISION), 'ok', DATE '2026-03-01',
         TIMESTAMP '2026-03-01 08:30:00', TRUE),
        (CAST(2 AS SMALLINT), NULL, NULL, NULL, NULL, NULL, NULL)
    ) AS rows (whole, holes, share, words, day, read_at, said)
"""


@pytest.fixture(params=["duckdb", "postgresql"])
def connection(request):
    url = "duckdb://" if request.param == "duckdb" else request.getfixturevalue("postgres_url")
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg2") if "postgres" in url else url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_whole_numbers_words_days_and_what_is_missing(connection):
    frame = read_frame(connection, text(ROWS))
    types = frame.dtypes.astype(str).to_dict()
    assert types == {
        "whole": "int64",
        "holes": "float64",
        "share": "float64",
        "words": "str",
        "day": "object",
        "read_at": "datetime64[us]",
        "said": "object",
    }
    first, second = frame.iloc[0], frame.iloc[1]
    assert (first.whole, first.holes, first.share, first.words) == (1, 7.0, 0.5, "ok")
    assert (first.day, first.read_at, first.said) == (date(2026, 3, 1), datetime(2026, 3, 1, 8, 30), True)
    assert second.drop("whole").isna().all()


def test_a_sum_of_whole_numbers_is_one(connection):
    frame = read_frame(connection, text(f"SELECT sum(holes) AS total, count(*) AS n FROM ({ROWS}) AS r"))
    assert frame.to_dict("records") == [{"total": 7, "n": 2}]
    assert [str(one) for one in frame.dtypes] == ["int64", "int64"]


def test_decimals_are_numbers(connection):
    frame = read_frame(connection, text("SELECT CAST(1.25 AS DECIMAL(9, 2)) AS fee"))
    assert frame["fee"].tolist() == [1.25] and str(frame["fee"].dtype) == "float64"


def test_no_rows_keep_their_names(connection):
    frame = read_frame(connection, text(f"SELECT whole, words FROM ({ROWS}) AS r WHERE whole > 9"))
    assert list(frame.columns) == ["whole", "words"] and frame.empty
