"""The csv files of the ground, whole columns at a time: a population raster, speeds."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from data.geometry.datums import each_to_wgs84, ordered
from data.geometry.findings import FLAG, REJECT, Account, Finding, RefusedError
from data.geometry.geojson import require_size, shown
from data.geometry.layout import Column, LayerSpec
from data.geometry.properties import labels_of, value_of
from data.intake.cells import is_missing, normal
from data.intake.coordinates import parse_degrees
from data.intake.findings import UnreadableError
from data.intake.reading import Sheet, open_source

_CHUNK = 100_000
_NO_DATA = -9999  # what programs write into a raster where they know nothing, or less: -9999, -99999, -3.4e38

_FASTEST = 200  # km/h: beyond, someone mistook the unit

# (rows, rule, field, severity) of what contradicts itself
Remarks = Iterator[tuple[np.ndarray, str, str, str]]


@dataclass(frozen=True)
class TableRead:
    """``frame``: the rows that are used, with ``line`` and whether they are ``remarked`` upon; ``rows`` were read."""

    frame: pd.DataFrame
    findings: list[Finding]
    rows: int


def account_of(file: str, table: str, rows: int, frame: pd.DataFrame) -> Account:
    """The account of a table of which ``frame`` is used."""
    remarked = int(frame["remarked"].sum())
    return Account(file, table, rows, len(frame) - remarked, remarked, rows - len(frame))


def read_table(path: Path, spec: LayerSpec, limits: Mapping[str, float]) -> TableRead:
    """A csv file by its layout. Raises RefusedError for the whole file."""
    require_size(path, limits)
    try:
        sheet = open_source(path).sheets[0]
        return _Table(path.name, spec, limits).read(sheet)
    except UnreadableError as error:
        raise RefusedError(error.rule) from error
    except (csv.Error, OSError, UnicodeError) as error:
        raise RefusedError("file_damaged", shown(str(error))) from error


def empty_table(spec: LayerSpec) -> pd.DataFrame:
    """No rows, with the columns of the table."""
    return pd.DataFrame({column.to: pd.Series(dtype=_dtype(column)) for column in spec.columns}).assign(
        line=pd.Series(dtype="int64"), remarked=pd.Series(dtype=bool)
    )


class _Table:
    """One file in the reading: the findings so far, and how often each kind was met."""

    def __init__(self, file: str, spec: LayerSpec, limits: Mapping[str, float]) -> None:
        self.file, self.spec, self.limits = file, spec, limits
        self.findings: list[Finding] = []
        self.counts: dict[tuple, int] = {}
        self.rows = 0

    def read(self, sheet: Sheet) -> TableRead:
        rows = iter(sheet.rows)
        header = next(rows, None)
        if header is None:
            raise RefusedError("file_empty")
        labels = labels_of(dict.fromkeys(header[1]), self.spec)
        for column in self.spec.columns:
            if column.required and column.to not in labels:
                raise RefusedError("geometry_column_missing", shown(", ".join(header[1])), column.labels[0])
        place = {to: header[1].index(label) for to, label in labels.items()}
        parts, read = [empty_table(self.spec)], 0
        while chunk := list(islice(rows, _CHUNK)):
            read += len(chunk)
            if read > self.limits["rows"]:
                raise RefusedError("geometry_too_many", f"> {self.limits['rows']:.0f}")
            parts.append(self._chunk(chunk, place, labels))
        frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
        frame = self._without_twins(frame)
        for (rule, field, severity), count in self.counts.items():
            if count > self.limits["listed"]:
                rest = int(count - self.limits["listed"])
                self.findings.append(Finding(self.file, rule, severity, field=field, count=rest))
        return TableRead(frame, self.findings, self.rows)

    def _chunk(self, chunk: list, place: dict[str, int], labels: dict[str, str]) -> pd.DataFrame:
        chunk = [(line, cells) for line, cells in chunk if any(cell.strip() for cell in cells)]
        line = np.array([number for number, _ in chunk], np.int64)
        texts = {
            to: np.array([cells[at] if at < len(cells) else "" for _, cells in chunk], object)
            for to, at in place.items()
        }
        values, bad, doubtful = {}, np.zeros(len(line), bool), np.zeros(len(line), bool)
        for column in self.spec.columns:
            if column.to not in texts:
                values[column.to] = pd.Series(index=range(len(line)), dtype=_dtype(column))
                continue
            read, wrong = _column(texts[column.to], column)
            values[column.to] = read
            for row, rule in wrong.items():
                severity = REJECT if column.required or column.strict else FLAG
                self._note(line[row], rule, labels[column.to], severity, texts[column.to][row])
                (bad if severity == REJECT else doubtful)[row] = True
            if column.required:
                blank = read.isna().to_numpy() & ~bad
                for row in np.flatnonzero(blank):
                    self._note(line[row], "required_missing", labels[column.to], REJECT, None)
                bad |= blank
        frame = pd.DataFrame(values)
        for rows, rule, field, severity in _CHECKS[self.spec.name](frame):
            for row in rows[~bad[rows]]:
                self._note(line[row], rule, labels.get(field, field), severity, texts[field][row])
            (bad if severity == REJECT else doubtful)[rows] = True
        self.rows += len(line)
        return frame.assign(line=line, remarked=doubtful)[~bad]

    def _without_twins(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Of rows about the same thing the first is used."""
        key = {"population_raster": ["lon", "lat"], "speeds": ["road_class", "mode"]}[self.spec.name]
        named = frame[key].round(7) if "lon" in key else frame[key]
        twins = named.duplicated().to_numpy()
        for line, value in zip(frame["line"][twins], frame[key[0]][twins].astype(str), strict=True):
            self._note(line, "geometry_row_twice", self.spec.column(key[0]).labels[0], REJECT, value)
        return frame[~twins].reset_index(drop=True)

    def _note(self, line: int, rule: str, field: str, severity: str, value: object) -> None:
        kind = (rule, field, severity)
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if self.counts[kind] <= self.limits["listed"]:
            text = None if value is None else shown(value)
            self.findings.append(Finding(self.file, rule, severity, int(line), field, text))


def _column(texts: np.ndarray, column: Column) -> tuple[pd.Series, dict[int, str]]:
    """Values of a column, and the rule that each unreadable cell breaks, by row."""
    wrong: dict[int, str] = {}
    if column.type not in ("number", "degrees"):
        known: dict[str, object] = {}
        values = np.full(len(texts), None, object)
        for row, text in enumerate(texts):
            try:
                values[row] = known[text] if text in known else known.setdefault(text, value_of(text, column))
            except RefusedError as error:
                wrong[row] = error.rule
        return pd.Series(values, dtype="str"), wrong
    read = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").to_numpy(np.float64, copy=True)
    for row in np.flatnonzero(~np.isfinite(read)):
        read[row] = np.nan
        try:
            value = parse_degrees(texts[row]) if column.type == "degrees" else value_of(texts[row], column)
        except RefusedError as error:
            wrong[int(row)] = error.rule
        except UnreadableError as error:
            wrong[int(row)] = error.rule
        else:
            read[row] = np.nan if value is None or not np.isfinite(value) else value
            if value is None and not is_missing(normal(texts[row])):
                wrong[int(row)] = "number_unreadable"
    return pd.Series(read), wrong


def _raster(frame: pd.DataFrame) -> Remarks:
    """Positions become WGS-84 in place."""
    lon, lat, swapped, outside = ordered(frame["lon"].to_numpy(), frame["lat"].to_numpy())
    yield np.flatnonzero(swapped), "coordinates_swapped", "lon", FLAG
    yield np.flatnonzero(outside), "coordinates_outside", "lon", REJECT
    systems = frame["coord_sys"].astype(object).where(frame["coord_sys"].notna(), "WGS84").to_numpy()
    frame["lon"], frame["lat"] = each_to_wgs84(lon, lat, systems)
    yield np.flatnonzero(np.isin(systems, ["GCJ02", "BD09"])), "geometry_converted", "coord_sys", FLAG
    people = frame["people"].to_numpy()
    yield np.flatnonzero(people <= _NO_DATA), "raster_no_data", "people", REJECT
    yield np.flatnonzero((people < 0) & (people > _NO_DATA)), "number_negative", "people", REJECT
    for part in ("people_0_6", "people_65", "floating"):
        below = frame[part].to_numpy() < 0
        frame.loc[below, part] = np.nan
        yield np.flatnonzero(below), "number_negative", part, FLAG
        # What is rounded apart may exceed the whole by a little.
        yield np.flatnonzero(frame[part].to_numpy() > people + 0.5), "part_exceeds_whole", part, FLAG


def _speeds(frame: pd.DataFrame) -> Remarks:
    kmh = frame["kmh"].to_numpy()  # 0: not used by this mode
    yield np.flatnonzero((kmh < 0) | (kmh > _FASTEST)), "implausible_speed", "kmh", REJECT


_CHECKS: dict[str, Callable[[pd.DataFrame], Remarks]] = {"population_raster": _raster, "speeds": _speeds}


def _dtype(column: Column) -> str:
    return "float64" if column.type in ("number", "degrees") else "str"
