"""``python3 manage.py bench [--residents N] [--rounds N] [--quick]``: measure, and print one table after the other."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from commands.environment import ROOT
from tests.bench.changing_work import changing_table
from tests.bench.comparing_work import comparing_table
from tests.bench.intake import intake_table
from tests.bench.map_frame import frame_table
from tests.bench.maps import FULL, QUICK, map_tables
from tests.bench.pages import time_pages
from tests.bench.papers import papers_table
from tests.bench.table import Table
from tests.bench.truth_work import truth_table

_QUICK = 2_000
_LEAST = 1_000
_FILE_ROWS = 2  # a resident, of the smaller file that the intake reads
_SMALLER = 25  # the small district has so many times fewer residents, and the same units


def main(arguments: argparse.Namespace) -> int:
    asked = parse(arguments.rest)
    if asked.map:
        for table in map_tables(QUICK if asked.quick else FULL):
            print(f"\n{table}", flush=True)
        return 0
    folder = Path(tempfile.mkdtemp(prefix="jiceng-bench-"))
    try:
        for table in measure(folder, asked.residents, asked.rounds):
            print(f"\n{table}", flush=True)
        for table in map_tables(QUICK if asked.quick else FULL):
            print(f"\n{table}", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def parse(words: list[str]) -> argparse.Namespace:
    """What was said after ``bench``."""
    parser = argparse.ArgumentParser(prog="manage.py bench", allow_abbrev=False)
    parser.add_argument("--residents", type=int, default=500_000, help="of the large district")
    parser.add_argument("--rounds", type=int, default=3, help="times that a measurement is repeated")
    parser.add_argument("--quick", action="store_true", help=f"{_QUICK:,} residents, once: does it run?")
    parser.add_argument("--map", action="store_true", help="only cells, catchments and proposals")
    asked = parser.parse_args(words)
    if asked.quick:
        asked.residents, asked.rounds = _QUICK, 1
    if asked.residents < _LEAST or asked.rounds < 1:
        parser.error(f"--residents must be at least {_LEAST}, --rounds at least 1")
    return asked


def measure(folder: Path, residents: int, rounds: int):
    """Yields the tables as they are measured."""
    small = max(_LEAST, residents // _SMALLER)
    sizes = {residents: folder / "large", small: folder / "small"}
    made = {}
    for size, place in sizes.items():
        made[size] = run("make", place, size)
    yield rows_table(made)
    yield build_table(sizes[residents], rounds)
    yield month_table(folder / "month", residents, rounds)
    run("build_cards", sizes[small], "all", "full")  # the large one is built
    yield page_table(sizes, rounds)
    yield comparing_table()
    yield changing_table()
    yield truth_table(small, residents)
    yield intake_table(run, folder / "intake", _FILE_ROWS * residents)
    yield papers_table(run, folder / "papers")
    yield frame_table(run, folder / "frame")


def run(task: str, folder: Path, *words: object, module: str = "tests.bench.measure") -> dict:
    """One measurement in a process of its own."""
    command = [sys.executable, "-m", module, task, str(folder), *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"{task} failed:\n{done.stderr[-4000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def repeated(rounds: int, measurements: dict[str, Callable[[], dict]]) -> dict[str, dict]:
    """Each measurement ``rounds`` times, in turn so that a busy machine is unfair to all alike; medians."""
    results = {name: [] for name in measurements}
    for _ in range(rounds):
        for name, measurement in measurements.items():
            results[name].append(measurement())
    return {name: _median(several) for name, several in results.items()}


def _median(several: list[dict]) -> dict:
    numbers = ("seconds", "cpu_seconds", "peak_mb")
    return several[-1] | {
        key: median(one[key] for one in several) for key in numbers if several[0].get(key) is not None
    }


def rows_table(made: dict[int, dict]) -> Table:
    """How many rows the districts have."""
    table = Table("记录行数 · Rows of the records", ["记录 · table", *(f"{size:,} 人" for size in made)])
    first, *_ = made.values()
    for name in first["rows"]:
        table.add(name, *(f"{one['rows'][name]:,}" for one in made.values()))
    table.add("合计 · all", *(f"{sum(one['rows'].values()):,}" for one in made.values()))
    table.add("生成用时 · made in", *(f"{one['seconds']:.1f} s" for one in made.values()))
    return table


def build_table(folder: Path, rounds: int) -> Table:
    """The engine against hand-written queries, plain pandas and a scan, for the same cards; then all cards."""
    spent = repeated(
        rounds,
        {
            "scan": lambda: run("scan", folder),
            "by_hand": lambda: run("by_hand", folder),
            "engine": lambda: run("build_cards", folder, "few", "full"),
        },
    )
    spent["pandas"] = run("with_pandas", folder)
    spent["all"] = repeated(rounds, {"all": lambda: run("build_cards", folder, "all", "full")})["all"]
    few, hand = spent["engine"]["cards"], spent["by_hand"]["seconds"]
    same = len({spent[name]["counts"] for name in ("engine", "by_hand", "pandas", "all")}) == 1
    title = "全量计算 · Full build, 36 个月 · months"
    table = Table(title, ["", "秒 · s", "CPU s", "内存峰值 · peak MB", "÷ 手写 · by hand"])
    labels = {
        "engine": f"本系统，{few} 项指标 · engine, {few} indicators",
        "by_hand": f"手写 SQL，同 {few} 项 · hand-written queries, the same",
        "pandas": f"逐月 pandas，同 {few} 项 · plain pandas, the same",
        "scan": "所需各列扫描一次 · scanning the columns once",
        "all": f"本系统，全部 {spent['all']['cards']} 项 · engine, all cards",
    }
    for name, label in labels.items():
        one = spent[name]
        table.add(label, *_costs(one), f"{one['seconds'] / hand:.2f}")
    table.add("pandas ÷ 本系统 · engine", f"{spent['pandas']['seconds'] / spent['engine']['seconds']:.1f}")
    table.add("结果相同 · same counts", _yes(same))
    table.add("指标行数 · figures", f"{spent['all']['figures']:,}")
    table.add("指标库大小 · published", f"{spent['all']['bytes'] / 1e6:.1f} MB")
    return table


def month_table(folder: Path, residents: int, rounds: int) -> Table:
    """One more month of every service table and of the records, enrolments and contracts begun in it."""
    run("make", folder, residents, "held_back")
    run("build_cards", folder, "all", "full")
    added = run("add_month", folder, residents)["added"]
    start = folder.with_name("month-before")
    shutil.copytree(folder, start)
    results = {"added": [], "full": []}
    for number in range(rounds):
        for how, kept in results.items():
            place = folder.with_name(f"month-{how}-{number}")
            shutil.copytree(start, place)
            kept.append(run("build_cards", place, "all", how))
            shutil.rmtree(place)
    spent = {how: _median(several) for how, several in results.items()}
    table = Table("增加一个月 · One more month", ["", "秒 · s", "CPU s", "内存峰值 · peak MB"])
    table.add("新增行 · rows added", f"{added:,}")
    table.add(f"增量计算 · incremental ({spent['added']['kind']})", *_costs(spent["added"]))
    table.add("全量计算 · full build", *_costs(spent["full"]))
    table.add(
        "增量 ÷ 全量 · incremental ÷ full", f"{spent['added']['seconds'] / spent['full']['seconds']:.3f}"
    )
    table.add("结果相同 · same figures", _yes(spent["added"]["published"] == spent["full"]["published"]))
    return table


def page_table(sizes: dict[int, Path], rounds: int) -> Table:
    """Each page at both sizes, and against the same page drawn from remembered answers."""
    large, small = sizes
    timed = {size: time_pages(place, rounds) for size, place in sizes.items()}
    table = Table(
        "页面，毫秒 · Pages, ms of the server",
        [
            "",
            f"{small:,} 人",
            f"{large:,} 人",
            "比 · ratio",
            f"已记忆 · remembered, {large:,}",
            "÷ 已记忆 · remembered",
        ],
    )
    for page in timed[large]:
        (few, _), (many, drawn) = timed[small][page], timed[large][page]
        table.add(
            page,
            *(f"{seconds * 1000:.0f}" for seconds in (few, many)),
            f"{many / few:.2f}",
            f"{drawn * 1000:.0f}",
            f"{many / drawn:.2f}",
        )
    return table


def _costs(one: dict) -> tuple[str, str, str]:
    peak = one.get("peak_mb")
    return f"{one['seconds']:.2f}", f"{one['cpu_seconds']:.2f}", "—" if peak is None else f"{peak:,.0f}"


def _yes(true: bool) -> str:
    return "是 · yes" if true else "否 · NO"
