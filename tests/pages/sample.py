"""A published database of plausible figures, written straight into its tables.

Pages are tested against it for speed; the numbers mean nothing, but every state that a page must
show is there: a station that has not delivered, one that delivered in part, one without a
denominator, a rate over 100 %, a target reached, met on course and missed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from data import records
from data.store import Store, bulk_insert, create_missing
from metrics import published
from metrics.card import Card, Direction, Unit
from metrics.changing.suited import is_raised
from metrics.standards import parameters, standard_items
from metrics.strata import is_broken_down
from tests.pages.sample_map import map_tables

LAST = 2026 * 12 + 9  # October 2026
CHECKED = {item.standard for item in standard_items()[:1]}  # the standard that was checked
FIRST = LAST - 33
BUREAU = 1
CENTRES = range(2, 10)
STATIONS = range(10, 50)
_TOWNS = ["清溪", "石桥", "柳林", "东湾", "望山", "河口", "新安", "白鹭"]
DISPUTED = "hr_filing_rate"  # two papers state its target
OTHER_PAPER = "另一份文件"
APPROVAL = "清卫统〔1〕号"
REPORTED = "he_lectures"  # a station's own report, without records, stands for it
BESIDE = "hr_filing_rate"  # a centre reported another value than its records give
CHANGED = "resident_months"  # a parameter to which the bureau gave a value from June 2026 on
_SHARES = {"antibiotic": 0.13}


def fill(store: Store, cards: Mapping[str, Card], installation: str = "demo") -> None:
    """Publish one generation of sample figures for the given cards."""
    with store.change("records", "published") as draft:
        create_missing(draft.published, published.metadata)
        for table, frame in _tables(cards, installation).items():
            bulk_insert(draft.published, table, frame)
        create_missing(draft.records, records.metadata)
        for table, frame in _book().items():
            bulk_insert(draft.records, table, frame)


def _tables(cards: Mapping[str, Card], installation: str) -> dict:
    draw = np.random.default_rng(7)
    units = _units()
    figures = _rounded(pd.concat([_figures(card, draw) for card in cards.values()], ignore_index=True), cards)
    return {
        published.unit: units,
        published.figure: pd.concat([figures, _strata(figures, cards)], ignore_index=True),
        published.spread: _spread(figures, cards),
        published.target: _targets(cards),
        published.population: _populations(cards),
        published.parameter: _parameters(),
        published.reported: _reported(),
        published.delivery: _delivery(),
        published.notice: _notices(cards),
        **_late(cards),
        **map_tables(units, draw, LAST),
        published.build: _build(installation),
    }


def _units() -> pd.DataFrame:
    rows = [(BUREAU, "0", "清江区卫生健康局", "bureau", None)]
    for i, town in enumerate(_TOWNS):
        rows.append((CENTRES[i], f"{i + 1:02}", f"{town}社区卫生服务中心", "centre", BUREAU))
    for i in STATIONS:
        centre = (i - 10) // 5
        name = f"{_TOWNS[centre]}第{'一二三四五'[(i - 10) % 5]}社区卫生服务站"
        rows.append((i, f"{centre + 1:02}{(i - 10) % 5 + 1:02}", name, "station", CENTRES[centre]))
    frame = pd.DataFrame(rows, columns=["unit", "code", "name", "kind", "parent"])
    frame["parent"] = frame["parent"].astype("Int64")
    angle = np.linspace(0, 2 * np.pi, len(frame), endpoint=False)
    reach = np.where(frame["kind"] == "station", 0.042, 0.035) * np.where(frame["kind"] == "bureau", 0, 1)
    return frame.assign(
        opened_on=dt.date(2010, 1, 1),
        closed_on=None,
        successor=pd.array([None] * len(frame), dtype="Int64"),
        lon=118.60 + reach * np.cos(angle * 5) * (0.4 + frame.index % 3 * 0.5),
        lat=32.10 + reach * np.sin(angle * 5) * (0.4 + frame.index % 3 * 0.5),
    )


def _notices(cards: Mapping[str, Card]) -> pd.DataFrame:
    """One of the newest month for every unit, of the first card that is raised; one of three months before."""
    key = next((key for key, card in cards.items() if is_raised(card)), next(iter(cards)))
    rows = [
        {"unit": unit, "month": LAST, "since": LAST - 3, "way": way, "before": 0.5, "after": after}
        for unit in (BUREAU, *CENTRES, *STATIONS)
        for way, after in [(1, 0.7) if unit % 2 else (-1, 0.4)]
    ]
    rows.append(
        {"unit": BUREAU, "month": LAST - 3, "since": LAST - 7, "way": -1, "before": 0.6, "after": 0.5}
    )
    return pd.DataFrame(rows).assign(indicator=key, p=1e-6, q=0.01)


def _figures(card: Card, draw: np.random.Generator) -> pd.DataFrame:
    """Stations are drawn; centres and the bureau are their sums."""
    months = np.arange(FIRST, LAST + 1)
    size = (len(STATIONS), len(months))
    base = _SHARES.get(card.key, 0.62 + draw.random() * 0.3)
    people = draw.integers(120, 900, len(STATIONS))[:, None] * np.ones(size)
    share = base + draw.normal(0, 0.06, len(STATIONS))[:, None] + draw.normal(0, 0.01, size)
    share += (months - FIRST) * 0.001
    frames = []
    for basis in card.bases:
        grown = share
        if basis == "ytd" and not card.level and card.direction is Direction.HIGHER and card.is_ratio:
            grown = share * np.minimum(1, ((months % 12) + 1) / 12 * draw.uniform(0.85, 1.2))
        if not card.is_ratio:
            factor = (
                (months % 12 + 1) if basis == "ytd" else np.full(len(months), 12 if basis == "r12" else 1)
            )
            grown = share * factor * 0.1
        top = np.round(people * np.clip(grown, 0.01, 1.02))
        if card.unit is Unit.YUAN:
            top = np.round(people * (9000 + 4000 * share))  # fen
        frames.append(_long(card, str(basis), months, top, people))
    return pd.concat(frames, ignore_index=True)


def _late(cards: Mapping[str, Card]) -> dict:
    """Late entry of two kinds of record: dated follow-ups, the later the higher the unit's number, and activities without
    days of entry; what the newest event but one rewrote of a station's August; a figure of it that moved."""
    station = STATIONS[3]
    rows = []
    for unit in (*CENTRES, *STATIONS):
        for month in range(LAST - 13, LAST + 1):
            added = None if month < LAST - 3 else 0
            rows.append((unit, month, "followup", "chis.htn_followup", 100, 80, unit, unit // 4, added))
            rows.append((unit, month, "activity", None, 10, 0, 0, 0, added))
    entry = pd.DataFrame(rows, columns=list(published.late_entry.c.keys()))
    here = (entry["unit"] == station) & (entry["month"] == LAST - 2) & (entry["source"] == "followup")
    entry.loc[here, "added"] = 7
    about = (station, LAST - 2, "followup", "chis.htn_followup")
    changes = [("changed", 3), ("withdrawn", 2), ("added", 4), ("backdated", 3)]
    rewriting = [(*about, kind, 8, dt.date(2026, 10, 20), "officer", n) for kind, n in changes]
    moved = [
        (1, key, station, LAST - 2, str(cards[key].bases[0]), 40, 42, 60, 60, 40 / 60, 42 / 60, False, 0)
        for key in ("htn_control_rate",)
        if key in cards
    ]
    return {
        published.late_entry: entry.astype({"added": "Int64"}),
        published.rewriting: pd.DataFrame(rewriting, columns=list(published.rewriting.c.keys())),
        published.moved: pd.DataFrame(moved, columns=list(published.moved.c.keys())),
    }


_PARTS = {
    "sex:1": 0.4,
    "sex:2": 0.5,  # a tenth of unknown sex
    "population:registered": 0.8,
    "population:floating": 0.2,
    "age:0-6": 0.3,
    "age:80+": 0.7,
}


def _strata(figures: pd.DataFrame, cards: Mapping[str, Card]) -> pd.DataFrame:
    """Parts of the whole, of the newest month and the December before; grids at one station."""
    broken = {key: str(card.bases[0]) for key, card in cards.items() if is_broken_down(card)}
    rows = figures[
        figures["month"].isin([LAST, LAST - 10])
        & figures["unit"].isin([BUREAU, CENTRES[1], STATIONS[0]])
        & (figures["indicator"].map(broken) == figures["basis"])
    ]
    parts = [rows.assign(stratum=stratum, share=share) for stratum, share in _PARTS.items()]
    of_grids = rows[(rows["unit"] == STATIONS[0]) & (rows["month"] == LAST)]
    parts += [of_grids.assign(stratum=f"grid:{grid}", share=0.4) for grid in (1, 2)]
    found = pd.concat(parts, ignore_index=True)
    for name in ("numerator", "listed"):
        found[name] = (found[name].astype("Float64") * found["share"]).round().astype("Int64")
    return found.assign(denominator=found["listed"]).drop(columns="share")


def _long(card: Card, basis: str, months: np.ndarray, top: np.ndarray, people: np.ndarray) -> pd.DataFrame:
    """``top`` and ``people`` are stations by months; above them stand their sums."""

    def tree(stations: np.ndarray) -> np.ndarray:
        centres = stations.reshape(len(CENTRES), -1, len(months)).sum(axis=1)
        return np.vstack([stations.sum(axis=0), centres, stations]).ravel()

    units = [BUREAU, *CENTRES, *STATIONS]
    frame = pd.DataFrame(
        {
            "unit": np.repeat(units, len(months)),
            "month": np.tile(months, len(units)),
            "numerator": tree(top),
            "denominator": tree(people),
        }
    )
    frame = frame.assign(indicator=card.key, basis=basis, stratum="", status="ok", origin="records")
    if card.is_ratio:
        frame["listed"] = np.floor(frame["denominator"] * 0.97) if card.statistic else frame["denominator"]
        frame["value"] = frame["numerator"] / frame["denominator"] / (100 if card.unit is Unit.YUAN else 1)
    else:
        frame["value"], frame["listed"], frame["denominator"] = frame["numerator"], np.nan, np.nan
    return frame


def _rounded(frame: pd.DataFrame, cards: Mapping[str, Card]) -> pd.DataFrame:
    """Figures of all cards with every state that a page must show, as whole numbers."""
    newest = frame["month"] == LAST
    by_statistics = frame["indicator"].isin([key for key, card in cards.items() if card.statistic])
    frame.loc[(frame["unit"] == 12) & (frame["month"] >= LAST - 1), "status"] = "none"
    frame.loc[(frame["unit"].isin([13, 2])) & newest, "status"] = "part"
    frame.loc[by_statistics & (frame["unit"] == 14) & newest, "status"] = "no_denominator"
    reported = (frame["indicator"] == REPORTED) & (frame["unit"] == STATIONS[6])
    frame.loc[reported & newest, "origin"] = "reported"
    without = frame["status"].isin(["none", "no_denominator"])
    frame.loc[without, ["value"]] = np.nan
    frame.loc[frame["status"] == "none", ["numerator", "listed", "denominator"]] = np.nan
    frame.loc[frame["status"] == "no_denominator", ["denominator"]] = np.nan
    for name in ("numerator", "listed", "denominator"):
        frame[name] = frame[name].astype("Float64").round().astype("Int64")
    return frame.assign(hidden=0)[[c.name for c in published.figure.columns]]


def _spread(figures: pd.DataFrame, cards: Mapping[str, Card]) -> pd.DataFrame:
    """Single values spread by two thirds of their mean; of one station nobody knows them one by one."""
    means = figures["indicator"].map({key: card.is_mean for key, card in cards.items()})
    rows = figures[means & figures["value"].notna() & (figures["unit"] != STATIONS[10])]
    rows = rows.assign(deviation=rows["value"].astype(float) * 2 / 3)
    return rows[[column.name for column in published.spread.columns]]


def _targets(cards: Mapping[str, Card]) -> pd.DataFrame:
    rows = []
    aimed = [c for c in cards.values() if c.direction is not Direction.NONE and c.unit is Unit.PERCENT]
    for i, card in enumerate(aimed):
        value = 0.15 if card.direction is Direction.LOWER else 0.66 + i % 5 * 0.05
        rows += [
            (card.key, y, None, None, value, None, f"{y}年目标责任书", None, False, True)
            for y in (2024, 2025, 2026)
        ]
        if card.key == DISPUTED:  # another paper says less
            rows.append((card.key, 2026, None, None, 0.6, None, OTHER_PAPER, None, False, False))
    frame = pd.DataFrame(rows, columns=[c.name for c in published.target.columns])
    return frame.astype({"unit": "Int64", "unit_kind": "string"})


def _populations(cards: Mapping[str, Card]) -> pd.DataFrame:
    """Three kinds side by side; from 2026 on the registered ones are in force."""
    rows = []
    for band in sorted({card.statistic.band for card in cards.values() if card.statistic}):
        for year in (2024, 2025, 2026):
            chosen = "registered" if year == 2026 else "resident"
            for unit in (BUREAU, *CENTRES):
                for kind, persons in (("resident", 9100), ("registered", 8200), ("recorded", 7300)):
                    counted = kind == "recorded"
                    paper, day = (None, None) if counted else (APPROVAL, dt.date(year, 2, 20))
                    rows.append((unit, year, kind, band, persons + year - 2024, paper, day, kind == chosen))
    return pd.DataFrame(rows, columns=[c.name for c in published.population.columns])


def _parameters() -> pd.DataFrame:
    """Every shipped value, and a later one of the bureau's own."""
    rows = [(v.key, v.start, v.value, v.source, False) for dated in parameters().values() for v in dated]
    rows.append((CHANGED, dt.date(2026, 6, 1), 7.5, "本地文件", True))
    return pd.DataFrame(rows, columns=[c.name for c in published.parameter.columns])


def _reported() -> pd.DataFrame:
    """A station's only source, a centre's other value, and two that count nowhere."""
    rows = [
        (REPORTED, STATIONS[6], LAST, 7, None, 7, "ok", "上报数_202610.xlsx"),
        (BESIDE, CENTRES[2], LAST, 450, 500, 0.9, "ok", "上报数_202610.xlsx"),
        (BESIDE, CENTRES[3], LAST, 450, None, None, "no_denominator", "上报数_202610.xlsx"),
        ("没有这一项", CENTRES[3], LAST, 1, None, None, "unknown", "上报数_202610.xlsx"),
    ]
    return pd.DataFrame(rows, columns=[c.name for c in published.reported.columns])


def _delivery() -> pd.DataFrame:
    rows = []
    for unit in [*CENTRES, *STATIONS]:
        for source in ("followup", "checkup", "dose", "encounter", "contract"):
            for month in range(FIRST, LAST + 1):
                late = unit == 12 and month >= LAST - 1
                status = "none" if late else "part" if (unit, month) in ((13, LAST), (2, LAST)) else "whole"
                rows.append((unit, source, month, status, unit % 3 == 0))
    return pd.DataFrame(rows, columns=[c.name for c in published.delivery.columns])


def _build(installation: str) -> pd.DataFrame:
    row = {
        "build": 1,
        "event": 12,
        "batch": 12,
        "built_at": dt.datetime(2026, 11, 3, 8, 30),
        "kind": "full",
        "first_month": FIRST,
        "last_month": LAST,
        "data_until": dt.date(2026, 10, 31),
        "definitions": "5f1c9a70",
        "seconds": 12.5,
        "installation": installation,
        "bureau": "清江区卫生健康局",
    }
    return pd.DataFrame([row])


def _checks() -> pd.DataFrame:
    """Two checks of a station: an item mended, one that is still not met."""
    first, second, *_ = (item.code for item in standard_items() if item.standard in CHECKED)
    found = [
        (first, dt.date(2026, 2, 3), False),
        (second, dt.date(2026, 2, 3), False),
        (first, dt.date(2026, 8, 4), True),
        (second, dt.date(2026, 8, 4), False),
        (first, dt.date(2026, 11, 4), False),  # after the month in view
    ]
    rows = [
        {
            **dict.fromkeys(("row_id", "key", "content", "line"), number),
            **dict.fromkeys(("rank", "batch", "file", "known_from"), 1),
            "unit": STATIONS[0],
            "item": item,
            "day": day,
            "month": day.year * 12 + day.month - 1,
            "met": met,
        }
        for number, (item, day, met) in enumerate(found, 1)
    ]
    return pd.DataFrame(rows)


def _book() -> dict:
    """Two batches: one with every kind of trouble, one that was undone."""
    batches = pd.DataFrame(
        {
            "batch": [11, 12],
            "at": [dt.datetime(2026, 10, 8, 9, 5), dt.datetime(2026, 11, 3, 8, 20)],
            "by": ["local", "local"],
            "undone_by": pd.array([13, None], dtype="Int64"),
        }
    )
    named = [
        ("高血压随访_202610.xlsx", "chis/followup", 5210, 5100, 60, 20, 10, 15, 5),
        ("老年人体检_202610.csv", "chis/checkup", 812, 800, 0, 0, 0, 12, 0),
        ("未知报表.xls", None, 40, 0, 0, 0, 0, 0, 40),
    ]
    counts = [
        "rows_read",
        "rows_new",
        "rows_replaced",
        "rows_unchanged",
        "rows_waiting",
        "rows_rejected",
        "rows_set_aside",
    ]
    files = pd.DataFrame(named, columns=["name", "layout", *counts]).assign(
        file=range(1, 4),
        batch=12,
        sha256="0" * 64,
        snapshot=False,
        rows_withdrawn=0,
        made_on=dt.date(2026, 11, 1),
        unknown_columns=["备注、村医签名", None, None],
    )
    rules = [("id_number.checksum", "reject"), ("date.future", "reject"), ("unit.unmapped", "wait")]
    problems = pd.DataFrame(
        [
            (
                12,
                1 + n % 2,
                "随访" if n % 2 == 0 else None,
                4 + n,
                "身份证号",
                f"3201021960{n:02}150{n:02}X",
                *rules[n % 3],
            )
            for n in range(60)
        ],
        columns=["batch", "file", "sheet", "line", "column_name", "value", "rule", "severity"],
    )
    events = pd.DataFrame(
        {
            "event": [11, 12],
            "kind": "import",
            "at": dt.datetime(2026, 11, 3, 8, 20),
            "by": "local",
            "batch": [11, 12],
        }
    )
    return {
        records.check_item: _checks(),
        records.event: events,
        records.batch: batches,
        records.source_file: files,
        records.problem: problems,
    }
