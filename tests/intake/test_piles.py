"""Files imported together, and so merged together, end and are accounted for as if each had come alone."""

from __future__ import annotations

import shutil

from hypothesis import given, settings
from hypothesis import strategies as st

from data.installation import make_installation
from data.store import open_store
from tests.intake.helpers import District
from tests.intake.test_order import VISITS, visits


def outcome(folder, files, *, together: bool) -> tuple[list, list]:
    """What is in force, and the account of every file: new, replaced, unchanged, rejected, set aside."""
    shutil.rmtree(folder, ignore_errors=True)
    installation = make_installation(folder / "home", kind="own")
    store = open_store(installation)
    district = District(store, installation, folder / "files")
    district.masters()
    paths = [district.file(*file) for file in files]
    if together:
        reports = district.load(*paths).files
    else:
        reports = [district.load(path).files[0] for path in paths]
    accounts = [
        (r.account.new, r.account.replaced, r.account.unchanged, r.account.waiting, r.rejected)
        for r in reports
    ]
    found = district.people()
    store.close()
    return found, accounts


@settings(max_examples=8)
@given(loads=st.lists(VISITS, min_size=2, max_size=4), order=st.permutations(range(4)))
def test_together_is_one_by_one(tmp_path, loads, order):
    days = [day for day in order if day < len(loads)]
    files = [
        (f"高血压随访_2025020{day + 1}.csv", visits(rows)) for day, rows in zip(days, loads, strict=True)
    ]
    alone, together = (outcome(tmp_path / word, files, together=word == "b") for word in "ab")
    assert together == alone


def test_the_same_file_twice_in_one_import(district):
    district.masters()
    text = visits([("1", "E1", 5, 120), ("2", "E2", 6, 130)])
    report = district.load(
        district.file("a/高血压随访_20250201.csv", text), district.file("b/高血压随访_20250201.csv", text)
    )
    assert [part.account.new for part in report.files] == [2, 0]
    assert report.files[1].same_as == report.files[0].file


def test_a_snapshot_beside_older_and_newer_files(district):
    district.masters()
    older = visits([("1", "E1", 5, 120), ("2", "E1", 6, 130)])
    newer = visits([("3", "E1", 7, 140)])
    whole = visits([("1", "E1", 5, 120)])
    report = district.load(
        district.file("高血压随访_20250201.csv", older),
        district.file("高血压随访_20250202_全量.csv", whole),
        district.file("高血压随访_20250203.csv", newer),
        snapshot=False,
    )
    assert not any(part.snapshot for part in report.files)
    assert sorted(district.now("followup", "sbp")) == [(120,), (130,), (140,)]
    again = district.load(district.file("c/高血压随访_20250202_全量.csv", whole + "\n"), snapshot=True)
    assert again.files[0].account.withdrawn == 1
    assert sorted(district.now("followup", "sbp")) == [(120,), (140,)]
