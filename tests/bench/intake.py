"""The intake of one large csv: its speed against merely parsing the file, and its peak memory at two sizes.

Measured in processes of their own: ``python -m tests.bench.intake TASK FOLDER [ROWS]``; the last line printed
is JSON.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from data.installation import make_installation, open_installation
from data.intake.importing import import_files
from data.store import open_store
from tests.bench.measure import clock, peak_mb
from tests.bench.table import Table

_TIMES = 4  # the larger file has so many times the rows
_VISITS = 20  # a person
_FILE = "高血压随访_20250301.csv"
_UNITS = [["机构编码", "机构名称", "机构类别", "上级机构编码"], ["B0", "卫生健康局", "bureau", ""]]
_PERSONS = ["EMPI", "姓名", "性别", "出生日期", "常住类型"]
_HEAD = ["随访标识", "EMPIID", "随访日期", "随访机构", "收缩压(mmHg)", "舒张压(mmHg)"]


def intake_table(run: Callable[..., dict], folder: Path, rows: int) -> Table:
    """Two files, the second of four times the rows; ``run(task, folder, *words, module=...)`` measures."""
    sizes = (rows, rows * _TIMES)
    parsed, read = [], []
    for size in sizes:
        place = folder / str(size)
        run("prepare", place, size, module=__name__)
        parsed.append(run("parse", place, module=__name__))
        read.append(run("take_in", place, module=__name__))
    table = Table("导入 · Intake of one csv", ["", *(f"{size:,} 行 · rows" for size in sizes)])
    table.add("仅解析 csv，行/秒 · merely parsing, rows/s", *_speeds(sizes, parsed))
    table.add("导入，行/秒 · intake, rows/s", *_speeds(sizes, read))
    ratios = (f"{a['seconds'] / b['seconds']:.1f}" for a, b in zip(read, parsed, strict=True))
    table.add("导入 ÷ 解析 · intake ÷ parsing", *ratios)
    peaks = [one["peak_mb"] for one in read]
    if None not in peaks:
        table.add("内存峰值 · peak MB", *(f"{peak:,.0f}" for peak in peaks))
        table.add("峰值之比 · ratio of peaks", "", f"{peaks[1] / peaks[0]:.2f}")
    return table


def prepare(folder: Path, rows: str) -> dict:
    """An installation that knows units and persons, and the file to be read."""
    installation = make_installation(folder, kind="own", name="bench")
    count = int(rows)
    persons = max(1, count // _VISITS)
    units = _write(folder / "机构登记表_20240101.csv", _UNITS)
    masters = _write(folder / "个人基本信息_20240101.csv", [_PERSONS, *_people(persons)])
    store = open_store(installation)
    import_files(store, installation, [units, masters], by="bench")
    store.close()
    _write(folder / _FILE, _visits(count, persons))
    return {}


def parse(folder: Path) -> dict:
    """Every cell read by Python's own csv reader, and let go."""
    with clock() as spent, (folder / _FILE).open(encoding="utf-8", newline="") as file:
        cells = sum(map(len, csv.reader(file)))
    return {"cells": cells, **spent}


def take_in(folder: Path) -> dict:
    """The file through the intake; every row must come out as new."""
    installation = open_installation(folder)
    store = open_store(installation)
    with clock() as spent:
        (report,) = import_files(store, installation, [folder / _FILE], by="bench").files
    store.close()
    if report.account.new != report.read - report.set_aside:
        raise RuntimeError(f"not every row is new: {report.line('en')}")
    return dict(spent)


def _people(count: int) -> Iterator[list[str]]:
    return ([f"E{n}", f"居民{n}", str(1 + n % 2), f"19{n % 60 + 30}-05-01", "1"] for n in range(count))


def _visits(count: int, persons: int) -> Iterator[list[str]]:
    yield _HEAD
    for n in range(count):
        day = f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}"
        yield [f"V{n}", f"E{n % persons}", day, "B0", str(110 + n % 60), str(70 + n % 30)]


def _write(path: Path, rows: Iterable[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def _speeds(sizes: tuple[int, ...], spent: list[dict]) -> list[str]:
    return [f"{size / one['seconds']:,.0f}" for size, one in zip(sizes, spent, strict=True)]


TASKS = {task.__name__: task for task in (prepare, parse, take_in)}

if __name__ == "__main__":
    chosen, place, *words = sys.argv[1:]
    result = TASKS[chosen](Path(place), *words)
    print(json.dumps({**result, "peak_mb": peak_mb()}))
