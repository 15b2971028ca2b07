"""S31 爱国卫生与环境: checks in five steps, cleaning, pests, households, complaints, fees."""

from __future__ import annotations

from sqlalchemy import case, literal

from metrics.card import Card, Direction, Form, Unit
from metrics.cards.rules import tenths, whole
from metrics.cards.shapes import Pair, System
from metrics.cards.sources import F003
from metrics.tables import activity, document, finding, incident, money, sample

_S = System("S31")
_UP = Direction.HIGHER


def _step(step: str, zh: str, en: str, *more: str) -> Card:
    """One of the five steps of inspection: owed so often by every centre."""
    return _S.duty(
        f"env_check_{step}",
        (f"环境卫生{zh}", f"Environment: {en}"),
        activity,
        activity.c.kind == "env_check",
        activity.c.topic == step,
        catalogue=("env_inspection_levels", *more),
    )


def _amount(
    key: str,
    zh: str,
    en: str,
    kind: str,
    unit: Unit,
    ask: Pair,
    what: Pair,
    n=None,
    row: str | None = None,
    direction: Direction = Direction.NONE,
):
    """How much of something was done, as each entry says."""
    return _S.count(
        key,
        (zh, en),
        ask,
        (
            f"本期{what[0]}之和；没有登记数量的按 0 计。",
            f"Sum of {what[1]} in the period; an entry without a number adds nothing.",
        ),
        activity,
        activity.c.kind == kind,
        n=whole(activity.c.quantity) if n is None else n,
        unit=unit,
        direction=direction,
        source=F003,
        catalogue=(row or key,),
    )


CARDS: list[Card] = [
    _step("daily", "日检查（路段）", "daily check of roads", "env_inspection_frequency"),
    _step("weekly", "周评比（门面）", "weekly check of shop fronts", "env_inspection_frequency"),
    _step("monthly", "月考核（单位院落）", "monthly check of yards", "env_inspection_frequency"),
    _step("quarterly", "季小结（评比）", "quarterly rating", "env_inspection_frequency"),
    _step("yearly", "年总结", "yearly summary"),
    _S.ratio(
        "env_cleaning_hours",
        ("平均每日保洁时间", "Cleaning hours a day"),
        ("每天保洁多少小时？", "How many hours a day are streets cleaned?"),
        (
            "本期登记的保洁小时数之和 ÷ 登记次数（每日一条）；没有登记小时数的不计入。",
            "Hours of cleaning recorded in the period over the entries (one a day); entries without hours are left out.",
        ),
        activity,
        tenths(activity.c.quantity),
        literal(1),
        activity.c.kind == "cleaning",
        unit=Unit.HOURS,
        source=F003,
    ),
    _S.ratio(
        "env_waste_daily",
        ("垃圾日产日清率", "Days on which waste was cleared"),
        ("垃圾做到日产日清了吗？", "Was waste cleared on the day?"),
        (
            "本期垃圾当日清运的天数 ÷ 检查的天数。",
            "Days on which all waste was cleared over days looked at.",
        ),
        sample,
        sample.c.positive,
        sample.c.asked,
        sample.c.kind == "waste_daily",
        source=F003,
    ),
    _amount(
        "env_cleanup_stats",
        "清运垃圾吨数",
        "Waste removed",
        "waste_removed",
        Unit.TONNES,
        ("清运了多少吨垃圾？", "How many tonnes of waste were removed?"),
        ("清运垃圾吨数", "tonnes of waste removed"),
        n=tenths(activity.c.quantity),
    ),
    _amount(
        "env_dead_corners",
        "治理卫生死角处数",
        "Dirty corners cleaned up",
        "dead_corner",
        Unit.PIECES,
        ("治理了多少处卫生死角？", "How many dirty corners were cleaned up?"),
        ("治理卫生死角处数", "dirty corners cleaned up"),
        row="env_cleanup_stats",
    ),
    _amount(
        "env_posters",
        "清除小广告张数",
        "Illegal posters removed",
        "poster_removed",
        Unit.COPIES,
        ("清除了多少张小广告？", "How many illegal posters were removed?"),
        ("清除小广告张数", "posters removed"),
        row="env_cleanup_stats",
    ),
    _amount(
        "env_pest_control",
        "投放灭鼠药公斤数",
        "Rat bait laid out",
        "pest_bait",
        Unit.KILOGRAMS,
        ("投放了多少公斤灭鼠药？", "How many kilograms of rat bait were laid out?"),
        ("投放灭鼠药公斤数", "kilograms of bait"),
        n=tenths(activity.c.quantity),
    ),
    _amount(
        "env_pest_boards",
        "布放粘鼠板张数",
        "Glue boards laid out",
        "pest_board",
        Unit.COPIES,
        ("布放了多少张粘鼠板？", "How many glue boards were laid out?"),
        ("布放粘鼠板张数", "glue boards"),
        row="env_pest_control",
    ),
    _amount(
        "env_pest_bags",
        "发放灭害药袋数",
        "Bags of pest poison handed out",
        "pest_bag",
        Unit.PIECES,
        ("发放了多少袋灭鼠、灭蟑螂药？", "How many bags of poison were handed out?"),
        ("发放灭鼠、灭蟑螂药袋数", "bags handed out"),
        row="env_pest_control",
    ),
    _amount(
        "env_household_visits",
        "环境卫生入户宣传户数",
        "Households visited for hygiene",
        "env_visit",
        Unit.HOUSEHOLDS,
        ("入户宣传了多少户？", "How many households were visited?"),
        ("入户宣传户数", "households visited"),
    ),
    _amount(
        "env_households_treated",
        "入户投药户数",
        "Households treated against pests",
        "pest_household",
        Unit.HOUSEHOLDS,
        ("为多少户居民投药？", "How many households were treated?"),
        ("入户投药户数", "households treated"),
        row="env_household_visits",
    ),
    _S.share(
        "env_complaints_solved",
        ("卫生投诉解决率", "Sanitation complaints solved"),
        ("居民的卫生投诉都解决了吗？", "Were residents' complaints about hygiene solved?"),
        (
            "本期受理的卫生投诉中到目前已解决的比例。",
            "Of complaints about hygiene received in the period, the share solved by now.",
        ),
        incident,
        incident.c.closed_at.is_not(None),
        incident.c.kind == "sanitation_complaint",
        what=incident.c.topic,
        source=F003,
        reason=("投诉尚未解决", "the complaint is not solved"),
    ),
    _S.ratio(
        "env_responsibility_letters",
        ("门前责任书签订率", "Door responsibility letters signed"),
        ("门前三包（四包）责任书都签了吗？", "Have all shops and offices signed the letter?"),
        (
            "本期已签订门前三包（四包）责任书的单位和门面数 ÷ 应签订数。",
            "Offices and shops that signed the letter of responsibility for what lies before their door over those "
            "that owe one.",
        ),
        sample,
        sample.c.positive,
        sample.c.asked,
        sample.c.kind == "door_letter",
        source=F003,
    ),
    _S.count(
        "env_rectification_notices",
        ("环境卫生整改通知书份数", "Notices to clean up"),
        ("发了多少份环境卫生整改通知书？", "How many notices to clean up were issued?"),
        ("本期发出的环境卫生整改通知书份数。", "Notices to clean up issued in the period."),
        finding,
        finding.c.kind == "env_notice",
        unit=Unit.COPIES,
        source=F003,
    ),
    _amount(
        "env_month_participants",
        "爱国卫生月参与人次",
        "Participants of patriotic-health campaigns",
        "env_campaign",
        Unit.PERSON_TIMES,
        ("爱国卫生月活动有多少人次参与？", "How many took part in patriotic-health campaigns?"),
        ("爱国卫生月活动参与人次", "participants of campaigns"),
        n=activity.c.people,
        direction=_UP,
    ),
    _amount(
        "env_month_educated",
        "爱国卫生受教育人次",
        "People reached by patriotic-health education",
        "env_education",
        Unit.PERSON_TIMES,
        ("爱国卫生宣传教育了多少人次？", "How many people did patriotic-health education reach?"),
        ("爱国卫生宣传受教育人次", "people reached by patriotic-health education"),
        n=activity.c.people,
        row="env_month_participants",
        direction=_UP,
    ),
    _amount(
        "env_volunteers",
        "爱国卫生志愿者人次",
        "Volunteers for patriotic health",
        "env_volunteer",
        Unit.PERSON_TIMES,
        ("有多少志愿者人次参加？", "How often did volunteers take part?"),
        ("爱国卫生志愿者人次", "attendances of volunteers"),
        n=activity.c.people,
        row="env_month_participants",
        direction=_UP,
    ),
    _S.ratio(
        "env_fee_collection",
        ("两费收缴率", "Collection of the two fees"),
        ("应收的两费收上来多少？", "How much of the two fees due was collected?"),
        (
            "本期实收的卫生费、垃圾处理费 ÷ 本期应收；年度应收记在下达的月份，因此看本年累计。",
            "Sanitation and waste fees collected over fees due. What is due for a year stands in the month in which it "
            "is set, so look at the year so far.",
        ),
        money,
        case((money.c.account == "sanitation_fee_paid", money.c.amount), else_=0),
        case((money.c.account == "sanitation_fee_due", money.c.amount), else_=0),
        money.c.account.in_(["sanitation_fee_paid", "sanitation_fee_due"]),
        money.c.amount.is_not(None),
        parts=Unit.YUAN,
        source=F003,
    ),
    _S.of_units_with(
        "env_city_review",
        ("国家卫生城市复审通过", "National healthy-city review passed"),
        ("国家卫生城市复审通过了吗，还有效吗？", "Was the healthy-city review passed and is it still valid?"),
        (
            "月末国家卫生城市称号（复审）在有效期内的卫健局数 ÷ 卫健局数；没有写明到期日的一直有效。",
            "Bureaus whose title of healthy city is in force at the month's end over all bureaus; one without an end "
            "stays in force.",
        ),
        ("bureau",),
        document,
        document.c.kind == "city_review",
        source=F003,
        form=Form.DOCUMENT,
        reason=("没有在有效期内的复审结果", "no review is in force"),
    ),
    _S.count(
        "env_self_funded_projects",
        ("社区自筹投入", "Funds raised by communities"),
        ("社区自筹投入了多少？", "How much did communities raise themselves?"),
        (
            "本期社区自筹用于环境卫生的投入之和。",
            "Money that communities raised in the period for their environment.",
        ),
        money,
        money.c.account == "community_fund",
        n=money.c.amount,
        unit=Unit.WAN_YUAN,
        source=F003,
    ),
]
