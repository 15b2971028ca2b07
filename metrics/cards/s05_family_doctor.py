"""S05 家庭医生签约: who has a contract, and is what it owes delivered."""

from __future__ import annotations

from sqlalchemy import and_, literal, select

from metrics.card import Card, Direction, Gap, Period, Statistic, Unit, words
from metrics.cards.sources import F000, F001, F002, F003, SPEC
from metrics.facts import (
    aged,
    contracted,
    contracted_resident,
    key_person,
    key_resident,
    patients_as_of,
    recorded_resident,
    resident,
    stay,
    with_tag,
)
from metrics.households import households, households_with_doctor
from metrics.sql import month_of, one, spans_of, within
from metrics.tables import contract

_READS = ("contract",)


_expired = (
    select(contract.c.person, month_of(contract.c.end_on).label("month"))
    .where(contract.c.stopped_on.is_(None))
    .distinct()
    .subquery()
)
_renewed = select(
    _expired.c.person,
    stay.c.unit,
    _expired.c.month,
    one(contracted.c.person.is_not(None)).label("n"),
    literal(1).label("of"),
).select_from(
    _expired.join(
        stay, and_(stay.c.person == _expired.c.person, _expired.c.month.between(stay.c.s, stay.c.e))
    ).outerjoin(
        contracted,
        and_(
            contracted.c.person == _expired.c.person,
            contracted.c.s <= _expired.c.month + 1,
            contracted.c.e >= _expired.c.month + 1,
        ),
    )
)


def _group_share(key, zh, en, people, catalogue, source=F003, caveat=None):
    """Contract coverage of one group of residents known by name."""
    return Card(
        key=key,
        system="S05",
        name=words(f"{zh}签约率", f"Contract coverage: {en}"),
        question=words(f"{zh}有多少人签了家庭医生？", f"How many of the {en} have a family doctor?"),
        rule=words(
            f"月末有有效签约的在册{zh} ÷ 月末在册{zh}。",
            f"Of those known here at the month's end ({en}), those with a contract in force.",
        ),
        caveat=caveat,
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=source,
        catalogue=catalogue,
        reads=_READS,
        numerator=within(contracted, people.subquery()),
        listed=people,
        gap=Gap.PERSONS,
        reason=words("没有有效签约", "no contract in force"),
    )


CARDS = [
    Card(
        key="fd_contract_rate",
        system="S05",
        name=words("家庭医生签约率", "Family-doctor contract coverage"),
        question=words(
            "常住居民中有多少人签了家庭医生？", "How many residents have a family-doctor contract?"
        ),
        rule=words(
            "月末签约在有效期内的常住居民人数（一人只计一次）÷ 当年生效的常住人口数。",
            "Residents with a contract in force at the month's end, each once ÷ resident population in force for the year.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=f"{F001}；{F002}",
        catalogue=("fd_contract_rate",),
        reads=_READS,
        numerator=spans_of(contracted_resident),
        listed=spans_of(resident),
        statistic=Statistic(band="all"),
        gap=Gap.PERSONS,
        reason=words("没有有效签约", "no contract in force"),
        parameters=("resident_months",),
    ),
    Card(
        key="fd_persons",
        system="S05",
        name=words("签约人数", "Contracted persons"),
        question=words("现在有多少人签约在有效期内？", "How many persons have a contract in force?"),
        rule=words(
            "月末签约在有效期内的常住居民人数，一人只计一次。",
            "Residents with a contract in force at the month's end, each once.",
        ),
        unit=Unit.PERSONS,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F003,
        catalogue=("fd_persons",),
        reads=_READS,
        numerator=spans_of(contracted_resident),
    ),
    Card(
        key="fd_households",
        system="S05",
        name=words("签约户数", "Contracted households"),
        question=words("有多少户家庭签了约？", "How many households have a contract?"),
        rule=words(
            "月末至少一名常住成员签约有效的家庭数；每一级机构各自去重。",
            "Households with at least one resident member under contract; counted anew at each level.",
        ),
        unit=Unit.HOUSEHOLDS,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F003,
        catalogue=("fd_households",),
        reads=_READS,
        numerator=households(contracted_resident),
        each_level=True,
    ),
    Card(
        key="fd_every_family_doctor",
        system="S05",
        name=words("家庭签约覆盖率", "Households with a contracted doctor"),
        question=words("是否每个家庭都有一名签约医生？", "Does every family have a contracted doctor?"),
        rule=words(
            "月末至少一名成员签约有效的家庭 ÷ 有建档成员的家庭。",
            "Households with a member under contract ÷ households with a recorded member.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F000,
        catalogue=("fd_every_family_doctor",),
        reads=_READS,
        numerator=households(
            within(recorded_resident, contracted_resident, on=("person", "unit")).subquery()
        ),
        listed=households(recorded_resident),
        each_level=True,
    ),
    Card(
        key="fd_team_pairing",
        system="S05",
        name=words("家庭责任医生对应率", "Households with a responsible doctor"),
        question=words("每户家庭都有明确的责任医生吗？", "Does every household have a named doctor?"),
        rule=words(
            "档案中写明责任医生的家庭 ÷ 有建档成员的家庭。",
            "Households whose records name a responsible doctor ÷ households with a recorded member.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F001,
        catalogue=("fd_team_pairing",),
        reads=("health_record",),
        numerator=households_with_doctor(recorded_resident),
        listed=households(recorded_resident),
        each_level=True,
    ),
    Card(
        key="fd_key_contract_rate",
        system="S05",
        name=words("重点人群签约率", "Contract coverage of key populations"),
        question=words(
            "重点人群有多少签了家庭医生？", "How many of the key populations have a family doctor?"
        ),
        rule=words(
            "月末签约有效的重点人群常住居民 ÷ 在册重点人群常住居民。",
            "Residents of key populations with a contract in force ÷ residents of key populations known by name.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=f"{F002}；{F003}",
        catalogue=("fd_key_contract_rate",),
        reads=_READS,
        numerator=within(contracted, key_resident),
        listed=spans_of(key_resident),
        gap=Gap.PERSONS,
        reason=words("重点人群，没有有效签约", "key population without a contract in force"),
        parameters=("elder_age",),
    ),
    Card(
        key="fd_key_share",
        system="S05",
        name=words("签约居民中重点人群占比", "Key populations among the contracted"),
        question=words(
            "签约居民里重点人群占多少？", "What share of the contracted belongs to the key populations?"
        ),
        rule=words(
            "月末签约有效的重点人群 ÷ 月末签约有效的常住居民。不是重点人群的覆盖率。",
            "Contracted residents of key populations ÷ all contracted residents. Not the coverage of the key populations.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.NONE,
        period=Period.AS_OF,
        source=F003,
        catalogue=("fd_key_contract_rate",),
        reads=_READS,
        numerator=within(key_person, contracted_resident),
        listed=spans_of(contracted_resident),
        parameters=("elder_age",),
    ),
    Card(
        key="fd_renewal_rate",
        system="S05",
        name=words("续约率", "Renewal of contracts"),
        question=words("到期的签约有多少续上了？", "How many contracts were renewed when they ended?"),
        rule=words(
            "本期到期（未解约）的签约居民中，到期次月仍有有效签约的人数 ÷ 本期到期人数。",
            "Of persons whose contract ended in the period (not stopped), those with a contract in force in the following month.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.COHORT,
        source=SPEC,
        catalogue=("fd_contract_rate",),
        reads=_READS,
        numerator=_renewed,
        gap=Gap.THINGS,
        reason=words("到期后没有续约", "not renewed when it ended"),
    ),
    _group_share(
        "fd_low_income_rate",
        "低收入人群",
        "low income",
        within(with_tag("low_income").subquery(), resident),
        ("fd_low_income_signed",),
    ),
    _group_share(
        "fd_special_family_rate",
        "计生特殊家庭",
        "special families",
        within(with_tag("special_family").subquery(), resident),
        ("fd_low_income_signed",),
    ),
    _group_share(
        "fd_disabled_rate",
        "残疾人",
        "disabled",
        within(with_tag("disabled").subquery(), resident),
        ("fd_low_income_signed", "fd_priority_groups"),
    ),
    _group_share(
        "fd_elder_rate",
        "65 岁及以上老年人",
        "aged 65 and over",
        aged(resident, years=65),
        ("fd_priority_groups",),
        F000,
    ),
    _group_share(
        "fd_child_rate",
        "0—6 岁儿童",
        "children 0 to 6",
        aged(resident, below=7),
        ("fd_priority_groups",),
        F000,
    ),
    _group_share(
        "fd_pregnant_rate",
        "孕产妇",
        "pregnant women",
        within(with_tag("pregnant").subquery(), resident),
        ("fd_priority_groups",),
        F000,
    ),
    _group_share(
        "fd_htn_rate",
        "在管高血压患者",
        "hypertension patients",
        patients_as_of("htn"),
        ("fd_priority_groups",),
        F000,
    ),
    _group_share(
        "fd_dm_rate",
        "在管糖尿病患者",
        "diabetes patients",
        patients_as_of("dm"),
        ("fd_priority_groups",),
        F000,
    ),
]
