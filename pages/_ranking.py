"""Who stands where in a round: marks, the band of grades, the ranking."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from exports.words import who
from metrics.appraisal.sheet import shown
from metrics.sentences import sentences
from metrics.units import MISSING, count, is_missing
from metrics.wording import month_name
from pages._html import anchor, esc, span, table, tag
from pages._page import Here
from pages._rounds import Round, code_of_subject, subject_words

#: Shape and colour of a grade.
_GRADES = {"excellent": "above", "good": "at", "qualified": "course", "unqualified": "below", "none": "none"}
_SHAPES = {"excellent": "▲", "good": "●", "qualified": "◆", "unqualified": "▼", "none": "○"}
_ROUND_STATES = {"draft": ("○", "course"), "published": ("●", "at"), "withdrawn": ("✕", "none")}


def grade_mark(here: Here, grade: object, of_doctors: bool) -> str:
    """A grade by shape, word and colour."""
    code = grade if isinstance(grade, str) else "none"
    group = "doctor_grade" if of_doctors else "grade"
    word = sentences(here.language)(f"appraisal.{group}.{code}")
    return span(f"{_SHAPES[code]} {word}", css=f"mark {_GRADES[code]}")


def state_mark(here: Here, state: str) -> str:
    """A round's state by shape, word and colour."""
    shape, css = _ROUND_STATES[state]
    return span(f"{shape} {sentences(here.language)(f'appraisal.round.{state}')}", css=f"mark {css}")


def band(here: Here, found: Round, table: pd.DataFrame) -> str:
    """How many are of each grade, and how many wait for somebody."""
    text, words = here.text, sentences(here.language)
    parts = [span(text("appraisal.subjects", n=len(table)))]
    counts = table["final_grade"].where(table["final_grade"].map(lambda one: isinstance(one, str)), "none")
    group = "doctor_grade" if found.of_doctors else "grade"
    for code, n in counts.value_counts().reindex(_GRADES, fill_value=0).items():
        if n:
            label = f"{_SHAPES[code]} {words(f'appraisal.{group}.{code}')} "
            parts.append(tag("span", esc(label) + tag("b", esc(n)), css=_GRADES[code]))
    waiting = int(table["open"].sum())
    if waiting:
        parts.append(span(text("appraisal.waiting", n=count(waiting)), css="course"))
    return tag("div", *parts, css="band")


def about_round(here: Here, found: Round) -> str:
    """Which sheet, which period, which data, by whom."""
    text, row = here.text, found.row
    parts = [
        tag("span", state_mark(here, row["state"])),
        span(text("appraisal.sheet_of", name=found.sheet.words[here.language], version=found.sheet.version)),
        span(period_words(here, row)),
    ]
    if row["published_at"] is not None:
        at = f"{row['published_at']:%Y-%m-%d %H:%M}"
        parts.append(span(text("appraisal.published_by", by=who(row["published_by"], text), at=at)))
        parts.append(
            span(
                text("appraisal.frozen_at", event=int(row["event"]), definitions=str(row["definitions"])[:8]),
                title=str(row["definitions"]),
            )
        )
    if row["note"]:
        parts.append(span(text("appraisal.remark", words=row["note"])))
    return tag("div", *parts, css="asof")


def period_words(here: Here, row: Mapping) -> str:
    """A round's period: quarter to September 2026."""
    kind = sentences(here.language)(f"appraisal.round.{row['period']}")
    return here.text("appraisal.period", period=kind, month=month_name(int(row["month"]), here.text))


def ranking_table(here: Here, found: Round, rows: pd.DataFrame, under_parent: bool, marked: int) -> str:
    """Ranked subjects; a name opens the subject. ``marked``: the unit that is looked at."""
    text = here.text
    names = ["rank", "moved", "subject", "score", "change", "change_year", "grade"]
    marks = ["n", "n", "u", "n", "n wide", "n wide", "nowrap"]
    vetoed = rows["final_veto"].map(lambda veto: isinstance(veto, str)).any()
    if vetoed:
        names.append("veto")
        marks.append("")
    if found.is_draft:
        names.append("open")
        marks.append("n")
    out = []
    for row in rows.itertuples():
        who = (int(row.unit), row.staff_no)
        rank, peers = (
            (row.final_parent_rank, row.final_parent_peers)
            if under_parent
            else (row.final_rank, row.final_peers)
        )
        link = here.view.link(
            "appraisal",
            sheet=found.sheet.key,
            round=found.number,
            subject=code_of_subject(here, *who),
        )
        name = anchor(link, esc(subject_words(here, *who)))
        cells = [
            tag("b", esc(whole(rank))) + span(f" / {whole(peers)}", css="muted small wide"),
            MISSING if under_parent else _moved(found.before.get(who), row),
            tag("b", name) if who[0] == marked else name,
            _score(here, row),
            change_mark(found.before.get(who), row),
            change_mark(found.last_year.get(who), row),
            grade_mark(here, row.final_grade, found.of_doctors),
        ]
        if vetoed:
            cells.append(veto_mark(here, found, row.final_veto))
        if found.is_draft:
            cells.append(
                span(text("appraisal.n_open", n=row.open), css="course") if row.open else span("0", "muted")
            )
        out.append(cells)
    return table([esc(text(f"appraisal.{name}")) for name in names], out, css="long", marks=marks)


def ranking_frame(here: Here, found: Round, rows: pd.DataFrame) -> pd.DataFrame:
    """The ranking as a table to take away."""
    text, words = here.text, sentences(here.language)
    group = "doctor_grade" if found.of_doctors else "grade"
    keys = [(int(row.unit), row.staff_no) for row in rows.itertuples()]
    return pd.DataFrame(
        {
            text("appraisal.rank"): rows["final_rank"].astype("Int64").tolist(),
            text("appraisal.peers"): rows["final_peers"].astype("Int64").tolist(),
            text("appraisal.subject"): [subject_words(here, unit, "") for unit, _ in keys],
            text("appraisal.staff_no"): [staff_no for _, staff_no in keys],
            text("appraisal.score"): (rows["final"] / 100).tolist(),
            text("appraisal.full"): (rows["full"] / 100).tolist(),
            text("appraisal.first_score"): (rows["points"] / 100).tolist(),
            text("appraisal.before"): [_hundredth(found.before.get(key)) for key in keys],
            text("appraisal.year_before"): [_hundredth(found.last_year.get(key)) for key in keys],
            text("appraisal.grade"): [
                words(f"appraisal.{group}.{grade if isinstance(grade, str) else 'none'}")
                for grade in rows["final_grade"]
            ],
            text("appraisal.veto"): [
                found.sheet.item(veto).words[here.language] if isinstance(veto, str) else ""
                for veto in rows["final_veto"]
            ],
            text("appraisal.open"): rows["open"].tolist(),
        }
    )


def _score(here: Here, row) -> str:
    told = tag("b", esc(_exact(row.final)))
    if row.full != 10_000:
        told += span(f" / {shown(int(row.full))}", css="muted small")
    if not is_missing(row.second_points) and row.second_points != row.points:
        told = span(_exact(row.points), css="muted small") + esc(" → ") + told
    return told


def veto_mark(here: Here, found: Round, veto: object) -> str:
    if not isinstance(veto, str):
        return ""
    return span(f"▼ {found.sheet.item(veto).words[here.language]}", css="below")


def _moved(before: tuple[float, float, float] | None, row) -> str:
    if before is None or is_missing(before[2]) or is_missing(row.final_rank):
        return MISSING
    return moved_mark(before[2] - row.final_rank)


def moved_mark(moved: float | None) -> str:
    if is_missing(moved):
        return MISSING
    if not moved:
        return span("·", css="muted")
    return span(f"{'▲' if moved > 0 else '▼'} {abs(int(moved))}", css="above" if moved > 0 else "below")


def change_mark(before: tuple[float, float, float] | None, row) -> str:
    """Points more or less; of another number of full points nothing can be said."""
    if before is None or before[1] != row.full:
        return MISSING
    change = int(row.final - before[0])
    if not change:
        return span("0", css="muted")
    return span(f"{'▲' if change > 0 else '▼'} {_exact(abs(change))}", css="above" if change > 0 else "below")


def _exact(points: float) -> str:
    """Hundredths with both decimals: in a column they stand below each other."""
    return f"{points / 100:.2f}"


def _hundredth(before: tuple[float, float, float] | None) -> float | None:
    return None if before is None else before[0] / 100


def whole(number: float | None) -> str:
    return MISSING if is_missing(number) else f"{int(number)}"
