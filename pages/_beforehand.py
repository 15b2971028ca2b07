"""Before the server answers: imports that all pages share, and how small frames hold their words.

Who opens the first page does not wait for libraries. Only what knows nothing of Streamlit is imported: modules of pages
register their parts with a server that runs.
"""

from __future__ import annotations

from importlib import import_module

import pandas as pd

_SHARED = (
    "charts.grid_layers",
    "charts.siting_map",
    "exports.papers",
    "metrics.ledger",
    "metrics.siting.asking",
)


def prepare() -> None:
    """Import what pages share; seconds at the first call, nothing afterwards.

    Words in frames are Python's: Arrow lets go of the interpreter at every step, and where many people read small frames
    at once each step then waits for everybody else.
    """
    pd.set_option("mode.string_storage", "python")
    for name in _SHARED:
        import_module(name)
