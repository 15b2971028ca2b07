"""One store of all specs on each engine, with the facts of every card computed once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from data.installation import make_installation
from data.store import open_store
from metrics.cards import CARDS
from metrics.context import prepare, rules_of
from tests.conftest import new_database
from tests.spec.every import SPECS
from tests.spec.harness import HORIZON, World


@pytest.fixture(scope="session", params=["duckdb", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Every spec's rows on an engine."""
    with ExitStack() as stack:
        installation = make_installation(tmp_path_factory.mktemp("spec") / "installation", kind="own")
        if request.param == "postgresql":
            database = stack.enter_context(new_database(request.getfixturevalue("postgres_url")))
            installation = replace(installation, config=replace(installation.config, database=database))
        store = open_store(installation)
        stack.callback(store.close)
        world = World(SPECS)
        world.fill(store)
        world.connection = stack.enter_context(store.records())
        prepare(world.connection, rules_of(CARDS.values()), HORIZON)
        yield world
