"""S18 双向转诊与医联体: patients sent up and down, how fast, and what ties the centre to hospitals."""

from __future__ import annotations

from sqlalchemy import BigInteger, cast, func, literal

from metrics.card import Direction, Period, Unit
from metrics.cards.families import known_share, names_standing
from metrics.cards.rules import events
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002, F003
from metrics.sql import one
from metrics.tables import activity, document, encounter, lab_order, referral, staff

_S = System("S18")
_UP, _DOWN, _INFO = Direction.HIGHER, Direction.LOWER, Direction.NONE
_IS_UP, _IS_DOWN = referral.c.direction == "up", referral.c.direction == "down"
_AGREEMENT = document.c.kind == "referral_agreement"
_EXPERTS = activity.c.kind == "expert_session"
# Minutes to whole tenths of an hour, halves up.
_TENTHS = cast(func.floor((referral.c.minutes + 3) / 6.0), BigInteger)

CARDS = [
    _S.count(
        "rf_up",
        ("上转患者数", "Patients referred up"),
        ("上转了多少病人？", "How many patients were referred up?"),
        ("本期向上级医院转诊的例数。", "Referrals of the period to higher hospitals."),
        referral,
        _IS_UP,
        unit=Unit.CASES,
        direction=_INFO,
        source=F002,
    ),
    _S.count(
        "rf_down",
        ("下转患者数", "Patients referred down"),
        ("接回了多少下转病人？", "How many patients were referred down?"),
        ("本期上级医院下转、本机构接收的例数。", "Patients of the period sent back by hospitals."),
        referral,
        _IS_DOWN,
        unit=Unit.CASES,
        direction=_UP,
        source=F002,
    ),
    _S.card(
        "rf_down_up_ratio",
        ("下转上转比", "Referrals down for each one up"),
        ("每上转一例，下转几例？", "How many patients come down for each that goes up?"),
        ("本期下转例数 ÷ 上转例数。", "Referrals down over referrals up in the period."),
        unit=Unit.RATIO,
        direction=_UP,
        period=Period.FLOW,
        source=F002,
        reads=("referral",),
        numerator=events(referral, referral.c.direction.in_(["up", "down"]), n=one(_IS_DOWN), of=one(_IS_UP)),
    ),
    _S.card(
        "rf_time",
        ("平均转诊时间", "Mean time of a referral"),
        ("转诊要等多久？", "How long does a referral take?"),
        (
            "本期转诊从申请到接收的平均时长（小时）；没有记录时长的不计。",
            "Mean hours from request to acceptance, of the referrals whose time is known.",
        ),
        unit=Unit.HOURS,
        direction=_DOWN,
        period=Period.FLOW,
        source=F002,
        reads=("referral",),
        numerator=events(referral, referral.c.minutes >= 0, n=_TENTHS, of=literal(1)),
    ),
    _S.card(
        "rf_green_channel_hospitals",
        ("转诊绿色通道协作医院数", "Partner hospitals with a green channel"),
        ("与几家医院签了转诊协议？", "With how many hospitals is there a referral agreement?"),
        (
            "月末转诊协议有效的协作医院数；两家机构与同一医院签约的，上级只计一家。",
            "Hospitals with a referral agreement in force; one that two units share counts once above them.",
        ),
        unit=Unit.PIECES,
        direction=_UP,
        period=Period.AS_OF,
        source=f"{F002}；{F000}",
        reads=("document",),
        numerator=names_standing(document, document.c.topic, _AGREEMENT),
        each_level=True,
    ),
    _S.share(
        "rf_severe_success",
        ("严重急症上转成功率", "Severe emergencies handed over"),
        ("严重急症都成功上转了吗？", "Were severe emergencies handed over successfully?"),
        (
            "本期上转的严重急症中，已被接收并完成交接的比例；没有记录结果的不计。",
            "Of severe emergencies referred up whose outcome is known, those accepted and handed over.",
        ),
        referral,
        referral.c.success.is_(True),
        _IS_UP,
        referral.c.severe.is_(True),
        referral.c.success.is_not(None),
        source=F002,
        reason=("上转未成功", "was not handed over"),
    ),
    _S.stock(
        "rf_reserved_slots",
        ("协作医院预留号源数", "Appointments reserved at partner hospitals"),
        ("协作医院预留了多少号源？", "How many appointments do partner hospitals reserve?"),
        (
            "月末有效转诊协议约定的预留号源数之和；没有写明的按 0 计。",
            "Appointments reserved by the referral agreements in force; one that names none adds nothing.",
        ),
        document,
        _AGREEMENT,
        n=document.c["items"],
        unit=Unit.PIECES,
        direction=_UP,
        source=F000,
    ),
    _S.share(
        "rf_discharge_followup",
        ("下转患者跟踪服务率", "Patients sent back who were followed up"),
        ("出院下转的病人都跟踪服务了吗？", "Were patients who came back from hospital followed up?"),
        (
            "本期下转的患者中，回到社区后已有跟踪服务的比例，按下转月份统计。",
            "Of patients referred down in the period, those seen in the community since.",
        ),
        referral,
        referral.c.followed_on >= referral.c.day,
        _IS_DOWN,
        source=F000,
        reason=("下转后没有跟踪服务", "not seen since coming back"),
    ),
    _S.count(
        "rf_telemedicine",
        ("远程医疗例数", "Telemedicine cases"),
        ("做了多少例远程医疗？", "How many telemedicine cases were there?"),
        (
            "本期诊疗渠道为远程（会诊、影像、心电）的例数。",
            "Encounters of the period held remotely: consultations, imaging, electrocardiograms.",
        ),
        encounter,
        encounter.c.channel == "remote",
        unit=Unit.CASES,
        direction=_UP,
        source=f"{F000}；004_15fc63bc3e97ad6e.txt",
    ),
    _S.card(
        "rf_mutual_recognition",
        ("检查检验互认率", "Tests of other hospitals accepted"),
        ("多少检查采用了外院结果？", "For what share of tests was another hospital's result accepted?"),
        (
            "本期采用外院结果的检查检验 ÷ 来源标明是否互认的检查检验。",
            "Tests for which another hospital's result was accepted over tests of which the source tells.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.FLOW,
        source=F000,
        reads=("lab_order",),
        numerator=known_share(lab_order, lab_order.c.recognised),
    ),
    _S.stock(
        "rf_multi_site",
        ("多点执业医师数", "Hospital doctors who also practise here"),
        ("有多少医院医生来多点执业？", "How many hospital doctors also practise here?"),
        (
            "月末在岗、备案为多点执业的医师人数。",
            "Doctors at work at the month's end who are registered at several sites.",
        ),
        staff,
        staff.c.multi_site.is_(True),
        unit=Unit.PERSONS,
        direction=_UP,
        source=f"{F000}；{F003}",
    ),
    _S.count(
        "rf_expert_sessions",
        ("专家坐诊次数", "Sessions held by specialists"),
        ("专家来坐诊了几次？", "How often did specialists hold sessions?"),
        ("本期上级医院专家坐诊的次数。", "Sessions held by hospital specialists in the period."),
        activity,
        _EXPERTS,
        unit=Unit.SESSIONS,
        direction=_UP,
        source=F003,
        catalogue=("rf_multi_site",),
    ),
    _S.count(
        "rf_expert_persons",
        ("专家坐诊服务人次", "Patients seen by visiting specialists"),
        ("专家坐诊看了多少人次？", "How many patients did visiting specialists see?"),
        (
            "本期上级医院专家坐诊的就诊人次之和；没有登记人数的按 0 计。",
            "Patients seen at sessions of hospital specialists; one without a number adds nothing.",
        ),
        activity,
        _EXPERTS,
        n=activity.c.people,
        unit=Unit.PERSON_TIMES,
        direction=_UP,
        source=F003,
        catalogue=("rf_multi_site",),
    ),
    _S.check(
        "rf_specialist_platform",
        ("全科专科联系平台", "Liaison of general practitioners with specialists"),
        ("centre",),
        source=F000,
    ),
]
