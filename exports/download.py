"""The one door through which data leave: every download is made here, and in the log before it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from data.small_database import SmallDatabase
from metrics.logbook import note
from metrics.principal import Principal

_WIDE = str.maketrans('<>:"/\\|?*', "＜＞：＂／＼｜？＊")


def file_name(words: str) -> str:
    """The words as every system takes them for a file's name: signs that one forbids stand as wide ones."""
    return " ".join(words.translate(_WIDE).split())


@dataclass(frozen=True)
class Download:
    """A file ready to leave: its name, media type, and how its bytes are made when asked for.

    about       what the log tells of it beside its name: indicator, unit, month, how many rows
    named_here  whether the name is of our making; what people called their own file may name somebody
    """

    name: str
    media: str
    make: Callable[[], bytes]
    about: Mapping[str, Any] = field(default_factory=dict)
    named_here: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", file_name(self.name))


def download(
    log: SmallDatabase, principal: Principal, what: str, file: Download, right: str = "export"
) -> Callable[[], bytes]:
    """What a download button calls: makes the bytes, notes who takes what, and gives them.

    ``what`` names the view without naming a person, such as ``gap htn_control 0102 2026-10``. What it gives raises
    NotAllowedError without the right, and NotLoggedError when the log cannot be written: then nothing is given.
    """

    def deliver() -> bytes:
        principal.require(right)
        content = file.make()
        about = {"file": file.name, **file.about} if file.named_here else file.about
        record_download(log, principal, what, len(content), about)
        return content

    return deliver


def record_download(
    log: SmallDatabase, principal: Principal, what: str, size: int, about: Mapping[str, Any] = {}
) -> None:
    """Note what is about to be given away. Raises NotLoggedError."""
    note(log, principal, "export", {"what": what, "bytes": size, **about})
