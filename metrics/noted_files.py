"""Files by which a bureau says how it counts: what was changed in them since the last build is noted in the log.

They are edited past the product, so who did it is not known: the entry says who built with them, and which lines changed.
A copy of each file as it was last noted lies in ``<installation>/noted``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from data.small_database import SmallDatabase
from metrics.logbook import note
from metrics.principal import Principal
from metrics.standards import PARAMETERS
from metrics.standards.files import text_of
from metrics.targets import OWN as TARGETS

FOLDER = "noted"
SHEETS = "sheets"  # scoring sheets of the bureau's own
_MOST = 20  # changed lines that an entry tells; it says how many there are


def note_changed_files(log: SmallDatabase, principal: Principal, folder: Path) -> int:
    """Note what was changed since it was last noted; gives how many files. Raises NotLoggedError."""
    noted = 0
    for kind, name in _files(folder):
        before, now = _lines(folder / FOLDER / name), _lines(folder / name)
        added, removed = list((now - before).elements()), list((before - now).elements())
        if not added and not removed:
            continue
        about = {
            "file": name,
            "added": len(added),
            "removed": len(removed),
            "lines": [*(f"+ {line}" for line in added), *(f"- {line}" for line in removed)][:_MOST],
        }
        note(log, principal, kind, about)
        _keep(folder / name, folder / FOLDER / name)
        noted += 1
    return noted


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """What a change of a file is called in the log, and its name in the installation; those that are gone too."""
    yield "parameter", PARAMETERS
    yield "target", TARGETS
    places = (folder / SHEETS, folder / FOLDER / SHEETS)
    for name in sorted({path.name for place in places for path in place.glob("*.toml")}):
        yield "score", f"{SHEETS}/{name}"


def _lines(path: Path) -> Counter[str]:
    """The lines that say something, and how often each stands there; none where there is no file."""
    if not path.is_file():
        return Counter()
    lines = (line.strip() for line in text_of(path).splitlines())
    said = [line for line in lines if line and not line.startswith("#")]
    return Counter(said[1:] if path.suffix == ".csv" else said)  # a table's first line is its heads


def _keep(now: Path, copy: Path) -> None:
    """The copy becomes what the file is, whole or not at all."""
    if not now.is_file():
        copy.unlink(missing_ok=True)
        return
    copy.parent.mkdir(parents=True, exist_ok=True)
    part = copy.with_name(f"{copy.name}.part")
    part.write_bytes(now.read_bytes())
    part.replace(copy)
