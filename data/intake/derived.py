"""Values that follow from others in the row: months, completeness, WGS-84 coordinates, levels of places, ID numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.geometry.datums import each_to_wgs84, ordered
from data.intake.cells import is_missing, normal
from data.intake.id_numbers import is_record_code
from data.intake.layouts import Layout
from data.intake.recognising import Header
from data.intake.sheets import Chunk
from data.records import RECORDS
from data.records.levels import EITHER, VILLAGE, division_by_code

Values = dict[str, pa.Array]
Flags = Iterator[tuple[str, np.ndarray, str]]


def derive(layout: Layout, values: Values, chunk: Chunk, header: Header) -> Flags:
    """Add what follows to `values`; yields (target, rows, rule) of what contradicts itself."""
    table = RECORDS[layout.table]
    if layout.table == "person":
        yield from _from_id_number(values)
    for source, month in (("day", "month"), ("due_on", "month"), ("born_on", "born_month")):
        if source in values and month in table.c:
            # Documents may name the period that they are about; without one it is the month of the day.
            stated = values.get(month, pa.nulls(len(chunk.lines), pa.int64()))
            values[month] = pc.coalesce(pc.cast(stated, pa.int64()), _month(values[source]))
    if "code_valid" in table.c and "code" in values:
        encoded = values["code"].dictionary_encode()
        good = pa.array([is_record_code(code) for code in encoded.dictionary.to_pylist()], pa.bool_())
        values["code_valid"] = good.take(encoded.indices)
    if "complete" in table.c and header.items:
        stated = values.get("complete", pa.nulls(len(chunk.lines), pa.bool_()))
        values["complete"] = pc.coalesce(stated, _complete(chunk, header))
    if "lon" in values and "lat" in values:
        yield from _locate(layout, values)
    if layout.table == "place" and "level" in values:
        yield from _tell_divisions(values)


def _month(days: pa.Array) -> pa.Array:
    """year * 12 + month - 1"""
    year, month = pc.cast(pc.year(days), pa.int64()), pc.cast(pc.month(days), pa.int64())
    return pc.subtract(pc.add(pc.multiply(year, 12), month), 1)


def _complete(chunk: Chunk, header: Header) -> pa.Array:
    """True where every item that the file has a column for is filled in."""
    whole = np.ones(len(chunk.lines), dtype=bool)
    for place in header.items:
        encoded = chunk.columns[place].dictionary_encode()
        filled = np.array(
            [not is_missing(normal(text)) for text in encoded.dictionary.to_pylist()], dtype=bool
        )
        whole &= filled[encoded.indices.to_numpy(zero_copy_only=False)]
    return pa.array(whole)


def _from_id_number(values: Values) -> Flags:
    """A valid number tells birth date and sex: it fills what is missing and contradicts what differs."""
    if "person.id_number" not in values:
        return
    numbers = values["person.id_number"].to_pylist()
    born = pa.array([n and date(int(n[6:10]), int(n[10:12]), int(n[12:14])) for n in numbers], pa.date32())
    sex = pa.array([n and 2 - int(n[16]) % 2 for n in numbers], pa.int64())
    for target, told, rule in (("born_on", born, "id_birth_differs"), ("sex", sex, "id_sex_differs")):
        if target in values:
            differs = pc.fill_null(pc.not_equal(values[target], told), False)
            yield target, np.flatnonzero(differs.to_numpy(zero_copy_only=False)), rule
            values[target] = pc.coalesce(values[target], told)
        else:
            values[target] = told


def _tell_divisions(values: Values) -> Flags:
    """A village or community by its code, where the file leaves it open; what nobody can tell is a village, which is
    held to more."""
    levels, codes = values["level"].to_pylist(), values["code"].to_pylist()
    left_open = [row for row, level in enumerate(levels) if level == EITHER]
    untold = []
    for row in left_open:
        told = division_by_code(codes[row])
        levels[row] = told or VILLAGE
        if told is None:
            untold.append(row)
    values["level"] = pa.array(levels, pa.string())
    yield "level", np.array(untold, dtype=np.int64), "division_untold"


def _locate(layout: Layout, values: Values) -> Flags:
    """Keep what the source wrote, and the point in WGS-84."""
    given = [pc.cast(values[axis], pa.float64()) for axis in ("lon", "lat")]
    written = pc.and_(pc.is_valid(given[0]), pc.is_valid(given[1])).to_numpy(zero_copy_only=False)
    named = values["coord_sys"].to_pylist() if "coord_sys" in values else [None] * len(written)
    default = next((column.datum for column in layout.columns if column.datum), "WGS84")
    systems = np.array([name or default for name in named], object)
    x, y, swapped, outside = ordered(*(axis.to_numpy(zero_copy_only=False) for axis in given))
    lon, lat = each_to_wgs84(x, y, systems)
    known = written & ~outside
    yield "lon", np.flatnonzero(written & swapped), "coordinates_swapped"
    yield "lon", np.flatnonzero(written & outside), "coordinates_outside"
    stored = RECORDS[layout.table].c
    if "lon_source" in stored:
        values["lon_source"], values["lat_source"] = values["lon"], values["lat"]
        values["coord_sys"] = pa.array(systems, pa.string(), mask=~known)
    values["lon"] = pa.array(lon, pa.float64(), mask=~known)
    values["lat"] = pa.array(lat, pa.float64(), mask=~known)
