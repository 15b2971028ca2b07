"""The lines of what can be taken away that several pages offer."""

from __future__ import annotations

from exports import papers
from exports.map_questions import QUESTIONS
from metrics.card import Card
from metrics.siting.asking import Answer
from pages._carry import Line, Made, Ready
from pages._page import Here

PPT, WORD, EXCEL, CSV, PICTURES = "PPT", "Word", "Excel", "CSV", ("png", "svg")
_TABLES = ((EXCEL, "xlsx"), ("GeoJSON", "geojson"))


def deck(here: Here) -> Line:
    """The deck of the quarterly meeting."""
    made = Made(PPT, f"deck {_where(here)}", papers.quarterly_deck)
    return Line(here.text("carry.deck"), here.text("carry.deck_about"), (made,))


def summary(here: Here) -> Line:
    """The work summary of the unit with next year's plan."""
    made = Made(WORD, f"summary {_where(here)}", lambda desk, _: papers.summary_paper(desk))
    return Line(here.text("carry.summary", year=here.month // 12), here.text("carry.summary_about"), (made,))


def workbook(here: Here) -> Line:
    """All indicators, a sheet a programme."""
    made = Made(EXCEL, f"workbook {_where(here)}", papers.workbook_paper)
    return Line(here.text("carry.workbook"), here.text("carry.workbook_about"), (made,))


def pictures(here: Here, card: Card, chart: str, basis: str) -> tuple[Made, ...]:
    """A chart of an indicator on the basis shown, in both formats."""

    def maker(kind: str):
        return lambda desk, _: papers.picture_paper(desk, card.key, chart, kind, basis)

    return tuple(
        Made(kind.upper(), f"picture {chart} {card.key} {basis} {_where(here)} {kind}", maker(kind))
        for kind in PICTURES
    )


def control_pictures(here: Here, card: Card) -> tuple[Made, ...]:
    """The control chart of an indicator, in both formats."""

    def maker(kind: str):
        return lambda desk, _: papers.control_picture(desk, card.key, kind)

    return tuple(
        Made(kind.upper(), f"picture control {card.key} {_where(here)} {kind}", maker(kind))
        for kind in PICTURES
    )


def cells(here: Here) -> Line:
    """All cells of the map with all that is known of them."""

    def maker(kind: str):
        return lambda desk, progress: papers.cells_paper(desk, kind, progress)

    made = tuple(Made(name, f"map cells {here.language} {kind}", maker(kind)) for name, kind in _TABLES)
    return Line(here.text("carry.cells"), here.text("carry.cells_about"), made)


def map_picture(here: Here, question: str, named: str) -> Line:
    """The map of a question as a picture. ``named``: the question in words."""

    def maker(kind: str):
        return lambda desk, _: papers.map_picture(desk, question, kind)

    has_picture = question in QUESTIONS
    made = tuple(Made(kind.upper(), f"map {question} {kind}", maker(kind)) for kind in PICTURES)
    return Line(
        here.text("carry.map", question=named),
        here.text("carry.map_about"),
        made if has_picture else (),
        "" if has_picture else here.text("carry.no_map"),
    )


def proposal(here: Here, answer: Answer, what: str) -> Line:
    """A proposal with all its tables. ``what`` tells it from every other one."""

    def maker(kind: str):
        return lambda desk, _: papers.proposal_paper(desk, answer, kind)

    made = tuple(Made(name, f"{what} {kind}", maker(kind)) for name, kind in _TABLES)
    return Line(here.text("carry.proposal"), here.text("carry.proposal_about"), made)


def table(what: str, file) -> Ready:
    """A csv."""
    return Ready(CSV, what, file)


def sheet(what: str, file) -> Ready:
    """A workbook of one table."""
    return Ready(EXCEL, what, file)


def _where(here: Here) -> str:
    return f"{here.view.values['unit']} {here.view.values['month']}"
