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
    "S01": "机构网络 · Institutions",
    "S02": "设施设备 · Facilities and equipment",
    "S03": "人才队伍 · Workforce",
    "S04": "居民健康档案 · Health records",
    "S05": "家庭医生签约 · Family doctors",
    "S06": "健康教育 · Health education",
    "S07": "预防接种 · Immunisation",
    "S08": "儿童健康 · Child health",
    "S09": "孕产妇与妇女保健 · Maternal and women's health",
    "S10": "老年人健康 · Older residents",
    "S11": "高血压与糖尿病 · Hypertension and diabetes",
    "S12": "精神卫生 · Mental health",
    "S13": "传染病与突发事件 · Infectious disease and emergencies",
    "S14": "结核病与艾滋病 · Tuberculosis and HIV",
    "S15": "卫生监督协管 · Health supervision",
    "S16": "中医药服务 · Chinese medicine",
    "S17": "基本医疗 · Basic care",
    "S18": "双向转诊 · Referral",
    "S19": "康复与残疾人 · Rehabilitation",
    "S20": "药品耗材 · Drugs and supplies",
    "S21": "机构财务 · Finance",
    "S22": "公卫经费 · Public-health funds",
    "S23": "医疗保险 · Insurance",
    "S24": "乡村一体化 · Village clinics",
    "S25": "督导整改 · Supervision",
    "S26": "绩效考核 · Appraisal",
    "S27": "乡村医生 · Village doctors",
    "S28": "信息化 · Information systems",
    "S29": "公示与投诉 · Disclosure and complaints",
    "S30": "计划生育 · Family planning",
    "S31": "爱国卫生 · Environment",
    "S32": "特色服务 · Special programmes",
    "S33": "流动人口 · Floating population",
    "S34": "总结与计划 · Summaries and plans",
    "S35": "医疗安全 · Safety",
    "S36": "行风建设 · Conduct",
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
