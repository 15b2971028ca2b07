"""S15 卫生监督协管: patrols, what was found and reported, illegal practice."""

from __future__ import annotations

from metrics.card import Direction, Unit
from metrics.cards.shapes import System
from metrics.cards.sources import F003, F004, SPEC
from metrics.tables import activity, incident

_S = System("S15")
_PATROL = activity.c.kind == "patrol"
_LEAD = incident.c.kind == "supervision_lead"

CARDS = [
    _S.duty("hs_patrol", ("卫生监督协管巡查", "Supervision patrols"), activity, _PATROL),
    _S.count(
        "hs_patrol_count",
        ("协管巡查次数", "Number of patrols"),
        ("巡查了多少次？", "How many patrols were made?"),
        ("本期卫生监督协管巡查次数。", "Patrols of the period."),
        activity,
        _PATROL,
        unit=Unit.VISITS,
        direction=Direction.HIGHER,
        source=f"{SPEC}；{F003}",
        catalogue=("hs_patrol",),
    ),
    _S.share(
        "hs_info_report",
        ("协管信息报告率", "Supervision information reported"),
        ("发现的事件线索都报告了吗？", "Were the leads that were found reported?"),
        (
            "本期发现的协管事件（线索）中已报告者 ÷ 发现的事件（线索）数。",
            "Leads reported ÷ leads found in the period.",
        ),
        incident,
        incident.c.reported_at.is_not(None),
        _LEAD,
        what=incident.c.topic,
        source=f"{SPEC}；{F003}",
        reason=("发现后未报告", "found and not reported"),
    ),
    _S.share(
        "hs_illegal_practice",
        ("非法行医处置率", "Illegal practice acted on"),
        ("发现的非法行医都处置了吗？", "Was illegal practice acted on?"),
        (
            "本期发现的非法行医线索中已处置者 ÷ 发现的非法行医线索数。",
            "Leads on illegal practice acted on ÷ those found in the period.",
        ),
        incident,
        incident.c.closed_at.is_not(None),
        _LEAD,
        incident.c.topic == "illegal_practice",
        source=F004,
        direction=Direction.NONE,
        reason=("尚未处置", "not acted on"),
    ),
]
