"""Late entry and rewriting, counted over again one key at a time, on both engines."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from data import records
from data.store import bulk_insert
from metrics import late
from metrics.context import Horizon
from tests.conftest import new_database
from tests.property.amount import examples
from tests.property.engine import arrow, filled

JANUARY = 2026 * 12
LAYOUTS = {1: "chis.htn_followup", 2: "plain.followup"}
WITHIN, REPORTED = 7, 10  # days, as the parameters have them


def history(seed: int) -> tuple[list[dict], list[dict]]:
    """Events from January to June 2026, and versions of the rows of thirty keys."""
    draw = random.Random(seed)
    days = sorted(dt.date(2026, 1, 1) + dt.timedelta(days=draw.randint(0, 170)) for _ in range(5))
    events = [
        {
            "event": n,
            "kind": "import",
            "at": dt.datetime.combine(day, dt.time(20, draw.randint(0, 59))),
            "by": f"b{n % 2}",
        }
        for n, day in enumerate(days, 1)
    ]
    versions = []
    for key in range(1, 31):
        start, row = None, {}
        for event in range(1, len(days) + 2):
            changes = event == len(days) + 1 or draw.random() < 0.4
            if start is not None and changes:
                last = {"known_from": start, "known_to": event if event <= len(days) else None}
                versions.append(row | last)
                start = None
            if event <= len(days) and start is None and draw.random() < 0.6:
                start, row = event, _row(draw, key, len(versions), event)
    return events, versions


def _row(draw: random.Random, key: int, row_id: int, event: int) -> dict:
    """Unit 3 delivers from the third event on."""
    day = dt.date(2026, 1, 1) + dt.timedelta(days=draw.randint(0, 150))
    entered = draw.choice([None, day, day + dt.timedelta(days=draw.randint(0, 60))])
    row = {column.name: None for column in records.followup.c} | dict.fromkeys(("rank", "batch", "line"), 1)
    return row | {
        "row_id": row_id,
        "key": key,
        "content": draw.randint(1, 2),
        "file": draw.choice([1, 2]),
        "subject": 1,
        "person": 1,
        "unit": draw.choice([2, 3, None] if event > 2 else [2, 2, None]),
        "entered_on": entered,
        "day": day,
        "month": day.year * 12 + day.month - 1,
        "programme": "htn",
    }


def slowly(events: list[dict], versions: list[dict]) -> tuple[dict, Counter]:
    """(unit, month, layout) -> n, dated, late, after_report, added; and a count of what was rewritten."""
    entered, rewritten = {}, Counter()

    def reported(row: dict) -> tuple[dt.date, int | None]:
        """The row's report day, and the last event up to it, if its unit had delivered anything of the layout by then."""
        month, place = row["month"], (row["unit"], LAYOUTS[row["file"]])
        begun = min(r["known_from"] for r in versions if (r["unit"], LAYOUTS[r["file"]]) == place)
        following = dt.date((month + 1) // 12, (month + 1) % 12 + 1, 1)
        day = following - dt.timedelta(days=1) + dt.timedelta(days=REPORTED)
        upto = [event["event"] for event in events if event["at"].date() <= day]
        return day, upto[-1] if upto and upto[-1] >= begun else None

    def at(key: int, event: int) -> dict | None:
        found = [r for r in versions if r["key"] == key and r["known_from"] <= event]
        return next((r for r in found if r["known_to"] is None or r["known_to"] > event), None)

    def tell(row: dict, kind: str, event: int, file: int) -> None:
        about = events[event - 1]
        rewritten[row["unit"], row["month"], LAYOUTS[file], kind, event, about["at"].date(), about["by"]] += 1

    for key in sorted({row["key"] for row in versions}):
        now = at(key, 99)
        if now is not None and now["unit"] is not None:
            day, event = reported(now)
            place = now["unit"], now["month"], LAYOUTS[now["file"]]
            sums = entered.setdefault(place, [0, 0, 0, 0, None if event is None else 0])
            sums[0] += 1
            if now["entered_on"] is not None:
                sums[1] += 1
                sums[2] += (now["entered_on"] - now["day"]).days > WITHIN
                sums[3] += now["entered_on"] > day
            if event is not None and at(key, event) is None:
                sums[4] += 1
                told = now["entered_on"] is not None and now["entered_on"] <= day
                tell(now, "backdated" if told else "added", now["known_from"], now["file"])
        for row in versions:
            if row["key"] != key or row["unit"] is None:
                continue
            _, event = reported(row)
            if event is None or at(key, event) is not row or row is now:
                continue
            if now is None:
                last = max(r["known_to"] for r in versions if r["key"] == key)
                tell(row, "withdrawn", last, row["file"])
            elif now["content"] != row["content"]:
                tell(row, "changed", now["known_from"], now["file"])
    return {place: tuple(sums) for place, sums in entered.items()}, rewritten


def counted(
    events: list[dict], versions: list[dict], url: str = "duckdb:///:memory:"
) -> tuple[dict, Counter]:
    with filled({"followup": versions}, url) as connection:
        bulk_insert(connection, records.event, arrow(records.event, events))
        files = [
            dict.fromkeys((c.name for c in records.source_file.c if not c.nullable), 0)
            | {"file": file, "name": "f", "sha256": "", "layout": layout, "snapshot": False}
            for file, layout in LAYOUTS.items()
        ]
        bulk_insert(connection, records.source_file, arrow(records.source_file, files))
        assert len(connection.execute(select(records.event)).all()) == len(events)
        entry, rewriting = late.late_entry(connection, Horizon(JANUARY, JANUARY + 5))
    assert set(entry["source"]) | set(rewriting["source"]) <= {"followup"}
    added = entry["added"].astype("Int64").astype(object).where(entry["added"].notna(), None)
    counts = zip(entry["n"], entry["dated"], entry["late"], entry["after_report"], added, strict=True)
    places = zip(entry["unit"], entry["month"], entry["layout"], strict=True)
    names = ("unit", "month", "layout", "kind", "event", "on", "by")
    rows = zip(*(rewriting[name] for name in names), strict=True)
    return dict(zip(places, counts, strict=True)), Counter(dict(zip(rows, rewriting["n"], strict=True)))


@examples(6)
@given(seed=st.integers(0, 10**6))
def test_counts_are_those_of_one_key_at_a_time(seed):
    events, versions = history(seed)
    assert counted(events, versions) == slowly(events, versions)


def test_the_cases_are_all_there():
    kinds, unknown, late_rows = Counter(), 0, 0
    for seed in range(40):
        entered, rewritten = slowly(*history(seed))
        kinds.update(place[3] for place in rewritten)
        unknown += sum(sums[4] is None for sums in entered.values())
        late_rows += sum(sums[2] for sums in entered.values())
    assert set(kinds) == set(late.KINDS)
    assert unknown > 0
    assert late_rows > 0


def test_a_units_first_file_rewrites_nothing():
    """Unit 2 delivers in January, unit 3 its whole history in March, dated in time: none of it was reported before."""
    draw = random.Random(1)
    events = [
        {"event": n, "kind": "import", "at": dt.datetime(2026, month, 15), "by": "b"}
        for n, month in ((1, 1), (2, 3), (3, 5))
    ]
    about = {"file": 1, "day": dt.date(2026, 1, 5), "entered_on": dt.date(2026, 1, 6), "month": JANUARY}
    versions = [
        _row(draw, key, key, 1) | about | {"unit": unit, "known_from": event, "known_to": None}
        for key, (unit, event) in enumerate([(2, 1)] + [(3, 2)] * 5 + [(2, 2), (3, 3)], 1)
    ]
    february = {"day": dt.date(2026, 2, 5), "entered_on": dt.date(2026, 2, 6), "month": JANUARY + 1}
    versions.append(versions[-1] | february | {"key": 9, "row_id": 9})
    entered, rewritten = counted(events, versions)
    layout = LAYOUTS[1]
    assert entered == {
        (2, JANUARY, layout): (2, 2, 0, 0, 1),
        (3, JANUARY, layout): (6, 6, 0, 0, None),
        (3, JANUARY + 1, layout): (1, 1, 0, 0, None),
    }
    assert rewritten == {(2, JANUARY, layout, "backdated", 2, dt.date(2026, 3, 15), "b"): 1}
    assert (entered, rewritten) == slowly(events, versions)


@pytest.mark.parametrize("seed", [3, 11])
def test_engines_agree(postgres_url, seed):
    events, versions = history(seed)
    with new_database(postgres_url) as url:
        assert counted(events, versions, url) == slowly(events, versions)
