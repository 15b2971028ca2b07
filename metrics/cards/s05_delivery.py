"""S05 家庭医生签约: what contracts owe is delivered, at home too; what they cost."""

from __future__ import annotations

from sqlalchemy import and_, case, literal, select

from metrics.card import Card, Direction, Gap, Period, Unit, words
from metrics.cards.families import ALWAYS
from metrics.cards.sources import F000, F001, F002, F003
from metrics.facts import (
    contract_span,
    contracted_resident,
    first_of_year,
    key_person,
    resident,
    resident_year,
    stay,
    with_tag,
)
from metrics.households import households
from metrics.sql import at_least, at_most, merged, month_of, one, spans_of, within, without, year_start
from metrics.tables import ancestry, contract, contract_item, followup, service, team

_READS = ("contract",)

# An item owed and not done opens a hole from its month to the month before it is done, within its year.
_y1 = year_start(contract_item.c.month) + 11
_hole_end = case(
    (contract_item.c.done_on.is_(None), _y1), else_=at_most(_y1, month_of(contract_item.c.done_on) - 1)
)
_holes = merged(
    select(contract_item.c.person, contract_item.c.month.label("s"), _hole_end.label("e"))
    .where(contract_item.c.month <= _hole_end)
    .subquery(),
    "person",
).subquery()
_fully_served = without(contracted_resident, _holes)


def _special():
    return within(
        merged(with_tag("disabled", "solitary", "disabled_elder").subquery(), "person").subquery(),
        contracted_resident,
    )


_items_due = select(
    contract_item.c.person,
    stay.c.unit,
    contract_item.c.month,
    one(contract_item.c.done_on.is_not(None)).label("n"),
    literal(1).label("of"),
    contract_item.c.item.label("thing"),
).select_from(
    contract_item.join(
        stay, and_(stay.c.person == contract_item.c.person, contract_item.c.month.between(stay.c.s, stay.c.e))
    ).join(
        key_person,
        and_(
            key_person.c.person == contract_item.c.person,
            contract_item.c.month.between(key_person.c.s, key_person.c.e),
        ),
    )
)

_paid = merged(
    select(contract_span.c.person, contract_span.c.s, contract_span.c.e)
    .where(contract_span.c.fee > 0)
    .subquery(),
    "person",
).subquery()

_package_rows = (
    # Distinct first: a handful of packages, whatever the number of contracts.
    select(
        contract_span.c.package,
        stay.c.unit,
        at_least(contract_span.c.s, stay.c.s).label("s"),
        at_most(contract_span.c.e, stay.c.e).label("e"),
    )
    .select_from(
        contract_span.join(
            stay,
            and_(
                stay.c.person == contract_span.c.person,
                stay.c.s <= contract_span.c.e,
                stay.c.e >= contract_span.c.s,
            ),
        )
    )
    .where(contract_span.c.package.is_not(None))
    .distinct()
    .subquery()
)
_packages = merged(
    select(
        _package_rows.c.package.label("person"),
        ancestry.c.ancestor.label("unit"),
        _package_rows.c.s,
        _package_rows.c.e,
    )
    .select_from(_package_rows.join(ancestry, ancestry.c.unit == _package_rows.c.unit))
    .subquery(),
    "person",
    "unit",
)

_home = (
    select(service.c.person, service.c.unit, service.c.month)
    .where(service.c.mode == "home")
    .union_all(select(followup.c.person, followup.c.unit, followup.c.month).where(followup.c.mode == "home"))
    .subquery()
)

_teams = select(team.c.row_id.label("thing"), team.c.unit, *ALWAYS, team.c.name.label("what"))


def _fees(column):
    return select(
        contract.c.person,
        contract.c.unit,
        month_of(contract.c.signed_on).label("month"),
        column.label("n"),
    ).where(column > 0)


CARDS: list[Card] = [
    Card(
        key="fd_standard_mgmt_rate",
        level=True,
        system="S05",
        name=words("签约对象规范管理率", "Contracted persons served as agreed"),
        question=words(
            "签约居民到期的服务都做了吗？", "Have contracted persons had every service that was due?"
        ),
        rule=words(
            "月末签约有效、且本年截至月末到期的签约服务项目均已完成的常住居民 ÷ 月末签约有效的常住居民。",
            "Contracted residents with every item due this year done by the month's end ÷ contracted residents.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=F001,
        catalogue=("fd_standard_mgmt_rate",),
        reads=("contract", "contract_item"),
        numerator=_fully_served,
        listed=spans_of(contracted_resident),
        gap=Gap.PERSONS,
        reason=words("有到期未完成的签约服务项目", "an item of the contract is overdue"),
    ),
    Card(
        key="fd_fulfilment_rate",
        system="S05",
        name=words("重点人群签约履约率", "Fulfilment of contracts with key populations"),
        question=words(
            "答应重点人群的服务项目兑现了多少？",
            "How much of what was promised to key populations was delivered?",
        ),
        rule=words(
            "本期到期的重点人群签约服务项目中已完成的项次 ÷ 到期项次。",
            "Items of contracts with key populations due in the period that were delivered ÷ items due.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.COHORT,
        source=f"{F002}；{F001}",
        catalogue=("fd_fulfilment_rate",),
        reads=("contract_item",),
        numerator=_items_due,
        gap=Gap.THINGS,
        reason=words("签约服务项目未完成", "an item of the contract was not delivered"),
        parameters=("elder_age",),
    ),
    Card(
        key="fd_special_fulfilment_rate",
        level=True,
        system="S05",
        name=words("特殊群体履约率", "Fulfilment for disabled and solitary residents"),
        question=words(
            "失能、残疾、独居居民的签约服务都兑现了吗？",
            "Were disabled and solitary residents served as agreed?",
        ),
        rule=words(
            "残疾、失能或独居的签约居民中，本年到期项目全部完成的人数 ÷ 上述签约居民。",
            "Contracted disabled or solitary residents with every item due this year done ÷ all of them.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=F002,
        catalogue=("fd_special_fulfilment_rate",),
        reads=("contract", "contract_item"),
        numerator=without(_special().subquery(), _holes),
        listed=_special(),
        gap=Gap.PERSONS,
        reason=words("有到期未完成的签约服务项目", "an item of the contract is overdue"),
    ),
    Card(
        key="fd_paid_persons",
        system="S05",
        name=words("有偿签约人数", "Persons with a paid contract"),
        question=words("有多少人签了有偿服务包？", "How many persons have a paid contract?"),
        rule=words(
            "月末有效签约中收费大于零的常住居民人数。",
            "Residents with a contract in force whose fee is above zero.",
        ),
        unit=Unit.PERSONS,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F003,
        catalogue=("fd_paid_persons",),
        reads=_READS,
        numerator=within(_paid, resident),
    ),
    Card(
        key="fd_paid_households",
        system="S05",
        name=words("有偿签约户数", "Households with a paid contract"),
        question=words("有多少户签了有偿服务包？", "How many households have a paid contract?"),
        rule=words(
            "月末至少一名成员有收费签约的家庭数；每一级机构各自去重。",
            "Households with a member under a paid contract; counted anew at each level.",
        ),
        unit=Unit.HOUSEHOLDS,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F003,
        catalogue=("fd_paid_persons",),
        reads=_READS,
        numerator=households(within(_paid, resident).subquery()),
        each_level=True,
    ),
    Card(
        key="fd_paid_amount",
        system="S05",
        name=words("签约服务费", "Contract fees"),
        question=words("签约服务收了多少费用？", "How much was charged for contracts?"),
        rule=words(
            "本期签订的签约的服务费合计，按签约机构统计。",
            "Fees of contracts signed in the period, at the unit that signed.",
        ),
        unit=Unit.YUAN,
        direction=Direction.NONE,
        period=Period.FLOW,
        source=F003,
        catalogue=("fd_paid_persons", "fd_fee_sources"),
        reads=_READS,
        numerator=_fees(contract.c.fee),
    ),
    Card(
        key="fd_fee_insurance",
        system="S05",
        name=words("签约服务费：医保支付", "Contract fees paid by insurance"),
        question=words("签约服务费中医保支付多少？", "How much of the fees did insurance pay?"),
        rule=words(
            "本期签订的签约由医保支付的金额合计。", "What insurance paid of contracts signed in the period."
        ),
        unit=Unit.YUAN,
        direction=Direction.NONE,
        period=Period.FLOW,
        source=F000,
        catalogue=("fd_fee_sources",),
        reads=_READS,
        numerator=_fees(contract.c.fee_insurance),
    ),
    Card(
        key="fd_fee_fund",
        system="S05",
        name=words("签约服务费：公卫经费支付", "Contract fees paid by the public-health fund"),
        question=words(
            "签约服务费中公卫经费支付多少？", "How much of the fees did the public-health fund pay?"
        ),
        rule=words(
            "本期签订的签约由公共卫生经费支付的金额合计。",
            "What the public-health fund paid of contracts signed in the period.",
        ),
        unit=Unit.YUAN,
        direction=Direction.NONE,
        period=Period.FLOW,
        source=F000,
        catalogue=("fd_fee_sources",),
        reads=_READS,
        numerator=_fees(contract.c.fee_fund),
    ),
    Card(
        key="fd_package_count",
        system="S05",
        name=words("签约服务包种数", "Service packages in use"),
        question=words("实际在用的服务包有几种？", "How many kinds of service package are in use?"),
        rule=words(
            "月末有效签约所用的服务包种数；每一级机构各自去重。",
            "Kinds of package of the contracts in force; counted anew at each level.",
        ),
        unit=Unit.KINDS,
        direction=Direction.NONE,
        period=Period.AS_OF,
        source=f"{F002}；{F003}",
        catalogue=("fd_package_count",),
        reads=_READS,
        numerator=_packages,
        each_level=True,
    ),
    Card(
        key="fd_home_visits",
        system="S05",
        name=words("上门服务人次", "Home visits"),
        question=words("上门服务了多少次？", "How many home visits were made?"),
        rule=words(
            "本期服务方式为上门（家庭）的服务与随访次数，按服务机构统计。",
            "Services and follow-ups at home in the period, at the performing unit.",
        ),
        unit=Unit.VISITS,
        direction=Direction.HIGHER,
        period=Period.FLOW,
        source=F002,
        catalogue=("fd_home_visits",),
        reads=("service", "followup"),
        numerator=select(_home.c.person, _home.c.unit, _home.c.month, literal(1).label("n")),
    ),
    Card(
        key="fd_home_nursing",
        system="S05",
        name=words("上门护理人数", "Residents nursed at home"),
        question=words("今年给多少人做了上门护理？", "How many residents were nursed at home this year?"),
        rule=words(
            "本年截至月末接受过上门护理的居民人数，一人只计一次，按管理机构统计。",
            "Residents nursed at home this year, each once, at the managing unit.",
        ),
        unit=Unit.PERSONS,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=F002,
        catalogue=("fd_home_nursing",),
        reads=("service",),
        numerator=within(first_of_year(service, service.c.kind == "home_nursing").subquery(), resident_year),
    ),
    Card(
        key="fd_drug_delivery",
        system="S05",
        name=words("上门送药人数", "Residents with drugs delivered"),
        question=words("今年给多少人送药上门？", "To how many residents were drugs delivered this year?"),
        rule=words(
            "本年截至月末接受过送药上门的居民人数，一人只计一次，按管理机构统计。",
            "Residents to whom drugs were delivered this year, each once, at the managing unit.",
        ),
        unit=Unit.PERSONS,
        direction=Direction.HIGHER,
        period=Period.IN_YEAR,
        source=F002,
        catalogue=("fd_home_nursing",),
        reads=("service",),
        numerator=within(first_of_year(service, service.c.kind == "drug_delivery").subquery(), resident_year),
    ),
    Card(
        key="fd_team_leader",
        system="S05",
        name=words("团队长全科培训率", "Teams led by a trained general practitioner"),
        question=words(
            "每个团队都有经全科培训的团队长吗？",
            "Is every team led by someone trained as a general practitioner?",
        ),
        rule=words(
            "团队长接受过全科培训的团队 ÷ 全部家庭医生团队。",
            "Teams whose leader is trained as a general practitioner ÷ all family-doctor teams.",
        ),
        unit=Unit.PERCENT,
        direction=Direction.HIGHER,
        period=Period.AS_OF,
        source=F001,
        catalogue=("fd_team_leader",),
        reads=("team",),
        numerator=_teams.where(team.c.leader_gp.is_(True)),
        listed=_teams,
        gap=Gap.THINGS,
        reason=words(
            "团队长没有全科培训记录", "no training of its leader as a general practitioner is recorded"
        ),
        caveat=words(
            "团队名册只有现状，往月按现状显示。",
            "The list of teams has no history: earlier months show today's teams.",
        ),
    ),
]
