"""Why a figure changed: causes counted by hand, and held against what builds before and after published."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest
from sqlalchemy import select

from data import records
from metrics import published
from metrics.build import build
from metrics.card import SCALE
from metrics.cards import CARDS
from metrics.principal import LOCAL, NotAllowedError
from metrics.standards import FOLDER, value_in
from metrics.standards.files import read_csv
from metrics.why.asking import THEN, split
from metrics.why.sharing import CAUSES, Cause
from tests.property.districts import STATION, TOWN, Plan
from tests.property.histories import History
from tests.property.stores import new_store, read_figures, write, write_tables
from tests.property.test_gap_length import row

NOVEMBER, DECEMBER = 2025 * 12 + 10, 2025 * 12 + 11
CARD = "fd_elder_rate"
day = dt.date.fromisoformat


def elders() -> dict[str, list[dict]]:
    """Seven people of the centre 2 and its station 3, and the station 4 of another centre; 65 is the elder age.

    1 contracts in December; 2 always had a contract; 3 turns 65 in December; 4, with a contract, dies in November, so that
    he is out in December; 5, with a contract, moves from station 4 to station 3 in December; the contract of 6 is from October, and
    was entered on the 20th of December, ten days after November was reported; 7 leaves in November, and dies in January.
    """
    about = {n: {"subject": n, "person": n, "unit": 3} for n in range(1, 8)}
    born = {n: dt.date(1950, 1, 1) for n in about} | {3: dt.date(1960, 12, 5)}
    died = {4: day("2025-11-30"), 7: day("2026-01-20")}
    signed = {1: ("2025-12-03", "2025-12-03"), 2: ("2025-01-01", None), 4: ("2025-01-01", None)}
    signed |= {5: ("2025-01-01", None), 6: ("2025-10-01", "2025-12-20")}
    homes = [(n, 3, "2024-01-01", None) for n in (1, 2, 3, 6)]
    homes += [
        (4, 3, "2024-01-01", "2025-11-30"),
        (5, 4, "2024-01-01", "2025-12-09"),
        (7, 3, "2024-01-01", "2025-11-28"),
        (5, 3, "2025-12-10", None),
    ]
    return {
        "unit": [
            row(1, unit=1, code="B", name="局", kind="bureau", parent=None),
            row(2, unit=2, code="C", name="中心", kind="centre", parent=1),
            row(3, unit=3, code="S", name="站", kind="station", parent=2),
            row(4, unit=4, code="T", name="他站", kind="station", parent=1),
        ],
        "person": [
            row(
                n,
                **about[n],
                born_on=born[n],
                born_month=born[n].year * 12 + born[n].month - 1,
                registered=True,
                died_on=died.get(n),
            )
            for n in about
        ],
        "residence": [
            row(
                place,
                **about[n] | {"unit": unit},
                start_on=day(start),
                end_on=None if end is None else day(end),
            )
            for place, (n, unit, start, end) in enumerate(homes, 1)
        ],
        "contract": [
            row(
                n,
                **about[n],
                contract_no=str(n),
                signed_on=day(start),
                start_on=day(start),
                end_on=day("2026-12-31"),
                entered_on=None if entered is None else day(entered),
            )
            for n, (start, entered) in signed.items()
        ],
        "encounter": [
            row(
                n,
                **about[2],
                visit_no=str(n),
                day=dt.date(2025, n, 1),
                month=2025 * 12 + n - 1,
                kind="outpatient",
            )
            for n in range(1, 13)
        ],
    }


@pytest.fixture(scope="module")
def centre():
    with new_store() as (store, place):
        write_tables(store, elders())
        build(store, place, cards=[CARDS[CARD]])
        yield store


def test_each_cause_has_what_was_counted_by_hand(centre):
    found = split(centre, LOCAL, CARD, 2, DECEMBER, "as_of", NOVEMBER)
    assert found.reason == ""
    assert found.before == (3, 5, Fraction(3, 5))  # 2, 4 and 6 of 1, 2, 4, 6 and 7
    assert found.after == (4, 5, Fraction(4, 5))  # 1, 2, 5 and 6 of these and 3
    assert {cause.name: replace(cause, value=Fraction()) for cause in found.causes} == {
        "services": Cause("services", 2, 0, Fraction(), people=2),  # 1, and 6, who did not count in time
        # 3 came, 4 died, 7 left
        "denominator": Cause("denominator", -1, -1, Fraction(), people=3, came=1, died=1, left=1),
        "units": Cause("units", 1, 1, Fraction(), people=1),  # 5
        "late": Cause("late", -1, 0, Fraction(), people=1),  # 6
    }
    assert sum(cause.value for cause in found.causes) == Fraction(4, 5) - Fraction(3, 5)


def test_a_month_as_it_was_reported_and_as_it_is_known_now(centre):
    found = split(centre, LOCAL, CARD, 2, NOVEMBER, "as_of", THEN)
    assert (found.before[:2], found.after[:2]) == ((2, 5), (3, 5))
    assert found.causes == (Cause("late", 1, 0, Fraction(1, 5), people=1),)
    assert split(centre, LOCAL, CARD, 2, DECEMBER, "as_of", THEN).reason == "not_yet"


def test_moving_within_a_unit_is_no_cause(centre):
    causes = {cause.name for cause in split(centre, LOCAL, CARD, 1, DECEMBER, "as_of", NOVEMBER).causes}
    assert "units" not in causes


def test_whoever_may_not_open_the_list_gets_no_split(centre):
    with pytest.raises(NotAllowedError):
        split(centre, replace(LOCAL, rights=frozenset()), CARD, 2, DECEMBER, "as_of", NOVEMBER)


# -- a district that changes between two imports -------------------------------------------------

KEYS = ("fd_elder_rate", "htn_control_rate", "fd_contract_rate", "im_class1_rate")
JANUARY = 2026 * 12


@pytest.fixture(scope="module")
def changing():
    """A store, and the figures that were published on the 5th of February and on the 20th of March 2026."""
    with new_store() as (store, place):
        history = History(Plan(seed=21, districts=1, persons=60, months=26))
        found = []
        file, event = records.source_file, records.event
        about = {column.name: 0 for column in file.c if not column.nullable}
        about |= {"batch": 1, "name": "f", "sha256": "", "snapshot": False, "made_on": dt.date(2026, 2, 28)}
        for _ in range(2):
            write(store, history)
            with store.change("records") as draft:
                for number, on in ((1, dt.datetime(2026, 2, 5)), (2, dt.datetime(2026, 3, 20))):
                    draft.records.execute(
                        event.update().where(event.c.event == number).values(at=on, batch=1)
                    )
                draft.records.execute(file.delete())
                draft.records.execute(file.insert().values(about))
            build(store, place, cards=[CARDS[key] for key in KEYS])
            # Published before January's report day: what is found out later has moved all the same.
            with store.change("published") as draft:
                early = {"built_at": dt.datetime(2026, 2, 5)}
                draft.published.execute(
                    published.build.update().where(published.build.c.build == 1).values(early)
                )
            found.append(read_figures(store).set_index(["indicator", "unit", "month", "basis"]))
            history.change()
        yield store, found


def test_splits_add_up_to_what_was_published(changing):
    store, (then, now) = changing
    seen, splits = set(), 0
    for key in KEYS:
        basis, scale = str(CARDS[key].bases[0]), Fraction(str(SCALE.get(CARDS[key].unit, 1)))
        for unit in (TOWN, STATION):
            late = {}
            for month, before in ((JANUARY, THEN), (JANUARY + 1, JANUARY), (JANUARY + 1, JANUARY - 11)):
                found = split(store, LOCAL, key, unit, month, basis, before)
                if found.reason:
                    assert found.reason in ("no_figure", "nobody"), (key, unit, found.reason)
                    continue
                splits += 1
                rows = (
                    (then if before == THEN else now).loc[
                        (key, unit, month if before == THEN else before, basis)
                    ],
                    now.loc[(key, unit, month, basis)],
                )
                for told, theirs in zip((found.before, found.after), rows, strict=True):
                    assert told[:2] == (theirs["numerator"], theirs["denominator"])
                    assert told[2] == Fraction(told[0]) / (told[1] * scale)
                for place in range(2):
                    parts = [(cause.numerator, cause.denominator)[place] for cause in found.causes]
                    assert sum(parts) == found.after[place] - found.before[place]
                assert sum(cause.value for cause in found.causes) == found.after[2] - found.before[2]
                seen |= {cause.name for cause in found.causes}
                late[before] = {cause.name: cause.numerator for cause in found.causes}.get("late", 0)
            if (
                JANUARY in late
            ):  # both months were known on the 5th of February, and not as they are known now
                gain = {
                    m: now.loc[(key, unit, m, basis)]["numerator"]
                    - then.loc[(key, unit, m, basis)]["numerator"]
                    for m in (JANUARY, JANUARY + 1)
                }
                assert late[JANUARY] == gain[JANUARY + 1] - gain[JANUARY]
    assert splits > 8
    assert {"services", "late"} < seen <= set(CAUSES)


def test_figures_that_moved_between_two_builds_are_kept(changing):
    store, (then, now) = changing
    with store.published() as connection:
        rows = connection.execute(select(published.moved)).mappings().all()
    aimed = {target["indicator"] for target in read_csv(FOLDER / "targets.csv")} & set(KEYS)
    names = ("numerator", "denominator", "value")
    last = int(now.index.get_level_values("month").max())  # all were reported long ago: the newest are kept
    held = value_in("moved_held_months", last)
    theirs = {}
    for place in then.index.union(now.index):
        key, _, month, basis = place
        if key not in aimed or basis != str(CARDS[key].bases[0]) or month <= last - held:
            continue
        sides = [
            tuple(None if pd.isna(side.loc[place][name]) else side.loc[place][name] for name in names)
            if place in side.index
            else (None, None, None)
            for side in (then, now)
        ]
        if sides[0] != sides[1]:
            theirs[place] = sides
    ours = {
        (row["indicator"], row["unit"], row["month"], row["basis"]): [
            tuple(row[f"{name}_{when}"] for name in names) for when in ("before", "after")
        ]
        for row in rows
    }
    assert ours == theirs
    assert len(ours) > 10
    assert {(row["build"], row["redefined"]) for row in rows} == {(2, False)}
