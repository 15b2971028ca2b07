"""S04 居民健康档案, their upkeep: are records genuine, do they follow who moves, are the lists known."""

from __future__ import annotations

from metrics.cards.families import sampled
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F001, F003
from metrics.tables import activity, health_event

_S = System("S04")

CARDS = [
    sampled(
        _S,
        "hr_authenticity_rate",
        ("健康档案真实率", "Records found genuine"),
        ("抽查的档案都是真实的吗？", "Are the records that were verified genuine?"),
        ("核实为真实的档案份数", "Records found genuine"),
        ("抽查的档案份数", "records verified"),
        "record_authentic",
        f"{F000}；{F003}",
    ),
    _S.share(
        "hr_separation_transfer",
        ("户籍分离档案转接率", "Records that followed a move"),
        ("人户分离的居民，健康档案都转接了吗？", "Did the records of those who live elsewhere follow them?"),
        (
            "本期发现人户分离、需要转接档案的居民中，已完成转接的比例，按发现月份统计。",
            "Of residents found in the period to live apart from where they are registered, those whose record "
            "was handed over.",
        ),
        health_event,
        health_event.c.handled_on.is_not(None),
        health_event.c.kind == "record_transfer",
        source=F001,
        reason=("档案尚未转接", "the record was not handed over yet"),
    ),
    _S.check(
        "hr_keypop_roster",
        ("重点人群底数清", "Rosters of key populations"),
        ("centre", "station"),
        source=f"{F000}；{F001}",
    ),
    _S.duty(
        "hr_keypop_list_dynamic",
        ("重点人群管理清单动态调整", "Review of the lists of key populations"),
        activity,
        activity.c.kind == "keypop_review",
    ),
]
