"""A bureau's geometry folder, read whole: what is used, and an account of everything that is not.

The folder holds GeoJSON and csv files by the names in `layout.toml` (docs/geometry.md). No file, however broken,
raises: it becomes a finding. Nothing is fetched from anywhere.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from data.geometry.agreement import disagreements, unique_codes
from data.geometry.checks import checked
from data.geometry.findings import FLAG, REJECT, Account, Finding, RefusedError, account, condense
from data.geometry.geojson import datum_of, read_features, shown
from data.geometry.ground import Geometry, Layer
from data.geometry.layout import LayerSpec, folded, ground_layout
from data.geometry.limits import FILE as LIMITS
from data.geometry.limits import LimitsError, read_limits, shipped
from data.geometry.point_in import which
from data.geometry.properties import labels_of, values_of
from data.geometry.shaping import shape_of
from data.geometry.tables import account_of, empty_table, read_table
from data.intake.encodings import digest
from data.records.levels import DIVISIONS, division_by_code

FOLDER = "geometry"  # within an installation
_LAYERS, _TABLES = (".geojson", ".json"), (".csv",)
_SILENT = ("readme", "说明", "_about", "limits")  # files that need no remark
_DTYPES = {"number": "float64", "yes_no": "boolean"}


def read_geometry(folder: Path) -> Geometry:
    """Everything that a geometry folder holds. A folder that is not there is an empty one."""
    return _Reading(Path(folder)).read()


def empty_layer(spec: LayerSpec) -> Layer:
    """A layer without features."""
    return Layer(spec.name, _frame([], spec), np.empty(0, object))


@dataclass
class _Reading:
    """The state of one reading."""

    folder: Path
    limits: Mapping[str, float] = field(default_factory=shipped)
    findings: list[Finding] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)
    counts: dict[str, tuple[str, int]] = field(default_factory=dict)  # file -> layer, features that it holds

    def read(self) -> Geometry:
        layout = ground_layout()
        self._limits()
        paths = self._files()
        layers = {name: empty_layer(spec) for name, spec in layout.layers.items()}
        tables = {name: empty_table(spec) for name, spec in layout.tables.items()}
        for name, path in paths.items():
            if name in layers:
                layers[name] = self._layer(path, layout.layers[name])
            else:
                tables[name] = self._table(path, layout.tables[name])
        ground = Geometry(layers, tables)
        self._compare(ground, {name: path.name for name, path in paths.items()})
        if ground.county is not None and len(tables["population_raster"]):
            kept = self._within(tables["population_raster"], ground.county, paths["population_raster"].name)
            tables["population_raster"] = kept
        for file, (name, features) in self.counts.items():
            self.accounts[file] = account(file, name, features, self.findings)
        return Geometry(
            layers,
            {name: table.drop(columns="remarked") for name, table in tables.items()},
            condense(sorted(self.findings, key=_order), int(self.limits["listed"])),
            tuple(self.accounts[file] for file in sorted(self.accounts)),
            self._digest(paths),
        )

    def _limits(self) -> None:
        try:
            self.limits = read_limits(self.folder)
        except LimitsError as error:
            self.findings.append(
                Finding(LIMITS, "geometry_limits", FLAG, value=str(error).rpartition("/")[2])
            )

    def _files(self) -> dict[str, Path]:
        """Layer or table -> its file. Files that are neither, and a second one of a kind, are found."""
        layout, found = ground_layout(), {}
        named = {
            folded(file): (spec.name, suffixes)
            for specs, suffixes in ((layout.layers, _LAYERS), (layout.tables, _TABLES))
            for spec in specs.values()
            for file in spec.files
        }
        try:
            paths = sorted(path for path in self.folder.iterdir() if path.is_file())
        except OSError:
            return {}
        # .geojson before .json
        for path in sorted(paths, key=lambda path: (path.suffix.lower() != ".geojson", path.name)):
            name, suffixes = named.get(folded(path.stem), ("", ()))
            if path.suffix.lower() in suffixes and name not in found:
                found[name] = path
            elif path.suffix.lower() in suffixes:
                self._refuse(path.name, name, RefusedError("geometry_file_twice", found[name].name))
            elif not path.name.startswith((".", "~")) and not folded(path.stem).startswith(_SILENT):
                self._refuse(path.name, None, RefusedError("geometry_file_unknown"))
        return found

    def _layer(self, path: Path, spec: LayerSpec) -> Layer:
        features: list = []
        try:
            features, crs = read_features(path, self.limits)
            datum = datum_of(crs) or "WGS84"  # what the standard says of a file that names none
            self._require_properties(features, spec)
        except RefusedError as error:
            self._refuse(path.name, spec.name, error, len(features))
            return empty_layer(spec)
        rows, shapes = [], []
        for number, feature in enumerate(features, 1):
            try:
                values, shape, remarks = _feature(feature, spec, datum)
            except RefusedError as error:
                self._note(path, number, feature, spec, error.rule, REJECT, error.field, error.value)
                continue
            for rule, label, value in remarks:
                self._note(path, number, feature, spec, rule, FLAG, label, value)
            rows.append({**values, "feature": number})
            shapes.append(shape)
        self.counts[path.name] = (spec.name, len(features))
        layer = Layer(spec.name, _frame(rows, spec), np.array([*shapes, None], object)[:-1])
        if spec.unique:
            layer, found = unique_codes(layer, path.name)
            self.findings += found
        return replace(layer, frame=layer.frame.assign(name=layer.frame["name"].fillna(layer.frame["code"])))

    def _require_properties(self, features: list, spec: LayerSpec) -> None:
        """Raises RefusedError when no feature at all has a property that every one needs: one finding, not thousands."""
        there = Counter(
            key
            for feature in features
            if isinstance(feature, dict) and isinstance(feature.get("properties"), dict)
            for key in feature["properties"]
        )
        labels = labels_of(there, spec)
        for column in spec.columns:
            if column.required and column.to not in labels:
                seen = ", ".join(label for label, _ in there.most_common(8))
                raise RefusedError("geometry_column_missing", shown(seen), column.labels[0])

    def _table(self, path: Path, spec: LayerSpec) -> pd.DataFrame:
        try:
            read = read_table(path, spec, self.limits)
        except RefusedError as error:
            self._refuse(path.name, spec.name, error)
            return empty_table(spec)
        self.findings += read.findings
        self.accounts[path.name] = account_of(path.name, spec.name, read.rows, read.frame)
        return read.frame

    def _compare(self, ground: Geometry, files: dict[str, str]) -> None:
        """Features against each other, sites against the ground."""
        try:
            self.findings += disagreements(ground, files, self.limits)
            for name in ("candidates", "stops"):
                layer = ground.layers[name]
                if len(layer):
                    sites = layer.frame.assign(
                        lon=shapely.get_x(layer.shapes),
                        lat=shapely.get_y(layer.shapes),
                        place_code=layer.frame["parent_code"],
                    )
                    self.findings += checked(
                        sites, ground, self.limits, file=files[name], together="same_point"
                    )
        except shapely.GEOSException as error:
            # Every shape is valid by itself; should an overlay fail all the same, the ground is used unchecked.
            self.findings.append(Finding("", "geometry_unchecked", FLAG, value=shown(str(error))))

    def _within(self, raster: pd.DataFrame, county: shapely.Geometry, file: str) -> pd.DataFrame:
        """The raster's points within the district; the others are counted, with their people."""
        inside = which(np.array([county]), raster["lon"].to_numpy(), raster["lat"].to_numpy()) >= 0
        away = int((~inside).sum())
        if away:
            people = raster["people"][~inside].sum()
            self.findings.append(Finding(file, "raster_outside", REJECT, value=f"{people:.0f}", count=away))
            known = self.accounts[file]
            self.accounts[file] = account_of(file, known.layer, known.features, raster[inside])
        return raster[inside].reset_index(drop=True)

    def _refuse(self, file: str, layer: str | None, error: RefusedError, features: int = 0) -> None:
        """A whole file is not used."""
        self.findings.append(
            Finding(file, error.rule, REJECT, field=error.field, value=error.value, count=max(1, features))
        )
        self.accounts[file] = Account(file, layer, features, 0, 0, features)

    def _note(
        self,
        path: Path,
        number: int,
        feature: object,
        spec: LayerSpec,
        rule: str,
        severity: str,
        label: str | None,
        value: str | None,
    ) -> None:
        code, name = _title(feature, spec)
        self.findings.append(Finding(path.name, rule, severity, number, label, value, code, name))

    def _digest(self, paths: dict[str, Path]) -> str:
        """Of names and bytes; "" where there is nothing."""
        if not paths:
            return ""
        parts = [f"{name}:{digest(paths[name])}" for name in sorted(paths)]
        parts += [f"{name}:{value}" for name, value in sorted(self.limits.items())]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _order(finding: Finding) -> tuple[str, int]:
    """By file, what is about the whole of it first."""
    return finding.file, finding.feature or 0


def _feature(
    feature: object, spec: LayerSpec, datum: str
) -> tuple[dict[str, object], shapely.Geometry, list[tuple[str, str | None, str | None]]]:
    """(values, shape, remarks) of one parsed feature. Raises RefusedError."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise RefusedError("geometry_no_feature", shown(feature))
    properties = feature.get("properties")
    if properties is not None and not isinstance(properties, dict):
        raise RefusedError("geometry_property", shown(properties), "properties")
    values, remarks = values_of(properties or {}, spec)
    # Some programs write the member for each feature.
    values["coord_sys"] = values["coord_sys"] or datum_of(feature.get("crs")) or datum
    shaped = shape_of(feature.get("geometry"), spec.shape, values["coord_sys"])
    return values, shaped.shape, [*remarks, *((rule, None, value) for rule, value in shaped.remarks)]


def _title(feature: object, spec: LayerSpec) -> tuple[str | None, str | None]:
    """Code and name of a feature, however broken, so that whoever drew it finds it."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return None, None
    labels = labels_of(properties, spec)
    given = [properties.get(labels[to]) if to in labels else None for to in ("code", "name")]
    code, name = (shown(value) if isinstance(value, (str, int)) and value != "" else None for value in given)
    return code, name


def _frame(rows: list[dict], spec: LayerSpec) -> pd.DataFrame:
    """Rows as typed columns, the same for every file of the layer."""
    columns = {}
    for column in spec.columns:
        values = [row[column.to] for row in rows]
        columns[column.to] = pd.Series(values, dtype=_DTYPES.get(column.type, "str"))
    if "level" not in columns:
        columns["level"] = pd.Series([spec.level] * len(rows), dtype="str")
    elif spec.level:
        told = columns["level"].where(columns["level"].isin(DIVISIONS), columns["code"].map(division_by_code))
        columns["level"] = told.fillna(spec.level)
    if "parent_code" not in columns:
        columns["parent_code"] = pd.Series([None] * len(rows), dtype="str")
    columns["feature"] = pd.Series([row["feature"] for row in rows], dtype="int64")
    first = ["code", "name", "level", "parent_code"]
    return pd.DataFrame({name: columns[name] for name in [*first, *(c for c in columns if c not in first)]})
