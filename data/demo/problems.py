"""The ways in which cells of the demo's files are damaged, and how often in a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One way to damage a cell. A cell that cannot be read rejects its row where the column is required."""

    kind: str
    target: str
    value: str  # what the cell becomes
    times: int
    implausible: bool = False  # readable, but not to be believed: loaded and flagged

    def expected(self, required: frozenset[str]) -> str:
        """What the intake must do with it."""
        return "reject" if self.target in required and not self.implausible else "flag"


_PERSON = (
    Problem("id_damaged", "person.id_number", "9.90128E+17", 4),
    Problem("id_checksum", "person.id_number", "{wrong}", 4),
    Problem("id_masked", "person.id_number", "990128********1234", 2),
    Problem("date_impossible", "born_on", "1975-02-30", 2),
)
_FOLLOWUP = (
    Problem("pressure_zero", "sbp", "0", 3, implausible=True),
    Problem("pressure_999", "sbp", "999", 3, implausible=True),
    Problem("pressure_swapped", "sbp", "35", 3, implausible=True),  # below the diastolic one
    Problem("x_in_number", "dbp", "8x", 2),
    Problem("unknown_code", "mode", "远程", 3),
    Problem("date_impossible", "day", "2025-02-30", 2),
    Problem("date_no_year", "day", "3月5日", 1),
    Problem("date_future", "day", "2031-01-15", 1, implausible=True),
    Problem("required_blank", "day", "", 2),
    Problem("unit_blank", "unit", "", 1),
)
_ENCOUNTER = (
    Problem("unknown_code", "kind", "巡诊", 2),
    Problem("x_in_number", "fee", "1xx.50", 3),
    Problem("date_impossible", "day", "2025-13-01", 2),
    Problem("required_blank", "visit_no", "", 1),
)
_DOSE = (
    Problem("unknown_code", "vaccine", "未知疫苗", 2),
    Problem("date_no_year", "day", "10月20日", 2),
)
_CONTRACT = (Problem("date_impossible", "end_on", "2025-02-29", 2),)
_PLACE = (Problem("coordinates_swapped", "lon", "{swap}", 3, implausible=True),)

PROBLEMS: dict[str, tuple[Problem, ...]] = {
    "person": _PERSON,
    "htn_followup": _FOLLOWUP,
    "dm_followup": tuple(p for p in _FOLLOWUP if p.target in ("mode", "day")),
    "encounter": _ENCOUNTER,
    "dose": _DOSE,
    "contract": _CONTRACT,
    "place": _PLACE,
}
TWICE = {"encounter": 4, "checkup": 3, "htn_followup": 3}  # the same row twice
DAMAGED_YEARS, TWICE_YEARS = (0, 2025), (0, 2024)  # 0: a file of all years
