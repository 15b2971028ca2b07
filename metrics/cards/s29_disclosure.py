"""S29 公示满意度与投诉: what residents think and say, and what they are told."""

from __future__ import annotations

from sqlalchemy import literal, select, union_all

from metrics.card import Change, Direction, Form, Period, Unit
from metrics.cards.families import IN_USE, sampled
from metrics.cards.rules import events, kinds_of_year
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002, F003, F004
from metrics.tables import activity, document, facility, incident, sample

_S = System("S29")
_UP, _DOWN, _INFO = Direction.HIGHER, Direction.LOWER, Direction.NONE
_EVERYWHERE = ("centre", "station", "clinic")
_ACCIDENTS = incident.c.kind.in_(["medical_accident", "medical_dispute"])
_OPINIONS = incident.c.kind.in_(["complaint", "suggestion", "public_opinion"])
#: Disclosures of every kind: ``disclosure`` and those with a kind of their own.
_DISCLOSURES = activity.c.kind.like("disclosure%")


def _satisfied(key, name, ask, who, kind, source, **more):
    """Of the people asked in surveys of a kind, the share that is satisfied."""
    return sampled(
        _S,
        key,
        name,
        ask,
        (f"满意的{who[0]}数", f"{who[1]} who are satisfied"),
        (f"被调查的{who[0]}数", "those asked"),
        kind,
        source,
        **more,
    )


def _received(key, name, ask, kind, unit, direction, source, **more):
    """How many things of a kind were received and registered."""
    return _S.count(
        key,
        name,
        ask,
        (f"本期登记的{name[0]}。", f"{name[1]} registered in the period."),
        incident,
        incident.c.kind == kind,
        what=incident.c.topic,
        unit=unit,
        direction=direction,
        source=source,
        **more,
    )


_patients = _satisfied(
    "sat_patient",
    ("患者满意度", "Patients' satisfaction"),
    ("患者对服务满意吗？", "Are patients satisfied with the service?"),
    ("患者", "Patients"),
    "satisfaction",
    F002,
)

# Disclosures over accidents, each in the month of its day.
_disclosed = union_all(
    events(activity, activity.c.kind == "disclosure_incident", n=literal(1), of=literal(0)),
    events(incident, _ACCIDENTS, n=literal(0), of=literal(1)),
).subquery()

CARDS = [
    _patients,
    _S.changed(
        "sat_patient_change",
        ("患者满意度较上年变化", "Change of patients' satisfaction"),
        ("患者比上年更满意吗？", "Are patients more satisfied than last year?"),
        (
            "本期患者满意度 − 上年同期患者满意度（百分点）。",
            "Patients' satisfaction less that of the same period a year before, in points.",
        ),
        _patients,
        Change.POINTS,
        source=F002,
        catalogue=("sat_patient",),
    ),
    _satisfied(
        "sat_tcm",
        ("中医特色治疗包满意度", "Satisfaction with the package of Chinese medicine"),
        ("患者对中医特色治疗包满意吗？", "Are patients satisfied with the package of Chinese medicine?"),
        ("患者", "Patients"),
        "satisfaction_tcm",
        F002,
        catalogue=("sat_patient", "tcm_package_persons"),
    ),
    _satisfied(
        "sat_doctor_90",
        ("责任医生满意率", "Satisfaction with the responsible doctor"),
        ("居民对责任医生满意吗？", "Are residents satisfied with their responsible doctor?"),
        ("居民", "Residents"),
        "satisfaction_doctor",
        F000,
    ),
    _received(
        "sat_thanks_letters",
        ("表扬信封数", "Letters of thanks"),
        ("收到多少封表扬信？", "How many letters of thanks were received?"),
        "thanks_letter",
        Unit.PIECES,
        _UP,
        F002,
        catalogue=("sat_commendations",),
    ),
    _received(
        "sat_banners",
        ("锦旗面数", "Silk banners"),
        ("收到多少面锦旗？", "How many silk banners were received?"),
        "silk_banner",
        Unit.PIECES,
        _UP,
        F002,
        catalogue=("sat_commendations",),
    ),
    _received(
        "sat_suggestions",
        ("意见建议条数", "Suggestions"),
        ("收集到多少条意见建议？", "How many suggestions were collected?"),
        "suggestion",
        Unit.ITEMS,
        _UP,
        F002,
    ),
    _received(
        "complaints",
        ("投诉件数", "Complaints"),
        ("收到多少件投诉？", "How many complaints were received?"),
        "complaint",
        Unit.CASES,
        _DOWN,
        f"{F003}；{F004}",
    ),
    _S.duty(
        "sat_regular_survey",
        ("定期满意度调查", "Regular survey of satisfaction"),
        sample,
        sample.c.kind == "satisfaction",
    ),
    _S.duty(
        "disc_staff_assessment",
        ("考核与测评结果公示", "Results of appraisals made public"),
        activity,
        activity.c.kind == "disclosure_appraisal",
    ),
    _S.check(
        "disc_prices",
        ("价格公示", "Prices made public"),
        _EVERYWHERE,
        source=F000,
    ),
    _S.card(
        "disc_incidents",
        ("医疗事故及纠纷处理公示率", "Accidents and disputes made public"),
        ("医疗事故和纠纷的处理都公示了吗？", "Was the handling of accidents and disputes made public?"),
        (
            "本期公示医疗事故及纠纷处理的次数 ÷ 本期登记的医疗事故和纠纷例数；没有事故纠纷时没有数值。",
            "Disclosures of how accidents and disputes were handled over those registered in the period; "
            "no figure where there were none.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.FLOW,
        source=F000,
        reads=("activity", "incident"),
        numerator=select(*_disclosed.c),
        caveat=(
            "公示可能晚于发生的月份，以全年累计为准。",
            "A disclosure may follow in a later month: the year so far is what counts.",
        ),
    ),
    _S.card(
        "disc_channels",
        ("公示渠道种类", "Channels of disclosure"),
        ("用了几种渠道公示？", "Through how many channels is information made public?"),
        (
            "本年截至月末各类公示用过的渠道种类数（公开栏、会议、网络等）；每一级机构各自去重。",
            "Channels used this year for disclosures of every kind (board, meeting, web), counted anew at each level.",
        ),
        unit=Unit.KINDS,
        direction=_INFO,
        period=Period.IN_YEAR,
        source=F000,
        reads=("activity",),
        numerator=kinds_of_year(activity, activity.c.channel, _DISCLOSURES),
        each_level=True,
    ),
    _S.of_units_with(
        "complaint_platform",
        ("有举报投诉渠道的机构", "Units with a channel for complaints"),
        ("居民有地方举报投诉吗？", "Can residents complain somewhere?"),
        (
            "月末有举报投诉渠道（热线、平台、意见箱）的机构数 ÷ 机构数。",
            "Units with a channel for complaints (line, platform, box) at the month's end over all units.",
        ),
        _EVERYWHERE,
        facility,
        facility.c.kind == "complaint_channel",
        IN_USE,
        source=F004,
        reason=("没有举报投诉渠道", "has no channel for complaints"),
    ),
    _S.stock(
        "sat_benefit_policies",
        ("惠民优惠政策项数", "Policies in favour of residents"),
        ("有几项惠民优惠政策？", "How many policies favour residents?"),
        (
            "月末仍在执行的惠民优惠政策项数，各机构分别计。",
            "Policies in favour of residents in force at the month's end; each unit counts its own.",
        ),
        document,
        document.c.kind == "benefit_policy",
        what=document.c.topic,
        unit=Unit.ITEMS,
        direction=_INFO,
        source=F003,
        form=Form.DOCUMENT,
    ),
    _S.share(
        "disc_public_supervision",
        ("群众意见办结率", "Opinions of the public dealt with"),
        ("群众的意见和投诉都处理了吗？", "Were the opinions of the public dealt with?"),
        (
            "本期收到的投诉、意见建议和舆情中，已办结的比例，按收到月份统计。",
            "Of complaints, suggestions and public opinions received in the period, those dealt with.",
        ),
        incident,
        incident.c.closed_at.is_not(None),
        _OPINIONS,
        what=incident.c.topic,
        source=F004,
        reason=("尚未办结", "not dealt with yet"),
    ),
]
