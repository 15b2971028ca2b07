"""The tables of a proposal on the page, and the same to take away."""

from __future__ import annotations

import hashlib

import pandas as pd

from metrics.siting.asking import DISTANCE, Answer
from metrics.siting.sites import CELLS
from metrics.units import count
from pages._carry import Line
from pages._html import esc, given, span, table, tag
from pages._page import Here
from pages._paper_lines import proposal
from pages._paper_lines import table as csv_of
from pages._siting_words import metres, percent
from pages._takeaway import csv_file

Tables = dict[str, pd.DataFrame]
_MOST_PLACES = 60
_TAKEN = ("sites", "places", "workload", "points", "ladder")
_SHOWN_NAMES = {"above_before", "above_after", "exact"}


def sites_table(here: Here, answer: Answer, tables: Tables) -> str:
    """Where something opens: whom it wins, whom it would serve."""
    text, bands = here.text, answer.setting.bands
    rows = tables["sites"].sort_values("won", ascending=False, kind="stable")
    if rows.empty:
        return span(text("siting.no_sites"), css="muted")
    head = [
        text("siting.site"),
        text("siting.won_col"),
        *(text(f"siting.{name}") for name in bands),
        text("siting.would_serve"),
    ]
    cells = []
    for _, row in rows.iterrows():
        about = [text("siting.cell", cell=row["site"].partition(":")[2])] if row["source"] == CELLS else []
        if isinstance(row["place"], str) and row["place"] not in row["name"]:
            about.append(row["place"])
        if row["replaces"]:
            about.append(text("siting.replaces", unit=_unit_name(answer, row["replaces"])))
        under = tag("div", esc(text("list.enumeration").join(about)), css="muted small") if about else ""
        cells.append(
            [
                tag("div", esc(row["name"]), css="strong") + under,
                _people(row["won"]),
                *(_people(row[f"won_{name}"]) for name in bands),
                _people(row["people"]),
            ]
        )
    return table(head, cells, marks=["v", *["n"] * (len(head) - 1)])


def closed_table(here: Here, answer: Answer, tables: Tables) -> str:
    """What closes or moves, and how many people have it nearest today."""
    text = here.text
    rows = tables["workload"][tables["workload"]["state"] == "closes"]
    sites = tables["sites"]
    goes_to = dict(zip(sites["replaces"], sites["name"], strict=True))
    cells = []
    for row in rows.itertuples(index=False):
        to = goes_to.get(row.code)
        under = tag("div", esc(text("siting.goes_to", site=to)), css="muted small") if to else ""
        cells.append([esc(row.name) + under, _people(row.people_before)])
    return table([text("siting.closes"), text("siting.had_nearest")], cells, marks=["", "n"])


def groups_table(here: Here, answer: Answer, tables: Tables) -> str:
    """By age band: within the rule before and after; before alone while nothing is done."""
    text, done = here.text, bool(answer.plan)
    head = [text("siting.who"), text("siting.people_col"), text("siting.within_before")]
    head += [text("siting.within_after"), text("siting.gained")] if done else [text("siting.beyond_now")]
    rows = []
    for row in tables["groups"].itertuples(index=False):
        cells = [esc(text(f"siting.{row.group}")), _people(row.people), _share(row.within_before, row.people)]
        if done:
            cells += [_share(row.within_after, row.people), _signed(row.gained)]
        else:
            cells.append(_people(row.people - row.within_before))
        rows.append(cells)
    return table(head, rows, marks=["u", *["n"] * (len(head) - 1)])


def places_table(here: Here, answer: Answer, tables: Tables) -> str:
    """From where people come within the rule, or fall out of it."""
    text, bands = here.text, answer.setting.bands
    rows = tables["places"]
    if rows.empty:
        return span(text("siting.no_change"), css="muted")
    head = [text("siting.place"), text("siting.people_col"), text("siting.gained"),
            *(text(f"siting.{name}") for name in bands), text("siting.mean_before"), text("siting.mean_after")]  # fmt: skip
    cells = [
        [
            given(row["place"]),
            _people(row["people"]),
            _signed(row["gained"]),
            *(_signed(row[f"gained_{name}"]) for name in bands),
            metres(row["metres_before"]),
            metres(row["metres_after"]),
        ]
        for _, row in rows.head(_MOST_PLACES).iterrows()
    ]
    more = len(rows) - len(cells)
    below = tag("div", esc(text("siting.more_places", n=count(more))), css="muted small") if more else ""
    return table(head, cells, css="tall", marks=["u", *["n"] * (len(head) - 1)]) + below


def ways_table(here: Here, tables: Tables) -> str:
    """How far it is to the nearest unit, before and after."""
    text = here.text
    ways = tables["ways"].set_index("when")
    head = [text("siting.way"), text("siting.before"), text("siting.after")]
    rows = [
        [esc(text(f"siting.{name}")), metres(ways.loc["before", name]), metres(ways.loc["after", name])]
        for name in ("mean", "median", "ninth")
    ]
    if ways["unknown"].sum():
        rows.append([esc(text("siting.way_unknown")), *map(_people, ways["unknown"])])
    return table(head, rows, marks=["", "n", "n"])


def workload_table(here: Here, answer: Answer, tables: Tables, everything: bool) -> str:
    """People of each unit before and after; units for which nothing changes only when asked for."""
    text = here.text
    rows = tables["workload"]
    if not everything:
        rows = rows[(rows["change"] != 0) | (rows["state"] != "stays") | rows["above_after"]]
    order = rows["state"].map({"opens": 0, "closes": 1, "stays": 2})
    rows = rows.assign(order=order, size=-rows["change"].abs()).sort_values(["order", "size"], kind="stable")
    head = [text("siting.unit"), text("siting.state"), text("siting.before"), text("siting.after"),
            text("siting.change")]  # fmt: skip
    cells = [
        [
            esc(row.name),
            span(
                text(f"siting.state_{row.state}"),
                css={"opens": "above", "closes": "below"}.get(row.state, "muted"),
            ),
            _load(here, row.people_before, row.above_before),
            _load(here, row.people_after, row.above_after),
            _signed(row.change),
        ]
        for row in rows.itertuples(index=False)
    ]
    if not cells:
        return span(text("siting.no_change"), css="muted")
    return table(head, cells, css="tall", marks=["u", "", "n", "n", "n"])


def ladder_table(here: Here, answer: Answer, tables: Tables) -> str:
    """What 1, 2 ... new sites do, each number with its own best plan."""
    text, bands = here.text, answer.setting.bands
    far = answer.question.goal == DISTANCE
    added = (
        text("siting.shorter_by") if far else text("siting.added", who=text(f"siting.{answer.question.who}"))
    )
    head = [text("siting.number"), added, text("siting.won_col"),
            *(text(f"siting.{name}") for name in bands), text("siting.still_beyond"), text("siting.mean_m")]  # fmt: skip
    rows = [
        [
            str(int(row["new"])),
            metres(row["added"]) if far else _people(round(row["added"])),
            _people(round(row["won"])),
            *(_people(row[f"won_{name}"]) for name in bands),
            _people(round(row["beyond"])),
            metres(row["mean_m"])
            + ("" if row["exact"] else " " + span("◐", css="course", title=text("siting.not_proven"))),
        ]
        for _, row in tables["ladder"].iterrows()
    ]
    return table(head, rows, marks=["n"] * len(head))


def offers(here: Here, answer: Answer, tables: Tables, what: str) -> list[Line]:
    """The tables as files."""
    text = here.text
    plan = hashlib.sha256(repr((answer.question, answer.plan)).encode()).hexdigest()[:12]
    lines = [proposal(here, answer, f"siting {what} {plan}")]
    for name in _TAKEN:
        frame = tables[name]
        title = text(f"siting.take_{name}")
        file = csv_file(
            here,
            f"{text('siting.title')}_{title}",
            lambda frame=frame: taken(here, frame),
            [text("siting.straight"), text("siting.no_decision")],
        )
        files = (csv_of(f"siting {name} {what}", file),) if len(frame) else ()
        lines.append(
            Line(title, text(f"siting.take_{name}_about"), files, "" if files else text("siting.no_rows"))
        )
    return lines


def taken(here: Here, frame: pd.DataFrame) -> pd.DataFrame:
    """A table with headings and codes in words."""
    text = here.text
    coded = {"state": "state", "kind": "kind", "source": "from"}
    out = {}
    for name in frame.columns:
        column = frame[name]
        if name in coded:
            column = [text(f"siting.{coded[name]}_{value}") for value in column]
        elif name in _SHOWN_NAMES:
            column = [text("siting.yes" if value else "siting.no") for value in column]
        elif name.startswith(("metres", "mean")) or name == "added":
            column = column.astype(float).round(1)
        out[text(f"siting.head.{name}")] = column
    return pd.DataFrame(out)


def _people(value) -> str:
    return count(None if pd.isna(value) else value)


def _signed(value) -> str:
    if pd.isna(value):
        return count(None)
    sign = "+" if value > 0 else ""
    return sign + count(value) if value >= 0 else "−" + count(-value)


def _share(part, whole) -> str:
    if pd.isna(part) or pd.isna(whole):
        return count(None)
    return f"{count(part)} {span(percent(float(part), float(whole)), css='muted small')}"


def _load(here: Here, people, above: bool) -> str:
    return _people(people) + (" " + span("▲", css="below", title=here.text("siting.above")) if above else "")


def _unit_name(answer: Answer, code: str) -> str:
    units = answer.setting.units
    return units.loc[units["code"] == code, "name"].iloc[0]
