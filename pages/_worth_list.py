"""The list of units and doctors whose records are worth checking, each with its reasons."""

from __future__ import annotations

import pandas as pd

from metrics.truth.listing import Listed
from metrics.truth.rules import Rules
from metrics.units import count
from pages._html import anchor, esc, span, table, tag
from pages._menu import PAGES, menu_of
from pages._page import Here
from pages._who import principal
from pages._worth_words import behind_words, name_of, parts_of, range_bar, sentence, side

_SHOWN = 4  # signals of a group that are told in full; one of a family
SIZE = 20  # units and doctors of a page


def doctor_words(here: Here, doctor: int, name: str) -> str:
    if not doctor:
        return here.text("worth.whole")
    return here.text("worth.doctor", name=name) if name else here.text("worth.doctor_gone")


def listed_table(here: Here, groups: pd.DataFrame, reasons: pd.DataFrame, rules: Rules) -> str:
    """``groups``: those of the page."""
    text = here.text
    head = [esc(text(f"worth.{name}")) for name in ("signals", "range", "records")]
    by_group = dict(list(reasons.groupby(["unit", "doctor"])))
    rows: list[list[str]] = []
    for group in groups.itertuples():
        rows.append([_head(here, group)])
        mine = by_group[group.unit, group.doctor]
        shown = first_of_families(mine).head(_SHOWN)
        for row in shown.itertuples():
            link = here.view.link("worth", **address(here, row))
            opened = anchor(link, esc(behind_words(here, row)), css="strong")
            rows.append([esc(sentence(here, row, rules)), range_bar(here, row), opened])
        rest = dict.fromkeys(name_of(here, kind) for kind in mine["kind"])
        rest = [name for name in rest if name not in {name_of(here, kind) for kind in shown["kind"]}]
        if rest:
            words = text("worth.more", kinds=text("list.comma").join(rest))
            rows.append([tag("td", span(words, css="muted small"), colspan="3", css="more")])
    return table(head, rows, css="stack", marks=["w", "", "nowrap"])


def address(here: Here, row) -> dict[str, object]:
    """The parameters that open the records behind a signal."""
    return {"of": here.code_of(int(row.unit)), "doctor": int(row.doctor) or None, "signal": row.kind}


def first_of_families(reasons: pd.DataFrame) -> pd.DataFrame:
    """One signal of a kind, in their order: what all readings say stands for what the late ones say, too."""
    parts = pd.DataFrame(
        [parts_of(kind) for kind in reasons["kind"]], columns=["kind", "part"], index=reasons.index
    )
    ordered = reasons.assign(of=parts["kind"], part=parts["part"] != "").sort_values(["part", "place"])
    return ordered.drop_duplicates("of").sort_values("place")


def _head(here: Here, group) -> str:
    text = here.text
    name = tag("b", esc(here.name_of(int(group.unit)))) + esc(
        " · " + doctor_words(here, group.doctor, group.name)
    )
    aside = [span(text("worth.contacts", n=count(group.contacts)), css="aside")]
    if "verify" in PAGES and "verify" in menu_of(principal()):
        link = here.view.link("verify", unit=here.code_of(int(group.unit)))
        aside.append(tag("span", anchor(link, esc(text("worth.verify"))), css="aside"))
    return tag("td", name, *aside, colspan="3", css="group")


def plain(here: Here, found: Listed, rules: Rules) -> pd.DataFrame:
    """The whole list for a file: a row a signal, all of them."""
    text = here.text
    groups = found.groups.set_index(["unit", "doctor"])
    rows = found.reasons.merge(found.groups[["unit", "doctor"]], on=["unit", "doctor"])
    kept = [(row, groups.loc[(row.unit, row.doctor)]) for row in rows.itertuples()]
    columns = {
        "unit": [here.name_of(int(row.unit)) for row, _ in kept],
        "doctor": [doctor_words(here, row.doctor, group["name"]) for row, group in kept],
        "level": [text("worth.title" if group["listed"] else "worth.hinted_title") for _, group in kept],
        "kind": [name_of(here, row.kind) for row, _ in kept],
        "words": [sentence(here, row, rules) for row, _ in kept],
        "range": [text(f"worth.{side(row)}") for row, _ in kept],
        "n": [int(row.number) for row, _ in kept],
        "behind": [int(row.behind) for row, _ in kept],
        "contacts": [int(group["contacts"]) for _, group in kept],
    }
    return pd.DataFrame(columns)


def heading(here: Here, name: str) -> str:
    return here.text("worth.range" if name == "range" else f"worth.column_{name}")
