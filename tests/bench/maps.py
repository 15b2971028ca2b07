"""Pages of the bench about the map: what it costs in a build, cells and catchments, and proposals of sites."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from commands.environment import ROOT
from tests.bench.table import Table

#: Steps of ``coverage_work``: its name, and what it is called.
_STEPS = {
    "spread": "村人口分到建成区 · village totals over built-up land",
    "raster": "栅格人口归到方格 · raster by cell",
    "gathered": "居民点归到方格 · points by cell",
    "nearest": "每格最近机构 · nearest unit of each cell",
    "pairs_2_km": "2 公里内的机构 · units within 2 km",
    "choices": "可选机构数 · number of choices",
    "pairs_10_km": "10 公里内的机构 · units within 10 km",
    "table_30_min": "速度表 30 分钟，汽车 · 30 minutes by table, car",
    "roads_30_min_walk": "道路 30 分钟，步行 · 30 minutes by road, on foot",
    "roads_30_min_car": "道路 30 分钟，汽车 · 30 minutes by road, car",
    "2sfca": "两步移动搜索 · two-step floating catchment",
    "e2sfca": "同，按距离分段 · the same in bands",
    "gaussian": "同，高斯衰减 · the same with a bell",
}


@dataclass(frozen=True)
class Size:
    """How large the county of the map is."""

    cells: int
    units: int
    residents: int
    candidates: int
    points: tuple[int, ...]  # of the build, one measurement each


FULL = Size(cells=60_000, units=400, residents=2_000_000, candidates=2_000, points=(10_000, 100_000))
QUICK = Size(cells=600, units=20, residents=2_000, candidates=40, points=(300, 600))


def map_tables(size: Size) -> Iterator[Table]:
    """The pages, as they are measured."""
    yield _build_table(size)
    yield _cell_table(size)
    yield _proposal_table(size)


def _build_table(size: Size) -> Table:
    title = f"覆盖地图 · The map in a build, {size.residents:,} 人 · residents, {size.units} 个机构 · units, 2 个月 · months"
    table = Table(
        title,
        [
            "居民点 · points",
            "方格 · cells",
            "秒 · s",
            "CPU s",
            "一月居民计数 · counting residents, s",
            "内存 · peak MB",
        ],
    )
    for points in size.points:
        (one,) = _run("tests.bench.map_work", points, size.units, size.residents)
        table.add(
            f"{points:,}",
            f"{one['cells']:,}",
            *(f"{one[name]:.2f}" for name in ("seconds", "cpu_seconds", "counting")),
            _mb(one["peak_mb"]),
        )
    return table


def _cell_table(size: Size) -> Table:
    (one,) = _run("tests.bench.coverage_work", size.cells, size.units, size.residents)
    title = f"方格与可及性 · Cells and catchments: {size.cells:,} 格 · cells, {size.units} 个机构 · units"
    table = Table(title, ["", "秒 · s", "CPU s", "行 · rows"])
    for name, label in _STEPS.items():
        table.add(label, f"{one[name]:.2f}", f"{one[f'{name}_cpu']:.2f}", f"{one[f'{name}_rows']:,}")
    return table


def _proposal_table(size: Size) -> Table:
    title = (
        f"设点方案 · Proposals: {size.cells:,} 格 · cells, {size.units} 个机构 · units, "
        f"{size.candidates:,} 个候选点 · sites"
    )
    table = Table(title, ["", "秒 · s", "证明最优 · proven best", "离界 · gap to the bound"])
    for one in _run("tests.bench.siting_work", size.cells, size.units, size.candidates):
        if "peak_mb" in one:
            table.add("内存峰值 · peak MB", _mb(one["peak_mb"]))
        elif "exact" in one:
            table.add(
                one["asked"], f"{one['seconds']:.1f}", _yes(one["exact"]), _gap(one["value"], one["bound"])
            )
        else:
            table.add(one["asked"], f"{one['seconds']:.2f}")
    return table


def _yes(true: bool) -> str:
    return "是 · yes" if true else "否 · no"


def _gap(value: float, bound: float) -> str:
    return f"{abs(bound - value) / abs(bound):.2%}" if bound else "—"


def _mb(peak: float | None) -> str:
    return "—" if peak is None else f"{peak:,.0f}"


def _run(module: str, *words: object) -> list[dict]:
    """What a script prints, a line of JSON each, in a process of its own."""
    command = [sys.executable, "-m", module, *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stderr[-4000:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
