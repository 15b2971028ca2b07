"""Settlements in the register: a draft is computed anew each time it is looked at, a published one stands as it was.

The bureau alone writes them, and publishes only what it sees all of. ``connection`` of what writes is one of
``Register.writing()``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction

import pandas as pd
from sqlalchemy import Connection, delete, func, insert, select

from data import records
from data.register import add, change
from data.register.tables import settlement, settlement_doctor, settlement_line
from data.store import read_frame
from metrics import published
from metrics.appraisal.ground import PUBLISHED as ROUND_PUBLISHED
from metrics.appraisal.ground import round_of
from metrics.funds.doctors import DoctorLine
from metrics.funds.entitlement import entitlements
from metrics.funds.settling import COEFFICIENT, MODELS, Line, by_coefficient, by_work_points
from metrics.funds.terms import Terms, terms_of
from metrics.principal import NotAllowedError, Principal

PAID_ACCOUNTS = ("fund_prepaid", "fund_settled")
DUE_ACCOUNT = "village_subsidy_due"
_OWN = "register.money"  # the layout by which settlements themselves come into the records
_DRAFT, _PUBLISHED, _WITHDRAWN = "draft", "published", "withdrawn"


class SettlementError(Exception):
    """What stands in the way: ``reason`` is a key of the funds' words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


# -- what it is made of ------------------------------------------------------------------------------


def population(
    principal: Principal, connection: Connection, year: int, kind: str = "centre"
) -> dict[int, int]:
    """unit -> approved residents in force for the year, of the units of a kind; who has none is not there."""
    table, unit = published.population, published.unit
    rows = connection.execute(
        select(table.c.unit, table.c.persons)
        .join(unit, unit.c.unit == table.c.unit)
        .where(
            table.c.year == year,
            table.c.band == "all",
            table.c.in_force,
            unit.c.kind == kind,
            principal.figures.holds(table.c.unit),
        )
        .order_by(table.c.unit)
    )
    return {int(row.unit): int(row.persons) for row in rows}


def paid(principal: Principal, connection: Connection, year: int) -> dict[int, int]:
    """unit -> fen paid for the year so far, by the ledger (a connection to the records).

    What settlements brought into the records themselves is not among it: they would settle their own payments.
    """
    return _booked(principal, connection, year, PAID_ACCOUNTS)


def _booked(
    principal: Principal, connection: Connection, year: int, accounts: Sequence[str]
) -> dict[int, int]:
    table, file = records.money, records.source_file
    rows = connection.execute(
        select(table.c.unit, func.sum(table.c.amount).label("fen"))
        .join(file, file.c.file == table.c.file)
        .where(
            file.c.layout != _OWN,
            table.c.known_to.is_(None),
            table.c.account.in_(accounts),
            table.c.month.between(year * 12, year * 12 + 11),
            principal.own.holds(table.c.unit),
        )
        .group_by(table.c.unit)
    )
    return {int(row.unit): int(row.fen) for row in rows if row.unit is not None and row.fen is not None}


def due_in_ledger(principal: Principal, connection: Connection, year: int) -> frozenset[int]:
    """Units of which the ledger itself says what their village doctors are due for the year (the records)."""
    return frozenset(_booked(principal, connection, year, (DUE_ACCOUNT,)))


def services(principal: Principal, connection: Connection, year: int) -> dict[tuple[int, str], int]:
    """(unit, card) -> what the card's numerator counted in the year, of every card with work points."""
    figure = published.figure
    cards = sorted({card for _, card in terms_of(year).work_points})
    month = (
        select(func.max(figure.c.month))
        .where(figure.c.month.between(year * 12, year * 12 + 11))
        .scalar_subquery()
    )
    rows = connection.execute(
        select(figure.c.unit, figure.c.indicator, figure.c.numerator).where(
            figure.c.indicator.in_(cards),
            figure.c.basis == "ytd",
            figure.c.stratum == "",
            figure.c.month == month,
            figure.c.numerator.is_not(None),
            principal.figures.holds(figure.c.unit),
        )
    )
    return {(int(row.unit), row.indicator): int(row.numerator) for row in rows}


def settled(
    model: str,
    terms: Terms,
    people: Mapping[int, int],
    scores: Mapping[int, Fraction],
    already: Mapping[int, int],
    done: Mapping[tuple[int, str], int],
    quality: Mapping[tuple[int, str], Fraction],
) -> list[Line]:
    """The money of a year by one of the two models. Raises NotScoredError where the model needs a score."""
    due = entitlements(terms, people)
    if model == COEFFICIENT:
        return by_coefficient(terms, due, scores, already)
    return by_work_points(terms, due, done, quality, already)


# -- in the register ---------------------------------------------------------------------------------


def open_draft(
    principal: Principal, connection: Connection, year: int, model: str, round_: int | None, note: str = ""
) -> int:
    """A new draft; gives its number. ``note``: on what it rests, in words."""
    principal.require("decide")
    if model not in MODELS:
        raise SettlementError("model")
    if model == COEFFICIENT and round_ is None:
        raise SettlementError("no_round")
    values = {"year": year, "model": model, "round": round_, "state": _DRAFT, "terms": "{}"}
    values |= {"note": note.strip() or None}
    return add(connection, settlement, values, principal.name)


def publish(
    principal: Principal,
    connection: Connection,
    number: int,
    version: int,
    lines: list[Line],
    terms: Terms,
    event: int,
    doctors: Iterable[DoctorLine] = (),
    in_ledger: frozenset[int] = frozenset(),
) -> None:
    """Freeze a draft with the lines as they were looked at, those of village doctors among them.

    ``in_ledger``: units of which the ledger says itself what their doctors are due; it is not said twice.

    Raises SettlementError where it is no draft, another one of the year is published or its appraisal was taken back,
    EditedMeanwhileError when somebody changed it meanwhile.
    """
    principal.require("decide")
    if not (principal.figures.everything and principal.own.everything):
        raise NotAllowedError("only who sees every unit can publish")
    row = _row(connection, number)
    if row["state"] != _DRAFT:
        raise SettlementError("not_draft")
    others = select(func.count()).where(settlement.c.year == row["year"], settlement.c.state == _PUBLISHED)
    if connection.execute(others).scalar_one():
        raise SettlementError("year_published")
    if row["round"] is not None and round_of(connection, row["round"])["state"] != ROUND_PUBLISHED:
        raise SettlementError("round")
    if not lines:
        raise SettlementError("empty")
    values = {
        "state": _PUBLISHED,
        "terms": as_json(terms),
        "event": event,
        "published_at": datetime.now().replace(microsecond=0),
        "published_by": principal.name,
    }
    key = {"settlement": number}
    change(connection, settlement, key, version, values, principal.name, action="publish")
    for table in (settlement_line, settlement_doctor):
        connection.execute(delete(table).where(table.c.settlement == number))
    connection.execute(
        insert(settlement_line),
        [
            {
                "settlement": number,
                "unit": line.unit,
                "programme": line.programme,
                "population": line.population,
                "entitlement": line.entitlement,
                "in_advance": line.in_advance,
                "paid": line.paid,
                "earned": line.earned,
                "coefficient": None if line.coefficient is None else float(line.coefficient),
            }
            for line in lines
        ],
    )

    if rows := [_doctor_row(number, line, in_ledger) for line in doctors]:
        connection.execute(insert(settlement_doctor), rows)


def _doctor_row(number: int, line: DoctorLine, in_ledger: frozenset[int]) -> dict:
    return {
        "settlement": number,
        "unit": line.unit,
        "staff_no": line.staff_no,
        "centre": line.centre,
        "people": None if line.people is None else float(line.people),
        "entitlement": line.entitlement,
        "earned": line.earned,
        "score": None if line.score is None else float(line.score),
        "coefficient": None if line.coefficient is None else float(line.coefficient),
        "reason": line.reason,
        "in_ledger": line.unit in in_ledger,
    }


def withdraw(principal: Principal, connection: Connection, number: int, version: int, reason: str) -> None:
    """Take a settlement back; its lines stay readable."""
    principal.require("decide")
    if _row(connection, number)["state"] == _WITHDRAWN:
        raise SettlementError("withdrawn")
    if not reason.strip():
        raise SettlementError("reason")
    values = {"state": _WITHDRAWN, "note": reason.strip()}
    key = {"settlement": number}
    change(connection, settlement, key, version, values, principal.name, action="withdraw")


def settlements(principal: Principal, connection: Connection) -> pd.DataFrame:
    """Every settlement, newest first, without its money: that there is one is no secret from anybody."""
    return read_frame(connection, select(settlement).order_by(settlement.c.settlement.desc()))


def lines_of(principal: Principal, connection: Connection, number: int) -> list[Line]:
    """The frozen lines of a published settlement, of the units in scope."""
    table = settlement_line
    rows = connection.execute(
        select(table)
        .where(table.c.settlement == number, principal.figures.holds(table.c.unit))
        .order_by(table.c.unit, table.c.programme)
    ).mappings()
    return [
        Line(
            unit=row["unit"],
            programme=row["programme"],
            population=row["population"],
            entitlement=row["entitlement"],
            in_advance=row["in_advance"],
            paid=row["paid"],
            earned=row["earned"],
            coefficient=None if row["coefficient"] is None else Fraction(str(row["coefficient"])),
        )
        for row in rows
    ]


def doctors_of(principal: Principal, connection: Connection, number: int) -> list[DoctorLine]:
    """The frozen lines of village doctors of a settlement, of units whose people the principal may see."""
    table = settlement_doctor
    rows = connection.execute(
        select(table)
        .where(table.c.settlement == number, principal.own.holds(table.c.unit))
        .order_by(table.c.centre, table.c.unit, table.c.staff_no)
    ).mappings()
    return [
        DoctorLine(
            row["centre"],
            row["unit"],
            row["staff_no"],
            _fraction(row["people"]),
            row["entitlement"],
            row["earned"],
            _fraction(row["score"]),
            _fraction(row["coefficient"]),
            row["reason"],
        )
        for row in rows
    ]


def _fraction(number: float | None) -> Fraction | None:
    return None if number is None else Fraction(str(number))


def frame(lines: list[Line]) -> pd.DataFrame:
    """Lines as a frame: unit, programme, population, and fen: entitlement, in_advance, paid, earned, settled,
    clawed_back, withheld; coefficient as a number."""
    money = ("entitlement", "in_advance", "paid", "earned", "settled", "clawed_back", "withheld")
    return pd.DataFrame(
        [
            {
                "unit": line.unit,
                "programme": line.programme,
                "population": line.population,
                **{name: getattr(line, name) for name in money},
                "coefficient": None if line.coefficient is None else float(line.coefficient),
            }
            for line in lines
        ],
        columns=["unit", "programme", "population", *money, "coefficient"],
    )


def as_json(terms: Terms) -> str:
    """The terms as they were applied, readable in ten years."""
    return json.dumps(
        {
            "year": terms.year,
            "per_head_fen": terms.per_head,
            "prepaid": str(terms.prepaid),
            "held_back": str(terms.held_back),
            "bands": [
                [str(b.score_from), None if b.coefficient is None else str(b.coefficient)]
                for b in terms.bands
            ],
            "programmes": {key: str(share) for key, share in terms.programmes.items()},
            "work_points": {"/".join(key): str(points) for key, points in terms.work_points.items()},
            "quality": str(terms.quality),
            "village_doctors": str(terms.village_doctors),
        },
        ensure_ascii=False,
    )


def _row(connection: Connection, number: int):
    row = connection.execute(select(settlement).where(settlement.c.settlement == number)).mappings().first()
    if row is None:
        raise LookupError(f"no settlement {number}")
    return row
