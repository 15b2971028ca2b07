"""``export``: figures, and every file that is carried into a meeting, by the ending of its name."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, select

from commands.environment import Stop
from commands.logged import open_log, operator
from commands.progress import Progress
from data.installation import open_installation
from data.register import open_register
from data.store import open_store
from exports import papers
from exports.about import about, lines
from exports.csv import amounts, csv_bytes, values
from exports.download import record_download
from exports.fonts import NoFontError
from exports.map_questions import QUESTIONS
from metrics import figures
from metrics.appraisal import rounds
from metrics.appraisal.ground import RoundError
from metrics.card import Card
from metrics.cards import CARDS
from metrics.figures import Built, built
from metrics.principal import LOCAL
from metrics.published import figure, unit
from metrics.siting.asking import MOST_NEW, Answer, Question, case, setting, solved
from metrics.supervision import findings as supervision
from metrics.supervision.states import SupervisionError
from metrics.units import unit_suffix
from metrics.wording import month_code

_WRITES = ".csv .pptx .docx .xlsx .png .svg .geojson"


def main(arguments: argparse.Namespace) -> int:
    """Write one file. What it is follows from its ending."""
    target = Path(arguments.file)
    kind = target.suffix.lower()
    if kind not in _WRITES.split():
        raise Stop(f"文件名须以 {_WRITES} 之一结尾。The file's name must end in one of {_WRITES}.")
    if not target.absolute().parent.is_dir():
        raise Stop(f"没有文件夹 {target.parent}。There is no folder {target.parent}.")
    if sum(map(bool, (arguments.round, arguments.finding, arguments.scorecard))) > 1:
        raise Stop("--round、--scorecard、--finding 只能选一个。Say one of --round, --scorecard, --finding.")
    if arguments.map is not None and arguments.map not in QUESTIONS:
        raise Stop(f"--map 须为以下之一。--map must be one of: {', '.join(QUESTIONS)}.")
    if not 0 < arguments.new <= MOST_NEW:
        raise Stop(f"--new 须为 1 至 {MOST_NEW}。--new must be 1 to {MOST_NEW}.")
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
        month = None if arguments.month is None else _month(arguments.month, last)
        if kind == ".csv":
            whose = None if arguments.unit is None else _unit(published, arguments.unit)
            frame = figure_table(published, arguments.language, month, whose)
            name = last.bureau if whose is None else frame["unit_name"].iloc[0]
            origin = about(last, name, month, LOCAL.name, datetime.now())
            content = csv_bytes(frame, lines(origin, arguments.language))
        else:
            register = open_register(installation)
            held.callback(register.close)
            desk = papers.Desk(
                principal=LOCAL,
                published=published,
                register=held.enter_context(register.reading()),
                unit=_unit(published, arguments.unit),
                month=last.last_month if month is None else month,
                language=arguments.language,
            )
            content = _paper(desk, kind[1:], arguments, installation.config.proposal_seconds).content
    told = {"file": target.name, "unit_code": arguments.unit or "", "month": arguments.month or "newest"}
    with open_log(installation) as log:
        record_download(log, operator(), f"manage.py export {_words(arguments)}", len(content), told)
    try:
        target.write_bytes(content)
    except OSError as error:
        raise Stop(f"无法写入 {target}。Cannot write {target}: {error.strerror}.") from error
    print(f"{target}: {len(content):,} 字节 · bytes")
    return 0


def _words(arguments: argparse.Namespace) -> str:
    """What kind of file was asked for."""
    said = [Path(arguments.file).suffix.lower()]
    said += [name for name in ("round", "finding", "map", "indicator", "what") if getattr(arguments, name)]
    return " ".join([*said, *(["scorecard"] if arguments.scorecard else [])])


def _unit(published: Connection, code: str | None) -> int:
    """The unit of a code; the bureau where none is said."""
    tree = figures.units(LOCAL, published)
    chosen = tree.iloc[:1] if code is None else tree[tree["code"] == code]
    if chosen.empty:
        raise Stop(f"没有代码为 {code} 的机构。There is no unit with the code {code}.")
    return int(chosen["unit"].iloc[0])


def _month(code: str, last: Built) -> int:
    """A month of YYYY-MM that has figures."""
    year, number = map(int, code.split("-"))
    month = year * 12 + number - 1
    if not last.first_month <= month <= last.last_month:
        first, newest = month_code(last.first_month), month_code(last.last_month)
        raise Stop(f"{code} 没有数据（{first} 至 {newest}）。No figures of {code} ({first} to {newest}).")
    return month


def _paper(desk: papers.Desk, kind: str, arguments, seconds: int) -> papers.Paper:
    with Progress(f"生成 {kind} · making {kind}") as progress:

        def step(what: str, share: float) -> None:
            progress(what, share, 1)

        try:
            if kind == "pptx":
                return papers.quarterly_deck(desk, step)
            if arguments.what == "proposal" and kind in ("xlsx", "geojson"):
                return papers.proposal_paper(desk, _proposal(desk, arguments, seconds), kind)
            if kind == "geojson" or (kind == "xlsx" and arguments.what == "cells"):
                return papers.cells_paper(desk, kind, step)
            if kind == "xlsx":
                return papers.workbook_paper(desk, step)
            if kind == "docx":
                return _document(desk, arguments)
            if arguments.map is not None:
                return papers.map_picture(desk, arguments.map, kind)
            if arguments.indicator not in CARDS:
                raise Stop(
                    "图片须用 --indicator 指明指标，如 htn_control_rate，或用 --map 指明地图，如 beyond。"
                    "A picture needs --indicator and the key of a card, or --map and a question."
                )
            return papers.picture_paper(desk, arguments.indicator, arguments.chart, kind)
        except (RoundError, SupervisionError, NoFontError, papers.NoMapError) as error:
            raise Stop(str(error)) from error


def _proposal(desk: papers.Desk, arguments, seconds: int) -> Answer:
    """The best sites for the goal, within the time that the configuration gives."""
    where = setting(desk.principal, desk.published)
    if where is None or where.units.empty:
        raise papers.NoMapError
    of = case(where, arguments.sites)
    if of.sites.empty:
        raise Stop(f"没有候选点（{arguments.sites}）。There are no sites of the source {arguments.sites}.")
    new = min(arguments.new, len(of.sites))
    return solved(of, Question(goal=arguments.goal, new=new, source=arguments.sites), seconds)


def _document(desk: papers.Desk, arguments) -> papers.Paper:
    if arguments.scorecard:
        return papers.scorecard_paper(desk)
    if arguments.finding is not None:
        known = supervision.findings(LOCAL, desk.register)
        if not (known["finding"] == arguments.finding).any():
            raise Stop(f"没有第 {arguments.finding} 号问题。There is no finding {arguments.finding}.")
        return papers.notice_paper(desk, arguments.finding)
    if arguments.round is None:
        return papers.summary_paper(desk)
    known = rounds.rounds(LOCAL, desk.register)
    row = known[known["round"] == arguments.round]
    if row.empty or row["state"].iloc[0] != "published":
        raise Stop(
            f"没有已发布的第 {arguments.round} 轮考核。There is no published round {arguments.round} of appraisal."
        )
    if row["subject"].iloc[0] != "unit":
        raise Stop(
            f"第 {arguments.round} 轮考核的是乡村医生，通报只写机构。"
            f"Round {arguments.round} is about village doctors: a circular names institutions."
        )
    return papers.circular_paper(desk, arguments.round)


def figure_table(
    connection: Connection, language: str, month: int | None = None, unit_number: int | None = None
) -> pd.DataFrame:
    """One row a figure, in the order of the catalogue; of a month and a unit where they are said.

    Shares are in per cent and amounts in yuan and hours, as pages show them: ``value`` in ``counted_in``,
    ``numerator`` and, where ``parts_in`` says so, ``denominator`` in ``parts_in``.
    """
    statement = select(figure, unit.c.code, unit.c.name).join(unit, unit.c.unit == figure.c.unit)
    if month is not None:
        statement = statement.where(figure.c.month == month)
    if unit_number is not None:
        statement = statement.where(figure.c.unit == unit_number)
    result = connection.execute(statement)
    frame = pd.DataFrame(result.fetchall(), columns=list(result.keys()))
    place = {key: number for number, key in enumerate(CARDS)}
    frame = frame[frame["indicator"].isin(list(CARDS))]
    frame = frame.assign(place=frame["indicator"].map(place))
    frame = frame.sort_values(["place", "month", "code", "basis", "stratum"], kind="stable")
    parts = [_of_card(CARDS[key], rows, language) for key, rows in frame.groupby("indicator", sort=False)]
    return (
        pd.concat(parts, ignore_index=True) if parts else _of_card(CARDS[next(iter(CARDS))], frame, language)
    )


def _of_card(card: Card, rows: pd.DataFrame, language: str) -> pd.DataFrame:
    """The rows of one card as they are written."""
    return pd.DataFrame(
        {
            "system": card.system,
            "indicator": card.key,
            "name_zh": card.name.zh,
            "name_en": card.name.en,
            "unit_code": rows["code"],
            "unit_name": rows["name"],
            "month": rows["month"].map(month_code),
            "basis": rows["basis"],
            "stratum": rows["stratum"],
            "value": pd.Series(values(rows["value"], card.unit), rows.index, dtype=float),
            "counted_in": unit_suffix(card.unit, language),
            "numerator": _amounts(rows["numerator"], card.top_scale),
            "listed": _amounts(rows["listed"], card.bottom_scale),
            "denominator": _amounts(rows["denominator"], card.bottom_scale),
            "parts_in": unit_suffix(card.parts or card.unit, language) if card.top_scale > 1 else "",
            "status": rows["status"],
        }
    )


def _amounts(given: pd.Series, scale: float) -> pd.Series:
    """Whole numbers stay whole beside missing ones; amounts keep their fen."""
    return pd.Series(amounts(given, scale), given.index, dtype="object")
