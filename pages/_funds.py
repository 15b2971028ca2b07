"""The tables of the page of funds: money in yuan to the fen, what adds up shown adding up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pandas as pd

from metrics.funds.money import yuan
from metrics.funds.reconciling import Reconciled
from metrics.funds.settling import Line
from metrics.units import MISSING, count, is_missing
from pages._html import esc, span, table, tag
from pages._page import Here
from pages._text import Text

MONEY = ("entitlement", "in_advance", "paid", "earned", "settled", "clawed_back", "withheld")


def bands_words(bands: Sequence[tuple[Fraction, Fraction | None]], text: Text) -> str:
    """Which score earns which coefficient: (score from, coefficient or None for the score itself), in words."""
    told = []
    for score_from, coefficient in sorted(bands, key=lambda band: band[0], reverse=True):
        earns = text("funds.band_score") if coefficient is None else f"{float(coefficient):g}"
        key = "funds.band" if score_from else "funds.band_rest"
        told.append(
            text(key, score=f"{float(score_from):g}", earns=earns) if score_from else text(key, earns=earns)
        )
    return text("funds.bands", words=text("list.semicolon").join(told))


def totals(here: Here, lines: list[Line]) -> str:
    """The year in one line: what all units together are due, were paid, earned, get and give back."""
    whole = [line for line in lines if line.programme == ""]
    facts = [
        tag(
            "div",
            span(here.text("funds.in_yuan", name=here.text(f"funds.{name}")), css="k"),
            tag("span", _fen(sum(getattr(line, name) for line in whole), name), css="v"),
            css="fact",
        )
        for name in ("entitlement", "paid", "earned", "settled", "clawed_back")
    ]
    return tag("div", *facts, css="head")


def unit_table(
    here: Here,
    lines: list[Line],
    scores: Mapping[int, float],
    flat: Mapping[int, str],
    by_score: bool = True,
) -> str:
    """A row a unit and the total, in yuan; ``flat``: unit -> its name. Scores and coefficients only where money
    follows them."""
    text = here.text
    whole = [line for line in lines if line.programme == ""]
    graded = ("score", "coefficient") if by_score else ()
    head = [esc(text(f"funds.{name}")) for name in ("unit", "population", *graded, *MONEY)]

    def grades(line: Line) -> list[str]:
        return [
            MISSING if line.unit not in scores else f"{scores[line.unit]:.2f}",
            MISSING if line.coefficient is None else f"{float(line.coefficient):.4f}",
        ]

    rows = [
        [
            esc(flat.get(line.unit, MISSING)),
            count(line.population),
            *(grades(line) if by_score else ()),
            *(_fen(getattr(line, name), name) for name in MONEY),
        ]
        for line in whole
    ]
    total = [
        esc(text("funds.total")),
        count(sum(line.population or 0 for line in whole)),
        *("" for _ in graded),
        *(_fen(sum(getattr(line, name) for line in whole), name) for name in MONEY),
    ]
    return table(
        head,
        [*rows, [tag("b", cell) for cell in total]],
        css="heat long",
        marks=["u", *["n"] * (len(head) - 1)],
    )


def programme_table(here: Here, lines: list[Line], words: Mapping[str, str]) -> str:
    """A row a programme, all units together, and the total."""
    text = here.text
    shown = ("entitlement", "in_advance", "paid", "earned", "withheld")
    head = [esc(text("funds.programme")), *(esc(text(f"funds.{name}")) for name in shown)]
    rows = []
    for programme, name in words.items():
        of = [line for line in lines if line.programme == programme]
        if of:
            rows.append(
                [esc(name), *(_fen(sum(getattr(line, column) for line in of), column) for column in shown)]
            )
    whole = [line for line in lines if line.programme == ""]
    total = [
        esc(text("funds.total")),
        *(_fen(sum(getattr(line, column) for line in whole), column) for column in shown),
    ]
    return table(
        head, [*rows, [tag("b", cell) for cell in total]], css="heat", marks=["u", *["n"] * len(shown)]
    )


def what_if_total(here: Here, before: list[Line], after: list[Line]) -> str:
    """What the change does to all units together."""
    old, new = (sum(line.earned for line in lines if line.programme == "") for lines in (before, after))
    return tag(
        "div",
        tag(
            "div",
            span(here.text("funds.earned_in_all"), css="k"),
            tag("span", _arrow(yuan(old), yuan(new)), css="v"),
            css="fact",
        ),
        tag(
            "div",
            span(here.text("funds.in_yuan", name=here.text("funds.change")), css="k"),
            tag("span", _signed(new - old), css="v"),
            css="fact",
        ),
        css="head",
    )


def what_if_table(here: Here, compared: pd.DataFrame, names: Mapping[int, str]) -> str:
    """Ranks and money before and after a change; who gains and who loses by sign and word."""
    text = here.text
    head = [esc(text(f"funds.{name}")) for name in ("unit", "score", "rank", "moved", "earned", "change")]
    rows = [
        [
            esc(names.get(row.unit, MISSING)),
            _arrow(_score(row.score_before), _score(row.score_after)),
            _arrow(_whole(row.rank_before), _whole(row.rank_after)),
            _moved(row.moved),
            _arrow(_money(row.earned_before), _money(row.earned_after)),
            MISSING if is_missing(row.change) else _signed(int(row.change)),
        ]
        for row in compared.itertuples()
    ]
    return table(head, rows, css="heat long", marks=["u", "n", "n", "n", "n", "n"])


def reconciled_table(here: Here, found: Reconciled, prepaid: int, reward: int) -> str:
    """The two amounts side by side, how many people each pays for, and the gap."""
    text = here.text
    head = [esc(text(f"funds.{name}")) for name in ("amount", "yuan", "people")]
    rows = [
        [esc(text("funds.prepaid_row")), yuan(prepaid), f"{float(found.people_prepaid):,.1f}"],
        [esc(text("funds.reward_row")), yuan(reward), f"{float(found.people_rewarded):,.1f}"],
        [esc(text("funds.reward_due")), yuan(found.reward_due), f"{float(found.people_prepaid):,.1f}"],
    ]
    verdict = "agrees" if found.agrees else "gap_found"
    mark = span(
        ("■ " if found.agrees else "▼ ") + text(f"funds.{verdict}", gap=yuan(found.gap)),
        css=f"mark {'at' if found.agrees else 'below'}",
    )
    return table(head, rows, marks=["w", "n", "n"]) + tag("p", mark)


def _fen(fen: int, name: str) -> str:
    if name == "clawed_back" and fen:
        return span(yuan(fen), css="below")
    return esc(yuan(fen))


def _money(fen: float | None) -> str:
    return MISSING if is_missing(fen) else yuan(int(fen))


def _signed(fen: int) -> str:
    if fen == 0:
        return esc("0.00")
    return span(f"{'▲' if fen > 0 else '▼'} {yuan(abs(fen))}", css="above" if fen > 0 else "below")


def _moved(moved: float | None) -> str:
    if is_missing(moved):
        return MISSING
    if moved == 0:
        return esc("·")
    return span(f"{'▲' if moved > 0 else '▼'} {abs(int(moved))}", css="above" if moved > 0 else "below")


def _score(score: float | None) -> str:
    return MISSING if is_missing(score) else f"{score:.2f}"


def _whole(number: float | None) -> str:
    return MISSING if is_missing(number) else f"{int(number)}"


def _arrow(before: str, after: str) -> str:
    return esc(after) if before == after else span(before, css="muted") + esc(f" → {after}")
