"""S32 一老一小与特色服务: points, teams, agreements and programmes beyond the basic packages."""

from __future__ import annotations

from sqlalchemy import ColumnElement, literal, or_, select

from metrics.card import Direction, Gap, Period, Unit
from metrics.cards.families import ALWAYS, IN_USE, names_standing
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002, F003
from metrics.facts import enrolled, resident
from metrics.sql import within
from metrics.tables import document, facility, team

_S = System("S32")
_UP, _INFO = Direction.HIGHER, Direction.NONE


def _enrolled_residents(key, name, ask, who, programme, source):
    """Residents who take part in a programme at the month's end."""
    spans = select(enrolled.c.person, enrolled.c.s, enrolled.c.e).where(enrolled.c.programme == programme)
    return _S.card(
        key,
        name,
        ask,
        (f"月末{who[0]}的常住居民人数。", f"Residents {who[1]} at the month's end."),
        unit=Unit.PERSONS,
        direction=_UP,
        period=Period.AS_OF,
        source=source,
        reads=("enrolment",),
        numerator=within(spans.subquery(), resident),
    )


def _agreements(key, name, ask, rule, kind, source, **more):
    """Agreements of a kind in force at the month's end."""
    return _S.stock(
        key,
        name,
        ask,
        rule,
        document,
        document.c.kind == kind,
        what=document.c.topic,
        unit=Unit.PIECES,
        direction=_UP,
        source=source,
        **more,
    )


def _has(role: str) -> ColumnElement:
    """Whether a team's list of roles has this one."""
    return (literal("、") + team.c.members + literal("、")).like(f"%、{role}、%")


_teams = select(team.c.row_id.label("thing"), team.c.unit, *ALWAYS, team.c.name.label("what")).where(
    team.c.members.is_not(None)
)

CARDS = [
    _enrolled_residents(
        "prog_points_residents",
        ("健康积分参与居民", "Residents who collect health points"),
        ("多少居民参加了健康积分？", "How many residents collect health points?"),
        ("参加健康积分", "who collect health points"),
        "points",
        F002,
    ),
    _S.card(
        "prog_service_model",
        ("“1+1+N”团队比例", "Teams of the form 1+1+N"),
        ("签约团队都是“1+1+N”吗？", "Does every team have its doctor, nurse and others?"),
        (
            "有全科医生、护士，且至少有一名专科医生或公卫人员的团队 ÷ 名册中写明成员的团队。",
            "Teams with a general practitioner, a nurse and a specialist or public-health worker over teams whose "
            "members are told.",
        ),
        unit=Unit.PERCENT,
        direction=_UP,
        period=Period.AS_OF,
        source=F002,
        reads=("team",),
        numerator=_teams.where(_has("gp"), _has("nurse"), or_(_has("specialist"), _has("public_health"))),
        listed=_teams,
        gap=Gap.THINGS,
        reason=("成员不齐", "a member is lacking"),
        caveat=(
            "团队名册只有现状，往月按现状显示。",
            "The list of teams has no history: earlier months show today's teams.",
        ),
    ),
    _S.card(
        "prog_elder_child_zones",
        ("一老一小服务专项数", "Programmes for elders and children"),
        ("有几个一老一小服务专项？", "How many programmes are there for elders and children?"),
        (
            "月末在开展的一老一小服务专项种类数；下属机构开展同一项的，上级只计一项。",
            "Programmes for elders and children at the month's end; one that two units run counts once above them.",
        ),
        unit=Unit.KINDS,
        direction=_INFO,
        period=Period.AS_OF,
        source=F002,
        reads=("facility",),
        numerator=names_standing(
            facility, facility.c.name, facility.c.kind == "elder_child_programme", IN_USE
        ),
        each_level=True,
    ),
    _agreements(
        "prog_medical_elderly",
        ("医养结合协议数", "Agreements with homes for the elderly"),
        ("签了几份医养结合协议？", "How many agreements are there with homes for the elderly?"),
        ("月末有效的医养结合协议数。", "Agreements with homes for the elderly in force at the month's end."),
        "medical_elderly_agreement",
        F000,
    ),
    _enrolled_residents(
        "prog_nursing_home",
        ("家庭病床在床人数", "Patients in home beds"),
        ("有多少人在家庭病床？", "How many patients are in home beds?"),
        ("建有家庭病床（居家护理）", "in a home bed or nursed at home"),
        "home_bed",
        f"{F000}；{F003}",
    ),
    _agreements(
        "prog_function_community",
        ("功能社区服务点数", "Offices and schools served"),
        ("服务了多少机关、学校、写字楼？", "How many offices and schools are served?"),
        (
            "月末服务协议有效的机关、学校、写字楼等功能社区数。",
            "Offices, schools and the like with an agreement in force at the month's end.",
        ),
        "function_site_agreement",
        F000,
    ),
]
