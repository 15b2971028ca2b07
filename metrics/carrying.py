"""What the register knows goes into the records before figures are built: supervision, appraisals, settled money.

So the cards of supervision, appraisal, village doctors and funds follow from what people did in the product.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from data.installation import Installation
from data.register import exists, open_register
from data.register.carrying import BY, supervision_rows
from data.register.carrying import carry as write
from data.register.tables import (
    appraisal_line,
    appraisal_round,
    settlement,
    settlement_doctor,
    settlement_line,
)
from data.store import Store
from metrics.appraisal.appeals import granted
from metrics.appraisal.rounds import PUBLISHED, results, sheet_of
from metrics.funds.settlements import DUE_ACCOUNT
from metrics.principal import LOCAL

# As the records call an appraisal of a village doctor, by the period of its round.
_DOCTOR = {"quarter": "doctor", "half": "doctor", "year": "doctor_year"}


def carry(store: Store, installation: Installation, by: str = BY) -> bool:
    """Bring the records to what the register says now; whether anything had changed. No register, nothing to do.

    Raises StoreError when another import or build is under way.
    """
    rows = _rows(installation)
    return bool(rows) and write(store, installation, rows, by=by)


def _rows(installation: Installation) -> dict[str, list[dict[str, Any]]]:
    if not exists(installation):
        return {}
    register = open_register(installation)
    try:
        with register.reading() as connection:
            return register_rows(connection)
    finally:
        register.close()


def register_rows(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Record table -> rows, of everything that the register carries over."""
    rows = defaultdict(list, supervision_rows(connection))
    published = select(appraisal_round).where(appraisal_round.c.state == PUBLISHED)
    for row in connection.execute(published.order_by(appraisal_round.c.round)).mappings():
        rows["appraisal"] += _appraisals(connection, row)
        if row["subject"] == "unit":
            rows["appraisal_item"] += _sections(connection, row)
    rows["money"] += [*_settled(connection), *_due_to_doctors(connection)]
    return dict(rows)


def _appraisals(connection: Connection, row) -> Iterator[dict[str, Any]]:
    """A row each unit or doctor, as it stands after appeals, and one for the bureau whose centres were appraised."""
    table, common = results(LOCAL, connection, row["round"]), _when(row)
    kind = "unit" if row["subject"] == "unit" else _DOCTOR[row["period"]]
    for one in table.itertuples():
        yield {
            "no": f"{row['round']}/{one.unit}/{one.staff_no}",
            "unit": int(one.unit),
            "kind": kind,
            "staff_no": one.staff_no or None,
            "score": int(one.final) / 100,
            "full": int(one.full) / 100,
            "grade": one.final_grade,
            # The register keeps every published result by the doctor: it is the personal file.
            "filed": True if one.staff_no else None,
            **common,
        }
    if kind == "unit":
        bureaux = {int(parent) for parent in table.loc[table["kind"] == "centre", "parent"].dropna()}
        for unit in sorted(bureaux):
            yield {"no": f"{row['round']}/round/{unit}", "unit": unit, "kind": "round", **common}


def _sections(connection: Connection, row) -> Iterator[dict[str, Any]]:
    """A row each unit and section of the sheet: its weight, and what its items scored after appeals."""
    section_of = {
        item.key: section.key
        for section in sheet_of(row).sections
        for item in section.items
        if item.is_weighed
    }
    second = granted(connection, row["round"])
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])  # weight, score, full
    for line in connection.execute(select(appraisal_line).where(appraisal_line.c.round == row["round"])):
        if line.item not in section_of or not line.weight:
            continue
        added = sums[line.unit, section_of[line.item]]
        added[0] += line.weight
        points = second.get((line.unit, line.staff_no), {}).get(line.item, line.points)
        if points is not None:
            added[1] += points
            added[2] += line.weight
    for (unit, section), (weight, score, full) in sums.items():
        yield {
            "no": f"{row['round']}/{unit}/{section}",
            "unit": unit,
            "kind": "unit",
            "dimension": section,
            "weight": weight / 100,
            "score": score / 100 if full else None,
            "full": full / 100 if full else None,
            **_when(row),
        }


def _when(row) -> dict[str, Any]:
    """The day by which a unit's mergers are judged lies within the period appraised."""
    year, month = row["month"] // 12, row["month"] % 12 + 1
    last = date(year, month, calendar.monthrange(year, month)[1])
    return {"day": min(last, row["published_at"].date()), "month": row["month"]}


def _settled(connection: Connection) -> Iterator[dict[str, Any]]:
    """What a published settlement pays out to each unit, or takes back; booked in the year that it settles."""
    s, line = settlement.c, settlement_line.c
    rows = connection.execute(
        select(s.settlement, s.year, s.published_at, line.unit, line.earned, line.paid)
        .join(settlement_line, line.settlement == s.settlement)
        .where(s.state == "published", line.programme == "")
    )
    for row in rows:
        yield {
            "no": f"{row.settlement}/{row.unit}",
            "unit": row.unit,
            "account": "fund_settled",
            "day": min(row.published_at.date(), date(row.year, 12, 31)),
            "amount": row.earned - row.paid,
        }


def _due_to_doctors(connection: Connection) -> Iterator[dict[str, Any]]:
    """What a published settlement says that the village doctors of a clinic are due, where the ledger does not say it."""
    s, line = settlement.c, settlement_doctor.c
    rows = connection.execute(
        select(s.settlement, s.year, s.published_at, line.unit, func.sum(line.earned).label("earned"))
        .join(settlement_doctor, line.settlement == s.settlement)
        .where(s.state == "published", line.earned.is_not(None), line.in_ledger.is_(False))
        .group_by(s.settlement, s.year, s.published_at, line.unit)
        .order_by(s.settlement, line.unit)
    )
    for row in rows:
        yield {
            "no": f"{row.settlement}/{row.unit}/doctors",
            "unit": row.unit,
            "account": DUE_ACCOUNT,
            "day": min(row.published_at.date(), date(row.year, 12, 31)),
            "amount": int(row.earned),
        }
