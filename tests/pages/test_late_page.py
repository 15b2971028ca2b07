"""Late entry and rewriting, read and shown: who sees which counts, and the list of late rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from data import identity, records
from data.store import create_missing
from metrics import late_reading, published
from metrics.cards import CARDS
from metrics.principal import EVERYTHING, LOCAL, NotAllowedError, Scope
from pages._text import text
from tests.pages import sample
from tests.pages.test_pages import boards, shown
from tests.property.stores import new_store
from tests.property.test_gap_length import row
from tests.roles import as_role

LEADER = as_role("刘局长", "leader", EVERYTHING, EVERYTHING)
STATION = sample.STATIONS[3]
YEAR = {"first": sample.LAST - 11, "last": sample.LAST}


def asked(store, who, function, **named):
    with store.published() as connection:
        return function(who, connection, **(named or YEAR))


def test_counts_are_sums_and_months_that_were_not_known_in_time_are_no_zeros(sample_store):
    rows = asked(sample_store, LOCAL, late_reading.entered)
    mine = rows[(rows["unit"] == STATION) & (rows["source"] == "followup")].iloc[0]
    assert mine[list(late_reading.COUNTS)].tolist() == [1200, 960, 12 * STATION, 12 * (STATION // 4), 400, 7]


def test_kinds_are_told_to_whoever_may_see_the_people(sample_store):
    assert set(asked(sample_store, LOCAL, late_reading.entered)["source"]) == {"followup", "activity"}
    some = replace(LOCAL, systems=frozenset({"S11"}))
    for who in (LEADER, some):
        for function in (late_reading.entered, late_reading.rewritten):
            assert set(asked(sample_store, who, function)["source"]) == {late_reading.ALL}
    whole = asked(sample_store, LEADER, late_reading.entered).set_index("unit").loc[STATION]
    assert (whole["n"], whole["late"]) == (1320, 12 * STATION)
    clinic = as_role("站长", "doctor", Scope(frozenset({STATION, 1})), Scope(frozenset({STATION})))
    assert set(asked(sample_store, clinic, late_reading.entered)["unit"]) == {STATION}


@pytest.mark.parametrize("then, now", [(15, 0), (0, 15), (0, None), (0, 0)])
def test_moved_figures_are_hidden_as_figures_are(then, now):
    """By their own bits, and by those of the figure as it is now: a sibling may have become small since (None: there is none)."""
    with new_store() as (store, _):
        sample.fill(store, {"htn_control_rate": CARDS["htn_control_rate"]})
        columns = dict(
            indicator="htn_control_rate",
            unit=STATION,
            month=sample.LAST,
            basis="ytd",
            build=1,
            redefined=False,
        )
        numbers = dict(numerator_before=3, numerator_after=4, denominator_before=9, denominator_after=9)
        with store.change("published") as draft:
            draft.published.execute(
                published.moved.insert().values(
                    **columns, **numbers, value_before=3 / 9, value_after=4 / 9, hidden=then
                )
            )
            figure = published.figure
            place = [figure.c[name] == columns[name] for name in ("indicator", "unit", "month", "basis")]
            whole = figure.c.stratum == ""
            if now is None:
                draft.published.execute(figure.delete().where(whole, *place))
            else:
                draft.published.execute(figure.update().where(whole, *place).values(hidden=now))
        told = asked(store, LOCAL, late_reading.moved, unit=STATION).iloc[0]
        assert [told[name] for name in numbers] == [3, 4, 9, 9]
        told = asked(store, LEADER, late_reading.moved, unit=STATION)
        told = told[told["month"] == sample.LAST]
        assert len(told) == 1
        missing = told[[*numbers, "value_before", "value_after"]].isna()
        assert missing.to_numpy().tolist() == [[bool(then) or now != 0] * 6]
        assert "hidden" not in told.columns


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_who_is_late_and_who_rewrites(page, language):
    said = text(language)
    at = page("sources.py", part="late", lang=language, unit="0104", rows="yes")
    assert not at.exception
    html = boards(at)
    assert said("late.kind_backdated", n="3") in html
    assert said("late.said", late=f"{12 * STATION}", dated="960", share=f"{12 * STATION / 960:.1%}") in html
    assert said("late.list_empty") in shown(at)
    assert "66.7" in html
    assert "70.0" in html


def test_the_bureau_opens_its_centres_and_they_their_stations(page):
    html = boards(page("sources.py", part="late", lang="zh"))
    assert "part=late" in html
    assert "unit=01" in html


def test_the_list_holds_the_late_rows_latest_first_and_names_nobody():
    day = dt.date(2026, 3, 1)
    delays = {1: 7, 2: 8, 3: 40, 4: None, 5: 20}  # seven days are in time
    about = {"unit": 3, "day": day, "month": 2026 * 12 + 2, "programme": "htn"}
    with new_store() as (store, _):
        with store.change("records", "identity", "published") as draft:
            for part, metadata in (("records", records), ("identity", identity), ("published", published)):
                create_missing(getattr(draft, part), metadata.metadata)
            for n, delay in delays.items():
                entered = None if delay is None else day + dt.timedelta(days=delay)
                one = row(n, subject=n, person=n, entered_on=entered, **about)
                draft.records.execute(
                    records.followup.insert().values(**one | {"known_to": 2 if n == 5 else None})
                )
            for unit, parent in ((1, None), (3, 1)):
                values = {
                    "unit": unit,
                    "code": str(unit),
                    "name": str(unit),
                    "kind": "station",
                    "parent": parent,
                }
                draft.published.execute(published.unit.insert().values(values))
        ask = (1, 2026 * 12, 2026 * 12 + 11)
        found = late_reading.late_page(store, LOCAL, *ask, 1, 1)
        rest = late_reading.late_page(store, LOCAL, *ask, 2, 1)
        assert (found.total, rest.total) == (2, 2)
        assert [(r["person"], r["days"], r["source"]) for r in (found.rows.iloc[0], rest.rows.iloc[0])] == [
            (3, 40, "followup"),
            (2, 8, "followup"),
        ]
        for who in (
            LEADER,
            replace(LOCAL, systems=frozenset({"S11"})),
            replace(LOCAL, own=Scope(frozenset({1}))),
        ):
            with pytest.raises(NotAllowedError):
                late_reading.late_page(store, who, *ask, 1, 1)
