"""Every card has a figure in the demo district; of every requirement one unit meets it and one does not."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd
import pytest
from sqlalchemy import select

from commands.installation import make_demo
from data.store import open_store
from metrics import published
from metrics.card import Card, Direction, Form
from metrics.cards import CARDS
from metrics.judgement import ABOVE, AT, COURSE, NONE, expected_by_now, judge

pytestmark = pytest.mark.long

ONE_BUREAU = "the bureau alone has it, and its network of units does not change"
SCALED = "a fixed number, meant for a centre of full size: people scale with the district"
NO_SUCH_FAULT = "the demo's files hold no such fault"
NOT_BOTH = {
    "dq_mother_coherent": NO_SUCH_FAULT,
    "dq_contract_single": NO_SUCH_FAULT,
    "dq_followup_once": NO_SUCH_FAULT,
    "dq_birth_plausible": NO_SUCH_FAULT,
    "org_count_centre": ONE_BUREAU,
    "org_count_station": ONE_BUREAU,
    "org_count_total": ONE_BUREAU,
    "org_coverage_street_rate": ONE_BUREAU,
    "el_meals": SCALED,
    "prog_points_residents": SCALED,
    "fd_guardian_package_households": SCALED,
}


@pytest.fixture(scope="module")
def district(tmp_path_factory) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Figures of the smallest units that a card is about, and the targets in force for kinds of units."""
    folder = tmp_path_factory.mktemp("cards") / "installation"
    store = open_store(make_demo(folder, quiet=True, residents=20_000, seed=1, until="2026-10"))
    figure, target = published.figure, published.target
    with store.published() as connection:
        figures = pd.read_sql(select(figure).where(figure.c.stratum == ""), connection)
        kinds = pd.read_sql(select(published.unit), connection).set_index("unit")["kind"]
        targets = pd.read_sql(select(target).where(target.c.in_force, target.c.unit.is_(None)), connection)
    store.close()
    return figures.assign(kind=figures["unit"].map(kinds)), targets


def of_card(figures: pd.DataFrame, card: Card) -> pd.DataFrame:
    rows = figures[(figures["indicator"] == card.key) & (figures["basis"] == str(card.bases[0]))]
    return rows[rows["value"].notna() & rows["status"].isin(["ok", "part"])]


def verdicts(card: Card, rows: pd.DataFrame, targets: pd.DataFrame) -> Iterator[bool]:
    """Whether each figure of a unit and month meets what is asked of it."""
    own = rows[rows["kind"].isin(card.kinds)] if card.kinds else rows
    if card.form in (Form.DUTY, Form.CHECK):
        yield from (own["value"] == 1)
        return
    for target in targets[targets["indicator"] == card.key].itertuples():
        asked = own[own["month"] // 12 == target.year]
        asked = asked if not isinstance(target.unit_kind, str) else asked[asked["kind"] == target.unit_kind]
        upper = target.value_to if isinstance(target.value_to, float) else math.nan
        for row in asked.itertuples():
            expected = expected_by_now(card, row.basis, row.month, target.value)
            judged = judge(card, "ok", row.value, target.value, expected, upper)
            if judged != NONE:
                yield judged in (ABOVE, AT, COURSE)


def test_every_card_has_a_figure(district):
    figures, _ = district
    assert [key for key, card in CARDS.items() if of_card(figures, card).empty] == []


def test_of_every_requirement_one_unit_meets_it_and_one_does_not(district):
    figures, targets = district
    asked = set(targets["indicator"])
    wrong = {}
    for key, card in CARDS.items():
        ranged = targets.loc[targets["indicator"] == key, "value_to"].notna().any()
        judged = card.form in (Form.DUTY, Form.CHECK) or (
            key in asked and (card.direction is not Direction.NONE or ranged)
        )
        if judged and (found := set(verdicts(card, of_card(figures, card), targets))) != {True, False}:
            wrong[key] = found
    assert set(wrong) - set(NOT_BOTH) == set(), {key: wrong[key] for key in set(wrong) - set(NOT_BOTH)}


def test_the_exceptions_are_cards():
    assert set(NOT_BOTH) <= set(CARDS)
