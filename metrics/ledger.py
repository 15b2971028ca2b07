"""The book of imports, for the data page: batches, their files, and what was wrong in them.

Figures are scoped by unit; files are not, and a value that was rejected may be personal (it is kept cut to its ends).
So only who brings files in reads this book.
"""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, Integer, case, cast, func, inspect, select

from data.records import SCHEMA, batch, event, problem, source_file
from data.store import read_frame
from metrics.principal import Principal

COUNTS = ("read", "new", "replaced", "unchanged", "waiting", "rejected", "set_aside", "withdrawn")


_ORDER = case({"reject": 0, "wait": 1}, value=problem.c.severity, else_=2)  # what was refused comes first


def last_event(_principal: Principal, connection: Connection) -> int | None:
    """The last change of what is known. Its number is no secret: figures name the one that they are of."""
    return connection.scalar(select(func.max(event.c.event)))


def batches(principal: Principal, connection: Connection, most: int = 50) -> pd.DataFrame:
    """The latest batches, newest first: batch, at, by, undone_by, files and COUNTS summed over files."""
    _check(principal)
    sums = [cast(func.coalesce(func.sum(_rows(name)), 0), Integer).label(name) for name in COUNTS]
    statement = (
        select(batch, func.count(source_file.c.file).label("files"), *sums)
        .select_from(batch.outerjoin(source_file, source_file.c.batch == batch.c.batch))
        .group_by(*batch.c)
        .order_by(batch.c.batch.desc())
        .limit(most)
    )
    return read_frame(connection, statement)


def files(principal: Principal, connection: Connection, number: int) -> pd.DataFrame:
    """The files of one batch: file, name, sheet, layout, made_on, encoding, snapshot, unknown_columns and COUNTS."""
    _check(principal)
    c = source_file.c
    about = (c.file, c.name, c.sheet, c.layout, c.made_on, c.encoding, c.snapshot, c.unknown_columns)
    counted = [_rows(name).label(name) for name in COUNTS]
    return read_frame(connection, select(*about, *counted).where(c.batch == number).order_by(c.file))


def entries(principal: Principal, connection: Connection, prefix: str, most: int = 10) -> pd.DataFrame:
    """The latest files whose name begins with ``prefix``: batch, at, by, undone_by, name, layout and COUNTS."""
    _check(principal)
    c = source_file.c
    statement = (
        select(batch, c.name, c.layout, *[_rows(name).label(name) for name in COUNTS])
        .join(source_file, c.batch == batch.c.batch)
        .where(c.name.startswith(prefix))
        .order_by(batch.c.batch.desc())
        .limit(most)
    )
    return read_frame(connection, statement)


def problems(
    principal: Principal, connection: Connection, number: int, page: int, size: int
) -> tuple[int, pd.DataFrame]:
    """(how many, one page) of a batch's problems: file name, sheet, line, column, value, rule, severity."""
    _check(principal)
    total = connection.scalar(select(func.count()).where(problem.c.batch == number))
    c = problem.c
    statement = (
        select(source_file.c.name, c.sheet, c.line, c.column_name, c.value, c.rule, c.severity)
        .select_from(problem.join(source_file, source_file.c.file == c.file))
        .where(c.batch == number)
        .order_by(_ORDER, c.file, c.line, c.column_name)
        .limit(size)
        .offset((page - 1) * size)
    )
    return int(total or 0), read_frame(connection, statement)


def problem_kinds(principal: Principal, connection: Connection, number: int) -> pd.DataFrame:
    """How often each rule was broken in a batch: rule, severity, times; most first."""
    _check(principal)
    c = problem.c
    times = func.count().label("times")
    statement = (
        select(c.rule, c.severity, times)
        .where(c.batch == number)
        .group_by(c.rule, c.severity)
        .order_by(_ORDER, times.desc(), c.rule)
    )
    return read_frame(connection, statement)


def masked(value: object) -> object:
    """A value as it may stand on a page: of a long run of digits only the ends."""
    if not isinstance(value, str) or sum(ch.isdigit() for ch in value) < 9:
        return value
    return f"{value[:3]}{'*' * (len(value) - 5)}{value[-2:]}"


def _check(principal: Principal) -> None:
    principal.require("import")


def has_book(connection: Connection) -> bool:
    """False in an empty store, which has no tables yet."""
    return inspect(connection).has_table("batch", schema=SCHEMA)


def _rows(name: str):
    return source_file.c[f"rows_{name}"]
