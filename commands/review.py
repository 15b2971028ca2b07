"""``review``, ``map``, ``merge`` and ``split``: what the intake leaves to people, and their answers."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from sqlalchemy import select

from commands.installation import build_figures
from commands.logged import open_log, operator, user
from data.installation import Installation, open_installation
from data.intake.deciding import merge_subjects, split_subject
from data.intake.mapping import MappingError, map_unit
from data.intake.waiting import OpenQuestion, open_questions, unmapped_codes
from data.records import RECORDS
from data.small_database import SmallDatabase
from data.store import Store, open_store
from metrics.logbook import note

_NOTHING = "没有待处理的事项。Nothing waits."
_REASONS = {
    "same_number": "同一证件号对应不同的人 · one ID number, different people",
    "reference_ambiguous": "所写号码对应不止一人 · a number that several people hold",
    "reference_name": "所写号码与姓名不符 · a number beside another name",
}


def review(arguments: argparse.Namespace) -> int:
    """Print what waits, and how to answer."""
    installation = open_installation()
    store = open_store(installation)
    try:
        empty = store.generation() == 0
        codes, questions = ([], []) if empty else (unmapped_codes(store), open_questions(store))
    finally:
        store.close()
    if questions:
        persons = sum(len(question.persons) for question in questions)
        with open_log(installation) as log:
            note(log, operator(), "persons", {"list": "review", "n": persons})
    if not codes and not questions:
        print(_NOTHING)
        return 0
    if codes:
        print("未对应的机构代码 · unit codes that mean no unit:  manage.py map SYSTEM CODE UNIT\n")
        for each in codes:
            print(f"  {each.system}  {each.code}  {each.rows} 行 · rows")
    if questions:
        print("\n待认定的人员 · persons to decide about:  manage.py merge A B,  manage.py split A\n")
        print("\n".join(_told(question) for question in questions))
    return 0


def map_code(arguments: argparse.Namespace) -> int:
    """Say which unit a source's code means."""

    def change(store: Store, installation: Installation, log: SmallDatabase) -> None:
        about = {
            "did": "map",
            "system": arguments.system,
            "code": arguments.code,
            "unit_code": arguments.unit,
        }
        unit = None if arguments.unit == "-" else _unit(store, arguments.unit)
        map_unit(
            store,
            installation,
            arguments.system,
            arguments.code,
            unit,
            by=user(),
            valid_from=arguments.since,
            noted=lambda: note(log, operator(), "import", about),
        )

    return _changed(change)


def merge(arguments: argparse.Namespace) -> int:
    """Two numbers of the review are one person."""
    return _changed(
        lambda store, installation, log: merge_subjects(
            store,
            installation,
            arguments.number,
            arguments.other,
            by=user(),
            noted=lambda: note(log, operator(), "import", {"did": "merge"}),
        )
    )


def split(arguments: argparse.Namespace) -> int:
    """A number of the review is nobody else."""
    return _changed(
        lambda store, installation, log: split_subject(
            store,
            installation,
            arguments.number,
            by=user(),
            noted=lambda: note(log, operator(), "import", {"did": "split"}),
        )
    )


def _changed(change: Callable[[Store, Installation, SmallDatabase], object]) -> int:
    """Make a change, then let the figures follow."""
    installation = open_installation()
    store = open_store(installation)
    try:
        if store.generation() == 0:
            print(_NOTHING)
            return 1
        with open_log(installation) as log:
            change(store, installation, log)
        build_figures(store, installation)
    finally:
        store.close()
    return 0


def _unit(store: Store, code: str) -> int:
    """The number of a unit by its organisation code."""
    table = RECORDS["unit"]
    with store.records() as connection:
        found = connection.execute(
            select(table.c.unit).where(table.c.code == code, table.c.known_to.is_(None))
        ).scalar()
    if found is None:
        raise MappingError(
            f"机构登记表中没有编码 {code}。The register of organisations has no code {code}: import it first."
        )
    return found


def _told(question: OpenQuestion) -> str:
    persons = "; ".join(f"{number} {name or '—'}" for number, name in sorted(question.persons.items()))
    return f"  {_REASONS[question.reason]}: {persons}"
