"""S34 年度总结与计划: what must be written and handed in, and whether it is true."""

from __future__ import annotations

from metrics.card import Direction, Form, Unit
from metrics.cards.families import sampled
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002
from metrics.sql import month_of
from metrics.tables import document

_S = System("S34")

CARDS = [
    _S.duty(
        "doc_annual_summary",
        ("年度总结", "Annual summary"),
        document,
        document.c.kind == "annual_summary",
    ),
    _S.duty(
        "doc_annual_plan",
        ("年度工作计划", "Annual plan"),
        document,
        document.c.kind == "annual_plan",
    ),
    _S.duty(
        "doc_half_summary",
        ("半年总结", "Half-year summary"),
        document,
        document.c.kind == "half_summary",
    ),
    _S.count(
        "doc_problem_section",
        ("总结列出的问题条数", "Problems named in summaries"),
        ("总结里写明了多少条问题？", "How many problems do the summaries name?"),
        (
            "本期年度总结和半年总结中列出的存在问题条数之和，按总结所属月份统计。",
            "Problems named in annual and half-year summaries, in the month that they are about.",
        ),
        document,
        document.c.kind.in_(["annual_summary", "half_summary"]),
        n=document.c["items"],
        unit=Unit.ITEMS,
        direction=Direction.NONE,
        source=F002,
        form=Form.DOCUMENT,
    ),
    _S.share(
        "doc_report_forms",
        ("统计报表按时上报率", "Reports handed in on time"),
        ("统计报表按时上报了吗？", "Were reports handed in on time?"),
        (
            "本期到期的统计报表中，在截止日当天或之前上报且未被审核为不完整的比例，按截止月份统计。",
            "Of reports due in the period, those handed in on the due day or before and not found incomplete.",
        ),
        document,
        (document.c.day <= document.c.due_on) & document.c.good.is_not(False),
        document.c.kind == "report",
        document.c.due_on.is_not(None),
        month=month_of(document.c.due_on),
        what=document.c.topic,
        source=F000,
        form=Form.DOCUMENT,
        reason=("未按时上报或不完整", "late or incomplete"),
    ),
    sampled(
        _S,
        "doc_data_authentic",
        ("统计数据真实率", "Reported data found genuine"),
        ("上报的数据经得起核查吗？", "Do reported data stand up to a check?"),
        ("核实真实准确的数据项数", "Entries found true and accurate"),
        ("抽查的数据项数", "entries verified"),
        "data_authentic",
        F000,
    ),
]
