"""Imports before the server answers: who opens the first page does not wait for libraries that all pages share.

Only what knows nothing of Streamlit: modules of pages register their parts with a server that runs.
"""

from __future__ import annotations

from importlib import import_module

_SHARED = (
    "charts.grid_layers",
    "charts.siting_map",
    "exports.papers",
    "metrics.ledger",
    "metrics.siting.asking",
)


def import_shared() -> None:
    """Import what pages share; seconds at the first call, nothing afterwards."""
    for name in _SHARED:
        import_module(name)
