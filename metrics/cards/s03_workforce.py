"""S03 人才队伍与培训: who works here, with what qualifications, and who was recruited."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, case, extract, literal, or_, select, true, union_all

from metrics.card import Direction, Gap, Period, Statistic, Unit
from metrics.cards.rules import span_of, standing, told
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F001, F002, F003, F004
from metrics.facts.work import open_unit
from metrics.sql import at_least, at_most, dated, merged, month_of
from metrics.tables import document, staff

_S = System("S03")
_UP, _INFO = Direction.HIGHER, Direction.NONE
_YEAR = 12
_GP = and_(staff.c.role == "gp", staff.c.gp_qualified.is_distinct_from(False))
_PUBLIC_HEALTH = staff.c.role == "public_health"
_TITLED = staff.c.title.in_(["middle", "senior"])
CLINICAL = staff.c.role.in_(["gp", "physician", "nurse"])
_ROLE_OF_CENTRE = (("gp", "全科医生"), ("nurse", "护理人员"), ("public_health", "公共卫生人员"))
_ANYONE = staff.c.row_id.is_not(None)


def _under(age: int, *where: ColumnElement) -> Select:
    """thing, unit, s, e: employments while the person is younger than an age at the month's end."""
    s, e = span_of(staff.c.start_on, staff.c.end_on)
    year, month = extract("year", staff.c.born_on), extract("month", staff.c.born_on)
    leapling = and_(month == 2, extract("day", staff.c.born_on) == 29, (year + age) % 4 != 0)
    # Born on 29 February: of age on 1 March where there is no such day, so a month later.
    last = month_of(staff.c.born_on) + age * _YEAR - 1 + case((leapling, 1), else_=0)
    return select(
        staff.c.row_id.label("thing"), staff.c.unit, s.label("s"), at_most(e, last).label("e")
    ).where(staff.c.born_on.is_not(None), *where)


def _roles_of_centres():
    return union_all(
        *(
            select(literal(place).label("number"), literal(role).label("role"), literal(zh).label("name"))
            for place, (role, zh) in enumerate(_ROLE_OF_CENTRE, 1)
        )
    ).subquery()


def _roles_owed() -> Select:
    """thing, unit, s, e, what: the three roles at every centre while it is open."""
    role = _roles_of_centres()
    return (
        select(
            role.c.number.label("thing"),
            open_unit.c.unit,
            open_unit.c.s,
            open_unit.c.e,
            role.c.name.label("what"),
        )
        .select_from(role.join(open_unit, true()))
        .where(open_unit.c.kind == "centre")
    )


def _roles_filled() -> Select:
    """thing, unit, s, e: a role at a centre while somebody holds it."""
    role = _roles_of_centres()
    s, e = span_of(staff.c.start_on, staff.c.end_on)
    fits = or_(
        and_(role.c.role == "gp", _GP),
        and_(role.c.role != "gp", staff.c.role == role.c.role),
    )
    rows = (
        select(role.c.number, staff.c.unit, s.label("s"), e.label("e"))
        .join(staff, fits)
        .where(staff.c.unit.is_not(None))
        .subquery()
    )
    held = merged(select(*rows.c).where(rows.c.s <= rows.c.e).subquery(), "number", "unit").subquery()
    return (
        select(
            held.c.number.label("thing"),
            held.c.unit,
            at_least(held.c.s, open_unit.c.s).label("s"),
            at_most(held.c.e, open_unit.c.e).label("e"),
        )
        .join(open_unit, open_unit.c.unit == held.c.unit)
        .where(open_unit.c.kind == "centre")
    )


def _share(key, zh, en, ask, what, hit, among, item, source, reason, **more):
    """Of the staff in service at the month's end, the share for whom something holds; ``item`` says it of each."""
    return _S.stock(
        key,
        (zh, en),
        ask,
        (
            f"月末{what[0]}的人数 ÷ {what[2]}人数；没有登记的按不符合计，登记中从来没有此项的中心（含下属机构）没有数值。",
            f"{what[1]} at the month's end over {what[3]}; who has nothing recorded does not count. A centre whose "
            "register, that of its stations and clinics included, never says it of anybody has no figure.",
        ),
        staff,
        hit,
        among=(among,),
        told=told(staff, item, among),
        what=staff.c.staff_no,
        unit=Unit.PERCENT,
        direction=_UP,
        source=source,
        reason=reason,
        **more,
    )


def _per_10k(key, zh, en, who, where, source, **more):
    return _S.stock(
        key,
        (zh, en),
        (f"每万人有多少{who[0]}？", f"How many {who[1]} are there for 10,000 people?"),
        (
            f"月末在岗{who[0]}数 ÷ 服务人口（万人）。",
            f"{who[2]} in service at the month's end for each 10,000 of the population in force.",
        ),
        staff,
        where,
        unit=Unit.PER_10K,
        direction=_UP,
        source=source,
        statistic=Statistic(band="all"),
        **more,
    )


def _recruited(key, zh, en, who, *where):
    return _S.count(
        key,
        (zh, en),
        (f"招聘了多少{who[0]}？", f"How many {who[1]} were recruited?"),
        (f"本期入职的{who[0]}数。", f"Of {who[1]}, those who took up their post in the period."),
        staff,
        *where,
        month=month_of(staff.c.start_on),
        what=staff.c.role,
        unit=Unit.PERSONS,
        direction=_UP,
        source=F002,
        catalogue=("staff_recruited",),
    )


CARDS = [
    _per_10k(
        "gp_per_10k",
        "每万居民全科医生数",
        "GPs for 10,000 residents",
        (
            "全科医生",
            "general practitioners",
            "General practitioners (but for those recorded as unqualified)",
        ),
        _GP,
        F001,
        caveat=(
            "目标为每万人 2～3 名，达到下限即为达标；登记为没有全科资格的不计。",
            "The target is a range of 2 to 3 for 10,000 people; its lower end is enough. Who is recorded as not "
            "qualified does not count.",
        ),
    ),
    _per_10k(
        "phdoc_per_10k",
        "每万人口公卫医师数",
        "Public-health physicians for 10,000 people",
        ("公卫医师", "public-health physicians", "Public-health physicians"),
        _PUBLIC_HEALTH,
        F002,
    ),
    _S.stock(
        "phdoc_count",
        ("公卫医师数", "Public-health physicians"),
        ("有多少公卫医师？", "How many public-health physicians are there?"),
        ("月末在岗公卫医师数。", "Public-health physicians in service at the month's end."),
        staff,
        _PUBLIC_HEALTH,
        unit=Unit.PERSONS,
        direction=_UP,
        source=F002,
        catalogue=("phdoc_per_10k",),
    ),
    _S.stock(
        "staff_total",
        ("社区卫生人员数", "Community health staff"),
        ("有多少工作人员？", "How many people work here?"),
        ("月末在岗人员数。", "Staff in service at the month's end."),
        staff,
        unit=Unit.PERSONS,
        direction=_INFO,
        source=F003,
    ),
    _share(
        "post_certificate_rate",
        "岗位合格证持证率",
        "Staff with the post certificate",
        ("有多少人持岗位合格证？", "How many hold the post certificate?"),
        ("持社区卫生岗位合格证", "Staff with the community post certificate", "在岗", "staff in service"),
        staff.c.certificate,
        _ANYONE,
        staff.c.certificate,
        F003,
        ("没有岗位合格证", "has no post certificate"),
    ),
    _S.stock(
        "mid_senior_title_count",
        ("中级以上职称人数", "Staff with an intermediate or senior title"),
        ("多少人有中级以上职称？", "How many have an intermediate or senior title?"),
        (
            "月末在岗且职称为中级及以上的人数。",
            "Staff in service at the month's end with an intermediate or senior title.",
        ),
        staff,
        _TITLED,
        unit=Unit.PERSONS,
        direction=_UP,
        source=F002,
        catalogue=("mid_senior_title_rate",),
    ),
    _share(
        "mid_senior_title_rate",
        "中级以上职称占比",
        "Share with an intermediate or senior title",
        ("中级以上职称占多少？", "How large is the share with an intermediate or senior title?"),
        ("中级及以上职称", "Staff with an intermediate or senior title", "在岗", "staff in service"),
        _TITLED,
        _ANYONE,
        staff.c.title,
        F002,
        ("职称在中级以下", "has no intermediate title"),
    ),
    _S.card(
        "gp_under35_rate",
        ("35 岁以下全科医生占比", "General practitioners under 35"),
        ("全科医生里年轻人占多少？", "How large is the share of young general practitioners?"),
        (
            "月末不满 {gp_young_age} 岁的全科医生数 ÷ 在岗全科医生数；生日不明的只计入分母，登记中从来没有生日的中心（含下属机构）没有数值。",
            "General practitioners younger than {gp_young_age} at the month's end over those in "
            "service; without a date of birth one counts among the latter only. A centre whose register, that of its "
            "stations and clinics included, holds no dates of birth has no figure.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F002,
        reads=("staff",),
        numerator=dated(lambda age: _under(age, _GP), "gp_young_age"),
        listed=standing(staff, _GP),
        told=told(staff, staff.c.born_on, _GP),
        parameters=("gp_young_age",),
    ),
    _recruited("staff_recruited", "招聘人数", "Staff recruited", ("工作人员", "all staff")),
    _recruited(
        "staff_recruited_gp",
        "招聘全科医生数",
        "General practitioners recruited",
        ("全科医生", "general practitioners"),
        staff.c.role == "gp",
    ),
    _recruited(
        "staff_recruited_nurse", "招聘护士数", "Nurses recruited", ("护士", "nurses"), staff.c.role == "nurse"
    ),
    _recruited(
        "staff_recruited_phdoc",
        "招聘公卫医师数",
        "Public-health physicians recruited",
        ("公卫医师", "public-health physicians"),
        _PUBLIC_HEALTH,
    ),
    _recruited(
        "staff_recruited_rehab",
        "招聘康复治疗师数",
        "Rehabilitation therapists recruited",
        ("康复治疗师", "rehabilitation therapists"),
        staff.c.role == "rehab",
    ),
    _share(
        "gp_nurse_training_rate",
        "全科医生、社区护士培养比例",
        "Doctors and nurses trained for the community",
        ("医生、护士都接受全科培训了吗？", "Are all doctors and nurses trained for the community?"),
        (
            "经全科医学或社区护理培训的医生、护士",
            "Doctors and nurses trained as general practitioners or community nurses",
            "在岗医生、护士",
            "doctors and nurses in service",
        ),
        staff.c.trained,
        CLINICAL,
        staff.c.trained,
        F000,
        ("未接受全科医学或社区护理培训", "is not trained for the community"),
    ),
    _share(
        "gp_registration_rate",
        "全科医学执业注册率",
        "Registration as a general practitioner",
        ("有资格的都注册为全科了吗？", "Is everyone who qualifies registered as a general practitioner?"),
        (
            "执业注册为全科医学",
            "Doctors registered in general practice",
            "具备全科医生资格的在岗",
            "those in service who qualify",
        ),
        staff.c.gp_registered,
        staff.c.gp_qualified,
        staff.c.gp_registered,
        F000,
        ("未注册为全科医学专业", "is not registered in general practice"),
    ),
    _share(
        "responsible_doctor_licensed",
        "责任医生执业资格率",
        "Responsible doctors with a physician's licence",
        ("责任医生都有执业资格吗？", "Does every responsible doctor hold a licence?"),
        (
            "具有执业医师或执业助理医师资格的责任医生",
            "Responsible doctors licensed as physicians or assistant physicians",
            "在岗责任医生",
            "responsible doctors in service",
        ),
        staff.c.licence.in_(["physician", "assistant"]),
        staff.c.responsible,
        staff.c.licence,
        F000,
        ("没有执业（助理）医师资格", "holds no physician's licence"),
    ),
    _S.card(
        "centre_min_staffing",
        ("中心最低人员配备", "Minimum staffing of centres"),
        ("中心的基本岗位都有人吗？", "Are the basic posts of every centre filled?"),
        (
            "各中心（卫生院）应有全科医生、护理人员、公共卫生人员各至少一名：月末有人在岗的岗位数 ÷（中心数 × 3）。",
            "Every centre needs a general practitioner, a nurse and somebody for public health: posts filled at the "
            "month's end over three for each open centre.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F004,
        reads=("staff",),
        numerator=_roles_filled(),
        listed=_roles_owed(),
        gap=Gap.THINGS,
        reason=("岗位无人", "the post is not filled"),
        kinds=("centre",),
    ),
    _S.of_units_with(
        "staff_rotation",
        ("人员轮岗制度", "Rotation of posts"),
        ("轮岗制度建立了吗？", "Is there a system of rotating posts?"),
        (
            "月末有现行轮岗制度的中心（卫生院）数 ÷ 开业中心数。",
            "Centres with a system of rotating posts in force at the month's end over open centres.",
        ),
        ("centre",),
        document,
        document.c.kind == "rotation_system",
        source=F004,
        reason=("没有现行的轮岗制度", "has no system in force"),
    ),
]
