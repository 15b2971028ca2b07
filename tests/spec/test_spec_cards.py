"""Every spec on every engine, and a spec for every card."""

from __future__ import annotations

import pytest

from metrics.cards import CARDS
from tests.spec.every import SPECS
from tests.spec.harness import Spec, World, differences


def _name(spec: Spec) -> str:
    return f"{spec.card}: {spec.shows}"


@pytest.mark.parametrize("spec", SPECS, ids=_name)
def test_spec(world: World, spec: Spec) -> None:
    wrong = differences(spec, world.figures(spec))
    assert not wrong, "\n".join([f"{spec.card}: {spec.shows}", *wrong[:12]])


def test_every_card_has_a_spec() -> None:
    assert set(CARDS) - {spec.card for spec in SPECS} == set()


def test_specs_are_told_apart() -> None:
    names = [_name(spec) for spec in SPECS]
    assert len(set(names)) == len(names)
