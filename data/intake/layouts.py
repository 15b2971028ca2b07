"""Layouts: which columns of a source file feed which columns of a record table, read from TOML.

The shipped layouts are `data/layouts/<system>/<name>.toml`; an installation may add its own in
`<installation>/layouts/*.toml` (system "own", or the name of a sub-folder). The format is documented
in `docs/layouts.md`. Everything here is immutable after loading.
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from data.records import RECORDS
from data.records.levels import EITHER

FOLDER = Path(__file__).resolve().parent.parent / "layouts"

TYPES = frozenset(
    [
        "text",
        "int",
        "number",
        "money",
        "date",
        "datetime",
        "month",
        "code",
        "codes",
        "filled",
        "bp",
        "coordinates",
        "degrees",
        "id_number",
        "record_code",
        "unit",
        "place",
        "family",
        "person",
        "name",
        "phone",
    ]
)
# Targets that are not columns of a record table: they say who the person is, complete the business key
# ("key.visit"), or only help to recognise a file ("mark.ability").
PERSON_TARGETS = frozenset(
    [
        "person.source",
        "person.id_number",
        "person.record_code",
        "person.name",
        "person.phone",
        "person.address",
    ]
)


class LayoutError(ValueError):
    """A layout file that cannot be used; the message names the file and what to change."""


@dataclass(frozen=True)
class Code:
    """One spelling of a code list: what the file may write (code or label) and what the records keep."""

    code: str
    label: str
    value: object = None  # None: known, and means "not filled in"
    english: str = ""  # what pages call it in English; files write the code or the label

    @property
    def offered(self) -> bool:
        """Whether forms and templates offer it: what does not tell two things apart is only read."""
        return self.value != EITHER

    def words(self, language: str) -> str:
        """What pages call it; in English, where nothing is said, the value or the code as words."""
        if language == "zh":
            return self.label
        plain = self.value if isinstance(self.value, str) else self.code
        return self.english or plain.replace("_", " ").capitalize()


@dataclass(frozen=True, eq=False)
class LayoutColumn:
    to: tuple[str, ...]
    labels: tuple[str, ...]
    type: str
    required: bool = False
    codes: tuple[Code, ...] = ()
    otherwise: object = None  # value for a code that is not listed; None: unlisted codes are a finding
    open: bool = False  # a text that is not listed is kept as it stands
    units: dict[str, float] = field(default_factory=dict)  # factor by unit; the first is the default
    unit_labels: tuple[str, ...] = ()  # a neighbouring column that names the unit
    unit_codes: dict[str, str] = field(default_factory=dict)
    issuer: str = ""  # of a person's number in the source
    datum: str = ""  # of coordinates, where no column says it
    month_is_enough: bool = False  # a bare month is a date: its first day

    @property
    def label(self) -> str:
        """The header that files of this layout carry by preference."""
        return self.labels[0]

    def code_of(self, value: object) -> str:
        """The code that a file writes for a value of the records."""
        return self._spelling(value).code

    def label_of(self, value: object) -> str:
        """The Chinese label that a file may write instead of the code."""
        return self._spelling(value).label

    def _spelling(self, value: object) -> Code:
        for code in self.codes:
            if code.value == value:
                return code
        raise LayoutError(f"{self.label}: no code stands for {value!r}")


@dataclass(frozen=True, eq=False)
class Layout:
    name: str  # "chis.htn_followup"
    system: str
    table: str
    words: dict[str, str]
    key: tuple[str, ...]
    columns: tuple[LayoutColumn, ...]
    constants: dict[str, object]
    snapshot: bool  # every file of this layout is a snapshot
    whole: bool  # and speaks for every unit and month, also for those that it does not name
    snapshot_when: tuple[str, ...]  # a file is one if its name, sheet or title holds one of these words
    complete: tuple[tuple[str, ...], ...]  # items (spellings of a header) that make a form complete
    marks: tuple[str, ...]  # targets without which a file is not of this layout
    never: tuple[str, ...]  # headers that a file of this layout never has
    hints: tuple[str, ...]  # words in file names and titles that decide between equal layouts
    unused: frozenset[str]  # headers that the source is known to have and that we do not read
    shared: bool  # the business key is the same whichever system wrote it
    precedence: int  # outranks layouts of lower precedence, whenever their files were made
    dates_1904: bool  # Excel serials count from 1904
    path: Path

    def column(self, target: str) -> LayoutColumn:
        """The preferred column that feeds a target such as "sbp" or "person.source"."""
        for column in self.columns:
            if target in column.to:
                return column
        raise LayoutError(f"{self.name}: no column feeds {target!r}")

    def is_in_key(self, column: LayoutColumn) -> bool:
        """Whether the business key is made of this column, alone or with others."""
        parts = {*self.key, *(f"key.{part}" for part in self.key)}
        about_person = "person" in self.key and any(target in PERSON_TARGETS for target in column.to)
        return about_person or not parts.isdisjoint(column.to)

    @property
    def required(self) -> tuple[LayoutColumn, ...]:
        return tuple(c for c in self.columns if c.required)


@lru_cache(maxsize=20_000)
def normal_header(text: str) -> str:
    """A header for comparison: one width, no blanks, lower case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def load_layouts(installation_folder: Path | None = None) -> dict[str, Layout]:
    """All layouts by name; those of an installation replace shipped ones of the same name."""
    layouts = dict(_shipped_layouts())
    if installation_folder is not None:
        own = Path(installation_folder) / "layouts"
        paths = [(p, "own") for p in sorted(own.glob("*.toml"))]
        paths += [(p, p.parent.name) for p in sorted(own.glob("*/*.toml"))]
        layouts |= {layout.name: layout for layout in (read_layout(path, system) for path, system in paths)}
    return layouts


@cache
def _shipped_layouts() -> dict[str, Layout]:
    """They do not change while the program runs."""
    paths = [p for p in sorted(FOLDER.glob("*/*.toml")) if p.parent.name not in ("parts", "lists")]
    return {layout.name: layout for layout in (read_layout(path, path.parent.name) for path in paths)}


def read_layout(path: Path, system: str) -> Layout:
    """One layout file. Raises LayoutError with the file, the place and the remedy."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LayoutError(f"{path}: not readable as TOML in UTF-8: {error}") from error
    known = {
        "entity", "words", "system", "table", "key", "constants", "columns", "include", "kind", "snapshot_when",
        "complete", "marks", "never", "hints", "unused", "shared", "precedence", "dates_1904",
    }  # fmt: skip
    for name in raw.keys() - known:
        raise LayoutError(f"{path}: unknown entry {name!r}; allowed are {', '.join(sorted(known))}")
    for name in ("words", "table", "key"):
        if name not in raw:
            raise LayoutError(f"{path}: the entry {name!r} is missing")
    table = raw["table"]
    if table not in RECORDS:
        raise LayoutError(f"{path}: no record table {table!r}; there are {', '.join(sorted(RECORDS))}")
    included = [c for part in raw.get("include", ()) for c in _part(path, part)]
    columns = tuple(_column(path, table, c) for c in [*included, *raw.get("columns", ())])
    if raw.get("kind", "delta") not in ("delta", "snapshot", "whole"):
        raise LayoutError(f"{path}: kind must be 'delta', 'snapshot' or 'whole'")
    layout = Layout(
        name=f"{raw.get('system', system)}.{path.stem}",
        system=raw.get("system", system),
        table=table,
        words=raw["words"],
        key=tuple(raw["key"]),
        columns=columns,
        constants=raw.get("constants", {}),
        snapshot=raw.get("kind") in ("snapshot", "whole"),
        whole=raw.get("kind") == "whole",
        snapshot_when=tuple(raw.get("snapshot_when", ())),
        complete=tuple(tuple(item) for item in raw.get("complete", {}).get("items", ())),
        marks=tuple(raw.get("marks", ())),
        never=tuple(normal_header(h) for h in raw.get("never", ())),
        hints=tuple(raw.get("hints", ())),
        unused=frozenset(normal_header(h) for h in raw.get("unused", ())),
        shared=raw.get("shared", False),
        precedence=raw.get("precedence", 0),
        dates_1904=raw.get("dates_1904", False),
        path=path,
    )
    _check_key(layout)
    return layout


def _part(path: Path, name: str) -> list[dict]:
    part = FOLDER / "parts" / f"{name}.toml"
    if not part.exists():
        raise LayoutError(f"{path}: include {name!r}: there is no {part.name} in {part.parent}")
    return tomllib.loads(part.read_text(encoding="utf-8"))["columns"]


def _column(path: Path, table: str, raw: dict) -> LayoutColumn:
    where = f"{path}: column {raw.get('from', ['?'])[0]!r}"
    to = raw.get("to")
    targets = (to,) if isinstance(to, str) else tuple(to or ())
    if not targets or not raw.get("from"):
        raise LayoutError(f"{where}: needs 'to' and 'from'")
    for target in targets:
        stored = target in RECORDS[table].c or target in PERSON_TARGETS
        if not stored and not target.startswith(("key.", "mark.")) and target != "coord_sys":
            raise LayoutError(f"{where}: the table {table} has no column {target!r}")
    if raw.get("type") not in TYPES:
        raise LayoutError(f"{where}: type {raw.get('type')!r} is not one of {', '.join(sorted(TYPES))}")
    codes = raw.get("codes", ())
    if isinstance(codes, str):
        codes = named_codes(codes, where)
    elif isinstance(codes, dict):
        codes = _codes_of_file(where, **codes)
    return LayoutColumn(
        to=targets,
        labels=tuple(raw["from"]),
        type=raw["type"],
        required=raw.get("required", False),
        codes=tuple(Code(*row) for row in codes),
        otherwise=raw.get("otherwise"),
        open=raw.get("open", False),
        units=raw.get("units", {}),
        unit_labels=tuple(raw.get("unit_from", ())),
        unit_codes=raw.get("unit_codes", {}),
        issuer=raw.get("issuer", ""),
        datum=raw.get("datum", ""),
        month_is_enough=raw.get("month_is_enough", False),
    )


def named_codes(name: str, where: str = "codes") -> list[list]:
    """The rows of a code list of the project, each what ``Code`` is made of; ``where`` asks for it."""
    listed = FOLDER / "lists" / f"{name}.toml"
    if not listed.exists():
        raise LayoutError(f"{where}: codes {name!r}: there is no {listed.name} in {listed.parent}")
    return tomllib.loads(listed.read_text(encoding="utf-8"))["codes"]


def _codes_of_file(where: str, file: str, code: str, label: str) -> list[list]:
    """Codes that stand in a CSV of the project; a label that several codes share is told apart by the code."""
    path = FOLDER.parent.parent / file
    if not path.exists():
        raise LayoutError(f"{where}: codes: there is no {file}")
    with path.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    often = Counter(row[label] for row in rows)
    return [
        [row[code], row[label] if often[row[label]] == 1 else f"{row[label]}（{row[code]}）", row[code]]
        for row in rows
    ]


def _check_key(layout: Layout) -> None:
    """Every part of the business key must be fed by a column, a constant or the person."""
    fed = {target for column in layout.columns for target in column.to} | layout.constants.keys()
    for part in layout.key:
        if part == "person":
            if not any(t.startswith("person.") for t in fed):
                raise LayoutError(f"{layout.path}: the key names the person, and no column identifies one")
        elif part not in fed and f"key.{part}" not in fed:
            raise LayoutError(f"{layout.path}: no column feeds the part {part!r} of the key")
