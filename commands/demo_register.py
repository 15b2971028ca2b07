"""What the demo district's officials wrote in the product: visits, findings, appraisals, a settlement.

The district works with the product since January 2026; what was before came in files. Everything is drawn from the
demo's seed, so that the same district writes the same register.
"""

from __future__ import annotations

import random
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, func, select

from data.installation import Installation
from data.register import Register, open_register
from data.register.tables import appraisal_round, visit
from data.store import Store
from metrics.appraisal import rounds
from metrics.appraisal.material import standing
from metrics.appraisal.scoring import NO_FIGURE, Entry
from metrics.appraisal.sheet import KINDS, Method, sheets_in_force
from metrics.figures import built, units
from metrics.principal import LOCAL
from metrics.supervision import findings, visits

SINCE = 2026 * 12  # the first month of which the register knows
_WORDS = Path(__file__).resolve().parent.parent / "data" / "demo" / "register.toml"
_QUARTER = 3
_MENDED_AFTER = (1, 2, 2, 3, 3, 3, 4, 9)  # days until measure and effect stand written


def fill(store: Store, installation: Installation) -> bool:
    """Write the demo's register once; whether anything was written. Needs published figures."""
    register = open_register(installation)
    try:
        with register.reading() as connection:
            if connection.execute(select(func.count()).select_from(visit)).scalar():
                return False
        with store.published() as published, store.records() as records:
            last = built(published)
            if last is None or last.last_month < SINCE:
                return False
            tree = units(LOCAL, published)
            draw = random.Random(f"{installation.arguments.get('seed')} register")
            words = tomllib.loads(_WORDS.read_text("utf-8"))
            today = last.data_until or date.today()
            with register.writing() as connection:
                _supervise(connection, tree, last.last_month, today, draw, words)
            _appraise(register, published, records, last.last_month, draw, words)
    finally:
        register.close()
    return True


# -- supervision -----------------------------------------------------------------------------------


def _supervise(
    connection: Connection, tree: pd.DataFrame, last: int, today: date, draw: random.Random, words: dict
) -> None:
    """A visit a unit and month, most of them made, and what they found; the poorest units have the most findings."""
    small = [int(unit) for unit in tree.loc[tree["kind"].isin(["station", "clinic"]), "unit"]]
    poor = set(draw.sample(small, max(1, len(small) // 6)))
    for month in range(SINCE, last + 1):
        numbers = visits.plan_month(LOCAL, connection, month, visits.owed(tree, month), team=words["team"])
        for number in numbers:
            _visit(connection, number, today, draw, words, poor)


def _visit(
    connection: Connection, number: int, today: date, draw: random.Random, words: dict, poor: set[int]
) -> None:
    row = visits.one(LOCAL, connection, number)
    on, unit = row["planned_on"], int(row["unit"])
    if on > today or draw.random() < (0.12 if unit in poor else 0.01):
        return
    account = words["account"] if draw.random() < 0.95 else ""
    visits.done(
        LOCAL,
        connection,
        number,
        row["version"],
        on=on,
        account=account,
        announced=draw.random() < 0.5,
        today=today,
    )
    if draw.random() < (0.3 if unit in poor else 0.05):
        _finding(connection, unit, number, on, today, draw, draw.choice(words["finding"]), unit in poor)


def _finding(
    connection: Connection,
    unit: int,
    visit_number: int,
    on: date,
    today: date,
    draw: random.Random,
    words: dict,
    poor: bool,
) -> None:
    number = findings.issue(
        LOCAL,
        connection,
        unit,
        words["kind"],
        words["severity"],
        words["what"],
        issued_on=on,
        demand=words["demand"],
        visit_number=visit_number,
        today=today,
    )
    written = on + timedelta(draw.choice(_MENDED_AFTER) + (draw.randint(0, 6) if poor else 0))
    if written > today or draw.random() < 0.05:
        return
    version = findings.record(
        LOCAL, connection, number, 1, words["measure"], words["effect"], on=written, today=today
    )
    again = written + timedelta(draw.randint(1, 12))
    if again > today:
        return
    mended = draw.random() < (0.8 if poor else 0.95)
    version = findings.recheck(
        LOCAL,
        connection,
        number,
        version,
        mended=mended,
        on=again,
        mended_on=written if mended else None,
        today=today,
    )
    if not mended and draw.random() < 0.5:
        findings.escalate(LOCAL, connection, number, version, "warning_letter", on=again, today=today)


# -- appraisal -------------------------------------------------------------------------------------


def _appraise(
    register: Register,
    published: Connection,
    records: Connection,
    last: int,
    draw: random.Random,
    words: dict,
) -> None:
    """Every quarter since 2026 by every shipped sheet; the newest is still a draft."""
    ends = [month for month in range(SINCE, last + 1) if month % _QUARTER == _QUARTER - 1]
    for month in ends:
        for sheet in dict.fromkeys(sheet for kind in KINDS for sheet in sheets_in_force(kind, month)):
            with register.writing() as connection:
                number = rounds.open_round(LOCAL, connection, sheet, month, "quarter")
                _score(connection, published, records, number, draw, words)
                if month != ends[-1]:
                    version = connection.execute(
                        select(appraisal_round.c.version).where(appraisal_round.c.round == number)
                    ).scalar_one()
                    rounds.publish(LOCAL, connection, published, records, number, version)


def _score(
    connection: Connection,
    published: Connection,
    records: Connection,
    number: int,
    draw: random.Random,
    words: dict,
) -> None:
    """By hand: every item that nobody scored yet and every figure that was not delivered."""
    material = rounds.material(LOCAL, connection, published, records, number)
    skill: dict[int, float] = {}
    for (unit, staff_no), score in standing(material).scores.items():
        skill.setdefault(unit, draw.gauss(0.9, 0.08))
        for key in score.open_items:
            item, line = material.sheet.item(key), score.line(key)
            share = min(1.0, max(0.3, draw.gauss(skill[unit], 0.06)))
            entry = _entry(item, share, line.state == NO_FIGURE, words)
            rounds.save_entry(LOCAL, connection, number, unit, staff_no, key, entry)


def _entry(item, share: float, undelivered: bool, words: dict) -> Entry:
    note = words["reason"] if undelivered else words["note"]
    if item.method is Method.VETO:
        return Entry(applies=False, note=note)
    if item.method is Method.YES_NO:
        return Entry(points=item.weight if share > 0.75 else 0, note=note)
    return Entry(
        points=round(item.weight * share / 50) * 50 if item.weight >= 100 else item.weight, note=note
    )
