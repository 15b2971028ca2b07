"""``build``, ``export`` and ``catalogue``: from records to figures, and figures as text."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
from sqlalchemy import select

from commands.environment import Stop
from commands.installation import build_figures
from commands.systems import listing, missing, summary
from data.installation import Installation, open_installation
from data.store import open_store
from exports.csv import csv_bytes
from exports.download import record_download
from metrics.cards import CARDS
from metrics.figures import Built, built
from metrics.principal import LOCAL
from metrics.published import figure, unit


def build(_arguments: argparse.Namespace) -> int:
    """Every figure anew, from the records."""
    installation = open_installation()
    store = open_store(installation)
    try:
        build_figures(store, installation, full=True)
    finally:
        store.close()
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Every published figure as one csv file, with words and codes."""
    installation = open_installation()
    target = Path(arguments.file)
    store = open_store(installation)
    try:
        if store.generation() == 0:
            raise Stop("还没有指标可导出。There are no figures yet: import files first.")
        with store.published() as connection:
            last = built(connection)
            frame = _figures(connection, arguments.month)
    finally:
        store.close()
    content = csv_bytes(frame, _notes(installation, last))
    record_download(LOCAL, f"export {arguments.month or 'all'}", len(content))
    try:
        target.write_bytes(content)
    except OSError as error:
        raise Stop(f"无法写入 {target}。Cannot write {target}: {error.strerror}.") from error
    print(f"{target}: {len(frame):,} 行 · rows")
    return 0


def _figures(connection, month: str | None) -> pd.DataFrame:
    """One row a figure, in the order of the catalogue; ``month`` is YYYY-MM."""
    statement = select(figure, unit.c.code, unit.c.name).join(unit, unit.c.unit == figure.c.unit)
    if month:
        year, number = map(int, month.split("-"))
        statement = statement.where(figure.c.month == year * 12 + number - 1)
    result = connection.execute(statement)
    frame = pd.DataFrame(result.fetchall(), columns=list(result.keys()))
    frame = frame[frame["indicator"].isin(list(CARDS))]
    place = {key: number for number, key in enumerate(CARDS)}
    frame = frame.sort_values(["indicator", "month", "code", "basis", "stratum"], kind="stable")
    frame = frame.sort_values("indicator", key=lambda keys: keys.map(place), kind="stable")
    return pd.DataFrame(
        {
            "system": frame["indicator"].map(lambda key: CARDS[key].system),
            "indicator": frame["indicator"],
            "name_zh": frame["indicator"].map(lambda key: CARDS[key].name.zh),
            "name_en": frame["indicator"].map(lambda key: CARDS[key].name.en),
            "counted_in": frame["indicator"].map(lambda key: str(CARDS[key].unit)),
            "unit_code": frame["code"],
            "unit_name": frame["name"],
            "month": frame["month"].map(lambda number: f"{number // 12}-{number % 12 + 1:02}"),
            **{name: frame[name] for name in ("basis", "stratum")},
            **{name: frame[name].astype("Int64") for name in ("numerator", "listed", "denominator")},
            **{name: frame[name] for name in ("value", "status")},
        }
    )


def _notes(installation: Installation, last: Built) -> list[str]:
    """What the figures rest on; a demo says that it is one."""
    notes = [
        f"数据截至 · data until {last.data_until}",
        f"事件 · event {last.event}, {last.built_at:%Y-%m-%d %H:%M}",
    ]
    if installation.is_demo:
        notes.insert(0, "演示数据：机构与人员均为虚构 · demo data: units and people are invented")
    return notes


def catalogue(arguments: argparse.Namespace) -> int:
    """Every requirement by system, with its form, cards and records; or only those without a card (exit 1)."""
    language = arguments.language
    if not arguments.missing:
        print(listing(language))
        return 0
    open_ones = missing(language)
    print("\n".join(part for part in (open_ones, summary(language)) if part))
    return 1 if open_ones else 0
