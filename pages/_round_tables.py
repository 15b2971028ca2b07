"""Tables of a round beside its ranking: open items, appeals, warnings, history, what-if."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from exports.words import who
from metrics.appraisal.explaining import sentence
from metrics.appraisal.sheet import shown
from metrics.sentences import sentences
from metrics.units import MISSING, is_missing
from metrics.wording import month_name
from pages._html import anchor, esc, span, table, tag
from pages._page import Here
from pages._ranking import grade_mark, moved_mark, whole
from pages._rounds import Round, code_of_subject, subject_words

_APPEALS = {"open": ("□", "course"), "granted": ("■", "at"), "refused": ("✕", "none")}


def open_table(here: Here, found: Round, rows: Iterable[tuple[int, str, str]]) -> str:
    """Items that wait for somebody; each opens the form that scores it."""
    text = here.text
    out = []
    for unit, staff_no, key in rows:
        item, subject = found.sheet.item(key), code_of_subject(here, unit, staff_no)
        link = here.view.link(
            "appraisal", sheet=found.sheet.key, round=found.number, subject=subject, item=key
        )
        line = found.made[1].scores[(unit, staff_no)].line(key)
        out.append(
            [
                esc(subject_words(here, unit, staff_no)),
                anchor(link, esc(item.words[here.language])),
                esc(shown(item.weight)),
                span(sentence(line, item, here.language), css="small muted"),
            ]
        )
    head = [esc(text(f"appraisal.{name}")) for name in ("subject", "item", "weight", "why")]
    return table(head, out, css="long", marks=["u", "w", "n", "w wide"])


def appeal_table(here: Here, found: Round, appeals: pd.DataFrame) -> str:
    """Appeals with their answers."""
    text, words = here.text, sentences(here.language)
    out = []
    for row in appeals.itertuples():
        shape, css = _APPEALS[row.state]
        item, subject = found.sheet.item(row.item), (int(row.unit), row.staff_no)
        link = here.view.link(
            "appraisal",
            sheet=found.sheet.key,
            round=found.number,
            subject=code_of_subject(here, *subject),
        )
        answer = "" if not isinstance(row.answer, str) else row.answer
        out.append(
            [
                esc(str(row.appeal)),
                anchor(link, esc(subject_words(here, *subject))),
                tag("div", esc(item.words[here.language]))
                + tag("div", esc(row.reason), css="small muted")
                + (tag("div", esc(f"→ {answer}"), css="small") if answer else ""),
                span(f"{shape} {words(f'appraisal.appeal.{row.state}')}", css=f"mark {css}"),
                MISSING if is_missing(row.points) else esc(shown(int(row.points))),
                esc(f"{row.asked_by} {row.asked_at:%Y-%m-%d}"),
            ]
        )
    head = [
        esc(text(f"appraisal.{name}"))
        for name in ("number", "subject", "appealed", "state", "second", "asked")
    ]
    return table(head, out, css="long", marks=["n", "u", "w", "nowrap", "n", "nowrap wide"])


def doctor_table(here: Here, warned: pd.DataFrame) -> str:
    """Village doctors who are to be warned, or whose dismissal is due."""
    text, words = here.text, sentences(here.language)
    out = []
    for row in warned.itertuples():
        css, shape = ("below", "▼") if row.stage == "dismissal" else ("course", "◆")
        told = words(f"appraisal.doctor.{row.stage}", times=row.times)
        months = text("list.comma").join(month_name(month, text) for month in row.months)
        out.append(
            [
                esc(subject_words(here, int(row.unit), row.staff_no)),
                span(f"{shape} {told}", css=css),
                esc(months),
            ]
        )
    head = [esc(text(f"appraisal.{name}")) for name in ("subject", "stage", "quarters")]
    return table(head, out, css="long", marks=["u", "w", "w wide"])


def history_table(here: Here, found: Round, rows: pd.DataFrame) -> str:
    """Who did what, the newest first."""
    text = here.text
    items = {item.key: item.words[here.language] for item in found.sheet.items}
    out = []
    for row in rows.itertuples():
        whom = "" if is_missing(row.unit) else subject_words(here, int(row.unit), row.staff_no or "")
        about = text("list.comma").join(part for part in (whom, items.get(row.item, row.item or "")) if part)
        out.append(
            [
                tag("div", esc(f"{row.at:%Y-%m-%d %H:%M}")) + span(who(row.by, text), css="small muted"),
                esc(text(f"appraisal.did.{row.of}.{row.action}")),
                esc(about or MISSING),
                span(changes(here, row.before, row.after), css="small muted"),
            ]
        )
    head = [esc(text(f"appraisal.{name}")) for name in ("when", "did_what", "to_what", "from_to")]
    return table(head, out, css="long", marks=["nowrap", "nowrap", "w", "w wide"])


def changes(here: Here, before: Mapping, after: Mapping) -> str:
    """What an edit changed, in words: points, whether it applies, notes."""
    text, said = here.text, []
    for name in ("points", "applies", "note", "answer", "reason", "second_points", "name"):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if name in ("points", "second_points"):
            old, new = (None if one is None else shown(int(one)) for one in (old, new))
        if name == "applies":
            old, new = (
                None if one is None else text(f"appraisal.applies_{one}".lower()) for one in (old, new)
            )
        told = new if old is None else f"{old} → {MISSING if new is None else new}"
        said.append(text("list.pair", name=text(f"appraisal.field_{name}"), value=told))
    return text("list.semicolon").join(said)


def what_if_table(
    here: Here, found: Round, rows: pd.DataFrame, money: Mapping[int, tuple[int, int]], in_yuan
) -> str:
    """Scores and ranks before and after, and money where it is known: unit -> fen before and after."""
    text = here.text
    names = ["rank", "moved", "subject", "score", "grade"]
    marks = ["n", "n", "u", "n", "nowrap wide"]
    if money:
        names += ["earned", "money_change"]
        marks += ["n wide", "n"]
    out = []
    for row in rows.itertuples():
        unit = int(row.unit)
        cells = [
            _arrow(whole(row.rank_before), whole(row.rank_after)),
            moved_mark(row.moved),
            esc(subject_words(here, unit, row.staff_no)),
            _arrow(
                _of(row.points_before, row.full_before, row.full_after),
                _of(row.points_after, row.full_after, row.full_before),
            ),
            grade_mark(here, row.grade_after, found.of_doctors),
        ]
        if money:
            before, after = money.get(unit, (None, None))
            cells.append(MISSING if before is None else _arrow(in_yuan(before), in_yuan(after)))
            cells.append(MISSING if before is None else _signed(after - before, in_yuan))
        out.append(cells)
    return table([esc(text(f"appraisal.{name}")) for name in names], out, css="long", marks=marks)


def _of(points: float, full: float, other: float | None = None) -> str:
    """Points, with the full points where they differ between the two sides."""
    told = shown(int(points))
    return told if other is None or other == full else f"{told}/{shown(int(full))}"


def _arrow(before: str, after: str) -> str:
    return esc(after) if before == after else span(before, css="muted") + tag("b", esc(f" → {after}"))


def _signed(fen: int, in_yuan) -> str:
    if not fen:
        return span("·", css="muted")
    return span(f"{'▲' if fen > 0 else '▼'} {in_yuan(abs(fen))}", css="above" if fen > 0 else "below")
