"""The tables of the page of appraisals: ranks, one subject's lines, appeals, warnings, history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from metrics.appraisal.explaining import sentence
from metrics.appraisal.restoring import loss_words, losses
from metrics.appraisal.scoring import MANUAL, NOT_APPLICABLE, SCORED, Line
from metrics.appraisal.sheet import Item, Method, Section, shown
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
_APPEALS = {"open": ("○", "course"), "granted": ("●", "at"), "refused": ("✕", "none")}


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
        parts.append(span(text("appraisal.published_by", by=row["published_by"], at=at)))
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
            tag("b", esc(_whole(rank))) + span(f" / {_whole(peers)}", css="muted small wide"),
            MISSING if under_parent else _moved(found.before.get(who), row),
            tag("b", name) if who[0] == marked else name,
            _score(here, row),
            _change(found.before.get(who), row),
            _change(found.last_year.get(who), row),
            grade_mark(here, row.final_grade, found.of_doctors),
        ]
        if vetoed:
            cells.append(_veto(here, found, row.final_veto))
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


# -- one subject -----------------------------------------------------------------------------------


def subject_head(here: Here, found: Round, row) -> str:
    """Score, rank and grade of one subject, and what they were."""
    text, who = here.text, (int(row.unit), row.staff_no)
    value = tag(
        "div",
        esc(shown(int(row.final))),
        tag("small", esc(text("appraisal.of_full", full=shown(int(row.full))))),
        css="value",
    )
    facts = [
        (text("appraisal.grade"), grade_mark(here, row.final_grade, found.of_doctors)),
        (text("appraisal.rank"), esc(f"{_whole(row.final_rank)} / {_whole(row.final_peers)}")),
    ]
    if not is_missing(row.final_parent_rank) and row.kind != "centre":
        facts.append(
            (
                text("appraisal.parent_rank"),
                esc(f"{_whole(row.final_parent_rank)} / {_whole(row.final_parent_peers)}"),
            )
        )
    facts.append((text("appraisal.change"), _change(found.before.get(who), row)))
    facts.append((text("appraisal.change_year"), _change(found.last_year.get(who), row)))
    if not is_missing(row.second_points):
        facts.append((text("appraisal.first_score"), esc(shown(int(row.points)))))
    if isinstance(row.final_veto, str):
        facts.append((text("appraisal.veto"), _veto(here, found, row.final_veto)))
    shown_facts = (tag("div", span(k, css="k"), tag("span", v, css="v"), css="fact") for k, v in facts)
    return tag("div", value, *shown_facts, css="head")


def line_table(
    here: Here, found: Round, lines: Sequence[Line], second: Mapping[str, float], subject: str
) -> str:
    """Every item of the sheet with why it has its points, and what would win back those that it lost."""
    text = here.text
    words = {
        row.item: loss_words(row, found.sheet.item(row.item), here.language)
        for row in losses(found.sheet, after_appeals(lines, second)).itertuples()
        if row.way not in ("unknown", "by_hand")  # the sentence says as much
    }
    of = {line.item: line for line in lines}
    head = [esc(text(f"appraisal.{name}")) for name in ("item", "points")]
    out: list[Sequence[str]] = []
    for section in found.sheet.sections:
        out.append([_section(here, section, of, second)])
        for item in section.items:
            if item.key in of:
                line = of[item.key]
                out.append(
                    [
                        _item(here, found, item, line, words.get(item.key), subject),
                        tag("div", _points(line, item, second.get(item.key)))
                        + _result(here, line, item, second.get(item.key)),
                    ]
                )
    return table(head, out, css="long", marks=["w", "n"])


def after_appeals(lines: Sequence[Line], second: Mapping[str, float]) -> list[Line]:
    """The lines with the points that stand: second ones where an appeal was granted."""
    return [replace(line, points=int(second[line.item])) if line.item in second else line for line in lines]


def lines_frame(here: Here, found: Round, lines: Sequence[Line], second: Mapping[str, float]) -> pd.DataFrame:
    """The lines of a subject as a table to take away."""
    text = here.text
    items = [found.sheet.item(line.item) for line in lines]
    return pd.DataFrame(
        {
            text("appraisal.section"): [
                found.sheet.section_of(item.key).words[here.language] for item in items
            ],
            text("appraisal.item"): [item.words[here.language] for item in items],
            text("appraisal.weight"): [line.weight / 100 for line in lines],
            text("appraisal.points"): [None if line.points is None else line.points / 100 for line in lines],
            text("appraisal.second"): [
                second[line.item] / 100 if line.item in second else None for line in lines
            ],
            text("appraisal.numerator"): [line.numerator for line in lines],
            text("appraisal.denominator"): [line.denominator for line in lines],
            text("appraisal.value"): [line.value for line in lines],
            text("appraisal.baseline"): [line.baseline for line in lines],
            text("appraisal.why"): [
                sentence(line, item, here.language) for line, item in zip(lines, items, strict=True)
            ],
        }
    )


def _section(here: Here, section: Section, of: Mapping[str, Line], second: Mapping[str, float]) -> str:
    lines = [of[item.key] for item in section.items if item.key in of and item.is_weighed]
    points = sum(int(second.get(line.item, line.points or 0)) for line in lines)
    weight = sum(line.weight for line in lines)
    aside = span(f"{shown(points)} / {shown(weight)}", css="aside") if weight else ""
    return tag("td", esc(section.words[here.language]), aside, css="group", colspan="2")


def _item(here: Here, found: Round, item: Item, line: Line, loss: str | None, subject: str) -> str:
    name = span(item.words[here.language], css="strong")
    if item.card is not None:
        link = here.view.link("indicator", ind=item.card, unit=subject.split("/")[0])
        name = anchor(link, name)
    if found.is_draft:
        link = here.view.link(
            "appraisal", sheet=found.sheet.key, round=found.number, subject=subject, item=item.key
        )
        name += " " + anchor(link, span(here.text("appraisal.score_it"), css="muted small"))
    parts = [tag("div", name), tag("div", esc(sentence(line, item, here.language)), css="small muted")]
    if loss:
        parts.append(tag("div", esc(f"→ {loss}"), css="small"))
    return "".join(parts)


def _points(line: Line, item: Item, second: float | None) -> str:
    if item.method is Method.VETO:
        return MISSING
    full = span(f" / {shown(line.weight)}", css="muted small")
    if second is not None:
        return (
            span(shown(line.points), css="muted")
            + esc(" → ")
            + tag("b", esc(shown(round(second)) + " "))
            + full
        )
    return tag("b", esc(shown(line.points))) + full


def _result(here: Here, line: Line, item: Item, second: float | None) -> str:
    """What became of an item by shape, word and colour; after an appeal of the second score."""
    text = here.text
    if second is not None:
        line = replace(line, points=int(second), state=MANUAL)
    if line.state == NOT_APPLICABLE:
        return span(f"· {text('appraisal.not_applicable')}", css="mark none")
    if item.method is Method.VETO:
        word, css = ("vetoed", "below") if line.is_pronounced else ("not_vetoed", "none")
        return span(f"{'▼' if line.is_pronounced else '·'} {text(f'appraisal.{word}')}", css=f"mark {css}")
    if item.method is Method.BONUS:
        return span(
            f"▲ {text('appraisal.added', n=shown(line.points))}" if line.points else "·",
            css="mark above" if line.points else "mark none",
        )
    if line.state not in (SCORED, MANUAL):
        return span(f"○ {text('appraisal.undecided')}", css="mark course")
    if not line.lost:
        return span(f"● {text('appraisal.all_points')}", css="mark at")
    css, shape = ("below", "▼") if not line.points else ("course", "◆")
    return span(f"{shape} {text('appraisal.lost', n=shown(line.lost))}", css=f"mark {css}")


# -- the rest --------------------------------------------------------------------------------------


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
        item, who = found.sheet.item(row.item), (int(row.unit), row.staff_no)
        link = here.view.link(
            "appraisal",
            sheet=found.sheet.key,
            round=found.number,
            subject=code_of_subject(here, *who),
        )
        answer = "" if not isinstance(row.answer, str) else row.answer
        out.append(
            [
                esc(str(row.appeal)),
                anchor(link, esc(subject_words(here, *who))),
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
        who = "" if is_missing(row.unit) else subject_words(here, int(row.unit), row.staff_no or "")
        about = text("list.comma").join(part for part in (who, items.get(row.item, row.item or "")) if part)
        out.append(
            [
                tag("div", esc(f"{row.at:%Y-%m-%d %H:%M}")) + span(row.by, css="small muted"),
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
            _arrow(_whole(row.rank_before), _whole(row.rank_after)),
            _steps(row.moved),
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


def _score(here: Here, row) -> str:
    told = tag("b", esc(_exact(row.final)))
    if row.full != 10_000:
        told += span(f" / {shown(int(row.full))}", css="muted small")
    if not is_missing(row.second_points) and row.second_points != row.points:
        told = span(_exact(row.points), css="muted small") + esc(" → ") + told
    return told


def _veto(here: Here, found: Round, veto: object) -> str:
    if not isinstance(veto, str):
        return ""
    return span(f"▼ {found.sheet.item(veto).words[here.language]}", css="below")


def _moved(before: tuple[float, float, float] | None, row) -> str:
    if before is None or is_missing(before[2]) or is_missing(row.final_rank):
        return MISSING
    return _steps(before[2] - row.final_rank)


def _steps(moved: float | None) -> str:
    if is_missing(moved):
        return MISSING
    if not moved:
        return span("·", css="muted")
    return span(f"{'▲' if moved > 0 else '▼'} {abs(int(moved))}", css="above" if moved > 0 else "below")


def _change(before: tuple[float, float, float] | None, row) -> str:
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


def _whole(number: float | None) -> str:
    return MISSING if is_missing(number) else f"{int(number)}"
