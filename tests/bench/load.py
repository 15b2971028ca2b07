"""What the server holds: many signed-in people clicking at once, a thousand visits one after the other, an import meanwhile.

Measured on a copy of an installation that asks for accounts: ``python -m tests.bench.load FOLDER [people] [seconds]``.
The visitors speak the browser's protocol (sign-in form, cookie, websocket); what a browser does with the answers costs
nothing here, so the two cores are the server's but for reading the messages.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from sqlalchemy import select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from commands.environment import ROOT
from commands.server import choose_port, running
from data.access import accounts, open_access
from data.installation import HOME_VARIABLE, open_installation
from data.store import open_store
from metrics.cards import CARDS
from metrics.published import unit

THINKING = 10.0  # seconds between clicks, on average
PAGES = (
    "overview",
    "indicator",
    "scorecard",
    "duties",
    "appraisal",
    "supervision",
    "funds",
    "map",
    "catalogue",
)
_PASSWORD = "Load-2026-yunling"
_NAMED = re.compile("访客([0-9]{4})号".encode())  # the name of whoever is signed in, as pages show it
_PATIENCE = 180


@dataclass
class Seen:
    """What the visitors met: seconds of every click, and what must not be."""

    seconds: list[float] = field(default_factory=list)
    pages: dict[str, list[float]] = field(default_factory=dict)  # the same by page
    errors: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)

    def told(self) -> dict:
        spent = np.array(self.seconds)
        return {
            "clicks": len(spent),
            "median": float(np.median(spent)),
            "p95": float(np.percentile(spent, 95)),
            "longest": float(spent.max()),
            "errors": len(self.errors),
            "mixed": len(self.mixed),
            "first_errors": self.errors[:3],
            "medians": {page: round(float(np.median(one)), 2) for page, one in sorted(self.pages.items())},
        }


@dataclass
class Visitor:
    """A signed-in person with a page open."""

    number: int
    socket: object
    address: str
    draw: random.Random

    async def click(self, page: str, query: dict[str, str], seen: Seen) -> None:
        """Go to a page; from asking for it to the end of its script."""
        request = BackMsg()
        run = request.rerun_script
        run.page_name, run.query_string = page, urllib.parse.urlencode(query)
        run.context_info.locale, run.context_info.timezone = "zh-CN", "Asia/Shanghai"
        run.context_info.url = f"{self.address}/{page}"
        started = time.perf_counter()
        await self.socket.send(request.SerializeToString())
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._read(page, seen)
        except TimeoutError:
            seen.errors.append(f"{page}: no answer in {_PATIENCE} s")
        seen.seconds.append(time.perf_counter() - started)
        seen.pages.setdefault(page, []).append(seen.seconds[-1])

    async def _read(self, page: str, seen: Seen) -> None:
        known = False
        while True:
            raw = await self.socket.recv()
            for named in _NAMED.findall(raw):
                known = True
                if int(named) != self.number:
                    seen.mixed.append(f"{self.number} saw {int(named)} on {page}")
            message = ForwardMsg()
            message.ParseFromString(raw)
            kind = message.WhichOneof("type")
            if kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
                one = message.delta.new_element.exception
                seen.errors.append(f"{page}: {one.type} {one.message}")
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                if not known:
                    seen.errors.append(f"{page}: does not say who is signed in")
                return


def sign_in(address: str, number: int) -> str:
    """The cookie of a session of the account."""
    form = urllib.parse.urlencode({"name": f"load{number:04d}", "password": _PASSWORD}).encode()
    request = urllib.request.Request(
        f"{address}/signin", form, {"Origin": address, "Sec-Fetch-Site": "same-origin"}
    )

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay)
    try:
        answer = opener.open(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    cookie = answer.headers.get("set-cookie")
    if not cookie:
        raise RuntimeError(f"load{number:04d} was not let in: {answer.status}")
    return cookie.partition(";")[0]


@contextmanager
def prepared(folder: Path, people: int) -> Iterator[Path]:
    """A copy of an installation that asks for accounts and has one for each of so many directors and officers."""
    with tempfile.TemporaryDirectory(prefix="jiceng-load-") as place:
        home = Path(place) / "home"
        shutil.copytree(folder, home)
        settings = home / "config.toml"
        before = settings.read_text("utf-8") if settings.exists() else ""
        kept = [line for line in before.splitlines() if not line.startswith("sign_in")]
        settings.write_text("\n".join(['sign_in = "local"', *kept, ""]), "utf-8")
        installation = open_installation(home)
        store = open_store(installation)
        with store.published() as connection:
            centres = connection.execute(select(unit.c.code).where(unit.c.kind == "centre")).scalars().all()
        store.close()
        database = open_access(installation)
        with database.writing() as connection:
            for number in range(people):
                role, units = (
                    ("director", [centres[number % len(centres)]]) if number % 3 else ("officer", [])
                )
                accounts.add(
                    connection,
                    f"load{number:04d}",
                    f"访客{number:04d}号",
                    role,
                    "bench",
                    units=units,
                    password=_PASSWORD,
                    least=10,
                    must_change=False,
                )
        database.close()
        yield home


async def clicking(address: str, people: int, seconds: float, thinking: float = THINKING) -> Seen:
    """So many people, each clicking through pages with pauses, for so many seconds."""
    seen = Seen()
    cookies = [await asyncio.to_thread(sign_in, address, number) for number in range(people)]
    until = time.perf_counter() + seconds
    keys = sorted(CARDS)

    async def one(number: int) -> None:
        draw = random.Random(number)
        stream = address.replace("http", "ws", 1) + "/_stcore/stream"
        await asyncio.sleep(draw.uniform(0, thinking))
        async with connect(
            stream,
            subprotocols=["streamlit"],
            origin=address,
            max_size=None,
            proxy=None,
            additional_headers={"Cookie": cookies[number]},
        ) as socket:
            visitor = Visitor(number, socket, address, draw)
            while time.perf_counter() < until:
                page = draw.choice(PAGES)
                query = {"ind": draw.choice(keys)} if page == "indicator" else {}
                await visitor.click(page, query, seen)
                await asyncio.sleep(draw.expovariate(1 / thinking) if thinking else 0)

    for done in await asyncio.gather(*map(one, range(people)), return_exceptions=True):
        if done is not None:
            seen.errors.append(f"{type(done).__name__}: {done}")
    return seen


def memory_mb(pid: int) -> float:
    """What a process holds in memory."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no process {pid}")


def child() -> int:
    """The server that this process started."""
    me = os.getpid()
    found = [
        int(pid)
        for task in Path(f"/proc/{me}/task").iterdir()
        for pid in (task / "children").read_text().split()
        if "commands.server" in Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    ]
    return found[0]


async def visiting(address: str, times: int, pid: int, people: int) -> list[tuple[int, float]]:
    """(visits so far, megabytes of the server) while so many visits begin and end, four at a time."""
    cookies = [await asyncio.to_thread(sign_in, address, number) for number in range(people)]
    stream = address.replace("http", "ws", 1) + "/_stcore/stream"
    seen, held, done = Seen(), [], 0

    async def one(number: int) -> None:
        async with connect(
            stream,
            subprotocols=["streamlit"],
            origin=address,
            max_size=None,
            proxy=None,
            additional_headers={"Cookie": cookies[number % people]},
        ) as socket:
            await Visitor(number % people, socket, address, random.Random(number)).click(
                PAGES[number % 3], {}, seen
            )

    while done < times:
        await asyncio.gather(*(one(done + at) for at in range(4)))
        done += 4
        if done % 100 == 0:
            held.append((done, memory_mb(pid)))
    if seen.errors or seen.mixed:
        raise RuntimeError(f"{seen.errors[:3]} {seen.mixed[:3]}")
    return held


def load(folder: Path, people: int, seconds: float, visits: int, files: tuple[str, ...] = ()) -> dict:
    """Told one after the other: one person, all of them, all of them while files come in; memory over many visits."""
    told: dict = {}
    with (
        prepared(folder, people) as home,
        running(choose_port(None, 8701), **{HOME_VARIABLE: str(home)}) as address,
    ):
        pid = child()
        told["warming"] = asyncio.run(clicking(address, 2, min(seconds, 30), 0)).told()
        told["one"] = asyncio.run(clicking(address, 1, seconds, 1)).told()
        told["all"] = asyncio.run(clicking(address, people, seconds)).told()
        told["ratio"] = told["all"]["p95"] / told["one"]["p95"]
        told["memory"] = memory_mb(pid)
        if files:
            command = [sys.executable, "manage.py", "import", *files]
            importing = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, HOME_VARIABLE: str(home)}, stdout=subprocess.DEVNULL
            )
            started, seen = time.perf_counter(), []
            while importing.poll() is None:  # to its end: the build that follows is part of it
                seen.append(asyncio.run(clicking(address, people, seconds)).told())
            if importing.returncode:  # a demo, for one, refuses files
                raise RuntimeError("the import ended with an error: nothing was measured beside it")
            told["importing"], told["import_seconds"] = seen, time.perf_counter() - started
        told["visits"] = asyncio.run(visiting(address, visits, pid, people))
    return told


if __name__ == "__main__":
    place, *numbers = sys.argv[1:]
    people, seconds, visits = (int(numbers[n]) if len(numbers) > n else [50, 120, 1000][n] for n in range(3))
    print(json.dumps(load(Path(place), people, seconds, visits, tuple(numbers[3:])), indent=1))
