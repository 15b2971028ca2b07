"""``export``: figures, and every file that is carried into a meeting, by the ending of its name."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pandas as pd
from sqlalchemy import select

from commands.environment import Stop
from commands.progress import Progress
from data.installation import Installation, open_installation
from data.register import open_register
from data.store import open_store
from exports import papers
from exports.about import about, lines
from exports.csv import csv_bytes
from exports.download import record_download
from exports.fonts import NoFontError
from metrics import figures
from metrics.appraisal.rounds import RoundError
from metrics.cards import CARDS
from metrics.figures import Built, built
from metrics.principal import LOCAL
from metrics.published import figure, unit
from metrics.wording import month_code

_WRITES = ".csv .pptx .docx .xlsx .png .svg"


def main(arguments: argparse.Namespace) -> int:
    """Write one file. What it is follows from its ending."""
    target = Path(arguments.file)
    kind = target.suffix.lower()
    if kind not in _WRITES.split():
        raise Stop(f"文件名须以 {_WRITES} 之一结尾。The file's name must end in one of {_WRITES}.")
    installation = open_installation()
    with ExitStack() as held:
        store = open_store(installation)
        held.callback(store.close)
        if store.generation() == 0:
            raise Stop("还没有指标可导出。There are no figures yet: import files first.")
        published = held.enter_context(store.published())
        last = built(published)
        if last is None:
            raise Stop("还没有指标可导出。There are no figures yet: run manage.py build.")
        if kind == ".csv":
            content = csv_bytes(_figures(published, arguments.month), _origin(last, arguments.language))
        else:
            register = open_register(installation)
            held.callback(register.close)
            desk = _desk(installation, published, held.enter_context(register.reading()), last, arguments)
            content = _paper(desk, kind[1:], arguments).content
    record_download(LOCAL, f"export {target.suffix} {arguments.month or 'newest'}", len(content))
    try:
        target.write_bytes(content)
    except OSError as error:
        raise Stop(f"无法写入 {target}。Cannot write {target}: {error.strerror}.") from error
    print(f"{target}: {len(content):,} 字节 · bytes")
    return 0


def _desk(installation: Installation, published, register, last: Built, arguments) -> papers.Desk:
    tree = figures.units(LOCAL, published)
    chosen = tree.iloc[:1] if arguments.unit is None else tree[tree["code"] == arguments.unit]
    if chosen.empty:
        raise Stop(f"没有代码为 {arguments.unit} 的机构。There is no unit with the code {arguments.unit}.")
    month = last.last_month if arguments.month is None else _month(arguments.month)
    if not last.first_month <= month <= last.last_month:
        first, newest = month_code(last.first_month), month_code(last.last_month)
        raise Stop(
            f"{arguments.month} 没有数据（{first} 至 {newest}）。No figures of that month ({first} to {newest})."
        )
    return papers.Desk(
        principal=LOCAL,
        published=published,
        register=register,
        unit=int(chosen["unit"].iloc[0]),
        month=month,
        language=arguments.language,
        rule_m=installation.config.coverage_distance_m,
    )


def _paper(desk: papers.Desk, kind: str, arguments) -> papers.Paper:
    with Progress(f"生成 {kind} · making {kind}") as progress:

        def step(what: str, share: float) -> None:
            progress(what, share, 1)

        try:
            if kind == "pptx":
                return papers.quarterly_deck(desk, step)
            if kind == "xlsx":
                return papers.workbook_paper(desk, step)
            if kind == "docx" and arguments.scorecard:
                return papers.scorecard_paper(desk)
            if kind == "docx":
                return (
                    papers.summary_paper(desk)
                    if arguments.round is None
                    else papers.circular_paper(desk, arguments.round)
                )
            if arguments.indicator not in CARDS:
                raise Stop(
                    "图片须指明指标，如 --indicator htn_control_rate。A picture needs --indicator and the key of a card."
                )
            return papers.picture_paper(desk, arguments.indicator, arguments.chart, kind)
        except (RoundError, LookupError, ValueError, NoFontError) as error:
            raise Stop(str(error)) from error


def _month(code: str) -> int:
    year, number = map(int, code.split("-"))
    return year * 12 + number - 1


def _origin(last: Built, language: str) -> list[str]:
    """What the figures rest on; a demo says that it is one."""
    return lines(about(last, last.bureau, None, LOCAL.name, datetime.now()), language)


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
