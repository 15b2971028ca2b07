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
from data.register.tables import history
from data.store import Store
from metrics.figures import built, units
from metrics.principal import LOCAL

WORDS = Path(__file__).resolve().parent.parent / "data" / "demo" / "register.toml"
Progress = Callable[[str, float], None]


def fill(store: Store, installation: Installation, progress: Progress = lambda what, share: None) -> bool:
    """Write the demo's register where nobody wrote in it yet; whether anything was written. Needs published figures.

    All of it stands or nothing: what was interrupted is begun anew. Files of evidence follow one by one.
    """
    if not is_due(store, installation):
        return False
    register = open_register(installation)
    try:
        with register.reading() as connection:
            empty = not _is_begun(connection)
        if empty:
            with store.published() as published, store.records() as known:
                scene = scene_of(published, installation)
                if scene is None:
                    return False
                with register.writing() as connection:
                    progress("督导 · supervision", 0.0)
                    demo_supervision.write(scene, connection)
                    demo_appraisal.write(scene, connection, published, known, progress)
                    progress("经费 · funds", 0.95)
                    demo_funds.write(scene, connection, published, known)
        kept = demo_evidence.keep(register, installation)
    finally:
        register.close()
    return empty or kept


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


def is_written(installation: Installation) -> bool:
    """Whether all of it was written."""
    register = open_register(installation)
    try:
        with register.reading() as connection:
            return _is_begun(connection) and not demo_evidence.lacking(connection)
    finally:
        register.close()


def _is_begun(connection: Connection) -> bool:
    return connection.execute(select(history.c.entry).limit(1)).first() is not None


def is_carried(store: Store) -> bool:
    """Whether the records have ever heard of the register."""
    file = records.source_file.c
    with store.records() as connection:
        told = connection.execute(select(file.file).where(file.layout.startswith("register.")).limit(1))
        return told.first() is not None


def scene_of(published: Connection, installation: Installation) -> Scene | None:
    """Who is where, until when, and with which chances; None before figures of that time are published."""
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
        draw=random.Random(f"{seed} register"),
        words=tomllib.loads(WORDS.read_text("utf-8")),
    )
