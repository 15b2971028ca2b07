"""How soon a map of 50,000 cells stands in a browser, and how much is sent for it.

Measured in a process of its own: ``python -m tests.bench.map_frame frame FOLDER [square|hexagon]``; the last line is JSON.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import delete

from commands.server import choose_port, running
from data.installation import HOME_VARIABLE, make_installation
from data.store import bulk_insert, open_store
from metrics import published
from metrics.cards import CARDS
from metrics.coverage.earth import Plane
from metrics.coverage.lattice import Lattice
from tests.bench.table import Table
from tests.pages import sample
from tests.pages.sample_map import MIDDLE, RULE_M, SIDE_M

CELLS = 50_000
MOST_MB, MOST_SECONDS = 8.0, 5.0
_PATIENCE = 60  # seconds
_CARD = "hr_filing_rate"


def frame_table(run: Callable[..., dict], folder: Path) -> Table:
    """The map's first frame on a server just started and on a warm one, and what is sent."""
    one = run("frame", folder, module=__name__)
    title = f"地图首帧，{one['cells']:,} 格 · First frame of the map, cells"
    table = Table(title, ["", "", "上限 · at most"])
    table.add("图形数据 · deck JSON", f"{one['deck_mb']:.2f} MB", f"{MOST_MB:g} MB")
    table.add("首次打开共接收 · received on the first visit", f"{one['received_mb']:.2f} MB")
    table.add("首帧，服务刚启动 · first frame, cold server", f"{one['cold']:.1f} s")
    table.add("首帧 · first frame", f"{one['warm']:.1f} s", f"{MOST_SECONDS:g} s")
    return table


def frame(folder: Path, kind: str = "square") -> dict:
    """cells, deck_mb, received_mb, and seconds to the first frame: of the first visit, and the median of three more."""
    prepare(folder, kind)
    with running(choose_port(None, 8651), **{HOME_VARIABLE: str(folder)}) as address:
        own = shutil.which("chromium") or shutil.which("chromium-browser")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=own, args=["--no-sandbox"])
            seen = [
                _visit(browser.new_page(viewport={"width": 1440, "height": 900}), address) for _ in range(4)
            ]
            browser.close()
    return {
        "cells": CELLS,
        "deck_mb": seen[0]["deck"] / 1e6,
        "received_mb": seen[0]["received"] / 1e6,
        "cold": seen[0]["seconds"],
        "warm": float(np.median([one["seconds"] for one in seen[1:]])),
    }


_WATCH = """
(() => {
  const kind = WebGL2RenderingContext.prototype, draw = kind.drawElements
  kind.drawElements = function (...given) {
    draw.apply(this, given)
    if (given[1] < 5000 || window.firstDraw) return
    window.firstDraw = performance.now()
    setTimeout(() => {  // the other layers of the frame are drawn in the same turn
      const done = this.fenceSync(this.SYNC_GPU_COMMANDS_COMPLETE, 0)
      this.flush()
      const look = () => this.getSyncParameter(done, this.SYNC_STATUS) === this.SIGNALED
        ? (window.firstFrame = performance.now()) : setTimeout(look, 10)
      look()
    })
  }
})()
"""  # notes when the first frame that has cells was drawn to its end


def _visit(page: Page, address: str) -> dict:
    sizes: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sizes.append(len(data))))
    page.add_init_script(_WATCH)
    page.goto(f"{address}/map?mode=people")
    page.wait_for_function("() => window.firstFrame", timeout=_PATIENCE * 1000)
    seconds = page.evaluate("() => window.firstFrame") / 1000
    page.close()
    return {"seconds": seconds, "received": sum(sizes), "deck": max(sizes)}


def prepare(folder: Path, kind: str = "square", cells: int = CELLS) -> None:
    """An installation with the sample's units and a map of so many cells."""
    made = make_installation(folder, kind="demo")
    store = open_store(made)
    sample.fill(store, {_CARD: CARDS[_CARD]})
    lattice = Lattice(kind, SIDE_M, Plane.around(*MIDDLE))
    frame = made_cells(lattice, cells)
    with store.change("published") as draft:
        for table in (published.cell, published.point, published.cell_reach, published.cell_access):
            draft.published.execute(delete(table))
        draft.published.execute(published.lattice.update().values(kind=kind))
        bulk_insert(draft.published, published.cell, frame)
        reach = frame[["cell", "unit", "metres"]].assign(kind="station")
        bulk_insert(draft.published, published.cell_reach, reach)
        access = frame[["cell"]].assign(supply="doctors", per_1000=2.0, unsure=False)
        bulk_insert(draft.published, published.cell_access, access)
    store.close()


def made_cells(lattice: Lattice, cells: int) -> pd.DataFrame:
    """Rows of ``published.cell``: a square of cells around the sample's middle, of two months."""
    draw = np.random.default_rng(3)
    east, north = map(int, lattice.cell_of(*MIDDLE))
    wide = int(np.ceil(np.sqrt(cells)))
    place = np.arange(cells)
    column, row = east - wide // 2 + place % wide, north - wide // 2 + place // wide
    lon, lat = lattice.centre(column, row)
    people = draw.integers(1, 400, cells)
    metres = draw.gamma(2, 900, cells)
    far = metres > RULE_M
    counts = {
        "people": people,
        "people_0_6": people // 14,
        "people_65": people // 6,
        "floating": people // 9,
        "contracted": people * 2 // 3,
        "beyond": people * far,
        "beyond_0_6": people // 14 * far,
        "beyond_65": people // 6 * far,
        "beyond_floating": people // 9 * far,
        "one_choice": people // 3,
        "slow": people * far,
    }
    frame = pd.DataFrame(
        {
            "cell": [f"{x}-{y}" for x, y in zip(column, row, strict=True)],
            "column": column,
            "row": row,
            "lon": lon,
            "lat": lat,
            "place_name": [f"清溪镇望山村第{n % 20 + 1}村民小组" for n in place],
            **counts,
            "estimated": place % 50 == 0,
            "unit": draw.choice(list(sample.STATIONS), cells),
            "metres": metres,
            "minutes": np.where(far, np.nan, metres / 70),
        }
    )
    months = [frame.assign(month=month) for month in (sample.LAST, sample.LAST - 12)]
    return pd.concat(months, ignore_index=True)[list(published.cell.c.keys())]


if __name__ == "__main__":
    task, place, *words = sys.argv[1:]
    print(json.dumps({"frame": frame}[task](Path(place), *words)))
