"""S17 基本医疗, its quality: accidents, first contact, documents, records of clinics, critical cases."""

from __future__ import annotations

from sqlalchemy import and_, func, select

from metrics.card import Direction, Gap, Period, Unit
from metrics.cards.families import sampled
from metrics.cards.rules import span_of, standing
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002, F003, F004
from metrics.sql import at_least, at_most, year_start
from metrics.standards import by_day
from metrics.tables import incident, referral, staff, training

_S = System("S17")

# Who passed the examination counts from that month to the year's end, while employed.
_s, _e = span_of(staff.c.start_on, staff.c.end_on)
_passes = (
    select(
        staff.c.row_id.label("thing"),
        staff.c.unit,
        _s.label("s"),
        _e.label("e"),
        year_start(training.c.month).label("y0"),
        func.min(training.c.month).label("month"),
    )
    .select_from(
        staff.join(training, and_(training.c.unit == staff.c.unit, training.c.staff_no == staff.c.staff_no))
    )
    .where(staff.c.technical, training.c.kind == "three_basics_exam", training.c.passed)
    .group_by(staff.c.row_id, staff.c.unit, _s, _e, year_start(training.c.month))
    .subquery()
)
_from, _to = at_least(_passes.c.s, _passes.c.month), at_most(_passes.c.e, _passes.c.y0 + 11)
_passed = select(_passes.c.thing, _passes.c.unit, _from.label("s"), _to.label("e")).where(_from <= _to)

CARDS = [
    _S.count(
        "medical_accidents",
        ("医疗事故和纠纷", "Medical accidents and disputes"),
        ("发生过医疗事故或纠纷吗？", "Were there medical accidents or disputes?"),
        ("本期登记的医疗事故和医疗纠纷例数。", "Medical accidents and disputes registered in the period."),
        incident,
        incident.c.kind.in_(["medical_accident", "medical_dispute"]),
        what=incident.c.topic,
        unit=Unit.CASES,
        direction=Direction.LOWER,
        source=F003,
    ),
    sampled(
        _S,
        "first_visit_responsibility",
        ("首诊在基层比例", "First contacts made in the community"),
        ("居民看病首先来基层吗？", "Do residents come to the community first?"),
        ("在基层机构首诊的人次", "First contacts made in community institutions"),
        ("首诊人次", "first contacts"),
        "first_contact",
        f"{F003}；{F000}",
        caveat=(
            "辖区外和医院的首诊由医保或抽样登记汇总，诊疗记录本身只有基层的就诊。",
            "First contacts at hospitals come from the insurer or a sample: visits on record are the community's own.",
        ),
    ),
    sampled(
        _S,
        "diagnosis_rate",
        ("有需要居民就诊率", "Residents in need who were treated"),
        ("需要看病的居民都看上病了吗？", "Were residents who needed care treated?"),
        ("由责任医生诊治的居民数", "Residents treated by the responsible doctor"),
        ("需要诊治的居民数", "residents who needed care"),
        "care_need",
        F000,
    ),
    sampled(
        _S,
        "medical_document_quality",
        ("医疗文书合格率", "Medical documents of good quality"),
        ("门诊病历等医疗文书写得合格吗？", "Are medical documents written properly?"),
        ("评审合格的医疗文书份数", "Documents that passed review"),
        ("评审的医疗文书份数", "documents reviewed"),
        "medical_document",
        F000,
    ),
    _S.check(
        "five_records",
        ("村卫生室“五有”登记", "Five kinds of records at village clinics"),
        ("clinic",),
        source=F004,
    ),
    _S.card(
        "three_basics_exam",
        ("“三基”考核合格率", "Staff who passed the examination in the basics"),
        ("卫生技术人员“三基”考核都合格了吗？", "Did the technical staff pass the examination in the basics?"),
        (
            "月末在岗的卫生技术人员中，本年至今“三基”考核合格者的比例；还没有参加的计入分母。",
            "Of the technical staff at work at the month's end, those who passed in the year so far; "
            "who has not sat it yet counts as not passed.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=F000,
        reads=("staff", "training"),
        numerator=_passed,
        listed=standing(staff, staff.c.technical, what=staff.c.role),
        gap=Gap.THINGS,
        reason=("本年“三基”考核未合格", "has not passed this year"),
    ),
    _S.check(
        "queue_flex_scheduling",
        ("弹性排班", "Flexible roster"),
        ("centre",),
        source=F002,
    ),
    _S.share(
        "int_emergency_first_aid",
        ("急危重症及时转诊率", "Critical cases transferred in time"),
        ("急危重病人及时转诊了吗？", "Were critical cases transferred in time?"),
        (
            "本期上转的急危重症中，从申请到接收不超过 {critical_transfer_minutes} 分钟的比例；没有记录时长的不计。",
            "Of critical cases referred up whose time is known, those accepted within {critical_transfer_minutes} minutes.",
        ),
        referral,
        referral.c.minutes <= by_day("critical_transfer_minutes", referral.c.day),
        referral.c.direction == "up",
        referral.c.severe,
        referral.c.minutes >= 0,
        source=F004,
        reason=("未在时限内转诊", "was not transferred in time"),
        parameters=("critical_transfer_minutes",),
        caveat=("初级救护是否到位不在记录内。", "Whether first aid was given is not on record."),
    ),
]
