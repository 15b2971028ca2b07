"""What became of the geometry folder: every file's account, and what is doubtful in files and about where units stand.

A report about files, like the book of imports, for whoever keeps them; figures come from the build.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, or_, select

from data import records
from data.geometry.checks import checked
from data.geometry.findings import REJECT, Account, Finding
from data.geometry.folder import read_geometry
from data.geometry.limits import LimitsError, read_limits, shipped
from metrics.principal import Principal

_UNIT = ("code", "name", "lon", "lat", "place_code", "coord_sys")

Stamp = tuple[tuple[str, int, int], ...]  # of each file: name, bytes, when it was changed


@dataclass(frozen=True)
class Standing:
    """Where units are said to stand: ``units`` as ``data.geometry.checks.checked`` takes them, and ``parents``."""

    units: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(_UNIT)))
    parents: Mapping[str, str] = field(default_factory=dict)  # code of a place -> of the place above it


@dataclass(frozen=True)
class GroundReport:
    """``files``: what was found in the folder; ``units``: about the coordinates of ``units_known`` units."""

    accounts: tuple[Account, ...]
    files: list[Finding]
    units: list[Finding]
    units_known: int

    @property
    def refused(self) -> bool:
        """Whether a file, or any feature of one, is not used."""
        return any(finding.severity == REJECT for finding in self.files)


def standing(principal: Principal, connection: Connection, day: date | None = None) -> Standing:
    """The units that are open on a day (today), the bureau apart. Raises NotAllowedError."""
    principal.require("import")
    unit, place = records.unit.c, records.place.c
    rows = connection.execute(
        select(*(unit[name] for name in _UNIT))
        .where(
            unit.known_to.is_(None),
            unit.kind != "bureau",
            or_(unit.closed_on.is_(None), unit.closed_on > (day or date.today())),
        )
        .order_by(unit.code)
    ).all()
    parents = connection.execute(
        select(place.code, place.parent_code).where(place.known_to.is_(None), place.parent_code.is_not(None))
    )
    frame = pd.DataFrame(rows, columns=list(_UNIT)).astype({"lon": float, "lat": float})
    return Standing(frame, dict(map(tuple, parents)))


def stamp(folder: Path) -> Stamp:
    """By what one sees that files of a folder changed, without reading them; empty where there is no folder."""
    try:
        files = [(path.name, path.stat()) for path in sorted(folder.iterdir()) if path.is_file()]
    except OSError:
        return ()
    return tuple((name, about.st_size, about.st_mtime_ns) for name, about in files)


def ground_report(folder: Path, standing: Standing) -> GroundReport:
    """The folder, read whole (seconds where files are large), and the units against it."""
    geometry = read_geometry(folder)
    try:
        limits = read_limits(folder)
    except LimitsError:  # a finding of the folder already
        limits = shipped()
    units = checked(standing.units, geometry, limits, parents=standing.parents)
    return GroundReport(geometry.accounts, geometry.report, units, len(standing.units))
