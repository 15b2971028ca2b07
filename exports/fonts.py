"""Fonts that hold Chinese, among those on this machine: for pictures, which draw letters themselves."""

from __future__ import annotations

import re
from functools import cache

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from exports.words import LANGUAGES, text

#: What a viewer of an SVG tries in turn; the same families as ``charts.look.FONT``, for all three systems.
STACK = (
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "Hiragino Sans GB",
    "SimHei",
    "SimSun",
    "Droid Sans Fallback",
    "Arial Unicode MS",
)
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_PROBES = "\u4e2d\u536b\u7387\u9aa8"  # characters that every Chinese text font has


class NoFontError(Exception):
    """This machine has no font for Chinese; says so, and what to install, in both languages."""

    def __init__(self) -> None:
        super().__init__("\n".join(text(language)("chart.no_font") for language in LANGUAGES))


@cache
def chinese(bold: bool = False) -> font_manager.FontEntry | None:
    """The best font on this machine that really holds Chinese characters; None where there is none."""
    entries = font_manager.fontManager.ttflist
    wanted = [entry for name in STACK for entry in entries if entry.name == name]
    others = [entry for entry in entries if _HAN_NAME.search(entry.name) and entry not in wanted]
    fitting = [entry for entry in [*wanted, *others] if entry.style == "normal" and _holds(entry)]
    if not fitting:
        return None
    family = fitting[0].name
    same = [entry for entry in fitting if entry.name == family]
    return min(same, key=lambda entry: abs(_weight(entry) - (700 if bold else 400)))


_HAN_NAME = re.compile(r"(?i)cjk|han ?s|hei|song|kai|ming|fang|gothic|wenquan|pingfang|uming|ukai")


def has_han(*texts: str) -> bool:
    """Whether any of the texts needs a Chinese font."""
    return any(_HAN.search(one) for one in texts)


def _weight(entry: font_manager.FontEntry) -> int:
    return entry.weight if isinstance(entry.weight, int) else font_manager.weight_dict.get(entry.weight, 400)


def _holds(entry: font_manager.FontEntry) -> bool:
    try:
        face = FT2Font(entry.fname, face_index=entry.index)
    except (OSError, RuntimeError):
        return False
    return all(face.get_char_index(ord(one)) for one in _PROBES)
