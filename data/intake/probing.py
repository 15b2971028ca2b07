"""Whether workbooks can be opened at all, tried in a process of its own.

The reader of workbooks ends its whole process when it is short of memory, and a workbook of kilobytes can ask for more
than there is: a zip that unpacks to gigabytes, a cell in the last corner of a sheet. So each is opened first where that
harms nobody, with as much memory as ``config.toml`` allows (``book_memory``; Windows has no such limit for a process). What is
opened there is opened again by ``reading.py``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_LONGEST_S = 600  # of processor time for one workbook: the largest that are read take a minute
_UNITS = {"MB": 1 << 20, "GB": 1 << 30}


def unsound(books: Sequence[Path], memory: str) -> frozenset[Path]:
    """The workbooks that could not be opened with so much memory ("2GB"). One process for all, another after each fall."""
    left, found = list(books), set()
    while left:
        done = subprocess.run(
            [sys.executable, "-I", __file__, str(int(memory[:-2]) * _UNITS[memory[-2:]])],
            input=json.dumps([str(path) for path in left]).encode(),
            capture_output=True,
            check=False,
        )
        opened = done.stdout.decode("ascii").split()
        found |= {left[place] for place, word in enumerate(opened) if word != "ok"}
        if len(opened) < len(left):
            if done.returncode == 0:
                raise RuntimeError("a workbook was left out")
            found.add(left[len(opened)])  # in the middle of this one it ended
        left = left[len(opened) + 1 :]
    return frozenset(found)


def _probe(memory: int) -> None:
    """Opens each sheet of the workbooks named on standard input; a word for each."""
    import python_calamine as calamine

    try:
        import resource
    except ImportError:  # Windows
        resource = None
    else:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for path in json.load(sys.stdin):
        if resource is not None:
            used = resource.getrusage(resource.RUSAGE_SELF)
            resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + _LONGEST_S, -1))
        print(_opened(calamine, path), flush=True)


def _opened(calamine, path: str) -> str:
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        for about in book.sheets_metadata:
            if about.typ == calamine.SheetTypeEnum.WorkSheet:
                book.get_sheet_by_name(about.name)
    except (calamine.CalamineError, OSError):
        pass  # whoever reads it says what is wrong with it
    except BaseException:  # the reader's panic is no Exception
        return "fell"
    return "ok"


if __name__ == "__main__":
    _probe(int(sys.argv[1]))
