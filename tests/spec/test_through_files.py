"""Source files in, figures on pages out: every spec once more, through the intake, a build, and what pages read.

Specs go in groups through one import and one build each: figures grow with cards times units, and every
spec has units of its own. Of one spec of each card a copy with units of its own lacks one row, and figures change.
Rules are held against every spec elsewhere; what is new here are the files. So by default those specs go through that
bring a column or a kind of card which none before them had; all others are ``long``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import cache

import pandas as pd
import pytest
from sqlalchemy import func, select, tuple_

from data.installation import make_installation
from data.intake.importing import import_files
from data.store import open_store, read_frame
from metrics import figures, published
from metrics.build import build
from metrics.cards import CARDS
from metrics.principal import LOCAL
from tests.sharing import SPECS_A_STORE
from tests.spec.every import SPECS
from tests.spec.harness import HORIZON, Spec, actual, blocks_of, differences, expected
from tests.spec.source_files import SourceFiles


def _brings(spec: Spec) -> set[tuple]:
    """Columns that its rows fill, and the kind of its card."""
    card = spec.the_card()
    kind = (card.form, card.period, spec.default_basis(), card.derived.how if card.derived else None)
    filled = {
        (table, column)
        for table, rows in blocks_of(spec.given).items()
        for row in rows
        for column, cell in row.items()
        if cell != "-"
    }
    return {kind, *filled}


def _those_that_bring_something() -> list[Spec]:
    met: set[tuple] = set()
    chosen = []
    for spec in SPECS:
        if brought := _brings(spec) - met:
            chosen.append(spec)
            met |= brought
    return chosen


NEW = _those_that_bring_something()
_IS_NEW = {id(spec) for spec in NEW}
ORDER = [*NEW, *(spec for spec in SPECS if id(spec) not in _IS_NEW)]
NUMBER = {id(spec): number for number, spec in enumerate(ORDER)}
FIRST = {spec.card: spec for spec in reversed(SPECS)}  # one spec of each card
# Cards whose first row is there to show what does not count: (table, position) of one that does.
OTHER_ROWS: dict[str, tuple[str, int]] = {
    "centre_min_staffing": ("staff", 5),
    "ch_421_exam_rate": ("child_visit", 7),
    "ch_breastfeeding_rate": ("child_visit", 5),
    "clinic_ancillary": ("check_item", 2),
    "clinic_six_rooms": ("check_item", 5),
    "clinic_nearest_people": ("unit", 5),
    "dm_followup_count": ("followup", 7),
    "el_chronic_handover": ("checkup", 13),
    "equipment_standard_rate": ("check_item", 13),
    "fd_grid_management": ("place", 7),
    "fd_grids_several_teams": ("place", 3),
    "fd_grids_without_team": ("place", 7),
    "fin_accounting_books": ("check_item", 2),
    "fl_registered_service": ("followup", 2),
    "floating_population_sites": ("place", 6),
    "fund_reward_30": ("money", 4),
    "he_lectures_online": ("activity", 1),
    "hr_updated_count": ("service", 5),
    "htn_reading_rate": ("followup", 5),
    "id_hfmd_cases": ("incident", 4),
    "id_missed_reports": ("incident", 5),
    "im_new_epi_rate": ("dose", 1),
    "ins_participation_rate": ("person_tag", 3),
    "ins_roster": ("check_item", 2),
    "int_five_unifications": ("check_item", 4),
    "int_four_unify_build": ("check_item", 3),
    "int_four_unify_one_separate": ("check_item", 4),
    "int_resource_sharing": ("check_item", 2),
    "mt_women_screening_rate": ("screening", 1),
    "org_count_centre": ("unit", 2),
    "org_count_station": ("unit", 4),
    "rf_down": ("referral", 5),
    "smoke_free_org": ("check_item", 2),
    "sup_station_count": ("inspection", 6),
    "unified_identity": ("check_item", 3),
    "warn_severe_reading": ("followup", 9),
}


def _name(spec: Spec) -> str:
    """As a test of it is called: by the number ``tests/sharing.py`` knows its store."""
    return f"{spec.card}-{NUMBER[id(spec)]}"


class Through:
    """Specs and copies of them, by mark, in stores of their own that are filled when first asked."""

    def __init__(self, folder, stack: ExitStack):
        self.folder, self.stack = folder, stack
        self.store = cache(self._filled)

    def figures(self, spec: Spec, mark: str) -> pd.DataFrame:
        """Every published figure of the spec's card at its units, by (unit name, month, basis)."""
        _, _, tables = self.store(NUMBER[id(spec)] // SPECS_A_STORE)
        rows = tables[spec.card, mark]
        names = rows["code"].str.removeprefix(mark)
        return rows.assign(unit=names).set_index(["unit", "month", "basis"])

    def course(self, spec: Spec, mark: str, unit: str, basis: str) -> pd.DataFrame:
        """The same of one unit and basis, as pages read it."""
        store, units, _ = self.store(NUMBER[id(spec)] // SPECS_A_STORE)
        with store.published() as connection:
            rows = figures.course(LOCAL, connection, units[f"{mark}{unit}"], spec.the_card(), basis)
        return rows.assign(unit=unit).set_index(["unit", "month", "basis"])

    def _filled(self, group: int):
        """A store with one import and one build of a group."""
        home = self.folder / str(group)
        assert not home.exists(), "the group's store could not be made: see the first of its specs"
        installation = make_installation(home / "installation", kind="own")
        store = open_store(installation)
        self.stack.callback(store.close)
        source = SourceFiles()
        specs = ORDER[group * SPECS_A_STORE : (group + 1) * SPECS_A_STORE]
        copies = [(spec, _mark(spec), None) for spec in specs]
        copies += [
            (spec, _less(spec), _a_row_that_counts(spec)) for spec in specs if FIRST[spec.card] is spec
        ]
        for spec, mark, without in copies:
            source.add(spec, mark, without)
        assert source.unwritten == set()
        (home / "files").mkdir()
        report = import_files(store, installation, source.write(home / "files"), by="spec")
        astray = [file.line("en") for file in report.files if file.problem or file.account.waiting]
        assert astray == []
        keys = {spec.card for spec, _, _ in copies}
        keys |= {card.derived.of for key in keys if (card := CARDS[key]).derived and card.derived.of}
        build(store, installation, cards=[card for key, card in CARDS.items() if key in keys])
        return store, *_published(store, copies)


@pytest.fixture(scope="module", autouse=True)
def _months_of_specs() -> Iterator[None]:
    """Figures are made for the months of the specs, whichever months the services of a group came in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("metrics.build.horizon_of", lambda connection: HORIZON)
        yield


@pytest.fixture(scope="module")
def through(tmp_path_factory) -> Iterator[Through]:
    with ExitStack() as stack:
        yield Through(tmp_path_factory.mktemp("through"), stack)


def _published(store, copies) -> tuple[dict[str, int], dict[tuple[str, str], pd.DataFrame]]:
    """Units by code; and (card, mark) -> its figures at the units of its spec, those of groups of people left out."""
    figure, unit = published.figure, published.unit
    wanted = [(spec.card, mark.removesuffix("-")) for spec, mark, _ in copies]
    statement = (
        select(figure, unit.c.code)
        .join(unit, unit.c.unit == figure.c.unit)
        .where(
            figure.c.stratum == "",
            tuple_(figure.c.indicator, func.split_part(unit.c.code, "-", 1)).in_(wanted),
        )
    )
    with store.published() as connection:
        table = read_frame(connection, statement)
        units = dict(map(tuple, connection.execute(select(unit.c.code, unit.c.unit))))
    tables = {(spec.card, mark): table.iloc[:0] for spec, mark, _ in copies}
    marks = table["code"].str.partition("-")[0] + "-"
    return units, tables | dict(iter(table.groupby([table["indicator"], marks])))


def _params(specs: Iterable[Spec]) -> list:
    return [
        pytest.param(spec, id=_name(spec), marks=() if id(spec) in _IS_NEW else pytest.mark.long)
        for spec in specs
    ]


def _mark(spec: Spec) -> str:
    return f"q{NUMBER[id(spec)]}-"


def _less(spec: Spec) -> str:
    """The mark of the copy that lacks a row."""
    return f"l{NUMBER[id(spec)]}-"


def _a_row_that_counts(spec: Spec) -> tuple[str, int]:
    """The first row of the first block that the card reads, or another where that one is there not to count."""
    if spec.card in OTHER_ROWS:
        return OTHER_ROWS[spec.card]
    blocks = blocks_of(spec.given)
    if not blocks.keys() - {"unit", "person"}:
        return ("person", 0) if "person" in blocks else ("unit", -1)
    blocks = [name for name in blocks if name not in ("unit", "person")]
    return next((name for name in blocks if name in spec.the_card().reads), blocks[0]), 0


@pytest.mark.parametrize("spec", _params(SPECS))
def test_files_lead_to_the_figures(through, spec):
    wrong = differences(spec, through.figures(spec, _mark(spec)))
    assert wrong == [], f"{spec.card}: {spec.shows}\n" + "\n".join(wrong)


@pytest.mark.parametrize("spec", _params(FIRST.values()))
def test_pages_read_the_same(through, spec):
    """What the indicator's page asks for is what the spec expects."""
    unit, _, basis = next(iter(expected(spec)))
    read = actual(through.course(spec, _mark(spec), unit, basis))
    wanted = {place for place in expected(spec) if (place[0], place[2]) == (unit, basis)}
    every = actual(through.figures(spec, _mark(spec)))
    assert [place for place in wanted if read.get(place) != every.get(place)] == []


@pytest.mark.parametrize("spec", _params(FIRST.values()))
def test_one_row_less_changes_a_figure(through, spec):
    with_all, with_less = (actual(through.figures(spec, mark)) for mark in (_mark(spec), _less(spec)))
    changed = [place for place in expected(spec) if with_all.get(place) != with_less.get(place)]
    assert changed, f"no figure changes when {_a_row_that_counts(spec)} is left out"
