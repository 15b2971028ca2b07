"""The one door through which data leave: every download is made and noted here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from metrics.principal import Principal

_log = logging.getLogger("jiceng.downloads")


_WIDE = str.maketrans('<>:"/\\|?*', "＜＞：＂／＼｜？＊")


def file_name(words: str) -> str:
    """The words as every system takes them for a file's name: signs that one forbids stand as wide ones."""
    return " ".join(words.translate(_WIDE).split())


@dataclass(frozen=True)
class Download:
    """A file ready to leave: its name, media type, and how its bytes are made when asked for."""

    name: str
    media: str
    make: Callable[[], bytes]

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", file_name(self.name))


def download(principal: Principal, what: str, file: Download) -> Callable[[], bytes]:
    """What a download button calls: makes the bytes and notes who took what.

    ``what`` names the view without naming a person, such as ``gap htn_control 0102 2026-10``.
    """

    def deliver() -> bytes:
        content = file.make()
        record_download(principal, what, len(content))
        return content

    return deliver


def record_download(principal: Principal, what: str, size: int) -> None:
    """Note a download. The audit log will be written from here."""
    _log.info("download by %s (%s): %s, %d bytes", principal.name, principal.role, what, size)
