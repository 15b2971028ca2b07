"""S07 预防接种, how it is run: sessions, reports, the cold chain, certificates."""

from __future__ import annotations

from sqlalchemy import and_

from metrics.card import Direction, Unit
from metrics.cards.families import sampled
from metrics.cards.shapes import System
from metrics.cards.sources import F002, F003
from metrics.sql import month_of
from metrics.tables import activity, document, facility

_S = System("S07")
_REPORT = and_(document.c.kind == "report", document.c.topic == "immunisation")
_CAMPAIGN = (
    "按各次强化免疫的摸底和接种登记汇总；没有开展活动的年份没有数值。",
    "Totals as each campaign registered its children; no figure in a year without a campaign.",
)

CARDS = [
    sampled(
        _S,
        "im_card_consistency",
        ("卡证相符率", "Vaccination cards that agree with certificates"),
        ("接种卡与接种证相符吗？", "Do vaccination cards agree with the certificates?"),
        ("卡证相符的儿童数", "Children whose card agrees with the certificate"),
        ("抽查的儿童数", "children looked at"),
        "card_certificate",
        F003,
    ),
    _S.count(
        "im_clinic_sessions",
        ("预防接种门诊次数", "Vaccination clinics held"),
        ("开了多少次预防接种门诊？", "How many vaccination clinics were held?"),
        ("本期开设预防接种门诊的次数。", "Vaccination clinics held in the period."),
        activity,
        activity.c.kind == "vaccination_session",
        unit=Unit.SESSIONS,
        source=F003,
    ),
    _S.share(
        "im_report_timely_rate",
        ("计划免疫报表及时率", "Immunisation reports on time"),
        ("计划免疫报表按时上报了吗？", "Were immunisation reports handed in on time?"),
        (
            "本期到期的计划免疫报表中，在截止日当天或之前上报的比例，按截止月份统计。",
            "Of immunisation reports due in the period, those handed in on the due day or before.",
        ),
        document,
        document.c.day <= document.c.due_on,
        _REPORT,
        document.c.due_on.is_not(None),
        month=month_of(document.c.due_on),
        source=F003,
        reason=("未按时上报", "not handed in on time"),
    ),
    _S.share(
        "im_report_quality_rate",
        ("计划免疫报表合格率", "Immunisation reports filled in properly"),
        ("计划免疫报表填写合格吗？", "Are immunisation reports filled in properly?"),
        (
            "本期上报并审核过的计划免疫报表中，审核合格的比例，按上报月份统计。",
            "Of immunisation reports handed in during the period and reviewed, those found complete.",
        ),
        document,
        document.c.good.is_(True),
        _REPORT,
        document.c.day.is_not(None),
        document.c.good.is_not(None),
        month=month_of(document.c.day),
        source=F003,
        reason=("审核不合格", "found incomplete"),
    ),
    _S.check(
        "im_cold_chain",
        ("冷链与疫苗管理", "Cold chain and stock of vaccine"),
        ("centre",),
        source=F003,
    ),
    _S.count(
        "im_temp_sites",
        ("新增临时接种点和流动接种车", "Temporary and mobile vaccination sites opened"),
        ("新增了几个临时接种点或流动接种车？", "How many temporary or mobile sites were opened?"),
        (
            "本期启用的临时接种点和流动接种车数，按启用日期统计。",
            "Temporary sites and vaccination vehicles that were opened in the period.",
        ),
        facility,
        facility.c.kind.in_(["temp_vaccination_site", "mobile_vaccination"]),
        month=month_of(facility.c.start_on),
        what=facility.c.name,
        unit=Unit.PIECES,
        direction=Direction.HIGHER,
        source=F002,
    ),
    sampled(
        _S,
        "im_school_check",
        ("入托入学接种证查验率", "Certificates checked at school entry"),
        ("入托入学儿童都查验接种证了吗？", "Were certificates checked of all children who enter school?"),
        ("已查验接种证的儿童数", "Children whose certificate was checked"),
        ("入托入学儿童数", "children who entered nursery or school"),
        "school_vaccination_check",
        F003,
        caveat=("按学校和托幼机构的登记汇总。", "Totals as schools and nurseries register them."),
    ),
    sampled(
        _S,
        "im_campaign_polio_rate",
        ("脊灰强化免疫接种率", "Polio campaign: children vaccinated"),
        ("脊灰强化免疫覆盖到应种儿童了吗？", "Did the polio campaign reach the children of its age group?"),
        ("已接种的儿童数", "Children vaccinated"),
        ("摸底应种的儿童数（0—3 岁）", "children found to be of its age group (0 to 3)"),
        "polio_campaign",
        F003,
        catalogue=("im_campaign_polio_measles",),
        caveat=_CAMPAIGN,
    ),
    sampled(
        _S,
        "im_campaign_measles_rate",
        ("麻疹强化（查漏补种）接种率", "Measles campaign: children vaccinated"),
        ("麻疹强化免疫覆盖到应种儿童了吗？", "Did the measles campaign reach the children of its age group?"),
        ("已接种的儿童数", "Children vaccinated"),
        ("摸底应种的儿童数（8 月龄—14 岁）", "children found to be of its age group (8 months to 14 years)"),
        "measles_campaign",
        F003,
        catalogue=("im_campaign_polio_measles", "im_measles_coverage"),
        caveat=_CAMPAIGN,
    ),
    sampled(
        _S,
        "im_publicity_coverage",
        ("扩大免疫宣传覆盖率", "Families reached by publicity on immunisation"),
        ("免疫宣传覆盖到该知道的人了吗？", "Does publicity reach those who should know?"),
        ("被宣传覆盖的人数", "People reached"),
        ("宣传对象人数", "people to be reached"),
        "im_publicity",
        F003,
    ),
]
