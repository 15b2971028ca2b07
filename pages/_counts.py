"""Counts of findings by unit and kind, how old the open ones are, and what comes again."""

from __future__ import annotations

from datetime import date

import pandas as pd

from metrics.supervision import ageing
from metrics.supervision.kinds import buckets, word
from metrics.units import MISSING, Unit, is_missing, show
from pages._findings import repeated_mark
from pages._html import anchor, esc, span, table, tag
from pages._page import Here


def counts_table(here: Here, rows: pd.DataFrame, by: str) -> str:
    """A row each unit or kind: issued, repeated, in time, open, overdue, further steps."""
    text = here.text
    names = ["issued", "repeated", "written_share", "closed_share", "closed", "open", "overdue", "escalated"]
    out = []
    for row in rows.itertuples():
        name = (
            anchor(
                here.view.link("supervision", show="findings", unit=here.code_of(int(row.unit)), which="all"),
                esc(here.name_of(int(row.unit))),
            )
            if by == "unit"
            else esc(word("kind", row.kind, here.language))
        )
        out.append(
            [
                name,
                esc(row.issued),
                span(f"↻ {row.repeated}", css="below") if row.repeated else esc("0"),
                _share(here, row.written_share, row.written_in_time, row.to_write),
                _share(here, row.closed_share, row.closed_in_time, row.due),
                esc(row.closed),
                esc(row.open),
                span(f"▼ {row.overdue}", css="below strong") if row.overdue else esc("0"),
                esc(row.escalated),
            ]
        )
    head = [esc(text(f"supervision.{by}" if by == "unit" else "supervision.finding_kind"))]
    head += [esc(text(f"supervision.n_{name}")) for name in names]
    marks = ["u", "n", "n wide", "n wide", "n", "n wide", "n", "n", "n wide"]
    return table(head, out, css="tall", marks=marks)


def counts_frame(here: Here, rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """The same to take away, shares as numbers between 0 and 1."""
    text = here.text
    first = (
        [here.name_of(int(unit)) for unit in rows["unit"]]
        if by == "unit"
        else [word("kind", code, here.language) for code in rows["kind"]]
    )
    columns = {text("supervision.unit" if by == "unit" else "supervision.finding_kind"): first}
    columns |= {text(f"supervision.n_{name}"): rows[name].tolist() for name in ageing.COUNTS}
    return pd.DataFrame(columns)


def repeated_table(here: Here, rows: pd.DataFrame) -> str:
    """The same kind of problem at the same unit, again and again."""
    text = here.text
    out = [
        [
            esc(here.name_of(int(row.unit))),
            esc(word("kind", row.kind, here.language)),
            repeated_mark(here, int(row.times)),
            esc(f"{row.first_on:%Y-%m-%d} – {row.last_on:%Y-%m-%d}"),
            esc(row.open),
        ]
        for row in rows.itertuples()
    ]
    names = ("unit", "finding_kind", "times", "from_to", "n_open")
    marks = ["u", "w", "nowrap", "nowrap wide", "n"]
    return table([esc(text(f"supervision.{name}")) for name in names], out, css="tall", marks=marks)


def bucket_band(here: Here, rows: pd.DataFrame, today: date) -> str:
    """How old what is open is."""
    text = here.text
    counts = rows["bucket"].value_counts()
    parts = [span(text("supervision.ages"))]
    for bucket in buckets(today):
        name = bucket.zh if here.language == "zh" else bucket.en
        parts.append(tag("span", esc(name + " ") + tag("b", esc(int(counts.get(bucket.code, 0))))))
    return tag("div", *parts, css="band")


def _share(here: Here, share: float, n: float, of: float) -> str:
    if is_missing(share):
        return MISSING
    return esc(show(share, Unit.PERCENT, here.language)) + span(f" {int(n)}/{int(of)}", css="muted small")
