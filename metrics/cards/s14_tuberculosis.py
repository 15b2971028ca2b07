"""S14 结核病与艾滋病: suspects referred, patients under supervised treatment, regular medication."""

from __future__ import annotations

from sqlalchemy import and_, literal, select

from metrics.card import Direction, Gap, Period, Unit
from metrics.cards.rules import events, span_of
from metrics.cards.shapes import System
from metrics.cards.sources import F003, SPEC
from metrics.facts import stay
from metrics.sql import merged, month_of, one, within
from metrics.standards import by_day
from metrics.tables import activity, referral, tb_course

_S = System("S14")
_UP = Direction.HIGHER
_t = tb_course.c
_s, _e = span_of(_t.managed_on, _t.ended_on)
_supervised = merged(
    select(_t.person, _s.label("s"), _e.label("e")).where(_t.managed_on.is_not(None), _s <= _e).subquery(),
    "person",
).subquery()

CARDS = [
    _S.count(
        "tb_suspect_referred",
        ("疑似肺结核转诊人次", "Suspected tuberculosis referred"),
        ("转诊了多少名疑似肺结核病人？", "How many people with suspected tuberculosis were referred?"),
        ("本期因疑似肺结核上转的人次。", "Referrals up for suspected tuberculosis in the period."),
        referral,
        referral.c.disease == "tb",
        referral.c.direction == "up",
        unit=Unit.PERSON_TIMES,
        direction=_UP,
        source=F003,
    ),
    _S.card(
        "tb_dot_managed",
        ("督导管理的肺结核病人数", "Tuberculosis patients under supervision"),
        ("督导管理着多少名肺结核病人？", "How many tuberculosis patients are under supervision?"),
        (
            "月末在管且已开始督导管理、疗程未结束的肺结核病人数，计入管理该病人的机构；死亡、迁出后不再计。",
            "Tuberculosis patients whose supervision has begun and whose course has not ended at the month's end, at the unit "
            "that manages them; whoever died or moved away is out.",
        ),
        unit=Unit.PERSONS,
        direction=_UP,
        period=Period.AS_OF,
        source=F003,
        reads=("tb_course",),
        numerator=within(_supervised, stay),
    ),
    _S.card(
        "tb_mgmt_rate",
        ("肺结核患者管理率", "Tuberculosis patients managed"),
        ("通知的肺结核患者都管理了吗？", "Were the patients notified to the unit managed?"),
        (
            "本期通知的肺结核患者中已督导管理者 ÷ 本期通知的患者。",
            "Patients supervised ÷ patients notified in the period.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.COHORT,
        source=f"{SPEC}；{F003}",
        catalogue=("tb_dot_managed",),
        reads=("tb_course",),
        numerator=events(
            tb_course, n=one(_t.managed_on.is_not(None)), of=literal(1), month=month_of(_t.notified_on)
        ),
        gap=Gap.THINGS,
        reason=("已通知，未管理", "notified and not managed"),
    ),
    _S.card(
        "tb_regular_rate",
        ("肺结核患者规则服药率", "Tuberculosis: regular medication"),
        (
            "完成治疗的患者规则服药了吗？",
            "Did the patients who completed treatment take their drugs regularly?",
        ),
        (
            "本期完成治疗的患者中，全程实服次数不少于应服次数 {tb_dose_percent}%（参数）者 ÷ 本期完成治疗的患者。",
            "Patients who took at least {tb_dose_percent} % (a parameter) of the doses due ÷ patients who completed treatment in the period.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.COHORT,
        source=f"{SPEC}；{F003}",
        catalogue=("tb_dot_managed",),
        reads=("tb_course",),
        numerator=events(
            tb_course,
            _t.completed.is_(True),
            _t.ended_on.is_not(None),
            n=one(
                and_(
                    _t.doses_due > 0,
                    _t.doses_taken * 100 >= _t.doses_due * by_day("tb_dose_percent", _t.ended_on),
                )
            ),
            of=literal(1),
            month=month_of(_t.ended_on),
        ),
        gap=Gap.THINGS,
        reason=("服药不足或没有服药记录", "too few doses, or none recorded"),
        parameters=("tb_dose_percent",),
    ),
    _S.duty(
        "hiv_tb_control",
        ("艾滋病、结核病防治活动", "Activities against HIV and tuberculosis"),
        activity,
        activity.c.topic.in_(["tb", "aids"]),
    ),
]
