"""How long the papers of a meeting take, against as many units and against reading what they are made of.

Measured in a process of its own: ``python -m tests.bench.papers TASK FOLDER``; the last line printed is JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from sqlalchemy import select

from data.installation import make_installation, open_installation
from data.register import add, open_register
from data.register.tables import visit
from data.store import open_store
from exports import docx_blocks, pptx_deck, workbook
from exports.blocks import Document, Paragraph, Table
from exports.deck import quarterly
from metrics import figures
from metrics.appraisal.material import Material, standing
from metrics.appraisal.scoring import Entry, Figure
from metrics.appraisal.sheet import shipped
from metrics.principal import LOCAL
from tests.bench.measure import clock
from tests.bench.table import Table as Measured
from tests.exports import meeting
from tests.pages import sample

UNITS = 40
_ROWS = 4_000  # of a circular's annexes, forty units and their stations
_CLINICS = 400


def papers_table(run: Callable[..., dict], folder: Path) -> Measured:
    """Seconds of each paper of forty units, and how many times that of its material alone."""
    run("prepare", folder, module=__name__)
    read = run("read", folder, module=__name__)
    table = Measured(
        f"会议材料，{UNITS} 个机构 · Papers of {UNITS} units", ["", "秒 · s", "CPU s", "÷ 读数 · reading"]
    )
    table.add("读取全部指标 · reading the figures", f"{read['seconds']:.2f}", f"{read['cpu_seconds']:.2f}")
    for task, label in (
        ("deck", "例会幻灯片 · deck for 40 units"),
        ("circular", f"通报，{_ROWS:,} 行 · circular, rows of annexes"),
        ("book", "工作簿 · workbook"),
        ("scores", f"一轮考核的得分，{_CLINICS} 个村卫生室 · scores of a draft"),
        ("waiting", "有人正在写时的一次读取 · a read of the register during an edit"),
    ):
        one = run(task, folder, module=__name__)
        ratio = one["seconds"] / read["seconds"]
        table.add(label, f"{one['seconds']:.2f}", f"{one['cpu_seconds']:.2f}", f"{ratio:.1f}")
    return table


def prepare(folder: Path) -> dict:
    """A bureau with forty stations directly under it."""
    with clock() as spent:
        store = open_store(make_installation(folder, kind="demo"))
        sample.fill(store, meeting.CARDS)
        meeting.flatten(store)
        store.close()
    return {**spent}


def read(folder: Path) -> dict:
    """What a deck reads, without making it."""
    store = open_store(open_installation(folder))
    with store.published() as connection, clock() as spent:
        figures.standing(LOCAL, connection, meeting.UNIT, meeting.MONTH, meeting.CARDS)
        figures.matrix(LOCAL, connection, meeting.UNIT, meeting.MONTH, meeting.CARDS)
    store.close()
    return {**spent}


def deck(folder: Path) -> dict:
    """The deck of the quarterly meeting: content and file."""
    store = open_store(open_installation(folder))
    with store.published() as connection, clock() as spent:
        about = meeting.about_sample(connection)
        place = meeting.UNIT, meeting.MONTH, meeting.CARDS
        pptx_deck.pptx_bytes(quarterly(LOCAL, connection, *place, about, "zh"))
    store.close()
    return {**spent}


def circular(folder: Path) -> dict:
    """A document as long as a circular's annexes."""
    head = ("排名", "机构名称", "数量（分子）", "基础任务数（分母）", "率或值（%）")
    rows = [(str(n), f"机构{n}", f"{n:,}", f"{2 * n:,}", "50.0") for n in range(1, UNITS + 1)]
    aligns = ("centre", "left", "right", "right", "right")
    tables = tuple(Table(f"指标{n}", head, rows, (1, 6, 2, 2, 2), aligns) for n in range(_ROWS // UNITS))
    with clock() as spent:
        docx_blocks.docx_bytes(Document("通报", "zh", (Paragraph("通报"), *tables), ("演示数据",)))
    return {**spent}


def book(folder: Path) -> dict:
    """The workbook."""
    store = open_store(open_installation(folder))
    with store.published() as connection, clock() as spent:
        tree = figures.units(LOCAL, connection)
        place = meeting.UNIT, meeting.MONTH, meeting.CARDS
        content = workbook.Content(
            unit=tree["name"].iloc[0],
            month=meeting.MONTH,
            standing=figures.standing(LOCAL, connection, *place),
            matrix=figures.matrix(LOCAL, connection, *place),
            names=dict(zip(tree["unit"].astype(int), tree["name"], strict=True)),
        )
        workbook.workbook_bytes(content, meeting.CARDS, meeting.about_sample(connection), "zh")
    store.close()
    return {**spent}


def scores(folder: Path) -> dict:
    """A draft of every clinic, each item with a figure or points."""
    sheet = next(one for one in shipped() if one.key == "clinic")
    table = {
        "unit": range(_CLINICS),
        "name": "",
        "kind": sheet.kinds[0],
        "parent": [i % UNITS for i in range(_CLINICS)],
    }
    told = {
        unit: {i.key: Figure(unit % 97, 97, (unit % 97) / 97, 0.8) for i in sheet.items if i.card is not None}
        for unit in range(_CLINICS)
    }
    entries = {
        (unit, ""): {i.key: Entry(points=i.weight) for i in sheet.items if i.card is None and i.weight}
        for unit in range(_CLINICS)
    }
    units = pd.DataFrame(table)
    with clock() as spent:
        standing(Material(sheet, tuple((unit, "") for unit in range(_CLINICS)), units, told, entries))
    return {**spent}


def waiting(folder: Path) -> dict:
    """A read of the register while somebody's edit is under way: it does not wait."""
    register = open_register(open_installation(folder))
    row = {"unit": 7, "kind": "monthly", "planned_on": meeting.MADE_AT.date(), "state": "planned"}
    with register.writing() as writer:
        add(writer, visit, row, "li")
        with clock() as spent, register.reading() as reader:
            reader.execute(select(visit)).fetchall()
    register.close()
    return {**spent}


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](Path(sys.argv[2]))))
