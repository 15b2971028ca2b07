"""S04 居民健康档案: who has a health record, is it complete, is it used."""

from __future__ import annotations

from sqlalchemy import and_, func, select

from metrics.card import Card, Direction, Gap, Period, Statistic, Unit, words
from metrics.cards.sources import F000, F001, F003, SPEC
from metrics.cards.valid_records import record_end, valid_records
from metrics.facts import (
    aged,
    first_of_year,
    key_resident,
    recorded,
    recorded_electronic,
    recorded_resident,
    recorded_told,
    resident,
    resident_year,
    served,
    served_rolling,
    stay,
    with_tag,
)
from metrics.facts import enrolled as enrolled_in
from metrics.households import households
from metrics.sql import dated, merged, month_of, one, spans_of, within
from metrics.tables import encounter, followup, health_record, person, service

_READS = ("health_record",)


def _usable(electronic: int):
    """Records of which is asked whether they are used: electronic ones where the source tells, or all."""
    rows = select(
        health_record.c.person, month_of(health_record.c.created_on).label("s"), record_end.label("e")
    ).where(month_of(health_record.c.created_on) <= record_end)
    if electronic:
        rows = rows.where(func.coalesce(health_record.c.electronic, True).is_(True))
    return merged(rows.subquery(), "person")


_usable_stay = within(dated(_usable, "use_electronic").subquery(), stay)


def _used(rolling: int):
    """Months in which a person has had a service this year, or within twelve months."""
    spans = served_rolling if rolling else served
    return select(spans.c.person, spans.c.s, spans.c.e)


_first_record = (
    select(health_record.c.person, func.min(health_record.c.row_id).label("row_id"))
    .select_from(
        health_record.join(
            first := select(health_record.c.person, func.min(health_record.c.created_on).label("created_on"))
            .group_by(health_record.c.person)
            .subquery(),
            and_(first.c.person == health_record.c.person, first.c.created_on == health_record.c.created_on),
        )
    )
    .group_by(health_record.c.person)
    .subquery()
)

_visits = (
    select(followup.c.person, followup.c.month)
    .where(followup.c.mode.in_(["home", "phone"]))
    .union_all(select(service.c.person, service.c.month).where(service.c.mode.in_(["home", "phone"])))
    .subquery()
)

_CATEGORIES = {
    "htn": (
        words("高血压患者", "Hypertension patients"),
        select(enrolled_in.c.person, enrolled_in.c.s, enrolled_in.c.e).where(
            enrolled_in.c.programme == "htn"
        ),
    ),
    "dm": (
        words("糖尿病患者", "Diabetes patients"),
        select(enrolled_in.c.person, enrolled_in.c.s, enrolled_in.c.e).where(enrolled_in.c.programme == "dm"),
    ),
    "child": (words("0—6 岁儿童", "Children 0 to 6"), aged(stay, below=7)),
    "pregnant": (words("孕产妇", "Pregnant women"), with_tag("pregnant")),
    "smi": (words("严重精神障碍患者", "Patients with severe mental disorder"), with_tag("smi")),
    "elder": (
        words("65 岁及以上老年人", "Residents aged 65 and over"),
        dated(lambda years: aged(stay, years=years), "elder_age"),
    ),
}

CARDS = [
    Card(
        key="hr_filing_rate",
        system="S04",
        name=words("健康档案建档率", "Health-record coverage"),
        question=words("常住居民中有多少人建了健康档案？", "How many residents have a health record?"),
        rule=words(
            "月末有有效（未注销）健康档案的常住居民人数 ÷ 当年生效的常住人口数；一人多份档案只计一人。",
            "Residents with a valid record at the month's end ÷ resident population in force for the year; "
            "a person with two records counts once.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=f"{SPEC}；000_f9eae4dcaaefe31d.txt；003_bec17c85df752c38.txt",
        catalogue=("hr_filing_rate",),
        reads=_READS,
        numerator=select(
            recorded_resident.c.person, recorded_resident.c.unit, recorded_resident.c.s, recorded_resident.c.e
        ),
        listed=spans_of(resident),
        statistic=Statistic(band="all"),
        gap=Gap.PERSONS,
        reason=words("没有有效健康档案", "no valid health record"),
        parameters=("resident_months",),
    ),
    Card(
        key="ehr_filing_rate",
        system="S04",
        name=words("电子健康档案建档率", "Electronic health-record coverage"),
        question=words(
            "常住居民中有多少人建了电子健康档案？", "How many residents have an electronic record?"
        ),
        rule=words(
            "月末有有效电子健康档案的常住居民人数 ÷ 当年生效的常住人口数。",
            "Residents with a valid electronic record at the month's end ÷ resident population in force for the year.",
        ),
        caveat=words(
            "只计来源系统标明为电子的档案；来源没有该字段的不计入。",
            "Only records that the source marks as electronic; a source without that field contributes none.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=f"{SPEC}；000_f9eae4dcaaefe31d.txt",
        catalogue=("ehr_filing_rate",),
        reads=_READS,
        numerator=within(recorded_electronic, resident),
        told=within(recorded_told, resident),
        listed=spans_of(resident),
        statistic=Statistic(band="all"),
        gap=Gap.PERSONS,
        reason=words("没有有效电子健康档案", "no valid electronic record"),
        parameters=("resident_months",),
    ),
    Card(
        key="hr_dynamic_update_rate",
        system="S04",
        name=words("健康档案动态使用率", "Dynamic use of health records"),
        question=words("有多少档案今年真正被用过？", "How many records were really used this year?"),
        rule=words(
            "本年截至月末有就诊、体检、随访、咨询或转诊记录的建档人数 ÷ 月末有有效电子档案（来源未区分时为全部有效档案）的人数。",
            "Persons with a record and at least one visit, check, follow-up, consultation or referral this year ÷ "
            "persons with a valid electronic record (any valid record where the source does not tell).",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=f"{SPEC}；002_0d124a093410b4d9.txt",
        catalogue=("hr_dynamic_update_rate",),
        reads=("health_record", "followup", "encounter"),
        numerator=within(dated(_used, "use_rolling").subquery(), _usable_stay.subquery()),
        listed=_usable_stay,
        gap=Gap.PERSONS,
        reason=words("本年无任何服务记录", "no service recorded this year"),
        parameters=("use_electronic", "use_rolling"),
    ),
    Card(
        key="hr_count_total",
        system="S04",
        name=words("健康档案份数", "Health records"),
        question=words("现有多少份有效健康档案？", "How many valid records are there?"),
        rule=words(
            "月末有效（未注销）健康档案份数，按居民的管理机构统计。",
            "Valid records at the month's end, at the unit that manages the person.",
        ),
        unit=Unit.RECORDS,
        direction=Direction.NONE,
        period=Period.AS_OF,
        source=F003,
        catalogue=("hr_count_total",),
        reads=_READS,
        numerator=valid_records(),
    ),
    Card(
        key="hr_new_count",
        system="S04",
        name=words("新建档案人数", "Persons with a new record"),
        question=words("本期给多少人新建了档案？", "How many persons got their first record?"),
        rule=words(
            "首份健康档案的建档日期在本期内的人数；同一人再建的档案不计。",
            "Persons whose first record was made in the period; a second record of the same person does not count.",
        ),
        unit=Unit.PERSONS,
        direction=Direction.NONE,
        period=Period.FLOW,
        source=F003,
        catalogue=("hr_new_count",),
        reads=_READS,
        numerator=select(
            health_record.c.person,
            health_record.c.unit,
            month_of(health_record.c.created_on).label("month"),
            one(health_record.c.person.is_not(None)).label("n"),
        ).select_from(health_record.join(_first_record, _first_record.c.row_id == health_record.c.row_id)),
    ),
    Card(
        key="hr_households",
        system="S04",
        name=words("建档户数", "Households with records"),
        question=words("有多少户家庭建了档？", "How many households have records?"),
        rule=words(
            "月末至少一名常住成员有有效健康档案的家庭数；每一级机构各自去重。",
            "Households of which at least one resident member has a valid record; counted anew at each level.",
        ),
        unit=Unit.HOUSEHOLDS,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F003,
        catalogue=("hr_households",),
        reads=_READS,
        numerator=households(recorded_resident),
        each_level=True,
    ),
    Card(
        key="hr_updated_count",
        system="S04",
        name=words("更新完善档案份数", "Records updated"),
        question=words("今年更新完善了多少份档案？", "How many records were updated this year?"),
        rule=words(
            "本年截至月末有档案更新记录的常住居民人数，一人只计一次。",
            "Residents whose record was updated this year, each once.",
        ),
        unit=Unit.RECORDS,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=F003,
        catalogue=("hr_updated_count",),
        reads=("health_record", "service"),
        numerator=within(first_of_year(service, service.c.kind == "update").subquery(), resident_year),
    ),
    Card(
        key="hr_keypop_filing_rate",
        system="S04",
        name=words("重点人群建档率", "Record coverage of key populations"),
        question=words("重点人群都建档了吗？", "Do the key populations have records?"),
        rule=words(
            "月末有有效档案的重点人群常住居民 ÷ 登记在册的重点人群常住居民（{elder_age} 岁及以上、0—6 岁、孕产妇、高血压、糖尿病、精神障碍、结核、残疾、低收入、计生特殊家庭）。",
            "Residents of key populations with a valid record ÷ residents of key populations known by name ({elder_age} and over, 0 to 6, "
            "pregnant, hypertension, diabetes, mental disorder, tuberculosis, disabled, low income, special families).",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F000,
        catalogue=("hr_keypop_filing_rate",),
        reads=_READS,
        numerator=within(recorded, key_resident),
        listed=spans_of(key_resident),
        gap=Gap.PERSONS,
        reason=words("重点人群，没有有效健康档案", "key population without a valid record"),
        parameters=("elder_age",),
    ),
    Card(
        key="hr_60plus_filing_rate",
        system="S04",
        name=words("60 岁及以上居民建档率", "Record coverage at 60 and over"),
        question=words("60 岁及以上居民都建档了吗？", "Do residents of 60 and over have records?"),
        rule=words(
            "月末有有效档案的 60 岁及以上常住居民 ÷ 60 岁及以上常住人口数（月末年龄）。",
            "Residents of 60 and over with a valid record ÷ resident population of 60 and over.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F003,
        catalogue=("hr_60plus_filing_rate",),
        reads=_READS,
        numerator=within(recorded, aged(resident, years=60).subquery()),
        listed=aged(resident, years=60),
        statistic=Statistic(band="60+"),
        gap=Gap.PERSONS,
        reason=words("60 岁及以上，没有有效健康档案", "60 or over without a valid record"),
    ),
    Card(
        key="hr_completeness_rate",
        system="S04",
        name=words("健康档案完整率", "Completeness of health records"),
        question=words("有多少档案必填项齐全？", "How many records have every required item?"),
        rule=words(
            "月末有效档案中必填项全部填写的份数 ÷ 有效档案份数。",
            "Valid records with every required item filled in ÷ valid records.",
        ),
        caveat=words(
            "必填项以来源布局声明的为准；来源没有的项目不计入。",
            "Required items are those of the source's layout; items that the source lacks are left out.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=f"{F000}；{F001}",
        catalogue=("hr_completeness_rate",),
        reads=_READS,
        numerator=valid_records(health_record.c.complete.is_(True)),
        listed=valid_records(),
        gap=Gap.PERSONS,
        reason=words("档案有必填项未填", "a required item of the record is empty"),
    ),
    Card(
        key="hr_unified_code",
        system="S04",
        name=words("统一编码率", "Unified record code"),
        question=words("档案编码是否统一规范？", "Do records carry a valid unified code?"),
        rule=words(
            "月末编码为有效 17 位编码的有效档案份数 ÷ 有效档案份数。",
            "Valid records with a valid 17-digit code ÷ valid records.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F000,
        catalogue=("hr_unified_code",),
        reads=_READS,
        numerator=valid_records(health_record.c.code_valid.is_(True)),
        listed=valid_records(),
        gap=Gap.PERSONS,
        reason=words("档案编码不是有效的 17 位编码", "the record's code is not a valid 17-digit code"),
    ),
    Card(
        key="hr_electronic_entry_rate",
        system="S04",
        name=words("纸质档案录入率", "Records entered electronically"),
        question=words("纸质档案都录入系统了吗？", "Have the paper records been entered?"),
        rule=words(
            "月末已为电子档案的有效档案份数 ÷ 来源标明电子或纸质的有效档案份数。",
            "Valid electronic records ÷ valid records that the source marks as electronic or paper.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F003,
        catalogue=("hr_electronic_entry_rate",),
        reads=_READS,
        numerator=valid_records(health_record.c.electronic.is_(True)),
        listed=valid_records(health_record.c.electronic.is_not(None)),
        gap=Gap.PERSONS,
        reason=words("纸质档案尚未录入", "a paper record not yet entered"),
    ),
    Card(
        key="hr_card_coverage",
        system="S04",
        name=words("居民健康卡持卡人数", "Residents with a health card"),
        question=words("有多少建档居民领了健康卡？", "How many residents with a record hold a health card?"),
        rule=words(
            "月末有有效档案且持有居民健康卡的常住居民人数。",
            "Residents with a valid record who hold a resident health card.",
        ),
        unit=Unit.CARDS,
        direction=Direction.NONE,
        period=Period.AS_OF,
        source=F003,
        catalogue=("hr_card_coverage",),
        reads=_READS,
        numerator=select(
            recorded_resident.c.person, recorded_resident.c.unit, recorded_resident.c.s, recorded_resident.c.e
        ).select_from(
            recorded_resident.join(
                person, and_(person.c.person == recorded_resident.c.person, person.c.health_card.is_(True))
            )
        ),
    ),
    Card(
        key="hr_disease_archive_fill",
        system="S04",
        name=words("诊疗记入档案率", "Care written to the record"),
        question=words("诊疗情况及时记入健康档案了吗？", "Is care written to the health record?"),
        rule=words(
            "本期已记入健康档案的就诊人次 ÷ 来源标明是否记入的就诊人次。",
            "Visits written to the health record ÷ visits of which the source says whether they were.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.FLOW,
        source=F000,
        catalogue=("hr_disease_archive_fill",),
        reads=("encounter",),
        numerator=select(
            encounter.c.person,
            encounter.c.unit,
            encounter.c.month,
            one(encounter.c.linked.is_(True)).label("n"),
            one(encounter.c.linked.is_not(None)).label("of"),
        ).where(encounter.c.linked.is_not(None)),
        gap=Gap.THINGS,
        reason=words("就诊未记入健康档案", "a visit not written to the health record"),
    ),
    Card(
        key="hr_visit_rate",
        system="S04",
        name=words("重点人群定期访视率", "Phone and home visits to key populations"),
        question=words(
            "重点人群今年有没有电话或上门访视？",
            "Were the key populations visited by phone or at home this year?",
        ),
        rule=words(
            "本年截至月末有电话或上门服务、随访记录的重点人群常住居民 ÷ 重点人群常住居民。",
            "Residents of key populations with a phone or home contact this year ÷ residents of key populations.",
        ),
        caveat=words(
            "原文未写明应访视对象，按重点人群读取。",
            "The source does not say who is due; it is read as the key populations.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=F000,
        catalogue=("hr_visit_rate",),
        reads=("followup", "service"),
        numerator=within(first_of_year(_visits).subquery(), key_resident),
        listed=spans_of(key_resident),
        gap=Gap.PERSONS,
        reason=words("本年无电话或上门访视", "no phone or home visit this year"),
        parameters=("elder_age",),
    ),
    *(
        Card(
            key=f"hr_by_category_{key}",
            system="S04",
            name=words(f"分类档案数：{group.zh}", f"Records by category: {group.en}"),
            question=words(f"{group.zh}有多少人建了档？", f"{group.en}: how many have a record?"),
            rule=words(
                f"月末有有效档案的{group.zh}人数。", f"{group.en} with a valid record at the month's end."
            ),
            unit=Unit.RECORDS,
            direction=Direction.NONE,
            period=Period.AS_OF,
            source=F003,
            catalogue=("hr_by_category",),
            reads=_READS,
            numerator=within(merged(members.subquery(), "person").subquery(), recorded_resident),
            parameters=("elder_age",) if key == "elder" else (),
        )
        for key, (group, members) in _CATEGORIES.items()
    ),
]
