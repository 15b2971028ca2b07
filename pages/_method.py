"""What the page of method says, and how a page links to a section of it.

A section is a table of ``pages/text/method/zh.toml`` and ``en.toml`` with the entries of ``ENTRIES``; who adds a method adds a
section to both, and what its ``{...}`` stand for to ``levels``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from data import words
from metrics.standards import value_in
from pages._html import anchor, esc, tag
from pages._page import Here

FOLDER = Path(__file__).parent / "text" / "method"
_VISITS = (
    "visit_household_most",
    "visit_soon_days",
    *(f"visit_points_{name}" for name in ("last", "soon", "gap", "step", "village")),
)
ENTRIES = ("name", "short", "how", "read", "beware", "source")


def levels(month: int) -> dict[str, str]:
    """The values of parameters that sections name, as in force at the end of a month."""
    named = {
        "interval_pct": "interval_pct",
        "mean_fewest": "mean_fewest",
        "outer_pct": "funnel_outer_pct",
        "funnel_fewest": "funnel_fewest",
        "rank_fewest": "rank_fewest",
        "rank_reliable_pct": "rank_reliable_pct",
        "casemix_widths": "casemix_widths",
        "range_pct": "heading_range_pct",
        "outer_range_pct": "heading_outer_pct",
        "months_least": "heading_months_least",
        "fewest": "heading_fewest",
        "spacing": "contact_spacing_days",
        "truth_false_pct": "truth_false_pct",
        "truth_months": "truth_months",
        "truth_carried_days": "truth_carried_days",
        "truth_fewest": "truth_fewest",
        "answers_least": "verify_answers_least",
        "check_spacing": "child_check_spacing_days",
        "control_base": "control_base_months",
        "control_least": "control_least_months",
        "control_side": "control_side_months",
        "control_trend": "control_trend_months",
        "notice_recent": "notice_recent_months",
        "notice_history": "notice_history_months",
        "notice_lasting": "notice_lasting_months",
        "notice_settled": "notice_settled_months",
        "notice_fewest": "notice_fewest",
        "report_days": "report_days",
        "late_entry_days": "late_entry_days",
        "moved_months": "moved_months",
        "entry_days": "dq_entry_days",
        "untold_rows": "dq_untold_rows",
        **{name: name for name in _VISITS},
    }
    return {name: f"{value_in(key, month):g}" for name, key in named.items()}


def sections(language: str, filled: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Section -> its ``ENTRIES``, in the order of the page."""
    said = words.catalogue(FOLDER, language)
    names = dict.fromkeys(key.partition(".")[0] for key in words.entries(FOLDER, language))
    return {name: {entry: said(f"{name}.{entry}", **filled) for entry in ENTRIES} for name in names}


def method_line(here: Here, sentence: str, section: str) -> str:
    """One line of method with its link to the page of method."""
    link = anchor(here.view.link("method", about=section), esc(here.text("method.more")))
    return tag("div", esc(sentence) + " " + link, css="small muted method")
