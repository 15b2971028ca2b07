"""The list of requirements as text: on the screen after ``catalogue``, and as ``docs/systems.md``.

``python -m commands.systems`` writes the document anew; a test says when it is out of date.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from metrics.cards import CARDS
from metrics.catalogue import Requirement, requirements

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "systems.md"

SYSTEMS = {
    "S04": "居民健康档案 · Health records",
    "S05": "家庭医生签约 · Family-doctor contracts",
    "S07": "预防接种 · Immunisation",
    "S10": "老年人健康管理 · Older residents",
    "S11": "高血压、糖尿病 · Hypertension and diabetes",
    "S17": "基本医疗 · Visits",
}

_HEAD = """# Systems: what is done, what is left out

Every requirement of the systems that exist, the cards that answer it, or the records that it lacks.
Written by `python -m commands.systems` from `metrics/cards/catalogue.csv`; do not edit by hand.
"""


def document() -> str:
    """The whole of ``docs/systems.md``."""
    parts = [_HEAD, _totals()]
    for system, rows in groupby(requirements(), key=lambda row: row.system):
        parts.append(
            f"\n## {system} {SYSTEMS[system]}\n\n| | requirement | cards, or what it lacks |\n|---|---|---|\n"
        )
        parts.extend(f"| {'✓' if row.is_done else '—'} | {_name(row)} | {_answer(row)} |\n" for row in rows)
    return "".join(parts)


def left_out(language: str) -> str:
    """Totals, and each requirement that has no card with the reason, a line each."""
    rows = [row for row in requirements() if not row.is_done]
    done = len(requirements()) - len(rows)
    lines = [f"{row.system}  {row.row:40} {row.name[language]}: {row.lacks[language]}" for row in rows]
    title = {"zh": "未做（缺少的记录）", "en": "left out (the records it lacks)"}[language]
    count = {
        "zh": f"目录要求 {len(requirements())} 项，已做 {done} 项。",
        "en": f"{done} of {len(requirements())} done.",
    }
    return "\n".join([title, *lines, "", count[language]])


def _totals() -> str:
    lines = ["\n| system | requirements | done | left out | cards |\n|---|---|---|---|---|\n"]
    for system, group in groupby(requirements(), key=lambda row: row.system):
        rows = list(group)
        done = sum(row.is_done for row in rows)
        cards = sum(card.system == system for card in CARDS.values())
        lines.append(
            f"| {system} {SYSTEMS[system]} | {len(rows)} | {done} | {len(rows) - done} | {cards} |\n"
        )
    done = sum(row.is_done for row in requirements())
    everything = len(requirements())
    lines.append(f"| 合计 · all | {everything} | {done} | {everything - done} | {len(CARDS)} |\n")
    return "".join(lines)


def _name(row: Requirement) -> str:
    return f"`{row.row}` {row.name.zh} · {row.name.en}"


def _answer(row: Requirement) -> str:
    if row.is_done:
        return ", ".join(f"`{card}`" for card in row.cards)
    return f"{row.lacks.zh}。{row.lacks.en}"


def main() -> None:
    DOCUMENT.write_text(document(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
