"""One subject of a round: its head, and every item with why it has its points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from metrics import wording
from metrics.appraisal.explaining import sentence
from metrics.appraisal.restoring import loss_words, losses
from metrics.appraisal.scoring import MANUAL, NOT_APPLICABLE, SCORED, Line
from metrics.appraisal.sheet import Item, Method, Section, shown
from metrics.small_numbers import HIDDEN
from metrics.units import MISSING, is_missing
from pages._html import anchor, esc, span, table, tag
from pages._page import Here
from pages._ranking import change_mark, grade_mark, veto_mark, whole
from pages._rounds import Round
from pages._text import Text
from pages._words import no_value


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
        (text("appraisal.rank"), esc(f"{whole(row.final_rank)} / {whole(row.final_peers)}")),
    ]
    if not is_missing(row.final_parent_rank) and row.kind != "centre":
        facts.append(
            (
                text("appraisal.parent_rank"),
                esc(f"{whole(row.final_parent_rank)} / {whole(row.final_parent_peers)}"),
            )
        )
    facts.append((text("appraisal.change"), change_mark(found.before.get(who), row)))
    facts.append((text("appraisal.change_year"), change_mark(found.last_year.get(who), row)))
    if not is_missing(row.second_points):
        facts.append((text("appraisal.first_score"), esc(shown(int(row.points)))))
    if isinstance(row.final_veto, str):
        facts.append((text("appraisal.veto"), veto_mark(here, found, row.final_veto)))
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
                        tag("div", _points(line, item, second.get(item.key), text))
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
    secret = wording.hidden_word(text)

    def told(line: Line, name: str) -> float | str | None:
        number = getattr(line, name)
        return secret if line.hidden and number is None and line.state in (SCORED, MANUAL) else number

    return pd.DataFrame(
        {
            text("appraisal.section"): [
                found.sheet.section_of(item.key).words[here.language] for item in items
            ],
            text("appraisal.item"): [item.words[here.language] for item in items],
            text("appraisal.weight"): [line.weight / 100 for line in lines],
            text("appraisal.points"): [
                told(line, "points") if line.points is None else line.points / 100 for line in lines
            ],
            text("appraisal.second"): [
                second[line.item] / 100 if line.item in second else None for line in lines
            ],
            text("appraisal.numerator"): [told(line, "numerator") for line in lines],
            text("appraisal.denominator"): [told(line, "denominator") for line in lines],
            text("appraisal.value"): [told(line, "value") for line in lines],
            text("appraisal.baseline"): [line.baseline for line in lines],
            text("appraisal.why"): [
                sentence(line, item, here.language) for line, item in zip(lines, items, strict=True)
            ],
        }
    )


def _section(here: Here, section: Section, of: Mapping[str, Line], second: Mapping[str, float]) -> str:
    lines = [of[item.key] for item in section.items if item.key in of and item.is_weighed]
    if any(line.hidden and line.points is None for line in lines):
        aside = span(wording.hidden_word(here.text), css="aside")
        return tag("td", esc(section.words[here.language]), aside, css="group", colspan="2")
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


def _points(line: Line, item: Item, second: float | None, text: Text) -> str:
    if item.method is Method.VETO:
        return MISSING
    if line.hidden and line.points is None:
        return no_value(HIDDEN, text) + span(f" / {shown(line.weight)}", css="muted small")
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
    if line.hidden and line.points is None:
        return ""
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
