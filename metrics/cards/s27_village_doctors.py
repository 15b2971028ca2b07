"""S27 乡村医生: contracts, appraisals and what follows from them, deposit, pay, insurance."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, and_, exists, func, literal, literal_column, or_, select

from metrics.card import Alert, Card, Direction, Form, Gap, Period, Unit, words
from metrics.cards.rules import events, span_of, standing, told
from metrics.cards.shapes import System
from metrics.cards.sources import F004
from metrics.facts.work import open_unit
from metrics.sql import at_least, at_most, dated, last_month_in_force, merged, month_of, one
from metrics.standards import by_day
from metrics.standards.schedules import warnings
from metrics.tables import appraisal, document, duty_term, money, prescription, staff, training

_S = System("S27")
_UP = Direction.HIGHER
_DOCTOR = staff.c.role == "village_doctor"
_FAILED = appraisal.c.grade == "unqualified"
_DAY = literal_column("INTERVAL '1 day'")


def _alert(key: str) -> Alert:
    """Who must act on the card's list, and how soon."""
    who = warnings()[key]
    return Alert(owner=words(who.owner_zh, who.owner_en), days=who.days)


def _share_of_doctors(key, zh, en, ask, rule, hit, known, reason, **more):
    """Of the village doctors employed of whom it is known, those for whom it holds at the month's end."""
    return _S.stock(
        key,
        (zh, en),
        ask,
        rule,
        staff,
        hit,
        among=(_DOCTOR, *known),
        what=staff.c.staff_no,
        unit=Unit.PERCENT,
        direction=_UP,
        source=F004,
        reason=reason,
        **more,
    )


def _under_contract() -> Select:
    """thing, unit, s, e: village doctors while employed under a contract that is filed."""
    s, e = span_of(staff.c.start_on, staff.c.end_on)
    contract_s, contract_e = span_of(staff.c.contract_from, staff.c.contract_to)
    return select(
        staff.c.row_id.label("thing"),
        staff.c.unit,
        at_least(s, contract_s).label("s"),
        at_most(e, contract_e).label("e"),
    ).where(_DOCTOR, staff.c.contract_filed, staff.c.contract_from.is_not(None))


def _doctor_quarters() -> Select:
    """unit, month, n, of, thing, what: quarters that a village doctor was employed throughout; n: appraised in it."""
    ever = select(appraisal.c.month).where(appraisal.c.kind == "doctor").subquery()
    begun = select(func.min(ever.c.month)).scalar_subquery()
    appraised = exists().where(
        appraisal.c.kind == "doctor",
        appraisal.c.unit == staff.c.unit,
        appraisal.c.staff_no == staff.c.staff_no,
        appraisal.c.month.between(duty_term.c.first, duty_term.c.last),
    )
    from_its_first_day = month_of(staff.c.start_on - _DAY) + 1 <= duty_term.c.first
    return (
        select(
            staff.c.unit,
            duty_term.c.last.label("month"),
            one(appraised).label("n"),
            literal(1).label("of"),
            duty_term.c.first.label("thing"),
            staff.c.staff_no.label("what"),
        )
        .select_from(
            staff.join(open_unit, open_unit.c.unit == staff.c.unit).join(
                duty_term, duty_term.c.kind == open_unit.c.kind
            )
        )
        .where(
            duty_term.c.duty == "vd_quarterly_appraisal",
            _DOCTOR,
            from_its_first_day,
            or_(staff.c.end_on.is_(None), last_month_in_force(staff.c.end_on) >= duty_term.c.last),
            duty_term.c.last >= begun,
        )
    )


def _unqualified(times: int, *, employed: bool) -> Select:
    """thing, unit, s, e, what: village doctors with so many unqualified appraisals within the last twelve months.

    ``employed``: only while they are still employed.
    """
    rows = (
        select(appraisal.c.unit, appraisal.c.staff_no, appraisal.c.month, appraisal.c.row_id)
        .where(appraisal.c.kind == "doctor", _FAILED, appraisal.c.staff_no.is_not(None))
        .subquery()
    )
    earlier = func.lag(rows.c.month, times - 1).over(
        partition_by=[rows.c.unit, rows.c.staff_no], order_by=[rows.c.month, rows.c.row_id]
    )
    runs = select(rows.c.unit, rows.c.staff_no, rows.c.month.label("s"), (earlier + 11).label("e")).subquery()
    joined = merged(select(*runs.c).where(runs.c.s <= runs.c.e).subquery(), "unit", "staff_no").subquery()
    if not employed:
        return (
            select(
                func.min(staff.c.row_id).label("thing"),
                staff.c.unit,
                joined.c.s,
                joined.c.e,
                staff.c.staff_no.label("what"),
            )
            .join(joined, and_(joined.c.unit == staff.c.unit, joined.c.staff_no == staff.c.staff_no))
            .where(_DOCTOR)
            .group_by(staff.c.unit, staff.c.staff_no, joined.c.s, joined.c.e)
        )
    staff_s, staff_e = span_of(staff.c.start_on, staff.c.end_on)
    s, e = at_least(joined.c.s, staff_s), at_most(joined.c.e, staff_e)
    return (
        select(
            staff.c.row_id.label("thing"),
            staff.c.unit,
            s.label("s"),
            e.label("e"),
            staff.c.staff_no.label("what"),
        )
        .join(joined, and_(joined.c.unit == staff.c.unit, joined.c.staff_no == staff.c.staff_no))
        .where(_DOCTOR, s <= e)
    )


def _still_there() -> Select:
    """thing, unit, s, e, what: village doctors employed though a yearly appraisal found them unqualified."""
    failed = (
        select(appraisal.c.unit, appraisal.c.staff_no, func.min(appraisal.c.month).label("month"))
        .where(appraisal.c.kind == "doctor_year", _FAILED)
        .group_by(appraisal.c.unit, appraisal.c.staff_no)
        .subquery()
    )
    staff_s, staff_e = span_of(staff.c.start_on, staff.c.end_on)
    return (
        select(
            staff.c.row_id.label("thing"),
            staff.c.unit,
            at_least(staff_s, failed.c.month).label("s"),
            staff_e.label("e"),
            staff.c.staff_no.label("what"),
        )
        .join(failed, and_(failed.c.unit == staff.c.unit, failed.c.staff_no == staff.c.staff_no))
        .where(_DOCTOR)
    )


def _renewals() -> Select:
    """unit, month, n, of, thing, what: contracts renewed; n: a training of the twelve months before is on record."""
    renewed = month_of(staff.c.contract_from)
    trained = exists().where(
        training.c.unit == staff.c.unit,
        training.c.staff_no == staff.c.staff_no,
        training.c.day <= staff.c.contract_from,
        training.c.month >= renewed - 12,
    )
    return events(
        staff,
        _DOCTOR,
        staff.c.contract_from > staff.c.start_on,
        n=one(trained),
        of=literal(1),
        month=renewed,
        what=staff.c.staff_no,
    )


def _doctors_with(key, zh, en, ask, rule, numerator, parameters, **more):
    """Village doctors as of the month's end about whom something must be done."""
    return _S.card(
        key,
        (zh, en),
        ask,
        rule,
        unit=Unit.PERSONS,
        direction=Direction.LOWER,
        period=Period.AS_OF,
        source=F004,
        reads=("appraisal", "staff"),
        numerator=numerator,
        gap=Gap.COUNTED,
        parameters=parameters,
        **more,
    )


CARDS: list[Card] = [
    _S.card(
        "vd_appointed",
        ("村医聘用合同有效率", "Village doctors under a filed contract"),
        ("村医都签了有效的聘用合同并备案吗？", "Does every village doctor have a contract that is filed?"),
        (
            "月末聘用合同在有效期内且已备案的在岗村医人数 ÷ 在岗村医人数；合同没有写明到期日的一直有效，登记中从来没有合同的中心（含下属机构）没有数值。",
            "Village doctors employed under a contract in force and filed over all village doctors employed, "
            "at the month's end; a contract without an end stays in force. A centre whose register, that of its "
            "stations and clinics included, holds no contracts has no figure.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F004,
        reads=("staff",),
        numerator=_under_contract(),
        listed=standing(staff, _DOCTOR, what=staff.c.staff_no),
        told=told(staff, staff.c.contract_from, _DOCTOR),
        gap=Gap.THINGS,
        reason=("没有有效且已备案的聘用合同", "has no contract in force that is filed"),
        caveat=(
            "人员表只保留最近一份合同，续签后以前月份按新合同计算。",
            "The staff register keeps the latest contract only; after a renewal earlier months follow the new one.",
        ),
    ),
    _S.card(
        "vd_quarterly_appraisal",
        ("村医季度考核完成率", "Quarterly appraisal of village doctors"),
        ("每名村医每季度都考核了吗？", "Was every village doctor appraised in every quarter?"),
        (
            "整季在岗的村医中该季度有考核记录的人次 ÷ 应考核人次，计入季末月，从本地首次有此类考核的季度算起；"
            "考核按村医所在机构和工号对应。凭据：考核结果登记。",
            "Quarters of village doctors employed throughout in which they were appraised over all such quarters, in "
            "the quarter's last month, from the first quarter of which any is recorded. Appraisals are matched by "
            "unit and staff number. Evidence: the appraisal as registered.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.FLOW,
        source=F004,
        reads=("appraisal", "staff"),
        numerator=_doctor_quarters(),
        gap=Gap.THINGS,
        reason=("该季度没有考核", "was not appraised in the quarter"),
        form=Form.DUTY,
        kinds=("station", "clinic"),
    ),
    _doctors_with(
        "vd_dismiss_three",
        "一年内多次考核不称职的村医",
        "Village doctors found unqualified too often",
        ("有多少村医一年内多次考核不称职？", "How many village doctors were found unqualified too often?"),
        (
            "截至月末 12 个月内季度考核不称职达到 {dismissal_count} 次的村医人数，含已解聘的。",
            "Village doctors with {dismissal_count} or more unqualified appraisals within the twelve months that end with "
            "the month, those dismissed since then among them.",
        ),
        dated(lambda times: _unqualified(times, employed=False), "dismissal_count"),
        ("dismissal_count",),
        reason=("一年内考核不称职次数达到解聘条件", "unqualified often enough within a year to be dismissed"),
    ),
    _doctors_with(
        "vd_not_dismissed",
        "应解聘而仍在岗的村医",
        "Village doctors due for dismissal and still employed",
        ("应解聘的村医都解聘了吗？", "How many village doctors due for dismissal are still employed?"),
        (
            "截至月末 12 个月内季度考核不称职达到 {dismissal_count} 次而月末仍在岗的村医人数。",
            "Village doctors with {dismissal_count} or more unqualified appraisals within twelve months who are still "
            "employed at the month's end.",
        ),
        dated(lambda times: _unqualified(times, employed=True), "dismissal_count"),
        ("dismissal_count",),
        catalogue=("vd_dismiss_three",),
        reason=("达到解聘条件而仍在岗", "is due for dismissal and still employed"),
        alert=_alert("vd_not_dismissed"),
    ),
    _S.count(
        "vd_annual_fail_exit",
        ("年度考核不合格的村医", "Village doctors who failed the yearly appraisal"),
        ("有多少村医年度考核不合格？", "How many village doctors failed the yearly appraisal?"),
        (
            "本期村医年度考核不合格的人次，计入被考核期的末月。",
            "Yearly appraisals of village doctors that found them unqualified, in the last month of the period "
            "appraised.",
        ),
        appraisal,
        appraisal.c.kind == "doctor_year",
        _FAILED,
        what=appraisal.c.staff_no,
        unit=Unit.CASES,
        direction=Direction.LOWER,
        source=F004,
        gap=Gap.COUNTED,
        reason=("年度考核不合格", "failed the yearly appraisal"),
    ),
    _doctors_with(
        "vd_failed_not_exited",
        "年度考核不合格而未退出的村医",
        "Village doctors who failed and stay",
        ("年度考核不合格的村医都退出了吗？", "How many village doctors who failed have not left?"),
        (
            "年度考核不合格之后月末仍在岗的村医人数。",
            "Village doctors still employed at the month's end after a yearly appraisal that found them unqualified.",
        ),
        _still_there(),
        (),
        catalogue=("vd_annual_fail_exit",),
        reason=("年度考核不合格而仍在岗", "failed the yearly appraisal and is still employed"),
        alert=_alert("vd_failed_not_exited"),
    ),
    _S.card(
        "vd_liability_deposit",
        ("人均执业责任金", "Liability deposit per village doctor"),
        ("村医人均交了多少执业责任金？", "How much liability deposit is held per village doctor?"),
        (
            "月末在岗村医已交的执业责任金之和 ÷ 在岗村医人数；登记中从来没有责任金的中心（含下属机构）没有数值。",
            "Liability deposits of village doctors employed over their number, at the month's end. A centre whose "
            "register, that of its stations and clinics included, holds no deposits has no figure.",
        ),
        unit=Unit.WAN_YUAN,
        direction=_UP,
        period=Period.AS_OF,
        source=F004,
        reads=("staff",),
        numerator=standing(staff, _DOCTOR, staff.c.deposit.is_not(None), n=staff.c.deposit),
        listed=standing(staff, _DOCTOR),
        told=told(staff, staff.c.deposit, _DOCTOR),
        caveat=(
            "文件印作“0。5—1 万元”，读作 0.5 至 1 万元。",
            "The source prints a full stop for the decimal point; it means 0.5 to 1 ten thousand yuan.",
        ),
    ),
    _share_of_doctors(
        "vd_deposit_paid",
        "执业责任金足额比例",
        "Village doctors with the deposit paid",
        ("村医都足额交了执业责任金吗？", "Has every village doctor paid the deposit?"),
        (
            "月末在岗村医中执业责任金不低于 {deposit_least} 元的人数 ÷ 在岗村医人数；登记中从来没有责任金的中心（含下属机构）没有数值。",
            "Village doctors employed whose deposit is {deposit_least} yuan or more over all employed. A centre whose "
            "register, that of its stations and clinics included, holds no deposits has no figure.",
        ),
        # What was asked for when the doctor was appointed.
        staff.c.deposit >= by_day("deposit_least", func.coalesce(staff.c.start_on, date.min)) * 100,
        (),
        ("执业责任金未交或不足", "the deposit is missing or too small"),
        told=told(staff, staff.c.deposit, _DOCTOR),
        catalogue=("vd_liability_deposit",),
        parameters=("deposit_least",),
    ),
    _S.share(
        "vd_archive",
        ("考核结果记入个人档案的比例", "Appraisals in the personal file"),
        ("考核结果都记入个人业务档案了吗？", "Are appraisals kept in the personal file?"),
        (
            "本期村医考核（季度、年度）中结果已记入个人业务档案的比例；没有说明的不计入。",
            "Of the period's appraisals of village doctors, the share kept in the personal file; those of which "
            "nothing is said are left out.",
        ),
        appraisal,
        appraisal.c.filed,
        appraisal.c.kind.in_(["doctor", "doctor_year"]),
        appraisal.c.filed.is_not(None),
        what=appraisal.c.staff_no,
        source=F004,
        reason=("考核结果没有记入个人业务档案", "the result is not in the personal file"),
    ),
    _share_of_doctors(
        "vd_wage_subsidy",
        "村医工资补助发放比例",
        "Village doctors who receive the wage subsidy",
        ("村医都领到工资补助了吗？", "Does every village doctor receive the wage subsidy?"),
        (
            "月末在岗村医中领取工资补助的人数 ÷ 有此项记录的在岗村医人数。",
            "Village doctors who receive the wage subsidy over those employed of whom this is known.",
        ),
        staff.c.paid,
        (staff.c.paid.is_not(None),),
        ("没有领取工资补助", "does not receive the wage subsidy"),
    ),
    _share_of_doctors(
        "vd_social_insurance",
        "村医养老和医疗保险参保率",
        "Village doctors with pension and medical insurance",
        ("村医都参加养老和医疗保险了吗？", "Do village doctors have pension and medical insurance?"),
        (
            "月末在岗村医中养老保险和医疗保险都参加的人数 ÷ 两项都有记录的在岗村医人数。",
            "Village doctors with both insurances over those employed of whom both are known.",
        ),
        and_(staff.c.pension, staff.c.medical_insurance),
        (staff.c.pension.is_not(None), staff.c.medical_insurance.is_not(None)),
        ("养老保险或医疗保险没有参加", "lacks the pension or the medical insurance"),
    ),
    _S.of_units_with(
        "vd_legal_person",
        ("卫生室法人为卫生院院长的比例", "Clinics whose legal person is the director"),
        ("村卫生室的法人都是卫生院院长吗？", "Is the township director the legal person of every clinic?"),
        (
            "月末执业许可登记的法定代表人为卫生院院长的村卫生室数 ÷ 村卫生室数。",
            "Clinics whose licence in force names the director of the township centre over all clinics.",
        ),
        ("clinic",),
        document,
        document.c.kind == "legal_person_director",
        source=F004,
        reason=("法定代表人不是卫生院院长", "the legal person is not the director"),
    ),
    _S.count(
        "vd_compensation_liability",
        ("医疗责任赔偿金额", "Compensation for medical liability"),
        ("支付了多少医疗责任赔偿？", "How much compensation for medical liability was paid?"),
        (
            "本期由村卫生室和责任医生承担的医疗责任赔偿金额。",
            "Compensation of the period borne by clinics and the doctors responsible.",
        ),
        money,
        money.c.account == "compensation",
        n=money.c.amount,
        unit=Unit.YUAN,
        source=F004,
    ),
    _S.share(
        "vd_home_visit_rx_signature",
        ("出诊处方签字比例", "Home-visit prescriptions signed"),
        ("出诊处方都有患者或亲属签字吗？", "Are prescriptions of home visits signed?"),
        (
            "本期出诊处方中患者或亲属已就收费额签字的比例；没有说明是否签字的不计入。",
            "Of the period's prescriptions written on home visits, the share on which the patient or a relative "
            "signed the amount; those of which nothing is said are left out.",
        ),
        prescription,
        prescription.c.signed,
        prescription.c.home_visit,
        prescription.c.signed.is_not(None),
        source=F004,
        reason=("没有患者或亲属签字", "is not signed by the patient or a relative"),
    ),
    _S.card(
        "vd_training_link",
        ("续聘时有培训记录的比例", "Renewals that rest on training"),
        ("续聘以培训考核为依据吗？", "Do renewals rest on training and examinations?"),
        (
            "本期续签聘用合同（合同起始日晚于到岗日）的村医中，续签日之前有培训或考试记录的比例；"
            "只看续签当月和之前 12 个月。",
            "Of village doctors whose contract was renewed in the period (it begins after the first day of work), the "
            "share with a training or examination on record before that day, in its month or the twelve before.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.FLOW,
        source=F004,
        reads=("staff", "training"),
        numerator=_renewals(),
        gap=Gap.THINGS,
        reason=("续聘前没有培训记录", "no training is on record before the renewal"),
    ),
    _S.share(
        "vd_open_recruitment",
        ("村医公开招聘比例", "Village doctors hired openly"),
        ("村医都是公开招聘的吗？", "Were village doctors hired by open recruitment?"),
        (
            "本期到岗的村医中公开招聘的比例；没有登记聘用方式的不计入。",
            "Of village doctors who started in the period, the share hired by open recruitment; those of unknown mode "
            "are left out.",
        ),
        staff,
        staff.c.hire_mode == "open",
        _DOCTOR,
        staff.c.hire_mode.is_not(None),
        month=month_of(staff.c.start_on),
        what=staff.c.staff_no,
        source=F004,
        reason=("不是公开招聘", "was not hired by open recruitment"),
    ),
]
