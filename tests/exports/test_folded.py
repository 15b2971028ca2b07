"""A long table beside itself: every row once, read downwards."""

from __future__ import annotations

import pytest

from exports.blocks import Table, folded

ROWS = [["1", "甲"], ["2", "乙"], ["3", "丙"], ["4", "丁"], ["5", "戊"]]
TABLE = Table("t", ("名次", "机构"), ROWS, (1, 4), ("centre", "left"))


@pytest.mark.parametrize(
    "beside, rows",
    [
        (1, ROWS),
        (2, [["1", "甲", "4", "丁"], ["2", "乙", "5", "戊"], ["3", "丙", "", ""]]),
        (3, [["1", "甲", "3", "丙", "5", "戊"], ["2", "乙", "4", "丁", "", ""]]),
    ],
)
def test_rows_are_read_downwards(beside, rows):
    made = folded(TABLE, beside)
    assert made.rows == rows
    assert made.head == ["名次", "机构"] * beside
    assert (len(made.weights), len(made.aligns)) == (2 * beside, 2 * beside)


def test_a_table_without_rows_stays_without():
    assert folded(Table("t", ("a",), [], (1,), ("left",)), 2).rows == []
