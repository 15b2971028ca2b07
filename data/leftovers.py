"""Plain files of residents that a killed process left in an installation: swept when enough time has passed that nobody has them.

``received/open-*``   a plain copy of a sealed original, while a file is prepared or the key is changed
``upload-*``          files on their way in
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

OPEN = "open-"
UPLOAD = "upload-"
RECEIVED = "received"
_OPEN_S = 3600  # a copy is open for a moment
_UPLOAD_S = 24 * 3600  # an import of a whole district takes hours


def sweep(folder: Path) -> int:
    """Remove what is older from an installation's folder. Returns how many folders went."""
    old = [path for path in (folder / RECEIVED).glob(f"{OPEN}*") if _age(path) > _OPEN_S]
    old += [path for path in folder.glob(f"{UPLOAD}*") if _age(path) > _UPLOAD_S]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return sum(not path.exists() for path in old)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:  # whoever had it is done
        return 0
