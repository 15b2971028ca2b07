"""What the demo district's officials wrote in the product: visits, findings, appraisals, settlements, a plan.

The district works with the product since January 2026 (``data.demo.written``); what was before came in files.
Everything is drawn from the demo's seed, so that the same district writes the same register.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, select

from commands import demo_appraisal, demo_evidence, demo_funds, demo_supervision
from commands.demo_scene import Scene
from data import records
from data.demo.days import parse_month
from data.demo.geography import make_units
from data.demo.written import SINCE
from data.installation import Installation
from data.register import open_register
from data.register.tables import appraisal_round, history
from data.store import Store
from metrics.figures import built, units
from metrics.principal import LOCAL

WORDS = Path(__file__).resolve().parent.parent / "data" / "demo" / "register.toml"
Progress = Callable[[str, float], None]


def supervise(store: Store, installation: Installation) -> bool:
    """Write visits and findings where nobody wrote in the register yet; whether anything was written.

    All of it stands or nothing. Needs published figures.
    """

    def write(scene: Scene, connection: Connection, *_: Connection) -> None:
        demo_supervision.write(scene, connection)

    return _write(store, installation, is_supervised, "supervision", write)


def appraise(store: Store, installation: Installation, progress: Progress = lambda what, share: None) -> bool:
    """Write appraisals, appeals and settlements where there are none yet; whether anything was written.

    Scores read figures, so what supervision came to has to be in them. All of it stands or nothing; files of evidence
    follow one by one.
    """

    def write(scene: Scene, connection: Connection, published: Connection, known: Connection) -> None:
        demo_appraisal.write(scene, connection, published, known, progress)
        progress("经费 · funds", 0.95)
        demo_funds.write(scene, connection, published, known)

    wrote = _write(store, installation, _is_scored, "appraisal", write)
    register = open_register(installation)
    try:
        return demo_evidence.keep(register, installation) or wrote
    finally:
        register.close()


def _write(
    store: Store,
    installation: Installation,
    is_there: Callable[[Installation], bool],
    part: str,
    write: Callable[[Scene, Connection, Connection, Connection], None],
) -> bool:
    if not is_due(store, installation) or is_there(installation):
        return False
    register = open_register(installation)
    try:
        with store.published() as published, store.records() as known:
            scene = scene_of(published, installation, part)
            if scene is None:
                return False
            with register.writing() as connection:
                write(scene, connection, published, known)
    finally:
        register.close()
    return True


def is_due(store: Store, installation: Installation) -> bool:
    """Whether the installation is a demo of a time in which its officials work with the product.

    One whose files tell of that time themselves was made by an earlier version: it keeps what it has.
    """
    if not installation.is_demo or parse_month(str(installation.arguments["until"])) < SINCE:
        return False
    visit, file = records.inspection.c, records.source_file.c
    with store.records() as connection:
        told = connection.execute(
            select(visit.row_id)
            .join(records.source_file, file.file == visit.file)
            .where(visit.known_to.is_(None), visit.month >= SINCE, file.layout.not_like("register.%"))
            .limit(1)
        )
        return told.first() is None


def is_supervised(installation: Installation) -> bool:
    """Whether anybody wrote in the register."""
    return _asked(installation, lambda c: c.execute(select(history.c.entry).limit(1)).first() is not None)


def is_appraised(installation: Installation) -> bool:
    """Whether appraisals, settlements and their evidence were written."""
    return _is_scored(installation) and _asked(installation, lambda c: not demo_evidence.lacking(c))


def _is_scored(installation: Installation) -> bool:
    return _asked(
        installation, lambda c: c.execute(select(appraisal_round.c.round).limit(1)).first() is not None
    )


def _asked(installation: Installation, ask: Callable[[Connection], bool]) -> bool:
    register = open_register(installation)
    try:
        with register.reading() as connection:
            return ask(connection)
    finally:
        register.close()


def is_carried(store: Store, table: str) -> bool:
    """Whether the records have ever heard what the register says of a record table."""
    file = records.source_file.c
    with store.records() as connection:
        told = connection.execute(select(file.file).where(file.layout == f"register.{table}").limit(1))
        return told.first() is not None


def scene_of(published: Connection, installation: Installation, part: str) -> Scene | None:
    """Who is where, until when, and with which chances; None before figures of that time are published.

    Each ``part`` draws from chances of its own.
    """
    last = built(published)
    if last is None or last.last_month < SINCE:
        return None
    seed = int(installation.arguments["seed"])
    made = make_units(seed)
    tree = units(LOCAL, published)
    town, quality = (dict(zip(made.code, of, strict=True)) for of in (made.town, made.quality))
    tree = tree.assign(
        town=[int(town.get(code, -1)) for code in tree["code"]],
        quality=[float(quality.get(code, 0.0)) for code in tree["code"]],
    )
    return Scene(
        tree=tree.sort_values("code", ignore_index=True),
        last_month=last.last_month,
        event=last.event,
        draw=random.Random(f"{seed} register {part}"),
        words=tomllib.loads(WORDS.read_text("utf-8")),
    )
