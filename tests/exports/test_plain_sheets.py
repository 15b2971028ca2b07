"""Tables of a page as a workbook: how numbers are shown."""

from __future__ import annotations

import io

import pandas as pd
from openpyxl import load_workbook

from exports.sheets import sheet_of, sheets_bytes


def test_percentages_are_shown_with_at_most_two_decimals_and_kept_whole():
    frame = pd.DataFrame({"值 (%)": [3.1847, 64.0, None], "目标 (%)": [64, 64, 64], "天": [1.5, 2.25, 3]})
    cells = load_workbook(io.BytesIO(sheets_bytes("t", [sheet_of("t", frame)], "about", [])))["t"]
    assert [cells["A2"].value, cells["A3"].value, cells["A4"].value] == [3.1847, 64, None]
    assert {cells[at].number_format for at in ("A2", "A3", "B2")} == {"0.0#"}
    assert cells["C2"].number_format == "General"
