"""How each centre's system writes its files: encoding, dates, codes or labels, titles and footers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import pyarrow as pa

from data.demo.days import FAR

_FIRST, _LAST = date(1900, 1, 1), date(2045, 12, 31)
_EPOCH = date(1970, 1, 1)

DATES: dict[str, Callable[[date], str]] = {
    "2025-03-05": lambda d: d.isoformat(),
    "2025/3/5": lambda d: f"{d.year}/{d.month}/{d.day}",
    "20250305": lambda d: f"{d:%Y%m%d}",
    "2025.3.5": lambda d: f"{d.year}.{d.month}.{d.day}",
    "2025年03月05日": lambda d: f"{d.year}年{d.month:02d}月{d.day:02d}日",
    "2025-03-05 00:00:00": lambda d: f"{d.isoformat()} 00:00:00",
    "45721": lambda d: str((d - date(1899, 12, 30)).days),  # Excel's own count
}


@dataclass(frozen=True)
class Style:
    """How one system writes."""

    encoding: str = "gb18030"  # or utf-8-sig
    dates: str = "2025-03-05"
    codes: bool = False  # codes; else Chinese labels
    titled: bool = False  # title row, 序号, 合计, footer
    grouped: bool = False  # a second header line that groups the columns (xlsx)
    xlsx: bool = False  # files with few rows are xlsx
    pressure_in_one: bool = False  # 140/90 in one cell
    full_width: bool = False  # digits of blood pressures are full width in one file in three
    by_id_number: bool = False  # visits name people by ID number, not by the index


STYLES = (
    Style(),
    Style(encoding="utf-8-sig", dates="2025/3/5", codes=True),
    Style(dates="20250305", titled=True, by_id_number=True),
    Style(dates="45721", xlsx=True, grouped=True, titled=True),
    Style(encoding="utf-8-sig", dates="2025.3.5", codes=True, by_id_number=True),
    Style(dates="2025年03月05日", titled=True, xlsx=True, pressure_in_one=True),
    Style(encoding="utf-8-sig", dates="2025-03-05 00:00:00", titled=True, xlsx=True, grouped=True),
    Style(encoding="utf-8-sig", codes=True, pressure_in_one=True),
)
BUREAU_STYLE = Style(titled=True, xlsx=True)


@cache
def _written_days(style: str) -> pa.Array:
    days = [_FIRST + timedelta(days=i) for i in range((_LAST - _FIRST).days + 1)]
    return pa.array([DATES[style](d) for d in days])


def write_days(days: np.ndarray, style: str) -> pa.Array:
    """Days as a file writes them; FAR is an empty cell."""
    index = np.asarray(days, np.int64) - (_FIRST - _EPOCH).days
    return _written_days(style).take(pa.array(index, mask=np.asarray(days) == FAR))


@cache
def _clock() -> pa.Array:
    return pa.array([f" {m // 60:02d}:{m % 60:02d}" for m in range(1440)])


def write_minutes(minutes: np.ndarray) -> tuple[pa.Array, pa.Array]:
    """Minutes since 1970 as the day (ISO) and the clock."""
    return write_days(minutes // 1440, "2025-03-05"), _clock().take(pa.array(minutes % 1440))
