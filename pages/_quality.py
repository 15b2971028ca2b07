"""The page of data quality in pieces: the first sentence, the five dimensions, units against measures, one measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from charts.spark import spark
from exports.csv import amounts, values
from metrics.card import Card, Unit
from metrics.judgement import BELOW, missed
from metrics.quality import ToMend, dimensions, quality_cards, with_faults
from metrics.units import MISSING, count, is_missing, number, show
from metrics.wording import SHAPES
from pages._html import anchor, esc, span, table, tag
from pages._mainly import most_of
from pages._names import short_names
from pages._page import Here
from pages._words import hidden_note, mark, no_value, small_value

_SHARE = Unit.PERCENT


def opened(here: Here, key: str, unit: int | None = None) -> str:
    """The address of the page with the rows of a measure, at a unit."""
    return here.view.link("quality", ind=key, unit=here.code_of(here.unit if unit is None else unit))


def system_name(here: Here, system: str) -> str:
    """What a source system is called: a bureau's own layouts by their folder."""
    known = {"chis": "quality.system_chis", "plain": "quality.system_plain", "": "quality.system_unknown"}
    return here.text(known[system]) if system in known else system


def said(here: Here, standing: pd.DataFrame, first: ToMend | None) -> str:
    """How good the data are, and what to mend first: two sentences."""
    text = here.text
    judged = standing[standing["judgement"] != "none"]
    bad = int((judged["judgement"] == BELOW).sum())
    told = text("quality.said", n=len(quality_cards()), good=len(judged) - bad, bad=bad)
    if unknown := len(quality_cards()) - len(judged):
        told += text("quality.unjudged", n=unknown)
    told += text("quality.stop")
    if first is not None:
        return tag("div", esc(told), _first(here, standing, first), css="said")
    return tag("div", esc(told + (text("quality.all_good") if len(judged) and not bad else "")), css="said")


def _first(here: Here, standing: pd.DataFrame, first: ToMend) -> str:
    text, card = here.text, here.cards[first.indicator]
    row = standing.loc[first.indicator]
    words = {
        "name": card.name[here.language],
        "value": show(row["value"], card.unit, here.language, beside=missed(row)),
        "target": show(row["target"], card.unit, here.language),
    }
    known = not is_missing(first.faults)
    words |= {"faults": count(first.faults), "missing": count(first.missing)} if known else {}
    parts = [text("quality.first" if known else "quality.first_hidden", **words)]
    if first.unit is not None:
        parts.append(text("quality.of_unit", unit=here.name_of(first.unit), n=count(first.of_unit)))
    if first.system is not None:
        parts.append(
            text("quality.of_system", system=system_name(here, first.system), n=count(first.of_system))
        )
    link = opened(here, first.indicator, first.unit)
    return anchor(link, esc(text("list.clause").join(parts) + text("quality.stop")))


def dimension_table(
    here: Here,
    standing: pd.DataFrame,
    below: pd.DataFrame,
    sources: pd.DataFrame,
    lines: Mapping[str, Sequence[float]],
) -> str:
    """A row a measure, under its dimension: figure, target, faulty rows, course, where most of them are, by source."""
    text = here.text
    head = [
        text("quality.indicator"),
        text("column.value"),
        text("column.target"),
        text("column.judgement"),
        text("quality.faults"),
        text("quality.course"),
        text("quality.worst"),
        text("quality.systems"),
    ]
    worst = most_of(with_faults(below), "faults")
    of_source = dict(list(sources.groupby("indicator")))
    rows: list[Sequence[str]] = []
    known = with_faults(standing)
    for dimension, keys in dimensions():
        there = [key for key in keys if key in known.index]
        if there:
            rows.append([tag("td", esc(dimension.name[here.language]), css="group", colspan=str(len(head)))])
        for key in there:
            row, card = known.loc[key], here.cards[key]
            rows.append(
                [
                    anchor(opened(here, key), esc(card.name[here.language])),
                    small_value(row["value"], row["status"], card, text, sign="%", beside=missed(row)),
                    show(row["target"], card.unit, here.language),
                    mark(row["judgement"], text),
                    MISSING if is_missing(row["faults"]) else anchor(opened(here, key), count(row["faults"])),
                    spark(lines.get(key, [])) or MISSING,
                    _units(here, worst.get(key, [])),
                    _systems(here, of_source.get(key)),
                ]
            )
    marks = ["w", "n", "n", "nowrap", "n", "wide", "w wide", "w wide"]
    note = "" if len(sources) else tag("div", esc(text("quality.systems_none")), css="muted small")
    return table(head, rows, css="stack", marks=marks) + note + hidden_note(standing["status"], text)


def _units(here: Here, rows: list) -> str:
    parts = [
        anchor(
            opened(here, row.indicator, row.unit),
            esc(here.name_of(row.unit)) + " " + tag("b", esc(count(row.faults))),
        )
        for row in rows
    ]
    return tag("div", *parts, css="chips") if parts else MISSING


def _systems(here: Here, rows: pd.DataFrame | None) -> str:
    if rows is None:
        return MISSING
    parts = [
        span(f"{system_name(here, row.system)} ") + tag("b", esc(show(row.value, _SHARE, here.language)))
        for row in rows.itertuples()
    ]
    return tag("div", *(tag("span", part, css="nowrap") for part in parts), css="chips")


def unit_matrix(here: Here, matrix: pd.DataFrame) -> str:
    """Measures down, units across: a tint, a shape and a number, which opens the rows of that unit."""
    text = here.text
    units = [unit for unit in here.tree["unit"] if unit in set(matrix["unit"])]
    cells = {(row.unit, row.indicator): row for row in matrix.itertuples()}
    short = short_names(here.tree[here.tree["unit"].isin(units)])
    behind = matrix[matrix["judgement"] == BELOW].groupby("unit").size()
    head = [
        text("quality.indicator"),
        *(
            anchor(
                here.view.link("quality", unit=here.code_of(unit)), esc(short.get(unit, here.name_of(unit)))
            )
            for unit in units
        ),
    ]
    rows: list[Sequence[str]] = [
        [tag("b", esc(text("quality.behind"))), *(tag("b", str(behind.get(unit, 0))) for unit in units)]
    ]
    for dimension, keys in dimensions():
        rows.append([tag("td", esc(dimension.name[here.language]), css="group", colspan=str(len(head)))])
        for key in keys:
            name = anchor(opened(here, key), esc(here.cards[key].name[here.language]))
            rows.append([name, *(_cell(here, cells.get((unit, key)), key) for unit in units)])
    shown = table(head, rows, css="heat", marks=["u", *["c"] * len(units)])
    return shown + hidden_note(matrix["status"], text)


def _cell(here: Here, row, key: str) -> str:
    if row is None or (is_missing(row.value) and row.status == "ok"):  # it is not about this unit
        return tag("td", span(MISSING, css="muted small"), css="c")
    if is_missing(row.value):
        return tag("td", no_value(row.status, here.text), css="c")
    part = f" {here.text('status.part_short')}" if row.status == "part" else ""
    shown = f"{SHAPES[row.judgement]} {number(row.value, here.cards[key].unit, beside=missed(row))}{part}"
    title = here.text(f"judgement.{row.judgement}")
    return tag("td", anchor(opened(here, key, row.unit), esc(shown), title=title), css=f"c {row.judgement}")


def behind_list(here: Here, matrix: pd.DataFrame) -> str:
    """The same on a phone: a block a unit, with what is below its target there."""
    text = here.text
    head = [text("column.unit"), text("quality.behind"), text("quality.behind_what")]
    behind = matrix[matrix["judgement"] == BELOW]
    rows = []
    for unit in behind.groupby("unit").size().sort_values(ascending=False, kind="stable").index:
        there = behind[behind["unit"] == unit].sort_values("missing", ascending=False, kind="stable")
        parts = [
            anchor(
                opened(here, row.indicator, unit),
                esc(here.cards[row.indicator].name[here.language]) + " ",
                span(
                    f"{SHAPES[BELOW]} {show(row.value, _SHARE, here.language, beside=missed(row))}",
                    css=f"mark {BELOW}",
                ),
            )
            for row in there.itertuples()
        ]
        name = anchor(here.view.link("quality", unit=here.code_of(unit)), esc(here.name_of(unit)))
        rows.append([tag("b", name), str(len(there)), tag("div", *(tag("div", part) for part in parts))])
    shown = table(head, rows, css="stack", marks=["w", "n", "w"]) if rows else esc(text("quality.all_good"))
    return shown + hidden_note(matrix["status"], text)


def about(here: Here, card: Card) -> str:
    """A measure's rule, what to bear in mind, and where its own page is."""
    lines = [tag("div", esc(card.rule[here.language]))]
    if card.caveat:
        lines.append(tag("div", esc(card.caveat[here.language]), css="muted"))
    lines.append(anchor(here.view.link("indicator", ind=card.key), esc(here.text("quality.opens"))))
    return tag("div", *lines, css="small")


def source_table(here: Here, card: Card, sources: pd.DataFrame) -> str:
    """A measure by source system, the worst first; together they are the figure."""
    text = here.text
    head = [text("quality.system"), text("column.value"), text("quality.faults"), text("quality.rows")]
    rows = [
        [
            esc(system_name(here, row.system)),
            show(row.value, card.unit, here.language),
            count(row.faults),
            count(row.denominator),
        ]
        for row in with_faults(sources[sources["indicator"] == card.key]).itertuples()
    ]
    return table(head, rows, marks=["w", "n", "n", "n"]) if rows else ""


def quality_frame(
    here: Here, standing: pd.DataFrame, below: pd.DataFrame, sources: pd.DataFrame
) -> pd.DataFrame:
    """What is taken away: a row a unit and measure, and one more for each source system where these are told."""
    own = standing.reset_index(names="indicator").assign(unit=here.unit)
    columns = ["unit", "indicator", "numerator", "denominator", "value", "target", "judgement", "status"]
    whole = pd.concat([own[columns], below[columns]], ignore_index=True).assign(system=None)
    parts = sources.assign(target=float("nan"), judgement="none", status="ok")
    every = pd.concat(
        [frame for frame in (whole, parts[[*columns, "system"]]) if len(frame)], ignore_index=True
    )
    order = {key: place for place, key in enumerate(quality_cards())}
    units = {unit: place for place, unit in enumerate(here.tree["unit"])}
    every = every.assign(a=every["unit"].map(units), b=every["indicator"].map(order))
    every = every.sort_values(["a", "b", "system"], na_position="first", ignore_index=True)
    text, group = here.text, {key: row.name[here.language] for row, keys in dimensions() for key in keys}
    return pd.DataFrame(
        {
            text("column.code"): [here.code_of(unit) for unit in every["unit"]],
            text("column.unit"): [here.name_of(unit) for unit in every["unit"]],
            text("filter.system"): [group[key] for key in every["indicator"]],
            text("quality.indicator"): [here.cards[key].name[here.language] for key in every["indicator"]],
            text("quality.system"): [
                "" if name is None or name != name else system_name(here, name) for name in every["system"]
            ],
            f"{text('column.value')} (%)": values(every["value"], _SHARE),
            text("column.numerator"): amounts(every["numerator"]),
            text("column.denominator"): amounts(every["denominator"]),
            f"{text('column.target')} (%)": values(every["target"], _SHARE),
            text("column.judgement"): [text(f"judgement.{one}") for one in every["judgement"]],
            text("column.status"): [text(f"status.{one}") for one in every["status"]],
        }
    )
