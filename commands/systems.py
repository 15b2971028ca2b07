"""The list of requirements as text: printed by ``catalogue``, and written as ``docs/systems.md``.

``python -m commands.systems`` writes the document anew; a test says when it is out of date.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from metrics.card import Form, Words, words
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
    "S37": "数据质量 · Data quality",
}

FORMS: dict[Form, Words] = {
    Form.INDICATOR: words("指标", "indicator"),
    Form.DUTY: words("任务", "duty"),
    Form.CHECK: words("检查", "check"),
    Form.DOCUMENT: words("文件", "document"),
    Form.QUALITY: words("数据质量", "data quality"),
}
_OPEN = words("未做", "open")

_HEAD = """# Systems: every requirement and what answers it

Every requirement of the 36 systems and of data quality, its form (a computed indicator, a duty, a check of items, a
document or reported count, a measure of data quality), the cards that answer it and the record tables that these read.
Written by `python -m commands.systems` from the cards; do not edit by hand.
"""


def document() -> str:
    """The whole of ``docs/systems.md``."""
    parts = [_HEAD, _totals()]
    for system, rows in groupby(requirements(), key=lambda row: row.system):
        parts.append(
            f"\n## {system} {SYSTEMS[system]}\n\n"
            "| requirement | form | cards | records |\n|---|---|---|---|\n"
        )
        parts.extend(
            f"| {_name(row)} | {_form(row, 'en')} | {_cards(row)} | {', '.join(row.records)} |\n"
            for row in rows
        )
    return "".join(parts)


def listing(language: str) -> str:
    """Every requirement by system: form, row, name, then its cards and the record tables they read."""
    lines = []
    for system, rows in groupby(requirements(), key=lambda row: row.system):
        chinese, _, english = SYSTEMS[system].partition(" · ")
        lines.append(f"\n{system}  {chinese if language == 'zh' else english}")
        for row in rows:
            cards = " ".join(card.key for card in row.cards) or "—"
            lines.append(
                f"  {_form(row, language):{6 if language == 'zh' else 10}} {row.row:34} {row.name[language]}"
            )
            lines.append(f"      <- {cards}  [{' '.join(row.records) or '—'}]")
    return "\n".join([*lines, "", summary(language)])


def missing(language: str) -> str:
    """A line for each requirement without a card; "" where there is none."""
    rows = [row for row in requirements() if not row.is_done]
    return "\n".join(f"{row.system}  {row.row:34} {row.name[language]}" for row in rows)


def summary(language: str) -> str:
    """How many requirements there are, how many have a card, and of which forms these are."""
    rows = requirements()
    done = sum(row.is_done for row in rows)
    counts = {form: sum(row.form is form for row in rows) for form in Form}
    if language == "zh":
        forms = "、".join(f"{FORMS[form].zh} {n}" for form, n in counts.items())
        return f"要求 {len(rows)} 项，已做 {done} 项（{forms}）；指标卡 {len(CARDS)} 张。"
    forms = ", ".join(f"{n} {FORMS[form].en}" for form, n in counts.items())
    return f"{done} of {len(rows)} requirements have a card ({forms}); {len(CARDS)} cards."


def _totals() -> str:
    heads = " | ".join(FORMS[form].en for form in Form)
    lines = [f"\n| system | requirements | {heads} | open | cards |\n|---|---|{'---|' * len(Form)}---|---|\n"]
    rows = requirements()
    for system, group in groupby(rows, key=lambda row: row.system):
        cards = sum(card.system == system for card in CARDS.values())
        lines.append(f"| {system} {SYSTEMS[system]} | {_numbers(list(group))} | {cards} |\n")
    lines.append(f"| 合计 · all | {_numbers(list(rows))} | {len(CARDS)} |\n")
    return "".join(lines)


def _numbers(rows: list[Requirement]) -> str:
    by_form = [sum(row.form is form for row in rows) for form in (*Form, None)]
    return " | ".join(str(n) for n in (len(rows), *by_form))


def _name(row: Requirement) -> str:
    note = f"<br>{row.note.zh} {row.note.en}" if row.note else ""
    return f"`{row.row}` {row.name.zh} · {row.name.en}{note}"


def _form(row: Requirement, language: str) -> str:
    return (FORMS[row.form] if row.form else _OPEN)[language]


def _cards(row: Requirement) -> str:
    return ", ".join(f"`{card.key}`" for card in row.cards) or "—"


def main() -> None:
    DOCUMENT.write_text(document(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
