"""The pages, in the order of the menu: address -> script."""

from __future__ import annotations

PAGES: dict[str, str] = {
    "overview": "overview.py",
    "indicator": "indicator.py",
    "scorecard": "scorecard.py",
    "duties": "duties.py",
    "appraisal": "appraisal.py",
    "supervision": "supervision.py",
    "funds": "funds.py",
    "map": "grid.py",
    "siting": "siting.py",
    "catalogue": "catalogue.py",
    "forms": "forms.py",
    "data": "sources.py",
}


def script_of(page: str) -> str:
    """The script of a page, as navigation knows it.

    No script may be called like a package of ours (data, metrics, ...): the server puts this folder
    first on the path of imports.
    """
    return PAGES[page]
