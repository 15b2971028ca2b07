"""Every score explains itself: the sentences by hand, and their numbers against the line in both languages."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.words import entries
from metrics.appraisal.explaining import sentence
from metrics.appraisal.scoring import Entry, Figure, score
from metrics.appraisal.sheet import shown
from metrics.sentences import FOLDER

from .sheets import COUNT, SHARE, sheet_of


def both(
    fields: str, figure: Figure | None = None, entry: Entry | None = None, bonus: float = 0
) -> tuple[str, str]:
    """The sentence of an item named 条目a in both languages, beside another that fills the sheet up to 100."""
    weight = re.search(r"weight = ([\d.]+)", fields)
    rest = 100 - float(weight[1]) if weight and "bonus" not in fields else 100
    sheet = sheet_of({"a": fields, "b": f"method = 'manual'; weight = {rest:g}"}, bonus=bonus)
    found = score(sheet, {"a": figure} if figure else {}, {"a": entry} if entry else {})
    return tuple(sentence(found.line("a"), sheet.item("a"), language) for language in ("zh", "en"))


def share(top: int, bottom: int, baseline: float | None = None, status: str = "ok") -> Figure:
    return Figure(top, bottom, top / bottom if bottom else None, baseline, status)


def number(n: float, baseline: float | None = None) -> Figure:
    return Figure(n, None, n, baseline)


@pytest.mark.parametrize(
    ("fields", "figure", "entry", "zh", "en"),
    [
        (
            f"method = 'proportional'; weight = 10; {SHARE}; baseline = 0.8",
            share(1234, 1707),
            None,
            "条目a 72.3%（1,234 ÷ 1,707），基准 ≥80%，得 9.04 分（满分 10 分）。",
            "Item a 72.3% (1,234 ÷ 1,707); baseline ≥80%: 9.04 of 10 points.",
        ),
        (
            "method = 'proportional'; weight = 10; card = 'el_mgmt_rate'; baseline = 'target'; pro_rata = true",
            share(36, 100, 0.48),
            None,
            "条目a 36.0%（36 ÷ 100），按进度应 ≥48%，得 7.5 分（满分 10 分）。",
            "Item a 36.0% (36 ÷ 100); due by now ≥48%: 7.5 of 10 points.",
        ),
        (
            f"method = 'steps'; weight = 10; {SHARE}; steps = [[0.9, 10], [0.75, 6]]",
            share(4, 5),
            None,
            "条目a 80.0%（4 ÷ 5），达到 ≥75% 一档，得 6 分（满分 10 分）。",
            "Item a 80.0% (4 ÷ 5); reaches the step ≥75%: 6 of 10 points.",
        ),
        (
            f"method = 'steps'; weight = 10; {SHARE}; steps = [[0.9, 10], [0.75, 6]]",
            share(1, 5),
            None,
            "条目a 20.0%（1 ÷ 5），未达最低一档 ≥75%，得 0 分（满分 10 分）。",
            "Item a 20.0% (1 ÷ 5); below the lowest step ≥75%: 0 of 10 points.",
        ),
        (
            f"method = 'deduction'; weight = 10; {COUNT}; off = 2; cap = 5",
            number(3),
            None,
            "条目a 3 例，每 1 例扣 2 分，共扣 5 分（最多扣 5 分），得 5 分（满分 10 分）。",
            "Item a 3 cases; 2 off per 1 case, 5 off in all (5 off at most): 5 of 10 points.",
        ),
        (
            f"method = 'deduction'; weight = 10; {SHARE}; off = 0.5; per = 0.02; baseline = 0.9",
            share(86, 100),
            None,
            "条目a 86.0%（86 ÷ 100），基准 ≥90%，低 4 个百分点，每低 2 个百分点扣 0.5 分，共扣 1 分，得 9 分（满分 10 分）。",
            "Item a 86.0% (86 ÷ 100); baseline ≥90%; 4 percentage points below, 0.5 off per 2 percentage points, "
            "1 off in all: 9 of 10 points.",
        ),
        (
            "method = 'deduction'; weight = 10; card = 'fin_monthly_settlement'; off = 1.5",
            share(7, 9),
            None,
            "条目a 77.8%（7 ÷ 9），2 项未达到，每 1 项扣 1.5 分，共扣 3 分，得 7 分（满分 10 分）。",
            "Item a 77.8% (7 ÷ 9); 2 items not met, 1.5 off per 1 item, 3 off in all: 7 of 10 points.",
        ),
        (
            f"method = 'deduction'; weight = 10; {COUNT}; off = 0.2",
            number(1),
            None,
            "条目a 1 例，每 1 例扣 0.2 分，共扣 0.2 分，得 9.8 分（满分 10 分）。",
            "Item a 1 case; 0.2 off per 1 case, 0.2 off in all: 9.8 of 10 points.",
        ),
        (
            f"method = 'deduction'; weight = 10; {COUNT}; off = 2",
            number(0),
            None,
            "条目a 0 例，没有扣分，得 10 分（满分 10 分）。",
            "Item a 0 cases; nothing off: 10 of 10 points.",
        ),
        (
            f"method = 'yes_no'; weight = 10; {SHARE}; baseline = 0.8",
            share(3999, 5000),  # 79.98 %, which is 80.0 % when rounded: one decimal more shows why
            None,
            "条目a 79.98%（3,999 ÷ 5,000），基准 ≥80%，得 0 分（满分 10 分）。",
            "Item a 79.98% (3,999 ÷ 5,000); baseline ≥80%: 0 of 10 points.",
        ),
        (
            "method = 'manual'; weight = 10",
            None,
            Entry(points=850, note="缺签到表一份。"),
            "条目a，人工评分，得 8.5 分（满分 10 分）；说明：缺签到表一份。",
            "Item a; scored by hand: 8.5 of 10 points; note: 缺签到表一份.",
        ),
        (
            f"method = 'proportional'; weight = 10; {SHARE}; baseline = 0.8",
            share(1, 2),
            Entry(points=1000, note="现场核对"),
            "条目a 50.0%（1 ÷ 2），人工评分，得 10 分（满分 10 分）；说明：现场核对。",
            "Item a 50.0% (1 ÷ 2); scored by hand: 10 of 10 points; note: 现场核对.",
        ),
        (
            f"method = 'proportional'; weight = 10; {SHARE}; baseline = 0.8",
            share(0, 0, status="empty"),
            None,
            "条目a，没有可考核的对象，不适用，10 分按比例分给其他条目。",
            "Item a: nothing to assess, does not apply, its points (10) pass to the other items.",
        ),
        (
            f"method = 'proportional'; weight = 10; {SHARE}; baseline = 0.8",
            share(1, 4, status="part"),
            None,
            "条目a 25.0%（1 ÷ 4），部分机构未上报，待定。",
            "Item a 25.0% (1 ÷ 4): delivered in part, to be decided.",
        ),
        (
            f"method = 'proportional'; weight = 10; {SHARE}; baseline = 'target'",
            share(1, 4),
            None,
            "条目a 25.0%（1 ÷ 4），没有当年目标，待定。",
            "Item a 25.0% (1 ÷ 4): no target for the year, to be decided.",
        ),
        (f"method = 'yes_no'; weight = 10; {SHARE}; baseline = 1", None, None, "条目a，数据未上报，待定。", "Item a: not delivered, to be decided."),
        ("method = 'manual'; weight = 10", None, None, "条目a，待评分。", "Item a: to be scored."),
        (
            f"method = 'veto'; {COUNT}; baseline = 0",
            number(2),
            None,
            "条目a 2 例，要求 ≤0 例，一票否决。",
            "Item a 2 cases; required ≤0 cases: veto.",
        ),
        ("method = 'veto'", None, None, "条目a，未认定。", "Item a: not pronounced."),
        (
            "method = 'veto'",
            None,
            Entry(applies=True, note="抽查不实"),
            "条目a，经认定一票否决；说明：抽查不实。",
            "Item a: veto pronounced; note: 抽查不实.",
        ),
        (
            "method = 'bonus'; weight = 4; card = 'he_lectures'; baseline = 12; per = 2; off = 1",
            number(17),
            None,
            "条目a 17 场，超出 12 场的部分每 2 场加 1 分，加 2 分（最多 4 分）。",
            "Item a 17 sessions; 1 for each 2 sessions beyond 12 sessions: 2 bonus points (4 at most).",
        ),
        ("method = 'bonus'; weight = 4", None, None, "条目a，未加分。", "Item a: no bonus."),
        (
            "method = 'proportional'; weight = 10; card = 'fund_village_subsidy_rate'; baseline = 1",
            share(1_234_500, 2_469_000),  # fen
            None,
            "条目a 50.0%（12,345.0 元 ÷ 24,690.0 元），基准 ≥100%，得 5 分（满分 10 分）。",
            "Item a 50.0% (12,345.0 yuan ÷ 24,690.0 yuan); baseline ≥100%: 5 of 10 points.",
        ),
    ],
)  # fmt: skip
def test_sentences(fields, figure, entry, zh, en) -> None:
    assert both(fields, figure, entry, bonus=5) == (zh, en)


def test_a_weight_that_grew_is_said() -> None:
    items = {key: f"method = 'yes_no'; weight = 50; {SHARE}; baseline = 1" for key in "ab"}  # noqa: C420
    sheet = sheet_of(items)
    found = score(sheet, {"a": share(1, 1), "b": share(0, 0, status="empty")}, {})
    told = [sentence(found.line("a"), sheet.item("a"), language) for language in ("zh", "en")]
    assert told == [
        "条目a 100.0%（1 ÷ 1），基准 ≥100%，得 100 分（满分 100 分，原 50 分）。",
        "Item a 100.0% (1 ÷ 1); baseline ≥100%: 100 of 100 points (weight in the sheet 50).",
    ]


@given(st.integers(0, 20_000), st.integers(1, 20_000), st.integers(1, 1000), st.integers(1, 10_000))
def test_numbers_of_a_sentence_are_those_of_the_line(
    top: int, bottom: int, baseline: int, weight: int
) -> None:
    base = Decimal(baseline) / 1000
    fields = f"method = 'proportional'; weight = {Decimal(weight) / 100}; {SHARE}; baseline = {base}"
    rest = Decimal(20_000 - weight) / 100
    sheet = sheet_of({"a": fields, "b": f"method = 'manual'; weight = {rest}"}, full=200)
    line = score(sheet, {"a": share(top, bottom)}, {}).line("a")
    expected = [
        f"{top:,}",
        f"{bottom:,}",
        f"{base * 100:,.3f}".rstrip("0").rstrip("."),
        shown(line.points),
        shown(weight),
    ]
    for language in ("zh", "en"):
        told = sentence(line, sheet.item("a"), language)
        value, *others = re.findall(r"\d[\d,]*\.?\d*(?=%|\D|$)", told)
        assert [one.rstrip(".") for one in others] == expected
        assert abs(Decimal(value.replace(",", "")) - Decimal(100 * top) / bottom) <= Decimal("0.05")


def test_both_catalogues_say_the_same_things() -> None:
    zh, en = entries(FOLDER, "zh"), entries(FOLDER, "en")
    mine = [key for key in zh if key.startswith("appraisal.")]
    assert mine == [key for key in en if key.startswith("appraisal.")]
    for key in mine:
        assert Counter(re.findall(r"{(\w+)}", zh[key])) == Counter(re.findall(r"{(\w+)}", en[key])), key
