"""Slides of the deck about units: ranking, red and yellow items, the map, findings, and the work of each month."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from charts import spec
from exports.charts import data_date, demo_words
from exports.deck_asked import Asked
from exports.deck_words import say
from exports.map_questions import Material
from exports.maps import map_of
from exports.phrases import grade_words
from exports.slides import Appraisal, Cell, Findings, Scored, Slide, Table
from metrics import coverage
from metrics.appraisal.scoring import mean_points
from metrics.card import Unit
from metrics.judgement import counts_people, missed
from metrics.standards import value_in
from metrics.units import MISSING, count, is_missing, number
from metrics.wording import SHAPES, missing_words, short_names

_WITH_CHART = 14  # units up to which a chart stands beside the table
_COLUMN = 17  # rows of a ranking in one column
_COLUMNS = 3
_HEAT_UNITS = 15
_HEAT_ITEMS = 6
_WORK_UNITS = 13
_WORK_ITEMS = 6
_MAP_ROWS = 10
_FINDING_UNITS = 10
_FINDING_KINDS = 10


# -- ranking -----------------------------------------------------------------------------------------------------


def ranking_slide(asked: Asked, appraisal: Appraisal | None) -> Slide | None:
    """By the published score where there is one, else by the share of targets met."""
    if appraisal is not None and appraisal.scores:
        return _by_score(asked, appraisal)
    return _by_targets(asked)


def _by_score(asked: Asked, appraisal: Appraisal) -> Slide:
    said, scores = asked.text, appraisal.scores
    words = {
        "title": appraisal.title,
        "first": scores[0].name,
        "points": _points(scores[0].points),
        "mean": _points(mean_points(one.points for one in scores)),
    }
    head = tuple(said(f"deck.{name}") for name in ("rank", "unit", "points", "grade", "change"))
    rows = [_score_row(asked, one) for one in scores]
    chart = spec.Bars(
        caption=_own_caption(asked, said("deck.score"), said("chart.unit", unit=said("deck.points_unit"))),
        bars=tuple(
            spec.Bar(
                label=one.name, value=one.points / 100, text=_points(one.points), colour=_paint(one.grade)
            )
            for one in scores
        ),
        legend=tuple(
            (_paint(grade), grade_words(grade, said))
            for grade in ("excellent", "good", "qualified", "unqualified")
            if grade in {one.grade for one in scores}
        ),
        decimals=2,
    )
    return Slide(
        key="ranking",
        title=said("deck.ranking_score"),
        message=said("deck.ranking_score_message", **words),
        **_table_and_chart(asked, head, rows, "clrcr", (0.8, 4.2, 1.3, 1.2, 1.3), chart, (0, 1, 2, 3)),
    )


def _paint(grade: str) -> str:
    return {"excellent": "above", "good": "line", "qualified": "course", "unqualified": "below"}[grade]


def _score_row(asked: Asked, one: Scored) -> tuple[Cell, ...]:
    if one.change is None:
        moved = MISSING
    elif one.change == 0:
        moved = "0.00"
    else:
        moved = f"{'▲' if one.change > 0 else '▼'} {_points(abs(one.change))}"
    return (
        Cell(MISSING if one.rank is None else str(one.rank)),
        Cell(one.name),
        Cell(_points(one.points), strong=True),
        Cell(grade_words(one.grade, asked.text), _paint(one.grade)),
        Cell(moved),
    )


def _points(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}"


def _by_targets(asked: Asked) -> Slide | None:
    """Listed by targets met of indicators judged: no rank, for the indicators differ and chance has a part in each."""
    said = asked.text
    table = _counts(asked.matrix)
    table = table[table["judged"] > 0]
    if len(table) < 2:
        return None
    table = table.assign(share=table["met"] / table["judged"])
    table = table.sort_values(["share", "judged"], ascending=False, kind="stable")
    head = tuple(said(f"deck.{name}") for name in ("unit", "met", "course", "below", "share"))
    rows = [
        (
            Cell(asked.names[unit]),
            Cell(f"{row.met}/{row.judged}"),
            Cell(str(row.course), "course" if row.course else ""),
            Cell(str(row.below), "below" if row.below else ""),
            Cell(f"{number(row.share, Unit.PERCENT)}%", strong=True),
        )
        for unit, row in zip(table.index, table.itertuples(), strict=True)
    ]
    chart = spec.Bars(
        caption=_own_caption(asked, said("deck.share_met"), said("chart.unit", unit="%")),
        bars=tuple(
            spec.Bar(
                label=asked.names[unit],
                value=round(row.share * 100, 1),
                text=f"{number(row.share, Unit.PERCENT)}%",
                colour="line",
            )
            for unit, row in zip(table.index, table.itertuples(), strict=True)
        ),
        decimals=1,
        suffix="%",
    )
    first = table.iloc[0]
    return Slide(
        key="ranking",
        title=said("deck.ranking_met"),
        message=said(
            "deck.ranking_met_message",
            first=asked.names[table.index[0]],
            met=int(first.met),
            of=int(first.judged),
        ),
        **_table_and_chart(
            asked,
            head,
            rows,
            "lcccr",
            (4.6, 1.3, 1.2, 1.1, 1.3),
            chart,
            (0, 1, 4),
            said("deck.ranking_met_note"),
        ),
    )


def _table_and_chart(
    asked: Asked,
    head: tuple[str, ...],
    rows: Sequence[tuple[Cell, ...]],
    align: str,
    widths: tuple[float, ...],
    chart: spec.Bars,
    slim: tuple[int, ...],
    note: str = "",
) -> dict:
    """Few units: a table beside a chart. Many: tables side by side; far too many: the first and the last."""
    said = asked.text
    if len(rows) <= _WITH_CHART:
        table = Table(head=head, rows=tuple(rows), align=align, widths=widths)
        return {"blocks": (table, chart), "note": note, "shares": (0.56, 0.44)}
    room = _COLUMN * _COLUMNS
    if len(rows) > room:
        half = room // 2
        rows = [*rows[:half], *rows[-half:]]
        note = said("chart.and").join(one for one in (said("deck.ranking_cut", n=half, m=half), note) if one)
    columns = math.ceil(len(rows) / _COLUMN)
    if columns == _COLUMNS:  # the unit and what it is listed by: the rest has no room
        head, align, widths = (tuple(one[i] for i in slim) for one in (head, align, widths))
        align = "".join(align)
        rows = [tuple(row[i] for i in slim) for row in rows]
    tall = math.ceil(len(rows) / columns)
    tables = tuple(
        Table(head=head, rows=tuple(rows[i : i + tall]), align=align, widths=widths)
        for i in range(0, len(rows), tall)
    )
    return {"blocks": tables, "note": note}


def _own_caption(asked: Asked, title: str, unit: str) -> spec.Caption:
    return spec.Caption(
        title=title,
        unit=unit,
        date=data_date(asked.about, asked.text),
        demo=demo_words(asked.about, asked.text),
    )


def _counts(matrix: pd.DataFrame) -> pd.DataFrame:
    """By unit: met, course, below, judged."""
    judged = matrix[matrix["judgement"] != "none"]
    of = judged["judgement"].replace({"above": "met", "at": "met"})
    table = pd.crosstab(judged["unit"].astype(int), of)
    table = table.reindex(columns=["met", "course", "below"], fill_value=0)
    return table.assign(judged=table.sum(axis=1))


# -- red and yellow items ------------------------------------------------------------------------------------------


def items_slide(asked: Asked) -> Slide | None:
    """A row a unit, most red items first; a column an indicator, the furthest behind first."""
    said, matrix = asked.text, asked.matrix
    counts = _counts(matrix)
    if len(counts) < 2:
        return None
    counts = counts.sort_values(["below", "course"], ascending=False, kind="stable")
    keys = _items(asked, counts.index)
    units = list(counts.index[:_HEAT_UNITS])
    cells = {(int(row.unit), row.indicator): row for row in matrix.itertuples()}
    rows = tuple(
        (
            Cell(asked.names[unit]),
            Cell(str(counts.at[unit, "below"]), "below" if counts.at[unit, "below"] else "", True),
            Cell(str(counts.at[unit, "course"]), "course" if counts.at[unit, "course"] else "", True),
            *(_heat_cell(asked, cells.get((unit, key)), key) for key in keys),
        )
        for unit in units
    )
    worst = counts.iloc[0]
    message = said("deck.items_none")
    if worst["below"] + worst["course"]:
        message = said(
            "deck.items_message",
            name=asked.names[counts.index[0]],
            red=worst["below"],
            yellow=worst["course"],
        )
    note = [said("deck.items_note")]
    if len(counts) > len(units):
        note.insert(0, said("deck.units_cut", n=len(units), more=len(counts) - len(units)))
    language = said.language
    return Slide(
        key="items",
        title=said("deck.items"),
        message=message,
        blocks=(
            Table(
                head=(
                    said("deck.unit"),
                    said("deck.red"),
                    said("deck.yellow"),
                    *(asked.cards[key].name[language] for key in keys),
                ),
                rows=rows,
                align="lcc" + "c" * len(keys),
                widths=(3.0, 0.8, 0.8, *([1.45] * len(keys))),
            ),
        ),
        notes=say(asked, asked.use(keys)),
        note=(" " if language == "en" else "").join(note),
    )


def _items(asked: Asked, units: Sequence[int]) -> list[str]:
    """What most units are behind on, shares of people first; what hardly any unit is judged on says little."""
    judged = asked.matrix[asked.matrix["judgement"] != "none"]
    told = judged.groupby("indicator").size()
    red = judged[judged["judgement"] == "below"].groupby("indicator").size()
    order = {key: place for place, key in enumerate(asked.behind.index)}
    fit = [key for key in red.index if told[key] * 2 >= len(units)] or list(red.index)
    return sorted(fit, key=lambda key: (order.get(key, len(order)), -red[key]))[:_HEAT_ITEMS]


def _heat_cell(asked: Asked, row, key: str) -> Cell:
    if row is None or is_missing(row.value):
        status = "none" if row is None or row.status == "ok" else row.status
        return Cell(asked.text(f"status.{status}"))
    shown = number(row.value, asked.cards[key].unit, beside=missed(row))
    if row.status == "part":
        return Cell(f"{shown} {asked.text('status.part_short')}")
    return Cell(f"{SHAPES[row.judgement]} {shown}", row.judgement)


# -- the map -------------------------------------------------------------------------------------------------------


def map_slide(
    asked: Asked, cells: pd.DataFrame, units: Sequence[int], of: coverage.About, ground: pd.DataFrame
) -> Slide | None:
    """Where people live beyond the rule, and where most of them; where nobody does, how far it is."""
    if cells.empty or cells["metres"].isna().all():
        return None
    said, sums, km = asked.text, coverage.cover(cells), f"{of.rule_m / 1000:g}"
    open_ones = asked.tree[asked.tree["unit"].isin(units) & asked.tree["closed_on"].isna()]
    names = short_names(open_ones[open_ones["kind"] == "centre"])
    question, message = "metres", said("deck.map_none", km=km)
    if sums.beyond:
        question = "beyond"
        message = said(
            "deck.map_message",
            people=count(sums.beyond),
            km=km,
            share=f"{number(sums.share_beyond, Unit.PERCENT)}%",
            old=MISSING if sums.beyond_65 is None else count(sums.beyond_65),
        )
    small, most = value_in("small_number", of.month), value_in("clinic_people", of.month)
    given = Material(of, cells, small, most)
    chart = map_of(given, question, open_ones, names, ground, asked.about, said, said("deck.map"))
    print_ = said("list.semicolon").join(one for one in (chart.caption.source, chart.caption.note) if one)
    far = _farthest(asked, cells, km)
    return Slide(
        key="map",
        title=said("deck.map"),
        message=message,
        blocks=(chart,) if far is None else (chart, far),
        shares=() if far is None else (0.68, 0.32),
        note=print_,
    )


def _farthest(asked: Asked, cells: pd.DataFrame, km: str) -> Table | None:
    """The cells with most people beyond the rule; None where there are none."""
    said = asked.text
    beyond = cells[cells["beyond"].fillna(0) > 0]
    worst = beyond.sort_values(["beyond", "cell"], ascending=[False, True]).head(_MAP_ROWS)
    if worst.empty:
        return None
    rows = tuple(
        (
            Cell(row.place_name or said("map.cell", cell=row.cell)),
            Cell(count(row.beyond), strong=True),
            Cell(MISSING if is_missing(row.metres) else f"{row.metres / 1000:.1f}"),
        )
        for row in worst.itertuples()
    )
    head = (said("deck.map_place"), said("deck.map_beyond", km=km), said("deck.map_km"))
    return Table(head=head, rows=rows, align="lrr", widths=(3.0, 1.5, 1.5))


# -- findings ------------------------------------------------------------------------------------------------------


def findings_slide(asked: Asked, findings: Findings | None) -> Slide | None:
    """Open findings by unit, by age and by kind; None where there are none."""
    if findings is None or not (findings.issued or findings.open):
        return None
    said = asked.text
    unit_head = tuple(said(f"deck.{name}") for name in ("unit", "open", "overdue", "oldest"))
    unit_rows = tuple(
        (Cell(name), Cell(str(open_)), Cell(str(late), "below" if late else "", bool(late)), Cell(str(days)))
        for name, open_, late, days in findings.units[:_FINDING_UNITS]
    )
    kind_head = tuple(said(f"deck.{name}") for name in ("kind", "issued", "repeated"))
    kind_rows = tuple(
        (Cell(kind), Cell(str(issued)), Cell(str(again), "course" if again else ""))
        for kind, issued, again in findings.kinds[:_FINDING_KINDS]
    )
    ages = spec.Bars(
        caption=_own_caption(asked, said("deck.findings_ages"), said("chart.unit", unit=said("deck.number"))),
        bars=tuple(
            spec.Bar(label=label, value=float(n), text=str(n), colour="line") for label, n in findings.ages
        ),
    )
    blocks, shares = [], []
    if unit_rows:
        blocks.append(Table(head=unit_head, rows=unit_rows, align="lrrr", widths=(3.6, 1.2, 1.0, 1.5)))
        shares.append(0.44)
    if findings.open and findings.ages:
        blocks.append(ages)
        shares.append(0.27)
    if kind_rows:
        blocks.append(Table(head=kind_head, rows=kind_rows, align="lrr", widths=(2.4, 0.9, 1.2)))
        shares.append(0.29)
    left = [max(0, len(findings.units) - _FINDING_UNITS), max(0, len(findings.kinds) - _FINDING_KINDS)]
    return Slide(
        key="findings",
        title=said("deck.findings"),
        message=said(
            "deck.findings_message",
            issued=findings.issued,
            closed=findings.closed,
            due=findings.due,
            in_time=findings.closed_in_time,
            open=findings.open,
            overdue=findings.overdue,
        ),
        blocks=tuple(blocks),
        shares=tuple(shares),
        note=said("deck.findings_left", units=left[0], kinds=left[1]) if any(left) else "",
    )


# -- the work of each month ------------------------------------------------------------------------------------------


def work_slide(asked: Asked, paces: Mapping[str, float]) -> Slide | None:
    """A row a unit, a column an indicator: how many a month until its year ends. People only, and visits."""
    said, behind, language = asked.text, asked.behind, asked.text.language
    due = behind[behind["per_month"] > 0]
    people = [key for key in due.index if counts_people(asked.cards[key])]
    keys = (people or list(due.index))[:_WORK_ITEMS]
    if not keys:
        return None
    rows = asked.matrix[asked.matrix["indicator"].isin(keys) & (asked.matrix["per_month"] > 0)]
    if rows.empty:
        return None
    table = rows.pivot_table(index="unit", columns="indicator", values="per_month", aggfunc="sum")
    table = table.reindex(columns=keys)
    table = table.loc[table.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    lefts = asked.behind.loc[keys, "months_left"]
    shown = [_work_row(asked.names[int(unit)], table.loc[unit]) for unit in table.index[:_WORK_UNITS]]
    rest = table.iloc[_WORK_UNITS:]
    if len(rest):
        shown.append(_work_row(said("deck.work_others", n=len(rest)), rest.sum(min_count=1)))
    shown.append(_work_row(said("deck.sum"), table.sum(min_count=1), strong=True))
    first = asked.behind.loc[keys[0]]
    card = asked.cards[keys[0]]
    words = {
        "left": int(first.months_left),
        "name": card.name[language],
        "n": missing_words(first.per_month, card, said),
        "pace": count(paces.get(keys[0], math.nan)),
    }
    known = not is_missing(paces.get(keys[0], math.nan))
    message = said("deck.work_message" if known else "deck.work_message_plain", **words)
    if not words["left"]:
        message = said("deck.work_over")
    return Slide(
        key="work",
        title=said("deck.work"),
        message=message,
        blocks=(
            Table(
                head=(said("deck.unit"), *(_work_head(asked, key, lefts.iloc[0]) for key in keys)),
                rows=tuple(shown),
                align="l" + "r" * len(keys),
                widths=(3.0, *([1.6] * len(keys))),
                last_is_sum=True,
            ),
        ),
        notes=say(asked, asked.use(keys)),
        note=said("deck.work_note"),
    )


def _work_head(asked: Asked, key: str, usual: int) -> str:
    """The indicator, and the months left where they are not those of the message."""
    left = int(asked.behind.at[key, "months_left"])
    name = asked.cards[key].name[asked.text.language]
    return name if left == usual else asked.text("deck.work_left", name=name, n=left)


def _work_row(name: str, values: pd.Series, strong: bool = False) -> tuple[Cell, ...]:
    return (Cell(name, strong=strong), *(Cell(count(value), strong=strong) for value in values))
