"""S37 数据质量: are the records whole, in time, free of contradictions, there once, and plausible?

Every card is a share of rows that are as they should be, so that all of them read alike; the others are its list. The
rows name their file: figures are counted by source system too (``metrics.by_source``). Which dimension a card is about
is its requirement of the catalogue. What a row must be stands in ``quality_rows``, for rules and lists alike.
"""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    literal,
    select,
    union_all,
)

from metrics.card import Card, Direction, Form, Gap, Period, Unit
from metrics.cards.quality_rows import EVENTS, SPANS, another, both_e, both_s, times, twin
from metrics.cards.shapes import Pair, System
from metrics.cards.sources import DATA_QUALITY, SPEC
from metrics.cards.valid_records import valid_records
from metrics.checks import RowsOf
from metrics.sql import merged, one, without
from metrics.tables import (
    checkup,
    contract,
    dose,
    encounter,
    enrolment,
    followup,
    health_record,
    person,
    pregnancy,
    service,
)

_S = System("S37")


# -- rules ---------------------------------------------------------------------------------------------

_their_file = (health_record.c.file,)


def _events_of(key: str) -> Select:
    """Events: a row each, and whether it is as it should be."""
    parts = [_event(rows) for rows in EVENTS[key]]
    return parts[0] if len(parts) == 1 else select(*union_all(*parts).subquery().c)


def _event(rows: RowsOf) -> Select:
    table = rows.table
    month = table.c.month if rows.month is None else rows.month
    tied = [person.c.person == table.c.person] if rows.with_person else []
    return select(
        table.c.person,
        table.c.unit,
        month.label("month"),
        one(rows.good).label("n"),
        literal(1).label("of"),
        table.c.file,
    ).where(*rows.among, *tied)


def _once(table: Table) -> Select:
    """Rows, and whether no other row says the same of the person: of two alike neither is good."""
    rows = select(
        table.c.person, table.c.unit, table.c.month, table.c.file, times(table).label("times")
    ).subquery()
    return select(
        rows.c.person,
        rows.c.unit,
        rows.c.month,
        one(rows.c.times == 1).label("n"),
        literal(1).label("of"),
        rows.c.file,
    )


def _records_of_known(key: str, file: ColumnElement) -> tuple[Select, Select]:
    """Valid records with their person's master: all that are asked, and those as they should be."""
    rows = SPANS[key]
    listed = valid_records(*rows.among, more=(file,), with_master=True)
    return listed, valid_records(*rows.among, rows.good, more=(file,), with_master=True)


# Months in which another record of the same person is valid; ``person`` is the record's number here.
_both = (
    select(health_record.c.row_id.label("person"), both_s.label("s"), both_e.label("e"))
    .join(twin, another)
    .where(both_s <= both_e)
    .subquery()
)
_twice = merged(_both, "person").subquery()


def _single_records() -> Select:
    """Valid records while they are their person's only one."""
    has_twin = select(twin.c.row_id).where(another).exists()
    alone = valid_records(~has_twin, more=_their_file)
    beside = valid_records(has_twin, more=(health_record.c.row_id,)).subquery()
    numbered = select(beside.c.row_id.label("person"), beside.c.unit, beside.c.s, beside.c.e).subquery()
    left = without(numbered, _twice).subquery()
    rest = select(health_record.c.person, left.c.unit, left.c.s, left.c.e, health_record.c.file).join(
        left, left.c.person == health_record.c.row_id
    )
    return select(*union_all(alone, rest).subquery().c)


# -- shapes --------------------------------------------------------------------------------------------


def _quality(
    dimension: str, key: str, name: Pair, ask: Pair, rule: Pair, reason: Pair, rows, reads, **more
) -> Card:
    """``rows``: events, or the spans of all and of those that are as they should be."""
    if isinstance(rows, tuple):
        listed, numerator = rows
        sides = {"period": Period.AS_OF, "listed": listed, "numerator": numerator, "gap": Gap.PERSONS}
    else:
        sides = {"period": Period.FLOW, "numerator": rows, "gap": Gap.THINGS}
    usual = {
        "unit": Unit.PERCENT,
        "direction": Direction.HIGHER,
        "form": Form.QUALITY,
        "source": DATA_QUALITY,
    }
    return _S.card(
        f"dq_{key}",
        name,
        ask,
        rule,
        catalogue=(f"dq_{dimension}",),
        reads=tuple(table.name for table in reads),
        reason=reason,
        **usual | sides | more,
    )


def _in_time(key: str, table: Table, zh: str, en: str) -> Card:
    return _quality(
        "timeliness",
        f"{key}_in_time",
        (f"{zh}录入及时率", f"{en} entered in time"),
        (f"{zh}做完就录入了吗？", f"{en}: were they entered soon after the service?"),
        (
            f"本期{zh}中，服务后 {{dq_entry_days}} 天内录入的条数 ÷ 有录入日期的条数。录入日期早于服务日期的不算及时。",
            f"{en} of the period entered within {{dq_entry_days}} days ÷ those with a day of entry. Entered before the service is "
            "not in time.",
        ),
        (
            "服务后超过 {dq_entry_days} 天录入，或录入日期早于服务日期",
            "entered more than {dq_entry_days} days after the service, or before it",
        ),
        _events_of(f"dq_{key}_in_time"),
        (table,),
        parameters=("dq_entry_days",),
        caveat=(
            "来源没有录入日期的记录不计入；事后补录会使往月数字变化。",
            "Rows without a day of entry are left out; what is entered late changes figures of earlier months.",
        ),
    )


CARDS = [
    _quality(
        "completeness",
        "record_complete",
        ("档案关键项齐全率", "Records with every key item"),
        ("档案的关键项都有吗？", "Do records have every key item?"),
        (
            "月末有效档案中，网格地址、所属家庭、责任医生、性别、出生日期齐全的份数 ÷ 有效档案份数。",
            "Valid records with address grid, household, responsible doctor, sex and date of birth ÷ valid records.",
        ),
        (
            "网格地址、家庭、责任医生、性别、出生日期至少缺一项",
            "lacks grid, household, doctor, sex or date of birth",
        ),
        _records_of_known("dq_record_complete", health_record.c.file),
        (health_record, person),
        caveat=(
            "与“健康档案完整率”不同：那一项看来源布局声明的必填项，这一项看统计和管理要用到的项目。",
            "Not the completeness of health records, which asks for the items that the source's form requires; these are the "
            "items that figures and management need.",
        ),
    ),
    _quality(
        "completeness",
        "followup_complete",
        ("随访记录完整率", "Follow-ups with every item"),
        ("随访记录填全了吗？", "Are follow-ups filled in?"),
        (
            "本期高血压、糖尿病、严重精神障碍随访中，随访方式、随访医生、下次随访日期（不再随访的除外）和本病所需结果（血压；血糖；病情分类）"
            "齐全的次数 ÷ 随访次数；失访的不计。",
            "Follow-ups of hypertension, diabetes and severe mental disorder with mode, doctor, next date (unless management ends) and the "
            "result that the disease needs (pressure; glucose; state) ÷ follow-ups, without those that lost the patient.",
        ),
        (
            "随访方式、医生、下次日期或本病所需结果缺项",
            "lacks mode, doctor, next date or the result that the disease needs",
        ),
        _events_of("dq_followup_complete"),
        (followup,),
        source=f"{DATA_QUALITY}；{SPEC}",
    ),
    _quality(
        "completeness",
        "checkup_complete",
        ("体检记录完整率", "Health checks with every item"),
        ("体检记录填全了吗？", "Are health checks filled in?"),
        (
            "本期体检记录中，来源布局的必填项齐全、有血压、老年人有自理能力评估的条数 ÷ 体检记录条数。",
            "Health checks with the items that the source's form requires, a blood pressure and, of older residents, the "
            "assessment of self-care ÷ health checks.",
        ),
        (
            "必填项、血压或老年人自理能力评估缺项",
            "lacks a required item, the pressure or the assessment of self-care",
        ),
        _events_of("dq_checkup_complete"),
        (checkup,),
        source=f"{DATA_QUALITY}；{SPEC}",
    ),
    _quality(
        "completeness",
        "visit_complete",
        ("诊疗记录完整率", "Visits with every item"),
        ("诊疗记录填全了吗？", "Are visits filled in?"),
        (
            "本期就诊中有诊断编码、科室和费用的人次 ÷ 就诊人次；费用为 0 是填写了。",
            "Visits with a diagnosis, a department and a fee ÷ visits; a fee of 0 is filled in.",
        ),
        ("诊断编码、科室或费用缺项", "lacks diagnosis, department or fee"),
        _events_of("dq_visit_complete"),
        (encounter,),
    ),
    _in_time("followup", followup, "随访记录", "Follow-ups"),
    _in_time("checkup", checkup, "体检记录", "Health checks"),
    _in_time("dose", dose, "接种记录", "Doses"),
    _quality(
        "consistency",
        "alive",
        ("服务日期与生死日期一致率", "Services between birth and death"),
        ("有没有给未出生或已死亡的人记服务？", "Are there services to people not yet born or dead?"),
        (
            "本期随访、体检、就诊、接种、签约服务中，服务日期在出生之日至死亡之日之间的条数 ÷ 全部条数。",
            "Follow-ups, checks, visits, doses and services dated from birth to death ÷ all of them.",
        ),
        ("服务日期早于出生或晚于死亡", "dated before birth or after death"),
        _events_of("dq_alive"),
        (followup, checkup, encounter, dose, service),
        caveat=(
            "生死日期以人口主档为准；也可能是死亡日期登记错了，请核对后更正一方。",
            "By the demographic master; the date of death may be what is wrong: look, and correct one of them.",
        ),
    ),
    _quality(
        "consistency",
        "enrolled",
        ("随访有管理登记率", "Follow-ups of registered patients"),
        ("随访的人都登记为患者了吗？", "Is everybody followed up a registered patient?"),
        (
            "本期高血压、糖尿病、严重精神障碍随访中，随访当日该病管理登记有效的次数 ÷ 随访次数。",
            "Follow-ups of hypertension, diabetes and severe mental disorder on a day on which the person was registered for it ÷ follow-ups.",
        ),
        ("随访当日没有该病的有效管理登记", "not registered for the disease on that day"),
        _events_of("dq_enrolled"),
        (followup, enrolment),
    ),
    _quality(
        "consistency",
        "coherent",
        ("随访内容无矛盾率", "Follow-ups without contradiction"),
        ("随访记录前后说得通吗？", "Does a follow-up agree with itself?"),
        (
            "本期随访中，收缩压高于舒张压、下次随访日期晚于本次、录入日期不早于随访日期的次数 ÷ 随访次数；未填的项目不作判断。",
            "Follow-ups with the systolic above the diastolic pressure, the next date after this one and the entry not before it "
            "÷ follow-ups; what is not filled in contradicts nothing.",
        ),
        (
            "血压高低颠倒，或下次随访、录入日期早于本次随访",
            "pressures reversed, or the next date or the entry before this one",
        ),
        _events_of("dq_coherent"),
        (followup,),
    ),
    _quality(
        "consistency",
        "mother_coherent",
        ("孕产妇登记无矛盾率", "Pregnancies without contradiction"),
        ("孕产妇登记与人口信息一致吗？", "Do pregnancies agree with the person?"),
        (
            "本期孕产妇登记中，登记对象为女性、当时年龄在 {dq_mother_youngest}～{dq_mother_oldest} 岁之间、建册、分娩、出院日期"
            "先后有序的条数 ÷ 登记条数，计入分娩月份（未分娩的计入建册月份）。",
            "Pregnancies of women between {dq_mother_youngest} and {dq_mother_oldest} years whose booking, delivery and discharge stand in order "
            "÷ pregnancies, in the month of delivery (before it, of booking).",
        ),
        ("性别、年龄或建册、分娩、出院日期先后有矛盾", "sex, age or the order of its dates contradict"),
        _events_of("dq_mother_coherent"),
        (pregnancy, person),
        parameters=("dq_mother_youngest", "dq_mother_oldest"),
    ),
    _quality(
        "consistency",
        "contract_single",
        ("签约无重叠率", "Contracts that do not overlap"),
        ("有没有一人同时签两份约？", "Does anybody have two contracts at a time?"),
        (
            "本期开始的签约中，与本人其他签约没有同时有效的份数 ÷ 开始的份数；未生效即解除的不计。",
            "Contracts begun in the period that overlap no other one of the person ÷ contracts begun, without those stopped before they began.",
        ),
        ("与本人另一份签约同时有效", "in force together with another contract of the person"),
        _events_of("dq_contract_single"),
        (contract,),
    ),
    _quality(
        "uniqueness",
        "record_once",
        ("档案无重复率", "Records that are the only one"),
        ("有没有一人多份档案？", "Does anybody have several records?"),
        (
            "月末有效档案中，本人没有其他有效档案的份数 ÷ 有效档案份数。同一人的几份都列出。",
            "Valid records whose person has no other valid one ÷ valid records. Of one person's several all are listed.",
        ),
        ("本人另有一份有效档案", "the person has another valid record"),
        (valid_records(more=_their_file), _single_records()),
        (health_record,),
        caveat=(
            "以同一有效身份证号、出生日期和姓名认定同一人；疑似同一人的见“人员无疑似重复率”。",
            "One person is who has the same valid ID number, birth date and name; who may be the same: see records of persons kept once.",
        ),
    ),
    _quality(
        "uniqueness",
        "person_once",
        ("人员无疑似重复率", "Records of persons kept once"),
        ("有没有疑似同一人被当成两个人？", "May one person be kept as two?"),
        (
            "月末有效档案中，本人不与他人疑似同一人的份数 ÷ 有效档案份数。疑似同一人：有效身份证号相同，姓名或出生日期不同，尚未核定。",
            "Valid records of persons who are not suspected to be the same as another ÷ valid records. Suspected: the same valid ID number "
            "with another name or date of birth, and nobody has decided yet.",
        ),
        (
            "与另一人身份证号相同，姓名或出生日期不同，尚未核定",
            "shares an ID number with somebody of another name or date of birth, not yet decided",
        ),
        _records_of_known("dq_person_once", person.c.file),
        (health_record, person),
        caveat=(
            "按现在的核对结果回看各月；也可能是号码登记错了。没有身份证号的重复人员查不出来。",
            "Every month by what is suspected now; the number may be what is wrong. Who is kept twice without a number is not found.",
        ),
    ),
    _quality(
        "uniqueness",
        "followup_once",
        ("随访无重复率", "Follow-ups recorded once"),
        ("有没有同一天重复随访？", "Are follow-ups there twice?"),
        (
            "本期随访中，本人同一病种同一天没有另一条的次数 ÷ 随访次数。重复的几条都列出。",
            "Follow-ups of which there is no other one of the person, programme and day ÷ follow-ups. All of several alike are listed.",
        ),
        ("本人同一病种同一天另有一条随访", "another follow-up of the person, programme and day"),
        _once(followup),
        (followup,),
    ),
    _quality(
        "uniqueness",
        "visit_once",
        ("就诊无重复率", "Visits recorded once"),
        ("有没有重复的就诊记录？", "Are visits there twice?"),
        (
            "本期就诊中，本人同一天在同一机构、同一类型、同一科室、同一诊断没有另一条的人次 ÷ 就诊人次。重复的几条都列出。",
            "Visits of which there is no other one of the person, day, unit, kind, department and diagnosis ÷ visits. All of several alike are "
            "listed.",
        ),
        (
            "同一天、同一机构、科室和诊断另有一条就诊",
            "another visit of the same day, unit, department and diagnosis",
        ),
        _once(encounter),
        (encounter,),
    ),
    _quality(
        "uniqueness",
        "dose_once",
        ("接种无重复率", "Doses recorded once"),
        ("有没有同一天重复接种？", "Are doses there twice?"),
        (
            "本期接种中，本人同一疫苗同一天没有另一条的针次 ÷ 接种针次。重复的几条都列出。",
            "Doses of which there is no other one of the person, vaccine and day ÷ doses. All of several alike are listed.",
        ),
        ("同一疫苗同一天另有一条接种", "another dose of the vaccine on the same day"),
        _once(dose),
        (dose,),
    ),
    _quality(
        "plausibility",
        "readings_plausible",
        ("血压血糖合理率", "Plausible readings"),
        ("血压血糖的数值可信吗？", "Can the readings be?"),
        (
            "本期随访和体检中，收缩压 {sbp_low}～{sbp_high}、舒张压 {dbp_low}～{dbp_high} mmHg、血糖 {fpg_low}～{fpg_high} mmol/L 之内的条数 ÷ "
            "有任一读数的条数。",
            "Follow-ups and checks with pressures of {sbp_low} to {sbp_high} and {dbp_low} to {dbp_high} mmHg and glucose of {fpg_low} to {fpg_high} "
            "mmol/L ÷ those with any reading.",
        ),
        ("血压或血糖超出合理范围", "a pressure or glucose beyond what is plausible"),
        _events_of("dq_readings_plausible"),
        (followup, checkup),
        parameters=("sbp_low", "sbp_high", "dbp_low", "dbp_high", "fpg_low", "fpg_high"),
    ),
    _quality(
        "plausibility",
        "birth_plausible",
        ("出生日期合理率", "Plausible dates of birth"),
        ("出生日期可信吗？", "Can the dates of birth be?"),
        (
            "月末有出生日期的有效档案中，出生日期不晚于建档、建档时不超过 {dq_oldest} 岁的份数 ÷ 有出生日期的有效档案份数。",
            "Valid records of people born no later than the record was made, and then not above {dq_oldest} years ÷ valid records "
            "of people with a date of birth.",
        ),
        ("出生日期晚于建档，或年龄超出可能", "born after the record was made, or impossibly old"),
        _records_of_known("dq_birth_plausible", person.c.file),
        (health_record, person),
        parameters=("dq_oldest",),
    ),
]
