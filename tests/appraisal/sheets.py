"""Small sheets for tests: items are written as one line each."""

from __future__ import annotations

from metrics.appraisal.sheet import Sheet, parse

HEAD = """
key = "small"
version = "1"
subject = "{subject}"
kinds = {kinds}
year_from = 2024
zh = "小表"
en = "A small sheet"
full = {full}
bonus = {bonus}
source = "考核办法〔2024〕1号"

[grades]
excellent = 90
good = 75
qualified = 60
source = "考核办法〔2024〕1号"
"""


def text_of(
    *sections: dict[str, str],
    full: float = 100,
    bonus: float = 0,
    subject: str = "unit",
    kinds: str = '["centre", "station", "clinic"]',
) -> str:
    """A sheet's text: every section is item key -> its fields in TOML, separated by ``;``."""
    lines = [HEAD.format(full=full, bonus=bonus, subject=subject, kinds=kinds)]
    for number, items in enumerate(sections, 1):
        lines += ["[[section]]", f'key = "s{number}"', f'zh = "第{number}部分"', f'en = "Part {number}"']
        for key, fields in items.items():
            lines += ["[[section.item]]", f'key = "{key}"', f'zh = "条目{key}"', f'en = "Item {key}"']
            lines += [field.strip() for field in fields.split(";")]
    return "\n".join(lines)


def sheet_of(*sections: dict[str, str], **more) -> Sheet:
    return parse(text_of(*sections, **more), "small.toml")


#: A share of people, more is better, and a count, less is better.
SHARE = 'card = "htn_control_rate"'
COUNT = 'card = "complaints"'
