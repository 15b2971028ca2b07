"""A published district written straight into its tables: two centres, three clinics, their figures by hand."""

from __future__ import annotations

from datetime import date, datetime

from data import records
from data.store import Store, create_missing
from metrics import published
from metrics.principal import Scope
from tests.roles import as_role

SEPTEMBER = 2026 * 12 + 8
BUREAU, EAST, WEST, EAST_1, EAST_2, WEST_1 = 1, 2, 3, 4, 5, 6
_UNITS = {
    BUREAU: ("bureau", None),
    EAST: ("centre", BUREAU),
    WEST: ("centre", BUREAU),
    EAST_1: ("clinic", EAST),
    EAST_2: ("clinic", EAST),
    WEST_1: ("clinic", WEST),
}

BOSS = as_role("局", "officer", Scope(), Scope())
DIRECTOR = as_role("东", "director", Scope(), Scope(frozenset({EAST, EAST_1, EAST_2})))


def figure(indicator: str, unit: int, top, bottom=None, month=SEPTEMBER, basis="ytd", status="ok") -> dict:
    """A figure as published: of a count without ``bottom``."""
    value = None if top is None else float(top) if bottom is None else top / bottom if bottom else None
    return {
        "indicator": indicator,
        "unit": unit,
        "month": month,
        "basis": basis,
        "stratum": "",
        "numerator": top,
        "listed": bottom,
        "denominator": bottom,
        "value": value,
        "status": status,
        "origin": "records",
    }


def target(indicator: str, value: float, unit: int | None = None, year: int = 2026) -> dict:
    return {
        "indicator": indicator,
        "year": year,
        "unit_kind": None,
        "unit": unit,
        "value": value,
        "value_to": None,
        "source": "目标责任书",
        "note": None,
        "own": False,
        "in_force": True,
    }


def doctor(
    unit: int, number: str, start: date, end: date | None = None, role: str = "village_doctor"
) -> dict:
    return {"unit": unit, "staff_no": number, "role": role, "start_on": start, "end_on": end}


def write(store: Store, figures: list[dict], targets=(), doctors=(), event: int = 7) -> None:
    """Publish a generation of these figures, made of what was known at ``event``."""
    units = [
        {
            "unit": number,
            "code": f"u{number}",
            "name": f"机构{number}",
            "kind": kind,
            "parent": parent,
            "opened_on": date(2000, 1, 1),
            "closed_on": None,
            "successor": None,
            "lon": None,
            "lat": None,
        }
        for number, (kind, parent) in _UNITS.items()
    ]
    build = [
        {
            "build": event,
            "event": event,
            "batch": event,
            "built_at": datetime(2026, 10, 8),
            "kind": "full",
            "first_month": SEPTEMBER - 20,
            "last_month": SEPTEMBER + 1,
            "data_until": date(2026, 10, 7),
            "definitions": f"d{event}",
            "seconds": 1.0,
            "installation": "own",
            "bureau": "测试县",
        }
    ]
    with store.change("published") as draft:
        create_missing(draft.published, published.metadata)
        for table, rows in (
            (published.unit, units),
            (published.figure, figures),
            (published.target, list(targets)),
            (published.build, build),
        ):
            draft.published.execute(table.delete())
            if rows:
                draft.published.execute(table.insert(), rows)
    with store.change("records") as draft:
        create_missing(draft.records, records.metadata)
        draft.records.execute(records.staff.delete())
        for number, row in enumerate(doctors, 1):
            about = dict.fromkeys(("key", "content", "rank", "batch", "file", "line", "known_from"), number)
            draft.records.execute(records.staff.insert().values({"row_id": number, **about, **row}))
