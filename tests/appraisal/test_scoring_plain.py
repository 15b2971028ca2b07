"""Random sheets and figures: the product's scores are those of a second scorer that shares no code with it."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from metrics.appraisal.scoring import Entry, Figure, score
from metrics.appraisal.sheet import frozen_text, parse

from . import plain
from .sheets import COUNT, SHARE, text_of

HUNDREDTHS = st.integers(1, 3000).map(lambda n: Decimal(n) / 100)
SHARES = st.integers(1, 1200).map(lambda n: Decimal(n) / 1000)
NUMBERS = st.integers(0, 20).map(Decimal)


@st.composite
def items(draw) -> dict:
    method = draw(st.sampled_from(["proportional", "yes_no", "steps", "deduction"]))
    is_share = draw(st.booleans())
    item = {"method": method, "weight": draw(HUNDREDTHS), "share": is_share, "up": is_share}
    bound = SHARES if is_share else NUMBERS
    if method in ("proportional", "yes_no"):
        item["baseline"] = draw(bound)
    if method == "steps":
        most = int(item["weight"] * 100)
        bounds = draw(st.lists(bound, min_size=1, max_size=min(4, most), unique=True))
        n = len(bounds)
        points = draw(st.lists(st.integers(0, most), min_size=n, max_size=n, unique=True))
        bounds.sort(reverse=is_share)
        points = [Decimal(one) / 100 for one in sorted(points, reverse=True)]
        item["steps"] = list(zip(bounds, points, strict=True))
    if method == "deduction":
        item["baseline"] = draw(st.none() | bound)
        item["off"] = draw(HUNDREDTHS)
        item["cap"] = draw(
            st.just(item["weight"])
            | st.integers(1, int(item["weight"] * 100)).map(lambda n: Decimal(n) / 100)
        )
        by_value = is_share and item["baseline"] is not None
        item["per"] = draw(
            st.sampled_from([Decimal("0.02"), Decimal("0.05")])
            if by_value
            else st.integers(1, 3).map(Decimal)
        )
    return item


@st.composite
def sheets(draw) -> list[list[dict]]:
    sections = draw(st.lists(st.lists(items(), min_size=1, max_size=4), min_size=1, max_size=4))
    for place, section in enumerate(sections):
        for number, item in enumerate(section):
            item["key"] = f"i{place}_{number}"
    return sections


def written(sections: list[list[dict]]) -> str:
    """The sheet as a bureau would write it."""
    parts = []
    for section in sections:
        part = {}
        for item in section:
            fields = [
                f"method = '{item['method']}'",
                f"weight = {item['weight']}",
                SHARE if item["share"] else COUNT,
            ]
            names = ("baseline", "off", "cap", "per")
            fields += [f"{name} = {item[name]}" for name in names if item.get(name) is not None]
            if "steps" in item:
                fields.append("steps = [" + ", ".join(f"[{b}, {p}]" for b, p in item["steps"]) + "]")
            part[item["key"]] = "; ".join(fields)
        parts.append(part)
    return text_of(*parts, full=sum(item["weight"] for section in sections for item in section))


@st.composite
def worlds(draw) -> tuple[list[list[dict]], dict[str, tuple | None]]:
    sections = draw(sheets())
    told = {}
    for item in (item for section in sections for item in section):
        if draw(st.integers(0, 3)) == 0:
            told[item["key"]] = None
        elif item["share"]:
            told[item["key"]] = (draw(st.integers(0, 130)), draw(st.integers(1, 120)))
        else:
            told[item["key"]] = (draw(st.integers(0, 40)), None)
    return sections, told


def _figure(top: int, bottom: int | None) -> Figure:
    return Figure(top, bottom, float(top) if bottom is None else top / bottom, None)


@given(worlds())
def test_agrees_with_a_plain_scorer(world) -> None:
    sections, told = world
    sheet = parse(written(sections), "random.toml")
    figures = {key: _figure(*one) for key, one in told.items() if one is not None}
    entries = {key: Entry(applies=False) for key, one in told.items() if one is None}
    found = score(sheet, figures, entries)
    points, total = plain.scored(sections, told)
    assert {line.item: line.points for line in found.lines if line.points is not None} == {
        key: int(value * 100) for key, value in points.items()
    }
    assert found.points == int(total * 100)
    assert parse(frozen_text(sheet), frozen=True) == sheet
    assert score(parse(frozen_text(sheet), frozen=True), figures, entries) == found


@given(worlds())
def test_weights_add_up_and_nothing_exceeds_them(world) -> None:
    sections, told = world
    sheet = parse(written(sections), "random.toml")
    figures = {key: _figure(*one) for key, one in told.items() if one is not None}
    found = score(sheet, figures, {key: Entry(applies=False) for key, one in told.items() if one is None})
    assert sum(line.weight for line in found.lines) == found.full
    assert found.full in (0, sheet.full)
    assert all(line.points is None or 0 <= line.points <= line.weight for line in found.lines)
    assert found.points == sum(line.points or 0 for line in found.lines)
    for item, line in zip(sheet.items, found.lines, strict=True):
        assert line.weight >= item.weight - 1 or told[item.key] is None  # nobody loses by others not applying


@given(worlds(), st.data())
def test_doing_better_never_costs_points(world, data) -> None:
    sections, told = world
    sheet = parse(written(sections), "random.toml")
    applying = [item for section in sections for item in section if told[item["key"]] is not None]
    if not applying:
        return
    item = data.draw(st.sampled_from(applying))
    top, bottom = told[item["key"]]
    better = told | {item["key"]: (top + 1, bottom) if item["up"] else (max(0, top - 1), bottom)}

    def total(of: dict) -> int:
        figures = {key: _figure(*one) for key, one in of.items() if one is not None}
        return score(
            sheet, figures, {key: Entry(applies=False) for key, one in of.items() if one is None}
        ).points

    assert total(better) >= total(told)
