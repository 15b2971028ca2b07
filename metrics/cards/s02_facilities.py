"""S02 设施与设备: rooms, areas, equipment, laboratory, beds."""

from __future__ import annotations

from sqlalchemy import Select, case, select

from metrics.card import Change, Direction, Gap, Period, Unit
from metrics.cards.families import IN_USE, names_standing
from metrics.cards.rules import at, standing, units_holding, whole
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002, F003, F004
from metrics.facts import reached
from metrics.sql import at_least, at_most, dated, spans_of
from metrics.tables import document, facility, lab_order, money, sample

_S = System("S02")
_UP, _INFO = Direction.HIGHER, Direction.NONE
_CLINIC = ("clinic",)


def _area(key, zh, en, kind, parameter, what):
    """Two cards on an area of village clinics: its mean, and the share of clinics that have enough."""
    rows = (facility.c.kind == kind, facility.c.quantity.is_not(None), at(facility.c.unit, *_CLINIC))
    least = f"{{{parameter}}}"  # words take the value in force
    return [
        _S.card(
            key,
            (zh, en),
            (f"村卫生室{what[0]}平均多大？", f"How large is the {what[1]} of village clinics?"),
            (
                f"月末登记的村卫生室{what[0]}之和 ÷ 有登记的卫生室数。",
                f"The {what[1]} of village clinics at the month's end, added up, over clinics for which it is "
                "recorded.",
            ),
            unit=Unit.SQUARE_METRES,
            direction=_UP,
            period=Period.AS_OF,
            source=F004,
            reads=("facility",),
            numerator=standing(facility, *rows, n=whole(facility.c.quantity)),
            listed=standing(facility, *rows),
            kinds=_CLINIC,
        ),
        _S.of_units(
            f"{key}_met",
            (f"{zh}达标率", f"{en}: clinics with enough"),
            (f"村卫生室{what[0]}够大吗？", f"Is the {what[1]} of village clinics large enough?"),
            (
                f"月末{what[0]}不少于 {least} 平方米的卫生室数 ÷ 开业卫生室数；没有登记的按未达标计。",
                f"Clinics whose {what[1]} is at least {least} m² at the month's end over open clinics; one "
                "without a record does not count.",
            ),
            _CLINIC,
            dated(
                lambda enough: standing(facility, facility.c.kind == kind, facility.c.quantity >= enough),
                parameter,
            ),
            reads=("facility",),
            source=F004,
            reason=("面积不足，或没有登记", "is too small, or nothing is recorded"),
            parameters=(parameter,),
            catalogue=(key,),
        ),
    ]


def _large_enough(square_metres: float) -> Select:
    """person, unit, s, e: residents whose nearest unit is a clinic, while its medical area is enough."""
    held = standing(facility, facility.c.kind == "medical_area", facility.c.quantity >= square_metres)
    clinic = units_holding(held, *_CLINIC).subquery()
    s, e = at_least(reached.c.s, clinic.c.s), at_most(reached.c.e, clinic.c.e)
    return (
        select(reached.c.person, reached.c.unit, s.label("s"), e.label("e"))
        .join(clinic, clinic.c.unit == reached.c.near)
        .where(s <= e)
    )


_TURNAROUND = _S.ratio(
    "lab_turnaround",
    ("检验报告平均出具时间", "Mean laboratory turnaround"),
    ("检验报告多久出来？", "How long until a laboratory reports?"),
    (
        "本期检验从开单到出报告的分钟数之和 ÷ 有时间记录的检验次数。",
        "Minutes from order to report, added up, over the orders of the period for which they are known.",
    ),
    lab_order,
    lab_order.c.minutes,
    case((lab_order.c.minutes.is_not(None), 1)),
    unit=Unit.MINUTES,
    direction=Direction.LOWER,
    source=F002,
    catalogue=("lab_tat_change",),
)
_REHAB_AREA = _S.stock(
    "rehab_area",
    ("康复治疗区面积", "Rehabilitation area"),
    ("康复治疗区有多大？", "How large is the rehabilitation area?"),
    ("月末康复治疗区面积之和。", "Areas for rehabilitation at the month's end, added up."),
    facility,
    facility.c.kind == "rehab_area",
    n=whole(facility.c.quantity),
    unit=Unit.SQUARE_METRES,
    direction=_UP,
    source=F002,
    catalogue=("centre_dept_rooms",),
)

CARDS = [
    *_area(
        "clinic_land_area",
        "卫生室建设用地面积",
        "Land of village clinics",
        "land_area",
        "clinic_land_m2",
        ("建设用地", "land"),
    ),
    *_area(
        "clinic_medical_area",
        "卫生室医疗用地面积",
        "Medical area of village clinics",
        "medical_area",
        "clinic_medical_m2",
        ("医疗用地", "medical area"),
    ),
    _S.card(
        "clinic_area_nearest",
        ("就近卫生室面积达标的居民比例", "Residents whose nearest clinic is large enough"),
        ("居民就近的卫生室用房够大吗？", "Is the clinic that is nearest to residents large enough?"),
        (
            "最近的开业机构是村卫生室的常住居民中，该室月末医疗用地不少于 {clinic_medical_m2} 平方米的比例；没有登记面积的按未达标计。",
            "Of residents whose nearest open unit is a village clinic, those whose clinic has a medical area of at least "
            "{clinic_medical_m2} m² at the month's end; one without a record does not count.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F004,
        reads=("facility",),
        numerator=dated(_large_enough, "clinic_medical_m2"),
        listed=spans_of(reached).where(at(reached.c.near, *_CLINIC)),
        gap=Gap.PERSONS,
        reason=(
            "就近的卫生室面积不足，或没有登记",
            "the nearest clinic is too small, or nothing is recorded",
        ),
        caveat=(
            "按居民所在管理网格的坐标到机构的直线距离找最近的机构；没有登记管理网格、管理网格没有坐标的居民不在内。改建先后可看就近人数。",
            "The nearest unit by the straight line from the coordinates of a resident's management grid; who has none, or one "
            "without coordinates, is in neither part. It tells which clinic to rebuild first.",
        ),
        parameters=("clinic_medical_m2",),
        catalogue=("clinic_medical_area",),
    ),
    _S.check("clinic_six_rooms", ("卫生室六室分开", "Six separate rooms"), _CLINIC, source=F004),
    _S.check("clinic_ancillary", ("卫生室附属设施", "Kitchen, well and toilet"), _CLINIC, source=F004),
    _S.check(
        "clinic_premises_ownership",
        ("卫生室用房归村、无偿使用", "Premises owned by the village and free of rent"),
        _CLINIC,
        source=F004,
    ),
    _S.of_units_with(
        "clinic_building_method",
        ("标准化业务用房验收率", "Clinics whose premises were accepted"),
        ("卫生室业务用房都验收了吗？", "Were the premises of all clinics accepted?"),
        (
            "月末业务用房已通过标准化验收（新建、改扩建或租赁）的卫生室数 ÷ 开业卫生室数。",
            "Clinics whose premises (new, rebuilt or rented) were accepted as standard by the month's end over "
            "open clinics.",
        ),
        _CLINIC,
        document,
        document.c.kind == "building_acceptance",
        source=f"{F004}；{F003}",
        reason=("业务用房未验收", "its premises were not accepted"),
    ),
    _S.check(
        "equipment_standard_rate",
        ("诊疗设备配备达标率", "Standard equipment in place"),
        ("station", "clinic"),
        source=F004,
    ),
    _S.count(
        "equipment_investment",
        ("检验设备投入", "Spent on laboratory equipment"),
        ("检验设备投入了多少？", "How much was spent on laboratory equipment?"),
        ("本期购置检验设备的金额。", "Money spent on laboratory equipment in the period."),
        money,
        money.c.account == "equipment",
        n=money.c.amount,
        unit=Unit.WAN_YUAN,
        direction=_INFO,
        source=F002,
    ),
    _S.card(
        "lab_item_count",
        ("检验项目数", "Laboratory items offered"),
        ("能做多少项检验？", "How many laboratory items are offered?"),
        (
            "月末在开展的检验项目数；下属机构开展同一项的，上级只计一项。",
            "Laboratory items offered at the month's end; an item offered at two units counts once above them.",
        ),
        unit=Unit.ITEMS,
        direction=_UP,
        period=Period.AS_OF,
        source=F002,
        reads=("facility",),
        numerator=names_standing(facility, facility.c.name, facility.c.kind == "lab_item", IN_USE),
        each_level=True,
    ),
    _TURNAROUND,
    _S.changed(
        "lab_tat_change",
        ("检验报告出具时间变化", "Change of laboratory turnaround"),
        ("检验报告出得更快了吗？", "Do laboratories report faster than a year ago?"),
        (
            "检验报告平均出具时间比上年同期的变化比例；负数为缩短。",
            "The mean turnaround against the same time of the year before; a negative number is faster.",
        ),
        _TURNAROUND,
        Change.RELATIVE,
        source=F002,
        caveat=(
            "用平均数，不用中位数：中位数不能由机构数相加得出。",
            "Means, not medians: medians cannot be added up over units.",
        ),
    ),
    _S.check(
        "unified_identity",
        ("统一名称、标识、印章和制度牌", "Unified name, sign, seal and rule boards"),
        ("centre", "station", "clinic"),
        source=f"{F004}；{F000}",
    ),
    _S.check(
        "smoke_free_org",
        ("无烟、无障碍、一医一诊室", "Smoke-free, barrier-free, one doctor a room"),
        ("centre", "station"),
        source=F000,
    ),
    _S.ratio(
        "bed_configuration",
        ("床位使用率", "Use of beds"),
        ("床位用得怎么样？", "How well are beds used?"),
        ("本期实际占用床日数 ÷ 开放床日数。", "Occupied bed days of the period over open bed days."),
        sample,
        sample.c.positive,
        sample.c.asked,
        sample.c.kind == "bed_days",
        direction=_INFO,
        source=F000,
    ),
    _S.stock(
        "beds",
        ("床位数", "Beds"),
        ("有多少张床位？", "How many beds are there?"),
        ("月末设置的床位数之和。", "Beds set up at the month's end, added up."),
        facility,
        facility.c.kind == "beds",
        n=whole(facility.c.quantity),
        unit=Unit.PIECES,
        direction=_INFO,
        source=F000,
        catalogue=("bed_configuration",),
    ),
    _S.stock(
        "centre_dept_rooms",
        ("诊室数", "Consulting rooms"),
        ("有多少间诊室？", "How many consulting rooms are there?"),
        (
            "月末在用的诊室间数（含儿科诊室）。",
            "Consulting rooms in use at the month's end, for children included.",
        ),
        facility,
        facility.c.kind.in_(["consulting_room", "paediatric_room"]),
        IN_USE,
        unit=Unit.PIECES,
        direction=_UP,
        source=F002,
        what=facility.c.name,
    ),
    _S.stock(
        "paediatric_rooms",
        ("儿科诊室数", "Paediatric rooms"),
        ("有多少间儿科诊室？", "How many consulting rooms are there for children?"),
        ("月末在用的儿科诊室间数。", "Consulting rooms for children in use at the month's end."),
        facility,
        facility.c.kind == "paediatric_room",
        IN_USE,
        unit=Unit.PIECES,
        direction=_UP,
        source=F002,
        what=facility.c.name,
        catalogue=("centre_dept_rooms",),
    ),
    _REHAB_AREA,
    _S.changed(
        "rehab_area_change",
        ("康复治疗区面积增幅", "Growth of the rehabilitation area"),
        ("康复治疗区扩大了多少？", "By how much has the rehabilitation area grown?"),
        (
            "康复治疗区面积比上年同月的变化比例。",
            "The rehabilitation area against that of the same month of the year before.",
        ),
        _REHAB_AREA,
        Change.RELATIVE,
        source=F002,
        catalogue=("centre_dept_rooms",),
    ),
]
