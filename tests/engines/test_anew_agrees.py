"""Whose rows make up a figure by other dated values of parameters is the same on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from metrics.anew import Ruled, as_is, made_anew
from metrics.context import Horizon, prepare, rules_of
from metrics.made_of import made_of
from metrics.standards import holding, parameters
from metrics.why.dated import Times, as_after, as_before
from tests.conftest import new_database
from tests.property.engine import filled, units_of
from tests.property.why_apart import CONTROL, DECEMBER, FIRST, HANDOVER, drawn

#: Parameters, each with an own value from a day within the earlier year on.
CHANGED = {
    CONTROL: {"sbp_goal": 130, "dbp_goal": 82},
    HANDOVER: {"sbp_goal": 130, "fpg_goal": 6},
}
HORIZON = Horizon(FIRST, DECEMBER)


@pytest.fixture(scope="module")
def postgres(postgres_url: str) -> Iterator[str]:
    with new_database(postgres_url) as url:
        yield url


def made(key: str) -> list[Ruled]:
    """The card as it is, and by values such as the later and the earlier figure would count by."""
    times = Times(FIRST, FIRST + 11, FIRST + 12, DECEMBER, 12)
    dated = {
        one: (parameters()[one][0], replace(parameters()[one][0], start=date(2024, 10, 15), value=value))
        for one, value in CHANGED[key].items()
    }
    with holding(dated):
        old, new = ({one: how(one, times) for one in dated} for how in (as_before, as_after))
    return [as_is(key), made_anew(key, old), made_anew(key, new)]


def read(url: str | None, key: str) -> list[pd.DataFrame]:
    found = []
    for ruled in made(key):
        with filled(drawn(52), *([url] if url else [])) as connection:
            units = units_of(connection)["unit"].astype(int).tolist()
            prepare(connection, rules_of([ruled.card]), HORIZON, facts=ruled.facts)
            rows = made_of(connection, ruled.card, units, DECEMBER, "ytd", HORIZON)
        found.append(rows.sort_values("who", ignore_index=True))
    return found


@pytest.mark.parametrize("key", CHANGED)
def test_engines_agree_on_who_counts_by_other_values(postgres, key) -> None:
    duckdb, other = read(None, key), read(postgres, key)
    for ours, theirs in zip(duckdb, other, strict=True):
        pd.testing.assert_frame_equal(ours, theirs)
    real, old, new = duckdb
    assert not real.equals(old)
    assert not real.equals(new)
    assert not old.equals(new)
