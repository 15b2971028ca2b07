"""The same files give the same records, in any order and however often; undo is a function of what remains."""

from __future__ import annotations

import shutil
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from data.installation import make_installation
from data.intake.undoing import undo
from data.store import open_store
from tests.intake.helpers import PERSONS, UNITS, District
from tests.property.amount import examples

VISITS = st.lists(
    st.tuples(
        st.sampled_from("123"), st.sampled_from(["E1", "E2"]), st.integers(1, 28), st.integers(90, 180)
    ),
    min_size=1,
    max_size=4,
)


def visits(rows) -> str:
    head = "随访标识, EMPIID, 随访日期, 随访机构, 收缩压(mmHg), 舒张压(mmHg)"
    return "\n".join([head, *(f"V{v}, {p}, 2025-01-{d:02}, S1, {s}, 80" for v, p, d, s in rows)])


def state(folder, order, files, taken_back=()) -> list[tuple]:
    """What the records say after importing files in an order, each as a batch, and undoing some of them."""
    shutil.rmtree(folder, ignore_errors=True)
    installation = make_installation(folder / "home", kind="own")
    store = open_store(replace(installation))
    district = District(store, installation, folder / "files")
    batches = {place: district.load(district.file(*files[place])).batch for place in order}
    for place in taken_back:
        undo(store, installation, batches[place], by="tester")
    found = district.people() if store.generation() else []
    store.close()
    return found


@examples(3)
@given(first=VISITS, second=VISITS, order=st.permutations(range(4)), repeated=st.integers(0, 3))
def test_order_and_repetition_do_not_matter(tmp_path, first, second, order, repeated):
    files = [
        ("机构登记表_20240101.csv", UNITS),
        ("个人基本信息_20240101.csv", PERSONS),
        ("高血压随访_20250201.csv", visits(first)),
        ("高血压随访_20250202.csv", visits(second)),
    ]
    plain = state(tmp_path / "a", range(4), files)
    assert state(tmp_path / "b", [*order, repeated], files) == plain


@examples(3)
@given(
    first=VISITS, second=VISITS, order=st.permutations(range(4)), gone=st.sets(st.integers(1, 3), min_size=1)
)
def test_undone_is_as_if_never_imported(tmp_path, first, second, order, gone):
    files = [
        ("机构登记表_20240101.csv", UNITS),
        ("个人基本信息_20240101.csv", PERSONS),
        ("高血压随访_20250201.csv", visits(first)),
        ("高血压随访_20250202.csv", visits(second)),
    ]
    without = state(tmp_path / "a", [place for place in range(4) if place not in gone], files)
    assert state(tmp_path / "b", order, files, sorted(gone)) == without
