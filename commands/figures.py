"""``build`` and ``catalogue``: from records to figures, and requirements as text."""

from __future__ import annotations

import argparse

from commands.installation import build_figures
from commands.systems import listing, missing, summary
from data.installation import open_installation
from data.store import open_store


def build(_arguments: argparse.Namespace) -> int:
    """Every figure anew, from the records."""
    installation = open_installation()
    store = open_store(installation)
    try:
        build_figures(store, installation, full=True)
    finally:
        store.close()
    return 0


def catalogue(arguments: argparse.Namespace) -> int:
    """Every requirement by system, with its form, cards and records; or only those without a card (exit 1)."""
    language = arguments.language
    if not arguments.missing:
        print(listing(language))
        return 0
    open_ones = missing(language)
    print("\n".join(part for part in (open_ones, summary(language)) if part))
    return 1 if open_ones else 0
