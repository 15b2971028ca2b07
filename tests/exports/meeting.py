"""The sample district for documents: invented cards, eight centres of five stations, or forty stations side by side."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update

from data.store import Store
from exports.about import About, about
from exports.slides import Appraisal, Findings, Scored
from metrics import figures, published
from tests.pages import sample
from tests.pages.cards import CARDS

MADE_AT = datetime(2026, 11, 5, 10, 20)
UNIT, MONTH = sample.BUREAU, sample.LAST

APPRAISAL = Appraisal(
    title="2026Q3",
    scores=(
        Scored(name="甲中心", points=9650, full=10000, grade="excellent", rank=1, change=120),
        Scored(name="乙中心", points=8125, full=10000, grade="good", rank=2, change=-50),
        Scored(name="丙中心", points=5900, full=10000, grade="unqualified", rank=3, change=None),
    ),
)
FINDINGS = Findings(
    issued=12,
    closed=9,
    due=10,
    closed_in_time=7,
    open=3,
    overdue=1,
    ages=(("1-3", 2), ("4-10", 1)),
    units=(("甲站", 2, 1, 9), ("乙站", 1, 0, 2)),
    kinds=(("A", 7, 2), ("B", 5, 0)),
)


def about_sample(connection, by: str = "zhang") -> About:
    """Of the whole district, made at a fixed time."""
    built = figures.built(connection)
    return about(built, built.bureau, MONTH, by, MADE_AT)


def flatten(store: Store) -> None:
    """Take the centres away: forty stations directly under the bureau."""
    with store.change("published") as draft:
        unit, figure = published.unit, published.figure
        draft.published.execute(update(unit).where(unit.c.kind == "station").values(parent=sample.BUREAU))
        draft.published.execute(delete(figure).where(figure.c.unit.in_(list(sample.CENTRES))))
        draft.published.execute(delete(unit).where(unit.c.kind == "centre"))


__all__ = ["APPRAISAL", "CARDS", "FINDINGS", "MONTH", "UNIT", "about_sample", "flatten"]
