"""The lines of what can be taken away that several pages offer."""

from __future__ import annotations

from exports import papers
from metrics.card import Card
from pages._carry import Line, Made, Ready
from pages._page import Here

PPT, WORD, EXCEL, CSV, PICTURES = "PPT", "Word", "Excel", "CSV", ("png", "svg")


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


def table(what: str, file) -> Ready:
    """A csv."""
    return Ready(CSV, what, file)


def _where(here: Here) -> str:
    return f"{here.view.values['unit']} {here.view.values['month']}"
