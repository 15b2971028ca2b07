"""Every file that can be carried into a meeting, made for whoever asks: the one place that pages and commands call.

What is written for readers (deck, circular, summary, pictures) hides small numbers as from the public, whoever asks for
it (``Desk.for_all``). What one works with (workbook, cells, a unit's scorecard, a notice to it) is made for who asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection

from exports import deck, docx_blocks, geojson, pptx_deck, sheets, workbook
from exports.about import About, about, day_of
from exports.cell_papers import cells_geojson, cells_xlsx, gathered
from exports.charts import bars_of, lines_of
from exports.circular import circular
from exports.circular_material import appraised
from exports.control_chart import control_lines
from exports.download import file_name
from exports.map_questions import SUPPLIES, WAYS, Material
from exports.map_questions import title as map_title
from exports.maps import NothingShownError, map_of
from exports.notice import document as notice_document
from exports.pictures import picture
from exports.proposal_papers import proposal_geojson, proposal_xlsx
from exports.scorecard_paper import scorecard_document
from exports.slides import Appraisal, Findings, Scored
from exports.summary import Year, summary
from exports.words import LANGUAGES, Text, text
from metrics import coverage, figures
from metrics.appraisal import rounds
from metrics.cards import CARDS
from metrics.changing.control import control
from metrics.changing.marking import events_of
from metrics.principal import Principal
from metrics.reading import within
from metrics.scorecard import gather
from metrics.siting.asking import Answer
from metrics.small_numbers import as_public, sees_all
from metrics.standards import value_in
from metrics.supervision import ageing, findings
from metrics.supervision.kinds import buckets, word
from metrics.supervision.notice import notice
from metrics.supervision.states import WITHDRAWN
from metrics.wording import month_code, month_name, short_names

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
PICTURES = {"png": "image/png", "svg": "image/svg+xml"}
CHARTS = ("trend", "units")

Progress = Callable[[str, float], None]


def _quiet(_what: str, _share: float) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Paper:
    """A file ready to leave."""

    name: str
    media: str
    content: bytes

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", file_name(self.name))


@dataclass(frozen=True)
class Desk:
    """Who asks for papers about which unit and month, and what they are made from."""

    principal: Principal
    published: Connection
    register: Connection
    unit: int
    month: int
    language: str

    def __post_init__(self) -> None:
        """Raises NotAllowedError: whoever may take nothing away has no paper made."""
        self.principal.require("export")

    @property
    def said(self) -> Text:
        return text(self.language)

    @property
    def for_all(self) -> Desk:
        """The desk for what is read by others than who asks for it: small numbers are hidden as from the public."""
        return replace(self, principal=as_public(self.principal))

    def unit_row(self):
        """The unit's row of ``figures.units``. Raises LookupError outside the principal's scope."""
        tree = figures.units(self.principal, self.published)
        found = tree[tree["unit"] == self.unit]
        if found.empty:
            raise LookupError(f"no unit {self.unit} in scope")
        return found.iloc[0]

    def about(self) -> About:
        """What the file will say of itself."""
        built = figures.built(self.published)
        return about(
            built,
            self.unit_row()["name"],
            self.month,
            self.principal.name,
            hides=not sees_all(self.principal),
        )


def quarterly_deck(desk: Desk, progress: Progress = _quiet) -> Paper:
    """The deck of the quarterly meeting, as .pptx with native charts."""
    desk = desk.for_all
    made = deck.quarterly(
        desk.principal,
        desk.published,
        desk.unit,
        desk.month,
        CARDS,
        desk.about(),
        desk.language,
        appraisal=_appraisal(desk),
        findings=_findings(desk),
        progress=lambda what, share: progress(what, 0.7 * share),
    )
    content = pptx_deck.pptx_bytes(made, lambda what, share: progress(what, 0.7 + 0.3 * share))
    return Paper(f"{deck.file_name(desk.about(), desk.language)}.pptx", PPTX, content)


def circular_paper(desk: Desk, number: int) -> Paper:
    """The circular on a published round of institutions, as .docx. Raises ValueError for a round of doctors."""
    desk = desk.for_all
    origin = desk.about()
    open_ones = ageing.ageing(desk.principal, desk.register, day_of(origin))
    last = rounds.round_of(desk.register, number)["month"]
    material = appraised(
        desk.principal,
        desk.register,
        desk.published,
        number,
        origin.bureau,
        mend_by=origin.at.date() + timedelta(days=int(value_in("circular_days", int(last)))),
        findings=None if open_ones.empty else open_ones,
    )
    document = circular(material, origin, desk.language)
    return Paper(f"{document.name}.docx", docx_blocks.MEDIA, docx_blocks.docx_bytes(document))


def notice_paper(desk: Desk, number: int) -> Paper:
    """The rectification notice that a finding is part of, as .docx: all that the unit was told on that day.

    Raises LookupError for a finding out of the principal's scope, SupervisionError for one issued by mistake.
    """
    row = findings.one(desk.principal, desk.register, number)
    every = findings.findings(desk.principal, desk.register)
    same = (every["unit"] == row["unit"]) & (pd.to_datetime(every["issued_on"]).dt.date == row["issued_on"])
    numbers = every.loc[same & (every["state"] != WITHDRAWN), "finding"]
    tree = figures.units(desk.principal, desk.published)
    names = dict(zip(tree["unit"].astype(int), tree["name"], strict=True))
    built = figures.built(desk.published)
    told = notice(
        desk.principal,
        desk.register,
        sorted({number, *map(int, numbers)}),
        bureau=built.bureau,
        unit_names=names,
        language=desk.language,
    )
    day = row["issued_on"]
    origin = about(built, told.unit, day.year * 12 + day.month - 1, desk.principal.name)
    document = notice_document(told, origin, desk.language)
    return Paper(f"{document.name}.docx", docx_blocks.MEDIA, docx_blocks.docx_bytes(document))


def summary_paper(desk: Desk) -> Paper:
    """The work summary with next year's plan, as .docx."""
    desk = desk.for_all
    unit = desk.unit_row()
    year = Year(
        unit=desk.unit,
        kind=unit["kind"],
        name=unit["name"],
        month=desk.month,
        standing=figures.standing(desk.principal, desk.published, desk.unit, desk.month, CARDS),
        targets=figures.targets_in_force(desk.principal, desk.published, desk.month // 12 + 1),
    )
    document = summary(year, CARDS, desk.about(), desk.language)
    return Paper(f"{document.name}.docx", docx_blocks.MEDIA, docx_blocks.docx_bytes(document))


def scorecard_paper(desk: Desk) -> Paper:
    """The scorecard of a unit on one page, as .docx."""
    origin = desk.about()
    card = gather(desk.principal, desk.published, desk.register, desk.unit, desk.month, day_of(origin))
    document = scorecard_document(card, origin, desk.language)
    return Paper(f"{document.name}.docx", docx_blocks.MEDIA, docx_blocks.docx_bytes(document))


def workbook_paper(desk: Desk, progress: Progress = _quiet) -> Paper:
    """The workbook, as .xlsx: a sheet a programme."""
    tree = figures.units(desk.principal, desk.published)
    content = workbook.Content(
        unit=desk.unit_row()["name"],
        month=desk.month,
        standing=figures.standing(desk.principal, desk.published, desk.unit, desk.month, CARDS),
        matrix=figures.matrix(desk.principal, desk.published, desk.unit, desk.month, CARDS),
        names=dict(zip(tree["unit"].astype(int), tree["name"], strict=True)),
    )
    made = workbook.workbook_bytes(
        content, CARDS, desk.about(), desk.language, lambda share: progress("workbook", share)
    )
    name = desk.said("workbook.title", unit=content.unit, month=month_name(desk.month, desk.said))
    return Paper(f"{name}.xlsx", workbook.MEDIA, made)


def picture_paper(desk: Desk, indicator: str, chart: str, kind: str, basis: str | None = None) -> Paper:
    """One chart of an indicator (``CHARTS``) as a picture: ``kind`` png or svg.

    ``basis``: one of the card's; its first unless another is asked for. Unit, month and basis stand in the picture.
    """
    desk = desk.for_all
    card, said = CARDS[indicator], desk.said
    basis = basis or str(card.bases[0])
    unit = desk.unit_row()["name"]
    title = said(
        "papers.picture",
        indicator=card.name[desk.language],
        unit=unit,
        month=month_name(desk.month, said),
        basis=said(f"basis.{basis}"),
    )
    if chart == "trend":
        rows = figures.course(desk.principal, desk.published, desk.unit, card, basis)
        drawn = lines_of(rows[rows["month"] <= desk.month], card, desk.about(), said, title)
    else:
        rows = figures.comparison(desk.principal, desk.published, desk.unit, card, desk.month, basis)
        tree = figures.units(desk.principal, desk.published)
        names = dict(zip(tree["unit"].astype(int), tree["name"], strict=True))
        drawn = bars_of(rows, names, card, desk.about(), said, title)
    what = said(f"papers.{chart}")
    name = f"{card.name[desk.language]}_{what}_{unit}_{month_code(desk.month)}.{kind}"
    return Paper(name, PICTURES[kind], picture(drawn, kind))


class NoChartError(LookupError):
    """There is no control chart that everybody may see. Says so in both languages."""

    def __init__(self) -> None:
        super().__init__("\n".join(text(language)("papers.no_control") for language in LANGUAGES))


def control_picture(desk: Desk, indicator: str, kind: str) -> Paper:
    """The control chart of an indicator, ``kind`` png or svg, as everybody may see it. Raises NoChartError."""
    desk = desk.for_all
    card, said = CARDS[indicator], desk.said
    written = events_of(desk.principal, desk.register, desk.unit, card)
    written = written[written["month"] <= desk.month]
    rebased = tuple(int(month) for month in written.loc[written["rebase"].astype(bool), "month"])
    found = control(desk.principal, desk.published, desk.unit, card, desk.month, rebased)
    if found.reason:
        raise NoChartError
    unit, month = desk.unit_row()["name"], month_name(desk.month, said)
    words = {"indicator": card.name[desk.language], "unit": unit, "month": month}
    title = said("papers.picture", basis=said("papers.control"), **words)
    written = written[written["month"] >= found.months[0]]
    drawn = control_lines(found, written, card, desk.about(), said, title)
    name = f"{card.name[desk.language]}_{said('papers.control')}_{unit}_{month_code(desk.month)}.{kind}"
    return Paper(name, PICTURES[kind], picture(drawn, kind))


# -- the map -----------------------------------------------------------------------------------------


class NoMapError(LookupError):
    """There is no map, or nothing on it of what is asked. Says so in both languages."""

    def __init__(self) -> None:
        super().__init__("\n".join(text(language)("map.nothing") for language in LANGUAGES))


def map_picture(desk: Desk, question: str, kind: str) -> Paper:
    """The map of a question (``map_questions.QUESTIONS``) as a picture, ``kind`` png or svg. Raises NoMapError."""
    desk = desk.for_all
    of, said = _map(desk), desk.said
    given = map_material(desk, of, question)
    tree = figures.units(desk.principal, desk.published)
    standing = tree[tree["closed_on"].isna()]
    origin, month = _map_about(desk, of), month_name(of.month, said)
    try:
        drawn = map_of(
            given,
            question,
            standing,
            short_names(standing[standing["kind"] == "centre"]),
            coverage.ground(desk.published, "boundaries"),
            origin,
            said,
            said("map.picture", unit=origin.unit, month=month),
        )
    except NothingShownError as error:
        raise NoMapError from error
    name = said(
        "map.file", question=map_title(given, question, said), unit=origin.unit, month=month_code(of.month)
    )
    return Paper(f"{name}.{kind}", PICTURES[kind], picture(drawn, kind))


def map_material(desk: Desk, of: coverage.About, question: str) -> Material:
    """What the question is answered from, of the desk's unit and those below it."""
    who, known = desk.principal, desk.published
    parts = {}
    if question == "change":
        parts["before"] = _of_desk(desk, coverage.cells(who, known, of.month - 12))
        if parts["before"].empty:
            raise NoMapError
    elif question in SUPPLIES:
        parts["access"] = coverage.cell_access(who, known)
    elif question == "load":
        parts["served"] = coverage.served_units(who, known)
    elif WAYS.get(question):
        parts["reach"] = coverage.cell_reach(who, known)
    cells = _of_desk(desk, coverage.cells(who, known))
    if cells.empty:
        raise NoMapError
    small, most = value_in("small_number", of.month), value_in("clinic_people", of.month)
    return Material(of=of, cells=cells, small_number=small, most_people=most, **parts)


def cells_paper(desk: Desk, kind: str, progress: Progress = _quiet) -> Paper:
    """The cells of the map with all that is known of each; ``kind`` xlsx or geojson. Raises NoMapError."""
    mine = None if _is_all(desk) else within(figures.units(desk.principal, desk.published), desk.unit)
    made = gathered(desk.principal, desk.published, mine)
    if made is None:
        raise NoMapError
    origin, said = _map_about(desk, made.of), desk.said
    name = said("cells.file", unit=origin.unit, month=month_code(made.of.month))
    if kind == "geojson":
        return Paper(f"{name}.geojson", geojson.MEDIA, cells_geojson(made, origin, desk.language))
    content = cells_xlsx(made, origin, desk.language, lambda share: progress("workbook", share))
    return Paper(f"{name}.xlsx", sheets.MEDIA, content)


def proposal_paper(desk: Desk, answer: Answer, kind: str) -> Paper:
    """A proposal's tables; ``kind`` xlsx or geojson."""
    of = answer.setting.about
    origin = _map_about(desk, of)
    name = desk.said("proposal.file", unit=origin.unit, month=month_code(of.month))
    if kind == "geojson":
        return Paper(f"{name}.geojson", geojson.MEDIA, proposal_geojson(answer, origin, desk.language))
    return Paper(f"{name}.xlsx", sheets.MEDIA, proposal_xlsx(answer, origin, desk.language))


def _map(desk: Desk) -> coverage.About:
    of = coverage.about(desk.principal, desk.published)
    if of is None:
        raise NoMapError
    return of


def _map_about(desk: Desk, of: coverage.About) -> About:
    """The map is of its own month, whatever month the desk is at."""
    return about(
        figures.built(desk.published),
        desk.unit_row()["name"],
        of.month,
        desk.principal.name,
        hides=not sees_all(desk.principal),
    )


def _is_all(desk: Desk) -> bool:
    """Whether the desk's unit is the first of all that may be seen: then nothing is left out."""
    return int(figures.units(desk.principal, desk.published)["unit"].iloc[0]) == desk.unit


def _of_desk(desk: Desk, cells: pd.DataFrame) -> pd.DataFrame:
    if _is_all(desk):
        return cells
    mine = within(figures.units(desk.principal, desk.published), desk.unit)
    return cells[cells["unit"].isin(mine)].reset_index(drop=True)


# -- what the register says ------------------------------------------------------------------------


def _appraisal(desk: Desk) -> Appraisal | None:
    """The newest published round of centres up to the month."""
    table = rounds.rounds(desk.principal, desk.register)
    table = table[
        (table["state"] == "published") & (table["subject"] == "unit") & (table["month"] <= desk.month)
    ]
    tree = figures.units(desk.principal, desk.published).set_index("unit")
    for row in table.sort_values(["month", "round"], ascending=False).itertuples():
        sheet = rounds.sheet_of(rounds.round_of(desk.register, row.round))
        if "centre" not in sheet.kinds:
            continue
        results = rounds.results(desk.principal, desk.register, int(row.round))
        number = rounds.previous(desk.principal, desk.register, int(row.round))
        before = rounds.results(desk.principal, desk.register, number) if number else None
        finals = {} if before is None else dict(zip(before["unit"], before["final"], strict=True))
        scores = tuple(
            Scored(
                name=tree.at[one.unit, "name"],
                points=int(one.final),
                full=int(one.full),
                grade=one.final_grade,
                rank=None if one.final_rank != one.final_rank else int(one.final_rank),
                change=int(one.final - finals[one.unit]) if one.unit in finals else None,
            )
            for one in results.sort_values(["final_rank", "unit"]).itertuples()
        )
        title = desk.said(
            "papers.round", sheet=sheet.words[desk.language], month=month_name(int(row.month), desk.said)
        )
        step = 1 if results.empty else int(results["step"].max())
        if step > 1:
            title += desk.said("papers.cut", step=f"{step / 100:g}")
        return Appraisal(title=title, scores=scores)
    return None


def _findings(desk: Desk) -> Findings | None:
    """Supervision of the year so far; None where nothing was found."""
    first, last = date(desk.month // 12, 1, 1), _month_end(desk.month)
    today = min(last, day_of(desk.about()))
    counted = ageing.in_all(desk.principal, desk.register, first, last, today)
    if not counted["issued"] and not counted["open"]:
        return None
    names = figures.units(desk.principal, desk.published).set_index("unit")["name"]
    standing = ageing.ageing(desk.principal, desk.register, today)
    units = sorted(
        (
            (names.get(unit, ""), len(rows), int(rows["overdue"].sum()), int(rows["days_open"].max()))
            for unit, rows in standing.groupby("unit")
        ),
        key=lambda row: (-row[2], -row[1], row[0]),
    )
    kinds = ageing.by_kind(desk.principal, desk.register, first, last, today).sort_values(
        "issued", ascending=False
    )
    return Findings(
        issued=int(counted["issued"]),
        closed=int(counted["closed"]),
        due=int(counted["due"]),
        closed_in_time=int(counted["closed_in_time"]),
        open=int(counted["open"]),
        overdue=int(counted["overdue"]),
        ages=tuple(
            (getattr(bucket, desk.language), int((standing["bucket"] == bucket.code).sum()))
            for bucket in buckets(today)
        ),
        units=tuple(units),
        kinds=tuple(
            (word("kind", row.kind, desk.language), int(row.issued), int(row.repeated))
            for row in kinds.itertuples()
        ),
    )


def _month_end(month: int) -> date:
    following = month + 1
    return date.fromordinal(date(following // 12, following % 12 + 1, 1).toordinal() - 1)
