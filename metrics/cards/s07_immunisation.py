"""S07 预防接种: what is due by the schedule, what was given, and how safely."""

from __future__ import annotations

from sqlalchemy import BigInteger, DateTime, Integer, and_, case, cast, extract, func, literal, select

from metrics.card import Card, Direction, Gap, Period, Statistic, Unit, words
from metrics.cards.sources import F000, F002, F003, SPEC
from metrics.facts import aged, dose_due, dose_owed, resident, stay
from metrics.sql import FOREVER, at_most, dated, merged, month_of, one, within, without
from metrics.standards import by_day, by_month, number, schedule
from metrics.tables import dose, person, vaccination_card

_READS = ("dose",)

_newborn = (
    select(
        person.c.person, stay.c.unit, person.c.born_month.label("month"), person.c.born_on, person.c.born_hour
    )
    .select_from(
        person.join(
            stay, and_(stay.c.person == person.c.person, person.c.born_month.between(stay.c.s, stay.c.e))
        )
    )
    .subquery()
)

_first_hepb = (
    select(dose.c.person, func.min(dose.c.month).label("month"), func.min(dose.c.given_at).label("given_at"))
    .where(dose.c.vaccine == "hepb", dose.c.dose_no == 1)
    .group_by(dose.c.person)
    .subquery()
)
_birth_hours = cast(func.coalesce(_newborn.c.born_hour, 0), Integer)
# From birth to the dose; who was born at an unknown hour is counted from the day's beginning. Grown-ups
# get this dose too: the seconds of a life need more than 32 bits.
_seconds_after_birth = (
    cast(
        extract("epoch", _first_hepb.c.given_at) - extract("epoch", cast(_newborn.c.born_on, DateTime)),
        BigInteger,
    )
    - _birth_hours * 3600
)


def _newborns(hit):
    return select(
        _newborn.c.person, _newborn.c.unit, _newborn.c.month, one(hit).label("n"), literal(1).label("of")
    ).select_from(_newborn.outerjoin(_first_hepb, _first_hepb.c.person == _newborn.c.person))


def _due(*where):
    return select(
        dose_due.c.person,
        dose_due.c.unit,
        dose_due.c.month,
        one(dose_due.c.given <= dose_due.c.month).label("n"),
        literal(1).label("of"),
        dose_due.c.vaccine.label("thing"),
    ).where(*where)


# The five vaccines of the first year, by the doses of the schedule that the year asks for.
_FIVE = {"bcg": 1, "hepb": 3, "polio": 3, "dtp": 3, "mcv": 1}
_first_year_dose = case(
    *((and_(dose.c.vaccine == vaccine, dose.c.dose_no <= doses), 1) for vaccine, doses in _FIVE.items()),
    else_=0,
)
_first_year_doses = (
    select(dose.c.person, dose.c.vaccine, dose.c.dose_no)
    .select_from(dose.join(person, person.c.person == dose.c.person))
    .where(_first_year_dose == 1, dose.c.month <= person.c.born_month + 12)
    .distinct()
    .subquery()
)
_five = (
    select(_first_year_doses.c.person, func.count().label("doses"))
    .group_by(_first_year_doses.c.person)
    .subquery()
)
_turned_one = person.c.born_month + 12

_season_first = number("season_first_month") - 1
_season_start = dose.c.month - (dose.c.month - _season_first) % 12
_flu = (
    select(dose.c.person, func.min(dose.c.month).label("s"), (_season_start + 11).label("e"))
    .where(dose.c.vaccine == "flu")
    .group_by(dose.c.person, _season_start)
    .subquery()
)

_of_flu_age = dated(lambda years: aged(resident, years=years), "flu_age")

_booster = (
    select(dose.c.person, func.min(dose.c.month).label("s"), literal(FOREVER).label("e"))
    .where(dose.c.vaccine == "covid", dose.c.dose_no >= 4)
    .group_by(dose.c.person)
    .subquery()
)

_card_held = (
    select(
        vaccination_card.c.person,
        func.min(month_of(func.coalesce(vaccination_card.c.issued_on, person.c.born_on))).label("s"),
        literal(FOREVER).label("e"),
    )
    .select_from(vaccination_card.join(person, person.c.person == vaccination_card.c.person))
    .group_by(vaccination_card.c.person)
    .subquery()
)

# From the month in which a dose counts as missed, here or before the child came, to the month before
# it is given after all.
_missed = merged(
    select(dose_owed.c.person, dose_owed.c.month.label("s"), (dose_owed.c.given - 1).label("e"))
    .where(dose_owed.c.given > dose_owed.c.month)
    .subquery(),
    "person",
).subquery()
_floating_child = select(
    stay.c.person, stay.c.unit, stay.c.s, at_most(stay.c.e, stay.c.born_month + 7 * 12 - 1).label("e")
).where(stay.c.registered.is_(False), stay.c.s <= stay.c.born_month + 7 * 12 - 1)


def _doses(*where, n=None, of=None):
    columns = [dose.c.person, dose.c.unit, dose.c.month, (literal(1) if n is None else one(n)).label("n")]
    if of is not None:
        columns.append(one(of).label("of"))
    rows = select(*columns).where(*where)
    return rows.where(of) if of is not None else rows


def _dose_share(
    key,
    zh,
    en,
    ask_zh,
    ask_en,
    rule_zh,
    rule_en,
    hit,
    known,
    reason_zh,
    reason_en,
    parameters=(),
    source=F003,
):
    """A share of doses of which the source tells whether they meet a rule."""
    return Card(
        key=key,
        system="S07",
        name=words(zh, en),
        question=words(ask_zh, ask_en),
        rule=words(rule_zh, rule_en),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.FLOW,
        source=source,
        catalogue=(key,),
        reads=_READS,
        numerator=_doses(n=hit, of=known),
        gap=Gap.THINGS,
        reason=words(reason_zh, reason_en),
        parameters=parameters,
    )


def _dose_count(
    key, zh, en, ask_zh, ask_en, rule_zh, rule_en, *where, catalogue=None, direction=Direction.NONE
):
    return Card(
        key=key,
        system="S07",
        name=words(zh, en),
        question=words(ask_zh, ask_en),
        rule=words(rule_zh, rule_en),
        unit=Unit.DOSES,
        direction=direction,
        period=Period.FLOW,
        source=F003,
        catalogue=catalogue or (key,),
        reads=_READS,
        numerator=_doses(*where),
    )


_VACCINES = {row["vaccine"]: words(row["zh"], row["en"]) for row in schedule()}

CARDS = [
    Card(
        key="im_class1_rate",
        system="S07",
        name=words("免疫规划疫苗接种率", "National-programme vaccine coverage"),
        question=words(
            "应种的免疫规划疫苗按时接种了多少？", "How many doses due by the schedule were given in time?"
        ),
        rule=words(
            "按免疫程序到期（应种月龄后一个月的宽限期满）的针次中，已在期限内接种的针次 ÷ 到期针次。",
            "Of doses that fell due by the schedule in the period (one month after the recommended age), those given by then ÷ doses due.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.COHORT,
        source=f"{F002}；{F003}",
        catalogue=("im_class1_rate",),
        reads=_READS,
        numerator=_due(),
        gap=Gap.THINGS,
        reason=words("到期未种", "due and not given"),
        parameters=("dose_grace_months", "due_floating"),
    ),
    *(
        Card(
            key=f"im_vaccine_{vaccine}",
            system="S07",
            name=words(f"{name.zh}接种率", f"Coverage: {name.en}"),
            question=words(f"{name.zh}应种的都种了吗？", f"{name.en}: were the doses due given?"),
            rule=words(
                f"本期到期的{name.zh}针次中，已在期限内接种的针次 ÷ 到期针次。",
                f"Of {name.en} doses that fell due in the period, those given by then ÷ doses due.",
            ),
            unit=Unit.PERCENT,
            direction=Direction.HIGHER,
            period=Period.COHORT,
            source=SPEC,
            catalogue=("im_class1_rate", "im_measles_coverage") if vaccine == "mcv" else ("im_class1_rate",),
            reads=_READS,
            numerator=_due(dose_due.c.vaccine == vaccine),
            gap=Gap.THINGS,
            reason=words("到期未种", "due and not given"),
            parameters=("dose_grace_months", "due_floating"),
        )
        for vaccine, name in _VACCINES.items()
    ),
    Card(
        key="im_new_epi_rate",
        system="S07",
        name=words("新纳入免疫规划疫苗接种率", "Coverage of newly added vaccines"),
        question=words("新纳入免疫规划的疫苗接种得怎么样？", "How well are newly added vaccines covered?"),
        rule=words(
            "本期到期的新纳入免疫规划疫苗针次中，已在期限内接种的针次 ÷ 到期针次。",
            "Of doses of newly added vaccines that fell due, those given by then ÷ doses due.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.COHORT,
        source=F003,
        catalogue=("im_new_epi_rate",),
        reads=_READS,
        numerator=_due(dose_due.c.added == 1),
        gap=Gap.THINGS,
        reason=words("到期未种", "due and not given"),
        parameters=("dose_grace_months", "due_floating"),
    ),
    Card(
        key="im_five_full_rate",
        system="S07",
        name=words("五苗全程接种率", "Five vaccines complete at one year"),
        question=words(
            "满周岁的孩子五苗都打全了吗？",
            "Are children fully vaccinated with the five vaccines at one year?",
        ),
        rule=words(
            "本期满 12 月龄的儿童中，满 12 月龄当月底前完成卡介苗 1 针、乙肝 3 针、脊灰 3 针、百白破 3 针、含麻疹成分疫苗 1 针者 ÷ 本期满 12 月龄的儿童。",
            "Of children who turned 12 months in the period, those with 1 BCG, 3 hepatitis B, 3 polio, 3 DTP and 1 measles-containing dose by the end of that month.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.COHORT,
        source=f"{F000}；{F003}",
        catalogue=("im_five_full_rate",),
        reads=_READS,
        numerator=select(
            person.c.person,
            stay.c.unit,
            _turned_one.label("month"),
            one(_five.c.doses >= sum(_FIVE.values())).label("n"),
            literal(1).label("of"),
        ).select_from(
            person.join(
                stay, and_(stay.c.person == person.c.person, _turned_one.between(stay.c.s, stay.c.e))
            ).outerjoin(_five, _five.c.person == person.c.person)
        ),
        gap=Gap.THINGS,
        reason=words("满周岁时五苗未全程", "five vaccines not complete at one year"),
    ),
    Card(
        key="im_newborn_hepb",
        system="S07",
        name=words("新生儿乙肝疫苗接种率", "Newborn hepatitis B coverage"),
        question=words("新生儿都接种了乙肝疫苗首针吗？", "Did newborns get the first hepatitis B dose?"),
        rule=words(
            "本期出生的儿童中，出生当月或次月接种乙肝首针者 ÷ 本期出生儿童。",
            "Of children born in the period, those with the first dose in the month of birth or the next.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.COHORT,
        source=F003,
        catalogue=("im_newborn_hepb",),
        reads=_READS,
        numerator=_newborns(
            _first_hepb.c.month <= _newborn.c.month + by_month("dose_grace_months", _newborn.c.month)
        ),
        gap=Gap.THINGS,
        reason=words("未接种乙肝首针", "first hepatitis B dose not given"),
        parameters=("dose_grace_months",),
    ),
    Card(
        key="im_hepb_first_timely",
        system="S07",
        name=words("乙肝首针及时率", "Timely first hepatitis B dose"),
        question=words(
            "新生儿出生 {hepb_first_hours} 小时内打乙肝首针了吗？",
            "Was the first hepatitis B dose given within {hepb_first_hours} hours of birth?",
        ),
        rule=words(
            "本期出生的儿童中，出生后 {hepb_first_hours} 小时内接种乙肝首针者 ÷ 本期出生儿童；没有接种时刻的不计为及时。",
            "Of children born in the period, those with the first dose within {hepb_first_hours} hours; without a time of vaccination it is not timely.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.COHORT,
        source=f"{F000}；{F003}",
        catalogue=("im_hepb_first_timely",),
        reads=_READS,
        numerator=_newborns(
            _seconds_after_birth.between(0, by_day("hepb_first_hours", _newborn.c.born_on) * 3600)
        ),
        gap=Gap.THINGS,
        reason=words(
            "{hepb_first_hours} 小时内未接种乙肝首针",
            "first hepatitis B dose not given within {hepb_first_hours} hours",
        ),
        parameters=("hepb_first_hours",),
    ),
    Card(
        key="im_births",
        system="S07",
        name=words("出生儿童数", "Births"),
        question=words("本期出生了多少儿童？", "How many children were born?"),
        rule=words(
            "出生日期在本期且出生时由本机构管理的儿童数。",
            "Children born in the period who are managed by the unit from birth.",
        ),
        unit=Unit.PERSONS,
        direction=Direction.NONE,
        period=Period.FLOW,
        source=F003,
        catalogue=("im_births",),
        reads=("person",),
        numerator=select(_newborn.c.person, _newborn.c.unit, _newborn.c.month, literal(1).label("n")),
    ),
    Card(
        key="im_card_rate",
        system="S07",
        name=words("儿童建证率", "Children with a vaccination certificate"),
        question=words("0—6 岁儿童都建了预防接种证吗？", "Do children of 0 to 6 have a certificate?"),
        rule=words(
            "月末已建预防接种证（卡）的 0—6 岁在管儿童 ÷ 0—6 岁在管儿童。",
            "Children 0 to 6 known here with a certificate ÷ children 0 to 6 known here.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=f"{F000}；{F003}",
        catalogue=("im_card_rate",),
        reads=("vaccination_card",),
        numerator=within(_card_held, aged(stay, below=7).subquery()),
        listed=aged(stay, below=7),
        gap=Gap.PERSONS,
        reason=words("没有预防接种证", "no vaccination certificate"),
    ),
    Card(
        key="im_floating_children",
        system="S07",
        name=words("流动儿童全程接种率", "Floating children vaccinated to date"),
        question=words("流动儿童的疫苗补齐了吗？", "Are floating children vaccinated to date?"),
        rule=words(
            "月末没有到期未种针次的 0—6 岁非户籍儿童 ÷ 在管 0—6 岁非户籍儿童。",
            "Floating children 0 to 6 with no dose overdue at the month's end ÷ floating children 0 to 6 known here.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F000,
        catalogue=("im_floating_children",),
        reads=_READS,
        numerator=without(_floating_child.subquery(), _missed),
        listed=_floating_child,
        gap=Gap.PERSONS,
        reason=words("有到期未种的针次", "a dose is overdue"),
        parameters=("dose_grace_months",),
    ),
    Card(
        key="im_flu60_rate",
        system="S07",
        name=words("60 岁及以上流感疫苗接种率", "Influenza vaccination at 60 and over"),
        question=words(
            "这个流感季老年人接种了多少？", "How many older residents were vaccinated this season?"
        ),
        rule=words(
            "本接种季（7 月至次年 6 月）截至月末接种过流感疫苗的 {flu_age} 岁及以上常住居民 ÷ 60 岁及以上常住人口数。",
            "Residents of {flu_age} and over vaccinated this season (July to June) up to the month's end ÷ resident population of 60 and over.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.SEASON,
        source=F002,
        catalogue=("im_flu60_rate",),
        reads=_READS,
        numerator=within(_flu, _of_flu_age.subquery()),
        listed=_of_flu_age,
        statistic=Statistic(band="60+"),
        gap=Gap.PERSONS,
        reason=words("本季未接种流感疫苗", "not vaccinated this season"),
        parameters=("flu_age", "season_first_month"),
    ),
    Card(
        key="im_covid_booster2",
        system="S07",
        name=words("新冠疫苗第二剂次加强针接种率", "Second COVID-19 booster coverage"),
        question=words("多少成人打了第二剂次加强针？", "How many adults have had the second booster?"),
        rule=words(
            "月末累计接种新冠疫苗第 4 剂及以上的 18 岁及以上常住居民 ÷ 18 岁及以上常住人口数。",
            "Residents of 18 and over with a fourth dose or more ÷ resident population of 18 and over.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F002,
        catalogue=("im_covid_booster2",),
        reads=_READS,
        numerator=within(_booster, aged(resident, years=18).subquery()),
        listed=aged(resident, years=18),
        statistic=Statistic(band="18+"),
        gap=Gap.PERSONS,
        reason=words("未接种第二剂次加强针", "no second booster"),
    ),
    _dose_count(
        "im_doses_epi",
        "免疫规划疫苗接种针次",
        "National-programme doses",
        "本期接种了多少针免疫规划疫苗？",
        "How many programme doses were given?",
        "本期接种的免疫规划（一类）疫苗针次。",
        "Doses of the national programme given in the period.",
        dose.c.programme_class == 1,
    ),
    _dose_count(
        "im_doses_non_epi",
        "非免疫规划疫苗接种针次",
        "Other doses",
        "本期接种了多少针非免疫规划疫苗？",
        "How many other doses were given?",
        "本期接种的非免疫规划（二类）疫苗针次。",
        "Doses outside the national programme given in the period.",
        dose.c.programme_class == 2,
    ),
    _dose_count(
        "im_campaign_doses",
        "强化与应急接种针次",
        "Campaign doses",
        "强化、查漏补种、应急接种了多少针？",
        "How many doses were given in campaigns?",
        "本期标明属于强化、查漏补种或应急活动的针次。",
        "Doses of the period that the source marks as part of a campaign.",
        dose.c.campaign.is_not(None),
        catalogue=("im_campaign_polio_measles", "im_measles_coverage"),
    ),
    _dose_count(
        "im_h1n1_campaign",
        "流感应急接种针次",
        "Influenza doses of emergency campaigns",
        "应急接种了多少针流感疫苗？",
        "How many influenza doses were given in emergency campaigns?",
        "本期标明属于专项（应急）活动的流感疫苗针次，甲型 H1N1 疫苗同此。",
        "Influenza doses of the period, H1N1 included, that the source marks as part of a campaign.",
        dose.c.campaign.is_not(None) & (dose.c.vaccine == "flu"),
    ),
    _dose_count(
        "im_aefi",
        "疑似预防接种异常反应例数",
        "Suspected adverse events",
        "发生了多少例疑似异常反应？",
        "How many suspected adverse events were there?",
        "本期接种中报告疑似异常反应的例数。",
        "Doses of the period with a suspected adverse event.",
        dose.c.reaction.is_(True),
        direction=Direction.LOWER,
    ),
    _dose_share(
        "im_consent_rate",
        "接种知情同意率",
        "Informed consent",
        "接种前都签了知情同意书吗？",
        "Was consent signed before vaccination?",
        "本期有知情同意记录的针次 ÷ 来源有该项记录的针次。",
        "Doses with signed consent ÷ doses of which the source tells.",
        dose.c.consent.is_(True),
        dose.c.consent.is_not(None),
        "没有知情同意记录",
        "no consent on file",
    ),
    _dose_share(
        "im_observation_30min",
        "接种后留观达标率",
        "Observed for 30 minutes",
        "接种后都留观满 {observation_minutes} 分钟了吗？",
        "Was everyone observed for {observation_minutes} minutes?",
        "本期留观时间不少于 {observation_minutes} 分钟的针次 ÷ 有留观时间记录的针次。",
        "Doses observed for at least {observation_minutes} minutes ÷ doses with an observation time.",
        dose.c.observed_minutes >= by_day("observation_minutes", dose.c.day),
        dose.c.observed_minutes.is_not(None),
        "留观不足 {observation_minutes} 分钟",
        "observed for less than {observation_minutes} minutes",
        ("observation_minutes",),
    ),
    _dose_share(
        "im_info_upload",
        "接种信息上传率",
        "Doses uploaded",
        "接种个案都上传了吗？",
        "Were the doses uploaded case by case?",
        "本期已上传的针次 ÷ 本期全部针次。",
        "Doses of the period that were uploaded ÷ all doses of the period.",
        dose.c.uploaded_on.is_not(None),
        dose.c.person.is_not(None),
        "未上传",
        "not uploaded",
        source=F000,
    ),
]
