"""S24 乡村一体化: how village clinics and their centres are managed as one."""

from __future__ import annotations

from metrics.card import Direction, Unit
from metrics.cards.families import IN_USE
from metrics.cards.shapes import System
from metrics.cards.sources import F003, F004
from metrics.tables import activity, document, facility, staff

_S = System("S24")
_UP = Direction.HIGHER
_CLINIC = ("clinic",)


def _clinics_with(key, zh, en, ask, kind, what):
    """The share of clinics that have something in place."""
    return _S.of_units_with(
        key,
        (zh, en),
        ask,
        (
            f"月末{what[0]}的村卫生室数 ÷ 开业村卫生室数；登记为已停用的不计。",
            f"Clinics that are {what[1]} at the month's end over open clinics; what is recorded as out of use does not "
            "count.",
        ),
        _CLINIC,
        facility,
        facility.c.kind == kind,
        IN_USE,
        source=F004,
        reason=(f"没有{what[0]}", f"is not {what[1]}"),
    )


CARDS = [
    _S.check("int_five_unifications", ("五统一", "Five unifications"), _CLINIC, source=F004),
    _S.check("int_four_unify_one_separate", ("四统一分", "Four unified, one separate"), _CLINIC, source=F004),
    _S.check(
        "int_four_unify_build",
        ("建设四个统一", "Four unifications of construction"),
        ("station", "clinic"),
        source=F003,
    ),
    _clinics_with(
        "int_public_built_run",
        "公建院管比例",
        "Clinics publicly built and run by the centre",
        ("多少卫生室是公建院管？", "How many clinics are publicly built and run by the centre?"),
        "public_built_run",
        ("公建院管", "publicly built and run by the centre"),
    ),
    _S.stock(
        "int_town_mgmt_village_use",
        ("乡管村用比例", "Village doctors employed by the centre"),
        ("村医都由卫生院聘用吗？", "Are village doctors employed by the centre?"),
        (
            "月末由中心（卫生院）聘用的乡村医生数 ÷ 登记了聘用方的在岗乡村医生数。",
            "Village doctors employed by the centre at the month's end over those in service whose employer is recorded.",
        ),
        staff,
        staff.c.employer == "town",
        among=(staff.c.role == "village_doctor", staff.c.employer.is_not(None)),
        what=staff.c.staff_no,
        unit=Unit.PERCENT,
        direction=_UP,
        source=F004,
        reason=("不由中心（卫生院）聘用", "is not employed by the centre"),
    ),
    _clinics_with(
        "int_coverage_rate",
        "一体化管理覆盖率",
        "Clinics under integrated management",
        ("卫生室都纳入一体化管理了吗？", "Is every clinic under integrated management?"),
        "integrated",
        ("纳入一体化管理", "under integrated management"),
    ),
    _S.duty(
        "int_target_letter",
        ("目标管理责任书签订", "Target letters signed"),
        document,
        document.c.kind == "responsibility_letter",
    ),
    _S.check(
        "int_leading_group",
        ("一体化领导小组与管理办公室", "Leading group and office"),
        ("bureau",),
        source=F004,
    ),
    _S.of_units_with(
        "int_dedicated_person",
        ("一体化专人负责", "Units with somebody in charge of integration"),
        ("一体化工作都有专人负责吗？", "Is somebody in charge of integration everywhere?"),
        (
            "月末有人兼任或专任一体化管理的中心（卫生院）和村卫生室数 ÷ 开业的中心和村卫生室数。",
            "Centres and clinics with somebody whose duties include integration at the month's end over open ones.",
        ),
        ("centre", "clinic"),
        staff,
        staff.c.duty.contains("integration"),
        source=F004,
        reason=("没有专人负责", "nobody is in charge"),
    ),
    _S.duty(
        "int_meeting_monthly",
        ("卫生室室长例会", "Meetings of the heads of clinics"),
        activity,
        activity.c.kind == "clinic_heads_meeting",
    ),
    _clinics_with(
        "int_info_sharing",
        "档案、电子病历信息共享",
        "Clinics that share records",
        ("卫生室都接入信息共享了吗？", "Is every clinic connected to the shared records?"),
        "record_sharing",
        ("接入信息共享", "connected to the shared records"),
    ),
    _S.check(
        "int_resource_sharing",
        ("设备、人才、信息资源共享", "Equipment, people and information shared"),
        ("centre", "clinic"),
        source=F004,
    ),
    _S.duty(
        "int_circuit_visits",
        ("巡回服务进村", "Circuit visits to villages"),
        activity,
        activity.c.kind == "circuit_visit",
    ),
    _S.count(
        "int_circuit_visit_count",
        ("巡回服务次数", "Number of circuit visits"),
        ("巡回服务了多少次？", "How many circuit visits were made?"),
        (
            "本期巡回队进村服务（巡诊、接种、妇幼保健）的次数。",
            "Visits of circuit teams to villages in the period.",
        ),
        activity,
        activity.c.kind == "circuit_visit",
        unit=Unit.VISITS,
        direction=_UP,
        source=F004,
        catalogue=("int_circuit_visits",),
    ),
    _S.duty(
        "int_impl_plan",
        ("一体化年度实施计划", "Yearly plan of integration"),
        document,
        document.c.kind == "int_plan",
    ),
]
