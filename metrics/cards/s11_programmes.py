"""S11 高血压糖尿病: what the two programmes share, managed to the standard and at goal."""

from __future__ import annotations

from sqlalchemy import and_, case, literal, select

from metrics.card import Card, Direction, Gap, Period, Statistic, Unit, Words, words
from metrics.cards.sources import F000, F002, F003, SPEC
from metrics.facts import (
    checked,
    enrolled,
    last_followup,
    managed_year,
    met_standard,
    on_schedule,
    patients_as_of,
    patients_of_year,
    resident,
    with_tag,
    within_year,
)
from metrics.sql import age_at_least, at_least, at_most, merged, spans_of, within, year_start
from metrics.standards import by_day
from metrics.tables import followup, person

_day = last_followup.c.day
_bp_valid = and_(
    last_followup.c.sbp.between(by_day("sbp_low", _day), by_day("sbp_high", _day)),
    last_followup.c.dbp.between(by_day("dbp_low", _day), by_day("dbp_high", _day)),
    last_followup.c.sbp > last_followup.c.dbp,
)
_sbp_goal = case(
    (
        age_at_least(person.c.born_on, _day, by_day("elder_bp_age", _day)),
        by_day("sbp_goal_elder", _day),
    ),
    else_=by_day("sbp_goal", _day),
)
_fpg_valid = last_followup.c.fpg.between(by_day("fpg_low", _day), by_day("fpg_high", _day))


def _last(*where):
    """Follow-ups that are the last of the year and fulfil a condition, with the patient's person row at hand."""
    return (
        select(
            last_followup.c.programme,
            last_followup.c.person,
            last_followup.c.y0,
            last_followup.c.s,
            last_followup.c.e,
        )
        .select_from(last_followup.join(person, person.c.person == last_followup.c.person))
        .where(*where)
        .subquery()
    )


_each_followup = select(
    followup.c.programme,
    followup.c.person,
    year_start(followup.c.month).label("y0"),
    followup.c.month.label("s"),
    (year_start(followup.c.month) + 11).label("e"),
).subquery()


def _checked_in_year(programme):
    s, e = at_least(checked.c.s, managed_year.c.s), at_most(checked.c.e, managed_year.c.e)
    return (
        select(managed_year.c.person, managed_year.c.unit, s.label("s"), e.label("e"))
        .select_from(
            managed_year.join(
                checked, and_(checked.c.person == managed_year.c.person, checked.c.y0 == managed_year.c.y0)
            )
        )
        .where(managed_year.c.programme == programme, s <= e)
    )


def _known(programme):
    """Residents known to have the disease: diagnosed or enrolled."""
    rows = with_tag(f"{programme}_diagnosed").union_all(
        select(enrolled.c.person, enrolled.c.s, enrolled.c.e).where(enrolled.c.programme == programme)
    )
    return within(merged(rows.subquery(), "person").subquery(), resident)


def followups_made(*where):
    """person, unit, month, n: follow-ups that fit, each in its month."""
    return select(followup.c.person, followup.c.unit, followup.c.month, literal(1).label("n")).where(*where)


def _programme_cards(
    programme: str, zh: str, en: str, key: str, at_goal, goal: Words, goal_parameters, valid, reading: Words
) -> list[Card]:
    """The indicators that hypertension and diabetes share."""
    patients = words(f"{zh}患者", f"{en} patients")
    managed_in_year = words(f"年内管理的{zh}患者", f"{en} patients managed in the year")
    common = {"system": "S11", "period": Period.IN_YEAR}
    return [
        Card(
            key=f"{key}_standard_rate",
            name=words(f"{zh}患者规范管理率", f"{en}: managed to the standard"),
            question=words(
                f"{zh}患者今年做满了规范要求吗？",
                f"Have {en.lower()} patients had all that the year asks for?",
            ),
            rule=words(
                f"本年截至月末已满足全年要求（面对面随访 {{contacts_per_year}} 次、健康体检 1 次；年内新纳管或迁入者按比例、向上取整）的患者 ÷ {managed_in_year.zh}。",
                f"Patients who by the month's end have met the whole year's requirement ({{contacts_per_year}} face-to-face follow-ups and 1 check; pro rata, "
                f"rounded up, for those enrolled or arrived within the year) ÷ {managed_in_year.en}.",
            ),
            caveat=words(
                "年底为正式口径；年中数值随随访累积上升，进度请看“按进度随访率”。",
                "Official at year end; within the year it only rises: see “on schedule” for progress.",
            ),
            unit=Unit.PERCENT,
            direction=Direction.HIGHER,
            source=f"{SPEC}；{F003}",
            catalogue=(f"{key}_standard_rate",),
            reads=("followup", "checkup"),
            numerator=within_year(met_standard, programme),
            listed=patients_of_year(programme),
            gap=Gap.PERSONS,
            reason=words("全年要求尚未完成", "the year's requirement is not met yet"),
            parameters=("contacts_per_year", "phone_counts"),
            **common,
        ),
        Card(
            key=f"{key}_on_schedule_rate",
            level=True,
            name=words(f"{zh}患者按进度随访率", f"{en}: follow-ups on schedule"),
            question=words(
                f"{zh}患者到目前该做的随访都做了吗？",
                f"Have {en.lower()} patients had the follow-ups owed so far?",
            ),
            rule=words(
                "本年面对面随访次数达到“{contacts_per_year} × 本年管理天数 ÷ 365（向下取整）”的患者；年末月份须满足全年要求 ÷ "
                + managed_in_year.zh
                + "。",
                f"Patients whose face-to-face follow-ups of the year reach {{contacts_per_year}} × days managed this year ÷ 365, rounded down; in the year's last "
                f"month the whole year's requirement ÷ {managed_in_year.en}.",
            ),
            unit=Unit.PERCENT,
            direction=Direction.HIGHER,
            source=SPEC,
            catalogue=(f"{key}_standard_rate",),
            reads=("followup", "checkup"),
            numerator=within_year(on_schedule, programme),
            listed=patients_of_year(programme),
            gap=Gap.PERSONS,
            reason=words("随访次数落后于进度", "behind the schedule of follow-ups"),
            parameters=("contacts_per_year", "phone_counts"),
            **common,
        ),
        Card(
            key=f"{key}_managed",
            name=words(f"规范管理的{zh}患者数", f"{en} patients managed to the standard"),
            question=words(
                f"今年有多少{zh}患者做满了规范要求？",
                f"How many {en.lower()} patients have met the standard this year?",
            ),
            rule=words(
                f"本年截至月末已满足全年规范管理要求的{patients.zh}人数。",
                "Patients who by the month's end have met the whole year's requirement.",
            ),
            unit=Unit.PERSONS,
            direction=Direction.HIGHER,
            source=f"{F002}；{F003}",
            catalogue=(f"{key}_managed",),
            reads=("followup", "checkup"),
            numerator=within_year(met_standard, programme),
            parameters=("contacts_per_year", "phone_counts"),
            **common,
        ),
        Card(
            key=f"{key}_control_rate",
            level=True,
            name=goal,
            question=words(f"在管{zh}患者控制住了吗？", f"Are managed {en.lower()} patients at goal?"),
            rule=words(
                f"{managed_in_year.zh}中，本年最近一次随访达标者所占比例；本年无随访、或最近一次没有有效读数的，计为未达标。",
                f"Of {managed_in_year.en}, those at goal at the last follow-up of the year; no follow-up this year or no valid reading counts as not at goal.",
            ),
            caveat=words(
                f"年初数值不稳定，请同时看分子分母和“{reading.zh}”。",
                f"Unstable early in the year: look at numerator, denominator and “{reading.en}” too.",
            ),
            unit=Unit.PERCENT,
            direction=Direction.HIGHER,
            source=f"{SPEC}；{F002}",
            catalogue=(f"{key}_control_rate",),
            reads=("followup",),
            numerator=within_year(at_goal, programme),
            listed=patients_of_year(programme),
            gap=Gap.PERSONS,
            reason=words(
                "最近一次随访未达标或本年无有效随访", "not at goal at the last follow-up, or none this year"
            ),
            parameters=goal_parameters,
            **common,
        ),
        Card(
            key=f"{key}_reading_rate",
            level=True,
            name=reading,
            question=words(
                f"多少在管{zh}患者今年有可用的读数？",
                f"How many {en.lower()} patients have a reading this year?",
            ),
            rule=words(
                f"{managed_in_year.zh}中，本年最近一次随访读数齐全且在合理范围者所占比例；没有的一律按未达标计入控制率。",
                f"Of {managed_in_year.en}, those whose last follow-up of the year has a whole and plausible reading; "
                "all others count as not at goal.",
            ),
            unit=Unit.PERCENT,
            direction=Direction.HIGHER,
            source=SPEC,
            catalogue=(f"{key}_control_rate",),
            reads=("followup",),
            numerator=within_year(_last(valid), programme),
            listed=patients_of_year(programme),
            gap=Gap.PERSONS,
            reason=words(
                "本年最近一次随访没有有效读数", "no valid reading at the last follow-up of the year"
            ),
            parameters=tuple(one for one in goal_parameters if one.endswith(("_low", "_high"))),
            **common,
        ),
        Card(
            key=f"{key}_adherence_rate",
            level=True,
            name=words(f"{zh}患者规律服药率", f"{en}: regular medication"),
            question=words(f"{zh}患者规律服药吗？", f"Do {en.lower()} patients take their drugs regularly?"),
            rule=words(
                f"{managed_in_year.zh}中，本年最近一次随访为规律服药者所占比例；无随访计为否。",
                f"Of {managed_in_year.en}, those taking drugs regularly at the last follow-up of the year; no follow-up counts as no.",
            ),
            unit=Unit.PERCENT,
            direction=Direction.HIGHER,
            source=F002,
            catalogue=("htn_adherence_rate",),
            reads=("followup",),
            numerator=within_year(_last(last_followup.c.adherence == "regular"), programme),
            listed=patients_of_year(programme),
            gap=Gap.PERSONS,
            reason=words(
                "最近一次随访不是规律服药或本年无随访", "not regular at the last follow-up, or none this year"
            ),
            **common,
        ),
        Card(
            key=f"{key}_exam_rate",
            name=words(f"{zh}患者体检率", f"{en}: yearly health check"),
            question=words(
                f"{zh}患者今年体检了吗？", f"Have {en.lower()} patients had their check this year?"
            ),
            rule=words(
                f"本年截至月末体检过的患者 ÷ {managed_in_year.zh}。",
                f"Patients with a health check this year ÷ {managed_in_year.en}.",
            ),
            unit=Unit.PERCENT,
            direction=Direction.HIGHER,
            source=F003,
            catalogue=("htn_exam_rate",),
            reads=("checkup",),
            numerator=_checked_in_year(programme),
            listed=patients_of_year(programme),
            gap=Gap.PERSONS,
            reason=words("本年未体检", "no health check this year"),
            **common,
        ),
        Card(
            key=f"{key}_prevalence",
            system="S11",
            name=words(f"{zh}患病率（已知）", f"{en} prevalence (known)"),
            question=words(
                f"居民中已知有多少人患{zh}？", f"What share of residents is known to have {en.lower()}?"
            ),
            rule=words(
                f"月末已诊断或已纳管的{zh}常住居民 ÷ 当年生效的常住人口数。",
                "Residents diagnosed or enrolled ÷ resident population in force for the year.",
            ),
            caveat=words(
                "只反映已发现的患者，不是调查得到的患病率。",
                "Known patients only: not a prevalence by survey.",
            ),
            unit=Unit.PERCENT,
            direction=Direction.NONE,
            period=Period.AS_OF,
            source=F002,
            catalogue=(f"{key}_prevalence",),
            reads=("enrolment", "person_tag"),
            numerator=_known(programme),
            listed=spans_of(resident),
            statistic=Statistic(band="all"),
        ),
        Card(
            key=f"{key}_mgmt_rate",
            system="S11",
            name=words(f"{zh}患者管理率", f"{en}: known patients managed"),
            question=words(
                f"已发现的{zh}患者都纳入管理了吗？", f"Are the known {en.lower()} patients managed?"
            ),
            rule=words(
                "月末在管患者 ÷ 月末已诊断或已纳管的常住居民。",
                "Patients managed at the month's end ÷ residents diagnosed or enrolled.",
            ),
            unit=Unit.PERCENT,
            direction=Direction.HIGHER,
            period=Period.AS_OF,
            source=f"{F003}；{F000}",
            catalogue=("ncd_mgmt_rate",),
            reads=("enrolment", "person_tag"),
            numerator=within(enrolled_in(programme), _known(programme).subquery()),
            listed=_known(programme),
            gap=Gap.PERSONS,
            reason=words("已诊断，未纳入管理", "diagnosed and not managed"),
        ),
        Card(
            key=f"{key}_discovery_rate",
            system="S11",
            name=words(f"{zh}患者健康管理率（估算）", f"{en}: managed of the estimated patients"),
            question=words(
                f"按估算，{zh}患者管住了多少？",
                f"What share of the estimated {en.lower()} patients is managed?",
            ),
            rule=words(
                "月末在管患者 ÷ 18 岁及以上常住人口 × 估算患病率。",
                "Patients managed at the month's end ÷ resident population of 18 and over × the estimated prevalence.",
            ),
            caveat=words("分母为估算值。", "The denominator is an estimate."),
            unit=Unit.PERCENT,
            direction=Direction.HIGHER,
            period=Period.AS_OF,
            source=f"{SPEC}；{F000}",
            catalogue=("ncd_mgmt_rate",),
            reads=("enrolment",),
            numerator=patients_as_of(programme),
            statistic=Statistic(band="18+", share=f"{programme}_estimate"),
            parameters=(f"{programme}_estimate",),
        ),
        Card(
            key=f"{key}_followup_count",
            system="S11",
            name=words(f"{zh}随访人次", f"{en} follow-ups"),
            question=words(f"做了多少次{zh}随访？", f"How many {en.lower()} follow-ups were made?"),
            rule=words(
                f"本期{zh}随访人次（各种方式），按随访机构统计。",
                "Follow-ups of the period by any mode, at the performing unit.",
            ),
            unit=Unit.PERSON_TIMES,
            direction=Direction.NONE,
            period=Period.FLOW,
            source=F003,
            catalogue=("ncd_followup_count",),
            reads=("followup",),
            numerator=followups_made(followup.c.programme == programme),
        ),
        Card(
            key=f"{key}_followups_per_patient",
            name=words(f"{zh}患者人均随访次数", f"{en}: follow-ups per patient"),
            question=words(
                f"每名{zh}患者今年随访了几次？",
                f"How often was each {en.lower()} patient followed up this year?",
            ),
            rule=words(
                f"{managed_in_year.zh}本年截至月末的随访次数（各种方式）÷ {managed_in_year.zh}。",
                f"Follow-ups of the year so far by any mode of {managed_in_year.en} ÷ {managed_in_year.en}.",
            ),
            caveat=words(
                "用于核对：全年明显低于规范次数，说明随访没有做够或台账不实。",
                "A check: far below what a year asks for, follow-ups were not made, or ledgers are not true.",
            ),
            unit=Unit.PER_PERSON,
            direction=Direction.NONE,
            source=F003,
            catalogue=("ncd_followup_count",),
            reads=("followup",),
            numerator=within_year(_each_followup, programme),
            listed=patients_of_year(programme),
            **common,
        ),
    ]


def enrolled_in(programme: str):
    return (
        select(enrolled.c.person, enrolled.c.s, enrolled.c.e)
        .where(enrolled.c.programme == programme)
        .subquery()
    )


CARDS = [
    *_programme_cards(
        "htn",
        "高血压",
        "Hypertension",
        "htn",
        _last(_bp_valid, last_followup.c.sbp < _sbp_goal, last_followup.c.dbp < by_day("dbp_goal", _day)),
        words("血压控制率", "Blood pressure at goal"),
        (
            "sbp_goal",
            "sbp_goal_elder",
            "dbp_goal",
            "elder_bp_age",
            "sbp_low",
            "sbp_high",
            "dbp_low",
            "dbp_high",
        ),
        _bp_valid,
        words("有有效血压读数率", "Blood pressure with a valid reading"),
    ),
    *_programme_cards(
        "dm",
        "2 型糖尿病",
        "Type 2 diabetes",
        "dm",
        _last(_fpg_valid, last_followup.c.fpg < by_day("fpg_goal", _day)),
        words("血糖控制率", "Fasting glucose at goal"),
        ("fpg_goal", "fpg_low", "fpg_high"),
        _fpg_valid,
        words("有有效空腹血糖读数率", "Fasting glucose with a valid reading"),
    ),
]
