"""S03 人才队伍与培训: how staff are trained, examined and drilled."""

from __future__ import annotations

from sqlalchemy import Select, and_, case, func, literal, literal_column, select, union_all

from data.intake.layouts import Code, named_codes
from metrics.card import Direction, Form, Gap, Period, Unit
from metrics.cards.rules import at, span_of, standing, tenths
from metrics.cards.running import running
from metrics.cards.s03_workforce import CLINICAL
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002, F003, F004
from metrics.facts.work import open_unit
from metrics.sql import at_least, at_most, dated, merged, month_of, year_start
from metrics.standards import by_month
from metrics.tables import activity, duty_term, facility, staff, training

_S = System("S03")
_UP = Direction.HIGHER
_YEAR = 12
_EXAMS = ["exam", "three_basics_exam"]


def _trained_enough(years: int, months: int) -> Select:
    """thing, unit, s, e: technical staff while their training of the last years adds up to enough."""
    window, enough = years * _YEAR, months * 10
    rows = (training.c.kind.not_in(_EXAMS), training.c.months.is_not(None))
    who = (training.c.unit, training.c.staff_no)
    gained = select(*who, training.c.month, tenths(training.c.months).label("n")).where(*rows)
    lapsed = select(
        *who, (training.c.month + window).label("month"), (-tenths(training.c.months)).label("n")
    ).where(*rows)
    so_far = running(union_all(gained, lapsed), "unit", "staff_no").subquery()
    s, e = span_of(staff.c.start_on, staff.c.end_on)
    return (
        select(
            staff.c.row_id.label("thing"),
            staff.c.unit,
            at_least(s, so_far.c.s).label("s"),
            at_most(e, so_far.c.e).label("e"),
        )
        .join(so_far, and_(so_far.c.unit == staff.c.unit, so_far.c.staff_no == staff.c.staff_no))
        .where(staff.c.technical, so_far.c.n >= enough)
    )


def _first_aid_trained() -> Select:
    """thing, unit, s, e: doctors and nurses from their first first-aid training of a year to the year's end."""
    y0 = year_start(training.c.month)
    trained = (
        select(
            training.c.unit, training.c.staff_no, y0.label("y0"), func.min(training.c.month).label("first")
        )
        .where(training.c.topic == "first_aid", training.c.passed.is_distinct_from(False))
        .group_by(training.c.unit, training.c.staff_no, y0)
        .subquery()
    )
    s, e = span_of(staff.c.start_on, staff.c.end_on)
    return (
        select(
            staff.c.row_id.label("thing"),
            staff.c.unit,
            at_least(s, trained.c.first).label("s"),
            at_most(e, trained.c.y0 + _YEAR - 1).label("e"),
        )
        .join(trained, and_(trained.c.unit == staff.c.unit, trained.c.staff_no == staff.c.staff_no))
        .where(CLINICAL)
    )


def _attendances() -> Select:
    """thing, unit, s, e: each attendance at a village clinic, to the end of its year."""
    return select(
        training.c.row_id.label("thing"),
        training.c.unit,
        training.c.month.label("s"),
        (year_start(training.c.month) + _YEAR - 1).label("e"),
    ).where(at(training.c.unit, "clinic"), training.c.kind.not_in(_EXAMS))


def _department_months() -> Select:
    """unit, month, n, of, thing, what: a department's month that has passed, and whether it held a training."""
    _, e = span_of(facility.c.start_on, facility.c.end_on)
    whole = month_of(facility.c.start_on - literal_column("INTERVAL '1 day'")) + 1
    held = (
        select(activity.c.unit, activity.c.month, activity.c.department)
        .where(activity.c.kind == "dept_training", activity.c.department.is_not(None))
        .distinct()
        .subquery()
    )
    begun = select(func.min(activity.c.month)).where(activity.c.kind == "dept_training").scalar_subquery()
    # A register of departments writes their names, a register of activities keeps their codes.
    departments = [Code(*row) for row in named_codes("department")]
    code = case(*((facility.c.name == one.label, one.value) for one in departments), else_=facility.c.name)
    rows = (
        select(facility.c.unit, code.label("name"), whole.label("s"), e.label("e"))
        .where(facility.c.kind == "department", facility.c.name.is_not(None), facility.c.unit.is_not(None))
        .subquery()
    )
    department = merged(select(*rows.c).where(rows.c.s <= rows.c.e).subquery(), "unit", "name").subquery()
    same = and_(
        held.c.unit == department.c.unit,
        held.c.department == department.c.name,
        held.c.month == duty_term.c.last,
    )
    return (
        select(
            department.c.unit,
            duty_term.c.last.label("month"),
            case((held.c.unit.is_not(None), 1), else_=0).label("n"),
            literal(1).label("of"),
            duty_term.c.first.label("thing"),
            department.c.name.label("what"),
        )
        .select_from(
            duty_term.join(open_unit, open_unit.c.kind == duty_term.c.kind)
            .join(department, department.c.unit == open_unit.c.unit)
            .outerjoin(held, same)
        )
        .where(
            duty_term.c.duty == "dept_monthly_training",
            open_unit.c.whole <= duty_term.c.first,
            open_unit.c.e >= duty_term.c.last,
            department.c.s <= duty_term.c.first,
            department.c.e >= duty_term.c.last,
            duty_term.c.last >= begun,
        )
    )


def _sent(key, zh, en, parameter):
    least = f"{{{parameter}}}"  # words take the value in force
    return _S.count(
        key,
        (zh, en),
        ("选派了多少人外出进修？", "How many were sent for advanced training?"),
        (
            f"本期结束的、为期不少于 {least} 个月的外出进修人数。",
            f"People whose training outside ended in the period and took at least {least} months.",
        ),
        training,
        training.c.kind == "external",
        training.c.months >= by_month(parameter, training.c.month),
        what=training.c.staff_no,
        unit=Unit.PERSONS,
        direction=_UP,
        source=f"{F002}；{F003}",
        parameters=(parameter,),
        catalogue=("staff_sent_training",),
    )


CARDS = [
    _sent(
        "staff_sent_training",
        "外出进修人数",
        "Staff sent for advanced training",
        "sent_training_months",
    ),
    _sent(
        "staff_sent_training_long",
        "外出长期进修人数",
        "Staff sent for long training",
        "sent_training_long_months",
    ),
    _S.count(
        "internal_training_sessions",
        ("内部培训场次", "Internal training sessions"),
        ("组织了多少场内部培训？", "How many training sessions were held inside?"),
        ("本期组织的内部培训场次。", "Internal training sessions held in the period."),
        activity,
        activity.c.kind == "training_internal",
        what=activity.c.topic,
        unit=Unit.SESSIONS,
        direction=_UP,
        source=f"{F002}；{F003}",
    ),
    _S.count(
        "internal_exams",
        ("内部考试次数", "Internal examinations"),
        ("组织了多少次考试？", "How many examinations were held?"),
        ("本期组织的业务考试次数。", "Examinations held in the period."),
        activity,
        activity.c.kind == "staff_exam",
        unit=Unit.SESSIONS,
        direction=_UP,
        source=F003,
        catalogue=("internal_training_sessions",),
    ),
    _S.share(
        "training_exam_pass_rate",
        ("培训考核通过率", "Staff passing the training examination"),
        ("培训考核都通过了吗？", "Did everybody pass the training examination?"),
        (
            "本期培训考核通过的人次 ÷ 有结果的考核人次。",
            "Examinations passed in the period over examinations with a result.",
        ),
        training,
        training.c.passed,
        training.c.kind == "exam",
        training.c.passed.is_not(None),
        what=training.c.staff_no,
        source=F002,
        reason=("考核未通过", "did not pass"),
    ),
    _S.card(
        "tech_training_5y",
        ("近五年技术培训达标率", "Technical staff trained enough in five years"),
        ("技术人员培训够了吗？", "Have technical staff been trained enough?"),
        (
            "最近 {tech_training_years} 年培训累计不少于 {tech_training_months} 个月的卫生技术人员数 ÷ "
            "在岗卫生技术人员数；在本机构登记的培训（不含考试）按结束月份累计。",
            "Technical staff whose training of the last {tech_training_years} years adds up to at least "
            "{tech_training_months} months over technical staff in service. Training recorded at the unit "
            "counts from the month in which it ended; examinations do not.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F000,
        reads=("staff", "training"),
        numerator=dated(_trained_enough, "tech_training_years", "tech_training_months"),
        listed=standing(staff, staff.c.technical, what=staff.c.staff_no),
        gap=Gap.THINGS,
        reason=("五年累计培训时间不足", "has not been trained enough in five years"),
        parameters=("tech_training_months", "tech_training_years"),
    ),
    _S.card(
        "village_doctor_training_times",
        ("村卫生室人员人均培训次数", "Training attended by village-clinic workers"),
        ("村卫生室人员每人培训几次？", "How often did each village-clinic worker attend training?"),
        (
            "本年至今村卫生室人员参加培训的人次 ÷ 月末在岗的村卫生室人员数。",
            "Attendances at training by the staff of village clinics in the year so far over those in service "
            "at the month's end.",
        ),
        unit=Unit.PER_PERSON,
        direction=_UP,
        period=Period.IN_YEAR,
        source=F004,
        reads=("staff", "training"),
        numerator=_attendances(),
        listed=standing(staff, at(staff.c.unit, "clinic")),
        kinds=("clinic",),
        caveat=(
            "每年至少几次在来源中空缺，尚未设定目标。",
            "How many times a year are asked for is blank in the source: no target is set.",
        ),
    ),
    _S.duty(
        "skills_drill_monthly",
        ("岗位练兵", "Monthly skills drill"),
        activity,
        activity.c.kind == "skills_drill",
    ),
    _S.card(
        "cpr_training_rate",
        ("急救技能培训覆盖率", "Doctors and nurses trained in first aid"),
        ("医生、护士都接受急救培训了吗？", "Are all doctors and nurses trained in first aid?"),
        (
            "本年至今接受急救技能培训（未登记为不合格）的医生、护士数 ÷ 月末在岗医生、护士数。",
            "Doctors and nurses trained in first aid in the year so far, but for those recorded as failed, over "
            "those in service at the month's end.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.IN_YEAR,
        source=F002,
        reads=("staff", "training"),
        numerator=_first_aid_trained(),
        listed=standing(staff, CLINICAL, what=staff.c.staff_no),
        gap=Gap.THINGS,
        reason=("本年尚未接受急救培训", "has not been trained in first aid this year"),
    ),
    _S.card(
        "dept_monthly_training",
        ("科室月度培训", "Departments training monthly"),
        ("各科室每月都培训了吗？", "Did every department hold its monthly training?"),
        (
            "已过各月中开展了科室培训的科室月数 ÷ 应有的科室月数；科室以登记为准，从本地首次有科室培训记录的月份算起。",
            "Months of departments with a training over months that have passed, for each registered department, "
            "from the first month of which such a training is recorded in the district.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.FLOW,
        source=F003,
        reads=("activity", "facility"),
        numerator=_department_months(),
        gap=Gap.THINGS,
        reason=("该月没有科室培训", "no training of the department is recorded for the month"),
        form=Form.DUTY,
        kinds=("centre",),
    ),
    _S.duty(
        "staff_meeting_monthly",
        ("全员例会", "Monthly meeting of all staff"),
        activity,
        activity.c.kind == "staff_meeting",
    ),
    _S.count(
        "training_persons_external",
        ("上级培训人次", "Attendances at training outside"),
        ("参加上级培训多少人次？", "How often did staff attend training outside?"),
        ("本期参加市级及上级培训、外出进修的人次。", "Attendances of the period at training held outside."),
        training,
        training.c.kind == "external",
        what=training.c.topic,
        unit=Unit.PERSON_TIMES,
        direction=_UP,
        source=F003,
    ),
    _S.duty(
        "staff_emergency_drill",
        ("工作人员应急演练", "Emergency drills of staff"),
        activity,
        activity.c.kind == "staff_drill",
        catalogue=("staff_rotation",),
    ),
]
