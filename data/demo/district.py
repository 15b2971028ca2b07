"""Writing the whole demo district as a folder of source files."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.demo import appraisals, centre, funds, population, registers, reported, staff, training, work
from data.demo.days import first_of_month, iso, parse_month
from data.demo.files import write_file
from data.demo.geography import make_places, make_units
from data.demo.kinds import OF_CENTRES, TITLES, WORK, identified_by, kind_for
from data.demo.people import Identities
from data.demo.planted import ABOUT, Planter
from data.demo.rows import Rows, glue, length, stack, take, text_of_whole, words
from data.demo.sheet import Source, columns_of
from data.demo.styles import BUREAU_STYLE, STYLES, Style
from data.demo.towns import BUREAU, COUNTY_CLINIC, TOWNS
from data.demo.world import World
from data.demo.written import without_written
from data.intake.layouts import Layout, load_layouts

Progress = Callable[[str, float], None]
OF_OLD_CODES = 2  # the town that still has some 15-digit codes
LONG = 1_200  # rows from which on a register of work is exported as csv
YEARLY_FILES = 20_000  # residents from which on a centre exports its services year by year


@dataclass
class DemoSummary:
    """What was written: rows by kind, number of files and bytes, seconds, and where the planted list is."""

    folder: Path
    rows: Counter = field(default_factory=Counter)
    files: int = 0
    bytes: int = 0
    seconds: float = 0.0
    planted: Path | None = None
    bureau: str = BUREAU
    until: str = ""


def last_month(today: date | None = None) -> str:
    """The month before this one as YYYY-MM."""
    today = today or date.today()
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return f"{year}-{month:02d}"


def write_district(
    folder: Path,
    *,
    residents: int = 250_000,
    until: str | None = None,
    seed: int = 20240101,
    progress: Progress = lambda what, share: None,
) -> DemoSummary:
    """Write the demo district's source files into ``folder`` (made if need be, else it must be empty).

    ``residents`` statistical residents of 2025 (at least 2,000); ``until`` the last month, YYYY-MM, not before
    2024-12. The same arguments give the same bytes. ``progress(what, share done)`` is told each step.
    Raises ValueError for arguments that make no district, FileExistsError for a folder with something in it.
    """
    until = until or last_month()
    last = parse_month(until)
    if last < 2024 * 12 + 11:
        raise ValueError(
            f"until={until}: the district begins in 2024 and needs that whole year; use 2024-12 or later"
        )
    if residents < 2_000:
        raise ValueError(f"residents={residents}: fewer than 2,000 make no district of 8 centres")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty; name an empty folder for the demo district")
    return _Writer(folder, residents, last, seed, progress).run(until)


class _Writer:
    """The state of one run: what was written so far, and what later centres need from earlier ones."""

    def __init__(self, folder: Path, residents: int, last: int, seed: int, progress: Progress) -> None:
        self.folder, self.residents, self.last, self.seed, self.progress = (
            folder,
            residents,
            last,
            seed,
            progress,
        )
        self.layouts = load_layouts()
        self.units = make_units(seed)
        self.places = make_places(seed, self.units)
        self.made = first_of_month(last + 1) + 4
        self.summary = DemoSummary(folder)
        self.planter = Planter(seed)
        self.carried: dict[int, list] = {}  # health records of people who moved to a later centre
        self.totals: dict[int, np.ndarray] = {}

    def run(self, until: str) -> DemoSummary:
        started = time.perf_counter()
        for town in range(len(TOWNS)):
            self.progress(TOWNS[town].centre, sum(t.share for t in TOWNS[:town]))
            self._centre(town)
        self._work()
        self._bureau()
        self.summary.planted = self.planter.write(self.folder / ABOUT)
        self.summary.seconds = time.perf_counter() - started
        self.summary.until = until
        self.progress(BUREAU, 1.0)
        return self.summary

    def _centre(self, town: int) -> None:
        statistical = round(self.residents * TOWNS[town].share)
        world = centre.make_world(self.seed, town, statistical, self.units, self.places, self.last)
        people = centre.identities(world)
        joined: dict[tuple[str, str], list[Rows]] = {}  # years of small centres, for one file a kind
        for piece in centre.pieces(world):
            if not piece.rows or not length(piece.rows):
                continue
            if piece.kind == "population":
                self._count(piece.rows, world.centre)
            for owner, rows in self._by_owner(piece, town):
                if piece.year and statistical < YEARLY_FILES:
                    joined.setdefault((piece.kind, owner), []).append(rows)
                else:
                    self._write(world, piece.kind, piece.year, rows, people, owner)
        for (kind, owner), parts in joined.items():
            self._write(world, kind, 0, stack(parts), people, owner)

    def _by_owner(self, piece: centre.Piece, town: int) -> list[tuple[str, Rows]]:
        """Rows by who exports them: what the county clinic performed stands in its own files."""
        if piece.kind not in ("dose", "checkup", "service"):
            return [(TOWNS[town].centre, piece.rows)]
        away = self.units.town[piece.rows["unit"]] == -1
        parts = [(TOWNS[town].centre, take(piece.rows, ~away)), (COUNTY_CLINIC, take(piece.rows, away))]
        return [(owner, rows) for owner, rows in parts if length(rows)]

    def _count(self, rows: Rows, unit: int) -> None:
        own = take(rows, (rows["unit"] == unit) & (rows["kind"].codes == 0))
        for year in np.unique(own["year"]):
            persons = own["persons"][own["year"] == year]
            self.totals[int(year)] = self.totals.get(int(year), 0) + persons

    def _write(self, world: World, kind: str, year: int, rows: Rows, people: Identities, owner: str) -> None:
        town, style = world.town, STYLES[world.town]
        exported = kind_for(kind, town)
        rows = _with_keys(rows, kind, exported.programme, owner == COUNTY_CLINIC, town, year)
        if kind == "health_record":
            rows = self._handed_over(town, _named(rows, people, self.units.quality, town))
        source = Source(self.units, self.places, people, style)
        named = identified_by(kind, exported.layout, style.by_id_number)
        layout = self.layouts[exported.layout]
        columns = columns_of(layout, rows, source, named)
        deaths = world.people.died[rows["person"]] if kind == "htn_followup" else None
        planting = self.planter.plant(town, kind, year, columns, rows, style, _required(layout), deaths)
        self._file(owner, kind, f"{year}年" if year else "", columns, style, planting)

    def _handed_over(self, town: int, rows: Rows) -> Rows:
        """Records of people who now belong to another centre stand in that centre's file, which comes later."""
        target = self.units.town[rows["unit"]]
        for other in np.unique(target[target != town]):
            self.carried.setdefault(int(other), []).append(take(rows, target == other))
        return stack([take(rows, target == town), *self.carried.pop(town, [])])

    def _file(self, owner: str, kind: str, label: str, columns: list, style: Style, planting=None) -> None:
        name = f"{owner}_{TITLES[kind]}{label}_{iso(self.made).replace('-', '')}"
        written = write_file(self.folder, name, f"{owner}{TITLES[kind]}{label}", columns, style, self.made)
        if planting is not None:
            planting.note(written)
        self.summary.rows[kind] += written.rows
        self.summary.files += 1
        self.summary.bytes += written.bytes

    def _work(self) -> None:
        """The work of units: some registers each centre keeps itself, the others the bureau keeps for all."""
        years = tuple(range(2024, self.last // 12 + 1))
        last_day = first_of_month(self.last + 1) - 1
        district = work.District(self.seed, self.units, last_day, years)
        for kind, rows in self._work_of(district).items():
            layout = self.layouts[f"plain.{kind}"]
            owner = np.where(kind in OF_CENTRES, self.units.town[rows["unit"]], -1)
            for town in np.unique(owner):
                style = BUREAU_STYLE if town < 0 else STYLES[town]
                if (owner == town).sum() > LONG:
                    style = replace(style, xlsx=False, grouped=False)
                source = Source(self.units, self.places, None, style)
                columns = columns_of(layout, take(rows, owner == town), source)
                self._file(BUREAU if town < 0 else TOWNS[town].centre, kind, "", columns, style)

    def _work_of(self, district: work.District) -> dict[str, Rows]:
        """The rows of every register of the work of units: those of the list, and those that need more."""
        people = staff.make_staff(district)
        doctors = appraisals.doctor_appraisal_rows(district, people)
        more = {
            "staff": staff.staff_rows(district, people),
            "training": training.training_rows(district, people),
            "appraisal": stack([appraisals.unit_appraisal_rows(district), doctors]),
            "appraisal_item": appraisals.item_rows(district),
            "inspection": appraisals.inspection_rows(district),
            "finding": appraisals.finding_rows(district),
            "money": funds.fund_rows(district, self.residents),
        }
        listed = work.work_rows(district)
        more["sample"] = work.area_rows(district, self.residents)
        listed["sample"], surveys = reported.apart(listed["sample"], self.units)
        more["reported_count"] = reported.reported_rows(surveys, listed["activity"], self.units, self.last)
        kinds = [kind for kind in WORK if kind in listed or kind in more]
        found = {kind: stack([r for r in (more.get(kind), listed.get(kind)) if r]) for kind in kinds}
        return {
            kind: work.numbered(without_written(kind, rows, self.units, self.last))
            for kind, rows in found.items()
        }

    def _bureau(self) -> None:
        source = Source(self.units, self.places, None, BUREAU_STYLE)
        years = sorted(self.totals)
        for kind, rows in (
            ("unit", registers.unit_rows(self.units, self.places)),
            ("place", registers.place_rows(self.units, self.places)),
            ("grid", registers.place_rows(self.units, self.places)),
            ("population", population.bureau_rows(0, years, self.totals)),
            ("delivery_note", registers.delivery_rows(self.units, self.last)),
        ):
            layout = self.layouts[kind_for(kind, -1).layout]
            columns = columns_of(layout, rows, source)
            planting = self.planter.plant(-1, kind, 0, columns, rows, BUREAU_STYLE, _required(layout))
            self._file(BUREAU, kind, "", columns, BUREAU_STYLE, planting)


def _required(layout: Layout) -> frozenset[str]:
    """Targets without which a row is rejected."""
    return frozenset(target for column in layout.required for target in column.to)


def _named(rows: Rows, people: Identities, quality: np.ndarray, town: int) -> Rows:
    """Rows with the words that say whom they are about, so that they can stand in another centre's file.

    At poor units of one town a record in 25 has the short code of old.
    """
    index = pa.array(rows["person"])
    code = people.record_code.take(index)
    cut = town == OF_OLD_CODES and (quality[rows["unit"]] < -0.2) & (rows["person"] % 25 == 7)
    return rows | {
        "code": pc.if_else(
            pa.array(np.broadcast_to(cut, len(index))), pc.utf8_slice_codeunits(code, 0, 15), code
        ),
        "person.source": people.empi.take(index),
    }


def _with_keys(rows: Rows, kind: str, programme: str, county: bool, town: int, year: int) -> Rows:
    """The source's own number of each row, and the programme where the layout asks for it."""
    n = length(rows)
    rows = dict(rows)
    serial = text_of_whole(np.arange(n), 7)
    prefix = text_of_whole(np.full(n, (town + 1) * 10_000 + year))
    if kind.endswith("_followup"):
        rows["key.visit"] = glue("SF", kind[0].upper(), prefix, serial)
    if kind in ("maternal_visit", "child_visit"):
        rows["key.visit"] = glue("FS", kind[0].upper(), prefix, serial)
    if kind in ("screening", "health_event"):
        rows["key.no"] = glue(kind[0].upper(), prefix, serial)
    if kind == "checkup":
        rows["key.form"] = glue("TJ", "9" if county else "1", prefix, serial)
    if programme:
        rows["programme"] = words(np.zeros(n, int), programme)
    return rows
